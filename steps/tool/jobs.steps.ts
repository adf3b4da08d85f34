// The jobs that reports/examples offers: their files are parsed, and their commands of this package are
// run as a shell would run them, in a project with a chapter of its own.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { projectRoot, type FinishedCommand } from '../run/command';
import { nodeOnceIn } from '../support/projects';

/** The names of the parts of a job on the two code hosts. */
interface Job {
  readonly steps?: readonly { readonly run?: string; readonly with?: { readonly path?: string } }[];
  readonly script?: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[] };
}

interface JobWorld {
  project: string;
  job: Job;
  ran: ReadonlyMap<string, FinishedCommand>;
}

/** Comes with Cucumber, whose own settings may be YAML. */
const { parse } = module.require('yaml') as { readonly parse: (text: string) => unknown };

/** The commands of this package in a job, without the shell code that handles their exit codes. */
const commandsOf = ({ steps, script }: Job): string[] => [...(steps ?? []).flatMap(({ run }) => run ?? []), ...(script ?? [])].filter((line) => line.startsWith('npx paravirt-spec ')).map((line) => line.split(' && ')[0]!);

const keptBy = ({ steps, artifacts }: Job): string[] => artifacts ? [...artifacts.paths] : (steps ?? []).flatMap((step) => step.with?.path?.trim().split(/\s+/) ?? []);

/** The results of commands; both jobs run the same ones. */
const run = (project: string, line: string): FinishedCommand => nodeOnceIn(project, ['node_modules/.bin/paravirt-spec', ...line.split(' ').slice(2)]);

When('the job {string} is run there', function (this: JobWorld, file: string) {
  const parsed = parse(readFileSync(join(projectRoot, file), 'utf8')) as { readonly jobs?: { readonly chapter: Job }; readonly chapter?: Job };
  this.job = (parsed.jobs?.chapter ?? parsed.chapter)!;
  const commands = commandsOf(this.job);
  expect(commands).to.have.length.greaterThan(0);
  this.ran = new Map(commands.map((line) => [line, run(this.project, line)]));
});

Then('{string} fails, saying {string}', function (this: JobWorld, line: string, words: string) {
  const finished = this.ran.get(line);
  expect([...this.ran.keys()]).to.include(line);
  expect(finished!.stdout + finished!.stderr).to.contain(words);
  expect(finished!.status).to.equal(1);
});

Then('each file that the job keeps is there', function (this: JobWorld) {
  const kept = keptBy(this.job);
  expect(kept).to.include('reports/out/index.html');
  for (const file of kept) expect(existsSync(join(this.project, file)), file).to.equal(true);
});

Then('its summary is in Markdown', function (this: JobWorld) {
  const summary = keptBy(this.job).find((file) => file.endsWith('.md'))!;
  expect(readFileSync(join(this.project, summary), 'utf8')).to.match(/^## What was claimed, and what was found\n/);
});
