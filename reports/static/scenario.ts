// One scenario: its steps in Gherkin, how it ended, and the searches behind it, with links to
// step through what they found.

import type { ShownFinding } from '../../machine/explorer/verdict/evidence';
import type { Evidence } from '../../machine/situations/check';
import { claimTagsOf } from '../chapters';
import { checkLine, replayLine } from '../command-line';
import { html, prose, type Html } from '../html';
import type { Picture, RunScenario, RunStep } from '../messages';
import { formatMoment } from '../moment';
import { conclusionOf, parametersOf, searchOf, sizeOfRun } from './words';

const ROLES: Readonly<Record<string, string>> = {
  '@before': 'without the patch', '@after': 'with the patch', '@control': 'control', '@near-miss': 'wrong fix', '@open': 'left open', '@requirement': 'kernel under review',
};

const SIDES = { claim: 'supports', counter: 'contradicts', open: 'leaves open' } as const;

export function scenarioHtml(scenario: RunScenario): Html {
  const passed = scenario.status === 'PASSED';
  return html`<article class="scenario${passed ? '' : ' failed'}" id="${scenario.id}">
<details${passed ? '' : html` open`}>
<summary><span class="outcome outcome-${passed ? 'passed' : 'failed'}">${passed ? 'passed' : scenario.status.toLowerCase()}</span>
<span class="name" role="heading" aria-level="5">${scenario.name}</span>
<span class="tags">${scenario.tags.map((tag) => ROLES[tag] && html`<span class="role">${ROLES[tag]}</span>`)}${claimTagsOf(scenario).map(({ side, claim }) => html` <span class="claim-tag side-${side}">${SIDES[side]} ${claim}</span>`)}</span></summary>
${claimTagsOf(scenario).length > 0 && html`<p class="speaks">Evidence for ${claimTagsOf(scenario).map(({ claim }, i) => html`${i > 0 && ', '}<a href="#claim-${claim}">${claim}</a>`)}.</p>`}
${prose(scenario.prose)}
<ol class="steps">${scenario.steps.map(stepHtml)}</ol>
<p class="place"><code>npx cucumber-js ${scenario.place}</code></p>
${hasSearches(scenario) && html`<div class="searches"></div>`}
</details>
</article>`;
}

const hasSearches = ({ evidence, pictures }: RunScenario): boolean => evidence.length + pictures.length > 0;

/** The searches and pictures of scenarios, by the id of each: what the page draws when a reader opens one. */
export function searchesOf(scenarios: readonly RunScenario[]): Record<string, string> {
  return Object.fromEntries(scenarios.filter(hasSearches).map(({ id, name, evidence, pictures }) => [id, html`${evidence.map(evidenceHtml)}${pictures.map((picture) => pictureHtml(picture, name))}`.text]));
}

/** A picture that a step attached. It is shown as an image, so that nothing in it can affect the page. */
export function pictureHtml({ name, svg }: Picture, about: string): Html {
  return html`<div class="scroll picture" tabindex="0" role="group" aria-label="Picture"><img alt="${name === '' ? about : name}" src="data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}"></div>`;
}

function stepHtml({ keyword, text, table, docString, status, message }: RunStep): Html {
  return html`<li${status !== 'PASSED' && html` class="step-${status.toLowerCase()}"`}><b>${keyword}</b> ${text}${status !== 'PASSED' && html` <em>(${status.toLowerCase()})</em>`}${table && html`<div class="scroll" tabindex="0" role="group" aria-label="Table of the step"><table class="argument"><tbody>${table.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`}${docString !== null && html`<pre tabindex="0">${docString}</pre>`}${message !== null && html`<pre class="message" tabindex="0">${message}</pre>`}</li>`;
}

/** What one search was about, what it found, and how to see it. */
export function evidenceHtml(evidence: Evidence): Html {
  const conclusion = conclusionOf(evidence);
  return html`<div class="evidence">
<p><span class="mark mark-${conclusion}">${conclusion}</span> <b>${[...evidence.invariants, 'no deadlock', 'no livelock'].join(', ')}</b> in <code>${evidence.situation}</code>, hunks: ${evidence.hunks.length > 0 ? evidence.hunks.map((hunk) => html`<code>${hunk}</code> `) : 'none'}</p>
<p class="search">${searchOf(evidence)}.</p>
${evidence.verdict.findings.map((finding) => findingHtml(evidence, finding))}
<details class="bounds"><summary>Set-up</summary>
<dl><dt>Who runs</dt><dd>${evidence.title}</dd><dt>Parameters</dt><dd>${parametersOf(evidence)}</dd><dt>Left out</dt><dd>${evidence.leavesOut.join('; ')}</dd>
<dt>Run it again</dt><dd><code>${checkLine(evidence.request)}</code></dd></dl>
<p><a class="explore-link" href="#${exploreHash(evidence)}">Explore it in this page</a></p></details>
</div>`;
}

/** The address of the form, filled in for the same search. */
function exploreHash({ request, situation }: Evidence): string {
  return formatMoment({ request: { ...request, situation }, schedule: '', step: 0, against: null });
}

function findingHtml({ request, situation }: Evidence, finding: ShownFinding): Html {
  const { schedule, events } = finding.witness;
  const moment = (against: string | null): string => formatMoment({ request: { ...request, situation }, schedule, step: events.length, against });
  return html`<div class="finding"><p><b>${finding.kind === 'violation' ? finding.invariant : finding.kind}:</b> ${finding.message} <span class="size">(${sizeOfRun(finding)})</span></p>
<p class="ways"><a class="button step-link" href="#${moment(null)}">Step through</a> <a class="button" href="#${moment(opposite(request.patches))}">Compare with the kernel ${opposite(request.patches) === 'all' ? 'with' : 'without'} the patch</a></p>
<details><summary>Schedule</summary><pre tabindex="0" class="wrap">${replayLine({ ...request, situation }, schedule)}</pre></details></div>`;
}

const opposite = (patches: string): string => (patches === 'none' || patches.startsWith('none,') ? 'all' : 'none');
