// Mutants that change nothing that a scenario could or should notice, each with the reason, found by reading the code.
// A sample counts them apart. If a scenario does notice one, its entry is wrong, and this is printed.

import { textOf } from './files';
import type { Mutant } from './operators';

/** The file, a text that occurs there exactly once and contains the changed place, what is there, its replacement, and why that does not matter. */
type Equal = readonly [file: string, within: string, was: string, by: string, reason: string];

const EQUAL: readonly Equal[] = [
  ['machine/state/footprint.ts', 'i < keys.length', 'i < keys.length', '<=', 'after the last key there is nothing, and no key equals that'],
  ['machine/state/store.ts', 'loc < this.values.length; loc++) {\n      const [value, initial]', 'loc < this.values.length', '<=', 'after the last cell both its value and its first value are undefined, so they are equal, and the cell is skipped'],
  ['machine/explorer/stateful/graph.ts', 's < states; s++) if (isTarget(s)) reaches', 's < states', '<=', 'what is written beyond the end of a Uint8Array is dropped'],
  ['machine/explorer/optimal/wakeup-tree.ts', 'first !== null && first.sibling === null && first.process === process && first.label === label', 'first !== null && first.sibling === null && first.process === process && first.label === label', '(first !== null && first.sibling === null && first.process === process && first.label === label) && false', 'a short cut for one branch: the loop below splits it off as well'],
  ['machine/explorer/alternating.ts', 'const TURN = 8_000', '8_000', '8001', 'the length of a turn decides which engine continues first; any of them is right'],
  ['machine/explorer/stateful/search.ts', 'const STRIDE = 4096', '4096', '4097', 'the number of moves between two looks at the clock'],
  ['machine/explorer/stateful/edges.ts', 'this.all.length * 2 > mask', 'this.all.length * 2', '+', 'the moment at which the table of kinds grows; with fewer free slots a kind is found in the same way'],
  ['machine/explorer/layered/search.ts', 'interruptsOf(this.frontier.cost) + 1', '1', '2', 'part of a hash: the product with an odd number still differs for each number of interrupts'],
  ['machine/explorer/reduced/symmetry.ts', 'mentions[i]!, keyA + Math.imul(i, 0x27d4eb2f)', 'keyA + Math.imul(i, 0x27d4eb2f)', '-', 'part of a hash: the differences are as distinct as the sums'],
  ['machine/situations/lazy/smp.ts', 'RECLAIMED = 0x0b000000', '0x0b000000', '184549375', 'another address under a page table that the loop does not use'],
  ['machine/situations/xen/recorded/world.ts', 'return this.base + RECORDER_SLOT * 0x200000', 'this.base + RECORDER_SLOT * 0x200000', '-', 'the slot is 0, so nothing is added or subtracted'],
  ['machine/state/hash.ts', 'return digestOfText(text, 0x7a3c5d91, 0x4f1bbcdd);', 'digestOfText(text, 0x7a3c5d91, 0x4f1bbcdd)', '0x4f1bbcdd0x7a3c5d91', 'the two lanes of a hash exchange their first numbers; both still differ from those of names and other values'],
  ['machine/state/hash.ts', 'Math.floor(value / 0x100000000) | 0', 'Math.floor(value / 0x100000000)', 'ceil', 'part of a hash: the upper half, or one more where the lower half is not 0; the two halves still tell all numbers apart'],
  ['machine/path.ts', 'case 1: return when(me as never, operands[0]);', '1', '0', 'the case for any number of operands does the same'],
  ['machine/hardware/tlb.ts', 'rest.length === 0 ? EMPTY', 'rest.length === 0', '(rest.length === 0) && false', 'an empty TLB is the same value whichever object it is'],
  ['machine/explorer/optimal/classes.ts', '(performed.get(process) ?? 0) + 1', '(performed.get(process) ?? 0) + 1', '-', 'the events of a process are numbered downwards: each still has a number of its own'],
  ['machine/explorer/optimal/dependence.ts', 'if (owner !== SEVERAL) owned.push([name, owner])', 'owned.push([name, owner])', 'unshift', 'the pairs are read one by one, each about a cell of its own'],
  ['machine/explorer/optimal/touch.ts', 'access >> 1 < OWN_BITS', '1', '0', 'where it is not exact, the lists of cells are compared, with the same result'],
  ['machine/explorer/oracle/sampling.ts', 'random: () => number, expected = 100', '100', '99', 'every caller says how long a run is likely to be'],
  ['machine/explorer/shared/crew.ts', 'if (this.isDone || this.stopped !== null || this.table.sleep()) return;\n    Atomics.wait', 'if (this.isDone || this.stopped !== null || this.table.sleep()) return;', ';', 'a member that has nothing to do sleeps five milliseconds longer, once'],
  ['machine/explorer/reduced/symmetry.ts', 'keyB + Math.imul(i, 0x165667b1)', 'keyB + Math.imul(i, 0x165667b1)', '-', 'part of a hash: the differences are as distinct as the sums'],
  ['machine/hypervisors/xen/domain.ts', 'this.cpu.context?.depth ?? 0', '0', '1', 'a processor either has code of its own all the time, or never'],
  ['machine/hypervisors/xen/domain.ts', 'this.continuations.length > 0 || !isBeginning', 'this.continuations.length > 0 || !isBeginning', '(this.continuations.length > 0 || !isBeginning) || true', 'an empty list is written over an empty list'],
  ['machine/hypervisors/xen/releases/advisories.ts', 'return { last: point > 0 ?', 'point > 0', '>=', 'each advisory of the list was closed in a point release of some branch, and the newest of these is taken'],
  ['machine/hypervisors/xen/frames/validation.ts', 'if (!good) break;\n    taken.push(entry)', 'taken.push(entry)', 'unshift', 'the references are given back in another order, all of them within one instruction'],
  ['machine/kernel/linux-2.6/mm/rmap.ts', '(yield* page_mapcount(page.page)) > 0) yield* page_mkclean_file', '(yield* page_mapcount(page.page)) > 0', '>=', 'in a page table that does not map the page, the walk finds nothing'],
  ['machine/situations/flush-tlb/share.ts', "user('editor', 0x08048000, 0xed170)", '0xed170', '971119', 'the contents of the page of the first task, which only have to differ from those of the second'],
  ['machine/situations/xen/interrupted.ts', "if (verb === 'ring') return { words, mfn: 0,", '0', '1', 'a ring at a port is about no frame'],
  ['machine/situations/xen/interrupted.ts', 'va: 0, port: 1 }', '0', '1', 'a ring at a port is about no address'],
  ['machine/explorer/stateful/cut.ts', 'if (waiting.length === 0) return [];', 'if (waiting.length === 0) return [];', ';', 'if nothing waits, the walk finds nothing; this only saves the walk'],
  ['machine/hypervisors/vmi/vcpu.ts', 'this.interruptShadow = false;\n    this.enter(vector, 0)', '0', '1', 'an interrupt from outside has no error code, and its handler looks at none'],
  ['machine/hypervisors/xen/frames/frames.ts', 'page.owner = null;\n  page.allocated = false;', 'page.allocated = false;', ';', 'the mark stands for one of the references, so it is cleared before the last one goes'],
  ['machine/cli/fuzz/judge/ledger.ts', 'this.touched.clear();\n    return true;', 'this.touched.clear();', ';', 'frames that were right are checked again, and are still right'],
  ['machine/situations/boot/machine.ts', 'DMI_TABLE & 0xff', '0xff', '256', 'the table lies at the beginning of a page: neither mask has a bit of its address'],
  ['machine/situations/check.ts', 'if (known !== undefined) return known;\n      const verdict = answers.about(names);', 'if (known !== undefined) return known;', ';', 'without it, the same answer is computed again'],
  ['machine/cli/main.ts', 'let code = 0;', '0', '1', 'every command sets its own exit code'],
  ['machine/cli/commands/hunks.ts', 'complete || holds || violated.length > 0', 'complete || holds', 'holds', 'a complete search holds or has found something'],
  ['machine/cli/neighbours/neighbour.ts', 'text.slice(lineStart + 1, start).trim()', '1', '0', 'one more line break, which is trimmed with the blanks'],
  ['machine/cli/neighbours/relatives.ts', 'if (node !== of.node && ts.isStatement(node) && ts.isBlock(node.parent)) return;', 'node !== of.node && ts.isStatement(node)', 'node !== of.node', 'everything in a block is a statement'],
  ['machine/cli/search/progress.ts', 'this.terminal.isTTY && this.shown >= 0', 'this.shown >= 0', '>', 'a process shows nothing at the moment when its clock starts'],
  ['machine/cli/search/workers.ts', "settle(null); }, 50)", '50', '49', 'the interval at which it checks whether it should stop'],
  ['machine/cli/commands/boots.ts', '(performance.now() - began) / 1000', '1000', '999', 'it changes only the seconds that are printed'],
  ['machine/context.ts', 'if (ones.length !== others.length) return false;', 'ones.length !== others.length', '(ones.length !== others.length) || true', 'a handler that is called again is compiled again: the same points, more slowly'],
  ['machine/explorer/layered/search.ts', 'this.levels.push({ state, mark, todo: todo.every((move) => move.kind === kind) ? todo : todo.filter((move) => move.kind === kind), next: 0 });\n      return true;', 'this.levels.push({ state, mark, todo: todo.every((move) => move.kind === kind) ? todo : todo.filter((move) => move.kind ', 'unshift', 'what is queued is taken up when there is no other level'],
  ['machine/explorer/oracle/schedules.ts', 'IN_PROGRESS: ScheduleCount = { all: -1n,', '-1n', '(1n)', 'the mark is recognised by its identity, and its numbers are not read'],
  ['machine/explorer/oracle/schedules.ts', 'failing: -1n };', '-1n', '(1n)', 'the mark is recognised by its identity, and its numbers are not read'],
  ['machine/explorer/shared/join.ts', 'const target = to < 0', 'to < 0', '<=', 'a move that leads to 0 was not taken, and is left out above'],
  ['machine/explorer/shared/join.ts', 'return to < 0 ? -1 : to - 1;', 'to < 0', '<=', 'a move that leads to 0 was not taken, and is left out above'],
  ['machine/explorer/reduced/symmetry.ts', 'loc < store.size; loc++) this.noteMention(loc)', 'loc < store.size', '<=', 'after the last cell there is nothing, which mentions no member'],
  ['machine/hypervisors/vmi/boot-tables.ts', 'if (directory === 0) return false;', 'directory === 0', '(directory === 0) && false', 'counted like a directory, an entry of another table maps an address below 3 GiB, and the top that the hypervisor keeps is far above that'],
  ['machine/explorer/stretch/wide-views.ts', 'while (this.moments > 0 && writes[this.moments - 1]! > kept) this.moments--', 'this.moments > 0 && writes[this.moments - 1]! > kept', '||', 'without any moment that is kept, the fingerprints are computed anew, with the same result'],
  ['machine/explorer/stretch/wide-views.ts', 'while (this.moments > 0 && writes[this.moments - 1]! > kept) this.moments--', 'this.moments > 0 && writes[this.moments - 1]! > kept', 'writes[this.moments - 1]! > kept', 'before the first moment there is no number, and nothing is greater'],
  ['machine/explorer/stretch/wide-views.ts', 'while (this.moments > 0 && writes[this.moments - 1]! > kept) this.moments--', 'this.moments > 0 && writes[this.moments - 1]! > kept', 'this.moments > 0', 'without any moment that is kept, the fingerprints are computed anew, with the same result'],
  ['machine/explorer/shared/table.ts', 'if (laneA !== 0 && laneB !== 0) {', 'laneB !== 0', '===', 'a slot that is taken is looked at in the way for those that are being taken, with the same result'],
  ['machine/hypervisors/xen/frames/local-descriptors.ts', 'if (ldt_frames.length === 0) return;', 'ldt_frames.length === 0', '(ldt_frames.length === 0) && false', 'an empty list is written over an empty list'],
  ['machine/hypervisors/xen/grants/iommu.ts', "has && page.type === 'writable' && !isTable(page.type) ? domain.name", "has && page.type === 'writable' && !isTable(page.type)", "has && page.type === 'writable'", 'a frame that is writable memory is no table'],
  ['machine/hypervisors/xen/public/calls.ts', 'const [va = 0,', '0', '1', 'every call of update_va_mapping gives its three arguments'],
  ['machine/hypervisors/xen/public/calls.ts', 'pte = 0,', '0', '1', 'every call of update_va_mapping gives its three arguments'],
  ['machine/hypervisors/xen/public/calls.ts', 'flags = 0]', '0', '1', 'every call of update_va_mapping gives its three arguments'],
  ['machine/explorer/stretch/recall.ts', 'held: run.held.slice(0, i), to: null', 'run.held.slice(0, i)', 'run.held', 'only as many of them are looked at as there are cells'],
  ['machine/cli/new/write.ts', 'of undo.reverse()', 'undo.reverse()', 'undo', 'each step undoes one file or one folder, and may find that it is gone already'],
  ['machine/cli/search/together.ts', 'const ALONE = 4096', '4096', '4095', 'how many moves are made before other threads are started; the answer does not depend on it'],
  ['machine/situations/switch-mm/scene.ts', 'const SECRET = 0x5ec7e7', '0x5ec7e7', '6211558', 'the contents of a page, which only have to differ from those of others'],
  ['machine/situations/xen/neighbours.ts', 'const VMALLOC_START = 0xd0000000', '0xd0000000', '3489660929', 'another address in the same page'],
  ['machine/situations/xen/recorded/world.ts', 'shi: 0xbdd', '0xbdd', '3038', 'the frame of something that is not memory of the domain, whichever it is'],
  ['machine/explorer/stretch/requirements.ts', 'if (notes.reads > WIDE &&', 'notes.reads > WIDE', '>=', 'the number of reads from which on an invariant has a memory of its own; its answers are the same'],
  ['machine/explorer/stretch/spot.ts', 'beside.set(moves, spot = this.spots.at(this.of.with(process, moves)))', 'beside.set(moves, spot = this.spots.at(this.of.with(process, moves)))', 'spot = this.spots.at(this.of.with(process, moves))moves', 'a point that is not kept here is looked up among all points, where it exists once'],
  ['machine/programs/flush-smp.ts', 'if (described === undefined) this.described.set(place', 'described === undefined', '(described === undefined) || true', 'the same is described again'],
  ['machine/explorer/alternating.ts', 'runners.length === 1 ? events : Math.min', 'runners.length === 1', '(runners.length === 1) && false', 'the last engine makes fewer moves at a time'],
  ['machine/explorer/stretch/requirements.ts', '(found ??= [...broken]).push({ violation, steps, order: i })', '(found ??= [...broken]).push({ violation, steps, order: i })', 'unshift', 'the list is sorted before it is returned, and no two of its elements are equal'],
  ['machine/state/store.ts', 'lines.push(`${this.names[loc]!}', "lines.push(`${this.names[loc]!}=${typeof value === 'number' ? value : word(value)}`)", 'unshift', 'the lines are sorted before they are returned, and no two are equal'],
  ['machine/state/store.ts', 'isEqual(digest, digestOf(initial))', 'isEqual(digest, digestOf(initial))', 'digestOf(initial)digest', 'which of two is compared with the other does not matter'],
  ['machine/state/store.ts', 'this.values[loc] !== old && exactText(this.values[loc]) !== exactText(old)', 'this.values[loc] !== old && exactText(this.values[loc]) !== exactText(old)', 'exactText(this.values[loc]) !== exactText(old)', 'a short cut: the same value has the same text'],
  ['machine/state/store.ts', 'this.watches++', 'this.watches++', 'this.watches--', 'the number of a watch only tells it from the others'],
  ['machine/kernel/boot/init-32.ts', 'if (head > 0) yield*', '0', '1', 'there is more than one page of memory'],
  ['machine/kernel/boot/init-32.ts', 'pfn < 2 ** 20; pfn++', 'pfn < 2 ** 20', '<=', 'the boot tables end far below 4 GiB, and the loop with them'],
  ['machine/cli/neighbours/neighbour.ts', "text.lastIndexOf('\\n', start - 1)", 'start - 1', '+', 'no statement has a line break among its first two characters'],
  ['machine/kernel/kernel.ts', 'const [a = 0, b', '0', '1', 'every release begins with a number'],
  ['machine/kernel/linux-2.6/sched/runqueue.ts', '(a.name < b.name ?', 'a.name < b.name', '<=', 'no two tasks have the same name'],
  ['machine/kernel/linux-2.6/sched/runqueue.ts', 'b.name ? -1 :', '1', '2', 'whichever negative number says that the one comes before the other'],
  ['machine/kernel/linux-2.6/sched/runqueue.ts', ': 1));', '1', '2', 'whichever number says that the one does not come before the other'],
  ['machine/kernel/linux-2.6/sched/runqueue.ts', ': 1));', '1', '0', 'whichever number says that the one does not come before the other'],
  ['machine/kernel/vmi/vmi.ts', "if (para_wrap(k, 'SetLinearMapping'))", "para_wrap(k, 'SetLinearMapping')", "(para_wrap(k, 'SetLinearMapping')) || true", 'every ROM of the model has this call'],
  ['machine/cli/fuzz/judge/tables.ts', 'mfns.push(Math.floor(entry / 4096))', '4096', '4095', 'the same number for each frame that the playground has, and for those that it does not have'],
  ['machine/cli/commands/neighbours.ts', 'Math.min(4, availableParallelism())', 'Math.min(4, availableParallelism())', 'max', 'the number of threads; the answers do not depend on it'],
  ['machine/cli/commands/neighbours.ts', 'Math.min(4, availableParallelism())', '4', '5', 'the number of threads; the answers do not depend on it'],
  ['machine/cli/commands/neighbours.ts', 'Math.min(4, availableParallelism())', '4', '3', 'the number of threads; the answers do not depend on it'],
  ['machine/cli/bench/row.ts', 'generator.next(1).done', '1', '2', 'what is passed in is added to a sum that nothing reads'],
  ['machine/cli/bench/row.ts', 'generator.next(1).done', '1', '0', 'what is passed in is added to a sum that nothing reads'],
  ['machine/explorer/stretch/wide-views.ts', 'this.metIn = new Int32Array(2 * store.size)', '2 * store.size', '+', 'how much room is made beyond what is needed'],
  ['machine/explorer/stretch/wide-views.ts', 'if (onlookers === 0 || old === value) return;', 'onlookers === 0 || old === value', 'onlookers === 0', 'where the value stays the same, its fingerprint changes by nothing'],
  ['machine/explorer/stateful/graph.ts', 'seen[0] = 1;', '1', '2', 'whatever is not 0 marks a state as seen'],
  ['machine/explorer/stretch/spot.ts', 'if (known !== undefined) return known;\n    const spot', 'if (known !== undefined) return known;', ';', 'a point that exists twice says twice the same'],
  ['machine/explorer/stretch/spot.ts', 'if (next === undefined) node.longer.set', 'next === undefined', '(next === undefined) || true', 'a list of moves that exists twice only makes points that exist twice'],
  ['machine/explorer/stretch/accesses.ts', 'if (this.readIn[cell] === this.turn || this.writtenIn[cell] === this.turn) return;', 'this.readIn[cell] === this.turn || this.writtenIn[cell] === this.turn', 'this.writtenIn[cell] === this.turn', 'a cell that is read twice is noted and compared twice, with the same value'],
  ['machine/explorer/verdict/replay.ts', 'step === 0 ? moves.find((candidate)', 'moves.find((candidate) => candidate.label === graph.wordAt(edge.label))', 'findLast', 'no two moves of one state have the same label'],
  ['machine/explorer/verdict/replay.ts', 'const move = moves.find((candidate) => candidate.label === label);', 'moves.find((candidate) => candidate.label === label)', 'findLast', 'no two moves of one state have the same label'],
  ['machine/explorer/reduced/symmetry-audit.ts', 'movesOf(system).find((move) => move.label === label)!.perform()', 'movesOf(system).find((move) => move.label === label)', 'findLast', 'no two moves of one state have the same label'],
  ['machine/explorer/shared/own-table.ts', 'this.size *= 4;', '4', '3', 'how much room is made; slots that no sequence reaches stay free'],
  ['machine/programs/flush-smp.ts', 'store.settle();', 'store.settle();', ';', 'the log begins earlier; no run goes back to before the beginning'],
  ['machine/programs/processor.ts', 'this.buffer.length === 1 ? EMPTY', '1', '0', 'an empty buffer is the same value whichever list it is'],
  ['machine/programs/faulty.ts', 'list.value = [...list.value, 1];', '[...list.value, 1]', '[1]', 'the run is refused in the same instruction, before the list is longer'],
  ['machine/explorer/optimal/dependence.ts', 'if (this.foretold.size === 0) return NOBODY;', 'if (this.foretold.size === 0) return NOBODY;', ';', 'where nothing was foretold, looking for it finds nothing'],
  ['machine/explorer/oracle/classes.ts', 'if (known.size > limit) return;', 'if (known.size > limit) return;', ';', 'the answer is null all the same, and only takes longer'],
  ['machine/explorer/alternating.ts', 'height === 0 ? Infinity', 'height === 0', '(height === 0) && false', 'what was spent, divided by 0, is infinite as well'],
  ['machine/explorer/alternating.ts', 'Math.max(1, Math.ceil(', '1', '0', 'a turn that has not ended has a cost left, and what is left is rounded up'],
  ['machine/programs/flush-tlb.ts', 'index = 0;', '0', '1', 'each task gets its number when all are made'],
  ['machine/state/footprint.ts', 'return this.lastKey === 2 * cell ? this.last', 'this.lastKey === 2 * cell', '(this.lastKey === 2 * cell) && false', 'a short cut for a footprint that follows as it did the last time: it is found in the list as well'],
  ['machine/state/footprint.ts', 'return this.lastKey === 2 * cell + 1 ? this.last', 'this.lastKey === 2 * cell + 1', '(this.lastKey === 2 * cell + 1) && false', 'a short cut for a footprint that follows as it did the last time: it is found in the list as well'],
  ['machine/state/tracked.ts', '.sort((a, b) => (a < b ? -1 : 1))', 'a < b', '<=', 'no two keys are equal'],
  ['machine/explorer/stretch/accesses.ts', 'const difference = store.difference(cell, old, value);', 'store.difference(cell, old, value)', 'valueold', 'the fingerprint changes by the same in both directions'],
  ['machine/explorer/stretch/wide-views.ts', 'this.change(cell, store.initialOf(cell), store.peek(cell))', 'this.change(cell, store.initialOf(cell), store.peek(cell))', 'store.peek(cell)store.initialOf(cell)', 'the fingerprint changes by the same in both directions'],
  ['machine/explorer/stretch/wide-views.ts', 'this.change(cell, old, store.peek(cell))', 'this.change(cell, old, store.peek(cell))', 'store.peek(cell)old', 'the fingerprint changes by the same in both directions'],
  ['machine/explorer/stretch/wide-views.ts', 'const { a, b } = store.difference(cell, old, value);', 'store.difference(cell, old, value)', 'valueold', 'the fingerprint changes by the same in both directions'],
  ['machine/explorer/thread.ts', 'this.alternatives[i]?.label === `${this.name}=${choice}` ? this', 'this.alternatives[i]?.label === `${this.name}=${choice}`', '(this.alternatives[i]?.label === `${this.name}=${choice}`) && false', 'a move that is made anew does the same; only what is remembered of it is lost'],
  ['machine/explorer/reduced/unnoticed.ts', 'this.all.push(place);', 'this.all.push(place)', 'unshift', 'what each place relies on is forgotten, in any order'],
  ['machine/explorer/reduced/vantage.ts', 'position?.() ?? 0', '0', '1', 'whichever number all places of a process have that cannot tell them apart'],
  ['machine/explorer/stateful/edges.ts', 'const INITIAL = 64;', '64', '65', 'how much room is made at first'],
  ['machine/explorer/stateful/edges.ts', 'const INITIAL = 64;', '64', '63', 'how much room is made at first'],
  ['machine/explorer/layered/smallest.ts', 'if (wanted.has(key) && !found.has(key)) byKey', 'wanted.has(key) && !found.has(key)', 'wanted.has(key)', 'a run that was found is found again: later layers cost more'],
  ['machine/explorer/stateful/places.ts', 'if (word === undefined) {', 'word === undefined', '(word === undefined) || true', 'the same text has the same word again'],
  ['machine/explorer/shared/join.ts', 'sum + moves.length / 2, 0', 'moves.length / 2', '*', 'how much room is made at first'],
  ['machine/explorer/shared/join.ts', 'if (numbers[violation]! >= 0) return', 'numbers[violation]! >= 0', '(numbers[violation]! >= 0) && false', 'the same number is found again by the text'],
  ['machine/explorer/stateful/graph.ts', 'state = work.pop()) {\n      if (isTarget(state)) return true;', 'work.pop()', 'shift', 'the order in which states are looked at decides nothing'],
  ['machine/explorer/stateful/graph.ts', 'seen[0] = 1;\n    for (let state = work.pop()', 'work.pop()', 'shift', 'there is one state'],
  ['machine/explorer/alternating.ts', 'magnitudeOf(engine) <= least + DOUBTLESS', 'magnitudeOf(engine) <= least + DOUBTLESS', '<', 'two estimates that are exactly ten times apart: either of the engines may continue'],
  ['machine/explorer/stretch/notes.ts', 'if (this.who !== 0) {', 'this.who !== 0', '(this.who !== 0) || true', 'an event has no bit, and how much it reads is not asked'],
  ['machine/explorer/stateful/edges.ts', 'this.all.length * 2 > mask', '2', '3', 'the moment at which the table of kinds grows; with more free slots a kind is found in the same way'],
  ['machine/explorer/layered/smallest.ts', 'const PATIENCE = 20_000', '20_000', '20001', 'the number of states from which on the first deadlock is good enough'],
  ['machine/explorer/layered/smallest.ts', 'const PATIENCE = 20_000', '20_000', '19999', 'the number of states from which on the first deadlock is good enough'],
  ['machine/explorer/stateful/forced.ts', 'const LIMIT = 200_000', '200_000', '200001', 'the number of steps that are taken for a loop'],
  ['machine/explorer/stateful/forced.ts', 'const LIMIT = 200_000', '200_000', '199999', 'the number of steps that are taken for a loop'],
  ['machine/cli/fuzz/judge/reach.ts', 'Math.floor(pa / 4096)', '4096', '4095', 'the same number for each frame that the playground has'],
  ['machine/cli/neighbours/lanes.ts', 'rows.find((one) => one.file === file', 'rows.find((one) => one.file === file && one.line === statement.line && one.statement === statement.text)', 'findLast', 'there is one row for each statement'],
  ['machine/cli/bench/row.ts', 'const MOST = 2000;', '2000', '2001', 'how long a run is that does not end; as many events are performed'],
  ['machine/cli/bench/row.ts', 'const MOST = 2000;', '2000', '1999', 'how long a run is that does not end; as many events are performed'],
  ['machine/kernel/kernel.ts', 'candidate === undefined ? 1000', '1000', '999', 'a number above that of every release candidate'],
  ['machine/kernel/xen/p2m.ts', 'p2m.get(pfn) === mfn ? pfn : -1', '-1', '(1)', 'the one caller asks whether it is page 7'],
  ['machine/kernel/boot/dmi-scan.ts', 'if (area === 0) return;', '0', '1', 'early in a boot address 0 is mapped, and the first 64 KiB of memory say nothing about the machine'],
  ['machine/kernel/boot/entries.ts', 'Math.floor(value / 2 ** 32)', 'value / 2 ** 32', '*', 'a boot maps nothing above 4 GiB: the upper half is 0 either way'],
  ['machine/kernel/boot/init-32.ts', 'k, high_memory > VMALLOC_START', 'high_memory > VMALLOC_START', '>=', 'VMALLOC_START is above high_memory by VMALLOC_OFFSET, rounded down to less than that'],
  ['machine/kernel/boot/init-32.ts', 'if (end <= start) return;', 'end <= start', '<', 'an empty range maps nothing'],
  ['machine/hypervisors/vmi/boot-tables.ts', 'i < PAGE / entrySize; i++', 'PAGE / entrySize', '*', 'the page behind a directory is the next directory, which is adopted as well, or empty'],
  ['machine/situations/boot/prediction.ts', '(this.fixmap.total - 1) * 4096', '1', '0', 'the page below the fixmap has the same page table'],
  ['machine/situations/litmus.ts', '0x1000 + 64 * i', '0x1000 + 64 * i', '-', 'where the locations lie, each in a cache line of its own'],
  ['machine/situations/litmus.ts', '0x1000 + 64 * i', '64', '63', 'where the locations lie, far enough apart'],
];

/** The place of the text of an entry, or an error that says that it no longer fits. */
function rangeOf([file, within]: Equal): { readonly start: number; readonly end: number } {
  const text = textOf(file);
  const start = text.indexOf(within);
  if (start < 0 || text.includes(within, start + 1)) throw new Error(`the list of equal mutants no longer fits ${file}: "${within}" stands there ${start < 0 ? 'nowhere' : 'more than once'}`);
  return { start, end: start + within.length };
}

function fits(entry: Equal, { file, edits, was }: Mutant): boolean {
  if (file !== entry[0] || was !== entry[2] || edits.map(({ text }) => text).join('') !== entry[3]) return false;
  const { start, end } = rangeOf(entry);
  return edits.every((edit) => edit.start >= start && edit.end <= end);
}

/** Why a mutant changes nothing that matters; null if the list has no entry. */
export function reasonWhyEqual(mutant: Mutant): string | null {
  return EQUAL.find((entry) => fits(entry, mutant))?.[4] ?? null;
}

/** The entries that do not mean exactly one of these mutants, in words. */
export function misfits(mutantsIn: (file: string) => readonly Mutant[]): string[] {
  return EQUAL.flatMap((entry) => {
    const count = mutantsIn(entry[0]).filter((mutant) => fits(entry, mutant)).length;
    return count === 1 ? [] : [`${entry[0]}: ${entry[2]} -> ${entry[3]}: ${count} mutants`];
  });
}
