// The patch hunk by hunk: where, what it does, the diff as the source has it, and which claims
// rest on it.

import { wholeOf } from '../../machine/patches/selection';
import type { Hunk, Patch } from '../../machine/patches/types';
import { claimTagsOf } from '../chapters';
import type { GuardedSource, PathDiff } from '../diff';
import { html, type Html } from '../html';
import type { RunScenario } from '../messages';

export function hunksHtml(patch: Patch, scenarios: readonly RunScenario[], kernel: GuardedSource): Html {
  const whole = wholeOf(patch);
  const own = patch.hunks.filter(({ id }) => whole.includes(id));
  const others = patch.hunks.filter(({ id }) => !whole.includes(id));
  return html`<h3>The patch, hunk by hunk</h3>${own.map((hunk) => hunkHtml(hunk, scenarios, kernel.ofHunk(patch, hunk.id)))}
${others.length > 0 && html`<details class="others"><summary>Hunks of other versions and of wrong fixes (${others.length})</summary>${others.map((hunk) => hunkHtml(hunk, scenarios, kernel.ofHunk(patch, hunk.id)))}</details>`}`;
}

function hunkHtml({ id, file, where, does, notModelled }: Hunk, scenarios: readonly RunScenario[], diff: readonly PathDiff[]): Html {
  const about = scenarios.filter(({ tags }) => tags.includes(`@hunk:${id}`));
  const claims = [...new Set(about.flatMap((scenario) => claimTagsOf(scenario).map(({ claim }) => claim)))];
  return html`<article class="hunk" id="hunk-${id}"><h4><code>${id}</code></h4><p><code>${file}</code>, ${where}: ${does}</p>
${notModelled !== undefined && html`<p class="note">Not modelled: ${notModelled}</p>`}
${diff.map(diffHtml)}
${claims.length > 0 && html`<p>Claims that rest on it: ${claims.map((claim) => html`<a href="#claim-${claim}">${claim}</a> `)}</p>`}</article>`;
}

const SIGNS = { ' ': 'same', '-': 'removed', '+': 'added' } as const;

/** What one path loses and gains, as a unified diff. */
export function diffHtml({ file, name, from, chunks }: PathDiff): Html {
  return html`<pre class="diff" tabindex="0" role="group" aria-label="Difference in ${name}()">${chunks.map((chunk) => html`<span class="place">@@ ${file}: ${name}()${from !== '' && ` — ${from}`}</span>
${chunk.map(({ sign, text }) => html`<span class="${SIGNS[sign]}">${`${sign}${text}`}</span>
`)}`)}</pre>`;
}
