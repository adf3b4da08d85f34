// What hostile guests could do to released Xens: the published advisories that are modelled,
// each with the releases between which it was closed and the shortest script that exploits it.

import { ADVISORIES, closedBy, lastAndFirst, type Advisory } from '../../machine/hypervisors/xen/releases/advisories';
import { LEFT_OUT, type LeftOut } from '../../machine/hypervisors/xen/releases/left-out';
import { recordedTable } from '../../machine/cli/fuzz/table';
import { html, type Html } from '../html';
import { count } from './words';

/** A table that a reader can open. */
export function advisoriesHtml(): Html {
  return html`<section aria-labelledby="advisories"><h3 id="advisories">Advisories about Xen's page tables</h3>
<p>The hypervisor of this chapter is modelled release by release, with its holes. Each of these was tested: the script breaks the rule in the last release with the hole, and not in the first release without it.</p>
<details><summary>${count(ADVISORIES.length, 'advisory').replace('advisorys', 'advisories')}</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Advisories"><table><thead><tr><th scope="col">Advisory</th><th scope="col">What was wrong</th><th scope="col">Last release with it</th><th scope="col">First without</th><th scope="col">Commit</th><th scope="col">Calls</th><th scope="col">Breaks</th><th scope="col">Calls of hostile guests until it is found</th></tr></thead>
<tbody>${ADVISORIES.map(rowHtml)}</tbody></table></div></details>
<p>Not everything that Xen does with the memory of its guests is modelled. What is not, and what it would take, is listed here; these advisories were not tested.</p>
<details><summary>${count(LEFT_OUT.length, 'part')} left out</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Parts of Xen that are left out"><table><thead><tr><th scope="col">Left out</th><th scope="col">Advisories about it</th><th scope="col">It would take</th></tr></thead>
<tbody>${LEFT_OUT.map(leftOutHtml)}</tbody></table></div></details></section>`;
}

function leftOutHtml({ what, advisories, takes }: LeftOut): Html {
  return html`<tr><th scope="row">${what}</th><td>${advisories}</td><td>${takes.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}</td></tr>`;
}

function rowHtml(advisory: Advisory): Html {
  const { id, what, script, breaks } = advisory;
  const { last, first } = lastAndFirst(advisory);
  return html`<tr><th scope="row">${id}</th><td>${what}</td><td>${last}</td><td>${first}</td><td><code>${closedBy(advisory).commit}</code></td><td>${script.length > 0 ? html`<details><summary>${count(script.length, 'call')}</summary><pre>${script.join('\n')}</pre></details>` : html`two virtual CPUs at once: ${advisory.deeds!.map((deeds) => deeds.join(', ')).join(' / ')}`}</td><td><code>${breaks}</code></td><td>${callsToFind(advisory)}</td></tr>`;
}

/** From each seed, on page tables of a 64-bit Xen; recorded by `paravirt-spec fuzz --record`. */
function callsToFind({ rule }: Advisory): string {
  const row = recordedTable()?.rows.find((candidate) => candidate.rule === rule && candidate.tables === 'PAE on 64-bit');
  return row ? row.calls.map((calls) => calls.toLocaleString('en-US')).join(', ') : 'not by one call after the other';
}
