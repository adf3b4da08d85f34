// Random programs of another kind: each processor is a table of rules and a cell for its position, without paths and
// contexts. Their meaning is defined a second time, over plain objects that are copied at each step.

import fc from 'fast-check';
import type { EngineName } from '../../../machine/explorer/engine';
import { explore, type Verdict } from '../../../machine/explorer/explore';
import type { Program } from '../../../machine/explorer/program';
import type { Move, Process } from '../../../machine/explorer/system';
import { Store } from '../../../machine/state/store';
import { Cell, TrackedMap } from '../../../machine/state/tracked';

/** What a processor does in one step; it then continues with its next rule unless the rule says otherwise. */
type Rule =
  | { readonly do: 'set' | 'await' | 'idle'; readonly word: number; readonly value: number }
  | { readonly do: 'if'; readonly word: number; readonly value: number; readonly to: number }
  | { readonly do: 'either'; readonly word: number }
  | { readonly do: 'put' | 'take'; readonly key: number }
  | { readonly do: 'count'; readonly word: number }
  | { readonly do: 'send'; readonly whom: number; readonly to: number };

/** What comes once from outside, at any time after the rule `from` was reached; if it is `late`, also when the processor is at rest. */
interface Arrival {
  readonly from: number;
  readonly isLate: boolean;
  readonly rule: Rule;
}

export interface Automaton {
  readonly rules: readonly Rule[];
  readonly arrival: Arrival | null;
  /** Whether it begins at its first rule; otherwise it is nowhere until it is sent. */
  readonly begins: boolean;
}

/** Two words that must never have these values at once; so many keys at most; two processors that must not be at these rules at once. */
type Claim =
  | { readonly claim: 'words'; readonly one: number; readonly other: number; readonly value: number }
  | { readonly claim: 'keys'; readonly most: number }
  | { readonly claim: 'places'; readonly one: number; readonly other: number };

export interface Automata {
  readonly automata: readonly Automaton[];
  readonly claims: readonly Claim[];
}

const WORDS = 3;
const word = fc.nat({ max: WORDS - 1 });
const value = fc.nat({ max: 2 });
const key = fc.nat({ max: 2 });
const place = fc.nat({ max: 3 });
const rule: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('set' as const), word, value }) },
  fc.record({ do: fc.constantFrom('await' as const, 'idle' as const), word, value }),
  fc.record({ do: fc.constant('if' as const), word, value, to: place }),
  fc.record({ do: fc.constant('either' as const), word }),
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('put' as const, 'put' as const, 'take' as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('count' as const), word }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), whom: fc.nat({ max: 2 }), to: place }) },
);
const automaton: fc.Arbitrary<Automaton> = fc.record({
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  arrival: fc.option(fc.record({ from: fc.nat({ max: 2 }), isLate: fc.boolean(), rule }), { freq: 2 }),
  begins: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
});
const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({ claim: fc.constant('words' as const), one: word, other: word, value: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ claim: fc.constant('keys' as const), most: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ claim: fc.constant('places' as const), one: place, other: place }),
);
export const someAutomata: fc.Arbitrary<Automata> = fc.record({ automata: fc.array(automaton, { minLength: 2, maxLength: 3 }), claims: fc.array(claim, { maxLength: 3 }) });

const textOf = (claimed: Claim): string => JSON.stringify(claimed);

/** The cells, as the machine keeps them. */
interface Cells {
  readonly words: readonly Cell<number>[];
  readonly places: readonly Cell<number>[];
  readonly table: TrackedMap<number, number>;
}

/** The position of a processor that was not sent anywhere; beyond its last rule it has ended. */
const NOWHERE = -1;

class Follower implements Process {
  readonly name: string;
  private readonly hasArrived: Cell<number>;

  constructor(store: Store, private readonly me: number, private readonly automaton: Automaton, private readonly cells: Cells) {
    this.name = `p${me}`;
    this.hasArrived = new Cell<number>(store, `p${me}.arrived`, 0);
  }

  private get rule(): Rule | undefined {
    return this.automaton.rules[this.cells.places[this.me]!.value];
  }

  moves(into: Move[]): void {
    const { me, cells, rule, name, automaton: { arrival } } = this;
    if (rule !== undefined && !((rule.do === 'await' || rule.do === 'idle') && cells.words[rule.word]!.value !== rule.value)) {
      const step = (label: string, chosen: number): Move => ({ process: this, kind: 'step', label, perform: () => this.follow(rule, chosen, true) });
      into.push(...(rule.do === 'either' ? [step(`${name}=0`, 0), step(`${name}=1`, 1)] : [step(name, 0)]));
    }
    if (arrival === null || this.hasArrived.value === 1) return;
    const at = cells.places[me]!.value;
    if (at < arrival.from || (rule === undefined && !arrival.isLate)) return;
    into.push({ process: this, kind: 'interrupt', label: `irq@${name}`, perform: () => { this.hasArrived.value = 1; this.follow(arrival.rule, 1, false); } });
  }

  private follow(rule: Rule, chosen: number, goesOn: boolean): void {
    const { me, cells: { words, places, table } } = this;
    if (goesOn) places[me]!.value += 1;
    switch (rule.do) {
      case 'set': words[rule.word]!.value = rule.value; break;
      case 'if': if (words[rule.word]!.value === rule.value) places[me]!.value = rule.to; break;
      case 'either': words[rule.word]!.value = chosen + 1; break;
      case 'put': table.set(rule.key, 1); break;
      case 'take': table.delete(rule.key); break;
      case 'count': words[rule.word]!.value = table.keys().length; break;
      case 'send': if (rule.whom < places.length) places[rule.whom]!.value = rule.to; break;
      default: break;
    }
  }

  busy(): boolean {
    return this.rule !== undefined && this.rule.do !== 'idle';
  }

  describe(): { context: string; paths: readonly string[]; text: string } {
    return { context: this.name, paths: [], text: this.rule?.do ?? 'nothing' };
  }
}

/** The program for the engines. */
export function followed({ automata, claims }: Automata): Program {
  return () => {
    const store = new Store();
    const cells: Cells = {
      words: Array.from({ length: WORDS }, (_, w) => new Cell<number>(store, `word${w}`, 0)),
      places: automata.map(({ begins }, p) => new Cell<number>(store, `p${p}.place`, begins ? 0 : NOWHERE)),
      table: new TrackedMap<number, number>(store, 'table', 0),
    };
    const processes = automata.map((one, me) => new Follower(store, me, one, cells));
    const isBroken = (claimed: Claim): boolean => {
      if (claimed.claim === 'words') return claimed.one !== claimed.other && cells.words[claimed.one]!.value === claimed.value && cells.words[claimed.other]!.value === claimed.value;
      if (claimed.claim === 'keys') return cells.table.keys().length > claimed.most;
      return cells.places[0]!.value === claimed.one && cells.places[1]!.value === claimed.other && claimed.one + claimed.other > 0;
    };
    const outcome = (): string => `${cells.words.map(({ value: held }) => held).join()} | ${cells.table.keys().join()}`;
    store.settle();
    return { store, processes, invariants: claims.map((claimed) => ({ name: claimed.claim, check: () => (isBroken(claimed) ? textOf(claimed) : null) })), runsOut: automata.every(({ arrival }) => arrival === null), outcome };
  };
}

/** The same as a plain object. */
interface State {
  readonly words: readonly number[];
  readonly places: readonly number[];
  readonly keys: readonly number[];
  readonly arrived: readonly boolean[];
}

/** What the program means. */
export interface Meaning {
  readonly outcomes: ReadonlySet<string>;
  readonly violations: ReadonlySet<string>;
  readonly hasDeadlock: boolean;
  readonly isCyclic: boolean;
  readonly states: number;
}

/** @returns null if there are more than `limit` states */
export function meaningOf({ automata, claims }: Automata, limit: number): Meaning | null {
  const [outcomes, violations] = [new Set<string>(), new Set<string>()];
  const known = new Map<string, 'open' | 'done'>();
  let [hasDeadlock, isCyclic] = [false, false];
  const next = (state: State, p: number, rule: Rule, chosen: number, goesOn: boolean): State => {
    const places = state.places.with(p, state.places[p]! + (goesOn ? 1 : 0));
    const set = (w: number, to: number): State => ({ ...state, places, words: state.words.with(w, to) });
    switch (rule.do) {
      case 'set': return set(rule.word, rule.value);
      case 'either': return set(rule.word, chosen + 1);
      case 'count': return set(rule.word, state.keys.length);
      case 'if': return { ...state, places: state.words[rule.word] === rule.value ? places.with(p, rule.to) : places };
      case 'put': return { ...state, places, keys: [...new Set([...state.keys, rule.key])].sort() };
      case 'take': return { ...state, places, keys: state.keys.filter((one) => one !== rule.key) };
      case 'send': return { ...state, places: rule.whom < places.length ? places.with(rule.whom, rule.to) : places };
      default: return { ...state, places };
    }
  };
  const isFalse = ({ words, keys, places }: State, claimed: Claim): boolean => {
    switch (claimed.claim) {
      case 'words': return claimed.one !== claimed.other && [claimed.one, claimed.other].every((w) => words[w] === claimed.value);
      case 'keys': return keys.length > claimed.most;
      case 'places': return claimed.one + claimed.other > 0 && places[0] === claimed.one && places[1] === claimed.other;
    }
  };
  const visit = (state: State): void => {
    const text = JSON.stringify(state);
    const was = known.get(text);
    if (was === 'open') isCyclic = true;
    if (was !== undefined || known.size > limit) return;
    known.set(text, 'open');
    const steps: State[] = [];
    const arrivals: State[] = [];
    let isBusy = false;
    automata.forEach(({ rules, arrival }, p) => {
      const rule = rules[state.places[p]!];
      if (rule !== undefined && rule.do !== 'idle') isBusy = true;
      const waits = (rule?.do === 'await' || rule?.do === 'idle') && state.words[rule.word] !== rule.value;
      if (rule !== undefined && !waits) for (const chosen of rule.do === 'either' ? [0, 1] : [0]) steps.push(next(state, p, rule, chosen, true));
      if (arrival !== null && !state.arrived[p] && state.places[p]! >= arrival.from && (rule !== undefined || arrival.isLate)) arrivals.push(next({ ...state, arrived: state.arrived.with(p, true) }, p, arrival.rule, 1, false));
    });
    if (steps.length === 0 && !isBusy) outcomes.add(`${state.words.join()} | ${state.keys.join()}`);
    else if (steps.length + arrivals.length === 0) hasDeadlock = true;
    for (const after of [...steps, ...arrivals]) {
      const broken = claims.find((claimed) => isFalse(after, claimed));
      if (broken !== undefined) violations.add(textOf(broken));
      else visit(after);
    }
    known.set(text, 'done');
  };
  const start: State = { words: Array<number>(WORDS).fill(0), places: automata.map(({ begins }) => (begins ? 0 : NOWHERE)), keys: [], arrived: automata.map(() => false) };
  if (claims.some((claimed) => isFalse(start, claimed))) return null;
  visit(start);
  return known.size > limit ? null : { outcomes, violations, hasDeadlock, isCyclic, states: known.size };
}

const ENGINES: readonly EngineName[] = ['brute-force', 'stateful', 'layered', 'reduced', 'optimal', 'auto'];
const MOST = 400;

export interface AutomataComparison {
  readonly comparisons: number;
  /** Runs repeat a state, and the engine says that it cannot finish; or the program is too large to be compared. */
  readonly passedOver: number;
  readonly failing: number;
  readonly difference: string | null;
}

/** Compares every engine with the meaning of random automata. */
export function compareWithMeaning(programs: number, seed: number, engines = ENGINES, ask = (program: Program, engine: EngineName): Verdict => explore(program, {}, undefined, { engine, challenge: 0 })): AutomataComparison {
  let [comparisons, passedOver, failing] = [0, 0, 0];
  const property = fc.property(someAutomata, (made) => {
    const meaning = meaningOf(made, MOST);
    if (meaning === null) return void (passedOver += engines.length);
    if (meaning.violations.size > 0 || meaning.hasDeadlock) failing++;
    for (const engine of engines) {
      const verdict = ask(followed(made), engine);
      if (!verdict.complete && meaning.isCyclic && (engine === 'reduced' || engine === 'optimal')) {
        passedOver++;
        continue;
      }
      comparisons++;
      const findings = (kind: string): string[] => verdict.findings.filter((finding) => finding.kind === kind).map(({ message }) => message);
      // An execution ends only where nothing can come: a state of rest before that is not an outcome.
      const isTold = verdict.engine !== 'optimal' || made.automata.every(({ arrival }) => arrival === null);
      const said = { complete: verdict.complete, outcomes: isTold ? [...verdict.outcomes].sort() : [], violations: findings('violation').sort(), hasDeadlock: findings('deadlock').length > 0 };
      const meant = { complete: true, outcomes: isTold ? [...meaning.outcomes].sort() : [], violations: [...meaning.violations].sort(), hasDeadlock: meaning.hasDeadlock };
      if (JSON.stringify(said) !== JSON.stringify(meant)) throw new Error(`${engine} says ${JSON.stringify(said)}, and what is meant is ${JSON.stringify(meant)}`);
    }
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: programs, seed });
  return { comparisons, passedOver, failing, difference: failed ? `${errorInstance instanceof Error ? errorInstance.message : 'unknown'}\nin ${JSON.stringify(counterexample?.[0])}` : null };
}
