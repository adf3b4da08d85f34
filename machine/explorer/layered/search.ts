import { Column } from '../stateful/edges';
import { Ends } from './ends';
import { Fingerprints } from '../stateful/fingerprints';
import { ALL, changesOf, DONE, Frontier, INTERRUPT, interruptsOf, QUEUED, QUEUED_WITH_CHANGE, Units, type Cost } from './frontier';
import { StateGraph } from '../stateful/graph';
import { followForced } from '../stateful/forced';
import { nobody, readiness } from '../stateful/ready';
import { Places } from '../stateful/places';
import type { Layer, Need } from './raised';
import type { Bounds, Progress, Search } from '../stateful/search';
import { movesOf, refuseTwins, type Move, type System, type Violation } from '../system';
import { Trail } from './trail';
import type { Mark } from '../../state/store';

// The stateful search in order of the cost of runs: first what can be reached
// without an interrupt and without taking the CPU from a process that could
// continue, then with one switch, with two, and so on. Within a layer it goes
// depth first; what costs more waits in the frontier. So the first failure is
// one of the cheapest, the lowest cost of each state is known, and a bound on
// interrupts or switches leaves out only what lies beyond it. Each edge is
// taken once, as without layers: the price of the order is going back.

/** Which changes from one process to another cost something. */
export type Counting =
  /** Those at which the previous process could have made a step. */
  | 'unforced switches'
  /** Each of them. */
  | 'all switches';

type Standing = 'ended' | 'under way' | 'out of bounds';

interface Level {
  readonly state: number;
  readonly mark: Mark;
  readonly todo: readonly Move[];
  next: number;
}

export class LayeredSearch {
  private readonly fingerprints = new Fingerprints();
  private readonly graph = new StateGraph();
  private readonly places = new Places(this.graph);
  private readonly units: Units;
  private readonly frontier: Frontier;
  private readonly trail: Trail;
  private readonly levels: Level[] = [];
  private readonly layers: (Pick<Layer, 'states' | 'events'> & { readonly cost: Cost })[] = [];
  /** For each state, the number of the layer that reached it first. */
  private readonly layerOf = new Column();
  /** For each state, a bit set of the processes that can step; empty if they have no bits. */
  private readonly readyIn = new Column();
  private readonly ends: Ends;
  /** For each violation, the number of the layer that found it first. */
  private readonly violationLayers: number[] = [];
  private events = 0;
  private depth = 0;
  private seenBefore = { states: 0, events: 0 };
  private isDone = false;
  private hasInterrupts = false;
  /** If only switches are bounded, interrupts are not counted, and cost nothing. */
  private readonly interruptCost: Cost;
  private readonly isBoundedTwice: boolean;

  constructor(private readonly system: System, private readonly bounds: Bounds = {}, private readonly counting: Counting = 'unforced switches') {
    this.isBoundedTwice = bounds.interrupts !== undefined && bounds.switches !== undefined;
    this.interruptCost = bounds.switches !== undefined && bounds.interrupts === undefined ? 0 : INTERRUPT;
    system.store.keepFingerprint();
    this.units = new Units(system.processes.length);
    this.frontier = new Frontier(this.units, bounds);
    this.trail = new Trail(system.store);
    this.ends = new Ends(system);
    this.arrive(0, system.store.mark(), -1, movesOf(system), false);
  }

  /** Makes up to `count` moves. `out of bounds` when a bound on states or memory forbids more. */
  advance(count: number): Standing {
    return this.run(count, Infinity);
  }

  /** Continues to the end of the current layer, or for about `count` moves; `layersSeen` tells which. */
  seeLayer(count = Infinity): Standing {
    return this.run(count, this.layers.length + 1);
  }

  get layersSeen(): number {
    return this.layers.length;
  }

  private run(count: number, untilLayers: number): Standing {
    if (this.isDone) return 'ended';
    const { levels, layers, frontier, system: { store } } = this;
    for (let taken = 0; taken < count;) {
      const level = levels[levels.length - 1];
      if (level === undefined) {
        if (this.beginQueued()) continue;
        this.endLayer();
        if (!frontier.raise()) {
          this.isDone = true;
          return 'ended';
        }
        if (layers.length >= untilLayers) break;
      } else if (level.next >= level.todo.length) {
        levels.pop();
      } else {
        if (this.isOutOfBounds) return 'out of bounds';
        store.undo(level.mark);
        this.take(level, level.todo[level.next++]!);
        taken++;
      }
    }
    return 'under way';
  }

  /** Goes to the next state from which something was postponed, and begins there. */
  private beginQueued(): boolean {
    const { units, frontier, trail, system: { processes } } = this;
    for (let unit = frontier.take(); unit !== null; unit = frontier.take()) {
      const state = units.stateOf(unit);
      const only = units.processOf(unit);
      const kind = units.isInterrupt(unit) ? 'interrupt' : 'step';
      if (only === null && kind === 'step' && !this.hasStepsLeft(state)) continue;
      const mark = trail.goTo(state);
      const todo: Move[] = [];
      for (let process = only ?? 0; process <= (only ?? processes.length - 1); process++) {
        const own = units.numberOf(state, process, kind === 'interrupt');
        if (only === null && units.standing(own) === DONE) continue;
        units.put(own, DONE);
        processes[process]!.moves(todo);
      }
      this.levels.push({ state, mark, todo: todo.every((move) => move.kind === kind) ? todo : todo.filter((move) => move.kind === kind), next: 0 });
      return true;
    }
    return false;
  }

  /** Whether some process can step in `state` and has not; true if there are too many processes to tell. */
  private hasStepsLeft(state: number): boolean {
    const { units, system: { processes: { length } } } = this;
    if (length > 31) return true;
    const ready = this.readyIn.at(state);
    for (let process = 0; process < length; process++) {
      if ((ready & (1 << process)) !== 0 && units.standing(units.numberOf(state, process, false)) !== DONE) return true;
    }
    return false;
  }

  private endLayer(): void {
    const { events, fingerprints: { count }, seenBefore } = this;
    this.layers.push({ cost: this.frontier.cost, states: count - seenBefore.states, events: events - seenBefore.events });
    this.seenBefore = { states: count, events };
  }

  private take(level: Level, move: Move): void {
    const { system, graph } = this;
    const process = system.processes.indexOf(move.process);
    const isInterrupt = move.kind === 'interrupt';
    const place = isInterrupt ? this.places.wordFor(move) : -1;
    const before = system.processes.length > 31 ? readiness(system.processes, movesOf(system)) : this.readyIn.at(level.state);
    const { steps, moves, looped, violation } = followForced(system, move);
    this.events += steps;
    const to = violation === null ? this.arrive(level.state, level.mark, process, moves, looped) : -1 - this.numberOf(violation);
    graph.add({ from: level.state, to, process, label: graph.word(move.label), interrupt: isInterrupt, steps }, steps === 1 ? before : nobody(system.processes), place);
  }

  /** Records the current state, and what is to be done from it now that `last` has moved there from another one. Returns its number. */
  private arrive(from: number, since: Mark, last: number, moves: readonly Move[], looped: boolean): number {
    const { system } = this;
    const { a, b } = system.store;
    // With both bounds, fewer interrupts and fewer switches can each lead further: the states then differ by their interrupts.
    const spent = this.isBoundedTwice ? Math.imul(interruptsOf(this.frontier.cost) + 1, 0x9e3779b1) : 0;
    const seen = this.fingerprints.findOrAdd(a ^ spent, b ^ (spent >>> 3));
    const state = seen >= 0 ? seen : this.fingerprints.count - 1;
    if (seen < 0) {
      refuseTwins(moves);
      const ready = readiness(system.processes, moves);
      this.layerOf.push(this.layers.length);
      this.readyIn.push(typeof ready === 'number' ? ready : 0);
      this.units.extendTo(state);
      this.trail.note(from, since);
      this.ends.note(state, moves, looped);
    }
    if (!this.ends.isTerminal(state)) this.schedule(state, last, moves, seen < 0);
    return state;
  }

  /**
   * Does now what costs nothing more, and postpones the rest. Reaching a known
   * state can only make the moves of `last` cheaper, if it could continue: all
   * others were postponed by at most one change of process.
   */
  private schedule(state: number, last: number, moves: readonly Move[], isNew: boolean): void {
    const { system: { processes, store }, units, frontier, interruptCost } = this;
    const mustPay = this.mustPay(last, moves);
    if (mustPay && !isNew && !this.hasInterrupts && units.standing(units.numberOf(state, last, false)) === DONE) return;
    const previous = processes[last];
    let todo: Move[] | null = null;
    let process = 0;
    let begunStep = -1;
    let begunInterrupt = -1;
    let interrupts = false;
    let otherSteps = false;
    let otherInterrupts = false;
    for (const move of moves) {
      const isInterrupt = move.kind === 'interrupt';
      if (mustPay && move.process !== previous) {
        if (isInterrupt) otherInterrupts = true;
        else otherSteps = true;
      } else if (isInterrupt && interruptCost > 0) {
        interrupts = true;
      } else {
        while (processes[process] !== move.process) process++;
        const unit = units.numberOf(state, process, isInterrupt);
        if (units.standing(unit) === DONE && unit !== begunStep && unit !== begunInterrupt) continue;
        units.put(unit, DONE);
        if (isInterrupt) begunInterrupt = unit;
        else begunStep = unit;
        if (todo === null) todo = [move];
        else todo.push(move);
      }
    }
    this.hasInterrupts ||= interrupts || otherInterrupts || begunInterrupt >= 0;
    if (isNew && otherSteps) frontier.putOff(units.numberOf(state, ALL, false), 1, QUEUED_WITH_CHANGE);
    if (interrupts) frontier.putOff(units.numberOf(state, mustPay ? last : ALL, true), interruptCost, QUEUED);
    if (isNew && otherInterrupts) frontier.putOff(units.numberOf(state, ALL, true), interruptCost + 1, QUEUED_WITH_CHANGE);
    if (todo === null) return;
    this.levels.push({ state, mark: store.mark(), todo, next: 0 });
    this.depth = Math.max(this.depth, this.trail.depth + this.levels.length - 1);
  }

  /** Whether continuing with a process other than `last` costs something. */
  private mustPay(last: number, moves: readonly Move[]): boolean {
    const previous = this.system.processes[last];
    if (previous === undefined || this.counting === 'all switches') return previous !== undefined;
    for (const move of moves) if (move.process === previous && move.kind === 'step') return true;
    return false;
  }

  private get isOutOfBounds(): boolean {
    const { states = Infinity, memory = Infinity } = this.bounds;
    return this.fingerprints.count > states || (memory !== Infinity && this.bytes > memory * 2 ** 20);
  }

  private get bytes(): number {
    return this.fingerprints.bytes + this.graph.bytes + this.units.bytes + this.trail.bytes;
  }

  get progress(): Progress {
    return { states: this.fingerprints.count, events: this.events, depth: this.trail.depth + this.levels.length, layer: this.needFor(this.frontier.cost) };
  }

  /** What was found; complete if nothing within the bounds is left to do. The system is left as it was; between two layers the search can continue after this. */
  result(): Search {
    const { fingerprints, graph, ends, bounds, events, depth, layers } = this;
    this.trail.goTo(0);
    const complete = this.isDone;
    return {
      complete, bounds, states: fingerprints.count, events, depth, graph,
      violations: ends.violations,
      endings: complete ? ends.endingsIn(graph, fingerprints.count, this.frontier.cut) : ends.endings,
      outcomes: ends.outcomes,
      collisionBound: fingerprints.collisionBound,
      cyclic: true,
      ...(this.isBoundedTwice ? {} : { knows: ({ store: { a, b } }: System) => fingerprints.has(a, b) }),
      raised: {
        layers: layers.map(({ cost, ...seen }) => ({ ...this.needFor(cost), ...seen })),
        isCut: this.frontier.cut.size > 0,
        repeated: this.trail.repeated,
        needOf: (to) => this.needFor(layers[to < 0 ? this.violationLayers[-1 - to]! : this.layerOf.at(to)]?.cost ?? this.frontier.cost),
      },
    };
  }

  private numberOf(violation: Violation): number {
    const number = this.ends.numberOf(violation);
    this.violationLayers[number] ??= this.layers.length;
    return number;
  }

  private needFor(cost: Cost): Need {
    return { interrupts: this.interruptCost === 0 && this.hasInterrupts ? null : interruptsOf(cost), switches: changesOf(cost) };
  }
}
