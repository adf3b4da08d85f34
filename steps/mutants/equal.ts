// Mutants that change nothing which a scenario could or should notice, each with the reason, found by reading the code.
// A sample counts them apart. One that a scenario does notice contradicts its entry, and is printed.

import { textOf } from './files';
import type { Mutant } from './operators';

/** The file, text that stands there exactly once and has the changed place in it, what is there, what is put in its place, and why it does not matter. */
type Equal = readonly [file: string, within: string, was: string, by: string, reason: string];

const EQUAL: readonly Equal[] = [
  ['machine/state/footprint.ts', 'i < keys.length', 'i < keys.length', '<=', 'behind the last key there is nothing, and no key equals that'],
  ['machine/state/store.ts', 'loc < this.values.length; loc++) {\n      const [value, initial]', 'loc < this.values.length', '<=', 'behind the last cell both its value and its first value are undefined, so they are equal, and the cell is passed over'],
  ['machine/explorer/stateful/graph.ts', 's < states; s++) if (isTarget(s)) reaches', 's < states', '<=', 'what is written behind the end of a Uint8Array is dropped'],
  ['machine/explorer/stateful/graph.ts', 'if (edgesInside === 0) return false;', 'edgesInside === 0', '(edgesInside === 0) && false', 'where no edge is inside, every process is ready and none has moved, and the answer below is the same'],
  ['machine/explorer/optimal/wakeup-tree.ts', 'first !== null && first.sibling === null && first.process === process && first.label === label', 'first !== null && first.sibling === null && first.process === process && first.label === label', '(first !== null && first.sibling === null && first.process === process && first.label === label) && false', 'a short cut for one branch: the loop below splits it off as well'],
  ['machine/explorer/alternating.ts', 'stateful: 3, optimal: 1', '3', '4', 'how an event is weighed decides which engine goes on first; each of them is right'],
  ['machine/explorer/stateful/search.ts', 'const STRIDE = 4096', '4096', '4097', 'how many moves there are between two looks at the watch'],
  ['machine/explorer/stateful/edges.ts', 'this.all.length * 2 > mask', 'this.all.length * 2', '+', 'when the table of kinds grows; with fewer free slots a kind is found in the same way'],
  ['machine/explorer/layered/search.ts', 'interruptsOf(this.frontier.cost) + 1', '1', '2', 'part of a hash: the product with an odd number still differs for each number of interrupts'],
  ['machine/explorer/reduced/symmetry.ts', 'mentions[i]!, keyA + Math.imul(i, 0x27d4eb2f)', 'keyA + Math.imul(i, 0x27d4eb2f)', '-', 'part of a hash: the differences are as distinct as the sums'],
  ['machine/situations/lazy/smp.ts', 'RECLAIMED = 0x0b000000', '0x0b000000', '184549375', 'another address under a page table that the loop does not use'],
  ['machine/situations/xen/recorded/world.ts', 'return this.base + RECORDER_SLOT * 0x200000', 'this.base + RECORDER_SLOT * 0x200000', '-', 'the slot is 0, so nothing is added or taken away'],
  ['machine/cli/commands/boots.ts', '(performance.now() - began) / 1000', '1000', '999', 'only the seconds that are printed'],
];

/** Where an entry's text stands, or an error that says that it no longer fits. */
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

/** Why a mutant changes nothing that matters; null where the list has no entry. */
export function reasonWhyEqual(mutant: Mutant): string | null {
  return EQUAL.find((entry) => fits(entry, mutant))?.[4] ?? null;
}

/** The entries for which not exactly one of these mutants is meant, in words. */
export function misfits(mutantsIn: (file: string) => readonly Mutant[]): string[] {
  return EQUAL.flatMap((entry) => {
    const count = mutantsIn(entry[0]).filter((mutant) => fits(entry, mutant)).length;
    return count === 1 ? [] : [`${entry[0]}: ${entry[2]} -> ${entry[3]}: ${count} mutants`];
  });
}
