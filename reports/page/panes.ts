// The state of the machine and the code beside the run. Most of both stays the same from step to step,
// so that only the parts that differ are drawn.

import { html } from '../html';
import type { PlayedEvent } from '../trace/play';
import type { PathSource } from '../trace/source';
import type { State } from '../trace/state';
import { codeHtml } from './code-view';
import { all, draw, redraw } from './dom';
import { panesHtml } from './state-view';

/** Draws the state under `title` in `box`. */
export function drawState(box: HTMLElement, title: string, state: State): void {
  const panes = panesHtml(state);
  if (!box.querySelector('.pane')) draw(box, html`<h2 class="when"></h2>${panes.map(() => html`<section class="pane"></section>`)}`);
  box.querySelector('.when')!.textContent = title;
  for (const [i, section] of all('.pane', box).entries()) {
    section.hidden = panes[i] === null;
    redraw(section, panes[i] ?? html``);
  }
}

/** Draws the code of `event` in `box`; whether that differs from what was there. */
export function drawCode(box: HTMLElement, event: PlayedEvent | null, sources: Readonly<Record<string, PathSource>>): boolean {
  return redraw(box, codeHtml(event, sources));
}
