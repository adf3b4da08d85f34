// Whether the recordings of real accesses (features/machine/data) notice changes of the walker and of the TLB: all mutants of these files, of which
// each is replayed until a recording differs. No scenario is run, so a survivor is a gap of the recordings alone.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type * as Recorded from '../../machine/hardware/recorded';
import { applyEdits } from '../../machine/cli/mutate/mutation';
import { blockAt, blocksOf, counted } from './blocks';
import { kept, write } from './coverage';
import { reasonWhyEqual } from './equal';
import { root, textOf } from './files';
import { mutantsOf, type Mutant } from './operators';
import { accepted, switchedFiles } from './sample';

/** What the recordings are about. */
const FILES = ['paging', 'tlb', 'mmu', 'structure-cache'].map((name) => `machine/hardware/${name}.ts`);
const SHIPPED = ['mmu', 'tlb'].map((name) => join(root, 'features', 'machine', 'data', `${name}.jsonl.gz`));
/** The processors that replay them: the plain one, and one that keeps more than it must. */
const PROCESSORS = [{}, { structureCaches: true, severalSizes: true, pcids: true }];
/** A recording fails if a mutant makes it take so many times the steps of the longest. */
const PATIENCE = 20;
const MOST = 2 ** 31 - 2;

interface Preload {
  readonly numbers: Int32Array;
  readonly seen: Uint8Array;
  readonly CHOSEN: number;
  readonly STEPS: number;
  readonly LIMIT: number;
}

interface Judged {
  readonly mutant: Mutant;
  /** How many recordings come to the changed place. */
  readonly reaching: number;
  /** The recording that differs, and how; null if none does. */
  readonly killedBy: string | null;
}

/** The lines of compressed files. */
const linesOf = (file: string): string[] => gunzipSync(readFileSync(file)).toString().split('\n').filter((line) => line !== '');

/**
 * Replays the recordings against every mutant of the walker and the TLB.
 *
 * @param only words that must occur in the name of a mutant
 * @param from a compressed file with recordings; by default those that are shipped
 * @returns a table by file, and each survivor
 */
export function againstRecordings({ only, from }: { readonly only: string; readonly from: string }, say: (line: string) => void): string {
  const all = FILES.flatMap((file) => mutantsOf(file, textOf(file))).filter(({ id }) => id.includes(only));
  const { mutants, refused } = accepted(all, Infinity);
  mkdirSync(kept, { recursive: true });
  const program = mkdtempSync(join(kept, 'recordings-'));
  try {
    return tableOf(new Replay(program, mutants, (from === '' ? SHIPPED : [from]).flatMap(linesOf)).judged(say), refused);
  } finally {
    rmSync(program, { recursive: true, force: true });
  }
}

class Replay {
  private readonly preload: Preload;
  private readonly apart: ReadonlySet<number>;
  /** In the order in which they are replayed: those that have noticed a mutant come first. */
  private recordings: Recorded.RecordedCase[];
  private recorded: typeof Recorded;
  private limit = MOST;
  /** The blocks of each file, and by their keys how many recordings come to each. */
  private readonly blocks = new Map(FILES.map((file) => [file, blocksOf(file, textOf(file))]));
  private readonly visits = new Map<string, number>();

  constructor(private readonly program: string, private readonly mutants: readonly Mutant[], private readonly lines: readonly string[]) {
    const modules = switchedFiles(mutants);
    this.apart = new Set([...modules.values()].flatMap((module) => module.apart));
    for (const file of FILES) write(join(program, file), counted(file, modules.get(file)?.text ?? textOf(file), () => null));
    process.env['PARAVIRT_SPEC_MUTANTS'] = program;
    this.preload = module.require('./preload.js') as Preload;
    this.measure();
    this.recorded = this.loaded(program);
    const { parseRecording } = this.recorded;
    this.recordings = lines.map(parseRecording);
  }

  /** The machine, loaded again with the files of these folders. */
  private loaded(folders: string): typeof Recorded {
    process.env['PARAVIRT_SPEC_MUTANTS'] = folders;
    const own = join(root, 'machine');
    for (const file of Object.keys(require.cache)) if (file.startsWith(own) && !file.startsWith(join(own, 'cli'))) delete require.cache[file];
    return module.require('../../machine/hardware/recorded') as typeof Recorded;
  }

  /** Runs every recording without a mutant: all must agree. Notes which blocks each comes to, and the most steps that one takes. */
  private measure(): void {
    const { numbers, seen, STEPS, LIMIT } = this.preload;
    const folder = join(this.program, 'measured');
    const keys = [...this.blocks.values()].flatMap((own) => own.map(({ key }) => key));
    for (const file of FILES) write(join(folder, file), counted(file, textOf(file), (key) => keys.indexOf(key)));
    const { parseRecording, RecordingPlayer } = this.loaded(folder);
    numbers[LIMIT] = MOST;
    const players = PROCESSORS.map((options) => new RecordingPlayer(options));
    let longest = 0;
    for (const line of this.lines) {
      seen.fill(0, 0, keys.length);
      numbers[STEPS] = 0;
      const differing = players.flatMap((player) => player.play(parseRecording(line))).find(({ differences }) => differences.length > 0);
      if (differing !== undefined) throw new Error(`recording ${differing.id} differs without a mutant: ${differing.differences.join('; ')}`);
      longest = Math.max(longest, numbers[STEPS]!);
      keys.forEach((key, i) => {
        if (seen[i] === 1) this.visits.set(key, (this.visits.get(key) ?? 0) + 1);
      });
    }
    this.limit = PATIENCE * longest;
  }

  judged(say: (line: string) => void): Judged[] {
    return this.mutants.map((mutant, i) => {
      const block = blockAt(this.blocks.get(mutant.file)!, mutant.edits[0]!.start);
      const reaching = block === null ? this.recordings.length : this.visits.get(block.key) ?? 0;
      const killedBy = reaching === 0 ? null : this.apart.has(i + 1) ? this.tryApart(mutant, i + 1) : this.try(this.recorded, i + 1);
      say(`${i + 1} of ${this.mutants.length}: ${killedBy === null ? 'SURVIVES' : 'killed'} ${mutant.id}${killedBy === null ? '' : `\n      by ${killedBy}`}`);
      return { mutant, reaching, killedBy };
    });
  }

  private tryApart(mutant: Mutant, number: number): string | null {
    const folder = join(this.program, `apart-${number}`);
    write(join(folder, mutant.file), counted(mutant.file, applyEdits(textOf(mutant.file), mutant.edits), () => null));
    try {
      return this.try(this.loaded(`${folder}:${this.program}`), 0);
    } finally {
      this.recorded = this.loaded(this.program);
    }
  }

  /** The first recording that differs, or that the machine refuses; null if none does. */
  private try({ RecordingPlayer }: typeof Recorded, number: number): string | null {
    const { numbers, CHOSEN, STEPS, LIMIT } = this.preload;
    numbers[CHOSEN] = number;
    numbers[LIMIT] = this.limit;
    try {
      numbers[STEPS] = 0;
      const players = PROCESSORS.map((options) => new RecordingPlayer(options));
      for (const [at, recording] of this.recordings.entries()) {
        numbers[STEPS] = 0;
        const why = noticed(() => players.flatMap((player) => player.play(recording)).flatMap(({ differences }) => differences)[0]);
        if (why === undefined) continue;
        this.recordings = [recording, ...this.recordings.slice(0, at), ...this.recordings.slice(at + 1)];
        return `${recording.mode}/${recording.set} ${recording.id}: ${why}`;
      }
      return null;
    } catch (error) {
      return `the machine cannot be built: ${String(error)}`;
    } finally {
      numbers[CHOSEN] = 0;
      numbers[LIMIT] = MOST;
    }
  }
}

function noticed(play: () => string | undefined): string | undefined {
  try {
    return play();
  } catch (error) {
    return String(error).split('\n')[0]!;
  }
}

function tableOf(results: readonly Judged[], refused: number): string {
  const line = (name: string, own: readonly Judged[]): string => {
    const killed = own.filter(({ killedBy }) => killedBy !== null).length;
    const unreached = own.filter(({ reaching }) => reaching === 0).length;
    const equal = own.filter(({ killedBy, mutant }) => killedBy === null && reasonWhyEqual(mutant) !== null).length;
    return `${name.padEnd(38)}${String(own.length).padStart(5)} mutants, ${String(killed).padStart(4)} noticed, ${String(unreached).padStart(4)} where no recording comes, ${String(equal).padStart(3)} equal, ${String(own.length - killed - unreached - equal).padStart(3)} others`;
  };
  const survivors = results.filter(({ killedBy }) => killedBy === null);
  return [
    ...FILES.map((file) => line(file, results.filter(({ mutant }) => mutant.file === file))),
    line('all', results),
    `${refused} more were refused by the compiler`,
    ...survivors.map(({ mutant, reaching }) => `SURVIVES ${mutant.id}\n    ${reasonWhyEqual(mutant) ?? (reaching === 0 ? 'no recording comes to it' : `${reaching} recordings come to it`)}`),
    '',
  ].join('\n');
}
