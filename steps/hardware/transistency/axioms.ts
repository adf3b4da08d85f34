// What a small program with a page table may come to, by axioms alone: nothing here knows the machine.
// Events are related by who reads from whom (rf), by the order in which a word's stores reach memory (co),
// and by what follows from both (fr). Allowed is what has no cycle in
//   - coherence: program order on one word, rf, co, fr;
//   - causality: program order but from a store to a later load, rf between CPUs, co, fr, and an interrupt
//     after it was sent and before its answer is seen;
// and in which a locked operation is atomic. A walk is a load of the entry that takes place at some moment
// after the last INVLPG of its CPU and before the first access that uses it; all accesses up to the next
// INVLPG use the same one. So none of them sees what was overwritten before that INVLPG. (As in Alglave,
// Maranget and Tautschnig 2014 for TSO, and Hossain, Trippel and Martonosi 2020 for walks.)

/**
 * - `map`: stores to the entry, so that the page leads to frame b and no more to frame a
 * - `ld`, `st`: a load and a store through the page
 * - `poke`: a store to frame a that does not go through the page
 * - `inv`: INVLPG of the page; `fence`: MFENCE
 * - `xchg`: a locked exchange with another word, which tells what was there
 * - `flush`: interrupts every other CPU, whose handlers do INVLPG, and waits for their answers
 */
export const OPERATIONS = ['map', 'ld', 'st', 'poke', 'inv', 'fence', 'xchg', 'flush'] as const;
export type Op = (typeof OPERATIONS)[number];
/** One list of operations for each CPU. Only the first may flush others. */
export type Program = readonly (readonly Op[])[];

interface Event {
  readonly cpu: number;
  readonly op: Op | 'walk' | 'send' | 'answered' | 'handler';
  readonly reads: boolean;
  readonly writes: boolean;
  /** What it stores, by the place of the operation: `0#2` is the third one of the first CPU. A `map` always stores b. */
  readonly value: string;
  /** For `ld` and `st`: the walk that it uses. */
  readonly walk: Event | null;
  /** Which flush it belongs to. */
  readonly flush: number;
}

/** Every outcome that the axioms allow: for each CPU what its loads and exchanges found, in order. */
export function allowedOutcomes(program: Program): string[] {
  const outcomes = new Set<string>();
  const flushes = program[0]!.filter((op) => op === 'flush').length;
  for (const threads of product(program.map((ops, cpu) => threadsOf(ops, cpu, cpu === 0 ? 0 : flushes)))) judge(threads, outcomes);
  return [...outcomes].sort();
}

/** Each way in which handlers fall and walks are placed in one CPU's program. */
function threadsOf(ops: readonly Op[], cpu: number, handlers: number): Event[][] {
  return placesFor(ops.map((op, at) => ({ op, at })), handlers).flatMap((sequence) => withWalks(sequence, cpu));
}

/** An operation with its place in the program. */
interface Numbered {
  readonly op: Op | 'handler';
  readonly at: number;
}

const HANDLER: Numbered = { op: 'handler', at: -1 };

/** The operations with so many handlers between them. */
function placesFor(ops: readonly Numbered[], handlers: number): Numbered[][] {
  if (handlers === 0) return [[...ops]];
  if (ops.length === 0) return [Array.from({ length: handlers }, () => HANDLER)];
  const [first, ...rest] = ops;
  return [
    ...placesFor(ops, handlers - 1).map((sequence) => [HANDLER, ...sequence]),
    ...placesFor(rest, handlers).map((sequence) => [first!, ...sequence]),
  ];
}

const uses = ({ op }: { readonly op: string }): boolean => op === 'ld' || op === 'st';
const drops = ({ op }: { readonly op: string }): boolean => op === 'inv' || op === 'handler';

/** The events of one CPU, with the walk of each stretch between two flushes at each of its possible places. */
function withWalks(sequence: readonly Numbered[], cpu: number): Event[][] {
  const stretches: Numbered[][] = [[]];
  for (const each of sequence) {
    if (drops(each)) stretches.push([each]);
    else stretches.at(-1)!.push(each);
  }
  let flush = 0;
  let handled = 0;
  const choices = stretches.map((ops): Event[][] => {
    const first = ops.findIndex(uses);
    const event = (op: Event['op'], at: number, walk: Event | null, which: number): Event => {
      const writes = ['map', 'st', 'poke', 'xchg'].includes(op);
      return { cpu, op, reads: ['walk', 'ld', 'xchg', 'answered', 'send'].includes(op), writes, value: `${cpu}#${at}`, walk, flush: which };
    };
    const walk = first < 0 ? null : event('walk', -1, null, 0);
    const events = ops.flatMap(({ op, at }): Event[] => {
      if (op !== 'flush') return [event(op, at, uses({ op }) ? walk : null, op === 'handler' ? handled++ : 0)];
      const which = flush++;
      return [event('send', at, null, which), event('answered', at, null, which)];
    });
    if (!walk) return [events];
    const end = events.findIndex(uses);
    const begin = ops[0] && drops(ops[0]) ? 1 : 0;
    return Array.from({ length: end - begin + 1 }, (_, k) => [...events.slice(0, begin + k), walk, ...events.slice(begin + k)]);
  });
  return product(choices).map((parts) => parts.flat());
}

/** Each choice of one from every list. */
function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((combined, list) => combined.flatMap((some) => list.map((one) => [...some, one])), [[]]);
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));
}

/** Adds what these events can come to. A read from null finds what was there at the beginning. */
function judge(threads: readonly Event[][], outcomes: Set<string>): void {
  const events = threads.flat();
  const walks = events.filter(({ op }) => op === 'walk');
  const maps = events.filter(({ op }) => op === 'map');
  for (const sources of product(walks.map((): (Event | null)[] => [null, ...maps]))) {
    const rf = new Map<Event, Event | null>(walks.map((walk, i) => [walk, sources[i]!]));
    const word = (event: Event): string => {
      switch (event.op) {
        case 'walk': case 'map': return 'entry';
        case 'ld': case 'st': return rf.get(event.walk!) === null ? 'a' : 'b';
        case 'poke': return 'a';
        case 'xchg': return 'x';
        default: return '';
      }
    };
    const loads = events.filter(({ op }) => op === 'ld' || op === 'xchg');
    const writers = (of: string): Event[] => events.filter((event) => event.writes && word(event) === of);
    for (const found of product(loads.map((load): (Event | null)[] => [null, ...writers(word(load)).filter((store) => store !== load)]))) {
      loads.forEach((load, i) => rf.set(load, found[i]!));
      const orders = product(['entry', 'a', 'b', 'x'].map((of) => permutations(writers(of))));
      if (orders.some((order) => isAllowed(threads, rf, order, word))) {
        outcomes.add(threads.map((thread) => thread.filter((event) => loads.includes(event)).map((load) => `${word(load)}=${rf.get(load)?.value ?? '0'}`).join(' ')).join(' | ').trim());
      }
    }
  }
}

function isAllowed(threads: readonly Event[][], rf: ReadonlyMap<Event, Event | null>, orders: readonly Event[][], word: (event: Event) => string): boolean {
  const events = threads.flat();
  const edges: [Event, Event][] = [];
  for (const order of orders) for (let i = 0; i < order.length; i++) for (let j = i + 1; j < order.length; j++) edges.push([order[i]!, order[j]!]);
  for (const [load, source] of rf) {
    const order = orders.find((one) => one.some((store) => word(store) === word(load))) ?? [];
    const later = source === null ? order : order.slice(order.indexOf(source) + 1);
    for (const store of later) if (store !== load) edges.push([load, store]);
    // A locked exchange: nothing between what it found and what it stores.
    if (load.writes && later[0] !== load) return false;
  }
  const reading = [...rf].flatMap(([load, source]): [Event, Event][] => (source === null ? [] : [[source, load]]));
  const coherence: [Event, Event][] = [...edges, ...reading];
  const causality: [Event, Event][] = [...edges, ...reading.filter(([source, load]) => source.cpu !== load.cpu)];
  for (const thread of threads) {
    for (let i = 0; i < thread.length; i++) {
      for (let j = i + 1; j < thread.length; j++) {
        const [one, other] = [thread[i]!, thread[j]!];
        if (word(one) !== '' && word(one) === word(other)) coherence.push([one, other]);
        const passes = one.writes && !one.reads && other.reads && !other.writes;
        if (!passes) causality.push([one, other]);
      }
    }
  }
  for (const handler of events.filter(({ op }) => op === 'handler')) {
    for (const other of events.filter(({ flush }) => flush === handler.flush)) {
      if (other.op === 'send') causality.push([other, handler]);
      if (other.op === 'answered') causality.push([handler, other]);
    }
  }
  return !hasCycle(events, coherence) && !hasCycle(events, causality);
}

function hasCycle(events: readonly Event[], edges: readonly (readonly [Event, Event])[]): boolean {
  const next = new Map<Event, Event[]>(events.map((event) => [event, []]));
  for (const [from, to] of edges) next.get(from)!.push(to);
  const seen = new Map<Event, 'open' | 'done'>();
  const visit = (event: Event): boolean => {
    if (seen.has(event)) return seen.get(event) === 'open';
    seen.set(event, 'open');
    if (next.get(event)!.some(visit)) return true;
    seen.set(event, 'done');
    return false;
  };
  return events.some(visit);
}
