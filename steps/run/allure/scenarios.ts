// The place of each scenario of a run: its feature, its rule, its row of examples, and an identity
// that is unique and the same in every run.

import { createHash } from 'node:crypto';
import type { Feature, GherkinDocument, Pickle, Rule, Scenario } from '@cucumber/messages';
import type { Parameter } from 'allure-js-commons';
import { dedent } from '../prose';

interface Place {
  readonly feature: Feature;
  readonly rule: Rule | undefined;
  readonly scenario: Scenario;
}

export interface ScenarioCard {
  readonly id: string;
  readonly fullName: string;
  readonly rule: string | undefined;
  readonly prose: string;
  readonly parameters: Parameter[];
}

export class Scenarios {
  private readonly places = new Map<string, Place>();
  private readonly cards = new Map<string, ScenarioCard>();
  private readonly namesakes = new Map<string, number>();

  addDocument({ feature }: GherkinDocument): void {
    for (const child of feature?.children ?? []) {
      const { rule } = child;
      for (const { scenario } of rule?.children ?? [child]) {
        if (feature && scenario) this.places.set(scenario.id, { feature, rule, scenario });
      }
    }
  }

  addPickle(pickle: Pickle): void {
    const [scenarioId = '', rowId] = pickle.astNodeIds;
    const place = this.places.get(scenarioId);
    if (!place) throw new Error(`no scenario was announced for "${pickle.name}" in ${pickle.uri}`);

    const parameters = parametersOf(place.scenario, rowId);
    const fullName = [pickle.uri, place.rule?.name, pickle.name].filter(Boolean).join(' › ');
    const key = JSON.stringify([fullName, parameters]);
    const namesake = (this.namesakes.get(key) ?? 0) + 1;
    this.namesakes.set(key, namesake);

    this.cards.set(pickle.id, {
      id: createHash('md5').update(`${key}#${namesake}`).digest('hex'),
      fullName,
      rule: place.rule?.name,
      prose: proseOf(place),
      parameters,
    });
  }

  card(pickleId: string): ScenarioCard | undefined {
    return this.cards.get(pickleId);
  }
}

function parametersOf(scenario: Scenario, rowId: string | undefined): Parameter[] {
  for (const { tableHeader, tableBody } of scenario.examples) {
    const row = tableBody.find(({ id }) => id === rowId);
    if (row) {
      return row.cells.map(({ value }, column) => ({ name: tableHeader?.cells[column]?.value ?? `${column}`, value }));
    }
  }
  return [];
}

/** From the scenario outwards, so the nearest text comes first. */
function proseOf({ feature, rule, scenario }: Place): string {
  const parts = [dedent(scenario.description)];
  if (rule) parts.push(`**Rule: ${rule.name}**`, dedent(rule.description));
  parts.push(dedent(feature.description));
  return parts.filter((part) => part !== '').join('\n\n');
}
