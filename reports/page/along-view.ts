// Two kernels on the same schedule, side by side, and where they diverge. Pure functions that return HTML.

import { html, type Html } from '../html';
import { isMinor, rowsOf, type Row } from '../trace/fold';
import type { Alongside } from '../trace/alongside';
import type { PlayedEvent, Run } from '../trace/play';
import { History } from '../trace/state';

/** The two sides of the comparison: the same step on both, a step that only one has, or steps after the runs have diverged. */
interface AlongRow {
  readonly left: Row | null;
  readonly right: Row | null;
  readonly kind: 'both' | 'only-left' | 'only-right' | 'apart';
}

export interface AlongRows {
  readonly together: readonly AlongRow[];
  readonly apart: readonly AlongRow[];
}

/** The rows of a comparison. Machinery is folded if both kernels do the same in it, and after the runs diverge. */
export function alongRows({ left, right, pairs, parting }: Alongside, folded: boolean): AlongRows {
  const folds = rowsOf(left.events, folded).filter(({ title }) => title !== null);
  const end = parting?.at ?? pairs.length;
  const together: AlongRow[] = [];
  for (let i = 0; i < end;) {
    const pair = pairs[i]!;
    const fold = folds.find(({ from }) => from === pair.left);
    const stretch = fold ? pairs.slice(i, Math.min(end, i + fold.to - fold.from + 1)) : [];
    if (fold && stretch.length === fold.to - fold.from + 1 && stretch.every((each) => each.left !== null && each.right !== null)) {
      together.push({ left: fold, right: { ...fold, from: stretch[0]!.right!, to: stretch.at(-1)!.right! }, kind: 'both' });
      i += stretch.length;
    } else {
      together.push({ left: single(pair.left), right: single(pair.right), kind: pair.left === null ? 'only-right' : pair.right === null ? 'only-left' : 'both' });
      i++;
    }
  }
  const after = (of: 'left' | 'right', run: Run): Row[] => rowsFrom(run.events, Math.max(0, ...pairs.slice(0, end).map((pair) => (pair[of] ?? -1) + 1)), folded);
  const [lefts, rights] = parting ? [after('left', left), after('right', right)] : [[], []];
  const apart = Array.from({ length: Math.max(lefts.length, rights.length) }, (_, i): AlongRow => ({ left: lefts[i] ?? null, right: rights[i] ?? null, kind: 'apart' }));
  return { together, apart };
}

const single = (step: number | null): Row | null => (step === null ? null : { from: step, to: step, title: null, changes: [] });

function rowsFrom(events: readonly PlayedEvent[], start: number, folded: boolean): Row[] {
  return rowsOf(events.slice(start), folded).map((row) => ({ ...row, from: row.from + start, to: row.to + start }));
}

export function alongHtml(along: Alongside, { together, apart }: AlongRows): Html {
  const { left, right, parting } = along;
  return html`<div class="lane-heads along" aria-hidden="true"><span></span><span class="head">hunks: ${left.request.patches}</span><span class="head">hunks: ${right.request.patches}</span></div>
<ol class="rows along"><li data-step="0"><button type="button" class="number" tabindex="-1">0</button><span class="block block-start">the beginning</span><span class="block block-start">the beginning</span></li>
${together.map((row) => rowHtml(along, row))}
${parting && html`<li class="parting"><b>The runs diverge:</b> ${parting.why}.${differencesHtml(along)}</li>`}
${apart.map((row) => rowHtml(along, row))}</ol>
${parting === null ? html`<p class="note">The runs do not diverge: every step of the schedule is possible on both sides.</p>` : html`<p class="note">From here on the two sides run separately: the left by its schedule, the right by its own schedule or, on another kernel, by its first possible move.</p>`}
<div class="ends">${[left, right].map(({ request, violation }) => html`<p class="${violation ? 'violated' : 'kept'}"><b>hunks: ${request.patches}</b> ${violation?.message ?? 'nothing is violated'}</p>`)}</div>`;
}

function rowHtml({ left, right }: Alongside, { left: here, right: there, kind }: AlongRow): Html {
  const step = here === null ? null : here.to + 1;
  return html`<li class="${kind}" ${step !== null && html`data-step="${step}"`}><button type="button" class="number" tabindex="-1" ${step === null && html`disabled`}>${here === null ? '+' : here.to > here.from ? `${here.from + 1}–${here.to + 1}` : here.from + 1}</button>
${side(left, here)}${side(right, there)}</li>`;
}

function side({ events, violation }: Run, row: Row | null): Html {
  if (!row) return html`<div class="block block-none"><span class="away">no such step</span></div>`;
  const event = events[row.from]!;
  const breaks = violation !== null && row.from <= violation.event && violation.event <= row.to;
  return html`<div class="block block-${row.title !== null ? 'fold' : event.kind}${breaks ? ' block-violating' : ''}"><span class="who"><span class="lane-name always">${event.context}</span>${row.title === null && event.kind === 'step' && html`<span class="leaf" title="${event.paths.join(' > ')}">${event.paths.at(-1) ?? ''}</span>`}</span>
<span class="text">${row.title ?? event.text}</span></div>`;
}

/** The cells in which the two kernels differ at the moment before they diverge. */
function differencesHtml({ left, right, pairs, parting }: Alongside): Html | null {
  const before = pairs.slice(0, parting!.at);
  const steps = (of: 'left' | 'right'): number => Math.max(0, ...before.map((pair) => (pair[of] ?? -1) + 1));
  const here = new History(left).at(steps('left'));
  const there = new History(right).at(steps('right'));
  const cells = here.history.cells.filter((cell) => !isMinor(cell) && there.get(cell) !== undefined && here.get(cell) !== there.get(cell));
  if (cells.length === 0) return null;
  return html`<ul class="changes">${cells.slice(0, 12).map((cell) => html`<li><b>${cell}</b> left ${here.get(cell)}, right <ins>${there.get(cell)}</ins></li>`)}${cells.length > 12 && html`<li>and ${cells.length - 12} more</li>`}</ul>`;
}
