// The table of versions: one row for each release and version of the patch, one column for each
// property; every mark links to the scenario whose search it repeats.

import type { Patch } from '../../machine/patches/types';
import { html, type Html } from '../html';
import type { RunScenario } from '../messages';
import { versionTable, type Bug, type Cell, type Counterpart, type Mark, type VersionTable } from '../versions';
import { parametersOf } from './words';

const BUGS: Readonly<Record<Bug, string>> = {
  'this bug': 'fails: this bug', 'another bug': 'fails: another bug', 'its own bug': 'fails: a bug of its own', 'not compared': 'fails: not compared with the patch',
};

export function versionsHtml(patch: Patch, scenarios: readonly RunScenario[], counterparts: readonly Counterpart[]): Html | null {
  const table = versionTable(patch, scenarios, counterparts);
  if (table === null) return null;
  const { properties, requirements, rows } = table;
  const checked = rows.filter(({ cells }) => cells.some((cell) => cell.length > 0));
  const unchecked = rows.filter((row) => !checked.includes(row));
  const hasReleases = rows.some(({ version }) => version.release !== '');
  return html`<h3>Versions and wrong fixes</h3>
<div class="scroll" tabindex="0" role="group" aria-label="Properties of each version"><table class="properties"><caption class="away">Which property holds in which version, release by release</caption>
<thead><tr>${hasReleases && html`<th scope="col">Release</th>`}<th scope="col">Kernel</th>${properties.map((name) => html`<th scope="col">${requirements.includes(name) && html`<span class="kind">requirement</span> `}${breakable(name)}</th>`)}</tr></thead>
<tbody>${checked.map((row) => rowHtml(row, table, hasReleases))}</tbody></table></div>
<p class="note">Every mark shows the verdict of the search that it links to. <em>This bug</em>: the same search fails without the patch and holds with all of it. <em>Another bug</em>: it fails with the whole patch too. <em>A bug of its own</em>: the property holds both without the patch and with it. Control scenarios, which remove a condition on purpose, are not included.</p>
${unchecked.length > 0 && html`<p class="note">Not checked by any search: ${unchecked.map(({ version }, i) => html`${i > 0 && '; '}${version.name}`)}. The scenarios below say what is known about these.</p>`}`;
}

function rowHtml({ version, cells }: VersionTable['rows'][number], { properties }: VersionTable, hasReleases: boolean): Html {
  return html`<tr>${hasReleases && html`<td class="release">${version.release || 'any'}</td>`}<th scope="row"><span class="kind">${version.kind.replace('-', ' ')}</span> ${version.name}${version.about !== '' && html`<br><small>${version.about}</small>`}</th>${cells.map((cell, i) => cellHtml(cell, properties[i]!))}</tr>`;
}

function cellHtml(cell: Cell, property: string): Html {
  if (cell.length === 0) return html`<td class="unchecked">not checked</td>`;
  return html`<td>${cell.map((mark) => html`${markHtml(mark, property)} `)}</td>`;
}

function markHtml(mark: Mark, property: string): Html {
  const { scenario, evidence } = mark.found;
  const where = `${property} in ${evidence.situation}: ${parametersOf(evidence)}`;
  const words = mark.word === 'fails' ? BUGS[mark.bug] : mark.word;
  const style = mark.word === 'fails' ? (mark.bug === 'another bug' ? 'conditional' : 'violated') : mark.word;
  return html`<a class="mark mark-${style}" href="#${scenario.id}" title="${where}" data-property="${property}">${words}</a>${mark.word === 'fails' && mark.bug === 'another bug' && mark.claims.length > 0 && html` <small>${mark.claims.map((claim) => html`<a href="#claim-${claim}">${claim}</a> `)}</small>`}`;
}

/** A name that may be wrapped between its words. */
function breakable(name: string): Html {
  return html`${name.split(/(?=[A-Z])/).map((word) => html`${word}<wbr>`)}`;
}
