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
import { isWalk, Ways, type Way } from './ways';
import type { Entry, Event, Word } from './threads';

/** Every outcome that the axioms allow: for each CPU what its loads and exchanges found, in order. */
export function allowedOutcomes(program: Program, family: Family = FAMILIES.stores, latitude: Latitude = STRICT): string[] {
  return new Axioms(family, latitude).allowed(program);
}

/** The axioms for many programs: the ways to do a list of operations are kept for the next program that has it. */
export class Axioms {
  private readonly ways: Ways;

  constructor(private readonly family: Family, private readonly latitude: Latitude) {
    this.ways = new Ways(family, latitude);
  }

  /** Every outcome of `program`, as for `allowedOutcomes`. */
  allowed(program: Program): string[] {
    const outcomes = new Set<string>();
    const [first, ...others] = program;
    const most = mostMarks(program);
    for (const way of this.ways.of(first!, 0, 0)) {
      for (const ways of product([[way], ...others.map((ops, i) => this.ways.of(ops, i + 1, way.flushes))])) {
        if (canMark(ways, most)) new Candidate(ways, this.family, this.latitude, outcomes).judge();
      }
    }
    return [...outcomes].sort();
  }
}

type Marks = Readonly<Record<'A' | 'AD', number>>;

/** How many walks can set A or D: each value of the entry gets each mark once. */
function mostMarks(program: Program): Marks {
  const count = (op: string): number => program.reduce((sum, ops) => sum + ops.filter((one) => one === op).length, 0);
  return { A: 1 + count('map'), AD: 1 + count('map') + count('clear') };
}

/** Whether each walk that sets A or D has something to mark. */
function canMark(ways: readonly Way[], most: Marks): boolean {
  let [A, AD] = [0, 0];
  for (const way of ways) {
    A += way.A;
    AD += way.AD;
  }
  return A <= most.A && AD <= most.AD;
}

const nameOf = ({ frame, A, D }: Entry): string => `${frame}${A ? 'A' : ''}${D ? 'D' : ''}`;
const WORDS: readonly Word[] = ['a', 'b', 'c', 'x'];
/** Stands for the number of an event: the word's initial value. */
const INITIAL = -1;

/** One way for the CPUs to do their parts. Who reads from whom, and in which order stores reach memory, is still open. Events are numbers here. */
class Candidate {
  private readonly events: readonly Event[];
  /** The number of the first event of each CPU. */
  private readonly first: readonly number[];
  private readonly coherence: Relation;
  private readonly causality: Relation;
  /** What each event that reads memory reads from; undefined while that is open. */
  private readonly sources: (number | undefined)[];
  /** What each event writes to the entry. */
  private readonly left: Entry[];
  private readonly initial: Entry;

  constructor(private readonly ways: readonly Way[], family: Family, private readonly latitude: Latitude, private readonly outcomes: Set<string>) {
    const events: Event[] = [];
    const first: number[] = [];
    for (const way of ways) {
      first.push(events.length);
      for (const event of way.events) events.push(event);
    }
    this.events = events;
    this.first = first;
    const marked = !family.marks;
    this.initial = { frame: 'a', A: marked, D: marked };
    this.sources = new Array<number | undefined>(events.length).fill(undefined);
    this.left = events.map(({ op }) => (op === 'clear' ? { frame: '-', A: false, D: false } : { frame: 'b', A: marked, D: marked }));
    this.coherence = new Relation(ways.map(({ coherence }) => coherence));
    this.causality = new Relation(ways.map(({ causality }) => causality));
    if (ways[0]!.flushes > 0) this.relateInterrupts();
  }

  private relateInterrupts(): void {
    this.events.forEach(({ op, flush }, handler) => {
      if (op !== 'handler') return;
      this.events.forEach((other, i) => {
        if (other.flush !== flush) return;
        if (other.op === 'send') this.causality.add(i, handler);
        if (other.op === 'answered') this.causality.add(handler, i);
      });
    });
  }

  private numbers(isMeant: (event: Event, i: number) => boolean): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.events.length; i++) if (isMeant(this.events[i]!, i)) found.push(i);
    return found;
  }

  private stores(word: Word): number[] {
    return this.numbers((event) => event.writes && event.word === word);
  }

  private found(source: number): Entry {
    return source === INITIAL ? this.initial : this.left[source]!;
  }

  /** The entries first, since their contents decide to which frames the accesses go. */
  judge(): void {
    const words = this.events.map(({ word }) => word);
    const readers = this.numbers((event) => event.reads && !event.writes && (event.word === 'entry' || event.word === 'upper'));
    const stores = { entry: this.stores('entry'), upper: this.stores('upper') };
    const uppers = permutations(stores.upper);
    for (const entry of this.orders(stores.entry, [])) {
      const choices = product(readers.map((reader) => this.suitable(reader, stores)));
      for (const upper of uppers) {
        for (const choice of choices) {
          for (let i = 0; i < readers.length; i++) this.sources[readers[i]!] = choice[i]!;
          const undo = [this.coherence.mark(), this.causality.mark()] as const;
          this.relate(words, 'entry', entry);
          this.relate(words, 'upper', upper);
          if (this.isAcyclic()) this.judgeData();
          this.coherence.undo(undo[0]);
          this.causality.undo(undo[1]);
        }
      }
    }
  }

  /** The orders in which these stores to the entry can follow `done`: each update adds to what the previous one left. */
  private *orders(stores: readonly number[], done: readonly number[]): Generator<readonly number[]> {
    if (stores.length === 0) {
      yield done;
      return;
    }
    const before = done.at(-1) ?? INITIAL;
    for (const store of stores) {
      if (stores.some((other) => other !== store && this.coherence.has(other, store))) continue;
      const event = this.events[store]!;
      if (event.reads) {
        const found = this.found(before);
        if (event.suits !== null && !event.suits(found)) continue;
        this.sources[store] = before;
        if (isWalk(event)) this.left[store] = { frame: found.frame, A: true, D: found.D || event.adds === 'AD' };
      }
      yield* this.orders(stores.filter((other) => other !== store), [...done, store]);
    }
  }

  /** What a load of an entry may have found. */
  private suitable(reader: number, stores: { readonly entry: readonly number[]; readonly upper: readonly number[] }): number[] {
    const { op, word, lifted, suits } = this.events[reader]!;
    const all = [INITIAL, ...stores[word as 'entry' | 'upper']];
    if (op === 'walk above') return all.filter((source) => (source !== INITIAL) === lifted);
    return suits === null ? all : all.filter((source) => suits(this.found(source)));
  }

  /** Adds rf, co and fr of one word. */
  private relate(placed: readonly (Word | null)[], word: Word, order: readonly number[]): void {
    for (let i = 0; i < order.length; i++) for (let k = i + 1; k < order.length; k++) this.both(order[i]!, order[k]!);
    for (let load = 0; load < placed.length; load++) {
      const source = this.sources[load];
      if (source === undefined || placed[load] !== word) continue;
      for (let k = source === INITIAL ? 0 : order.indexOf(source) + 1; k < order.length; k++) if (order[k] !== load) this.both(load, order[k]!);
      if (source === INITIAL) continue;
      this.coherence.add(source, load);
      const [from, to] = [this.events[source]!, this.events[load]!];
      // A value from the CPU's own buffer need not have reached memory; but locked updates do not wait there, and walks that pass stores do not look there.
      if (from.cpu !== to.cpu || from.reads || (this.latitude.passing && isWalk(to))) this.causality.add(source, load);
    }
  }

  private both(one: number, other: number): void {
    this.coherence.add(one, other);
    this.causality.add(one, other);
  }

  private isAcyclic(): boolean {
    return this.coherence.isAcyclic() && this.causality.isAcyclic();
  }

  private wordOf({ word, walk, cpu }: Event): Word | null {
    if (walk === null) return word;
    if (walk.lifted) return 'c';
    const number = this.first[cpu]! + this.ways[cpu]!.events.indexOf(walk);
    return this.found(walk.writes ? number : this.sources[number]!).frame as Word;
  }

  private judgeData(): void {
    const placed = this.events.map((event) => this.wordOf(event));
    const stores = new Map(WORDS.map((word) => [word, this.numbers((event, i) => event.writes && placed[i] === word)]));
    const loads = this.numbers((event, i) => event.reads && stores.has(placed[i]!));
    const orders = product(WORDS.map((word) => permutations(stores.get(word)!)));
    for (const found of product(loads.map((load) => [INITIAL, ...stores.get(placed[load]!)!.filter((store) => store !== load)]))) {
      loads.forEach((load, i) => {
        this.sources[load] = found[i]!;
      });
      const outcome = this.outcome(placed);
      if (this.outcomes.has(outcome)) continue;
      if (orders.some((order) => this.isAllowed(order, placed, loads))) this.outcomes.add(outcome);
    }
    for (const load of loads) this.sources[load] = undefined;
  }

  private isAllowed(orders: readonly (readonly number[])[], placed: readonly (Word | null)[], loads: readonly number[]): boolean {
    // A locked exchange: no other store comes between what it found and what it stores.
    const isAtomic = loads.every((load) => {
      if (!this.events[load]!.writes) return true;
      const order = orders[WORDS.indexOf(placed[load]!)]!;
      return (order[order.indexOf(load) - 1] ?? INITIAL) === this.sources[load];
    });
    if (!isAtomic) return false;
    const undo = [this.coherence.mark(), this.causality.mark()] as const;
    WORDS.forEach((word, i) => this.relate(placed, word, orders[i]!));
    this.ways.forEach(({ accesses }, cpu) => {
      const from = this.first[cpu]!;
      for (const [one, other] of accesses) if (placed[from + one] === placed[from + other]) this.coherence.add(from + one, from + other);
    });
    const allowed = this.isAcyclic();
    this.coherence.undo(undo[0]);
    this.causality.undo(undo[1]);
    return allowed;
  }

  private outcome(placed: readonly (Word | null)[]): string {
    const told = this.ways.map(() => '');
    this.events.forEach(({ op, cpu }, i) => {
      if (op === 'fault') told[cpu] += ' fault';
      else if (op === 'look' || op === 'clear') told[cpu] += ` entry=${nameOf(this.found(this.sources[i]!))}`;
      else if (op === 'ld' || op === 'xchg') told[cpu] += ` ${placed[i]!}=${this.sources[i] === INITIAL ? '0' : this.events[this.sources[i]!]!.name}`;
    });
    return told.map((text) => text.slice(1)).join(' | ').trim();
  }
}
