// The classes of litmus programs under TSO, counted a third time, without any part of the machine: two events
// depend on each other if they are of one processor, or if both touch a word of memory and one of them changes it.
// A class is identified by its Foata normal form (Cartier and Foata, LNM 85, 1969), not by a happens-before relation. Classes
// that differ only in when a store drains have the same graph: which store each load read, and the order of the stores
// of each word. That is what checkers of programs under TSO count.

import { litmusThreads } from '../../machine/programs/litmus';

interface Event {
  readonly thread: number;
  /** What it does, and how many events its thread has had before: no other event of a run has that name. */
  readonly name: string;
  readonly word: string | null;
  readonly changes: boolean;
  /** The length of the longest chain of dependent events that ends with it. */
  readonly level: number;
}

interface Thread {
  /** What it still has to do, in the words of the litmus programs; the last action is to report. */
  readonly left: readonly string[];
  readonly buffer: readonly Store[];
}

/** `x=` or `x!`, of a thread that has this much left to do. */
interface Store {
  readonly item: string;
  readonly thread: number;
  readonly left: number;
}

interface Beginning {
  readonly events: readonly Event[];
  readonly threads: readonly Thread[];
  /** The stores that have drained, in their order. */
  readonly drained: readonly Store[];
  /** The store that each load read. */
  readonly reads: readonly string[];
}

/** The results of all complete runs of a litmus program under TSO. */
export interface Traces {
  readonly classes: number;
  readonly graphs: number;
}

/** Counts the classes of complete runs of a litmus program under TSO, and their graphs. */
export function tracesOf(litmus: string): Traces {
  const graphs = new Set<string>();
  const start: Beginning = { events: [], drained: [], reads: [], threads: litmusThreads(litmus).map((script) => ({ left: [...script.split(' '), 'report'], buffer: [] })) };
  const known = new Set<string>();
  let complete = 0;
  const open = [start];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const next = extensionsOf(one);
    if (next.length === 0) {
      complete++;
      graphs.add(graphOf(one));
    }
    for (const longer of next) {
      const form = normalForm(longer.events);
      if (known.has(form)) continue;
      known.add(form);
      open.push(longer);
    }
  }
  return { classes: complete, graphs: graphs.size };
}

const nameOf = (store: Store | undefined): string => (store === undefined ? 'nothing' : `${store.item} ${store.thread} ${store.left}`);

function graphOf({ drained, reads }: Beginning): string {
  const byWord = drained.map((store) => `${store.item[0]!}: ${nameOf(store)}`);
  byWord.sort((one, other) => (one[0]! < other[0]! ? -1 : one[0]! > other[0]! ? 1 : 0)); // stable: the stores of one word keep their order
  return [...byWord, ...[...reads].sort()].join('; ');
}

function normalForm(events: readonly Event[]): string {
  return events.map(({ level, thread, name }) => `${String(level).padStart(3, '0')} ${thread} ${name}`).sort().join('; ');
}

function extensionsOf(beginning: Beginning): Beginning[] {
  return beginning.threads.flatMap((thread, t) => [...stepOf(beginning, thread, t), ...drainOf(beginning, thread, t)]);
}

function drainOf(beginning: Beginning, { left, buffer: [store, ...later] }: Thread, t: number): Beginning[] {
  if (store === undefined) return [];
  const { item } = store;
  return [{ ...extended(beginning, t, `drain ${item}`, item[0]!, true, { left, buffer: later }), drained: [...beginning.drained, store] }];
}

function stepOf(beginning: Beginning, { left: [item, ...later], buffer }: Thread, t: number): Beginning[] {
  if (item === undefined) return [];
  if (item === 'report') return [extended(beginning, t, item, null, false, { left: later, buffer })];
  if (item === '|') return buffer.length > 0 ? [] : [extended(beginning, t, item, null, false, { left: later, buffer })];
  const word = item[0]!;
  if (/[=!]$/.test(item)) return [extended(beginning, t, item, null, false, { left: later, buffer: [...buffer, { item, thread: t, left: later.length }] })];
  // A load sees its own processor's youngest store to the word, if there is one, otherwise memory.
  const isOf = (store: Store): boolean => store.item.startsWith(word);
  const own = buffer.findLast(isOf);
  const read = own ?? beginning.drained.findLast(isOf);
  const [, also] = item.split('?');
  const longer = extended(beginning, t, item, own === undefined ? word : null, false, { left: also !== undefined && read?.item.endsWith('=') !== true ? [also, ...later] : later, buffer });
  return [{ ...longer, reads: [...beginning.reads, `${t} ${later.length} ${item} reads ${nameOf(read)}`] }];
}

function extended({ events, threads, drained, reads }: Beginning, t: number, what: string, word: string | null, changes: boolean, after: Thread): Beginning {
  const before = events.filter((event) => event.thread === t || (word !== null && event.word === word && (event.changes || changes)));
  const level = 1 + before.reduce((most, event) => Math.max(most, event.level), 0);
  const name = `${events.filter(({ thread }) => thread === t).length} ${what}`;
  return { events: [...events, { thread: t, name, word, changes, level }], threads: threads.with(t, after), drained, reads };
}
