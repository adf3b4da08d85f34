import { instruction, path } from '../path';
import { Store } from '../state/store';
import { Cell } from '../state/tracked';
import type { Program } from '../explorer/program';
import { load, mfence, Processor, store } from './processor';
import { Word } from './program';

// The shortest programs that tell memory models apart. The outcome of a run is
// its graph: which store each load read from, and the order of the stores to each
// word. Every store writes a unique value, so the values determine the graph.

/**
 * What each thread does, in words: `x=` sets x, `x!` clears it, `x` loads it,
 * `|` is a fence, and `y?x` loads y and, if that is clear, x too.
 */
const scripts: Readonly<Record<string, readonly string[]>> = {
  SB: ['x= y', 'y= x'],
  'SB+mfence': ['x= | y', 'y= | x'],
  MP: ['x= y=', 'y x'],
  LB: ['x y=', 'y x='],
  '2+2W': ['x= y=', 'y= x='],
  R: ['x= y=', 'y= x'],
  S: ['x= y=', 'y x='],
  IRIW: ['x=', 'y=', 'x y', 'y x'],
  WRC: ['x=', 'x y=', 'y x'],
  'SB+rfi': ['x= x y', 'y= y x'],
  Dekker: ['x= y?x x!', 'y= x?y y!'],
  SB3: ['x= y', 'y= z', 'z= x'],
  LB3: ['x y=', 'y z=', 'z x='],
};

/** The names of the litmus programs. */
export const litmusNames: readonly string[] = Object.keys(scripts);

/**
 * What each thread of a litmus program does.
 *
 * @throws Error for an unknown name
 */
export function litmusThreads(name: string): readonly string[] {
  const threads = scripts[name];
  if (!threads) throw new Error(`no litmus program "${name}"; there are ${litmusNames.join(', ')}`);
  return threads;
}

/** The possible words. */
const LETTERS = ['x', 'y', 'z'];

/** A word that remembers the order of its stores. */
class HistoricWord extends Word {
  private readonly history: Cell<readonly number[]>;

  constructor(cells: Store, name: string) {
    super(cells, name, 0);
    this.history = new Cell<readonly number[]>(cells, `${name}.history`, []);
  }

  override get value(): number {
    return super.value;
  }

  override set value(value: number) {
    super.value = value;
    this.history.value = [...this.history.value, value];
  }

  get order(): string {
    return `${this.name}: ${this.history.value.join(' ')}`;
  }
}

/** Stores what a thread has read where the outcome can show it. */
const report = instruction('report', (_me: Processor, into: Cell<string>, text: string) => { into.value = text; });

/**
 * The litmus program `name`; its outcomes are the graphs of its runs.
 *
 * @param isBuffered x86-TSO when true, sequential consistency when false
 */
export function litmus(name: string, isBuffered: boolean): Program {
  const threads = litmusThreads(name);
  return () => {
    const cells = new Store();
    const words = new Map(LETTERS.filter((letter) => threads.some((script) => script.includes(letter))).map((letter) => [letter, new HistoricWord(cells, letter)]));
    const word = (letter: string | undefined): HistoricWord => words.get(letter ?? '')!;
    const item = path(function* item(text: string, value: number) {
      if (text === '|') yield* mfence();
      else if (text.endsWith('=')) yield* store(word(text[0]), value);
      else if (text.endsWith('!')) yield* store(word(text[0]), -value);
      else {
        const first = yield* load(word(text[0]));
        if (text[1] !== '?' || first > 0) return ` ${first}`;
        return ` ${first} ${yield* load(word(text[2]))}`;
      }
      return '';
    });
    const thread = path(function* thread(id: number, script: string, into: Cell<string>) {
      let seen = '';
      for (const [i, text] of script.split(' ').entries()) seen += yield* item(text, id * 10 + i + 1);
      yield* report(into, seen);
    });
    const readings = threads.map((_, i) => new Cell<string>(cells, `cpu${i}.readings`, ''));
    const processors = threads.map((script, i) => new Processor(cells, `cpu${i}`, { body: thread(i + 1, script, readings[i]!), isBuffered }));
    cells.settle();
    const outcome = (): string => [...readings.map((reading) => reading.value), ...[...words.values()].map(({ order }) => order)].join('; ');
    return { store: cells, runsOut: true, processes: processors, invariants: [], outcome };
  };
}
