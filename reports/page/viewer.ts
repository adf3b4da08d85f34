// Stepping through one run: its steps, the code of the current one, and the state of the machine after
// it. The address of the page names the moment that is shown.

import { html } from '../html';
import { formatMoment, type Moment } from '../moment';
import { formatSchedule } from '../../machine/explorer/verdict/schedule';
import { alongside, sideBySide, type Alongside } from '../trace/alongside';
import { decisiveOf, type Decisive } from '../trace/decisive';
import { changesOf, ExpressionError, parseExpression } from '../trace/expressions';
import { rowAt } from '../trace/fold';
import { mailText } from '../trace/mail-text';
import { play, type Run } from '../trace/play';
import type { PathSource } from '../trace/source';
import { History, lastWriter, nextWriter } from '../trace/state';
import { timelineSvg } from '../trace/timeline-svg';
import { alongHtml, alongRows } from './along-view';
import { all, bringIntoView, copy, draw, onClick, save } from './dom';
import { CodePane, StatePane } from './panes';
import { toPng } from './picture';
import { layOut, runHtml, type RunLayout } from './run-view';
import { FRAME, KEYS } from './viewer-frame';

export class Viewer {
  private run!: Run;
  private moment!: Moment;
  private layout!: RunLayout;
  private history!: History;
  /** The rows that stand for a step, in order. */
  private items: readonly HTMLElement[] = [];
  private current: HTMLElement | undefined = undefined;
  private decisive: Decisive | null = null;
  private along: Alongside | null = null;
  private folded = true;
  private opened = new Set<number>();
  /** The values of the watched expression, one for each moment; null if none is watched. */
  private watched: readonly string[] | null = null;
  /** The field whose changes can be followed. */
  private cell: string | null = null;
  private readonly rows: HTMLElement;
  private readonly code: HTMLElement;
  private readonly codePane: CodePane;
  private readonly statePane: StatePane;
  private readonly said: HTMLElement;
  private readonly split: HTMLElement;
  private readonly scrub: HTMLInputElement;

  /**
   * @param sources of the paths, by their names
   * @param changed is called with the new moment whenever another one is shown
   * @param led is called with the schedule when the reader chooses another move
   */
  constructor(private readonly root: HTMLElement, sources: Readonly<Record<string, PathSource>>, private readonly changed: (moment: Moment) => void, led: (schedule: string) => void) {
    draw(root, FRAME);
    this.rows = root.querySelector('.run')!;
    this.code = root.querySelector('.source')!;
    this.codePane = new CodePane(this.code, sources);
    const state = root.querySelector<HTMLElement>('.panes')!;
    this.statePane = new StatePane(state);
    this.said = root.querySelector('.said')!;
    this.split = root.querySelector('.split')!;
    this.scrub = root.querySelector('[data-scrub]')!;
    onClick(root, '[data-go]', (button) => this.go(button.dataset['go']!));
    onClick(root, '[data-take]', (button) => void this.take(button.dataset['take']!));
    onClick(root, '[data-tab]', (button) => this.showPane(button.dataset['tab']!));
    onClick(root, '[data-along-cell]', (button) => this.followCell(button.dataset['alongCell']!));
    onClick(this.rows, '[data-open]', (button) => this.open(Number(button.dataset['open'])));
    onClick(this.rows, 'li[data-step]', (row) => this.goTo(Number(row.dataset['step'])));
    onClick(state, '[data-cell]', (button) => this.goToWriter(button.dataset['cell']!));
    onClick(root, '[data-show-others]', () => this.showOthers());
    onClick(root, '[data-other]', (button) => led(`${this.scheduleSoFar()}${this.moment.step === 0 ? '' : ', '}${button.dataset['other']!}`));
    onClick(root, '[data-unwatch]', () => this.watch(''));
    root.querySelector('[data-fold]')!.addEventListener('change', () => this.fold());
    this.scrub.addEventListener('input', () => this.goTo(Number(this.scrub.value)));
    this.rows.addEventListener('keydown', (event) => this.key(event));
    const submit = (form: string, field: string, act: (words: string) => void): void => root.querySelector(form)!.addEventListener('submit', (event) => {
      event.preventDefault();
      act(root.querySelector<HTMLInputElement>(field)!.value.trim());
    });
    submit('[data-find]', '[data-query]', (words) => this.find(words));
    submit('[data-watch]', '[data-expression]', (words) => this.watch(words));
  }

  /** Shows `run` at `moment`, beside another kernel or another schedule if the moment says so. */
  show(run: Run, moment: Moment): void {
    this.run = run;
    this.history = new History(run);
    this.moment = moment;
    this.opened = new Set();
    this.cell = null;
    this.decisive = decisiveOf(run);
    this.along = moment.versus !== null
      ? sideBySide(run, play({ ...run.request, patches: moment.against ?? run.request.patches }, moment.versus))
      : moment.against === null ? null : alongside(run, moment.against);
    this.watch(this.root.querySelector<HTMLInputElement>('[data-expression]')!.value.trim(), false);
    this.drawRun();
  }

  /** Fills the window with the viewer, and scrolls to the step once the layout is known. */
  focus(): void {
    this.rows.focus({ preventScroll: true });
    // Where there is room for two panes, the second one is the state.
    if (this.split.dataset['shown'] === 'run' && !matchMedia('(max-width: 46rem)').matches) this.showPane('state');
    const header = document.querySelector('.top')?.getBoundingClientRect().height ?? 0;
    this.root.style.setProperty('--header', `${header}px`);
    scrollTo(0, this.root.getBoundingClientRect().top + scrollY - header - 4);
    this.goTo(this.moment.step, false);
  }

  private drawRun(): void {
    const { events } = this.run;
    this.layout = layOut(this.run, this.folded, this.opened);
    draw(this.rows, this.along ? alongHtml(this.along, alongRows(this.along, this.folded)) : runHtml(this.run, this.layout, { decisive: this.decisive, watched: this.watched }));
    this.items = all('li[data-step]', this.rows);
    this.current = undefined;
    const columns = this.along ? 2 : Math.max(1, this.layout.lanes.length) + (this.watched ? 1 : 0);
    this.rows.style.setProperty('--lanes', String(columns));
    for (const block of all('[data-lane]', this.rows)) block.style.setProperty('--lane', String(Number(block.dataset['lane']) + 2));
    for (const [where, has] of [['violation', this.decisive !== null], ['cause', this.decisive?.cause]] as const) this.root.querySelector<HTMLButtonElement>(`[data-go="${where}"]`)!.disabled = !has;
    this.scrub.max = String(events.length);
    const at = (step: number): string => `${events.length === 0 ? 0 : (100 * step) / events.length}%`;
    draw(this.root.querySelector('.ticks')!, html`${events.map(({ kind }, i) => kind === 'interrupt' && html`<i class="tick-interrupt" data-at="${at(i + 1)}"></i>`)}${this.decisive?.cause && html`<i class="tick-cause" data-at="${at(this.decisive.cause.step)}"></i>`}${this.decisive && html`<i class="tick-decisive" data-at="${at(this.decisive.step)}"></i>`}`);
    for (const tick of all('[data-at]', this.root)) tick.style.left = tick.dataset['at']!;
    this.tellDecisive();
    this.goTo(Math.min(this.moment.step, events.length), false);
  }

  /** What goes wrong and its cause, in one line that is always visible. */
  private tellDecisive(): void {
    const line = this.root.querySelector<HTMLElement>('.decisive')!;
    const { run: { events, violation }, decisive } = this;
    line.hidden = decisive === null;
    if (decisive === null) return;
    const { cause } = decisive;
    const told = (step: number): string => {
      const { context, text } = events[step - 1]!;
      return violation!.message.includes(text) ? context : `${context}, ${text}`;
    };
    draw(line, html`<button type="button" data-go="violation">Step ${decisive.step}</button> <span class="clamped" title="${violation!.message}">${violation!.message} (${told(decisive.step)}).</span> ${cause && html`<span><button type="button" data-go="cause">Step ${cause.step}</button> wrote ${cause.cell} before that (${told(cause.step)}).</span>`}`);
  }

  /** Shows the moment after `step`. */
  private goTo(step: number, tell = true): void {
    const { events } = this.run;
    const { rows } = this.layout;
    const row = step === 0 ? null : rows[rowAt(rows, step - 1)] ?? null;
    const at = row && !this.along ? row.to + 1 : step;
    this.moment = { ...this.moment, step: at };
    const current = this.items.find(({ dataset }) => Number(dataset['step']) >= at) ?? this.items.at(-1);
    this.current?.removeAttribute('aria-current');
    current?.setAttribute('aria-current', 'step');
    this.current = current;
    this.scrub.value = String(at);
    this.scrub.setAttribute('aria-valuetext', at === 0 ? 'the beginning' : `step ${at} of ${events.length}: ${events[at - 1]!.text}`);
    const state = this.history.at(at, row ? row.from : at - 1);
    this.statePane.show(at === 0 ? 'At the beginning' : row?.title ?? `After step ${at}: ${events[at - 1]!.text}`, state);
    const line = this.codePane.show(at === 0 ? null : events[at - 1]!);
    const others = this.root.querySelector('[data-others]')!;
    if (others.querySelector('[data-other]')) draw(others, html`<button type="button" data-show-others>Other moves after this step</button>`);
    // What needs the layout comes after everything that changes it.
    const parting = this.along && !tell ? this.rows.querySelector<HTMLElement>('.parting') : null;
    bringIntoView(this.rows, parting ?? current, tell, this.along ? null : current?.querySelector('.block'));
    if (line) bringIntoView(this.code, line, true);
    if (tell) this.say(at === 0 ? 'the beginning' : `step ${at} of ${events.length}: ${events[at - 1]!.context}, ${row?.title ?? events[at - 1]!.text}${this.watched ? `; watched: ${this.watched[at]!}` : ''}`);
    this.changed(this.moment);
  }

  private say(words: string): void {
    this.said.textContent = words;
  }

  private go(where: string): void {
    const { rows, shared } = this.layout;
    const { step } = this.moment;
    const { events } = this.run;
    switch (where) {
      case 'first': return this.goTo(0);
      case 'last': return this.goTo(events.length);
      case 'next': return this.goTo(this.along ? this.neighbour(1) : rows[Math.min(step === 0 ? 0 : rowAt(rows, step - 1) + 1, rows.length - 1)]!.to + 1);
      case 'previous': {
        const row = step === 0 ? -1 : rowAt(rows, step - 1) - 1;
        return this.goTo(this.along ? this.neighbour(-1) : row < 0 ? 0 : rows[row]!.to + 1);
      }
      case 'violation': return this.decisive ? this.goTo(this.decisive.step) : undefined;
      case 'cause': return this.decisive?.cause ? this.goToOpened(this.decisive.cause.step) : undefined;
      case 'next-change': return this.change(nextWriter(events, this.cell!, step));
      case 'previous-change': return this.change(lastWriter(events, this.cell!, step - 1));
      case 'shared': {
        const next = rows.find((row) => row.from >= step && (row.title !== null ? row.changes.some(({ cell }) => cell.endsWith('.cr3')) : shared[row.from]));
        return next ? this.goTo(next.to + 1) : this.say('the runs share no later step');
      }
    }
  }

  /** The step of the row before or after this one, if two runs are shown side by side. */
  private neighbour(by: 1 | -1): number {
    const { items } = this;
    const at = this.current === undefined ? -1 : items.indexOf(this.current);
    return Number(items[Math.min(items.length - 1, Math.max(0, at + by))]!.dataset['step']);
  }

  /** Goes to a step, and opens the fold that it is in. */
  private goToOpened(step: number): void {
    const row = this.layout.rows[rowAt(this.layout.rows, step - 1)]!;
    if (row.title !== null && !this.along) {
      this.opened.add(row.from);
      this.drawRun();
    }
    this.goTo(step);
  }

  private goToWriter(cell: string): void {
    const writer = lastWriter(this.run.events, cell, this.moment.step);
    this.followCell(cell);
    if (writer === 0) return this.sayCell(`${cell} has not changed since the beginning`);
    this.goToOpened(writer);
    this.sayCell(`${cell} was last written by step ${writer}: ${this.run.events[writer - 1]!.context}, ${this.run.events[writer - 1]!.text}`);
  }

  private followCell(cell: string): void {
    this.cell = cell;
  }

  private change(step: number): void {
    if (step === 0) return this.sayCell(`${this.cell!} does not change further in this direction`);
    this.goToOpened(step);
    const { before, after } = this.run.events[step - 1]!.changes.find(({ cell }) => cell === this.cell)!;
    this.sayCell(`${this.cell!} at step ${step}: ${before} → ${after}`);
  }

  private sayCell(words: string): void {
    draw(this.said, html`${words} <button type="button" data-go="previous-change">Previous change</button> <button type="button" data-go="next-change">Next change</button>`);
  }

  private find(words: string): void {
    if (words === '') return;
    const { events } = this.run;
    const matches = (i: number): boolean => {
      const { text, context, paths, changes } = events[i]!;
      return [text, context, ...paths, ...changes.flatMap(({ cell, before, after }) => [cell, before, after])].some((each) => each.toLowerCase().includes(words.toLowerCase()));
    };
    const order = [...events.keys()].map((i) => (i + this.moment.step) % events.length);
    const found = order.filter(matches);
    if (found.length === 0) return this.say(`"${words}" does not occur in this run`);
    this.goToOpened(found[0]! + 1);
    this.say(`"${words}" is in ${found.length} ${found.length === 1 ? 'step' : 'steps'}; this is step ${found[0]! + 1}`);
  }

  /** Evaluates an expression at every moment, and shows it as a lane of its own; an empty text removes the lane. */
  private watch(words: string, redraw = true): void {
    try {
      const value = words === '' ? null : parseExpression(words);
      this.watched = value && Array.from({ length: this.run.events.length + 1 }, (_, step) => {
        const state = this.history.at(step);
        return value((cell) => state.get(cell));
      });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.watched = null;
      this.say(error.message);
    }
    if (redraw) {
      this.drawRun();
      if (this.watched) this.say(changesOf(words, this.watched));
    }
  }

  private scheduleSoFar(): string {
    return formatSchedule(this.run.events.slice(0, this.moment.step).map(({ label }) => label));
  }

  private showOthers(): void {
    const { step } = this.moment;
    const taken = this.run.events[step]?.label;
    const { next } = play(this.run.request, this.scheduleSoFar());
    draw(this.root.querySelector('[data-others]')!, html`<span>After step ${step}:</span> ${next.map((label) => html`<button type="button" data-other="${label}">${label}${label === taken && ' (taken)'}</button>`)}${next.length === 0 && 'nothing is possible: the run has ended'}`);
  }

  /** The pane that is shown if there is room for only one. */
  private showPane(name: string): void {
    this.split.dataset['shown'] = name;
    for (const tab of all('[data-tab]', this.root)) tab.setAttribute('aria-selected', String(tab.dataset['tab'] === name));
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
