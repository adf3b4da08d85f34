// The patch hunk by hunk: where it is, what it does, the diff from the source, where it is needed,
// and which claims depend on it.

import { wholeOf } from '../../machine/patches/selection';
import type { Hunk, Patch } from '../../machine/patches/types';
import type { Evidence } from '../../machine/situations/check';
import type { HunkRole, HunkTable } from '../../machine/situations/hunks';
import { claimTagsOf } from '../chapters';
import type { GuardedSource, PathDiff } from '../diff';
import { html, type Html } from '../html';
import type { RunScenario } from '../messages';
import { mailLink } from './words';
import { formatMoment, valueOf } from '../moment';

/** What a chapter knows about its patch in addition to the catalogue. */
export interface About {
  readonly scenarios: readonly RunScenario[];
  readonly kernel: GuardedSource;
  /** For what each hunk is needed; null if that was not tried. */
  readonly table: HunkTable | null;
}

export function hunksHtml(patch: Patch, about: About): Html {
  const whole = wholeOf(patch);
  const own = patch.hunks.filter(({ id }) => whole.includes(id));
  const others = patch.hunks.filter(({ id }) => !whole.includes(id));
  const draw = (hunk: Hunk): Html => hunkHtml(hunk, about, about.kernel.ofHunk(patch, hunk.id));
  return html`<h3>The patch, hunk by hunk</h3>
<p class="note">Written in the notation of C and generated from the model; file, function and lines are those of the original.${patch.mail && html` The original is in <a href="${mailLink(patch.mail)}">${patch.mail.subject}</a>.`}</p>${own.map(draw)}
${about.table && html`<p class="note">Whether a hunk is needed was tested with all hunks except this one, in every situation whose paths consult it.</p>`}
${others.length > 0 && html`<details class="others"><summary>Hunks of other versions and wrong fixes (${others.length})</summary>${others.map(draw)}</details>`}`;
}

function hunkHtml({ id, file, where, does, notModelled }: Hunk, { scenarios, table }: About, diff: readonly PathDiff[]): Html {
  const roles = table?.roles.filter((role) => role.hunk === id && (role.role === 'needed' || role.role === 'harmful')) ?? [];
  const claims = claimsOn(id, roles, scenarios);
  return html`<article class="hunk" id="hunk-${id}"><h4><code>${id}</code></h4><p><code>${file}</code>, ${where}: ${does}</p>
${notModelled !== undefined && html`<p class="note">Not modelled: ${notModelled}</p>`}
${diff.map(diffHtml)}
${roles.length > 0 && html`<ul class="roles">${roles.map((role) => roleHtml(role, table!))}</ul>`}
${claims.length > 0 && html`<p>Claims that depend on it: ${claims.map((claim) => html`<a href="#claim-${claim}">${claim}</a> `)}</p>`}</article>`;
}

function roleHtml({ hunk, situation, varied, role }: HunkRole, { rows }: HunkTable): Html {
  const here = rows.filter((row) => row.situation === situation && row.varied === varied);
  const all = here.reduce((one, other) => (other.hunks.length > one.hunks.length ? other : one));
  const row = role === 'needed'
    ? here.find(({ hunks }) => hunks.length === all.hunks.length - 1 && !hunks.includes(hunk))
    : here.find(({ hunks }) => hunks.length === 1 && hunks[0] === hunk);
  const broken = row && row.violated.length > 0 ? row.violated.join(', ') : 'requirements';
  const patches = role === 'needed' ? `all,-${hunk}` : `none,+${hunk}`;
  const parameters = parametersIn(varied);
  const request = { situation, patches, ...(Object.keys(parameters).length > 0 && { parameters }) };
  return html`<li><span class="mark mark-${role === 'needed' ? 'holds' : 'violated'}">${role}</span> in <code>${situation}</code>${varied !== '' && ` (${varied})`}: ${role === 'needed' ? `without it, ${broken} ${row?.violated.length === 1 ? 'is' : 'are'} broken` : `by itself it breaks ${broken}`}. <a class="explore-link" href="#${formatMoment({ request, schedule: '', step: 0, against: null })}">Explore</a></li>`;
}

function parametersIn(varied: string): Record<string, string | number | boolean> {
  return Object.fromEntries(varied.split(', ').filter((word) => word.includes('=')).map((word) => [word.slice(0, word.indexOf('=')), valueOf(word.slice(word.indexOf('=') + 1))]));
}

/** Claims of scenarios that are about the hunk by their tag, or that hold with it where they break without it. */
function claimsOn(hunk: string, roles: readonly HunkRole[], scenarios: readonly RunScenario[]): string[] {
  const rests = ({ situation, hunks, parameters, verdict }: Evidence): boolean => verdict.holds && hunks.includes(hunk)
    && roles.some((role) => role.role === 'needed' && role.situation === situation && Object.entries(parametersIn(role.varied)).every(([name, value]) => parameters[name] === value));
  const about = scenarios.filter(({ tags, evidence }) => tags.includes(`@hunk:${hunk}`) || (tags.includes('@after') && evidence.some(rests)));
  return [...new Set(about.flatMap((scenario) => claimTagsOf(scenario).map(({ claim }) => claim)))].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

const SIGNS = { '-': 'removed', '+': 'added' } as const;

/** What one path loses and gains: in C's spelling, as a unified diff of its file, and as the model's own text. */
export function diffHtml({ file, name, from, source, chunks, inC }: PathDiff): Html {
  const head = source === null ? [`--- ${file}`, `+++ ${file}`] : [`--- a/${source.file}   (${source.revision})`, `+++ b/${source.file}`];
  const changed = inC.flat();
  const grown = changed.filter(({ sign }) => sign === '+').length - changed.filter(({ sign }) => sign === '-').length;
  const place = source?.lines ? `@@ -${source.lines.first},${source.lines.last - source.lines.first + 1} +${source.lines.first},${source.lines.last - source.lines.first + 1 + grown} @@ ${source.name}()` : `@@ ${name}() @@`;
  return html`${linesHtml(inC, name, [...head, place])}
<details class="model-text"><summary>As written in the model</summary>${linesHtml(chunks, name, [`@@ ${file}: ${name}()${from === '' ? '' : ` — ${from}`}`])}</details>`;
}

function linesHtml(chunks: PathDiff['chunks'], name: string, head: readonly string[]): Html {
  return html`<pre class="diff" tabindex="0" role="group" aria-label="Difference in ${name}()">${head.map((words) => html`<span class="place">${words}</span>
`)}${chunks.map((chunk, i) => html`${i > 0 && html`<span class="place">…</span>
`}${chunk.map(({ sign, text }) => html`${sign === ' ' ? ` ${text}` : html`<span class="${SIGNS[sign]}">${`${sign}${text}`}</span>`}
`)}`)}</pre>`;
}
