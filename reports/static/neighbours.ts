// Fixes that are almost the patch: the statements of the patch in the order of the source, each with
// what was tried instead, and what to watch when it is ported to another kernel.

import { neighboursOf, subjectOf, nameOf, type Subject } from '../../machine/cli/neighbours/enumerate';
import type { KernelSource } from '../../machine/cli/neighbours/kernel-source';
import { reasonFor, recordedOf } from '../../machine/cli/neighbours/recorded';
import { blockPictures, type BlockPicture, type Lane } from '../../machine/cli/neighbours/lanes';
import { countsOf, rowsOf, whyOf, type Row } from '../../machine/cli/neighbours/table';
import type { Judged } from '../../machine/cli/neighbours/judge';
import type { Patch } from '../../machine/patches/types';
import { html, type Html } from '../html';
import { markOf } from './words';

/** The part in the chapter, and the tables that are drawn when a reader opens them, each by its key. */
export interface NeighboursParts {
  readonly shown: Html;
  readonly late: Readonly<Record<string, string>>;
}

/** The picture of each version of the patch whose neighbours were explored. */
export function neighboursHtml(patch: Patch, kernel: KernelSource): NeighboursParts {
  const subjects = [subjectOf(patch, null), ...patch.variants.map((variant) => subjectOf(patch, variant))];
  const parts = subjects.map((subject) => subjectHtml(subject, kernel));
  return { shown: html`${parts.map((part) => part?.shown)}`, late: Object.assign({}, ...parts.map((part) => part?.late)) as Record<string, string> };
}

function subjectHtml(subject: Subject, kernel: KernelSource): NeighboursParts | null {
  const name = nameOf(subject);
  const recorded = recordedOf(name);
  if (recorded === null) return null;
  const answers = new Map(recorded.answers.map(({ id, answer }) => [id, answer]));
  const all = neighboursOf(kernel, subject);
  const judged = all.flatMap((neighbour): Judged[] => {
    const answer = answers.get(neighbour.id);
    return answer ? [{ neighbour, answer }] : [];
  });
  const rows = rowsOf({ judged });
  const counts = [...countsOf(judged)].map(([answer, number]) => `${number} ${answer}`).join(', ');
  const key = `neighbours ${name}`;
  const shown = html`<h3>Fixes that are almost ${subject.variant === null ? 'the patch' : html`<code>${name}</code>`}</h3>
<p>${judged.length} fixes that differ by one edit, explored in ${recorded.trials.length} situations: ${counts}.${all.length > judged.length && ` ${all.length - judged.length} more ${all.length - judged.length === 1 ? 'has' : 'have'} no recorded answer yet.`} <code>npx paravirt-spec neighbours ${patch(subject)}</code> explores them again.</p>
${picturesHtml(kernel, subject, rows)}
<details class="others"><summary>Statement by statement</summary>
<noscript><p class="note"><code>npx paravirt-spec neighbours ${patch(subject)} --recorded</code> prints this table.</p></noscript>
<div class="searches" data-key="${key}"></div></details>`;
  const table = html`<div class="scroll" tabindex="0" role="group" aria-label="Neighbours, statement by statement"><table class="neighbours"><thead><tr><th scope="col">Line of the patch</th><th scope="col">What to watch</th><th scope="col">Rejected</th><th scope="col">The same, also right, or no worse</th><th scope="col">Does not build</th></tr></thead>
<tbody>${rows.map((row) => rowHtml(name, row))}</tbody></table></div>`;
  return { shown, late: { [key]: table.text } };
}

/** The height of a line, the width of a bar, and the indentation of a block, in pixels. */
const [HEIGHT, BAR, INDENT] = [22, 16, 12];

/** The longest line that a picture shows in full, in characters. */
const WIDTH = 84;

/** The blocks that the patch changes. A bar beside each line of the patch covers the places where that line may stand; below, what to watch. */
function picturesHtml(kernel: KernelSource, subject: Subject, rows: readonly Row[]): Html | null {
  const pictures = blockPictures(kernel, subject, rows);
  if (pictures.length === 0) return null;
  return html`<details class="lanes"><summary>Where each line of the patch may stand</summary>
<p>A bar covers the places to which the line with the dot may move: complete searches find nothing worse there. One line beyond a red end, some run fails, or the kernel does not build.</p>
${pictures.map(pictureHtml)}</details>`;
}

function pictureHtml({ path, file, lines, lanes }: BlockPicture): Html {
  const left = INDENT + lanes.length * BAR;
  const middle = (at: number): number => at * HEIGHT + HEIGHT / 2;
  const words = lanes.filter(({ row }) => row.watch !== '').map(({ row }) => `${row.statement}: ${row.watch}`);
  return html`<figure><figcaption><code>${path}()</code> <span class="place">${file}</span></figcaption>
<svg viewBox="0 0 ${left + WIDTH * 8} ${lines.length * HEIGHT + 4}" width="${left + WIDTH * 8}" role="img" aria-label="${words.join('. ')}">
${lines.map(({ text, isOwn }, at) => html`<text class="${isOwn ? 'own' : 'other'}" x="${left}" y="${middle(at) + 5}">${text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text}</text>`)}
${lanes.map((lane, i) => laneHtml(lane, INDENT / 2 + (lanes.length - i - 1) * BAR + BAR / 2, middle))}
</svg>
<ul>${lanes.filter(({ row }) => row.watch !== '').map(({ row }) => html`<li><code>${row.statement}</code> ${row.watch}</li>`)}</ul></figure>`;
}

function laneHtml({ at, from, to, reach, row }: Lane, x: number, middle: (at: number) => number): Html {
  const [top, bottom] = [middle(from) - 7, middle(to) + 7];
  return html`<g><title>${row.statement}: ${row.watch}</title><rect class="reach" x="${x - 4}" y="${top}" width="8" height="${bottom - top}" rx="4"/>
${reach.isStoppedAbove && html`<rect class="stop" x="${x - 6}" y="${top - 2}" width="12" height="3"/>`}${reach.isStoppedBelow && html`<rect class="stop" x="${x - 6}" y="${bottom - 1}" width="12" height="3"/>`}
<circle class="at" cx="${x}" cy="${middle(at)}" r="3"/></g>`;
}

const patch = ({ patch: { id }, variant }: Subject): string => (variant === null ? id : `${id} --variant ${variant.id}`);

function rowHtml(subject: string, { path, statement, file, line, watch, judged }: Row): Html {
  const listed = (...answers: readonly string[]): Html[] => judged.filter(({ answer }) => answers.includes(answer.answer)).map((one) => oneHtml(subject, one));
  return html`<tr><th scope="row"><code>${statement}</code><br><span class="place">${path}${file !== '' && `(), ${file}:${line}`}</span></th><td>${watch}</td>
<td>${listHtml(listed('rejected'))}</td><td>${listHtml(listed('the same', 'also right', 'no worse', 'not reached', 'undecided'))}</td><td>${listHtml(listed('does not build'))}</td></tr>`;
}

const listHtml = (items: readonly Html[]): Html | null => (items.length === 0 ? null : html`<ul>${items}</ul>`);

function oneHtml(subject: string, { neighbour, answer }: Judged): Html {
  const why = whyOf(answer);
  const reason = reasonFor(subject, neighbour.id);
  return html`<li><span class="mark mark-${markOf(answer.answer)}">${answer.answer}</span> ${neighbour.change}${why !== '' && html`<br><span class="place">${why.length > 240 ? `${why.slice(0, 237)}…` : why}</span>`}${reason !== null && html`<br>${reason}`}</li>`;
}
