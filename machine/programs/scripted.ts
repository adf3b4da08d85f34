import { instruction, path, type Call, type Path } from '../path';
import { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { Program } from '../explorer/program';
import { cli, load, lockAdd, mfence, Processor, sti, store, swap } from './processor';
import { fail, Failure, Lock, Word } from './program';

// Programs as data: what a generator of random programs can make up, and
// what can be printed, shrunk and kept. They contain everything that the
// explorer has to get right.

/** One thing that a processor does. Words and locks are known by number. */
export type Act =
  | { readonly do: 'load'; readonly word: number }
  | { readonly do: 'store'; readonly word: number; readonly value: number }
  /** Loads one word, adds one, and stores that in another. */
  | { readonly do: 'copy'; readonly word: number; readonly to: number }
  | { readonly do: 'add'; readonly word: number }
  | { readonly do: 'swap'; readonly word: number; readonly expected: number; readonly value: number }
  /** Waits until a word has a value. */
  | { readonly do: 'await'; readonly word: number; readonly value: number }
  /** Waits until two words have values at the same time. */
  | { readonly do: 'await both'; readonly word: number; readonly other: number; readonly value: number }
  | { readonly do: 'locked'; readonly lock: number; readonly acts: readonly Act[] }
  /** Fails the run if the word has the value. */
  | { readonly do: 'forbid'; readonly word: number; readonly value: number }
  /** Picks one of two values and stores it. */
  | { readonly do: 'choose'; readonly word: number }
  | { readonly do: 'cli' | 'sti' | 'mfence' }
  | { readonly do: 'ipi'; readonly target: number };

/** What one processor runs, what may interrupt it once each, and what it does on an IPI. */
export interface Script {
  readonly acts: readonly Act[];
  readonly interrupts: readonly (readonly Act[])[];
  readonly onIpi: readonly Act[];
}

/** A whole program. */
export interface ScriptedProgram {
  readonly processors: readonly Script[];
  readonly isBuffered: boolean;
}

const WORDS = 3;
const LOCKS = 2;

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
const report = instruction('report', (_me: Processor, into: Cell<string>, text: string) => { into.value += `${text};`; });

/** The program that `script` describes. Its outcomes are the words at the end and all that was loaded. */
export function scripted(script: ScriptedProgram): Program {
  return () => {
    const cells = new Store();
    const words = Array.from({ length: WORDS }, (_, i) => new Word(cells, `word${i}`, 0));
    const locks = Array.from({ length: LOCKS }, (_, i) => new Lock(cells, `lock${i}`, 0));
    const failure = new Failure(cells, 'assertion', '');
    const processors: Processor[] = [];

    const ipi = instruction((target: number) => `IPI to cpu${target}`, (_me: Processor, target: number) => processors[target]!.receiveIpi());
    const perform = path(function* perform(list: number, index: number): Path<number> {
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
        case 'cli': yield* cli(); return 0;
        case 'sti': yield* sti(); return 0;
        case 'mfence': yield* mfence(); return 0;
        case 'ipi': yield* ipi(act.target % script.processors.length); return 0;
      }
    });
    const run = path(function* run(list: number, into: Cell<string>) {
      let seen = '';
      for (let i = 0; i < lists[list]!.length; i++) seen += ` ${yield* perform(list, i)}`;
      yield* report(into, seen);
    });
    const lists = script.processors.flatMap(({ acts, interrupts, onIpi }) => [acts, ...interrupts, onIpi].flatMap(withNested));
    const calls = (acts: readonly Act[], into: Cell<string>): (() => Call<unknown>) => () => run(lists.indexOf(acts), into);

    const readings = script.processors.map((_, i) => new Cell<string>(cells, `cpu${i}.readings`, ''));
    script.processors.forEach(({ acts, interrupts, onIpi }, i) => {
      processors.push(new Processor(cells, `cpu${i}`, {
        body: calls(acts, readings[i]!)(),
        interrupts: Object.fromEntries(interrupts.map((handler, n) => [`irq${n}`, calls(handler, readings[i]!)])),
        onIpi: calls(onIpi, readings[i]!),
        isBuffered: script.isBuffered,
      }));
    });
    cells.settle();
    const twins = twinsIn(script);
    const interchangeable = twins.map((group) => ({ kind: 'processors', members: group.map((i) => [`cpu${i}`, `cpu${i}.context`, `cpu${i}.readings`]) }));
    // Which of several twins has seen what is no outcome of its own.
    const inOrder = (): string[] => {
      const texts = readings.map((reading) => reading.value);
      for (const group of twins) group.map((i) => texts[i]!).sort().forEach((text, n) => { texts[group[n]!] = text; });
      return texts;
    };
    const outcome = (): string => [...words.map((word) => word.value), ...inOrder()].join('|');
    return { store: cells, runsOut: true, processes: processors, invariants: [failure], interchangeable, outcome };
  };
}

/** Groups of processors that run one and the same script. Where there are IPIs, a processor is known by its number. */
function twinsIn({ processors }: ScriptedProgram): number[][] {
  if (processors.some(({ acts, interrupts, onIpi }) => [acts, ...interrupts, onIpi].flatMap(withNested).some((list) => list.some((act) => act.do === 'ipi')))) return [];
  return [...new Set(processors)].map((script) => processors.flatMap((other, i) => (other === script ? [i] : []))).filter(({ length }) => length > 1);
}

function withNested(acts: readonly Act[]): (readonly Act[])[] {
  return [acts, ...acts.flatMap((act) => (act.do === 'locked' ? withNested(act.acts) : []))];
}
