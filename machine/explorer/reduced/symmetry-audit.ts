import { digestOf, Entity, isHashed, type Value } from '../../state/hash';
import { formatSchedule, parseSchedule } from '../verdict/schedule';
import { Symmetry } from './symmetry';
import { replay } from '../verdict/replay';
import { isAtRest, movesOf, violationOf, type Move, type System } from '../system';
import type { Program } from '../program';
import type { Objection } from '../verdict/audit';
import type { Mark } from '../../state/store';

// A program declares which of its things are interchangeable. If that is wrong,
// different states are treated as one, and a search loses what follows from one
// of them. So the declaration is tested: states with the same fingerprint must
// lead to the same fingerprints, and end in the same way. If they do not, a
// local variable may hold a name in a form that is not recognised (the bit of a
// CPU), which is harmless: so both are then continued side by side, with names
// exchanged, and must be able to do the same and have the same outcomes.

/**
 * Looks for two states that count as the same and are not, among the first
 * `limit` states of `program` without any reduction.
 *
 * @returns null if there are none
 */
export function auditSymmetry(program: Program, limit = 2000): Objection {
  const system = program();
  const { store } = system;
  store.keepFingerprint();
  const symmetry = new Symmetry(store, system.interchangeable ?? [], system.processes);
  const known = new Map<string, { readonly becomes: string; readonly run: readonly string[]; readonly seats: readonly number[] }>();
  let pairs: SideBySide | null = null;
  const visited = new Set<string>();
  const run: string[] = [];
  const start = store.mark();
  let objection: Objection = null;

  const visit = (): void => {
    if (objection !== null || visited.size >= limit) return;
    const state = `${store.a} ${store.b}`;
    if (visited.has(state)) return;
    visited.add(state);
    const becomes = futureOf(system, symmetry, start);
    symmetry.look(start);
    const key = `${symmetry.a} ${symmetry.b}`;
    const alike = known.get(key);
    if (alike && alike.becomes !== becomes && !(pairs ??= new SideBySide(program(), system, PAIRS * limit)).goOnAlike(alike.run, alike.seats.map((seat) => processIn(symmetry.actual(1 << seat))))) {
      objection = `${(system.interchangeable ?? []).map(({ kind }) => kind).join(' and ')} are not interchangeable: the states after "${formatSchedule(alike.run)}" and after "${formatSchedule(run)}" differ in nothing but names, and go on differently`;
      return;
    }
    if (!alike) known.set(key, { becomes, run: [...run], seats: system.processes.map((_, p) => processIn(symmetry.canonical(1 << p))) });
    if (violationOf(system)) return;
    for (const move of movesOf(system)) {
      const mark = store.mark();
      run.push(move.label);
      move.perform();
      visit();
      run.pop();
      store.undo(mark);
    }
  };
  visit();
  return objection;
}

/** The maximum number of pairs of states that are continued for each state. */
const PAIRS = 5;

/** The only process in this set. */
const processIn = (set: number): number => 31 - Math.clz32(set);

/** What does not belong to interchangeable things and mentions none: it is the same in states that differ only in names. Stacks are left out, since locals may hold a name as a number. */
class Common {
  private readonly names: ReadonlySet<string>;
  private readonly masks: ReadonlySet<string>;
  private readonly counts: boolean[] = [];

  constructor(private readonly system: System) {
    const kinds = system.interchangeable ?? [];
    this.names = new Set(kinds.flatMap(({ members }) => members.flat()));
    this.masks = new Set(kinds.flatMap(({ masks = [] }) => masks));
  }

  /** Equal texts, equal contents. */
  text(): string {
    const { store } = this.system;
    const texts: string[] = [];
    for (let loc = 0; loc < store.size; loc++) {
      const value = store.peek(loc);
      if (value === store.initialOf(loc) || !(this.counts[loc] ??= this.isCommon(loc)) || this.mentions(value)) continue;
      const { hashA, hashB } = digestOf(value);
      texts.push(`${store.nameOf(loc)} ${hashA} ${hashB}`);
    }
    return texts.sort().join(); // cells may be created in another order
  }

  private isCommon(loc: number): boolean {
    const { store } = this.system;
    const name = store.nameOf(loc);
    if (store.isGhost(loc) || name.endsWith('.stack') || this.masks.has(name) || this.masks.has(name.slice(name.lastIndexOf('.') + 1))) return false;
    for (let end = 1; end <= name.length; end++) if ((end === name.length || name[end] === '.' || name[end] === '[') && this.names.has(name.slice(0, end))) return false;
    return true;
  }

  private mentions(value: Value): boolean {
    if (typeof value !== 'object' || value === null) return false;
    if (value instanceof Entity) return this.names.has(value.name);
    if (isHashed(value)) return value.parts?.some((part) => this.mentions(part)) ?? false;
    return Object.values(value as Readonly<Record<string, Value>>).some((part) => this.mentions(part));
  }
}

/** Two states of one program, continued step by step, with the processes of one exchanged for those of the other. */
class SideBySide {
  private readonly seen = new Set<string>();
  private readonly start: Mark;
  private readonly common: readonly [Common, Common];

  constructor(private readonly one: System, private readonly other: System, private readonly limit: number) {
    this.common = [new Common(one), new Common(other)];
    one.store.keepFingerprint();
    this.start = one.store.mark();
  }

  /**
   * Whether the state after `run` and the current one of the other system continue in the same way.
   *
   * @param partners for each process, its counterpart in the other system
   */
  goOnAlike(run: readonly string[], partners: readonly number[]): boolean {
    const { one } = this;
    replay(one, parseSchedule(formatSchedule(run)));
    const areAlike = this.compare(partners);
    one.store.undo(this.start);
    return areAlike;
  }

  private compare(partners: readonly number[]): boolean {
    const { one, other, seen, limit } = this;
    const pair = `${one.store.a} ${one.store.b} ${other.store.a} ${other.store.b} ${partners.join()}`;
    if (seen.has(pair) || seen.size >= limit) return true;
    seen.add(pair);
    if (violationOf(one)?.invariant !== violationOf(other)?.invariant) return false;
    if (endOf(one) !== endOf(other) || this.common[0].text() !== this.common[1].text()) return false;
    return one.processes.every((process, p) => {
      const partner = other.processes[partners[p]!]!;
      const [moves, others]: [Move[], Move[]] = [[], []];
      process.moves(moves);
      partner.moves(others);
      return process.busy() === partner.busy() && moves.length === others.length && moves.every(({ label, kind }, i) => {
        const [mark, otherMark] = [one.store.mark(), other.store.mark()];
        performed(one, label);
        performed(other, others[i]!.label);
        const areAlike = kind === others[i]!.kind && this.compare(partners);
        one.store.undo(mark);
        other.store.undo(otherMark);
        return areAlike;
      });
    });
  }
}

function performed(system: System, label: string): void {
  movesOf(system).find((move) => move.label === label)!.perform();
}

/** The outcome of a state in which all work is done; null for any other. */
function endOf(system: System): string | null {
  return isAtRest(system, movesOf(system)) ? (system.outcome?.() ?? '') : null;
}

/** What one move can make of the current state, without names. */
function futureOf(system: System, symmetry: Symmetry, start: Mark): string {
  const { store } = system;
  const violation = violationOf(system);
  if (violation) return `breaks ${violation.invariant}`;
  const moves = movesOf(system);
  const ends = isAtRest(system, moves) ? [`ends: ${system.outcome?.() ?? ''}`] : [];
  return [...ends, ...moves.map((move) => {
    const mark = store.mark();
    const { kind } = move;
    move.perform();
    const broken = violationOf(system); // its message may contain names
    symmetry.look(start);
    store.undo(mark);
    return broken ? `${kind} that breaks ${broken.invariant}` : `${kind} ${symmetry.a} ${symmetry.b}`;
  }).sort()].join(', ');
}
