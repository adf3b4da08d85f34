import { instruction, path, repeatWhile, RESTART, silently, type Call, type Path } from '../path';
import { Store } from '../state/store';
import { Cell, TrackedMap } from '../state/tracked';
import type { Program } from '../explorer/program';
import type { Invariant, Process } from '../explorer/system';
import { Thread } from '../explorer/thread';
import { cli, hlt, load, lockAdd, mfence, Processor, sti, store, swap } from './processor';
import { acquire, add, awaitValue, compareAndSwap, fail, Failure, Lock, read, release, Word, write } from './program';
import { FIRST_KEY, hasCaches, listsOf, LOCKS, messageOf, nameOfClaim, REARMS, runsOut, STARTS, twinsIn, withNested, WORDS, type Act, type Claim, type Script, type ScriptedProgram } from './script';

export type { Act, Script, ScriptedProgram } from './script';

// Scripts as paths, of which kernels are made too.

const isDrained = (me: Processor): boolean => me.buffer.length === 0;

const lock = instruction(
  (which: Lock) => `lock ${which.name}`,
  (_me: Processor, which: Lock) => { which.value = 1; },
  { when: (me, which) => isDrained(me) && which.value === 0, awaits: (_me, which) => ({ kind: 'lock', name: which.name }) },
);
const unlock = instruction((which: Lock) => `unlock ${which.name}`, (_me: Processor, which: Lock) => { which.value = 0; }, { when: isDrained });
const awaitWord = instruction(
  (word: Word, value: number) => `await ${word.name} = ${value}`,
  (me: Processor, word: Word, value: number) => me.load(word) - value,
  { when: (me, word, value) => me.load(word) === value },
);
const awaitWords = instruction(
  (word: Word, other: Word, value: number) => `await ${word.name} = ${other.name} = ${value}`,
  (me: Processor, word: Word, other: Word, value: number) => me.load(word) + me.load(other) - 2 * value,
  { when: (me, word, other, value) => me.load(word) === value && me.load(other) === value },
);
const choose = instruction(
  (word: Word) => `choose ${word.name}`,
  (me: Processor, word: Word) => me.put(word, 1 + me.chosen),
  { choices: () => ['one', 'two'] },
);
const pick = instruction(
  (word: Word) => `pick ${word.name}`,
  (me: Processor, word: Word) => me.put(word, 1 + me.chosen),
  { choices: (me, word) => (me.load(word) === 0 ? ['one'] : ['one', 'two']) },
);
const spin = instruction((word: Word, value: number) => `spin ${word.name} = ${value}`, (me: Processor, word: Word, value: number) => (me.load(word) === value ? value : RESTART));
const rearm = instruction((line: number) => `rearm irq${line}`, (me: Processor, line: number) => me.rearm(line, REARMS));
const switchTask = instruction('switch', (me: Processor) => me.switchTask());
const look = instruction((word: Word) => `look at ${word.name}`, (me: Processor, word: Word) => me.look(word));
const flush = instruction('flush', (me: Processor) => me.flush());
const quiet = silently((word: Word) => `quietly load ${word.name}`, (me: Processor, word: Word) => me.load(word));
const report = instruction('report', (_me: unknown, into: Cell<string>, text: string) => { into.value += `${text};`; });

/** What processors share. */
export class Shared {
  readonly words: readonly Word[];
  readonly locks: readonly Lock[];
  readonly failure: Failure;
  readonly table: TrackedMap<number, number>;
  readonly next: Cell<number>;

  constructor(store: Store, makeTable: MakeTable) {
    this.words = Array.from({ length: WORDS }, (_, i) => new Word(store, `word${i}`, 0));
    this.locks = Array.from({ length: LOCKS }, (_, i) => new Lock(store, `lock${i}`, 0));
    this.failure = new Failure(store, 'assertion', '');
    this.table = makeTable(store, 'table');
    this.next = new Cell<number>(store, 'next', FIRST_KEY);
  }
}

/** Creates the table of a program: for showing that a faulty one is detected. */
export type MakeTable = (store: Store, name: string) => TrackedMap<number, number>;

const soundTable: MakeTable = (store, name) => new TrackedMap<number, number>(store, name, 0);

/** The result of an act. */
type Seen = number | readonly number[];

/** Operations on other processors and on the table. */
function instructionsFor(shared: Shared, processors: readonly Processor[], faults: ReadonlyMap<Processor, () => Call<unknown>>) {
  const { table, next } = shared;
  const other = (target: number): Processor => processors[target % processors.length]!;
  return {
    ipi: instruction((target: number) => `IPI to cpu${target % processors.length}`, (_me: Processor, target: number) => other(target).receiveIpi()),
    answered: instruction(
      (target: number) => `await the answer of cpu${target % processors.length}`,
      (_me: Processor, _target: number) => 0,
      { when: (_me, target) => !other(target).isIpiPending, awaits: (_me, target) => ({ kind: 'answers', of: [{ process: other(target).name }] }) },
    ),
    wake: instruction((target: number) => `wake cpu${target % processors.length}`, (_me: Processor, target: number) => { other(target).isAwake = true; }),
    start: instruction((target: number) => `start cpu${target % processors.length}`, (_me: Processor, target: number) => other(target).begin(STARTS)),
    abandon: instruction((target: number) => `abandon cpu${target % processors.length}`, (me: Processor, target: number) => { if (other(target) !== me) other(target).context.abandon(); }),
    mask: instruction((target: number, line: number) => `mask line ${line} of cpu${target % processors.length}`, (_me: Processor, target: number, line: number) => other(target).mask(line, true)),
    unmask: instruction((target: number, line: number) => `unmask line ${line} of cpu${target % processors.length}`, (_me: Processor, target: number, line: number) => other(target).mask(line, false)),
    put: instruction((key: number, value: number) => `put ${key} = ${value}`, (_me: unknown, key: number, value: number) => table.set(key, value)),
    count: instruction('count', () => table.keys().length),
    alloc: instruction('alloc', () => {
      const key = next.value;
      next.value = key + 1;
      table.set(key, 1);
      return key;
    }),
    access: instruction((word: Word) => `access ${word.name}`, (me: Processor, word: Word) => {
      if (me.load(word) !== 0) return 0;
      me.context.interrupt(faults.get(me)!(), me);
      return RESTART;
    }),
    trap: instruction((word: Word) => `trap unless ${word.name}`, (me: Processor, word: Word) => {
      if (me.load(word) !== 0) return 0;
      me.context.interrupt(faults.get(me)!(), me);
      return 1;
    }),
  };
}

/** The program that `script` describes. Its outcomes are the final words, the keys, and everything that was seen. */
export function scripted(script: ScriptedProgram, makeTable: MakeTable = soundTable): Program {
  const lists = script.processors.flatMap((one) => listsOf(one).flatMap(([, acts]) => withNested(acts)));
  const twins = twinsIn(script);
  const hasNothingLeft = runsOut(script);
  const isCached = hasCaches(script);
  const entities = (i: number): string[] => (script.isThreads === true ? [`cpu${i}`, `cpu${i}.readings`] : [`cpu${i}`, `cpu${i}.context`, `cpu${i}.readings`, ...(script.processors[i]!.second ? [`cpu${i}.task`] : [])]);
  const interchangeable = twins.map((group, n) => ({ kind: `processors ${n}`, members: group.map(entities) }));
  return () => {
    const cells = new Store();
    const shared = new Shared(cells, makeTable);
    const { words, locks, failure } = shared;
    const processors: Processor[] = [];
    const faults = new Map<Processor, () => Call<unknown>>();
    const { ipi, answered, wake, start, abandon, mask, unmask, put, count, alloc, access, trap } = instructionsFor(shared, processors, faults);

    const perform = script.isThreads === true ? threadPath(lists, shared) : path(function* perform(list: number, index: number): Path<Seen> {
      const act = lists[list]![index]!;
      const word = words['word' in act ? act.word : 0]!;
      switch (act.do) {
        case 'load': return yield* load(word);
        case 'store': yield* store(word, act.value); return 0;
        case 'copy': {
          const value = yield* load(word);
          yield* store(words[act.to]!, value + 1);
          return value;
        }
        case 'add': yield* lockAdd(word, 1); return 0;
        case 'swap': return (yield* swap(word, act.expected, act.value)) ? 1 : 0;
        case 'await': return yield* awaitWord(word, act.value);
        case 'await both': return yield* awaitWords(word, words[act.other]!, act.value);
        case 'locked':
          yield* lock(locks[act.lock]!);
          for (let i = 0; i < act.acts.length; i++) yield* perform(lists.indexOf(act.acts), i);
          yield* unlock(locks[act.lock]!);
          return 0;
        case 'forbid':
          if ((yield* load(word)) === act.value) yield* fail(failure, `${word.name} is ${act.value}`);
          return 0;
        case 'choose': yield* choose(word); return 0;
        case 'pick': yield* pick(word); return 0;
        case 'cli': yield* cli(); return 0;
        case 'sti': yield* sti(); return 0;
        case 'mfence': yield* mfence(); return 0;
        case 'ipi': yield* ipi(act.target); return 0;
        case 'call':
          yield* ipi(act.target);
          return yield* answered(act.target);
        case 'hlt': yield* hlt(); return 0;
        case 'wake': yield* wake(act.target); return 0;
        case 'start': yield* start(act.target); return 0;
        case 'abandon': yield* abandon(act.target); return 0;
        case 'put': yield* put(act.key, act.value); return 0;
        case 'count': return yield* count();
        case 'alloc': return yield* alloc();
        case 'spin': return yield* spin(word, act.value);
        case 'while': yield* repeatWhile(round(lists.indexOf(act.acts), word, act.value)); return 0;
        case 'access': return yield* access(word);
        case 'trap': return yield* trap(word);
        case 'mask': yield* mask(act.target, act.line); return 0;
        case 'unmask': yield* unmask(act.target, act.line); return 0;
        case 'rearm': yield* rearm(act.line); return 0;
        case 'switch': yield* switchTask(); return 0;
        case 'look': return yield* look(words[0]!);
        case 'flush': yield* flush(); return 0;
        case 'quiet': return yield* quiet(word);
        case 'pair': {
          const one = yield* load(word);
          const other = yield* load(words[act.other]!);
          return [one, other];
        }
      }
    });
    const round = path(function* round(list: number, word: Word, value: number): Path<boolean> {
      for (let i = 0; i < lists[list]!.length; i++) yield* perform(list, i);
      return (yield* load(word)) === value;
    });
    const run = path(function* run(list: number, into: Cell<string>) {
      let seen = '';
      for (let i = 0; i < lists[list]!.length; i++) seen += ` ${String(yield* perform(list, i))}`;
      yield* report(into, seen);
    });
    const fault = path(function* fault(list: number) {
      for (let i = 0; i < lists[list]!.length; i++) yield* perform(list, i);
    });
    const calls = (acts: readonly Act[], into: Cell<string>): (() => Call<unknown>) => () => run(lists.indexOf(acts), into);

    const readings = script.processors.map((_, i) => new Cell<string>(cells, `cpu${i}.readings`, ''));
    const cached = isCached ? { cache: words[0]! } : {};
    const makeProcessor = ({ acts, interrupts, onIpi, onFault = [], isLate = false, second }: Script, i: number): Processor => {
      const processor = new Processor(cells, `cpu${i}`, {
        body: calls(acts, readings[i]!)(),
        interrupts: Object.fromEntries(interrupts.map((handler, n) => [`irq${n}`, calls(handler, readings[i]!)])),
        onIpi: calls(onIpi, readings[i]!),
        isBuffered: script.isBuffered, comesAtRest: script.comesAtRest ?? false, isLate,
        hasCertainIpis: script.hasCertainIpis ?? false, ...cached, ...(second ? { second: calls(second, readings[i]!)() } : {}),
      });
      processors.push(processor);
      faults.set(processor, () => fault(lists.indexOf(onFault)));
      return processor;
    };
    const processes: readonly Process[] = script.isThreads === true
      ? script.processors.map(({ acts }, i) => new Thread(cells, `cpu${i}`, calls(acts, readings[i]!)(), true))
      : script.processors.map(makeProcessor);
    cells.settle();
    const outcome = (): string => [...words.map((word) => word.value), keysInWords(shared.table.keys().map((key) => [key, shared.table.get(key)])), ...inOrder(readings.map(({ value }) => value), twins)].join('|');
    return { store: cells, runsOut: hasNothingLeft, processes, invariants: [failure, ...(script.claims ?? []).map((claim) => invariantFor(claim, shared))], interchangeable, outcome };
  };
}

/** The same for threads, with instructions whose accesses are known in advance. */
function threadPath(lists: readonly (readonly Act[])[], { words, locks, failure }: Shared): (list: number, index: number) => Call<Seen> {
  const perform = path(function* perform(list: number, index: number): Path<Seen> {
    const act = lists[list]![index]!;
    const word = words['word' in act ? act.word : 0]!;
    switch (act.do) {
      case 'load': return yield* read(word);
      case 'store': yield* write(word, act.value); return 0;
      case 'copy': {
        const value = yield* read(word);
        yield* write(words[act.to]!, value + 1);
        return value;
      }
      case 'add': yield* add(word, 1); return 0;
      case 'swap': return (yield* compareAndSwap(word, act.expected, act.value)) ? 1 : 0;
      case 'await': yield* awaitValue(word, act.value); return 0;
      case 'locked':
        yield* acquire(locks[act.lock]!);
        for (let i = 0; i < act.acts.length; i++) yield* perform(lists.indexOf(act.acts), i);
        yield* release(locks[act.lock]!);
        return 0;
      case 'forbid':
        if ((yield* read(word)) === act.value) yield* fail(failure, `${word.name} is ${act.value}`);
        return 0;
      default: throw new Error(`machine bug: a thread cannot "${act.do}"`);
    }
  });
  return perform;
}

function invariantFor(claim: Claim, { words, locks, table }: Shared): Invariant {
  const holds = (): boolean => {
    switch (claim.claim) {
      case 'never both': return words[claim.word]!.value !== claim.value || words[claim.other]!.value !== claim.otherValue;
      case 'at most': return table.keys().length <= claim.keys;
      case 'not while': return words[claim.word]!.value !== claim.value || locks[claim.lock]!.value === 0;
    }
  };
  return { name: nameOfClaim(claim), check: () => (holds() ? null : messageOf(claim)) };
}

/** `0=1,10=1` */
export function keysInWords(entries: readonly (readonly [number, number])[]): string {
  return entries.map(([key, value]) => `${key}=${value}`).join();
}

/** Sorts what twins have seen: which of them saw it is not part of the outcome. */
export function inOrder(readings: readonly string[], twins: readonly (readonly number[])[]): string[] {
  const texts = [...readings];
  for (const group of twins) group.map((i) => texts[i]!).sort().forEach((text, n) => { texts[group[n]!] = text; });
  return texts;
}
