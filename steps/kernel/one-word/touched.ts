// A C statement that another party can see half done is not one instruction. So of everything that an instruction of a modelled kernel
// touches, at most one word may be stored to, or read, by another processor: two words would be read, or changed, at
// different moments. Random runs tell which words those are; `allowed.ts` says where more than one does no harm, and why.

import { randomFrom } from '../../../machine/explorer/oracle/sampling';
import { isAtRest, movesOf, type System } from '../../../machine/explorer/system';
import { ASIDE } from './allowed';

/** An instruction that touches several words which others use. */
export interface Several {
  /** The path that it belongs to, and how it reads in a trace. Numbers are left out of both. */
  readonly instruction: string;
  /** What it does at once to words that others use: `reads` several that they store to, `stores` several that they read, or one of each. */
  readonly does: 'reads' | 'stores' | 'reads and stores';
  readonly words: readonly string[];
}

interface Event {
  readonly instruction: string;
  readonly by: number;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

const LONGEST = 600;

const withoutNumbers = (text: string): string => text.replace(/0x[0-9a-f]+|\d+/g, '#');

/** The events of `runs` random runs, and for each word the processors (as bits) that store to it and that read it. */
function drawn(system: System, runs: number): { readonly events: readonly Event[]; readonly storers: ReadonlyMap<number, number>; readonly readers: ReadonlyMap<number, number> } {
  const { store, processes } = system;
  const random = randomFrom(1);
  const beginning = store.mark();
  const events = new Map<string, Event>();
  const storers = new Map<number, number>();
  const readers = new Map<number, number>();
  const note = (users: Map<number, number>, words: readonly number[], by: number): void => {
    for (const word of words) users.set(word, (users.get(word) ?? 0) | (1 << by));
  };
  for (let run = 0; run < runs; run++) {
    for (let length = 0; length < LONGEST; length++) {
      const moves = movesOf(system);
      if (moves.length === 0 || isAtRest(system, moves)) break;
      const move = moves[Math.floor(random() * moves.length)]!;
      const by = processes.indexOf(move.process);
      const { paths, text } = move.process.describe();
      store.record(by);
      move.perform();
      const { reads, writes } = store.takeFootprint();
      note(storers, writes, by);
      note(readers, reads, by);
      if (move.kind !== 'step') continue; // what comes from outside is not a statement of the kernel
      const instruction = withoutNumbers(`${paths.at(-1) ?? ''}: ${text}`);
      events.set([by, instruction, reads, '', writes].join(), { instruction, by, reads, writes });
    }
    store.undo(beginning);
  }
  return { events: [...events.values()], storers, readers };
}

/** The instructions of `system` that touch several words which other processors use. The system is left as it was. */
export function severalAtOnce(system: System, runs: number): Several[] {
  const { events, storers, readers } = drawn(system, runs);
  const { store } = system;
  const found = new Map<string, { readonly several: Omit<Several, 'words'>; readonly words: Set<string> }>();
  const isWord = (loc: number): boolean => !store.isGhost(loc) && !ASIDE.some(({ cells }) => cells.test(store.nameOf(loc)));
  for (const { instruction, by, reads, writes } of events) {
    const others = (users: ReadonlyMap<number, number>, loc: number): boolean => ((users.get(loc) ?? 0) & ~(1 << by)) !== 0;
    const read = reads.filter((loc) => isWord(loc) && others(storers, loc));
    const stored = writes.filter((loc) => isWord(loc) && others(readers, loc));
    const both = [...new Set([...read, ...stored])];
    if (both.length < 2) continue;
    const does = read.length === 0 ? 'stores' : stored.length === 0 ? 'reads' : 'reads and stores';
    const key = `${instruction} ${does}`;
    const entry = found.get(key) ?? { several: { instruction, does }, words: new Set<string>() };
    for (const loc of both) entry.words.add(withoutNumbers(store.nameOf(loc)));
    found.set(key, entry);
  }
  return [...found.values()].map(({ several, words }) => ({ ...several, words: [...words].sort() }));
}
