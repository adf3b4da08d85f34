// What the different reports show of one run.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { type Attachment, AttachmentContentEncoding } from '@cucumber/messages';
import { expect } from 'chai';
import { check, replayRequest, type Evidence, type Request } from '../../../machine/situations/check';
import type * as Reports from '../../../reports/build';
import { EVIDENCE, type RunScenario } from '../../../reports/messages';
import { recheck } from '../../../reports/recheck';
import { annotations, summaryMarkdown } from '../../../reports/summary';
import { alongside, type Alongside } from '../../../reports/trace/alongside';
import { rowsOf } from '../../../reports/trace/fold';
import { play, type Run } from '../../../reports/trace/play';
import { chosenSources, lineOf, type PathSource } from '../../../reports/trace/source';
import type * as Sources from '../../../reports/sources';
import { projectRoot, runNodeOnce } from '../../run/command';
import { readableEvidence } from '../../run/evidence';
import { readMessages, tallyOf } from '../../run/messages';
import { FEW_RUNS } from '../../support/explored';
import { sampleOutput } from '../suite.steps';

/** Loaded only when a scenario needs it, since it loads the TypeScript compiler. */
const reports = (): typeof Reports => module.require('../../../reports/build') as typeof Reports;

interface ReadersWorld {
  built: Reports.Built;
  page: string;
  shown: Attachment[];
  evidence: Evidence;
  run: Run;
  complaints: string[];
  sources: Readonly<Record<string, PathSource>>;
}

const messages = (): string => join(sampleOutput(), 'messages.ndjson');
const read = (file: string): string => readFileSync(join(sampleOutput(), file), 'utf8');

Given('a run of the sample suite {string}', (sample: string) => {
  runNodeOnce(['node_modules/@cucumber/cucumber/bin/cucumber.js', '--config', `steps/fixtures/${sample}/cucumber.js`], { OUT: sampleOutput() });
});

/** The page of the sample run, which several scenarios use. */
const pages = new Map<string, Promise<Reports.Built>>();

When('the report\'s page is built from its messages', async function (this: ReadersWorld) {
  const page = pages.get('') ?? reports().buildReport({ messages: messages(), out: join(sampleOutput(), 'index.html') });
  pages.set('', page);
  this.built = await page;
  this.page = read('index.html');
});

/** How many scenarios passed and how many there were, as each report has it. */
const counts: Readonly<Record<string, (world: ReadersWorld) => string>> = {
  'the messages': () => {
    const tally = tallyOf(readMessages(messages()));
    return `${tally.passed} of ${tally.total}`;
  },
  'the report\'s page': ({ page }) => passedAndFailed(/id="passed-count">([^<]*)</.exec(page)?.[1] ?? ''),
  'the Markdown summary': ({ built }) => passedAndFailed(summaryMarkdown(built.report)),
  'the annotations': ({ built }) => {
    const failed = annotations(built.report).filter((line) => line.startsWith('::error file=')).length;
    return `${built.report.scenarios.length - failed} of ${built.report.scenarios.length}`;
  },
  Allure: () => {
    const results = readdirSync(join(sampleOutput(), 'allure-results')).filter((file) => file.endsWith('-result.json'));
    const passed = results.filter((file) => (JSON.parse(read(`allure-results/${file}`)) as { status?: string }).status === 'passed');
    return `${passed.length} of ${results.length}`;
  },
  JUnit: () => {
    const [, tests, skipped, failures] = /tests="(\d+)" skipped="(\d+)" failures="(\d+)" errors="0"/.exec(read('junit.xml'))!.map(Number);
    return `${tests! - skipped! - failures!} of ${tests!}`;
  },
  'Cucumber\'s own HTML': () => {
    const [, json] = /CUCUMBER_MESSAGES = (\[.*\]);/.exec(read('cucumber.html'))!;
    const tally = tallyOf(JSON.parse(json!.replace(/\\x([0-9A-F]{2})/g, '\\u00$1')) as ReturnType<typeof readMessages>);
    return `${tally.passed} of ${tally.total}`;
  },
};

function passedAndFailed(text: string): string {
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(text)!.map(Number);
  return `${passed!} of ${passed! + failed!}`;
}

Then('{int} of {int} scenarios passed, according to', function (this: ReadersWorld, passed: number, all: number, table: DataTable) {
  for (const [report = ''] of table.raw()) {
    const count = counts[report];
    if (!count) throw new Error(`no report is called "${report}"; there are ${Object.keys(counts).join(', ')}`);
    expect(count(this), report).to.equal(`${passed} of ${all}`);
  }
});

Then('the same page is built from the messages of a run at another time', async function (this: ReadersWorld) {
  const folder = join(sampleOutput(), 'another-time');
  mkdirSync(folder, { recursive: true });
  const later = readFileSync(messages(), 'utf8')
    .replace(/\b([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, (id) => [...id].reverse().join(''))
    .replace(/"seconds":(\d+)/g, (_, seconds) => `"seconds":${Number(seconds) + 1000}`);
  writeFileSync(join(folder, 'messages.ndjson'), later);
  await reports().buildReport({ messages: join(folder, 'messages.ndjson'), out: join(folder, 'index.html') });
  expect(readFileSync(join(folder, 'index.html'), 'utf8') === this.page, 'the pages are the same, byte by byte').to.equal(true);
});

Then('the page names no folder of this machine, and nothing of the network', function (this: ReadersWorld) {
  expect(this.page.includes(projectRoot), `the page contains ${projectRoot}`).to.equal(false);
  // Only the reader follows a link to a mail archive; the page itself loads nothing.
  expect(this.page).not.to.match(/src="(https?:)?\/\/|<link\b/);
  expect([...this.page.matchAll(/href="(https?:[^"]*)"/g)].map(([, link]) => link).filter((link) => !link!.startsWith('https://lore.kernel.org/'))).to.deep.equal([]);
  expect(this.page).to.contain('default-src &#39;none&#39;'.replaceAll('&#39;', '\''));
});

/** The result of each search, which several readers are shown. */
const known = new Map<string, Evidence>();

const searched = (patch: string): Evidence => {
  const request: Request = { situation: `${patch}/classic`, patches: 'none', invariants: ['cr3IsActiveMm'], challenge: FEW_RUNS };
  const evidence = known.get(patch) ?? check(request);
  known.set(patch, evidence);
  return evidence;
};

When('a search without the patch {string} is shown to the readers of other reports', function (this: ReadersWorld, patch: string) {
  const body = Buffer.from(JSON.stringify(searched(patch))).toString('base64');
  this.shown = readableEvidence({ mediaType: EVIDENCE, body, contentEncoding: AttachmentContentEncoding.BASE64 });
});

const textOf = (shown: readonly Attachment[], mediaType: string): string => Buffer.from(shown.find((each) => each.mediaType === mediaType)!.body, 'base64').toString('utf8');

Then('they see a picture in which {string} comes before {string}', function (this: ReadersWorld, first: string, second: string) {
  const picture = textOf(this.shown, 'image/svg+xml');
  expect(picture.indexOf(first), first).to.be.greaterThan(0);
  expect(picture.indexOf(second), second).to.be.greaterThan(picture.indexOf(first));
});

Then('they read the line {string} that replays it', function (this: ReadersWorld, line: string) {
  expect(textOf(this.shown, 'text/plain').split('\n').filter((each) => each.startsWith(line)), 'replay lines').not.to.have.length(0);
});

When('the smallest run without the patch {string} is played for the page', function (this: ReadersWorld, patch: string) {
  this.evidence = searched(patch);
  this.run = play(this.evidence.request, this.evidence.verdict.findings[0]!.witness.schedule);
});

Then('each step is the one that the command line replays', function (this: ReadersWorld) {
  const { events } = replayRequest(this.evidence.request, this.run.schedule);
  expect(this.run.events.map(({ label, kind, process, context, paths, text, changes }) => ({ label, kind, process, context, paths, text, changes }))).to.deep.equal(events);
});

Then('with the scheduler folded it has at most {int} rows, the flush\'s two instructions among them', function (this: ReadersWorld, most: number) {
  const rows = rowsOf(this.run.events, true);
  expect(rows.length).to.be.at.most(most);
  const single = rows.filter(({ title }) => title === null).map(({ from }) => this.run.events[from]!.text);
  expect(single.some((text) => text.startsWith('movl %cr3')), 'reading cr3').to.equal(true);
  expect(single.some((text) => text.startsWith('movl reg, %cr3')), 'writing cr3').to.equal(true);
});

Then('it diverges from the run of the patched kernel where {string} keeps the task on the CPU', function (this: ReadersWorld, field: string) {
  const beside: Alongside = alongside(this.run, 'all');
  const { parting, pairs, left, right } = beside;
  expect(parting, 'the two kernels part').not.to.equal(null);
  const last = pairs[parting!.at - 1]!;
  const lately = (run: Run, until: number): string | undefined => run.events.slice(0, until + 1).flatMap(({ changes }) => changes).findLast(({ cell }) => cell === `kthread.${field}`)?.after;
  expect(lately(left, last.left!)).to.equal('0');
  expect(lately(right, last.right!)).to.equal('1');
  expect(right.violation).to.equal(null);
});

When('the evidence of a search is changed before the page is built', function (this: ReadersWorld) {
  const evidence = JSON.parse(JSON.stringify(searched('flush-tlb')).replace(/"text":"read [^"]*"/, '"text":"read nothing"')) as Evidence;
  const scenario: RunScenario = { id: 'a', name: 'a', prose: '', place: 'a:1', tags: [], steps: [], status: 'PASSED', evidence: [evidence], pictures: [] };
  this.complaints = recheck([scenario]);
});

Then('the build complains that a witness {string}', function (this: ReadersWorld, complaint: string) {
  expect(this.complaints.join('\n')).to.contain(complaint);
});

When('the page looks up the source of the last of these paths', function (this: ReadersWorld) {
  this.sources = (module.require('../../../reports/sources') as typeof Sources).pathSources();
});

Then('it shows this file, and says so where the run does not tell which is meant', function (this: ReadersWorld, table: DataTable) {
  const found = table.hashes().map(({ paths }) => {
    const { key, others } = chosenSources(paths!.split(', '), this.sources).at(-1)!;
    return { paths, file: this.sources[key]!.file, told: others.length === 0 ? 'yes' : 'no' };
  });
  expect(found).to.deep.equal(table.hashes());
});

Then('it marks the line of each step', function (this: ReadersWorld, table: DataTable) {
  const found = table.hashes().map(({ path, step }) => {
    const lines = this.sources[path!]!.text.split('\n');
    const line = lineOf(lines, step!);
    return { path, step, line: line === null ? 'no line: more than one fits' : lines[line]!.trim() };
  });
  expect(found).to.deep.equal(table.hashes());
});
