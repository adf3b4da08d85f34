// The chapter of a thread: the story, the claims with their scenarios, the patch hunk by hunk, its
// versions and the wrong fixes, and what all this leaves out.

import type { Entry } from '../../machine/patches/ledger';
import type { Patch } from '../../machine/patches/types';
import type { Evidence } from '../../machine/situations/check';
import type { HunkTable } from '../../machine/situations/hunks';
import { claimTagsOf, scenariosOf, type Chapter } from '../chapters';
import type { GuardedSource } from '../diff';
import { Html, html, prose } from '../html';
import type { RunFeature, RunScenario } from '../messages';
import { play } from '../trace/play';
import { timelineSvg } from '../trace/timeline-svg';
import { hunksHtml } from './hunks';
import { versionsHtml } from './versions';
import { pictureHtml, scenarioHtml } from './scenario';
import { count, markOf } from './words';

/** What all chapters draw on. */
export interface Background {
  readonly kernel: GuardedSource;
  readonly tables: readonly HunkTable[];
  /** Searches that no scenario made, by which failures are compared with the patch. */
  readonly counterparts: readonly Evidence[];
}

export function chapterHtml({ thread, patches, entries, features }: Chapter, { kernel, tables, counterparts }: Background): Html {
  const scenarios = features.flatMap(scenariosOf);
  return html`<section class="chapter" id="thread-${thread}" aria-labelledby="title-${thread}">
<p class="eyebrow">Thread ${thread}</p>
<h2 id="title-${thread}">${patches[0]?.title ?? `The claims of thread ${thread}`}</h2>
${patches.map((patch) => storyHtml(patch))}
${witnessHtml(scenarios)}
<h3>Claims</h3>
<div class="claims">${entries.map((entry) => claimHtml(entry, scenarios))}</div>
${patches.map((patch) => html`${hunksHtml(patch, { scenarios, kernel, table: tables.find((table) => table.patch === patch.id) ?? null })}${versionsHtml(patch, scenarios, counterparts)}`)}
<h3>Scenarios</h3>
${features.length > 0 ? features.map(featureHtml) : html`<p>No scenario of this thread was run.</p>`}
${patches.map(limitsHtml)}
</section>`;
}

function storyHtml(patch: Patch): Html {
  return html`<p class="byline">${patch.author}, <time datetime="${patch.date}">${patch.date}</time>, against ${patch.against}. <code>${patch.id}</code></p>
<blockquote class="quote">${patch.quote}</blockquote>
${patch.story.map((paragraph) => prose(paragraph))}`;
}

/** The smallest run of the first scenario that shows the bug, as a picture. */
function witnessHtml(scenarios: readonly RunScenario[]): Html | null {
  const found = scenarios
    .filter((scenario) => scenario.tags.includes('@before') && scenario.status === 'PASSED' && claimTagsOf(scenario).some(({ side }) => side === 'claim'))
    .flatMap(({ evidence, id, name }) => evidence.flatMap(({ verdict, request }) => verdict.findings.map((finding) => ({ finding, id, name, request }))))[0];
  if (!found) return pictureOf(scenarios);
  const { finding, id, name, request } = found;
  const run = play(request, finding.witness.schedule);
  return html`<figure class="witness"><div class="scroll" tabindex="0" role="group" aria-label="The smallest run that fails">${new Html(timelineSvg(run, `${name}: ${finding.message}`))}</div>
<figcaption>The smallest run that fails so, from <a href="#${id}">${name}</a>: ${count(finding.steps, 'step')}, ${count(finding.interrupts, 'interrupt')}. Interrupt entry and the scheduler are folded; the viewer opens them.</figcaption></figure>`;
}

/** Where no search is involved, the first picture that a scenario of the patch drew. */
function pictureOf(scenarios: readonly RunScenario[]): Html | null {
  const drawn = scenarios.find(({ pictures }) => pictures.length > 0);
  return drawn ? html`<figure class="witness">${pictureHtml(drawn.pictures[0]!, drawn.name)}<figcaption>From <a href="#${drawn.id}">${drawn.name}</a>.</figcaption></figure>` : null;
}

function claimHtml({ claim, verdict, because, supported, contradicted, leftOpen, failed }: Entry, scenarios: readonly RunScenario[]): Html {
  const links = (ids: readonly string[], how: string): Html | false => ids.length > 0 && html`<li>${how}: ${ids.map((id, i) => html`${i > 0 && '; '}<a href="#${id}">${scenarios.find((scenario) => scenario.id === id)?.name ?? id}</a>`)}</li>`;
  return html`<article class="claim" id="claim-${claim.id}"><h4><a href="#row-${claim.id}">${claim.id}</a> <span class="mark mark-${markOf(verdict)}">${verdict}</span></h4>
<p>${claim.says}</p><p class="because">${because}.</p>
<ul>${links(supported, 'Supported by')}${links(contradicted, 'Contradicted by')}${links(leftOpen, 'Left open by')}${links(failed, 'Not passed')}${claim.recorded?.map(({ source, says }) => html`<li><cite>${source}</cite>: ${says}</li>`)}</ul></article>`;
}

function featureHtml(feature: RunFeature): Html {
  return html`<div class="feature"><h4 class="feature-name">${feature.name}</h4><p class="place"><code>${feature.uri}</code></p>${prose(feature.prose)}
${feature.rules.map((rule) => html`<div class="rule">${rule.name !== '' && html`<p class="rule-name"><b>Rule:</b> ${rule.name}</p>`}${prose(rule.prose)}${rule.scenarios.map(scenarioHtml)}</div>`)}</div>`;
}

function limitsHtml({ notModelled, citations }: Patch): Html {
  return html`<h3>What is not modelled</h3><ul>${notModelled.map((words) => html`<li>${words}</li>`)}</ul>
<h3>Commits and versions</h3><dl class="citations">${citations.map(({ source, says }) => html`<dt>${source}</dt><dd>${says}</dd>`)}</dl>`;
}
