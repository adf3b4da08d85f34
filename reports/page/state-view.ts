// The state of the machine at one moment, each part drawn in its own form. Pure functions that return HTML.
// Every value is a button that leads to the step which wrote it last.

import { html, type Html } from '../html';
import { isForChecks, isMinor } from '../trace/fold';
import type { State } from '../trace/state';
import { tablesHtml } from './tables-view';

/** Draws one part of the state; null if there is nothing to show. */
type Pane = (state: State) => Html | null;

/** One part of the state. */
export interface PaneContent {
  readonly title: string;
  readonly make: Pane;
  /** The label of the fold, for a part that is drawn only when the reader opens it. */
  readonly fold?: (state: State) => string | null;
}

const OPEN: readonly (readonly [string, Pane])[] = [
  ['Processors', processors],
  ['Translation lookaside buffers', tlbs],
  ['Tasks', tasks],
  ['Address spaces', spaces],
  ['Page tables', tablesHtml],
  ['Run queues', (state) => things(state, /^rq\d+$/)],
  ['Lazy mode and queues', queues],
  ['Page types', pageTypes],
  ['Locks', locks],
  ['Everything else', rest],
  ['State of the checkers, not of the machine', checkers],
];

/** The parts of the state, in the order in which they are shown. */
export const PARTS: readonly PaneContent[] = [
  ...OPEN.slice(0, -1).map(([title, make]) => ({ title, make })),
  { title: '', make: resting, fold: restingCount },
  ...OPEN.slice(-1).map(([title, make]) => ({ title, make })),
];

/** A part of the state with its title. */
export function partHtml({ title, make }: PaneContent, state: State): Html | null {
  const content = make(state);
  return content && (title === '' ? content : html`<h3>${title}</h3>${content}`);
}

/** A value as a button that leads to the step which wrote it. */
export function valueHtml(state: State, cell: string, words = state.read(cell)): Html {
  const before = state.was(cell);
  return html`<button type="button" class="value${before !== undefined ? ' changed' : ''}" data-cell="${cell}" title="${before !== undefined ? `was ${before}; ` : ''}${cell}: show the step that wrote it last">${words}</button>`;
}

function table(head: readonly string[], rows: readonly (readonly [string, readonly (Html | string | null)[]])[], caption: string): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table class="state"><caption class="away">${caption}</caption><thead><tr><td></td>${head.map((name) => html`<th scope="col">${name.split(/(?<=_)/).map((part) => html`${part}<wbr>`)}</th>`)}</tr></thead>
<tbody>${rows.map(([name, cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell ?? ''}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** A table of things and their fields; fields that are at rest everywhere are left out. */
function grid(state: State, names: readonly string[], fields: readonly string[], caption: string): Html {
  const used = fields.filter((field) => names.some((name) => state.get(`${name}.${field}`) !== undefined));
  return table(used, names.map((name) => [name, used.map((field) => (state.get(`${name}.${field}`) === undefined ? null : fieldHtml(state, name, field)))]), caption);
}

function fieldHtml(state: State, thing: string, field: string): Html {
  const cell = `${thing}.${field}`;
  return field === 'preempt_count' ? valueHtml(state, cell, preemptCount(state.get(cell)!)) : valueHtml(state, cell);
}

/** include/linux/hardirq.h: one count in bit fields. */
export function preemptCount(words: string): string {
  const count = Number(words);
  if (!Number.isFinite(count) || count < 256) return words;
  const parts = [
    count & 0x10000000 ? 'PREEMPT_ACTIVE' : '',
    (count >> 16) & 0xfff ? `${(count >> 16) & 0xfff} hardirq` : '',
    (count >> 8) & 0xff ? `${(count >> 8) & 0xff} softirq` : '',
    count & 0xff ? `${count & 0xff} preempt` : '',
  ].filter((part) => part !== '');
  return parts.join(' + ');
}

const CPU = /^cpu\d+$/;
const isCpu = (name: string): boolean => CPU.test(name);

function processors(state: State): Html | null {
  const cpus = state.having('cr3').filter(isCpu);
  if (cpus.length === 0) return null;
  const always = ['context', 'cr3', 'IF', 'cpl', 'cr2'];
  const resting = new Set(['0', 'NULL', '[]', '-']);
  const others = [...new Set(cpus.flatMap((cpu) => state.fieldsOf(cpu)))]
    .filter((field) => !always.includes(field) && field !== 'tlb' && field !== 'lastAccess' && cpus.some((cpu) => !resting.has(state.get(`${cpu}.${field}`) ?? '0') || state.was(`${cpu}.${field}`) !== undefined));
  return grid(state, cpus, [...always, ...others], 'Registers of the processors');
}

function tlbs(state: State): Html | null {
  const cells = state.matching(/^cpu\d+\.tlb$/);
  if (cells.length === 0) return null;
  return html`${cells.map((cell) => html`<p><b>${cell.split('.')[0]!}</b> ${valueHtml(state, cell, state.get(cell) === 'empty' ? 'empty' : `${state.get(cell)!.split('; ').length} cached`)}</p>${state.get(cell) !== 'empty' && html`<ul class="entries">${state.get(cell)!.split('; ').map((entry) => html`<li><code>${entry}</code></li>`)}</ul>`}`)}`;
}

function tasks(state: State): Html | null {
  const names = state.having('active_mm').filter((name) => state.get(`${name}.preempt_count`) !== undefined);
  if (names.length === 0) return null;
  const told = ['signal', 'oops'].filter((field) => names.some((name) => state.get(`${name}.${field}`) !== 'NULL'));
  return grid(state, names, ['mm', 'active_mm', 'preempt_count', 'need_resched', 'state', 'onCpu', ...told], 'Tasks');
}

function spaces(state: State): Html | null {
  const names = state.having('mm_count');
  return names.length === 0 ? null : grid(state, names, ['pgd', 'mm_users', 'mm_count', 'cpu_vm_mask', 'freed'], 'Address spaces');
}

function things(state: State, pattern: RegExp): Html | null {
  const names = [...new Set(state.history.list(`things ${pattern}`, (cell) => pattern.test(cell.split('.')[0]!)).map((cell) => cell.split('.')[0]!))];
  return names.length === 0 ? null : html`${names.map((name) => list(state, state.fieldsOf(name).map((field) => `${name}.${field}`)))}`;
}

function list(state: State, cells: readonly string[]): Html | null {
  return cells.length === 0 ? null : html`<dl class="cells">${cells.map((cell) => html`<dt>${cell}</dt><dd>${valueHtml(state, cell)}</dd>`)}</dl>`;
}

const QUEUE = /lazy|queue|mc_buffer|\.flags_saved|\.pending$|\.callbacks/i;

function queues(state: State): Html | null {
  return list(state, state.matching(QUEUE).filter((cell) => !cell.startsWith('memory')));
}

function pageTypes(state: State): Html | null {
  const frames = state.having('type_count').filter((name) => state.get(`${name}.count`) !== '0' || state.get(`${name}.type`) !== 'none');
  const telling = frames.filter((name) => state.get(`${name}.type`) !== 'none' || state.fieldsOf(name).some((field) => state.was(`${name}.${field}`) !== undefined));
  return telling.length === 0 ? null : grid(state, telling.slice(0, 60), ['owner', 'type', 'type_count', 'count', 'pinned', 'validated'], 'Frames and their types');
}

const LOCK = /(^|[._])(lock|ptl)$/;

function locks(state: State): Html | null {
  const cells = state.matching(LOCK).filter((cell) => state.get(cell) !== 'NULL' || state.was(cell) !== undefined);
  return cells.length === 0 ? null : list(state, cells);
}

/** Notes that the requirements keep for themselves. */
function checkers(state: State): Html | null {
  const cells = state.history.list('checkers', isForChecks).filter((cell) => state.get(cell) !== 'NULL' || state.was(cell) !== undefined);
  return cells.length === 0 ? null : list(state, cells);
}

/** The cells that the other parts show. */
const ELSEWHERE = /^(cpu\d+|rq\d+|memory|mfn 0x[0-9a-f]+)[.[]|\.(pgd|mm_users|mm_count|cpu_vm_mask|freed|vmas|mm|active_mm|preempt_count|need_resched|state|onCpu|onQueueOf)$/;

/** The cells that no other part shows. */
const others = (state: State): readonly string[] => state.history.list('others', (cell) => !ELSEWHERE.test(cell) && !QUEUE.test(cell) && !LOCK.test(cell) && !isMinor(cell) && !isForChecks(cell));

const AT_REST: ReadonlySet<string> = new Set(['0', 'NULL', '[]', '-', '', '-1']);

/** The others that have just changed. */
function rest(state: State): Html | null {
  const fresh = others(state).filter((cell) => state.was(cell) !== undefined);
  return list(state, fresh);
}

/** The others that are not at zero, and have not just changed. */
const still = (state: State): string[] => others(state).filter((cell) => !AT_REST.has(state.get(cell)!) && state.was(cell) === undefined);

function resting(state: State): Html | null {
  return list(state, still(state).slice(0, MOST));
}

/** How many cells of a fold are drawn. */
const MOST = 300;

function restingCount(state: State): string | null {
  const { length } = still(state);
  return length === 0 ? null : `${length} cells that did not change here`;
}
