// Which scenario reaches which block of the machine, and what it costs: measured once by running the
// suite with every block noted, and kept. A feature whose text has changed is measured again;
// changed blocks of the source are measured again only on request (`--measure`).

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { counted } from './blocks';
import type { Crew } from './crew';
import { filesBelow, root, textOf } from './files';

export const kept = join(root, 'node_modules', '.cache', 'paravirt-spec', 'mutants');

/** Figures of an otherwise idle machine: counted steps a second, the start of a child process, and the least time of a scenario. */
const STEPS_A_SECOND = 20_000_000;
const START = 2;
const BARE = 0.01;

export interface Covered {
  readonly uri: string;
  readonly passed: boolean;
  readonly why: string;
  /** The blocks that it reaches itself. What it takes from other scenarios is in `owners`. */
  readonly seconds: number;
  readonly steps: number;
  /** One bit for each block, by its number. */
  readonly seen: string;
  readonly owners: readonly string[];
  readonly children: boolean;
}

interface File {
  /** Keys; the index of each is its number. */
  readonly blocks: string[];
  readonly features: Record<string, string>;
  /** Features that have been begun. */
  readonly begun: Record<string, string>;
  source: string;
  readonly scenarios: Record<string, Covered>;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

export class Coverage {
  private readonly bits = new Map<string, Buffer>();
  private readonly numbers = new Map<string, readonly number[]>();
  private readonly counts = new Map<string, number>();
  private readonly costs = new Map<string, number>();
  private readonly recorded = new Map<string, boolean>();

  private constructor(private readonly file: File) {}

  /** The files of the machine. */
  static files(): readonly string[] {
    return filesBelow('machine', '.ts');
  }

  /** What is kept, after measuring everything that is missing. */
  static async measured(crew: Crew, again: boolean, say: (line: string) => void): Promise<Coverage> {
    const file = again ? null : read();
    const coverage = new Coverage(file ?? { blocks: [], features: {}, begun: {}, source: '', scenarios: {} });
    await coverage.complete(crew, say);
    return coverage;
  }

  private async complete(crew: Crew, say: (line: string) => void): Promise<void> {
    const { file } = this;
    const features = filesBelow('features', '.feature');
    for (const gone of Object.keys(file.features).filter((uri) => !features.includes(uri))) this.forget(gone);
    const owed = features.filter((uri) => file.features[uri] !== digest(textOf(uri)));
    const source = digest([...filesBelow('machine', '.ts'), ...filesBelow('steps', '.ts')].map(textOf).join(''));
    if (owed.length === features.length) file.source = source;
    else if (file.source !== source) say('the source has changed since its coverage was measured, so a mutant may be run against too few scenarios: --measure measures again');
    if (owed.length === 0) return;
    const program = this.writeProgram();
    let done = 0;
    await Promise.all(owed.map(async (uri) => {
      if (file.begun[uri] !== digest(textOf(uri))) this.forget(uri);
      file.begun[uri] = digest(textOf(uri));
      const known = Object.keys(file.scenarios).filter((key) => file.scenarios[key]!.uri === uri);
      let kept = performance.now();
      await crew.measure(program, uri, known, (key, covered) => {
        file.scenarios[key] = covered;
        if (performance.now() - kept > 10_000) {
          kept = performance.now();
          this.keep();
        }
      });
      file.features[uri] = digest(textOf(uri));
      this.keep();
      say(`measured ${++done} of ${owed.length} features`);
    }));
    rmSync(program, { recursive: true, force: true });
  }

  private forget(uri: string): void {
    for (const [key, { uri: own }] of Object.entries(this.file.scenarios)) if (own === uri) delete this.file.scenarios[key];
    delete this.file.features[uri];
    delete this.file.begun[uri];
  }

  /** Writes the machine with every block noted; returns its folder. */
  private writeProgram(): string {
    const numbers = new Map(this.file.blocks.map((key, i) => [key, i]));
    const numberOf = (key: string): number => {
      const known = numbers.get(key) ?? this.file.blocks.push(key) - 1;
      numbers.set(key, known);
      return known;
    };
    const folder = join(kept, `blocks-${process.pid}`);
    for (const file of filesBelow('machine', '.ts')) write(join(folder, file), counted(file, textOf(file), numberOf));
    return folder;
  }

  private keep(): void {
    write(join(kept, 'coverage.json.new'), JSON.stringify(this.file));
    renameSync(join(kept, 'coverage.json.new'), join(kept, 'coverage.json'));
  }

  /**
   * The scenarios that reach the block, themselves or through a search that they share. Those that are cheap and about this file come
   * first: a scenario that reaches few other blocks is more likely to check what this block does. But each of the features tagged @recorded looks at
   * all that it reaches, so these and the others take turns, with equal shares of the time: first those most of whose blocks lie in the same part
   * of the machine, of each kind (`Engines on …`) the cheapest before the others. Null stands for code that runs when the
   * file is loaded, which all scenarios reach: then those of features tagged @recorded come first, the cheapest before the others, since the
   * cheapest look at all data of the machine, and a budget would otherwise be spent on what is as unlikely to notice it as any other scenario;
   * after them those about this file, or about its folder if it has nothing else, one scenario of each feature before the second of any,
   * since nothing tells which feature makes use of a constant.
   */
  reaching(file: string, key: string | null): string[] {
    const wanted = key === null ? null : this.file.blocks.indexOf(key);
    const about = key === null && this.blocksOf(`${file} `).length === 0 ? `${dirname(file)}/` : `${file} `;
    const sorted = Object.keys(this.file.scenarios)
      .filter((name) => this.file.scenarios[name]!.passed && (wanted === null || [name, ...this.ownersOf(name)].some((one) => this.comesTo(one, wanted))))
      .sort((one, other) => this.costFor(about, one) - this.costFor(about, other));
    const [recorded, others] = [true, false].map((is) => sorted.filter((name) => this.isRecorded(this.file.scenarios[name]!.uri) === is)) as [string[], string[]];
    recorded.sort((one, other) => this.secondsOf(one) - this.secondsOf(other));
    if (key === null) return [...recorded, ...this.byTurns(others)];
    return this.inEqualShares(this.nearestFirst(this.byTurns(recorded, (name) => name.split(' ', 2).join(' ')), file), others);
  }

  /** Those before the others that have at least half the share of their blocks in this part of the machine (`machine/kernel`) that any of them has. */
  private nearestFirst(names: readonly string[], file: string): string[] {
    const part = this.blocksOf(`${file.split('/').slice(0, 2).join('/')}/`);
    const shares = new Map(names.map((name) => {
      const all = [name, ...this.ownersOf(name)];
      return [name, part.filter((number) => all.some((one) => this.comesTo(one, number))).length / all.reduce((sum, one) => sum + this.countOf(one), 0)];
    }));
    const least = Math.max(...shares.values()) / 2;
    return [true, false].flatMap((isNear) => names.filter((name) => shares.get(name)! >= least === isNear));
  }

  /** Both lists in one, in which neither takes longer than the other by more than one scenario. */
  private inEqualShares(some: readonly string[], others: readonly string[]): string[] {
    const lists = [some, others].map((names) => ({ names, next: 0, seconds: 0 }));
    const all: string[] = [];
    for (;;) {
      const [list] = lists.filter(({ names, next }) => next < names.length).sort((one, other) => one.seconds - other.seconds);
      if (list === undefined) return all;
      const name = list.names[list.next++]!;
      list.seconds += this.secondsOf(name);
      all.push(name);
    }
  }

  /** Whether a feature compares with what is recorded of the whole machine. */
  private isRecorded(uri: string): boolean {
    let is = this.recorded.get(uri);
    if (is === undefined) this.recorded.set(uri, is = /^@recorded\b/m.test(textOf(uri).split('Feature:')[0]!));
    return is;
  }

  /** One of each kind, then the next one of each, and so on: of each feature, or of those whose names begin with the same word. */
  private byTurns(names: readonly string[], kindOf = (name: string): string => this.file.scenarios[name]!.uri): string[] {
    const counts = new Map<string, number>();
    const turns = new Map(names.map((name) => {
      const kind = kindOf(name);
      const turn = counts.get(kind) ?? 0;
      counts.set(kind, turn + 1);
      return [name, turn];
    }));
    return [...names].sort((one, other) => turns.get(one)! - turns.get(other)!);
  }

  /** What it takes, times how many blocks it comes to for each whose key begins so. */
  private costFor(about: string, name: string): number {
    const key = `${about} ${name}`;
    let cost = this.costs.get(key);
    if (cost === undefined) {
      const all = [name, ...this.ownersOf(name)];
      const own = this.blocksOf(about).filter((number) => all.some((one) => this.comesTo(one, number))).length;
      const total = all.reduce((sum, one) => sum + this.countOf(one), 0);
      this.costs.set(key, cost = this.secondsOf(name) * total / Math.max(1, own));
    }
    return cost;
  }

  private blocksOf(about: string): readonly number[] {
    let numbers = this.numbers.get(about);
    if (numbers === undefined) this.numbers.set(about, numbers = this.file.blocks.flatMap((one, i) => (one.startsWith(about) ? [i] : [])));
    return numbers;
  }

  private countOf(name: string): number {
    let count = this.counts.get(name);
    if (count === undefined) this.counts.set(name, count = this.file.blocks.reduce((sum, _, number) => sum + (this.comesTo(name, number) ? 1 : 0), 0));
    return count;
  }

  /** Its own cost, in steps rather than in time, so that the order does not depend on what else the machine does. */
  secondsOf(name: string): number {
    return [name, ...this.ownersOf(name)].reduce((sum, each) => sum + this.costOf(each), 0);
  }

  private costOf(name: string): number {
    const covered = this.file.scenarios[name];
    return covered === undefined ? 0 : covered.steps / STEPS_A_SECOND + (covered.children ? START : 0) + BARE;
  }

  /** How many steps it may take with a mutant on: many times its usual number. */
  limitOf(name: string): number {
    const steps = [name, ...this.ownersOf(name)].reduce((sum, each) => sum + (this.file.scenarios[each]?.steps ?? 0), 0);
    return Math.min(2 ** 31 - 2, 10 * steps + 5_000_000);
  }

  /** Scenarios that fail without any mutant, and so cannot show anything. */
  get failing(): readonly (readonly [string, string])[] {
    return Object.entries(this.file.scenarios).filter(([, { passed }]) => !passed).map(([name, { why }]) => [name, why] as const);
  }

  /** Whether it is a scenario of the suite. */
  has(name: string): boolean {
    return name in this.file.scenarios;
  }

  get size(): number {
    return Object.keys(this.file.scenarios).length;
  }

  private ownersOf(name: string): string[] {
    const found = new Set<string>();
    const add = (one: string): void => {
      for (const owner of this.file.scenarios[one]?.owners ?? []) if (owner !== name && !found.has(owner)) add((found.add(owner), owner));
    };
    add(name);
    return [...found];
  }

  private comesTo(name: string, number: number): boolean {
    let bits = this.bits.get(name);
    if (bits === undefined) this.bits.set(name, bits = Buffer.from(this.file.scenarios[name]?.seen ?? '', 'base64'));
    return number >= 0 && ((bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
}

function read(): File | null {
  try {
    return JSON.parse(readFileSync(join(kept, 'coverage.json'), 'utf8')) as File;
  } catch {
    return null;
  }
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

