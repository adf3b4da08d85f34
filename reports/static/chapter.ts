// The chapter of a thread: the story, the claims with their scenarios, the patch hunk by hunk, its
// versions and the wrong fixes, and what all this leaves out.

import { ordersOfClaims } from '../../machine/cli/orders/recorded';
import type { KernelSource } from '../../machine/cli/neighbours/kernel-source';
import { wholeOf } from '../../machine/patches/selection';
import type { Entry } from '../../machine/patches/ledger';
import type { Patch } from '../../machine/patches/types';
import type { HunkTable } from '../../machine/situations/hunks';
import { claimTagsOf, scenariosOf, type Chapter } from '../chapters';
import type { GuardedSource } from '../diff';
import { Html, html, prose } from '../html';
import type { RunFeature, RunScenario } from '../messages';
import { formatMoment } from '../moment';
import { play } from '../trace/play';
import { timelineSvg } from '../trace/timeline-svg';
import { advisoriesHtml } from './advisories';
import { hunksHtml } from './hunks';
import { neighboursHtml } from './neighbours';
import type { Counterpart } from '../versions';
import { orderHtml, ordersHtml, type Orders } from './orders';
import { versionsHtml } from './versions';
import { packedHtml } from './packed';
import { pictureHtml, scenarioHtml, searchesOf } from './scenario';
import { count, mailLink, markOf, sizeOfRun } from './words';

/** What all chapters use. */
export interface Background {
  readonly kernel: GuardedSource;
  /** The same source, from which the neighbours of a patch are derived. */
  readonly source: KernelSource;
  readonly tables: readonly HunkTable[];
  /** Searches that no scenario made, used to compare failures with the patch. */
  readonly counterparts: readonly Counterpart[];
}

export function chapterHtml({ thread, patches, entries, features }: Chapter, { kernel, source, tables, counterparts }: Background): Html {
  const scenarios = features.flatMap(scenariosOf);
  const orders = ordersOfClaims();
  const neighbours = new Map(patches.map((patch) => [patch, neighboursHtml(patch, source)]));
  return html`<section class="chapter" id="thread-${thread}" data-searches="searches-${thread}" aria-labelledby="title-${thread}">
<p class="eyebrow">Thread ${thread}</p>
<h2 id="title-${thread}">${patches[0]?.title ?? `The claims of thread ${thread}`}</h2>
${patches.map((patch) => html`${openingHtml(patch, scenarios, entries)}${storyHtml(patch)}`)}
${witnessHtml(scenarios)}
<h3>Claims</h3>
<div class="claims">${entries.map((entry) => claimHtml(entry, scenarios, orders))}</div>
${ordersHtml(entries, orders)}
${patches.map((patch) => html`${hunksHtml(patch, { scenarios, kernel, table: tables.find((table) => table.patch === patch.id) ?? null })}${versionsHtml(patch, scenarios, counterparts)}${neighbours.get(patch)!.shown}`)}
${thread === '004' && advisoriesHtml()}
<h3>Scenarios</h3>
<p class="note">A scenario that is evidence for no claim ends at its smallest failing run if the search is long, and fewer random runs challenge its verdict.</p>
${features.length > 0 ? features.map(featureHtml) : html`<p>No scenario of this thread was run.</p>`}
${patches.map(limitsHtml)}
${packedHtml(`searches-${thread}`, JSON.stringify(Object.assign(searchesOf(scenarios), ...[...neighbours.values()].map(({ late }) => late))))}
</section>`;
}

function storyHtml(patch: Patch): Html {
  return html`${patch.story.map((paragraph) => prose(paragraph))}${patch.repairsNothing !== undefined && html`<p class="note">The patch repairs nothing: ${patch.repairsNothing}. So no scenario of this chapter fails because the patch is left out.</p>`}`;
}

/** Three lines for a reader with ten seconds: who claimed what, what happens without the patch, and what remains with it. */
function openingHtml(patch: Patch, scenarios: readonly RunScenario[], entries: readonly Entry[]): Html {
  const found = firstFailure(scenarios);
  const whole = wholeOf(patch);
  const searches = scenarios.filter(({ tags }) => !tags.includes('@control')).flatMap((scenario) => scenario.evidence.filter(({ hunks, situation }) => situation.startsWith(`${patch.id}/`) && hunks.length === whole.length && whole.every((hunk) => hunks.includes(hunk))).map((evidence) => ({ scenario, evidence })));
  const failing = searches.filter(({ evidence }) => evidence.verdict.findings.length > 0);
  const holding = searches.filter(({ evidence }) => evidence.verdict.holds);
  const conditional = entries.filter(({ verdict }) => verdict === 'conditional');
  return html`<dl class="opening"><dt>Claimed</dt><dd>${patch.author}, <time datetime="${patch.date}">${patch.date}</time>, against ${patch.against}${patch.mail && html` (<a href="${mailLink(patch.mail)}">${patch.mail.subject}</a>${patch.mail.messageId !== undefined && html`, Message-ID <code>${patch.mail.messageId}</code>`})`}. In short: ${patch.quote} <code>${patch.id}</code></dd>
<dt>Without it</dt><dd>${found ? html`${found.finding.message}, in a run of ${sizeOfRun(found.finding)}: <a class="button" href="#${formatMoment({ request: found.request, schedule: found.finding.witness.schedule, step: found.finding.steps, against: null })}">step through</a>` : whatHappens(scenarios)}</dd>
<dt>With it</dt><dd>${searches.length === 0 ? 'decided without a search: the scenarios below say how.' : html`${count(holding.length, 'search').replace('searchs', 'searches')} of ${searches.length} find${holding.length === 1 ? 's' : ''} no failing run in any interleaving${failing.length === 0 ? '.' : html`; ${failing.length} still fail${failing.length === 1 ? 's' : ''}: ${[...new Map(failing.map(({ scenario }) => [scenario.id, scenario])).values()].slice(0, 4).map(({ id, name }, i) => html`${i > 0 && '; '}<a href="#${id}">${name}</a>`)}${failing.length > 4 && ' and others in the table of versions'}.`}`}${conditional.length > 0 && html` True only under a condition: ${conditional.map(({ claim }, i) => html`${i > 0 && ', '}<a href="#claim-${claim.id}">${claim.id}</a>`)}.`}</dd></dl>`;
}

/** If no search is involved, the first scenario without the patch. */
function whatHappens(scenarios: readonly RunScenario[]): Html | string {
  const before = scenarios.find(({ tags, status }) => tags.includes('@before') && status === 'PASSED');
  return before ? html`<a href="#${before.id}">${before.name}</a>.` : 'no scenario without the patch was run.';
}

/** The first finding of the first scenario that shows the bug. */
function firstFailure(scenarios: readonly RunScenario[]) {
  return scenarios
    .filter((scenario) => scenario.tags.includes('@before') && scenario.status === 'PASSED' && claimTagsOf(scenario).some(({ side }) => side === 'claim'))
    .flatMap(({ evidence, id, name }) => evidence.flatMap(({ verdict, request, situation }) => verdict.findings.map((finding) => ({ finding, id, name, request: { ...request, situation } }))))[0];
}

/** The smallest run of the first scenario that shows the bug, as a picture. */
function witnessHtml(scenarios: readonly RunScenario[]): Html | null {
  const found = firstFailure(scenarios);
  if (!found) return pictureOf(scenarios);
  const { finding, id, name, request } = found;
  const run = play(request, finding.witness.schedule);
  return html`<figure class="witness"><div class="scroll" tabindex="0" role="group" aria-label="The smallest run that fails">${new Html(timelineSvg(run, `${name}: ${finding.message}`))}</div>
<figcaption>The smallest run that fails in this way, from <a href="#${id}">${name}</a>: ${count(finding.steps, 'step')}, ${count(finding.interrupts, 'interrupt')}. Interrupt entry and the scheduler are folded here; the viewer can unfold them.</figcaption></figure>`;
}

/** If no search is involved, the first picture that a scenario of the patch drew. */
function pictureOf(scenarios: readonly RunScenario[]): Html | null {
  const drawn = scenarios.find(({ pictures }) => pictures.length > 0);
  return drawn ? html`<figure class="witness">${pictureHtml(drawn.pictures[0]!, drawn.name)}<figcaption>From <a href="#${drawn.id}">${drawn.name}</a>.</figcaption></figure>` : null;
}

function claimHtml({ claim, verdict, because, supported, contradicted, leftOpen, failed }: Entry, scenarios: readonly RunScenario[], orders: Orders): Html {
  const links = (ids: readonly string[], how: string): Html | false => ids.length > 0 && html`<li>${how}: ${ids.map((id, i) => html`${i > 0 && '; '}<a href="#${id}">${scenarios.find((scenario) => scenario.id === id)?.name ?? id}</a>`)}</li>`;
  return html`<article class="claim" id="claim-${claim.id}"><h4><a href="#row-${claim.id}">${claim.id}</a> <span class="mark mark-${markOf(verdict)}">${verdict}</span></h4>
<p>${claim.says}</p><p class="because">${because}.</p>
<ul>${links(supported, 'Supported by')}${links(contradicted, 'Contradicted by')}${links(leftOpen, 'Left open by')}${links(failed, 'Failed')}${orderHtml(claim.id, orders)}${claim.recorded?.map(({ source, says }) => html`<li><cite>${source}</cite>: ${says}</li>`)}</ul></article>`;
}

function featureHtml(feature: RunFeature): Html {
  return html`<div class="feature"><h4 class="feature-name">${feature.name}</h4><p class="place"><code>${feature.uri}</code></p>${prose(feature.prose)}
${feature.rules.map((rule) => html`<div class="rule">${rule.name !== '' && html`<p class="rule-name"><b>Rule:</b> ${rule.name}</p>`}${prose(rule.prose)}${rule.scenarios.map(scenarioHtml)}${rule.leftOut.map((name) => html`<p class="note">Left out of this run, since it is evidence for no claim; <code>npm test</code> runs it: ${name}</p>`)}</div>`)}</div>`;
}

function limitsHtml({ notModelled, citations }: Patch): Html {
  return html`<h3>What is not modelled</h3><ul>${notModelled.map((words) => html`<li>${words}</li>`)}</ul>
<h3>Commits and versions</h3><dl class="citations">${citations.map(({ source, says }) => html`<dt>${source}</dt><dd>${says}</dd>`)}</dl>`;
}
