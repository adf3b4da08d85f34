// What almost looks like the patch: the patch's statements in the order of the source, each with
// what was tried in its place, and what somebody who carries it to another kernel should watch.

import { neighboursOf, subjectOf, nameOf, type Subject } from '../../machine/cli/neighbours/enumerate';
import type { KernelSource } from '../../machine/cli/neighbours/kernel-source';
import { reasonFor, recordedOf } from '../../machine/cli/neighbours/recorded';
import { countsOf, rowsOf, whyOf, type Row } from '../../machine/cli/neighbours/table';
import type { Judged } from '../../machine/cli/neighbours/judge';
import type { Patch } from '../../machine/patches/types';
import { html, type Html } from '../html';
import { markOf } from './words';

/** The picture of each version of the patch whose neighbours were explored. */
export function neighboursHtml(patch: Patch, kernel: KernelSource): Html {
  const subjects = [subjectOf(patch, null), ...patch.variants.map((variant) => subjectOf(patch, variant))];
  return html`${subjects.map((subject) => subjectHtml(subject, kernel))}`;
}

function subjectHtml(subject: Subject, kernel: KernelSource): Html | null {
  const name = nameOf(subject);
  const recorded = recordedOf(name);
  if (recorded === null) return null;
  const answers = new Map(recorded.answers.map(({ id, answer }) => [id, answer]));
  const judged = neighboursOf(kernel, subject).flatMap((neighbour): Judged[] => {
    const answer = answers.get(neighbour.id);
    return answer ? [{ neighbour, answer }] : [];
  });
  const counts = [...countsOf(judged)].map(([answer, number]) => `${number} ${answer}`).join(', ');
  return html`<h3>Fixes that are almost ${subject.variant === null ? 'the patch' : html`<code>${name}</code>`}</h3>
<p>${judged.length} fixes that differ by one edit, explored in ${recorded.trials.length} situations: ${counts}. <code>npx paravirt-spec neighbours ${patch(subject)}</code> explores them again.</p>
<details class="others"><summary>Statement by statement</summary>
<table class="neighbours"><thead><tr><th scope="col">Line of the patch</th><th scope="col">To watch</th><th scope="col">Rejected</th><th scope="col">The same, or also right</th><th scope="col">Does not build</th></tr></thead>
<tbody>${rowsOf({ ...recorded, judged }).map((row) => rowHtml(name, row))}</tbody></table></details>`;
}

const patch = ({ patch: { id }, variant }: Subject): string => (variant === null ? id : `${id} --variant ${variant.id}`);

function rowHtml(subject: string, { path, statement, file, line, watch, judged }: Row): Html {
  const listed = (...answers: readonly string[]): Html[] => judged.filter(({ answer }) => answers.includes(answer.answer)).map((one) => oneHtml(subject, one));
  return html`<tr><th scope="row"><code>${statement}</code><br><span class="place">${path}${file !== '' && `(), ${file}:${line}`}</span></th><td>${watch}</td>
<td>${listHtml(listed('rejected'))}</td><td>${listHtml(listed('the same', 'also right', 'not reached', 'undecided'))}</td><td>${listHtml(listed('does not build'))}</td></tr>`;
}

const listHtml = (items: readonly Html[]): Html | null => (items.length === 0 ? null : html`<ul>${items}</ul>`);

function oneHtml(subject: string, { neighbour, answer }: Judged): Html {
  const why = whyOf(answer);
  const reason = reasonFor(subject, neighbour.id);
  return html`<li><span class="mark mark-${markOf(answer.answer)}">${answer.answer}</span> ${neighbour.change}${why !== '' && html`<br><span class="place">${why.length > 240 ? `${why.slice(0, 237)}…` : why}</span>`}${reason !== null && html`<br>${reason}`}</li>`;
}
