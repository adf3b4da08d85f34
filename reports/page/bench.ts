// The part of the page where a reader explores, builds a run by hand, and steps through one.

import { ScheduleError } from '../../machine/explorer/verdict/schedule';
import { SelectionError } from '../../machine/patches/selection';
import { prepare, type Evidence, type Request } from '../../machine/situations/check';
import { replayLine } from '../command-line';
import { html, type Html } from '../html';
import { formatMoment, type Moment } from '../moment';
import { conclusionOf, count, parametersOf, searchOf, sizeOfRun } from '../static/words';
import { play } from '../trace/play';
import { byId, draw, onClick } from './dom';
import type { Loaded } from './load-explorer';
import { RequestForm } from './request-form';
import { Viewer } from './viewer';
import type { Told } from './worker';

const FRAME = html`<h1 id="bench-title">Explore</h1>
<p id="bench-about" class="note"></p>
<p id="run-error" role="alert"></p>
<section id="viewer" aria-label="The run" hidden></section>
<details id="program-details" open><summary>Set-up</summary><form id="request" class="request" aria-label="Set-up"></form>
<p class="ways"><button type="button" id="explore-start" class="primary">Explore every interleaving</button> <button type="button" id="explore-stop" disabled>Stop</button></p>
<p id="explore-progress" role="status"></p>
<div id="explore-result"></div></details>
<details id="hand-details" open><summary>Build a run by hand</summary>
<form id="schedule-form" class="request"><label class="wide">Schedule <textarea id="schedule" rows="3" spellcheck="false"></textarea></label>
<label>Compare with the kernel that has the hunks <input type="text" id="against" placeholder="none, all, …" autocomplete="off" spellcheck="false"></label>
<label class="wide">Compare with the schedule <textarea id="versus" rows="2" spellcheck="false" placeholder="of another run of the same set-up"></textarea></label>
<p class="ways"><button type="submit">Run it</button></p></form>
<div id="next-moves" class="ways" role="group" aria-label="Possible next moves"></div></details>`;

/** What the explorer gets from the page. */
export interface PageParts extends Pick<Loaded, 'makeWorker' | 'sources'> {
  /** Called with what is shown, for the title of the page. */
  readonly titled: (title: string) => void;
}

export class Bench {
  private readonly viewer: Viewer;
  private readonly form: RequestForm;
  private worker: Worker | null = null;
  private shown: Moment | null = null;
  /** The timer until the address is written; browsers do not allow it to be changed often. */
  private writing = 0;
  /** The request of the verdict that is shown, as text. */
  private explored = '';

  constructor(private readonly root: HTMLElement, private readonly page: PageParts) {
    draw(root, FRAME);
    this.viewer = new Viewer(byId('viewer'), page.sources, (moment) => this.remember(moment), (schedule) => this.runByHand(schedule, Infinity));
    this.form = new RequestForm(byId<HTMLFormElement>('request'), () => this.edited());
    addEventListener('hashchange', () => clearTimeout(this.writing));
    byId('explore-start').addEventListener('click', () => this.explore());
    byId('explore-stop').addEventListener('click', () => this.stop('stopped: undecided'));
    byId('schedule-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.runByHand(byId<HTMLTextAreaElement>('schedule').value);
    });
    onClick(byId('next-moves'), '[data-move]', (button) => {
      const so = byId<HTMLTextAreaElement>('schedule').value.trim();
      this.runByHand(`${so}${so === '' ? '' : ', '}${button.dataset['move']!}`, Infinity);
    });
    onClick(byId('explore-result'), '[data-finding]', (button) => {
      byId<HTMLTextAreaElement>('schedule').value = button.dataset['schedule']!;
      this.runByHand(button.dataset['schedule']!, Infinity);
    });
  }

  /** Shows the form, for an address without a run. */
  begin(): void {
    this.page.titled('Explore');
    scrollTo(0, 0);
  }

  /** Shows what an address names. */
  open(moment: Moment): void {
    if (this.shown && formatMoment(moment) === formatMoment(this.shown)) return this.page.titled(byId('bench-title').textContent!);
    this.form.show(moment.request);
    byId<HTMLTextAreaElement>('schedule').value = moment.schedule;
    byId<HTMLInputElement>('against').value = moment.against ?? '';
    byId<HTMLTextAreaElement>('versus').value = moment.versus ?? '';
    for (const id of ['program-details', 'hand-details']) byId<HTMLDetailsElement>(id).open = moment.schedule === '';
    this.run(moment);
  }

  private remember(moment: Moment): void {
    this.shown = moment;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => history.replaceState(null, '', `#${formatMoment(moment)}`), 100);
  }

  /** If the form is changed, the verdict stays visible, but says that it is about another request. */
  private edited(): void {
    draw(byId('explore-progress'), html``);
    const verdict = document.getElementById('verdict');
    if (!verdict) return;
    const current = JSON.stringify(this.form.read()) === this.explored;
    verdict.classList.toggle('faded', !current);
    verdict.querySelector<HTMLElement>('.changed-since')!.hidden = current;
  }

  private runByHand(schedule: string, step = 0): void {
    const against = byId<HTMLInputElement>('against').value.trim();
    const versus = byId<HTMLTextAreaElement>('versus').value.trim();
    this.run({ request: this.form.read(), schedule, step, against: against === '' ? null : against, versus: versus === '' ? null : versus });
  }

  private run(moment: Moment): void {
    const viewer = byId('viewer');
    draw(byId('run-error'), html``);
    try {
      const run = play(moment.request, moment.schedule);
      byId<HTMLTextAreaElement>('schedule').value = run.refusal === null ? run.schedule : moment.schedule;
      byId('run-error').textContent = run.refusal ?? '';
      draw(byId('next-moves'), run.next.length > 0 ? html`<span>Possible next:</span> ${run.next.map((move) => html`<button type="button" data-move="${move}">${move}</button>`)}` : html``);
      viewer.hidden = false;
      const isRun = run.events.length > 0;
      this.root.insertBefore(viewer, isRun ? byId('program-details') : null);
      this.root.classList.toggle('has-run', isRun);
      byId('bench-title').textContent = run.violation?.message ?? (isRun ? 'One run' : 'Explore');
      this.page.titled(`${run.violation?.message ?? (isRun ? 'A run' : 'Explore')} (${run.request.situation}, hunks: ${run.request.patches})`);
      byId('bench-about').textContent = `${run.request.situation}, hunks: ${run.request.patches}${moment.against === null ? '' : `, beside ${moment.against}`}. ${run.title}`;
      this.viewer.show(run, moment);
      if (isRun) this.viewer.focus();
      else scrollTo(0, 0);
    } catch (error) {
      if (!(error instanceof SelectionError || error instanceof ScheduleError)) throw error;
      byId('run-error').textContent = error.message;
      byId('bench-title').textContent = 'Explore';
      this.page.titled('Explore');
      draw(byId('next-moves'), html``);
      viewer.hidden = true;
    }
  }

  private explore(): void {
    const request = this.form.read();
    draw(byId('explore-result'), html``);
    try {
      prepare(request);
    } catch (error) {
      if (!(error instanceof SelectionError)) throw error;
      draw(byId('explore-result'), html`<p class="violated" role="alert">${error.message}</p>`);
      return;
    }
    this.worker?.terminate();
    const worker = this.page.makeWorker();
    this.worker = worker;
    byId<HTMLButtonElement>('explore-stop').disabled = false;
    byId('explore-progress').textContent = 'exploring …';
    worker.onmessage = ({ data }: MessageEvent<Told>) => this.hear(data, request);
    worker.onerror = (event) => this.stop(`the machine failed: ${event.message}`);
    worker.postMessage(request);
  }

  private hear(told: Told, request: Request): void {
    if (told.kind === 'progress') {
      byId('explore-progress').textContent = `${count(told.states, 'state')}, ${count(told.events, 'event')}, depth ${told.depth} …`;
      return;
    }
    this.stop('');
    this.explored = JSON.stringify(request);
    draw(byId('explore-result'), told.kind === 'found' ? resultHtml(told.evidence, request) : html`<p class="violated" role="alert">${told.message}</p>`);
    this.edited();
  }

  private stop(words: string): void {
    this.worker?.terminate();
    this.worker = null;
    byId<HTMLButtonElement>('explore-stop').disabled = true;
    byId('explore-progress').textContent = words;
  }
}

function resultHtml(evidence: Evidence, request: Request): Html {
  const { verdict } = evidence;
  const conclusion = conclusionOf(evidence);
  return html`<div class="evidence" id="verdict" data-conclusion="${conclusion}" data-states="${verdict.states}" data-transitions="${verdict.transitions}" data-events="${verdict.events}">
<p class="changed-since" hidden>The form has changed since. This verdict is about the request shown here.</p>
<p><span class="mark mark-${conclusion}">${conclusion}</span> in <code>${evidence.situation}</code> with ${evidence.hunks.length > 0 ? html`the hunks ${evidence.hunks.map((hunk) => html`<code>${hunk}</code> `)}` : 'no hunk'} (<code>${request.patches}</code>): ${[...evidence.invariants, 'no deadlock', 'no livelock'].join(', ')}</p>
<p class="search">${parametersOf(evidence)}</p>
<p class="search">${searchOf(evidence)}.</p>
${verdict.findings.map(({ kind, invariant, message, interrupts, steps, witness }) => html`<div class="finding"><p><b>${kind === 'violation' ? invariant : kind}:</b> ${message} <span class="size">(${sizeOfRun({ interrupts, steps })})</span></p>
<p class="ways"><button type="button" data-finding data-schedule="${witness.schedule}">Step through</button></p><pre class="wrap" tabindex="0">${replayLine(request, witness.schedule)}</pre></div>`)}</div>`;
}
