// A run of the suite, read back from Cucumber's messages: features with their rules and
// scenarios in the order of the files, how each step ended, and the evidence that it attached.
// Ids are made of names, so an address stays the same from run to run.

import { readFileSync } from 'node:fs';
import type { Evidence } from '../machine/situations/check';
import type { SearchedKernel } from '../machine/situations/kernels';

/** The media type under which a step attaches an `Evidence`, as base64 of its JSON. */
export const EVIDENCE = 'application/vnd.paravirt-spec.evidence+json';

/** The media type under which a step attaches a `SearchedKernel`, as JSON. */
export const KERNEL = 'application/vnd.paravirt-spec.kernel+json';

/** The tag of scenarios that a review leaves out, since they take long and are evidence for no claim. */
const SUITE_ONLY = '@suite';

/** Cucumber's words for an outcome, from the best to the worst. */
const STATUSES = ['UNKNOWN', 'PASSED', 'SKIPPED', 'PENDING', 'UNDEFINED', 'AMBIGUOUS', 'FAILED'] as const;

export type Status = (typeof STATUSES)[number];

export interface RunStep {
  readonly keyword: string;
  readonly text: string;
  readonly table: readonly (readonly string[])[] | null;
  readonly docString: string | null;
  readonly status: Status;
  /** What went wrong, without the stack trace. */
  readonly message: string | null;
}

export interface RunScenario {
  /** `002-flush-tlb/with-the-patch-no-preemption-can-do-so` */
  readonly id: string;
  readonly name: string;
  readonly prose: string;
  /** `features/patches/002/002-flush-tlb.feature:17` */
  readonly place: string;
  readonly tags: readonly string[];
  readonly steps: readonly RunStep[];
  readonly status: Status;
  readonly evidence: readonly Evidence[];
  readonly pictures: readonly Picture[];
}

/** An SVG that a step attached. */
export interface Picture {
  readonly name: string;
  readonly svg: string;
}

export interface RunRule {
  /** Empty for scenarios outside any rule. */
  readonly name: string;
  readonly prose: string;
  readonly scenarios: readonly RunScenario[];
  /** Names of scenarios that only the whole suite runs, and that this run left out. */
  readonly leftOut: readonly string[];
}

export interface RunFeature {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly prose: string;
  readonly tags: readonly string[];
  readonly rules: readonly RunRule[];
}

// The parts of the messages that are used; see https://github.com/cucumber/messages.

interface AstStep { readonly id: string; readonly keyword: string }
interface AstScenario { readonly id: string; readonly description: string; readonly steps: readonly AstStep[]; readonly location: { readonly line: number } }
interface AstBackground { readonly steps: readonly AstStep[] }
interface AstChild { readonly background?: AstBackground; readonly scenario?: AstScenario; readonly rule?: AstRule }
interface AstRule { readonly name: string; readonly description: string; readonly children: readonly AstChild[] }
interface AstFeature extends AstRule { readonly tags: readonly { readonly name: string }[] }

interface Cell { readonly value: string }
interface PickleStep {
  readonly id: string;
  readonly text: string;
  readonly astNodeIds: readonly string[];
  readonly argument?: { readonly dataTable?: { readonly rows: readonly { readonly cells: readonly Cell[] }[] }; readonly docString?: { readonly content: string } };
}
interface Pickle {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly astNodeIds: readonly string[];
  readonly tags: readonly { readonly name: string }[];
  readonly steps: readonly PickleStep[];
  readonly location?: { readonly line: number };
}
interface Result { readonly status: Status; readonly message?: string }

interface Envelope {
  readonly gherkinDocument?: { readonly uri: string; readonly feature?: AstFeature };
  readonly pickle?: Pickle;
  readonly testCase?: { readonly id: string; readonly pickleId: string; readonly testSteps: readonly { readonly id: string; readonly pickleStepId?: string }[] };
  readonly testCaseStarted?: { readonly id: string; readonly testCaseId: string };
  readonly testStepFinished?: { readonly testCaseStartedId: string; readonly testStepId: string; readonly testStepResult: Result };
  readonly attachment?: { readonly testCaseStartedId?: string; readonly mediaType: string; readonly body: string; readonly contentEncoding: string; readonly fileName?: string };
}

interface Attempt {
  readonly results: Map<string, Result>;
  readonly evidence: Evidence[];
  readonly pictures: Picture[];
}

/** Reads a run from a file of messages, one on each line. */
export function readRun(file: string): RunFeature[] {
  return runOf(readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Envelope));
}

/** Every kernel that the scenarios of a run have searched completely. */
export function readKernels(file: string): SearchedKernel[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line.includes(KERNEL)).map((line) => JSON.parse((JSON.parse(line) as Envelope).attachment!.body) as SearchedKernel);
}

function runOf(messages: readonly Envelope[]): RunFeature[] {
  const pickles = messages.flatMap(({ pickle }) => (pickle ? [pickle] : []));
  const cases = new Map(messages.flatMap(({ testCase }) => (testCase ? [[testCase.pickleId, testCase] as const] : [])));
  const attempts = attemptsOf(messages);
  const scenario = (pickle: Pickle, ast: AstScenario, keywords: ReadonlyMap<string, string>): RunScenario => {
    const testCase = cases.get(pickle.id);
    const attempt = testCase && attempts.get(testCase.id);
    const stepIds = new Map(testCase?.testSteps.map(({ id, pickleStepId }) => [pickleStepId, id]));
    const results = [...(attempt?.results.values() ?? [])];
    return {
      id: `${fileOf(pickle.uri)}/${slug(pickle.name)}`,
      name: pickle.name,
      prose: dedent(ast.description),
      place: `${pickle.uri}:${pickle.location?.line ?? ast.location.line}`,
      tags: pickle.tags.map(({ name }) => name),
      steps: pickle.steps.map((step) => runStep(step, keywords, attempt?.results.get(stepIds.get(step.id) ?? ''))),
      status: pickle.steps.length === 0 ? 'UNKNOWN' : worst(results.map(({ status }) => status)),
      evidence: attempt?.evidence ?? [],
      pictures: attempt?.pictures ?? [],
    };
  };
  const taken = new Map<string, number>();
  const unique = (found: RunScenario): RunScenario => {
    const times = (taken.get(found.id) ?? 0) + 1;
    taken.set(found.id, times);
    return times === 1 ? found : { ...found, id: `${found.id}-${times}` };
  };
  const isLeftOut = ({ id, tags }: Pickle): boolean => !cases.has(id) && tags.some(({ name }) => name === SUITE_ONLY);
  return messages.flatMap(({ gherkinDocument }) => {
    const feature = gherkinDocument?.feature;
    if (!feature) return [];
    const rules = rulesOf(feature).map((rule) => {
      const picked = rule.scenarios.flatMap((ast) => pickles.filter(({ astNodeIds }) => astNodeIds.includes(ast.id)).map((pickle) => ({ ast, pickle })));
      return {
        name: rule.name,
        prose: dedent(rule.prose),
        scenarios: picked.filter(({ pickle }) => !isLeftOut(pickle)).map(({ ast, pickle }) => unique(scenario(pickle, ast, rule.keywords))),
        leftOut: picked.filter(({ pickle }) => isLeftOut(pickle)).map(({ pickle }) => pickle.name),
      };
    });
    return [{
      id: fileOf(gherkinDocument.uri), uri: gherkinDocument.uri, name: feature.name, prose: dedent(feature.description),
      tags: feature.tags.map(({ name }) => name), rules: rules.filter(({ scenarios, leftOut }) => scenarios.length + leftOut.length > 0),
    }];
  });
}

/** The last attempt at each test case, by the id of the case. */
function attemptsOf(messages: readonly Envelope[]): ReadonlyMap<string, Attempt> {
  const byCase = new Map<string, Attempt>();
  const byStart = new Map<string, Attempt>();
  for (const { testCaseStarted, testStepFinished, attachment } of messages) {
    if (testCaseStarted) {
      const attempt: Attempt = { results: new Map(), evidence: [], pictures: [] };
      byStart.set(testCaseStarted.id, attempt);
      byCase.set(testCaseStarted.testCaseId, attempt);
    }
    if (testStepFinished) byStart.get(testStepFinished.testCaseStartedId)?.results.set(testStepFinished.testStepId, testStepFinished.testStepResult);
    if (!attachment) continue;
    const body = attachment.contentEncoding === 'BASE64' ? Buffer.from(attachment.body, 'base64').toString('utf8') : attachment.body;
    const attempt = byStart.get(attachment.testCaseStartedId ?? '');
    if (attachment.mediaType === EVIDENCE) attempt?.evidence.push(JSON.parse(body) as Evidence);
    if (attachment.mediaType === 'image/svg+xml') attempt?.pictures.push({ name: attachment.fileName ?? '', svg: body });
  }
  return byCase;
}

interface Ruled {
  readonly name: string;
  readonly prose: string;
  readonly scenarios: readonly AstScenario[];
  readonly keywords: ReadonlyMap<string, string>;
}

/** The scenarios of a feature by their rules, those outside any rule first. */
function rulesOf(feature: AstFeature): Ruled[] {
  const keywords = new Map<string, string>();
  const take = (children: readonly AstChild[]): AstScenario[] => children.flatMap(({ background, scenario }) => {
    for (const { id, keyword } of (background ?? scenario)?.steps ?? []) keywords.set(id, keyword.trim());
    return scenario ? [scenario] : [];
  });
  const loose = { name: '', prose: '', scenarios: take(feature.children), keywords };
  return [loose, ...feature.children.flatMap(({ rule }) => (rule ? [{ name: rule.name, prose: rule.description, scenarios: take(rule.children), keywords }] : []))];
}

function runStep({ text, argument, astNodeIds }: PickleStep, keywords: ReadonlyMap<string, string>, result: Result | undefined): RunStep {
  return {
    keyword: astNodeIds.map((id) => keywords.get(id)).find((word) => word !== undefined) ?? '*',
    text,
    table: argument?.dataTable?.rows.map(({ cells }) => cells.map(({ value }) => value)) ?? null,
    docString: argument?.docString?.content ?? null,
    status: result?.status ?? 'UNKNOWN',
    message: result?.message?.split(/\n\s+at /)[0] ?? null,
  };
}

function worst(statuses: readonly Status[]): Status {
  return statuses.reduce<Status>((one, other) => (STATUSES.indexOf(other) > STATUSES.indexOf(one) ? other : one), 'UNKNOWN');
}

const fileOf = (uri: string): string => uri.split('/').pop()!.replace(/\.feature$/, '');

/** A name as part of an address. */
export function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}

/** Prose without the indentation that its lines share. */
function dedent(prose: string): string {
  const lines = prose.split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  return lines.map((line) => line.slice(Math.min(...depths, Infinity))).join('\n').trim();
}
