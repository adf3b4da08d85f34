// Allure's results of a run, beside the messages of the same run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataTable, Then, When } from '@cucumber/cucumber';
import type { TestStepResultStatus } from '@cucumber/messages';
import type { Attachment, StepResult, TestResult } from 'allure-js-commons';
import { expect } from 'chai';
import { runNode } from '../run/command';
import { readMessages, tallyOf } from '../run/messages';
import { sampleOutput } from './suite.steps';
import type { MachineWorld } from '../support/world';

const resultsFolder = (): string => join(sampleOutput(), 'allure-results');

function allureResults(): TestResult[] {
  const files = readdirSync(resultsFolder()).filter((file) => file.endsWith('-result.json'));
  return files.map((file) => JSON.parse(readFileSync(join(resultsFolder(), file), 'utf8')) as TestResult);
}

function resultOf(scenario: string): TestResult {
  const [found, ...more] = allureResults().filter(({ name }) => name === scenario);
  if (!found || more.length > 0) throw new Error(`${more.length + (found ? 1 : 0)} results are named "${scenario}"`);
  return found;
}

const attachmentsOf = ({ attachments, steps }: Partial<StepResult>): Attachment[] => [
  ...(attachments ?? []),
  ...(steps ?? []).flatMap(attachmentsOf),
];

When('the Allure report is built where there is no Java', function (this: MachineWorld) {
  this.command = runNode(['reports/allure.js'], { PATH: sampleOutput(), JAVA_HOME: '' });
});

Then('Cucumber itself counted {string}', function (this: MachineWorld, summary: string) {
  expect(this.command.stdout.split('\n')).to.include(summary);
});

Then('each outcome is counted as', (table: DataTable) => {
  const rows = table.hashes() as { Cucumber: string; Allure: string; scenarios: string }[];
  const run = tallyOf(readMessages(join(sampleOutput(), 'messages.ndjson')));
  const shown = allureResults().map(({ status }) => status ?? 'unknown');

  for (const { Cucumber, scenarios } of rows) {
    expect(run.count(Cucumber.toUpperCase() as TestStepResultStatus), `${Cucumber}, in messages`).to.equal(+scenarios);
  }
  for (const status of new Set(rows.map(({ Allure }) => Allure))) {
    const expected = rows.filter(({ Allure }) => Allure === status).reduce((sum, { scenarios }) => sum + +scenarios, 0);
    expect(shown.filter((each) => each === status), `${status}, in Allure`).to.have.length(expected);
  }
  expect(shown).to.have.length(run.total);
});

Then('no result is taken for a retry of another', () => {
  const identities = allureResults().map(({ historyId }) => historyId);
  expect(new Set(identities)).to.have.property('size', identities.length);
});

Then('Allure shows {string} as {word}, because {string}', (scenario: string, status: string, reason: string) => {
  const result = resultOf(scenario);
  expect(result.status).to.equal(status);
  expect(result.statusDetails.message).to.contain(reason);
});

Then('Allure shows {string} with', (scenario: string, table: DataTable) => {
  const { labels, description, steps, links, parameters } = resultOf(scenario);
  const attached = attachmentsOf(resultOf(scenario)).map(({ source }) => readFileSync(join(resultsFolder(), source), 'utf8'));
  const shown: Readonly<Record<string, readonly (string | undefined)[]>> = {
    story: labels.filter(({ name }) => name === 'story').map(({ value }) => value),
    prose: description?.split('\n') ?? [],
    step: steps.map(({ name }) => name),
    attachment: attached.flatMap((text) => text.split('\n')),
    link: links.map(({ url }) => url),
    parameter: parameters.map(({ name, value }) => `${name} = ${value}`),
  };
  for (const [part = '', text] of table.raw()) expect(shown[part], part).to.include(text);
});

Then('the HTML report shows the prose {string} without its indentation', (prose: string) => {
  const html = readFileSync(join(sampleOutput(), 'cucumber.html'), 'utf8');
  expect(html).to.contain(`"description":"${prose}"`);
});
