// The classes of litmus programs under TSO, counted a third time, with nothing of the machine in it: two events
// depend on each other if they are of one processor, or if both touch a word of memory and one of them changes it.
// A class is known by its Foata normal form (Cartier and Foata, LNM 85, 1969), not by what happens before what.

import { litmusThreads } from '../../machine/programs/litmus';

interface Event {
  readonly thread: number;
  /** What it does, and how often its thread has done something before: no other event of a run has that name. */
  readonly name: string;
  readonly word: string | null;
  readonly changes: boolean;
  /** How many events, one depending on the next, end with it. */
  readonly level: number;
}

interface Thread {
  /** What it has still to do, in the words of the litmus programs; the last is to report. */
  readonly left: readonly string[];
  readonly buffer: readonly string[];
}

interface Beginning {
  readonly events: readonly Event[];
  readonly threads: readonly Thread[];
  readonly set: readonly string[];
}

/** How many classes of complete runs a litmus program has under TSO. */
export function tracesOf(litmus: string): number {
  const start: Beginning = { events: [], set: [], threads: litmusThreads(litmus).map((script) => ({ left: [...script.split(' '), 'report'], buffer: [] })) };
  const known = new Set<string>();
  let complete = 0;
  const open = [start];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const next = extensionsOf(one);
    if (next.length === 0) complete++;
    for (const longer of next) {
      const form = normalForm(longer.events);
      if (known.has(form)) continue;
      known.add(form);
      open.push(longer);
    }
  }
  return complete;
}

function normalForm(events: readonly Event[]): string {
  return events.map(({ level, thread, name }) => `${String(level).padStart(3, '0')} ${thread} ${name}`).sort().join('; ');
}

function extensionsOf(beginning: Beginning): Beginning[] {
  return beginning.threads.flatMap((thread, t) => [...stepOf(beginning, thread, t), ...drainOf(beginning, thread, t)]);
}

function drainOf(beginning: Beginning, { left, buffer: [store, ...later] }: Thread, t: number): Beginning[] {
  if (store === undefined) return [];
  const word = store[0]!;
  const others = beginning.set.filter((one) => one !== word);
  return [extended(beginning, t, `drain ${store}`, word, true, { left, buffer: later }, store.endsWith('!') ? others : [...others, word])];
}

function stepOf(beginning: Beginning, { left: [item, ...later], buffer }: Thread, t: number): Beginning[] {
  if (item === undefined) return [];
  if (item === 'report') return [extended(beginning, t, item, null, false, { left: later, buffer })];
  if (item === '|') return buffer.length > 0 ? [] : [extended(beginning, t, item, null, false, { left: later, buffer })];
  const word = item[0]!;
  if (/[=!]$/.test(item)) return [extended(beginning, t, item, null, false, { left: later, buffer: [...buffer, item] })];
  // A load sees its own youngest store to the word, or else what is in memory.
  const own = buffer.findLast((store) => store.startsWith(word));
  const isSet = own === undefined ? beginning.set.includes(word) : own.endsWith('=');
  const [, also] = item.split('?');
  return [extended(beginning, t, item, own === undefined ? word : null, false, { left: also !== undefined && !isSet ? [also, ...later] : later, buffer })];
}

function extended({ events, threads, set }: Beginning, t: number, what: string, word: string | null, changes: boolean, after: Thread, setAfter = set): Beginning {
  const before = events.filter((event) => event.thread === t || (word !== null && event.word === word && (event.changes || changes)));
  const level = 1 + before.reduce((most, event) => Math.max(most, event.level), 0);
  const name = `${events.filter(({ thread }) => thread === t).length} ${what}`;
  return { events: [...events, { thread: t, name, word, changes, level }], threads: threads.with(t, after), set: setAfter };
}
