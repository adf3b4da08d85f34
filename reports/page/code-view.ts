// The code of the step: the paths that it is in, from the outermost to the one that runs, and the
// source of that one with the line that the step is of. Pure: to HTML.

import { html, type Html } from '../html';
import { lineOf, type PathSource } from '../trace/source';
import type { PlayedEvent } from '../trace/play';

/** @param sources of the paths, by their names */
export function codeHtml(event: PlayedEvent | null, sources: Readonly<Record<string, PathSource>>): Html {
  if (event === null) return html`<p class="note">Before the first step no code has run.</p>`;
  const name = event.paths.findLast((path) => sources[path] !== undefined);
  const source = name === undefined ? undefined : sources[name];
  return html`<h2 class="when">${event.paths.length > 0 ? event.paths.at(-1)! : event.context}</h2>
<ol class="stack" aria-label="Paths, outermost first">${event.paths.map((path) => html`<li${path === name && html` aria-current="true"`}><code>${path}</code>${sources[path]?.from && html` <small>${sources[path]!.from}</small>`}</li>`)}</ol>
${source ? sourceHtml(source, event, name!) : html`<p class="note">This path is part of the set-up; its source is not shown.</p>`}`;
}

function sourceHtml({ file, line, from, text }: PathSource, event: PlayedEvent, name: string): Html {
  const lines = text.split('\n');
  const inner = event.paths[event.paths.lastIndexOf(name) + 1];
  const found = lineOf(lines, event.kind === 'interrupt' ? '' : event.text, inner);
  return html`<p class="place">${from && html`<b>${from}</b><br>`}<code>${file}:${line + (found ?? 0)}</code></p>
<pre class="code" tabindex="0">${lines.map((words, i) => html`<span class="line${i === found ? ' now' : ''}"${i === found && html` aria-current="true"`}><span class="line-number" aria-hidden="true">${line + i}</span> ${words}
</span>`)}</pre>
${event.kind === 'interrupt' ? html`<p class="note">${event.text} here, between two instructions of this path.</p>` : found === null && html`<p class="note">${event.text}: the line cannot be told from the text of the instruction alone.</p>`}`;
}
