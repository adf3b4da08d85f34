// Stepping through one run: rows in lanes on the left, the state of the machine on the right. The
// moment that is looked at is the page's address.

import { html } from '../html';
import { formatMoment, type Moment } from '../moment';
import { alongside, type Alongside } from '../trace/alongside';
import { rowAt } from '../trace/fold';
import { mailText } from '../trace/mail-text';
import type { Run } from '../trace/play';
import { lastWriter, State } from '../trace/state';
import { timelineSvg } from '../trace/timeline-svg';
import { alongHtml, alongRows } from './along-view';
import { all, copy, draw, onClick, save } from './dom';
import { toPng } from './picture';
import { layOut, runHtml, type RunLayout } from './run-view';
import { stateHtml } from './state-view';

const TOOLS = html`<div class="tools" role="toolbar" aria-label="Stepping">
<button type="button" data-go="first" title="Home">First</button><button type="button" data-go="previous" title="↑ or k">Previous</button><button type="button" data-go="next" title="↓ or j">Next</button><button type="button" data-go="last" title="End">Last</button>
<button type="button" data-go="shared" title="n: the next step that touches what others touch too">Next shared</button><button type="button" data-go="violation" title="v">Violating step</button>
<label class="fold"><input type="checkbox" data-fold checked> Fold interrupt entry and scheduler <kbd>f</kbd></label>
</div>
<div class="tools" role="group" aria-label="Take away">
<button type="button" data-take="text">Copy as text</button><button type="button" data-take="link">Copy the address</button><button type="button" data-take="svg">Save SVG</button><button type="button" data-take="png">Save PNG</button>
</div>`;

const KEYS: Readonly<Record<string, string>> = {
  ArrowDown: 'next', j: 'next', ArrowUp: 'previous', k: 'previous', Home: 'first', End: 'last', n: 'shared', v: 'violation',
};

export class Viewer {
  private run!: Run;
  private moment!: Moment;
  private layout!: RunLayout;
  private along: Alongside | null = null;
  private folded = true;
  private opened = new Set<number>();
  private readonly rows: HTMLElement;
  private readonly state: HTMLElement;
  private readonly said: HTMLElement;

  /** @param changed is told the new moment, whenever another one is looked at */
  constructor(private readonly root: HTMLElement, private readonly changed: (moment: Moment) => void) {
    draw(root, html`${TOOLS}<p class="said" role="status"></p><div class="split"><div class="run" tabindex="0" role="group" aria-label="The run; arrow keys step through it"></div><div class="panes" role="group" aria-label="The state of the machine after this step"></div></div>`);
    this.rows = root.querySelector('.run')!;
    this.state = root.querySelector('.panes')!;
    this.said = root.querySelector('.said')!;
    onClick(root, '[data-go]', (button) => this.go(button.dataset['go']!));
    onClick(root, '[data-take]', (button) => void this.take(button.dataset['take']!));
    onClick(this.rows, '[data-open]', (button) => this.open(Number(button.dataset['open'])));
    onClick(this.rows, 'li[data-step]', (row) => this.goTo(Number(row.dataset['step'])));
    onClick(this.state, '[data-cell]', (button) => this.goToWriter(button.dataset['cell']!));
    root.querySelector('[data-fold]')!.addEventListener('change', () => this.fold());
    this.rows.addEventListener('keydown', (event) => this.key(event));
  }

  /** Shows `run` at `moment`; with another kernel alongside if the moment says so. */
  show(run: Run, moment: Moment): void {
    this.run = run;
    this.moment = moment;
    this.opened = new Set();
    this.along = moment.against === null ? null : alongside(run, moment.against);
    this.drawRun();
  }

  focus(): void {
    this.rows.focus({ preventScroll: true });
  }

  private drawRun(): void {
    this.layout = layOut(this.run, this.folded, this.opened);
    draw(this.rows, this.along ? alongHtml(this.along, alongRows(this.along, this.folded)) : runHtml(this.run, this.layout));
    const columns = this.along ? 2 : Math.max(1, this.layout.lanes.length);
    this.rows.style.setProperty('--lanes', String(columns));
    for (const block of all('[data-lane]', this.rows)) block.style.setProperty('--lane', String(Number(block.dataset['lane']) + 2));
    this.root.querySelector<HTMLButtonElement>('[data-go="violation"]')!.disabled = this.run.violation === null;
    this.goTo(Math.min(this.moment.step, this.run.events.length), false);
  }

  /** Looks at the moment after `step`. */
  private goTo(step: number, tell = true): void {
    const { rows } = this.layout;
    const row = step === 0 ? null : rows[rowAt(rows, step - 1)] ?? null;
    const at = row && !this.along ? row.to + 1 : step;
    this.moment = { ...this.moment, step: at };
    const items = all('li[data-step]', this.rows);
    const current = items.find(({ dataset }) => Number(dataset['step']) >= at) ?? items[items.length - 1];
    for (const item of items) {
      if (item === current) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    }
    (this.along && !tell ? this.rows.querySelector('.parting') ?? current : current)?.scrollIntoView({ block: 'nearest' });
    const state = new State(this.run, at, row ? row.from : at - 1);
    draw(this.state, html`<h2 class="when">${at === 0 ? 'At the beginning' : row?.title ?? `After step ${at}: ${this.run.events[at - 1]!.text}`}</h2>${stateHtml(state)}`);
    if (tell) this.say(at === 0 ? 'the beginning' : `step ${at} of ${this.run.events.length}: ${this.run.events[at - 1]!.context}, ${row?.title ?? this.run.events[at - 1]!.text}${state.changed.size > 0 ? `; ${state.changed.size} cells changed` : ''}`);
    this.changed(this.moment);
  }

  private say(words: string): void {
    this.said.textContent = words;
  }

  private go(where: string): void {
    const { rows, shared } = this.layout;
    const { step } = this.moment;
    const { events, violation } = this.run;
    switch (where) {
      case 'first': return this.goTo(0);
      case 'last': return this.goTo(events.length);
      case 'next': return this.goTo(this.along ? this.neighbour(1) : rows[Math.min(step === 0 ? 0 : rowAt(rows, step - 1) + 1, rows.length - 1)]!.to + 1);
      case 'previous': {
        const row = step === 0 ? -1 : rowAt(rows, step - 1) - 1;
        return this.goTo(this.along ? this.neighbour(-1) : row < 0 ? 0 : rows[row]!.to + 1);
      }
      case 'violation': return violation ? this.goTo(violation.event + 1) : undefined;
      case 'shared': {
        const next = rows.find((row) => row.from >= step && (row.title !== null ? row.changes.some(({ cell }) => cell.endsWith('.cr3')) : shared[row.from]));
        return next ? this.goTo(next.to + 1) : this.say('no shared step after this one');
      }
    }
  }

  /** The step of the row before or after this one, where two kernels stand beside one another. */
  private neighbour(by: 1 | -1): number {
    const items = all('li[data-step]', this.rows);
    const at = items.findIndex((item) => item.hasAttribute('aria-current'));
    return Number(items[Math.min(items.length - 1, Math.max(0, at + by))]!.dataset['step']);
  }

  private goToWriter(cell: string): void {
    const writer = lastWriter(this.run.events, cell, this.moment.step);
    if (writer === 0) return this.say(`${cell} has been so since the beginning`);
    const row = this.layout.rows[rowAt(this.layout.rows, writer - 1)]!;
    if (row.title !== null && !this.along) {
      this.opened.add(row.from);
      this.drawRun();
    }
    this.goTo(writer);
    this.say(`${cell} was written last by step ${writer}: ${this.run.events[writer - 1]!.context}, ${this.run.events[writer - 1]!.text}`);
  }

  private open(from: number): void {
    this.opened.add(from);
    this.moment = { ...this.moment, step: from + 1 };
    this.drawRun();
  }

  private fold(): void {
    this.folded = this.root.querySelector<HTMLInputElement>('[data-fold]')!.checked;
    this.opened = new Set();
    this.drawRun();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'f') {
      const box = this.root.querySelector<HTMLInputElement>('[data-fold]')!;
      box.checked = !box.checked;
      this.fold();
    } else if (KEYS[event.key]) {
      this.go(KEYS[event.key]!);
    } else {
      return;
    }
    event.preventDefault();
  }

  private async take(what: string): Promise<void> {
    const name = this.run.request.situation.replaceAll('/', '-');
    const svg = timelineSvg(this.run, `${this.run.title} ${this.run.violation?.message ?? ''}`, this.folded);
    if (what === 'text') await copy(mailText(this.run));
    if (what === 'link') await copy(`${location.href.split('#')[0]}#${formatMoment(this.moment)}`);
    if (what === 'svg') save(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
    if (what === 'png') save(`${name}.png`, await toPng(svg));
    this.say({ text: 'copied as text', link: 'the address is copied', svg: 'saved as SVG', png: 'saved as PNG' }[what] ?? '');
  }
}
