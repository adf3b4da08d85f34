// The suite as its rules see it: every feature parsed, every step matched, nothing executed. Everything
// comes from one dry run of Cucumber, so the rules check what Cucumber really found.

import { resolve, sep } from 'node:path';
import { PassThrough } from 'node:stream';
import { type IConfiguration, loadConfiguration, runCucumber } from '@cucumber/cucumber/api';
import type { SupportCodeLibrary } from '@cucumber/cucumber/lib/support_code_library_builder/types';
import { cucumberSettings, filesBelow, OFFERED_STEPS, PACKAGE, PROJECT } from '../../machine/cli/project';
import type { Envelope, GherkinDocument, ParseError, Pickle, PickleStep, Tag } from '@cucumber/messages';

/** The file that describes a patch. */
export const fileOfPatch = (id: string): string => filesBelow('machine/patches').find((file) => file.endsWith(`/${id}.ts`)) ?? `machine/patches/${id}.ts`;

export interface StepDefinition {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly pattern: string;
  readonly code: { readonly length: number; toString(): string };
  /** Where it is defined: in the suite that is checked, in the package beside it, or in steps of that package that are not offered to it. */
  readonly of: 'these' | 'package' | 'not offered';
}

export interface StepUse {
  readonly step: PickleStep;
  readonly pickle: Pickle;
  readonly line: number;
  /** None: the step is undefined. More than one: it is ambiguous. */
  readonly definitions: readonly StepDefinition[];
  /** The arguments that the expression of its first definition takes from the text of the step. */
  readonly captured: number;
}

export interface Suite {
  readonly documents: readonly (GherkinDocument & { readonly uri: string })[];
  readonly pickles: readonly Pickle[];
  readonly parseErrors: readonly ParseError[];
  readonly definitions: readonly StepDefinition[];
  readonly uses: readonly StepUse[];
}

/** What one rule objects to in one line. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export type Rule = (suite: Suite) => Finding[];

/** The folders of features and steps; `{}` stands for the project's own suite. */
export type SuiteLocation = Partial<Pick<IConfiguration, 'paths' | 'require' | 'requireModule'>>;

export async function loadSuite(location: SuiteLocation, cwd: string): Promise<Suite> {
  const environment = { cwd, stdout: new PassThrough().resume(), stderr: new PassThrough().resume() };
  const own = Object.keys(location).length === 0;
  const settings = PROJECT.hasOwn ? cucumberSettings() : null;
  const { runConfiguration } = await loadConfiguration(
    { ...(own ? settings !== null && { file: settings } : { file: false as const }), provided: { ...location, ...(own && PROJECT.hasOwn && { require: allSteps() }), dryRun: true } },
    environment,
  );
  delete runConfiguration.plugins; // They watch runs; nothing is run here.

  const messages: Envelope[] = [];
  const { support } = await runCucumber(runConfiguration, environment, (message) => messages.push(message));

  const { stepDefinitions } = support as SupportCodeLibrary;
  const definitions = stepDefinitions.map(({ id, uri, line, pattern, unwrappedCode }) => {
    return { id, file: uri, line, pattern: String(pattern), code: unwrappedCode, of: ownerOf(resolve(cwd, uri)) };
  });
  const pick = <T>(choose: (message: Envelope) => T | undefined): T[] =>
    messages.flatMap((message) => choose(message) ?? []);
  const documents = pick(({ gherkinDocument }) => gherkinDocument).map((document) => ({ uri: '', ...document }));
  const pickles = pick(({ pickle }) => pickle);
  return {
    documents,
    pickles,
    parseErrors: pick(({ parseError }) => parseError),
    definitions,
    uses: usesOf(messages, documents, pickles, definitions),
  };
}

/** Every step of the package beside the project: a text that is used there cannot be used here. */
const allSteps = (): string[] => [`${PACKAGE}/steps/{,explorer/,hardware/,kernel/,lazy/,boot/,xen/,scenes/,tool/,tool/report/,tool/words/}*.steps.ts`, `${PACKAGE}/steps/support/*.ts`];

function ownerOf(file: string): StepDefinition['of'] {
  if (!PROJECT.hasOwn || !file.startsWith(PACKAGE + sep)) return 'these';
  return OFFERED_STEPS.includes(file) ? 'package' : 'not offered';
}

function usesOf(
  messages: readonly Envelope[],
  documents: readonly GherkinDocument[],
  pickles: readonly Pickle[],
  definitions: readonly StepDefinition[],
): StepUse[] {
  const lines = new Map(documents.flatMap(stepLines));
  const steps = new Map(pickles.flatMap((pickle) => pickle.steps.map((step) => [step.id, { step, pickle }] as const)));
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));

  const testSteps = messages.flatMap(({ testCase }) => testCase?.testSteps ?? []);
  return testSteps.flatMap(({ pickleStepId = '', stepDefinitionIds = [], stepMatchArgumentsLists = [] }) => {
    const found = steps.get(pickleStepId);
    if (!found) return []; // A hook.
    return {
      ...found,
      line: lines.get(found.step.astNodeIds[0] ?? '') ?? 0,
      definitions: stepDefinitionIds.flatMap((id) => byId.get(id) ?? []),
      captured: stepMatchArgumentsLists[0]?.stepMatchArguments.length ?? 0,
    };
  });
}

const stepLines = (document: GherkinDocument): [string, number][] =>
  blocksOf(document).flatMap(({ steps }) => steps.map(({ id, location }): [string, number] => [id, location.line]));

/** One heading of a feature: a background, a scenario or an outline. */
export interface Block {
  readonly kind: 'background' | 'scenario';
  readonly name: string;
  readonly line: number;
  readonly tags: readonly Tag[];
  readonly steps: NonNullable<NonNullable<GherkinDocument['feature']>['children'][number]['background']>['steps'];
}

/** Backgrounds and scenarios of a feature, including those inside its rules, in the order of the text. */
export function blocksOf({ feature }: GherkinDocument): Block[] {
  const children = (feature?.children ?? []).flatMap((child) => child.rule?.children ?? [child]);
  return children.flatMap(({ background, scenario }): Block[] => {
    if (background) return [{ ...background, kind: 'background', line: background.location.line, tags: [] }];
    if (scenario) return [{ ...scenario, kind: 'scenario', line: scenario.location.line }];
    return [];
  });
}

/** Everything in a feature that has a name and a description: the feature, its rules, backgrounds and scenarios. */
export function headingsOf({ feature }: GherkinDocument): { readonly name: string; readonly description: string; readonly location: { readonly line: number } }[] {
  if (!feature) return [];
  const rules = feature.children.flatMap(({ rule }) => rule ?? []);
  return [feature, ...rules, ...[feature, ...rules].flatMap(({ children }) => children.flatMap(({ background, scenario }) => background ?? scenario ?? []))];
}

/** Every tag of a feature with its place: on the feature, its rules, scenarios and examples. */
export function tagsOf({ feature }: GherkinDocument): Tag[] {
  if (!feature) return [];
  const rules = feature.children.flatMap(({ rule }) => rule ?? []);
  const scenarios = [feature, ...rules].flatMap(({ children }) => children.flatMap(({ scenario }) => scenario ?? []));
  return [feature, ...rules, ...scenarios, ...scenarios.flatMap(({ examples }) => examples)].flatMap(({ tags }) => tags);
}
