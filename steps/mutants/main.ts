// The test of the suite itself: small changes of the machine, and whether a scenario notices them.
//   npm run mutants -- [folder] [--sample N] [--seed S] [--workers N] [--budget SECONDS] [--only WORDS] [--measure] [--resume] [--json]
//   npm run mutants -- named                          the faults of named.ts
//   npm run mutants -- recordings [--only WORDS] [--from FILE]   all changes of the walker and the TLB, against recordings instead of scenarios

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../machine/cli/mutate/mutation';
import { blockAt, blocksOf, counted } from './blocks';
import { Coverage, kept, write } from './coverage';
import { Crew, type Ending } from './crew';
import { textOf } from './files';
import { namedMutants } from './named';
import type { Mutant } from './operators';
import { accepted, drawn, switchedFiles } from './sample';
import { againstRecordings } from './recordings';
import { optionsFrom, WrongUse, type Options } from './options';
import { isDeath, tableOf, type Judged } from './score';

/** Killed mutants, identified by their change: a file beside the coverage. */
const GRAVES = join(kept, 'killed.json');

const graveOf = ({ file, id, edits }: Mutant): string => `${file} ${id} ${edits.map(({ text }) => text).join(' ')}`;

function graves(): Record<string, Ending> {
  return existsSync(GRAVES) ? JSON.parse(readFileSync(GRAVES, 'utf8')) as Record<string, Ending> : {};
}

/** As many of the scenarios as the budget pays for, in their order; one that is too expensive for what is left is passed over. */
function affordable(scenarios: readonly string[], budget: number, coverage: Coverage): string[] {
  let left = budget;
  return scenarios.filter((key) => {
    const seconds = coverage.secondsOf(key);
    if (seconds > left) return false;
    left -= seconds;
    return true;
  });
}

async function judged(mutants: readonly Mutant[], coverage: Coverage, crew: Crew, { budget, resume }: Options, say: (line: string) => void): Promise<Judged[]> {
  const program = mkdtempSync(join(kept, 'program-'));
  const modules = switchedFiles(mutants);
  const apart = new Set([...modules.values()].flatMap((module) => module.apart));
  const files = new Set([...Coverage.files(), ...modules.keys()]);
  for (const file of files) write(join(program, file), counted(file, modules.get(file)?.text ?? textOf(file), () => null));
  let done = 0;
  const killed = graves();
  const bury = ({ mutant, killedBy, why, ran }: Ending & { readonly mutant: Mutant }): void => write(GRAVES, JSON.stringify(Object.assign(killed, { [graveOf(mutant)]: { killedBy, why, ran } })));
  const one = async (mutant: Mutant, number: number): Promise<Judged> => {
    const block = blockAt(blocksOf(mutant.file, textOf(mutant.file)), mutant.edits[0]!.start);
    const reaching = coverage.reaching(mutant.file, block?.key ?? null);
    const known = resume ? killed[graveOf(mutant)] : undefined;
    if (known) return done++, { mutant, reaching: reaching.length, ...known };
    const chosen = affordable(reaching, budget, coverage);
    let alone: string | null = null;
    if (apart.has(number)) {
      alone = join(program, `apart-${number}`);
      write(join(alone, mutant.file), counted(mutant.file, applyEdits(textOf(mutant.file), mutant.edits), () => null));
    }
    const scenarios = chosen.map((key) => ({ key, limit: coverage.limitOf(key) }));
    const ending: Ending = chosen.length === 0 ? { killedBy: null, why: '', ran: 0 } : await crew.try(program, { number: alone === null ? number : 0, apart: alone, anew: /^machine\/(cli|patches)\//.test(mutant.file), scenarios }, (key) => coverage.secondsOf(key));
    if (ending.killedBy !== null && alone === null) bury({ mutant, ...ending });
    say(`${++done} of ${mutants.length}: ${ending.killedBy === null ? `SURVIVES ${ending.ran} of ${reaching.length}` : 'killed'} ${mutant.id}${ending.killedBy === null ? '' : `\n      by ${ending.killedBy} after ${ending.ran}: ${ending.why}`}`);
    return { mutant, reaching: reaching.length, ...ending };
  };
  try {
    const numbered = mutants.map((mutant, i) => ({ mutant, number: i + 1 }));
    const [switched, separate] = await Promise.all([false, true].map((isApart) => Promise.all(numbered.filter(({ number }) => apart.has(number) === isApart).map(({ mutant, number }) => one(mutant, number)))));
    return [...switched!, ...await proved(separate!, program, coverage, crew, bury)];
  } finally {
    rmSync(program, { recursive: true, force: true });
  }
}

/** The mutants that were killed with the machine loaded again, by scenarios that pass without a mutant. */
async function proved(results: readonly Judged[], program: string, coverage: Coverage, crew: Crew, bury: (result: Judged) => void): Promise<Judged[]> {
  const scenarios = [...new Set(results.flatMap(({ killedBy, why }) => (killedBy === null || !coverage.has(killedBy) || isDeath(why) ? [] : [killedBy])))].map((key) => ({ key, limit: coverage.limitOf(key) }));
  const failing = scenarios.length === 0 ? new Set<string>() : await crew.failing(program, scenarios, (key) => coverage.secondsOf(key));
  return results.map((result) => {
    if (result.killedBy !== null && failing.has(result.killedBy)) return { ...result, killedBy: null, why: `"${result.killedBy}" fails without the mutant as well` };
    if (result.killedBy !== null) bury(result);
    return result;
  });
}

async function main(options: Options): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (options.folder === 'recordings') return void process.stdout.write(againstRecordings(options, say));
  const crew = new Crew(options.workers);
  process.on('exit', () => crew.close());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  const coverage = await Coverage.measured(crew, options.measure, say);
  for (const [name, why] of coverage.failing) say(`fails with no mutant on, and shows nothing here: ${name}: ${why}`);
  const { mutants, refused } = options.folder === 'named' ? accepted(namedMutants(), Infinity) : accepted(drawn(options.folder, options.seed).filter(({ id }) => id.includes(options.only)), options.sample);
  if (options.folder === 'named' && refused > 0) throw new Error(`the compiler refuses ${refused} of the faults in named.ts`);
  const results = await judged(mutants, coverage, crew, options, say);
  crew.close();
  process.stdout.write(options.json ? `${JSON.stringify({ ...options, scenarios: coverage.size, refused, results }, null, 1)}\n` : tableOf(results, refused));
}

try {
  void main(optionsFrom(process.argv.slice(2))).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exit(3);
  });
} catch (error) {
  if (!(error instanceof WrongUse)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
