// What each version of a patch was found to keep, and each wrong fix to break: a table made of the
// searches of the run and of nothing else.

import { wholeOf } from '../../machine/patches/selection';
import type { HunkId, Patch } from '../../machine/patches/types';
import type { Evidence } from '../../machine/situations/check';
import { html, type Html } from '../html';
import type { RunScenario } from '../messages';

interface Version {
  readonly name: string;
  readonly kind: string;
  readonly about: string;
  readonly hunks: readonly HunkId[];
}

interface Found {
  readonly scenario: string;
  readonly evidence: Evidence;
}

export function propertiesHtml(patch: Patch, scenarios: readonly RunScenario[]): Html | null {
  const found = scenarios.flatMap(({ id, evidence, tags }) => evidence
    .filter(({ situation }) => situation.startsWith(`${patch.id}/`) && !tags.includes('@control'))
    .map((each) => ({ scenario: id, evidence: each })));
  const properties = [...new Set(found.flatMap(({ evidence }) => [...evidence.invariants, ...evidence.verdict.findings.map(({ invariant }) => invariant)]))];
  const versions: readonly Version[] = [
    { name: 'without the patch', kind: 'kernel', about: '', hunks: [] },
    { name: 'the patch', kind: 'kernel', about: '', hunks: wholeOf(patch) },
    ...patch.variants.map(({ id, kind, title, about, hunks }) => ({ name: `${title} (${patch.id}@${id})`, kind, about, hunks })),
  ];
  if (properties.length === 0) return null;
  return html`<h3>Versions and wrong fixes</h3>
<div class="scroll" tabindex="0" role="group" aria-label="Properties of each version"><table class="properties"><caption class="away">Which property each version was found to keep or to break</caption>
<thead><tr><th scope="col">Kernel</th>${properties.map((name) => html`<th scope="col">${breakable(name)}</th>`)}</tr></thead>
<tbody>${versions.map((version) => html`<tr><th scope="row"><span class="kind">${version.kind.replace('-', ' ')}</span> ${version.name}${version.about !== '' && html`<br><small>${version.about}</small>`}</th>${properties.map((name) => cell(name, found.filter(({ evidence }) => sameHunks(evidence.hunks, version.hunks))))}</tr>`)}</tbody></table></div>
<p class="note">A property is <em>broken</em> if some search found a run that breaks it, and <em>kept</em> if every search that asked for it, and found nothing else broken before, was complete. Controls are left out.</p>`;
}

function cell(property: string, found: readonly Found[]): Html {
  const broken = found.filter(({ evidence }) => evidence.verdict.findings.some(({ invariant }) => invariant === property));
  const asked = found.filter(({ evidence }) => asksFor(evidence, property));
  if (broken[0]) return html`<td><a class="mark mark-violated" href="#${broken[0].scenario}">broken</a></td>`;
  if (asked.length === 0) return html`<td class="unasked"><span class="away">not asked</span>·</td>`;
  const complete = asked.every(({ evidence }) => evidence.verdict.complete);
  return html`<td><a class="mark mark-${complete ? 'holds' : 'undecided'}" href="#${asked[0]!.scenario}">${complete ? 'kept' : 'undecided'}</a></td>`;
}

/** A run that breaks one property ends there, so a search that found such runs says nothing of the others. */
function asksFor({ invariants, verdict }: Evidence, property: string): boolean {
  return (invariants.includes(property) || property === 'deadlock' || property === 'livelock') && !verdict.findings.some(({ kind }) => kind === 'violation');
}

/** A name that may be broken between its words. */
function breakable(name: string): Html {
  return html`${name.split(/(?=[A-Z])/).map((word) => html`${word}<wbr>`)}`;
}

function sameHunks(one: readonly HunkId[], other: readonly HunkId[]): boolean {
  return one.length === other.length && one.every((hunk) => other.includes(hunk));
}
