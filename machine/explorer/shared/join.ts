import { Bits } from '../optimal/bits';
import { hopelessIn } from '../stateful/cut';
import type { Break } from '../stateful/edges';
import { StateGraph } from '../stateful/graph';
import type { Bounds, Search } from '../stateful/search';
import type { Violation } from '../system';
import { HANDED_OVER, UNTAKEN, type Portion } from './search';
import { Tallied, type SharedTable, type Tally } from './table';

// Joins the portions of a crew. The graph is walked depth first, each state's
// moves in their order, just as a single search would have found it: so states,
// edges and violations get the numbers that they would have had, and the result
// does not reveal how many members there were or which was faster. A state that
// two members considered new would be counted twice: so what the table holds is
// compared with what the members have counted.

/** What is known about the search as a whole. */
export interface Whole {
  readonly complete: boolean;
  readonly bounds: Bounds;
  readonly goesOn: boolean;
  readonly table: Pick<SharedTable, 'find' | 'tally'>;
}

/**
 * Combines all portions, in the order of the members, into one search.
 *
 * @throws Error if a state was lost, or counted twice
 */
export function joinPortions(portions: readonly Portion[], whole: Whole): Search {
  compareTallies(portions, heldIn(portions) ?? whole.table.tally());
  return new Joint(portions, whole).search();
}

/** What the table holds, if each member has looked at its share. */
function heldIn(portions: readonly Portion[]): Tally | null {
  const held = new Tallied();
  for (const { held: share } of portions) {
    if (share === null) return null;
    held.join(share);
  }
  return held;
}

/** Each state of a member is in the table, under the number that this member gave it, and no other is. */
function compareTallies(portions: readonly Portion[], held: Tally): void {
  const counted = new Tallied();
  for (const { tally } of portions) counted.join(tally);
  const threads = `machine bug: a search on ${portions.length} threads`;
  if (counted.states !== held.states) throw new Error(`${threads} has counted ${counted.states} states, and its table holds ${held.states}`);
  if (counted.a !== held.a || counted.b !== held.b) throw new Error(`${threads} has counted other states than its table holds`);
}

/** A move that was handed over, as the member that took it has recorded it. */
interface Taken {
  readonly by: number;
  readonly to: number;
  readonly kind: number;
}

class Joint {
  private readonly graph = new StateGraph();
  private readonly violations: Violation[] = [];
  private readonly taken = new Map<string, Taken>();
  /** For each member, the numbers here of its kinds and violations that have been met; -1 for others. */
  private readonly kindNumbers: readonly Int32Array[];
  /** For each member, how many steps an edge of each of its kinds has. */
  private readonly stepsOf: readonly Int32Array[];
  private readonly violationNumbers: readonly Int32Array[];
  /** For each state of the portions, one more than its number here; 0 until it is met. */
  private readonly numbers: Int32Array;
  /** How many states were met. */
  private met = 0;
  private events = 0;
  private depth = 0;
  private cyclic = false;
  private isWhole = true;

  constructor(private readonly portions: readonly Portion[], private readonly whole: Whole) {
    this.kindNumbers = portions.map(({ kindsOf }) => new Int32Array(kindsOf.length).fill(-1));
    this.stepsOf = portions.map(({ kindsOf }) => Int32Array.from(kindsOf, ({ steps }) => steps));
    this.violationNumbers = portions.map(({ violations }) => new Int32Array(violations.length).fill(-1));
    this.numbers = new Int32Array(Math.max(...portions.map(({ starts }) => starts.length)) * portions.length);
    this.graph.reserve(portions.reduce((sum, { moves }) => sum + moves.length / 2, 0));
    portions.forEach(({ taken }, by) => {
      for (let i = 0; i < taken.length; i += 4) this.taken.set(`${taken[i]} ${taken[i + 1]}`, { by, to: taken[i + 2]!, kind: taken[i + 3]! });
    });
  }

  search(): Search {
    const looping = new Set(this.portions.flatMap(({ livelock }) => livelock));
    this.walk(looping);
    if (this.whole.complete) this.checkWhole();
    const { whole, whole: { complete }, graph, met } = this;
    const deadlock = this.here(({ deadlock: own }) => own);
    const livelock = this.here(({ livelock: own }) => own);
    const waiting = this.here(({ waiting: own }) => own);
    const { outcomeOf, outcomes } = this.outcomes();
    const endings = { finished: [...outcomeOf.keys()], deadlock, livelock };
    return {
      complete, bounds: whole.bounds, states: met, events: this.events, depth: this.depth, graph, violations: this.violations,
      endings: complete ? { ...endings, deadlock: [...endings.deadlock, ...hopelessIn(graph, met, waiting, endings.finished)] } : endings,
      outcomes, collisionBound: (met * met) / 2 ** 65, cyclic: this.cyclic || endings.livelock.length > 0, knows: ({ store: { a, b } }) => whole.table.find(a, b) >= 0,
      ...(whole.goesOn ? { ends: { outcomeOf, deadlock: endings.deadlock, waiting } } : {}),
    };
  }

  /** The numbers here of states of the portions that have been met, in order. */
  private here(statesOf: (portion: Portion) => readonly number[]): number[] {
    const numbers: number[] = [];
    for (const portion of this.portions) for (const state of statesOf(portion)) if (this.numbers[state]! > 0) numbers.push(this.numbers[state]! - 1);
    return numbers.sort((one, other) => one - other);
  }

  /** The outcome of each finished state, and the first state with each outcome. */
  private outcomes(): { outcomeOf: Map<number, string>; outcomes: Map<string, number> } {
    const texts: string[] = [];
    const numberOfText = new Map<string, number>();
    /** For each state here, 1 more than the number of its outcome; 0 if it is not finished. */
    const found = new Int32Array(this.met);
    for (const { finished, outcomeOf: own, outcomes } of this.portions) {
      const known = outcomes.map((text) => numberOfText.get(text) ?? (numberOfText.set(text, texts.length), texts.push(text) - 1));
      for (let i = 0; i < finished.length; i++) {
        const number = this.numbers[finished[i]!]! - 1;
        if (number >= 0) found[number] = 1 + known[own[i]!]!;
      }
    }
    const outcomeOf = new Map<number, string>();
    const outcomes = new Map<string, number>();
    for (let state = 0; state < found.length; state++) {
      if (found[state] === 0) continue;
      const text = texts[found[state]! - 1]!;
      outcomeOf.set(state, text);
      if (!outcomes.has(text)) outcomes.set(text, state);
    }
    return { outcomeOf, outcomes };
  }

  /** Checks that every state of every member was met, and every move taken. */
  private checkWhole(): void {
    const states = this.portions.reduce((sum, { starts }) => sum + starts.length - 1, 0);
    if (this.isWhole && this.met === states) return;
    throw new Error(`machine bug: a search on ${this.portions.length} threads ended although ${this.isWhole ? `${states - this.met} of its ${states} states are out of reach` : 'some moves were not taken'}`);
  }

  private walk(looping: ReadonlySet<number>): void {
    const { portions, numbers } = this;
    const members = portions.length;
    const onRun = new Bits();
    /** For each state of the run that is being walked: its number, its owner, and its moves. */
    const path = { states: new Int32Array(64), owners: new Int32Array(64), nexts: new Int32Array(64) };
    let length = 0;
    const enter = (state: number): void => {
      numbers[state] = ++this.met;
      const owner = state % members;
      const { starts } = portions[owner]!;
      const own = (state - owner) / members;
      if (starts[own] === starts[own + 1]) return;
      onRun.add(state);
      if (length === path.states.length) for (const column of ['states', 'owners', 'nexts'] as const) path[column] = longer(path[column]);
      path.states[length] = state;
      path.owners[length] = owner;
      path.nexts[length] = starts[own]!;
      length++;
      if (length > this.depth) this.depth = length;
    };
    if (portions[0]!.starts.length > 1) enter(0);
    while (length > 0) {
      const top = length - 1;
      const state = path.states[top]!;
      const owner = path.owners[top]!;
      const own = (state - owner) / members;
      const { starts } = portions[owner]!;
      const at = path.nexts[top]!;
      path.nexts[top] = at + 1;
      if (at === starts[own + 1]) {
        onRun.clear(state);
        length--;
        continue;
      }
      const to = this.take(state, owner, starts[own]!, at);
      if (to < 0) continue;
      if (numbers[to] === 0) enter(to);
      else if (onRun.has(to) && !looping.has(to)) this.cyclic = true;
    }
  }

  /**
   * Adds the edge of a move.
   *
   * @param at which of the owner's moves it is, of which `first` is the first from this state
   * @returns the state it leads to; -1 if it leads to none
   */
  private take(state: number, owner: number, first: number, at: number): number {
    const { moves } = this.portions[owner]!;
    let by = owner;
    let to = moves[2 * at]!;
    let kind = moves[2 * at + 1]!;
    if (to === HANDED_OVER) ({ by, to, kind } = this.taken.get(`${state} ${at - first}`) ?? { by, to: UNTAKEN, kind });
    if (to === UNTAKEN) {
      this.isWhole = false;
      return -1;
    }
    const { graph, numbers } = this;
    const from = numbers[state]! - 1;
    const target = to < 0 ? -1 - this.numberOf(by, -1 - to) : numbers[to - 1] === 0 ? this.met : numbers[to - 1]! - 1;
    const known = this.kindNumbers[by]![kind]!;
    graph.addOfKind(from, target, known < 0 ? this.kindOf(by, kind) : known);
    this.events += this.stepsOf[by]![kind]!;
    return to < 0 ? -1 : to - 1;
  }

  /** The number here of a member's kind that has not been met before. */
  private kindOf(by: number, kind: number): number {
    const numbers = this.kindNumbers[by]!;
    const { kindsOf, words, breaks } = this.portions[by]!;
    const { process, label, interrupt, steps, stayReady, place, last, switches, breaks: list } = kindsOf[kind]!;
    const { graph } = this;
    const broken = (breaks[list] ?? []).map((one): Break => ({ ...one, violation: this.numberOf(by, one.violation) }));
    const placed = place < 0 ? -1 : graph.word(words[place]!);
    return (numbers[kind] = graph.kindFor({ process, label: graph.word(words[label]!), interrupt: interrupt === 1, steps, last, switches }, stayReady, placed, broken));
  }

  private numberOf(by: number, violation: number): number {
    const numbers = this.violationNumbers[by]!;
    if (numbers[violation]! >= 0) return numbers[violation]!;
    const found = this.portions[by]!.violations[violation]!;
    let number = this.violations.findIndex(({ invariant, message }) => invariant === found.invariant && message === found.message);
    if (number < 0) number = this.violations.push(found) - 1;
    return (numbers[violation] = number);
  }
}

function longer(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * column.length);
  larger.set(column);
  return larger;
}
