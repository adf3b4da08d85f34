// A new chapter: where it is written, what it reports at once, and when it is refused.

import * as fs from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type * as EslintModule from 'eslint';
import { runCommandLine } from '../../machine/cli/main';
import { newCommand } from '../../machine/cli/commands/new';
import type { ChapterNames } from '../../machine/cli/new/names';
import { chapterFiles, SCENES } from '../../machine/cli/new/templates';
import type { Disk } from '../../machine/cli/new/write';
import { UsageError } from '../../machine/cli/options';
import { explore } from '../../machine/explorer/explore';
import { prepare } from '../../machine/situations/check';
import type { Situation } from '../../machine/situations/types';
import { copyOfThisProject, nodeIn, scratch, snapshot } from '../support/projects';
import { projectRoot, type FinishedCommand } from '../run/command';

interface ChapterWorld {
  project: string;
  before: Readonly<Record<string, string>>;
  command: FinishedCommand;
  refusals: string[];
  /** What was found, without the patch and with it. */
  found: readonly string[];
  written: readonly { readonly inside: ReturnType<typeof chapterFiles>; readonly beside: ReturnType<typeof chapterFiles> }[];
}

const cucumber = 'node_modules/@cucumber/cucumber/bin/cucumber.js';
const typescript = ['-r', './machine/cli/load/typescript.js'];
const silent = { stdout: () => undefined, stderr: () => undefined };

/** The lint of a copy, restricted to the chapter and the steps that it uses; all of it would take twice as long. */
const LINT = `
  const { loadSuite } = require('./steps/lint/suite');
  const { findingsIn } = require('./steps/lint/rules');
  const steps = ['steps/late-wakeup.steps.ts', 'steps/kernel/kernel.steps.ts', 'steps/explorer/interleaving.steps.ts', 'steps/support/*.ts'];
  loadSuite({ paths: ['features/patches/950/950-late-wakeup.feature'], require: steps, requireModule: [require.resolve('./machine/cli/load/typescript.js')] }, process.cwd())
    .then((suite) => findingsIn(suite).forEach(({ file, line, message }) => console.log(file + ':' + line + ': ' + message)));
`;

/** Runs the command in this process, on a project that has no machine of its own. */
async function typeInto(project: string, words: readonly string[]): Promise<FinishedCommand> {
  const said = { stdout: '', stderr: '' };
  const output = { stdout: (text: string) => { said.stdout += text; }, stderr: (text: string) => { said.stderr += text; } };
  const status = await runCommandLine(words.includes('--into') ? words : [...words, '--into', project], output);
  return { line: words.join(' '), status, ...said };
}

/** The chapter that the scenarios about this project share, begun once. */
function begun(): string {
  const copy = copyOfThisProject();
  if (!fs.existsSync(join(copy, 'machine/patches/late-wakeup.ts'))) newCommand('late-wakeup', { thread: '950', scene: 'scheduler', into: copy }, silent);
  return copy;
}

Given('a chapter "late-wakeup" of thread 950, begun in a copy of this project', function (this: ChapterWorld) {
  this.project = begun();
});

Given('a project of another name', function (this: ChapterWorld) {
  this.project = fs.mkdtempSync(join(scratch('others'), 'project-'));
  fs.writeFileSync(join(this.project, 'package.json'), '{ "name": "other" }\n');
});

Given('it has a file {string} with the text {string}', function (this: ChapterWorld, path: string, text: string) {
  fs.mkdirSync(dirname(join(this.project, path)), { recursive: true });
  fs.writeFileSync(join(this.project, path), `${text}\n`);
});

When('its feature is run', function (this: ChapterWorld) {
  this.command = nodeIn(this.project, [cucumber, 'features/patches/950/950-late-wakeup.feature']);
});

When('{string} is typed there', async function (this: ChapterWorld, line: string) {
  this.before = snapshot(this.project);
  const words = line.split(' ').slice(1);
  this.command = fs.existsSync(join(this.project, 'machine')) ? nodeIn(this.project, ['machine/cli/bin.js', ...words]) : await typeInto(this.project, words);
});

When('the lint reads it', function (this: ChapterWorld) {
  this.command = nodeIn(this.project, [...typescript, '-e', LINT]);
});

When('the linter reads its files', async function (this: ChapterWorld) {
  const { ESLint } = module.require('eslint') as typeof EslintModule;
  const files = Object.keys(snapshot(this.project)).filter((path) => /late-wakeup.*\.ts$|claims\/950|(patches|situations)\/index\.ts$/.test(path));
  const results = await new ESLint({ cwd: this.project }).lintFiles(files);
  const complaints = results.flatMap(({ filePath, messages }) => messages.map(({ line, message }) => `${filePath}:${line}: ${message}`));
  this.command = { line: `eslint ${files.join(' ')}`, status: complaints.length, stdout: `${files.length} files\n`, stderr: complaints.join('\n') };
});

When('a chapter is begun there while each of its writes in turn fails with {string}', function (this: ChapterWorld, code: string) {
  this.before = snapshot(this.project);
  this.refusals = [];
  for (let failing = 1; ; failing++) {
    let operation = 0;
    const failOnce = <A extends readonly unknown[], R>(act: (...args: A) => R) => (...args: A): R => {
      if (++operation === failing) throw Object.assign(new Error(code), { code });
      return act(...args);
    };
    const disk = {
      ...fs,
      mkdirSync: failOnce(fs.mkdirSync),
      writeFileSync: failOnce(fs.writeFileSync),
      renameSync: failOnce(fs.renameSync),
    } as unknown as Disk;
    try {
      newCommand('late-wakeup', { into: this.project }, silent, disk);
      return;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.refusals.push(error.message);
      expect(snapshot(this.project), `after write ${failing} failed`).to.deep.equal(this.before);
    }
  }
});

When('the hunks of {string} are asked for as {string}', function (this: ChapterWorld, situation: string, patches: string) {
  this.found = [...prepare({ situation, patches }).choice.hunks];
});

Then('they are {string}', function (this: ChapterWorld, hunks: string) {
  expect(this.found.join(', ')).to.equal(hunks);
});

When('a chapter is begun without a scene, and explored', function (this: ChapterWorld) {
  beginAndExplore(this);
});

When('a chapter is begun in the scene {string}, and explored', function (this: ChapterWorld, scene: string) {
  beginAndExplore(this, scene);
});

/** Begins a chapter beside the package and explores its situation, without the patch and with it. */
function beginAndExplore(world: ChapterWorld, scene?: string): void {
  world.project = fs.mkdtempSync(join(scratch('others'), 'project-'));
  fs.writeFileSync(join(world.project, 'package.json'), '{ "name": "other" }\n');
  fs.mkdirSync(join(world.project, 'node_modules'));
  fs.symlinkSync(projectRoot, join(world.project, 'node_modules', 'paravirt-spec'));
  newCommand('late-wakeup', { into: world.project, ...(scene === undefined ? {} : { scene }) }, silent);
  const { SITUATIONS: [situation] } = module.require(join(world.project, 'machine/situations/index.ts')) as { SITUATIONS: readonly [Situation] };
  const parameters = Object.fromEntries(Object.entries(situation.parameters).map(([name, { initially }]) => [name, initially]));
  world.found = [[], ['late-wakeup/first']].map((hunks) => {
    explore(() => situation.build({ hunks: new Set(hunks), parameters, invariants: [] })); // to its end, whatever is found before
    const { findings } = explore(() => situation.build({ hunks: new Set(hunks), parameters, invariants: situation.invariants }));
    return findings.map(({ message }) => message).join('; ');
  });
}

Then('it fails with the patch and without, saying {string}', function (this: ChapterWorld, words: string) {
  expect(this.found).to.have.lengthOf(2);
  for (const found of this.found) expect(found).to.contain(words);
});

Then('its features and paths say what is owed', function (this: ChapterWorld) {
  const texts = Object.entries(snapshot(this.project)).filter(([path]) => /\.feature$|machine\/kernel\/.*\.ts$/.test(path));
  expect(texts).to.have.lengthOf(2);
  for (const [path, text] of texts) expect(text, path).to.match(/\bowed[:(]/);
});

When('each scene\'s chapter is written inside and beside', function (this: ChapterWorld) {
  const names: Omit<ChapterNames, 'inside'> = { patch: 'late-wakeup', thread: '950' };
  this.written = Object.values(SCENES).map((scene) => ({ inside: chapterFiles({ ...names, inside: true }, scene), beside: chapterFiles({ ...names, inside: false }, scene) }));
});

Then('the two differ only in where they import from', function (this: ChapterWorld) {
  for (const { inside, beside } of this.written) {
    const moved = beside.map(({ path, text }) => ({ path, text: text.replace(/'paravirt-spec\/([^']*)'/g, (_, target: string) => `'${relativeTo(path, target)}'`) }));
    expect(moved).to.deep.equal(inside);
  }
});

Then('no file of theirs is there already', function (this: ChapterWorld) {
  for (const { path } of this.written.flatMap(({ inside }) => inside)) expect(fs.existsSync(join(projectRoot, path)), path).to.equal(false);
});

const relativeTo = (path: string, target: string): string => {
  const way = posix.relative(posix.dirname(path), target);
  return way.startsWith('.') ? way : `./${way}`;
};

Then('each time it complains that {string}, and nothing has changed', function (this: ChapterWorld, words: string) {
  expect(this.refusals.length).to.be.greaterThan(20);
  for (const refusal of this.refusals) expect(refusal).to.contain(words).and.to.contain('nothing was changed').and.not.to.contain('\n');
});

Then('both of its scenarios fail, saying {string}', function (this: ChapterWorld, words: string) {
  expect(this.command.status).to.equal(1);
  expect(this.command.stdout).to.contain('2 scenarios (2 failed)');
  expect(this.command.stdout.split(words)).to.have.lengthOf(3);
});

Then('what it finds about the chapter is only what is owed', function (this: ChapterWorld) {
  const findings = this.command.stdout.split('\n').filter((line) => /late-wakeup|claims\/950|950\.1/.test(line));
  expect(findings.length).to.be.greaterThan(10);
  expect(findings.filter((line) => !/:\d+: owed: /.test(line))).to.deep.equal([]);
});

Then('it finds nothing in {int} files', function (this: ChapterWorld, files: number) {
  expect(this.command.stderr).to.equal('');
  expect(this.command.stdout).to.equal(`${files} files\n`);
});

Then('its file {string} still says {string}', function (this: ChapterWorld, path: string, text: string) {
  expect(fs.readFileSync(join(this.project, path), 'utf8')).to.equal(`${text}\n`);
});

Then('nothing has changed there', function (this: ChapterWorld) {
  expect(snapshot(this.project)).to.deep.equal(this.before);
});
