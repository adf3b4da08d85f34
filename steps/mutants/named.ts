// Faults of the machine that once went unnoticed when they were put in by hand, or are similar: each removes
// an effect. `npm run mutants -- named` tries them; the suite must notice every one.

import { textOf } from './files';
import type { Mutant } from './operators';

/** The fault, the file, a text that occurs there exactly once, and its replacement. */
type Fault = readonly [name: string, file: string, was: string, becomes: string];

const FAULTS: readonly Fault[] = [
  ['the TLB is kept by INIT', 'machine/hardware/start-up.ts', '  cpu.tlb.dropAll();\n', ''],
  ['upper translations are kept when everything is dropped', 'machine/hardware/tlb.ts', '    this.cell.value = EMPTY;\n    this.structures?.dropAll();', '    this.cell.value = EMPTY;'],
  ['an upper translation is kept after a fault', 'machine/hardware/tlb.ts', '    this.drop((entry) => entry.covers(la) && entry.isFor(pcid));\n    this.structures?.drop(la, pcid);', '    this.drop((entry) => entry.covers(la) && entry.isFor(pcid));'],
  ['MOV from CR0 returns 0', 'machine/hardware/system-instructions.ts', 'outsideRing0(cpu) ?? cpu.cr0);', 'outsideRing0(cpu) ?? 0);'],
  ['SMSW shows all of CR0', 'machine/hardware/system-instructions.ts', 'cpu.cr0 & 0xffff', 'cpu.cr0'],
  ['CR4.PAE changes without a flush', 'machine/hardware/mmu.ts', '(changed & (CR4.PGE | CR4.PAE | CR4.PSE)) !== 0', '(changed & (CR4.PGE | CR4.PSE)) !== 0'],
  ['__flush_tlb_single() has no invlpg', 'machine/kernel/linux-2.6/tlbflush.ts', '  yield* invlpg(address);\n', ''],
  ['exec leaves active_mm as it was', 'machine/kernel/linux-2.6/mm/exec.ts', '  yield* setActiveMm(tsk, mm);\n', ''],
  ['a kernel thread that execs keeps what it borrowed', 'machine/kernel/linux-2.6/mm/exec.ts', '  else yield* mmdrop(k, active_mm);\n', ''],
  ['move_ptes() of Xen moves nothing', 'machine/kernel/linux-2.6/mm/memory.ts', '    yield* xen_set_pte_at(k, mm, { table: newTable, address: to }, pte);\n', ''],
  ['move_ptes() of Xen moves an entry to its old place', 'machine/kernel/linux-2.6/mm/memory.ts', '{ table: newTable, address: to }, pte)', '{ table: oldTable, address: from }, pte)'],
  ['move_ptes() of the lazy regions moves nothing', 'machine/kernel/linux-2.6/lazy-regions.ts', '  yield* k.paravirt_ops.set_pte_at(k, mm, to, ptep, pte);\n', ''],
  ['an idle task never schedules', 'machine/kernel/linux-2.6/sched/sched.ts', '  if (busy) yield* schedule(k);\n  else yield* halt();', '  void busy;\n  yield* halt();'],
  ['no reschedule happens when page faults are enabled again', 'machine/kernel/linux-2.6/mm/highmem.ts', '  yield* sub_preempt_count(k, PREEMPT_OFFSET);\n  yield* preempt_check_resched(k);', '  yield* sub_preempt_count(k, PREEMPT_OFFSET);'],
  ['exit leaves its last entry', 'machine/kernel/linux-2.6/mm/memory.ts', 'for (const address of yield* usedEntries(k, table, first)) {', 'for (const address of (yield* usedEntries(k, table, first)).slice(0, -1)) {'],
  ['an exiting task is not lazy', 'machine/kernel/linux-2.6/mm/exit-mmap.ts', '  yield* becomeLazy(k);\n', ''],
  ['a lazy CPU flushes when it should leave, and the other way round', 'machine/kernel/linux-2.6/tlb-shootdown.ts', "  return task.mm === null ? 'lazy' : 'owner';", "  return task.mm === null ? 'owner' : 'lazy';"],
  ['on Xen, a lazy CPU flushes when it should leave, and the other way round', 'machine/kernel/xen/tlb.ts', "own === null ? 'lazily' : 'as a user'", "own === null ? 'as a user' : 'lazily'"],
  ['a flush of everything leaves lazy CPUs on what they borrowed', 'machine/kernel/xen/tlb.ts', "  if ((yield* tlbstate(k)).state === 'TLBSTATE_LAZY') yield* leave_mm(k);\n", ''],
  ['the first handler of an interrupt does not return', 'machine/programs/processor.ts', '      yield* handlers[source]!();\n      yield* iret();', '      yield* handlers[source]!();'],
  ['after_init_bootmem is never set', 'machine/kernel/boot/init-32.ts', "  yield* set(k, 'after_init_bootmem', true);\n", ''],
  ['a boot begins after bootmem', 'machine/kernel/boot/boot-kernel.ts', 'after_init_bootmem: false', 'after_init_bootmem: true'],
  ['an engine that gives up does not pass its turn on', 'machine/explorer/alternating.ts', "    this.choose();\n    return 'under way';", "    return 'under way';"],
  ['the first read of cell 0 is lost', 'machine/state/footprint.ts', 'return this.lastKey === 2 * cell ? this.last', 'return this.lastKey === 2 * cell || (cell === 0 && this.lastKey === -1) ? this.last'],
  ['a part is explored for one slice only', 'machine/explorer/parts/partition.ts', "  while (engine.advance(4096) === 'under way') if (watch?.(engine.progress) === 'stop') break;\n", '  engine.advance(4096);\n'],
];

/** All of them, or an error that says which no longer fits the source. */
export function namedMutants(): Mutant[] {
  return FAULTS.map(([name, file, was, becomes]) => {
    const text = textOf(file);
    const start = text.indexOf(was);
    if (start < 0 || text.includes(was, start + 1)) throw new Error(`"${name}" no longer fits ${file}: "${was}" stands there ${start < 0 ? 'nowhere' : 'more than once'}`);
    return { id: name, file, edits: [{ start, end: start + was.length, text: becomes }], line: text.slice(0, start).split('\n').length, was, becomes };
  });
}
