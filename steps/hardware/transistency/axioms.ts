// The outcomes that axioms allow a small program with a page table. Nothing here knows the machine.
// Events are related by who reads from whom (rf), by the order in which a word's stores reach memory (co),
// and by what follows from both (fr). An outcome is allowed if there is no cycle in
//   - coherence: program order on one word, rf, co, fr;
//   - causality: program order but from a store to a later load, rf between CPUs, co, fr, and an interrupt
//     after it was sent and before its answer is seen;
// and in which locked operations and the updates of A and D are atomic. A walk is a load of the entry, or such an update, that takes place
// at some moment after the last INVLPG of its CPU and before the first access that uses it; all accesses up to the next INVLPG use the same one.
// So none of them sees what was overwritten before that INVLPG. If walks pass stores, a walk does not see its own CPU's earlier stores.
// (As in Alglave, Maranget and Tautschnig 2014 for TSO, and Hossain, Trippel and Martonosi 2020 for walks.)

import { permutations, product } from './combine';
import { FAMILIES, STRICT, type Family, type Latitude, type Program } from './operations';
import { Relation } from './relation';
import { flushesIn, threadsOf, type Entry, type Event, type Word } from './threads';

/** Every outcome that the axioms allow: for each CPU what its loads and exchanges found, in order. */
export function allowedOutcomes(program: Program, family: Family = FAMILIES.stores, latitude: Latitude = STRICT): string[] {
  const outcomes = new Set<string>();
  const [first, ...others] = program;
  const most = mostMarks(program);
  for (const thread of threadsOf(first!, 0, 0, family, latitude)) {
    const rest = others.map((ops, i) => threadsOf(ops, i + 1, flushesIn(thread), family, latitude));
    for (const threads of product(rest)) if (canMark([thread, ...threads], most)) new Candidate([thread, ...threads], family, latitude, outcomes).judge();
  }
  return [...outcomes].sort();
}

type Marks = Readonly<Record<'A' | 'AD', number>>;

/** How many walks can set A or D: each value of the entry gets each mark once. */
function mostMarks(program: Program): Marks {
  const count = (op: string): number => program.flat().filter((one) => one === op).length;
  return { A: 1 + count('map'), AD: 1 + count('map') + count('clear') };
}

/** Whether each walk that sets A or D has something to mark. */
function canMark(threads: readonly (readonly Event[])[], most: Marks): boolean {
  let [A, AD] = [0, 0];
  for (const thread of threads) {
    for (const { adds } of thread) {
      if (adds === 'A') A++;
      else if (adds === 'AD') AD++;
    }
  }
  return A <= most.A && AD <= most.AD;
}

const nameOf = ({ frame, A, D }: Entry): string => `${frame}${A ? 'A' : ''}${D ? 'D' : ''}`;
/** Whether a later event may come first: a load need not wait for a store. */
const passes = (one: Event, other: Event): boolean => one.writes && !one.reads && other.reads && !other.writes;
const isWalk = ({ op }: Event): boolean => op === 'walk' || op === 'walk above';

/** One way for the CPUs to do their parts. Who reads from whom, and in which order stores reach memory, is still open. */
class Candidate {
  private readonly events: readonly Event[];
  private readonly coherence: Relation;
  private readonly causality: Relation;
  /** What each event that reads memory reads from; null for the initial value. */
  private readonly sources = new Map<Event, Event | null>();
  /** What each event finds in the entry, and what it writes there. */
  private readonly left = new Map<Event | null, Entry>();

  constructor(private readonly threads: readonly (readonly Event[])[], family: Family, private readonly latitude: Latitude, private readonly outcomes: Set<string>) {
    this.events = threads.flat();
    const fresh = { A: !family.marks, D: !family.marks };
    this.left.set(null, { frame: 'a', ...fresh });
    for (const event of this.events) {
      if (event.op === 'map') this.left.set(event, { frame: 'b', ...fresh });
      if (event.op === 'clear') this.left.set(event, { frame: '-', A: false, D: false });
    }
    this.coherence = new Relation(this.events);
    this.causality = new Relation(this.events);
    this.relateInProgramOrder();
    this.relateInterrupts();
  }

  private relateInProgramOrder(): void {
    for (const thread of this.threads) {
      thread.forEach((one, i) => {
        for (const other of thread.slice(i + 1)) {
          const ignored = this.latitude.passing && isWalk(other);
          if (one.word !== null && one.word === other.word && !ignored) this.coherence.add(one, other);
          if (!passes(one, other) && !(ignored && one.writes && !one.reads)) this.causality.add(one, other);
        }
      });
    }
  }

  private relateInterrupts(): void {
    for (const handler of this.events.filter(({ op }) => op === 'handler')) {
      for (const other of this.events) {
        if (other.flush !== handler.flush) continue;
        if (other.op === 'send') this.causality.add(other, handler);
        if (other.op === 'answered') this.causality.add(handler, other);
      }
    }
  }

  private stores(word: Word): Event[] {
    return this.events.filter((event) => event.writes && event.word === word);
  }

  /** The entries first, since their contents decide to which frames the accesses go. */
  judge(): void {
    const readers = this.events.filter((event) => event.reads && !event.writes && (event.word === 'entry' || event.word === 'upper'));
    for (const entry of this.orders(this.stores('entry'), [])) {
      const found = product(readers.map((reader) => this.suitable(reader)));
      if (found.length === 0) continue;
      for (const upper of permutations(this.stores('upper'))) {
        for (const choice of found) {
          readers.forEach((reader, i) => this.sources.set(reader, choice[i]!));
          const undo = [this.coherence.mark(), this.causality.mark()] as const;
          this.relate('entry', entry);
          this.relate('upper', upper);
          if (this.isAcyclic()) this.judgeData();
          this.coherence.undo(undo[0]);
          this.causality.undo(undo[1]);
        }
      }
    }
  }

  /** The orders in which these stores to the entry can follow `done`: each update adds to what the previous one left. */
  private *orders(stores: readonly Event[], done: readonly Event[]): Generator<readonly Event[]> {
    if (stores.length === 0) {
      yield done;
      return;
    }
    const before = done.at(-1) ?? null;
    for (const store of stores) {
      if (stores.some((other) => other !== store && this.coherence.has(other, store))) continue;
      if (store.reads) {
        const found = this.left.get(before)!;
        if (store.suits !== null && !store.suits(found)) continue;
        this.sources.set(store, before);
        if (isWalk(store)) this.left.set(store, { frame: found.frame, A: true, D: found.D || store.adds === 'AD' });
      }
      yield* this.orders(stores.filter((other) => other !== store), [...done, store]);
    }
  }

  /** What a load of an entry may have found. */
  private suitable(reader: Event): (Event | null)[] {
    const all = [null, ...this.stores(reader.word!)];
    if (reader.op === 'walk above') return all.filter((source) => (source !== null) === reader.lifted);
    return reader.suits === null ? all : all.filter((source) => reader.suits!(this.left.get(source)!));
  }

  /** Adds rf, co and fr of one word. */
  private relate(word: Word, order: readonly Event[]): void {
    order.forEach((one, i) => order.slice(i + 1).forEach((other) => this.both(one, other)));
    for (const [load, source] of this.sources) {
      if (this.wordOf(load) !== word) continue;
      const later = source === null ? order : order.slice(order.indexOf(source) + 1);
      for (const store of later) if (store !== load) this.both(load, store);
      if (source === null) continue;
      this.coherence.add(source, load);
      // A value from the CPU's own buffer need not have reached memory; but locked updates do not wait there, and walks that pass stores do not look there.
      if (source.cpu !== load.cpu || source.reads || (this.latitude.passing && isWalk(load))) this.causality.add(source, load);
    }
  }

  private both(one: Event, other: Event): void {
    this.coherence.add(one, other);
    this.causality.add(one, other);
  }

  private isAcyclic(): boolean {
    return this.coherence.isAcyclic() && this.causality.isAcyclic();
  }

  private wordOf(event: Event): Word | null {
    const { walk } = event;
    if (walk === null) return event.word;
    if (walk.lifted) return 'c';
    const leads = walk.writes ? walk : this.sources.get(walk)!;
    return this.left.get(leads)!.frame as Word;
  }

  private judgeData(): void {
    const words: readonly Word[] = ['a', 'b', 'c', 'x'];
    const placed = new Map(this.events.map((event) => [event, this.wordOf(event)]));
    const at = (word: Word): Event[] => this.events.filter((event) => event.writes && placed.get(event) === word);
    const loads = this.events.filter((event) => event.reads && words.includes(placed.get(event)!));
    const orders = product(words.map((word) => permutations(at(word))));
    const stores = new Map(words.map((word) => [word, at(word)]));
    for (const found of product(loads.map((load): (Event | null)[] => [null, ...stores.get(placed.get(load)!)!.filter((store) => store !== load)]))) {
      loads.forEach((load, i) => this.sources.set(load, found[i]!));
      const outcome = this.outcome(placed);
      if (this.outcomes.has(outcome)) continue;
      if (orders.some((order) => this.isAllowed(order, words, placed, loads))) this.outcomes.add(outcome);
    }
    for (const load of loads) this.sources.delete(load);
  }

  private isAllowed(orders: readonly (readonly Event[])[], words: readonly Word[], placed: ReadonlyMap<Event, Word | null>, loads: readonly Event[]): boolean {
    // A locked exchange: no other store comes between what it found and what it stores.
    const isAtomic = loads.every((load) => {
      const order = orders[words.indexOf(placed.get(load)!)]!;
      return !load.writes || (order[order.indexOf(load) - 1] ?? null) === this.sources.get(load);
    });
    if (!isAtomic) return false;
    const undo = [this.coherence.mark(), this.causality.mark()] as const;
    words.forEach((word, i) => this.relate(word, orders[i]!));
    for (const thread of this.threads) {
      thread.forEach((one, i) => {
        for (const other of thread.slice(i + 1)) if ((one.walk ?? other.walk) !== null && placed.get(one) === placed.get(other)) this.coherence.add(one, other);
      });
    }
    const allowed = this.isAcyclic();
    this.coherence.undo(undo[0]);
    this.causality.undo(undo[1]);
    return allowed;
  }

  private outcome(placed: ReadonlyMap<Event, Word | null>): string {
    const noted = (event: Event): string[] => {
      if (event.op === 'fault') return ['fault'];
      if (event.op === 'look' || event.op === 'clear') return [`entry=${nameOf(this.left.get(this.sources.get(event)!)!)}`];
      return event.op === 'ld' || event.op === 'xchg' ? [`${placed.get(event)!}=${this.sources.get(event)?.name ?? '0'}`] : [];
    };
    return this.threads.map((thread) => thread.flatMap(noted).join(' ')).join(' | ').trim();
  }
}
