// Whether a claim depends on the order in which stores reach memory: a line with each claim, and the table of a chapter.

import { sentenceOf, type OrderOfClaim } from '../../machine/cli/orders/recorded';
import type { Entry } from '../../machine/patches/ledger';
import type { ClaimId } from '../../machine/patches/types';
import { html, type Html } from '../html';

export type Orders = ReadonlyMap<ClaimId, OrderOfClaim>;

/** The note of a claim; nothing if no question about it is recorded. */
export function orderHtml(claim: ClaimId, orders: Orders): Html | false {
  const order = orders.get(claim);
  return order !== undefined && html`<li>TSO changes: ${sentenceOf(order)}</li>`;
}

/** Every claim of a chapter under both orders. */
export function ordersHtml(entries: readonly Entry[], orders: Orders): Html | false {
  const rows = entries.flatMap(({ claim: { id } }) => orders.get(id) ?? []);
  const shown = (states: number): string => states.toLocaleString('en-GB');
  return rows.length > 0 && html`<h3>Claims under both memory orders</h3>
<p>Each question that a scenario of a claim asks was asked again under SC and under TSO, in complete searches unless the table says otherwise. <code>npm run orders claims</code> asks them again.</p>
<details class="others"><summary>${rows.filter(({ changed }) => changed.length > 0).length} of ${rows.length} claims depend on it</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Claims under both memory orders"><table class="orders"><thead><tr><th scope="col">Claim</th><th scope="col">Searches</th><th scope="col">States, SC</th><th scope="col">States, TSO</th><th scope="col">TSO changes</th></tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row"><a href="#claim-${row.claim}">${row.claim}</a></th><td>${row.decided}</td><td>${shown(row.states.SC)}</td><td>${shown(row.states.TSO)}</td><td>${sentenceOf(row)}</td></tr>`)}</tbody></table></div></details>`;
}
