// The state of the machine and the code beside the run. Most of both stays the same from step to step,
// so a part is made again only if something that it has read differs, and drawn only if the result differs.

import { html, type Html } from '../html';
import type { PlayedEvent } from '../trace/play';
import type { PathSource } from '../trace/source';
import type { History, State } from '../trace/state';
import { headHtml, linesHtml, placeOf } from './code-view';
import { all, draw, redraw } from './dom';
import { partHtml, PARTS, type PaneContent } from './state-view';

/** What was made from a part of the state, and everything that it depends on. */
interface Made<T> {
  readonly history: History;
  readonly content: T;
  /** The value of each cell, and its value before. */
  readonly reads: ReadonlyMap<string, readonly [string | undefined, string | undefined]>;
}

/** Makes one thing from a state, and keeps it until something that it has read differs. */
export class Remembered<T> {
  private made: Made<T> | null = null;

  constructor(private readonly make: (state: State) => T) {}

  of(state: State): T {
    const { made } = this;
    if (made && made.history === state.history && [...made.reads].every(([cell, [value, before]]) => state.get(cell) === value && state.was(cell) === before)) return made.content;
    const [content, reads] = state.noting(() => this.make(state));
    this.made = { history: state.history, content, reads: new Map([...reads].map((cell) => [cell, [state.get(cell), state.was(cell)]])) };
    return content;
  }
}

/** One part of the state in its place. */
class Part {
  private readonly html: Remembered<Html | null>;
  private readonly fold: Remembered<string | null> | null;
  private state: State | null = null;

  constructor(private readonly section: HTMLElement, content: PaneContent) {
    this.html = new Remembered((state) => partHtml(content, state));
    this.fold = content.fold ? new Remembered(content.fold) : null;
    if (!this.fold) return;
    draw(section, html`<details><summary></summary><div></div></details>`);
    section.firstElementChild!.addEventListener('toggle', () => this.state && this.show(this.state));
  }

  show(state: State): void {
    this.state = state;
    const { section, fold } = this;
    if (!fold) {
      const content = this.html.of(state);
      section.hidden = content === null;
      redraw(section, content ?? html``);
      return;
    }
    const words = fold.of(state);
    section.hidden = words === null;
    const details = section.firstElementChild as HTMLDetailsElement;
    redraw(details.firstElementChild!, html`${words}`);
    if (details.open) redraw(details.lastElementChild!, this.html.of(state) ?? html``);
  }
}

/** The state in its pane. */
export class StatePane {
  private readonly title: HTMLElement;
  private readonly parts: readonly Part[];

  constructor(box: HTMLElement) {
    draw(box, html`<h2 class="when"></h2>${PARTS.map(() => html`<section class="pane"></section>`)}`);
    this.title = box.querySelector('.when')!;
    this.parts = all('.pane', box).map((section, i) => new Part(section, PARTS[i]!));
  }

  show(title: string, state: State): void {
    this.title.textContent = title;
    for (const part of this.parts) part.show(state);
  }
}

/** The code in its pane. The text of a path is drawn when it is first met, and kept. */
export class CodePane {
  private readonly texts = new Map<string, HTMLElement>();
  private shown: HTMLElement | null = null;

  constructor(private readonly box: HTMLElement, private readonly sources: Readonly<Record<string, PathSource>>) {
    draw(box, html`<div></div><div></div><div></div>`);
  }

  /** The line of the step, if that has moved. */
  show(event: PlayedEvent | null): HTMLElement | null {
    const [head, text, note] = [...this.box.children] as [HTMLElement, HTMLElement, HTMLElement];
    const place = placeOf(event, this.sources);
    redraw(head, headHtml(event, place, this.sources));
    redraw(note, html`${place?.note}`);
    const lines = place && this.linesOf(place.key);
    if (lines !== this.shown) text.replaceChildren(...(lines ? [lines] : []));
    const before = this.shown?.querySelector('.now') ?? null;
    this.shown = lines;
    const now = lines && place.line !== null ? lines.children[place.line] as HTMLElement : null;
    if (before === now) return null;
    before?.classList.remove('now');
    before?.removeAttribute('aria-current');
    now?.classList.add('now');
    now?.setAttribute('aria-current', 'true');
    return now;
  }

  private linesOf(key: string): HTMLElement {
    const known = this.texts.get(key);
    if (known) return known;
    const box = document.createElement('div');
    draw(box, linesHtml(this.sources[key]!));
    const lines = box.firstElementChild as HTMLElement;
    this.texts.set(key, lines);
    return lines;
  }
}
