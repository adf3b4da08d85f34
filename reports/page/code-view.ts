// The code of the step: the paths that it is in, from the outermost to the one that runs, and the
// source of that one with the line of the step. Pure functions that return HTML.

import { html, type Html } from '../html';
import { chosenSources, lineOf, type PathSource } from '../trace/source';
import type { PlayedEvent } from '../trace/play';

/** Where a step is: in which path, and on which of its lines, counted from 0; null if that cannot be told. */
export interface Place {
  /** Of the source. */
  readonly key: string;
  /** Of the path, among those that are being run. */
  readonly at: number;
  readonly line: number | null;
  /** The note below the code. */
  readonly note: Html | null;
}

/** @param sources as `chosenSources()` finds them */
export function placeOf(event: PlayedEvent | null, sources: Readonly<Record<string, PathSource>>): Place | null {
  const chosen = chosenSources(event?.paths ?? [], sources);
  const at = chosen.findLastIndex((one) => one !== null && sources[one.key]!.text !== '');
  if (event === null || at < 0) return null;
  const { key, others } = chosen[at]!;
  const line = lineOf(sources[key]!.text.split('\n'), event.kind === 'interrupt' ? '' : event.text, event.paths[at + 1]);
  const unsure = others.length > 0 ? html`<p class="note">${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} a path of this name too; the run does not tell which is meant.</p>` : null;
  const note = event.kind === 'interrupt' ? html`<p class="note">${event.text} here, between two instructions of this path.</p>`
    : line === null ? html`<p class="note">${event.text}: the line cannot be told from the text of the instruction alone.</p>` : null;
  return { key, at, line, note: unsure === null ? note : html`${note}${unsure}` };
}

/** The paths that are being run, and where the innermost one with a source is written. */
export function headHtml(event: PlayedEvent | null, place: Place | null, sources: Readonly<Record<string, PathSource>>): Html {
  if (event === null) return html`<p class="note">Before the first step no code has run.</p>`;
  const source = place && sources[place.key]!;
  const chosen = chosenSources(event.paths, sources);
  const from = (i: number): string => (chosen[i] ? sources[chosen[i].key]!.from : '');
  return html`<h2 class="when">${event.paths.length > 0 ? event.paths.at(-1)! : event.context}</h2>
<ol class="stack" aria-label="Paths, outermost first">${event.paths.map((path, i) => html`<li${i === place?.at && html` aria-current="true"`}><code>${path}</code>${from(i) && html` <small>${from(i)}</small>`}</li>`)}</ol>
${source ? html`<p class="place">${source.from && html`<b>${source.from}</b><br>`}<code>${source.file}:${source.line + (place.line ?? 0)}</code></p>` : html`<p class="note">This path is part of the set-up; its source is not shown.</p>`}`;
}

/** The source of a path, one element for each line. */
export function linesHtml({ line, text }: PathSource): Html {
  return html`<pre class="code" tabindex="0">${text.split('\n').map((words, i) => html`<span class="line"><span class="line-number" aria-hidden="true">${line + i}</span> ${words}
</span>`)}</pre>`;
}
