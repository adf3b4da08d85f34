// The first page: what was claimed and what was found, claim by claim, and for each thread the line
// that a reviewer would quote.

import { countVerdicts, VERDICTS, type Entry, type VerdictWord } from '../../machine/patches/ledger';
import type { Chapter, Report } from '../chapters';
import { html, type Html } from '../html';
import { count, markOf } from './words';

const MEANINGS: Readonly<Record<VerdictWord, string>> = {
  confirmed: 'Scenarios support it, and none contradicts it.',
  refuted: 'Scenarios contradict it, and none supports it.',
  conditional: 'Scenarios support and contradict it: the claim is true only under the hypothesis that the ledger names.',
  recorded: 'It is about history, and is based on commits and mails, not on a search.',
  open: 'What is known allows both answers; the ledger says what would decide it.',
  undecided: 'A scenario about it failed, so there is no verdict.',
  'not yet decided': 'No scenario is about it yet.',
};

export function ledgerHtml({ ledger, chapters, scenarios }: Report): Html {
  const passed = scenarios.filter(({ status }) => status === 'PASSED').length;
  return html`<section id="ledger" aria-labelledby="ledger-title">
<h1 id="ledger-title">What was claimed, and what was found</h1>
<p class="lead">Each patch here fixes a bug in Linux on x86 that depends on <em>when</em> something happens. Every claim about it was tested by exploring every interleaving. ${count(ledger.length, 'claim')}: ${countVerdicts(ledger).map(([verdict, number], i) => html`${i > 0 && ', '}${number} ${verdict}${verdict === 'conditional' && ' (true only under the hypothesis named with it)'}`)}. ${count(scenarios.length, 'scenario')}: <span id="passed-count">${passed} passed, ${scenarios.length - passed} failed</span>.</p>
<div class="threads">${chapters.map(threadCard)}</div>
<h2>The ledger</h2>
<details class="meanings"><summary>What the verdicts mean</summary><dl>${VERDICTS.map((verdict) => html`<dt><span class="mark mark-${markOf(verdict)}">${verdict}</span></dt><dd>${MEANINGS[verdict]}</dd>`)}</dl></details>
<form class="filters" id="filters" role="search" aria-label="Filter the claims">
<label>Search <input type="search" id="search" placeholder="a word, or 002.4" autocomplete="off"></label>
<label>Thread <select id="filter-thread"><option value="">all</option>${chapters.map(({ thread }) => html`<option>${thread}</option>`)}</select></label>
<fieldset><legend>Verdict</legend>${VERDICTS.filter((verdict) => ledger.some((entry) => entry.verdict === verdict)).map((verdict) => html`<label class="chip"><input type="checkbox" name="verdict" value="${verdict}" checked> <span class="mark mark-${markOf(verdict)}">${verdict}</span></label>`)}</fieldset>
<output id="shown-count" role="status">${count(ledger.length, 'claim')}</output>
</form>
<table class="ledger"><caption class="away">Every claim with its verdict</caption>
<thead><tr><th scope="col">Claim</th><th scope="col">Statement</th><th scope="col">Verdict</th><th scope="col">Because</th></tr></thead>
<tbody>${ledger.map(row)}</tbody></table>
<p id="no-claims" hidden>No claim matches this filter.</p>
</section>`;
}

function threadCard({ thread, patches, entries }: Chapter): Html {
  const [patch] = patches;
  return html`<article class="thread-card"><h2><a href="#thread-${thread}">${thread}${patch && html` ${patch.title}`}</a></h2>
${patch ? html`<blockquote>${patch.quote}</blockquote>` : html`<p>Only the claims are listed; no patch is modelled yet.</p>`}
<p class="verdicts">${countVerdicts(entries).map(([verdict, number]) => html`<span class="mark mark-${markOf(verdict)}">${number} ${verdict}</span> `)}</p></article>`;
}

function row(entry: Entry): Html {
  const { claim, verdict, because } = entry;
  return html`<tr id="row-${claim.id}" data-thread="${claim.id.split('.')[0]!}" data-verdict="${verdict}">
<th scope="row"><a href="#claim-${claim.id}">${claim.id}</a></th><td>${claim.says}</td>
<td><span class="mark mark-${markOf(verdict)}">${verdict}</span></td><td class="because">${because}</td></tr>`;
}
