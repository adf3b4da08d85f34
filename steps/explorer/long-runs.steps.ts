// Searches that are stopped, kept, resumed and distributed, run through the command line.

import { After, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exploreCommand, mergeCommand } from '../../machine/cli/commands/explore';
import { mergeShards, writeShard } from '../../machine/cli/search/shard';
import type { Output } from '../../machine/cli/options';
import { subjectOf } from '../../machine/cli/search/subject';
import type { EngineName } from '../../machine/explorer/engine';
import { explore } from '../../machine/explorer/explore';
import { explorePart, mergeReports, partsOf, type PartReport } from '../../machine/explorer/parts/partition';
import { programNamed } from '../../machine/programs/named';
import type { MachineWorld } from '../support/world';

const BIN = join(__dirname, '..', '..', 'machine', 'cli', 'bin.js');
const EXAMPLE = join(__dirname, '..', '..', 'reports', 'examples', 'sharding');
const SLOW = { timeout: 60_000 };

/** What the steps of one scenario have started. */
class LongRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'long-run-'));
  readonly file = join(this.folder, 'search');
  program = '';
  engine: EngineName = 'stateful';
  child: ChildProcess | undefined;
  ended: Promise<number | null> | undefined;
  printed = '';
  complaint = '';
  code: number | undefined;
  report: PartReport | undefined;
  shards: string[] = [];

  readonly output: Output = { stdout: (text) => { this.printed += text; }, stderr: (text) => { this.printed += text; } };

  start(program: string, engine: EngineName): void {
    this.program = program;
    this.engine = engine;
    this.child = spawn(process.execPath, [BIN, 'explore', program, '--engine', engine, '--checkpoint', this.file, '--every', '50000', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout!.on('data', (text: Buffer) => { this.printed += text.toString(); });
    this.ended = new Promise((resolve) => this.child!.on('close', resolve));
  }

  /** Waits until there is a checkpoint, then sends `signal`, and waits for the end. */
  async signalOnceKept(signal: NodeJS.Signals): Promise<void> {
    while (!existsSync(this.file) && this.child!.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    this.child!.kill(signal);
    await this.ended;
  }

  async command(program: string, options: object): Promise<void> {
    this.program = program;
    try {
      await exploreCommand(program, { patches: 'all', ...options }, this.output);
    } catch (error) {
      this.complaint = (error as Error).message;
    }
  }

  share(program: string): PartReport {
    const made = programNamed(program);
    return mergeReports(partsOf(made, {}, 1).map((prefix) => explorePart(made, {}, prefix, { engine: 'optimal' })));
  }
}

const runs = new WeakMap<MachineWorld, LongRun>();

function runOf(world: MachineWorld): LongRun {
  const known = runs.get(world) ?? new LongRun();
  runs.set(world, known);
  return known;
}

After(function (this: MachineWorld) {
  const run = runs.get(this);
  if (run) rmSync(run.folder, { recursive: true });
});

Given('{string} is explored and kept in a file', function (this: MachineWorld, program: string) {
  runOf(this).start(program, 'stateful');
});

Given('{string} is explored by the {word} engine and kept in a file', function (this: MachineWorld, program: string, engine: EngineName) {
  runOf(this).start(program, engine);
});

Given('the search of {string} is kept in a file', SLOW, async function (this: MachineWorld, program: string) {
  await runOf(this).command(program, { checkpoint: runOf(this).file });
});

Given('{string} is distributed over {int} shards', SLOW, function (this: MachineWorld, program: string, count: number) {
  const run = runOf(this);
  const subject = subjectOf(program, { patches: 'all', engine: 'optimal' });
  const made = programNamed(program);
  const parts = partsOf(made, {}, 4 * count);
  run.shards = Array.from({ length: count }, (_, i) => join(run.folder, `${i + 1}.json`));
  run.shards.forEach((file, i) => {
    const mine = parts.filter((_, k) => k % count === i);
    writeShard(file, { subject, shard: { index: i + 1, count }, report: mergeReports(mine.map((prefix) => explorePart(made, {}, prefix, { engine: 'optimal' }))) });
  });
});

Given('one of them is of {string}', function (this: MachineWorld, program: string) {
  const run = runOf(this);
  writeShard(run.shards[1]!, { subject: subjectOf(program, { patches: 'all', engine: 'optimal' }), shard: { index: 2, count: run.shards.length }, report: run.share(program) });
});

When('its process is killed once the file is there, and it is explored again from the file', SLOW, async function (this: MachineWorld) {
  const run = runOf(this);
  await run.signalOnceKept('SIGKILL');
  run.printed = '';
  await run.command(run.program, { engine: run.engine, checkpoint: run.file, json: true });
});

When('its process gets a {word} once the file is there', SLOW, async function (this: MachineWorld, signal: NodeJS.Signals) {
  await runOf(this).signalOnceKept(signal);
});

When('{string} is explored from that file', SLOW, async function (this: MachineWorld, program: string) {
  await runOf(this).command(program, { checkpoint: runOf(this).file });
});

When('{string} is explored by the {word} engine, and Ctrl-C is pressed at the {int}th look', SLOW, async function (this: MachineWorld, program: string, engine: EngineName, looks: number) {
  const run = runOf(this);
  const ended = exploreCommand(program, { patches: 'all', engine, json: true }, run.output);
  for (let look = 1; look < looks; look++) await new Promise((resolve) => setImmediate(resolve));
  process.emit('SIGINT', 'SIGINT');
  run.code = await ended;
});

Then('it ends by itself with exit code {int}, within {int} events of its beginning', function (this: MachineWorld, code: number, events: number) {
  const run = runOf(this);
  expect(run.code).to.equal(code);
  expect((JSON.parse(run.printed) as { events: number }).events).to.be.at.most(events);
});

Then('the report says that {word} stopped it, and shows {int} findings', function (this: MachineWorld, signal: string, found: number) {
  const { complete, interruption, findings } = JSON.parse(runOf(this).printed) as { complete: boolean; interruption: string; findings: readonly unknown[] };
  expect({ complete, interruption, found: findings.length }).to.deep.equal({ complete: false, interruption: signal, found });
});

When('{string} is explored within {int} MB', SLOW, async function (this: MachineWorld, program: string, memory: number) {
  await runOf(this).command(program, { engine: 'stateful', memory: String(memory) });
});

When('{string} is explored by the {word} engine within {int} MB', SLOW, async function (this: MachineWorld, program: string, engine: EngineName, memory: number) {
  await runOf(this).command(program, { engine, memory: String(memory) });
});

When('{string} is explored by the {word} engine in {int} parts', SLOW, function (this: MachineWorld, program: string, engine: EngineName, parts: number) {
  const run = runOf(this);
  const made = programNamed(program);
  run.program = program;
  run.report = mergeReports(partsOf(made, {}, parts).map((prefix) => explorePart(made, {}, prefix, { engine })));
});

When('{string} is explored on {int} threads', SLOW, async function (this: MachineWorld, program: string, workers: number) {
  await runOf(this).command(program, { workers: String(workers) });
});

When('{string} is explored on {int} threads, and stopped at once', SLOW, async function (this: MachineWorld, program: string, workers: number) {
  const run = runOf(this);
  const ended = exploreCommand(program, { patches: 'all', workers: String(workers), json: true }, run.output);
  process.emit('SIGTERM', 'SIGTERM');
  run.code = await ended;
});

When('the example\'s script distributes {string} over {int} processes', SLOW, function (this: MachineWorld, program: string, count: number) {
  runOf(this).printed = execFileSync(join(EXAMPLE, 'local.sh'), [String(count), program, '--engine', 'optimal'], { encoding: 'utf8' });
});

When(/^shards ([\d, and]+) are merged$/, function (this: MachineWorld, numbers: string) {
  const run = runOf(this);
  const files = (numbers.match(/\d+/g) ?? []).map((number) => run.shards[Number(number) - 1]!);
  try {
    mergeCommand(files, {}, run.output);
  } catch (error) {
    run.complaint = (error as Error).message;
  }
});

Then('the verdict and all counts are those of an uninterrupted search', function (this: MachineWorld) {
  const run = runOf(this);
  const told = JSON.parse(run.printed) as Record<string, unknown>;
  const { executions, blocked, states, transitions, events, depth, complete, holds, outcomes } = explore(programNamed(run.program), {}, undefined, { engine: run.engine });
  expect(told).to.deep.include({ executions, blocked, states, transitions, events, depth, complete, holds, outcomes });
});

Then('it ends by itself and says {string}', function (this: MachineWorld, words: string) {
  const run = runOf(this);
  if (run.child) {
    expect(run.child.signalCode).to.equal(null);
    expect(JSON.parse(run.printed)).to.include({ complete: false, interruption: words.split(' ').at(-1) });
  } else {
    expect(run.printed).to.contain(words);
  }
});

Then('the command is refused because the file {string}', function (this: MachineWorld, reason: string) {
  expect(runOf(this).complaint).to.contain(reason);
});

Then('the parts together make {int} executions', function (this: MachineWorld, executions: number) {
  expect(runOf(this).report?.executions).to.equal(executions);
});

Then('they find what the whole search finds', function (this: MachineWorld) {
  const { report, program } = runOf(this);
  const whole = explore(programNamed(program));
  expect(report?.complete).to.equal(whole.complete);
  expect(report?.outcomes).to.deep.equal(whole.outcomes);
  expect(report?.found.map(({ kind, violation }) => violation?.message ?? kind)).to.have.members(whole.findings.map(({ kind, message }) => (kind === 'violation' ? message : kind)));
});

Then('the command finds {string}', function (this: MachineWorld, finding: string) {
  expect(runOf(this).printed).to.contain(finding);
});

Then('the merged verdict is {string}', function (this: MachineWorld, verdict: string) {
  expect(runOf(this).printed).to.contain(`: ${verdict}\n`);
});

Then('the merged search made {int} executions, as its README says', function (this: MachineWorld, executions: number) {
  expect(runOf(this).printed).to.contain(` ${executions} executions`);
  expect(readFileSync(join(EXAMPLE, 'README.md'), 'utf8')).to.contain(`${executions} here`);
});

Then('merging is refused because a shard {string}', function (this: MachineWorld, reason: string) {
  const run = runOf(this);
  expect(run.complaint).to.contain(reason);
  expect(() => mergeShards([])).to.throw('which files?');
});
