// A run as rows in lanes. Pure functions that return HTML.

import { html, type Html } from '../html';
import { wordsOf } from '../trace/changes';
import type { Decisive } from '../trace/decisive';
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
export function layOut({ events, violation }: Run, folded: boolean, opened: ReadonlySet<number>): RunLayout {
  const rows = rowsOf(events, folded).flatMap((row) => (row.title !== null && opened.has(row.from) ? singles(row, events) : apart(row, violation?.event, events)));
  return { lanes: lanesOf(events), rows, shared: sharedSteps(events) };
}

/** A fold without the step that breaks something, which gets a row of its own. */
function apart(row: Row, broken: number | undefined, events: Run['events']): Row[] {
  if (row.title === null || broken === undefined || broken < row.from || broken > row.to) return [row];
  const part = (from: number, to: number): Row[] => (from > to ? [] : from === to ? singles({ ...row, from, to }, events) : [{ ...row, from, to, changes: netChanges(events, from, to) }]);
  return [...part(row.from, broken - 1), ...singles({ ...row, from: broken, to: broken }, events), ...part(broken + 1, row.to)];
}

function singles({ from, to }: Row, events: Run['events']): Row[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ from: from + i, to: from + i, title: null, changes: netChanges(events, from + i, from + i) }));
}

/** What is marked in addition to the steps. */
export interface Marks {
  readonly decisive: Decisive | null;
  /** The values of the watched expression, one for each moment; null if none is watched. */
  readonly watched: readonly string[] | null;
}

export function runHtml(run: Run, { lanes, rows, shared }: RunLayout, marks: Marks): Html {
  return html`<div class="lane-heads" aria-hidden="true"><span></span>${lanes.map(({ name, process, kind }) => html`<span class="head head-${kind}"><small>${process === name ? '' : process}</small> ${name}</span>`)}${marks.watched && html`<span class="head head-watch">watched</span>`}</div>
<ol class="rows">
<li data-step="0"><button type="button" class="number" tabindex="-1">0</button><span class="block block-start" data-lane="0">the beginning</span>${watchHtml(marks.watched, 0, 0, lanes)}</li>
${rows.map((row) => rowHtml(run, row, lanes, shared, marks))}
</ol>
${run.violation && html`<p class="violated"><b>${run.violation.invariant}:</b> ${run.violation.message}</p>`}`;
}

function rowHtml(run: Run, row: Row, lanes: readonly Lane[], shared: readonly boolean[], { decisive, watched }: Marks): Html {
  const event = run.events[row.from]!;
  const lane = laneOf(event);
  const breaks = run.violation !== null && row.from <= run.violation.event && run.violation.event <= row.to;
  const kind = row.title !== null ? 'fold' : event.kind;
  const isShared = row.title === null && shared[row.from];
  return html`<li data-step="${row.to + 1}"><button type="button" class="number" tabindex="-1">${row.from + 1}${row.to > row.from && `–${row.to + 1}`}</button>
<div class="block block-${kind}${breaks ? ' block-violating' : ''}${holds(row, decisive?.cause?.step) ? ' block-cause' : ''}" data-lane="${lanes.findIndex(({ id }) => id === lane.id)}"><span class="who"><span class="lane-name">${lane.process === lane.name ? '' : `${lane.process} `}${lane.name}</span>${row.title === null && event.kind === 'step' && html`<span class="leaf" title="${event.paths.join(' > ')}">${event.paths.at(-1) ?? ''}</span>`}${isShared && html`<span class="shared">shared</span>`}${breaks && html`<span class="flag flag-decisive">decisive</span>`}${holds(row, decisive?.cause?.step) && html`<span class="flag flag-cause">cause</span>`}</span>
<span class="text" title="${(row.title ?? event.text).length > 80 && event.text}">${row.title ?? event.text}</span>${row.title === null && event.silent.some(({ changes }) => changes.length > 0) && html`<ul class="silent">${event.silent.filter(({ changes }) => changes.length > 0).map(({ text, changes }) => html`<li>then <code>${text}</code> <small>${changes.map(({ cell }) => cell).join(', ')}</small></li>`)}</ul>`}${row.title !== null && html` <button type="button" class="open" data-open="${row.from}" tabindex="-1">open ${row.to - row.from + 1} steps</button>`}
${changesHtml(shownChanges(row), run)}</div>${watchHtml(watched, row.from, row.to + 1, lanes)}</li>`;
}

const holds = ({ from, to }: Row, step: number | undefined): boolean => step !== undefined && from < step && step <= to + 1;

/** The value of the watched expression after a row, marked if it has changed in the row. */
function watchHtml(watched: Marks['watched'], before: number, after: number, lanes: readonly Lane[]): Html | null {
  if (watched === null) return null;
  return html`<span class="watch${watched[before] !== watched[after] ? ' changed' : ''}" data-lane="${lanes.length}">${watched[after]!}</span>`;
}

/** For a row that is one step, everything that it changed; for a fold, what matters to a reader. */
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
