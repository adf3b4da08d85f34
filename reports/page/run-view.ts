// A run as rows in lanes. Pure: from a run to HTML.

import { html, type Html } from '../html';
import { wordsOf } from '../trace/changes';
import { isMinor, netChanges, rowsOf, type Row } from '../trace/fold';
import { laneOf, lanesOf, type Lane } from '../trace/lanes';
import type { Run } from '../trace/play';
import { sharedSteps } from '../trace/state';
import { tellingChanges } from '../trace/timeline-svg';
import type { ShownChange } from '../../machine/explorer/verdict/evidence';

export interface RunLayout {
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  readonly shared: readonly boolean[];
}

/** @param opened folds that the reader has opened, by their first step */
export function layOut({ events }: Run, folded: boolean, opened: ReadonlySet<number>): RunLayout {
  const rows = rowsOf(events, folded).flatMap((row) => (row.title !== null && opened.has(row.from) ? singles(row, events) : [row]));
  return { lanes: lanesOf(events), rows, shared: sharedSteps(events) };
}

function singles({ from, to }: Row, events: Run['events']): Row[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ from: from + i, to: from + i, title: null, changes: netChanges(events, from + i, from + i) }));
}

export function runHtml(run: Run, { lanes, rows, shared }: RunLayout): Html {
  return html`<div class="lane-heads" aria-hidden="true"><span></span>${lanes.map(({ name, process, kind }) => html`<span class="head head-${kind}"><small>${process === name ? '' : process}</small> ${name}</span>`)}</div>
<ol class="rows">
<li data-step="0"><button type="button" class="number" tabindex="-1">0</button><span class="block block-start" data-lane="0">the beginning</span></li>
${rows.map((row) => rowHtml(run, row, lanes, shared))}
</ol>
${run.violation && html`<p class="violated"><b>${run.violation.invariant}:</b> ${run.violation.message}</p>`}`;
}

function rowHtml(run: Run, row: Row, lanes: readonly Lane[], shared: readonly boolean[]): Html {
  const event = run.events[row.from]!;
  const lane = laneOf(event);
  const breaks = run.violation !== null && row.from <= run.violation.event && run.violation.event <= row.to;
  const kind = row.title !== null ? 'fold' : event.kind;
  const isShared = row.title === null && shared[row.from];
  return html`<li data-step="${row.to + 1}"><button type="button" class="number" tabindex="-1">${row.from + 1}${row.to > row.from && `–${row.to + 1}`}</button>
<div class="block block-${kind}${breaks ? ' block-violating' : ''}" data-lane="${lanes.findIndex(({ id }) => id === lane.id)}"><span class="who"><span class="lane-name">${lane.process === lane.name ? '' : `${lane.process} `}${lane.name}</span>${row.title === null && event.kind === 'step' && html`<span class="leaf" title="${event.paths.join(' > ')}">${event.paths.at(-1) ?? ''}</span>`}${isShared && html`<span class="shared">shared</span>`}</span>
<span class="text">${row.title ?? event.text}</span>${row.title !== null && html` <button type="button" class="open" data-open="${row.from}" tabindex="-1">open ${row.to - row.from + 1} steps</button>`}
${changesHtml(shownChanges(row), run)}</div></li>`;
}

/** In a row that is one step, all that it changed; in a fold what tells. */
function shownChanges(row: Row): readonly ShownChange[] {
  return row.title === null ? row.changes.filter(({ cell }) => !isMinor(cell)) : tellingChanges(row);
}

function changesHtml(changes: readonly ShownChange[], { initial }: Run): Html | null {
  if (changes.length === 0) return null;
  return html`<ul class="changes">${changes.map((change) => {
    const { before, after } = wordsOf(change, initial);
    const plain = before !== '' && after !== '' && !before.startsWith('− ') && !after.startsWith('+ ');
    return html`<li><b>${change.cell}</b> ${before}${plain ? ' → ' : ' '}<ins>${after}</ins></li>`;
  })}</ul>`;
}
