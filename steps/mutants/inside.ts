// The code of a process that runs scenarios against mutants: one after the other, in one program.
// It does not use the machine itself, so no mutant can change its reports.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Envelope, Pickle } from '@cucumber/messages';
import { loadSupport, runCucumber, type IRunOptions } from '@cucumber/cucumber/api';

/** The task of the process: all scenarios named, with one mutant on (0: none), until one fails. */
export interface Task {
  readonly number: number;
  /** Folders of changed files, for a mutant that no number can switch; searched before the others. */
  readonly apart: string | null;
  /** Whether the steps and the commands are loaded again, for a mutant that may change what they do while they are loaded. */
  readonly anew?: boolean;
  /** In the order in which they are to run, each with the number of steps that it may take. */
  readonly scenarios: readonly { readonly key: string; readonly limit: number }[];
  /** Instead of scenarios: all of this feature except those that are known, even if some fail, with the result of each. */
  readonly feature?: string;
  readonly known?: readonly string[];
}

export type Told =
  | { readonly begun: string }
  | { readonly ended: string; readonly uri: string; readonly passed: boolean; readonly why: string; readonly seconds: number; readonly steps: number; readonly seen: string; readonly owners: readonly string[]; readonly children: boolean }
  | { readonly done: true };

const root = resolve(__dirname, '..', '..');
const { numbers, seen, CHOSEN, STEPS, LIMIT } = module.require('./preload.js') as { numbers: Int32Array; seen: Uint8Array; CHOSEN: number; STEPS: number; LIMIT: number };
const MOST = 2 ** 31 - 2;
/** A scenario that takes more steps is too expensive to be run against mutants: it takes some seconds without counting, and about twenty with it. */
const DEAR = 300_000_000;
const programs = process.env['PARAVIRT_SPEC_MUTANTS']!;

/** Which scenario keeps what for others, and which have used it. */
let current = '';
let owners = new Set<string>();

class Kept<K, V> extends Map<K, V> {
  /** All that the steps have. */
  static readonly all = new Set<Kept<unknown, unknown>>();
  private readonly ownerOf = new Map<K, string>();
  private atFirst: readonly (readonly [K, V])[];

  constructor(entries: readonly (readonly [K, V])[] | null = null) {
    super(entries);
    this.atFirst = [...this];
    Kept.all.add(this as Kept<unknown, unknown>);
  }

  /** Each `forget` restores what is in it now. */
  remember(): void {
    this.atFirst = [...this];
  }

  /** Drops what scenarios have kept. */
  forget(): void {
    this.clear();
    this.ownerOf.clear();
    for (const [key, value] of this.atFirst) super.set(key, value);
  }

  override set(key: K, value: V): this {
    this.ownerOf?.set(key, current);
    return super.set(key, value);
  }

  override get(key: K): V | undefined {
    const owner = this.ownerOf?.get(key);
    if (owner !== undefined && owner !== current) owners.add(owner);
    return super.get(key);
  }
}

const supportFiles = (): string[] => {
  const { require: globs } = (module.require(join(root, 'cucumber.js')) as { default: { require: string[] } }).default;
  const folders: [string, string][] = globs.flatMap((glob): [string, string][] => {
    const braces = /\{([^}]*)\}/.exec(glob);
    return braces ? braces[1]!.split(',').map((folder) => [join('steps', folder), '.steps.ts']) : [[join('steps', 'support'), '.ts']];
  });
  return folders.flatMap(([folder, ending]) => readdirSync(join(root, folder)).filter((name) => name.endsWith(ending)).sort().map((name) => join(root, folder, name)));
};

const NO_SOURCES: IRunOptions['sources'] = { paths: [], defaultDialect: 'en', names: [], tagExpression: '', order: 'defined' };

type Library = Awaited<ReturnType<typeof loadSupport>>;

let library: Library | null = null;
/** Whether the loaded machine contains a mutant that no number switches. */
let isMachineChanged = false;

/** The steps. Loading them takes far longer than a scenario, so they stay loaded, and forget what they have kept. */
async function steps(anew: boolean): Promise<Library> {
  if (library === null || anew || isMachineChanged) {
    library = await support(isMachineChanged);
    isMachineChanged = false;
    return library;
  }
  for (const kept of Kept.all) kept.forget();
  return library;
}

/** The steps, loaded again. */
async function support(alsoTheMachine: boolean): Promise<Library> {
  Kept.all.clear();
  const own = join(root, 'steps', 'mutants') + sep;
  for (const file of Object.keys(require.cache)) {
    if (!file.startsWith(root) || file.includes(`${sep}node_modules${sep}`) || file.startsWith(own) || file.includes(`${sep}load${sep}`)) continue;
    if (alsoTheMachine || !file.startsWith(join(root, 'machine') + sep) || file.startsWith(join(root, 'machine', 'cli') + sep)) delete require.cache[file];
  }
  const loaded = await loadSupport({ sources: NO_SOURCES, support: { requireModules: [], requirePaths: supportFiles(), importPaths: [], loaders: [] } });
  for (const kept of Kept.all) kept.remember();
  return loaded;
}

/** `uri name`, and a number if several scenarios have that name. */
function keysOf(pickles: readonly { readonly pickle: Pickle }[]): Map<string, string> {
  const counts = new Map<string, number>();
  return new Map(pickles.map(({ pickle }) => {
    const plain = `${pickle.uri} ${pickle.name}`;
    const count = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, count);
    return [pickle.id, count === 1 ? plain : `${plain} (${count})`];
  }));
}

async function run(task: Task, tell: (told: Told) => void): Promise<void> {
  const wanted = task.feature !== undefined ? null : new Map(task.scenarios.map((one, i) => [one.key, { ...one, i }]));
  process.env['PARAVIRT_SPEC_MUTANTS'] = task.apart === null ? programs : `${task.apart}${delimiter}${programs}`;
  numbers[CHOSEN] = task.number;
  numbers[LIMIT] = MOST;
  isMachineChanged ||= task.apart !== null;
  const own = task.apart === null ? await steps(task.anew === true) : await support(true);

  let keys = new Map<string, string>();
  (globalThis as unknown as { $order: unknown }).$order = (pickles: readonly { readonly pickle: Pickle }[]) => {
    keys = keysOf(pickles);
    if (wanted === null) return pickles.filter(({ pickle }) => !task.known!.includes(keys.get(pickle.id)!));
    return pickles.filter(({ pickle }) => wanted.has(keys.get(pickle.id)!)).sort((one, other) => wanted.get(keys.get(one.pickle.id)!)!.i - wanted.get(keys.get(other.pickle.id)!)!.i);
  };
  const uris = wanted === null ? [task.feature!] : [...new Set([...wanted.keys()].map((key) => key.slice(0, key.indexOf(' '))))];
  const uriOf = new Map<string, string>();
  const pickleOf = new Map<string, string>();
  const folder = mkdtempSync(join(tmpdir(), 'paravirt-spec-mutants-'));
  process.env['PARAVIRT_SPEC_MUTANTS_SEEN'] = folder;
  let begun = 0;
  let why = '';
  let failed = false;

  const onMessage = ({ pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished }: Envelope): void => {
    if (pickle) uriOf.set(pickle.id, pickle.uri);
    if (testCase) pickleOf.set(testCase.id, testCase.pickleId);
    if (testCaseStarted) {
      current = keys.get(pickleOf.get(testCaseStarted.testCaseId)!)!;
      owners = new Set();
      failed = false;
      why = '';
      seen.fill(0);
      numbers[STEPS] = 0;
      numbers[LIMIT] = wanted?.get(current)!.limit ?? DEAR;
      process.env['PARAVIRT_SPEC_MUTANT'] = `${task.number} ${numbers[LIMIT]}`;
      tell({ begun: current });
      begun = performance.now();
    }
    if (testStepFinished && testStepFinished.testStepResult.status !== 'PASSED') {
      failed = true;
      why ||= (testStepFinished.testStepResult.message ?? testStepFinished.testStepResult.status).split('\n')[0]!.slice(0, 200);
    }
    if (testCaseFinished) {
      const seconds = (performance.now() - begun) / 1000;
      const limit = numbers[LIMIT]!;
      numbers[LIMIT] = MOST;
      const steps = numbers[STEPS]! + gather(folder);
      // The process that was stopped may be one that the scenario started; then the scenario reports something else.
      if (failed && wanted === null && steps >= limit) why = `it makes more than ${limit.toLocaleString('en')} steps`;
      tell({ ended: current, uri: uriOf.get([...keys].find(([, key]) => key === current)![0])!, passed: !failed, why, seconds, steps: Math.min(steps, MOST), seen: wanted === null ? bitsOf(seen) : '', owners: [...owners], children: sawChildren });
    }
  };
  const options: IRunOptions = {
    sources: { ...NO_SOURCES, paths: uris },
    support: own,
    runtime: { dryRun: false, failFast: task.number !== 0 || task.apart !== null, filterStacktraces: true, parallel: 0, retry: 0, retryTagFilter: '', strict: true, worldParameters: { challenge: 20 } },
    formats: { stdout: 'progress', files: {}, publish: false, options: {} },
    plugins: { specifiers: [pathToFileURL(join(__dirname, 'order.js')).href], options: {} },
  } as unknown as IRunOptions;
  await runCucumber(options, { cwd: root }, onMessage);
  rmSync(folder, { recursive: true, force: true });
  numbers[CHOSEN] = 0;
  if (task.anew === true) library = null;
  tell({ done: true });
}

let sawChildren = false;

/** Adds what child processes saw to what this one saw; returns the steps that they took. */
function gather(folder: string): number {
  sawChildren = false;
  if (!existsSync(folder)) return 0;
  let most = 0;
  for (const name of readdirSync(folder)) {
    sawChildren = true;
    const left = readFileSync(join(folder, name));
    most = Math.max(most, left.readInt32LE(0));
    for (let i = 4; i < left.length; i++) if (left[i] === 1) seen[i - 4] = 1;
    rmSync(join(folder, name));
  }
  return most;
}

function bitsOf(bytes: Uint8Array): string {
  const bits = Buffer.alloc(bytes.length / 8);
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 1) bits[i >> 3]! |= 1 << (i & 7);
  let end = bits.length;
  while (end > 0 && bits[end - 1] === 0) end--;
  return bits.subarray(0, end).toString('base64');
}

export function work(): void {
  (globalThis as unknown as { $Kept: unknown }).$Kept = Kept;
  process.on('message', (task: Task) => {
    run(task, (told) => process.send!(told)).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
      process.exit(70);
    });
  });
  process.on('disconnect', () => process.exit());
}
