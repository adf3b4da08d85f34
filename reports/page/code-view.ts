// The code of the step: the paths that it is in, from the outermost to the one that runs, and the
// source of that one with the line that the step is of. Pure: to HTML.

import { html, type Html } from '../html';
import { lineOf, type PathSource } from '../trace/source';
import type { PlayedEvent } from '../trace/play';

/** Where a step is: in which path, and in which of its lines, counted from 0; null where that cannot be told. */
export interface Place {
  readonly name: string;
  readonly line: number | null;
  /** What there is to say below the code. */
  readonly note: Html | null;
}

/** @param sources of the paths, by their names */
export function placeOf(event: PlayedEvent | null, sources: Readonly<Record<string, PathSource>>): Place | null {
  const name = event?.paths.findLast((path) => sources[path] !== undefined);
  if (event === null || name === undefined) return null;
  const inner = event.paths[event.paths.lastIndexOf(name) + 1];
  const line = lineOf(sources[name]!.text.split('\n'), event.kind === 'interrupt' ? '' : event.text, inner);
  const note = event.kind === 'interrupt' ? html`<p class="note">${event.text} here, between two instructions of this path.</p>`
    : line === null ? html`<p class="note">${event.text}: the line cannot be told from the text of the instruction alone.</p>` : null;
  return { name, line, note };
}

/** The paths that are being run, and where the innermost one with a source is written. */
export function headHtml(event: PlayedEvent | null, place: Place | null, sources: Readonly<Record<string, PathSource>>): Html {
  if (event === null) return html`<p class="note">Before the first step no code has run.</p>`;
  const source = place && sources[place.name]!;
  return html`<h2 class="when">${event.paths.length > 0 ? event.paths.at(-1)! : event.context}</h2>
<ol class="stack" aria-label="Paths, outermost first">${event.paths.map((path) => html`<li${path === place?.name && html` aria-current="true"`}><code>${path}</code>${sources[path]?.from && html` <small>${sources[path]!.from}</small>`}</li>`)}</ol>
${source ? html`<p class="place">${source.from && html`<b>${source.from}</b><br>`}<code>${source.file}:${source.line + (place.line ?? 0)}</code></p>` : html`<p class="note">This path is part of the set-up; its source is not shown.</p>`}`;
}

/** The source of a path, a line an element. */
export function linesHtml({ line, text }: PathSource): Html {
  return html`<pre class="code" tabindex="0">${text.split('\n').map((words, i) => html`<span class="line"><span class="line-number" aria-hidden="true">${line + i}</span> ${words}
</span>`)}</pre>`;
}
