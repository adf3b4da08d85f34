// What to explore, chosen in the same grammar as everywhere: a situation, its hunks and parameters,
// what must hold, and the bounds.

import { PATCHES, REVIEWED } from '../../machine/patches';
import { describeDiff, selectionOfText, unsure } from '../../machine/patches/diff/choice';
import { patchNamed, selectHunks, wholeOf } from '../../machine/patches/selection';
import type { Patch } from '../../machine/patches/types';
import type { Request } from '../../machine/situations/check';
import { SITUATIONS } from '../../machine/situations';
import type { Situation } from '../../machine/situations/types';
import { html, type Html } from '../html';
import { valueOf } from '../moment';
import { all, draw, onClick } from './dom';

/** The first chapter of the report. */
const FIRST = SITUATIONS.find(({ patch }) => REVIEWED.patches.some(({ id }) => id === patch)) ?? SITUATIONS[0]!;

export class RequestForm {
  /** @param edited is called when the reader has changed something */
  constructor(private readonly form: HTMLFormElement, edited: () => void) {
    this.show({ situation: FIRST.id, patches: 'all' });
    form.addEventListener('change', (event) => {
      const field = event.target as HTMLInputElement;
      if (field.name === 'situation') {
        this.show({ situation: field.value, patches: this.field('patches').value });
        this.field('situation').focus();
      }
      if (field.name === 'hunk') this.toggle(field.value, field.checked);
      if (field.name === 'patches') this.tick();
      if (field.name === 'diff') void this.take(field.files?.[0], edited);
      else edited();
    });
    form.addEventListener('dragover', (event) => event.preventDefault());
    form.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.take(event.dataTransfer?.files[0], edited);
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    onClick(form, '[data-patches]', (button) => {
      this.field('patches').value = button.dataset['patches']!;
      this.tick();
      edited();
    });
  }

  /** Fills the form in. An unknown situation is replaced by the first. */
  show(request: Request): void {
    const situation = SITUATIONS.find(({ id }) => id === request.situation) ?? SITUATIONS.find(({ patch }) => patch === request.situation) ?? FIRST;
    draw(this.form, fieldsHtml(situation, patchNamed(PATCHES, situation.patch), request));
    this.tick();
  }

  read(): Request {
    const names = all<HTMLInputElement>('input[name="invariant"]', this.form);
    const parameters = Object.fromEntries(all<HTMLSelectElement>('[data-parameter]', this.form).filter(({ value, dataset }) => value !== dataset['initially']).map(({ value, dataset }) => [dataset['parameter']!, valueOf(value)]));
    const bounds = Object.fromEntries(all<HTMLInputElement>('[data-bound]', this.form).filter(({ value }) => value.trim() !== '').map(({ value, dataset }) => [dataset['bound']!, boundOf(value.trim())]));
    return {
      situation: this.field('situation').value,
      patches: this.field('patches').value.trim(),
      ...(Object.keys(parameters).length > 0 && { parameters }),
      invariants: names.filter(({ checked }) => checked).map(({ value }) => value),
      ...(Object.keys(bounds).length > 0 && { bounds }),
    };
  }

  /** Switches on the hunks of a patch file or mail, in a situation of its patch, and says what was recognised. */
  private async take(file: File | undefined, edited: () => void): Promise<void> {
    if (!file) return;
    const text = await file.text();
    let said: string;
    let refused = false;
    try {
      const { selection, diff } = selectionOfText(text, file.name, 'drop one of them');
      const { patch } = diff.patches[0]!;
      const now = SITUATIONS.find(({ id }) => id === this.field('situation').value)!;
      const { id } = now.patch === patch ? now : SITUATIONS.find((situation) => situation.patch === patch) ?? now;
      this.show({ ...(now.id === id && this.read()), situation: id, patches: selection });
      const rest = unsure(diff);
      said = [...describeDiff(diff).map((line) => line.trim().replace(/ {2,}/, ': ')), ...(rest.length === 0 ? [] : [`not explored, so that the search does not decide about the whole diff: ${rest.join('; ')}`])].join('\n');
    } catch (error) {
      [said, refused] = [(error as Error).message, true];
    }
    const output = this.form.querySelector<HTMLElement>('.diff-says')!;
    output.textContent = said;
    output.classList.toggle('refused', refused);
    if (!refused) edited();
  }

  private field(name: string): HTMLInputElement {
    return this.form.querySelector(`[name="${name}"]`)!;
  }

  /** Ticks the hunks that the words select; changes nothing if the words are not a valid selection. */
  private tick(): void {
    try {
      const on = selectHunks(PATCHES, this.field('patches').value);
      for (const box of all<HTMLInputElement>('input[name="hunk"]', this.form)) box.checked = on.has(box.value);
    } catch {
      // The search says what is wrong with the words.
    }
  }

  private toggle(hunk: string, on: boolean): void {
    const boxes = all<HTMLInputElement>('input[name="hunk"]', this.form);
    const whole = wholeOf(patchNamed(PATCHES, hunk.split('/')[0]!));
    const chosen = new Set(boxes.filter(({ checked }) => checked).map(({ value }) => value));
    if (on) chosen.add(hunk);
    else chosen.delete(hunk);
    const kept = whole.filter((id) => chosen.has(id)).length;
    const words = kept * 2 > whole.length
      ? ['all', ...whole.filter((id) => !chosen.has(id)).map((id) => `-${id}`), ...[...chosen].filter((id) => !whole.includes(id)).map((id) => `+${id}`)]
      : ['none', ...[...chosen].map((id) => `+${id}`)];
    this.field('patches').value = words.join(',');
  }
}

/** What was typed, as a number; if it is not one, the text itself, so that the refusal can quote it. */
function boundOf(words: string): number {
  return /^\d+$/.test(words) ? Number(words) : (words as unknown as number);
}

function fieldsHtml(situation: Situation, patch: Patch, request: Request): Html {
  const checked = request.invariants ?? situation.requirements ?? situation.invariants;
  return html`<label class="wide">Situation <select name="situation">${SITUATIONS.map(({ id }) => html`<option ${id === situation.id && html`selected`}>${id}</option>`)}</select></label>
<p class="note wide">${situation.title} Not modelled: ${situation.leavesOut.join('; ')}.</p>
<label class="wide">Hunks <input type="text" name="patches" value="${request.patches}" spellcheck="false" autocomplete="off"></label>
<p class="wide ways">${['all', 'none', ...patch.variants.map(({ id }) => `none,+${patch.id}@${id}`)].map((words) => html`<button type="button" data-patches="${words}">${words}</button>`)}</p>
<label class="wide">Hunks of a diff: choose or drop a patch file or a mail <input type="file" name="diff"></label>
<output class="wide note diff-says"></output>
<fieldset class="wide"><legend>Hunk by hunk</legend>${patch.hunks.map(({ id, does, notModelled }) => html`<label class="chip" title="${notModelled ?? does}"><input type="checkbox" name="hunk" value="${id}"> <code>${id}</code></label>`)}</fieldset>
<fieldset><legend>Parameters</legend>${Object.entries(situation.parameters).map(([name, { about, legal, initially }]) => html`<label class="parameter"><span>${name} <small>${about}</small></span> <select data-parameter="${name}" data-initially="${String(initially)}">${legal.map((value) => html`<option ${value === (request.parameters?.[name] ?? initially) && html`selected`}>${String(value)}</option>`)}</select></label>`)}</fieldset>
<fieldset><legend>What must hold</legend>${situation.invariants.map((name) => html`<label class="chip"><input type="checkbox" name="invariant" value="${name}" ${checked.includes(name) && html`checked`}> ${name}</label>`)}<p class="note">Deadlocks and livelocks are always reported.</p></fieldset>
<fieldset><legend>Bounds</legend>${(['interrupts', 'switches', 'states'] as const).map((bound) => html`<label class="parameter"><span>Maximum ${bound}</span> <input type="text" inputmode="numeric" placeholder="no bound" data-bound="${bound}" value="${request.bounds?.[bound] ?? situation.bounds[bound] ?? ''}"></label>`)}</fieldset>`;
}
