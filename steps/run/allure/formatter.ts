// An Allure report that agrees with Cucumber. The stock adapter shows failing hooks, undefined
// steps and empty scenarios as passed, takes two scenarios with the same name for one that was retried,
// and loses rules and doc strings. It is used unchanged, through its public interface: its input is
// translated first (translate.ts), and its output is corrected before it is written (below).

import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { IFormatterOptions } from '@cucumber/cucumber';
import { type Envelope, getWorstTestStepResult, type Pickle, type TestCaseStarted, type TestStepResult } from '@cucumber/messages';
import AllureCucumberReporter from 'allure-cucumberjs/reporter';
import { type Link, Status, type TestResult } from 'allure-js-commons';
import { categories, outcomes } from './outcomes';
import { Scenarios } from './scenarios';
import { Translator } from './translate';
import { Verdicts } from './verdicts';

interface Attempt {
  readonly pickleId: string;
  readonly results: TestStepResult[];
  readonly links: Link[];
}

/** The first four are about the machine and not about the suite; the last is the same for scenarios with the same name. */
const unwantedLabels = ['host', 'thread', 'language', 'framework', '_fallbackTestCaseId'];

class Corrections {
  readonly verdicts = new Verdicts();
  private readonly scenarios = new Scenarios();
  private readonly pickles = new Map<string, Pickle>();
  private readonly pickleIds = new Map<string, string>();
  private readonly attempts = new Map<string, Attempt>();
  private finishing: Attempt | undefined;

  note(message: Envelope): void {
    const { gherkinDocument, pickle, testCase, testCaseStarted, attachment, testStepFinished, testCaseFinished } = message;
    if (gherkinDocument) this.scenarios.addDocument(gherkinDocument);
    if (pickle) {
      this.scenarios.addPickle(pickle);
      this.pickles.set(pickle.id, pickle);
    }
    if (testCase) this.pickleIds.set(testCase.id, testCase.pickleId);
    if (testCaseStarted) this.startAttempt(testCaseStarted);
    if (testStepFinished) {
      this.attempts.get(testStepFinished.testCaseStartedId)?.results.push(testStepFinished.testStepResult);
    }
    if (attachment?.mediaType === 'text/uri-list') {
      const links = attachment.body.split(/\r?\n/).filter((line) => line !== '').map((url) => ({ url }));
      this.attempts.get(attachment.testCaseStartedId ?? '')?.links.push(...links);
    }
    if (testCaseFinished) this.finishing = this.attempts.get(testCaseFinished.testCaseStartedId);
  }

  /** Called by the adapter while it handles the end of the last attempt that was noted. */
  apply(result: TestResult): void {
    if (!this.finishing) throw new Error(`Allure writes "${result.name}", which no finished scenario explains`);
    const { pickleId, results, links } = this.finishing;

    const pickle = this.pickles.get(pickleId);
    if (pickle) this.verdicts.add(pickle, results);
    const worst = getWorstTestStepResult(results);
    const { as, because } = outcomes[worst.status];
    if (as) result.status = as;
    else delete result.status;
    result.statusDetails =
      as === Status.PASSED
        ? {}
        : {
            message: as === Status.FAILED && worst.message ? firstWords(worst.message) : because,
            ...(worst.message && { trace: worst.message }),
          };
    // The adapter gives no status to a step that is undefined or ambiguous.
    for (const step of result.steps) step.status ??= Status.BROKEN;

    result.labels = result.labels.filter(({ name }) => !unwantedLabels.includes(name));
    result.links.push(...links);

    const card = this.scenarios.card(pickleId);
    if (!card) return;
    result.testCaseId = card.id;
    result.historyId = card.id;
    result.fullName = card.fullName;
    result.description = card.prose;
    result.parameters = card.parameters;
    if (card.rule) result.labels.push({ name: 'story', value: card.rule });
  }

  private startAttempt({ id, testCaseId }: TestCaseStarted): void {
    this.attempts.set(id, { pickleId: this.pickleIds.get(testCaseId) ?? '', results: [], links: [] });
  }
}

/** The message of a failing step or hook, without the stack trace. */
const firstWords = (message: string): string => message.split(/\n\s+at /)[0] ?? message;

/** Results of an earlier run would be counted with those of this one. */
function removeOldResults(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const written = readdirSync(folder).filter((file) => /-(result|container|attachment|globals)\b/.test(file));
  for (const file of written) rmSync(join(folder, file));
}

export class HonestAllure extends AllureCucumberReporter {
  private readonly faults: unknown[];
  private readonly verdicts: Verdicts;
  private readonly folder: string;

  constructor(options: IFormatterOptions) {
    const { resultsDir = 'allure-results' } = options.parsedArgvOptions as { resultsDir?: string };
    removeOldResults(resolve(options.cwd, resultsDir));

    const corrections = new Corrections();
    const translator = new Translator();
    const translated = new EventEmitter();
    const faults: unknown[] = [];
    const beforeTestResultWrite = (result: TestResult): void => {
      try {
        corrections.apply(result);
      } catch (fault) {
        faults.push(fault); // An exception from here would be swallowed, and the result written unchanged.
      }
    };
    super({
      ...options,
      eventBroadcaster: translated,
      parsedArgvOptions: { ...options.parsedArgvOptions, resultsDir, categories, listeners: [{ beforeTestResultWrite }] },
    });

    options.eventBroadcaster.on('envelope', (message: Envelope) => {
      corrections.note(message);
      for (const each of translator.translate(message)) translated.emit('envelope', each);
    });
    this.faults = faults;
    this.verdicts = corrections.verdicts;
    this.folder = resolve(options.cwd, resultsDir);
  }

  override async finished(): Promise<void> {
    await super.finished();
    writeFileSync(join(this.folder, 'environment.properties'), this.verdicts.environment());
    if (this.faults.length > 0) throw new Error('the Allure results are not to be trusted', { cause: this.faults[0] });
  }
}
