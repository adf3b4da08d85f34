// The command line: what a user types, and how it is answered. Each command is a
// file of its own in commands/; exit.ts has the exit codes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type * as Review from '../../reports/review/review';
import { ENGINES } from '../explorer/engine';
import type * as Bench from './commands/bench';
import type * as Boots from './commands/boots';
import type * as Check from './commands/check';
import type * as Conform from './commands/conform/conform';
import type * as Counts from './commands/counts';
import type * as Explore from './commands/explore';
import type * as Fuzz from './commands/fuzz';
import type * as Hunks from './commands/hunks';
import type * as Lint from './commands/lint';
import type * as List from './commands/list';
import type * as Neighbours from './commands/neighbours';
import type * as New from './commands/new';
import type * as Replay from './commands/replay';
import type * as Sources from './commands/sources';
import { EXIT, EXIT_CODES } from './exit';
import type * as FromEnvironment from './from-environment';
import type * as Mistyped from './mistyped';
import type { Output } from './options';
import { PROJECT } from './project';
import type * as Refusal from './refusal';
import type * as Taken from './taken';

/**
 * Runs one command line.
 *
 * @param argv the words after the program's name
 * @param patches the selection of hunks if the line does not give one
 * @returns the exit code
 */
export async function runCommandLine(argv: readonly string[], output: Output, patches = 'all'): Promise<number> {
  let code = 0;
  const program = commands(output, patches, (result) => { code = result; });
  const words = withHelpOfCommand(program, argv);
  try {
    if (PROJECT.hasOwn) load<typeof Taken>('./taken').refuseTaken();
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.holds;
      if (error.code !== 'commander.help') output.stderr(`paravirt-spec: ${load<typeof Mistyped>('./mistyped').mistyped(program, words, error)}\n`);
      return EXIT.wrongUse;
    }
    return load<typeof Refusal>('./refusal').exitFor(error, output);
  }
  return code;
}

/** Only a command has help of its own: `help --help` and `help help` are `help`, while `help chek` and `chek --help` are as wrong as `chek`. */
function withHelpOfCommand(program: Command, argv: readonly string[]): readonly string[] {
  const isCommand = (word: string | undefined): boolean => program.commands.some((each) => each.name() === word);
  if (argv[0]?.startsWith('-') || isCommand(argv[0])) return argv;
  const words = argv.filter((word) => word !== '--help' && word !== '-h');
  return words[0] === 'help' && words[1] !== undefined && !isCommand(words[1]) ? words.slice(1) : words;
}

function commands(output: Output, patches: string, finished: (code: number) => void): Command {
  const program = new Command('paravirt-spec')
    .description('Explores every interleaving of Linux/x86 patches about paravirtualised memory management.')
    .addHelpText('after', `\nThe environment variable PATCHES replaces the default of --patches.\n${EXIT_CODES}`)
    .version(version(), '--version', 'print the version of this package')
    .showSuggestionAfterError()
    .configureOutput({ writeOut: output.stdout, writeErr: output.stderr, outputError: () => undefined })
    .exitOverride();

  /** Makes the result of a command's action the exit code. */
  const finish = async (code: number | Promise<number>): Promise<void> => finished(await code);

  program.command('list')
    .description('list patches, hunks, variants, near misses, situations and claims')
    .argument('[patch]', 'one patch only')
    .option('--patches-from <file>', 'list the hunks of the catalogue that a diff contains, for each diff of a mail thread; - for standard input')
    .option('--json', 'print the list as JSON')
    .action((patch: string | undefined, options: List.ListOptions) => finish(load<typeof List>('./commands/list').listCommand(patch, options, output)));

  choosing(program.command('check'), patches)
    .description('explore every interleaving of a situation')
    .argument('[situation]', 'a situation, or a patch (its first situation); may be left out with --patches-from')
    .option('--interrupts <n>', 'at most this many interrupts in any run')
    .option('--switches <n>', 'at most this many switches in any run; a switch goes from a CPU or thread that could continue to another one')
    .option('--states <n>', 'give up after this many states')
    .option('--grid <axes>', "every combination as a table: 'release=*,order=SC|TSO,patches=none|all'")
    .option('--challenge <n>', 'check a complete verdict against at least this many random runs, or all if there are fewer (200)')
    .option('--workers <n>', 'search with this many threads, which share the visited states')
    .action((situation: string | undefined, options: Parameters<typeof Check.checkCommand>[1], command: Command) => finish(load<typeof Check>('./commands/check').checkCommand(situation, typed(options, command), output)));

  choosing(program.command('explore'), patches)
    .description('like check, for long searches and small programs: choice of engine, checkpoints, several cores or machines')
    .argument('<subject>', 'a situation, a patch, or a program such as "xenpin(3, 2)"')
    .option('--interrupts <n>', 'at most this many interrupts in any run')
    .option('--switches <n>', 'at most this many switches in any run; a switch goes from a CPU or thread that could continue to another one')
    .option('--states <n>', 'give up after this many states')
    .option('--challenge <n>', 'check a complete verdict against at least this many random runs, or all if there are fewer (200)')
    .option('--engine <name>', ENGINES.join(', '), 'auto')
    .option('--seed <n>', 'seed of the random runs')
    .option('--runs <n>', 'number of random runs')
    .option('--memory <megabytes>', 'stop when the process uses more memory than this')
    .option('--checkpoint <file>', 'keep the search in this file and resume from it (engines auto, stateful, optimal)')
    .option('--every <events>', 'events between two checkpoints')
    .option('--workers <n>', 'search with this many threads: engines auto and stateful share the visited states, others split the search')
    .option('--shard <i/n>', 'explore the i-th of n shares of the search')
    .option('--out <file>', 'where a shard writes its result')
    .option('--exchange <folder>', 'do one round of a shard: states that belong to other shards are handed over in this folder, so that none is explored twice')
    .action((subject: string, options: Explore.ExploreOptions, command: Command) => finish(load<typeof Explore>('./commands/explore').exploreCommand(subject, typed(options, command), output)));

  program.command('counts')
    .description('compare the explorer with published numbers of executions')
    .action(() => finish(load<typeof Counts>('./commands/counts').countsCommand(output)));

  program.command('bench')
    .description('measure how fast the explorer is on this machine, compared with SPIN if that is installed; takes minutes')
    .action(() => finish(load<typeof Bench>('./commands/bench').benchCommand(output)));

  program.command('merge')
    .description('merge the results of all shards of a search')
    .argument('<files...>', 'the result files of the shards, or the folder of --exchange')
    .option('--json', 'print the verdict as JSON')
    .action((files: readonly string[], options: { json?: boolean }) => finish(load<typeof Explore>('./commands/explore').mergeCommand(files, options, output)));

  choosing(program.command('replay'), patches)
    .description('run one schedule and print each step, what it changes, and how the run ends')
    .argument('<subject>', 'a situation, a patch (its first situation), or a program such as "xenpin(3, 2)"')
    .argument('<schedule>', 'as a verdict prints it: "kthread: 2, timer@cpu0, editor: 1"')
    .action((subject: string, schedule: string, options: Parameters<typeof Replay.replayCommand>[2], command: Command) => finish(load<typeof Replay>('./commands/replay').replayCommand(subject, schedule, typed(options, command), output)));

  program.command('hunks')
    .description('say which hunk is needed for which requirement: tries each alone, all but one, and all subsets if there are few')
    .argument('[patch]', 'a patch of the catalogue; may be left out with --patches-from')
    .option('--situation <id>', 'only in this situation')
    .option('--patches-from <file>', 'say for each hunk whether it is in this diff; - for standard input')
    .option('--json', 'print the table as JSON')
    .action((patch: string | undefined, options: Hunks.HunksOptions) => finish(load<typeof Hunks>('./commands/hunks').hunksCommand(patch, options, output)));

  program.command('neighbours')
    .description('explore every fix that differs from a patch by one edit: it is rejected, the same, also right or no worse, or does not build')
    .argument('<patch>', 'a patch of the catalogue')
    .option('--variant <id>', 'neighbours of this take, alternative or near miss instead of the patch')
    .option('--workers <n>', 'use this many threads')
    .option('--only <words>', 'only neighbours with these words in their names')
    .option('--recorded', 'print the recorded answers, and explore nothing')
    .option('--missing', 'only neighbours without a recorded answer')
    .option('--list', 'print the names, and explore nothing')
    .option('--record', 'record the answers for the report and the suite')
    .option('--json', 'print the answers as JSON')
    .action((patch: string, options: Neighbours.NeighboursOptions) => finish(load<typeof Neighbours>('./commands/neighbours').neighboursCommand(patch, options, output)));

  program.command('fuzz')
    .description('run hostile guests against the model of Xen, and check every rule after each of their calls')
    .option('--calls <n>', 'number of calls to make; with --rules, give up on a rule after this many (100000)')
    .option('--seed <n>', 'seed of the random guests (1)')
    .option('--tables <shape>', '2-level, PAE, "PAE on 64-bit" or 64-bit; by default all of them')
    .option('--xen <version>', 'a released Xen such as 4.8, or 4.8+fixes for one with its holes closed')
    .option('--without <rule>', 'use a hypervisor that breaks this rule')
    .option('--rules', 'drop each Xen rule in turn, and count the calls until a hostile guest exposes it')
    .option('--record', 'run with three seeds and record the result for the suite and the report')
    .option('--replay <file>', 'replay this script, with one turn on each line')
    .option('--minutes <n>', 'run this long for each shape of page tables, without a limit on calls unless --calls is given')
    .option('--corpus <folder>', 'start with the scripts that earlier runs kept there, and add those that show something new')
    .option('--json', 'print the result as JSON')
    .action((options: Parameters<typeof Fuzz.fuzzCommand>[0]) => finish(load<typeof Fuzz>('./commands/fuzz').fuzzCommand(options, output)));

  program.command('conform')
    .description('compare the machine with recordings: mmu, tlb (accesses), tso (litmus tests) or xen (hypercalls), in plain text or compressed by gzip')
    .argument('<kind>', 'mmu, tlb, tso or xen')
    .argument('[files...]', 'recordings or litmus tests, one JSON object on each line; hypercalls as scripts')
    .option('--xen <version>', 'compare a file of hypercalls with this Xen, such as 4.13.5 or 4.13.5+fixes; by default the version in the name of the file')
    .option('--json', 'print the summary as JSON')
    .action((kind: string, files: readonly string[], options: { json?: boolean; xen?: string }) => finish(load<typeof Conform>('./commands/conform/conform').conform(kind, files, options, output)));

  program.command('boots')
    .description('boot the kernels of thread 003 in every configuration, and compare each boot with the prediction')
    .option('--all', 'the whole table, which takes minutes')
    .option('--kernel <name>', 'one kernel only, such as 2.6.28 or "2.6.28-rc8 with take-1"')
    .option('--rows', 'print every row')
    .option('--json', 'print the counts as JSON')
    .action((options: Boots.BootsOptions) => finish(load<typeof Boots>('./commands/boots').bootsCommand(options, output)));

  program.command('sources')
    .description('list the place of each path in the C source: release, file, function and lines')
    .option('--against <directory>', 'a git directory of Linux or Xen: check each place there, and compare the names of operations')
    .option('--as <revision>', 'the release that the newest commit there represents, if it has no tag')
    .option('--chapter <thread>', 'only paths that the situations of a chapter reach, such as 004')
    .option('--only <part>', 'only paths whose place contains this word, such as highmem or highmem.ts:kmap_atomic')
    .option('--json', 'print the result as JSON')
    .action((options: Sources.SourcesOptions) => finish(load<typeof Sources>('./commands/sources').sourcesCommand(options, output)));

  program.command('new')
    .description('start a chapter: write the catalogue entry, claims, kernel path, invariant, situation, feature and steps, and register them')
    .argument('<patch>', 'name of the patch, such as switch-mm-barrier')
    .option('--scene <name>', 'setting of the chapter: smp (several processors and pages), scheduler, xen or boot (smp)')
    .option('--thread <number>', 'thread number; by default the first free one from 100 on, or from 900 on in a project of your own')
    .option('--into <folder>', 'the project to write to: paravirt-spec itself, or one that has it installed; by default the current folder')
    .action((patch: string, options: New.NewOptions) => finish(load<typeof New>('./commands/new').newCommand(patch, options, output)));

  program.command('lint')
    .description('list mistakes in the features, steps and claims of the chapters, and what is still missing from them')
    .action(() => finish(load<typeof Lint>('./commands/lint').lintCommand(output)));

  program.command('review')
    .description('explore every claim with and without the patch, and write reports/out/index.html')
    .option('--since [folder]', 'list the verdicts that differ from the run kept in this folder, or by default from the previous run')
    .action((options: Review.ReviewOptions) => finish(load<typeof Review>('../../reports/review/review').review(options)));
  for (const command of program.commands) load<typeof Mistyped>('./mistyped').refuseMistypedOptions(command, collect);
  return program.hook('preAction', (_, command) => {
    if (command.getOptionValueSource('patches') === 'default' && patches !== 'all') load<typeof FromEnvironment>('./from-environment').refuseUnknownHunks(patches);
  });
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

const choosing = (command: Command, patches: string): Command => command
  .option('--patches <selection>', 'which hunks are on: all, none, or a list such as all,-flush-tlb/i386', patches)
  .option('--patches-from <file>', 'only the hunks in this diff: a patch file or a mail; - for standard input')
  .option('--without <hunk>', 'remove this hunk from the selection (may be repeated)', collect)
  .option('--with <name>', 'add this patch, hunk or patch@variant to the selection (may be repeated)', collect)
  .option('--set <name=value>', 'a parameter of the situation (may be repeated)', collect)
  .option('--invariant <name>', 'check this instead of the situation\'s requirements (may be repeated)', collect)
  .option('--json', 'print the result as JSON');

/** Records whether the line itself selects the hunks. */
const typed = <Options>(options: Options, command: Command): Options => (command.getOptionValueSource('patches') === 'cli' ? { ...options, patchesTyped: true } : options);

/** Loads a module that only some lines need on demand: `--help` does not load the machine. */
function load<M>(name: string): M {
  return module.require(name) as M;
}

function version(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;
}
