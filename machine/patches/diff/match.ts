// One diff against one form of a patch: which place does each changed line belong to?

import type { KnownForm, KnownPlace } from './known';
import type { Chunk, Diff, DiffLine } from './parse';
import { digestOf, isSameFile, normalised, treeFile } from './text';

/** What a diff contains of one place. */
export interface PlaceFound {
  readonly place: KnownPlace;
  /** Which of the place's lines it contains, by index. */
  readonly found: readonly number[];
  readonly total: number;
}

export interface FormMatch {
  readonly form: KnownForm;
  readonly places: readonly PlaceFound[];
  /** The changed lines that belong to the form, each with the place it belongs to and a score for how well its surroundings fit. */
  readonly claimed: ReadonlyMap<DiffLine, Claimed>;
}

export interface Claimed {
  /** Which of the form's places, by index, and which of the place's lines. */
  readonly place: number;
  readonly index: number;
  readonly score: number;
}

/** A line of a place that no line of the diff has been matched with yet. */
interface Slot {
  readonly place: number;
  readonly index: number;
}

/**
 * Assigns each changed line to a place that contains it; if there are several, to the one whose surroundings fit best.
 *
 * @param passOver lines to skip, since they fit another form better
 */
export function matchForm(diff: Diff, form: KnownForm, passOver: ReadonlySet<DiffLine> = new Set()): FormMatch {
  const wanted = new Map<string, Slot[]>();
  form.places.forEach(({ lines }, place) => lines.split(' ').forEach((line, index) => {
    const slots = wanted.get(line) ?? [];
    slots.push({ place, index });
    wanted.set(line, slots);
  }));
  const found = form.places.map((): number[] => []);
  const claimed = new Map<DiffLine, Claimed>();
  for (const chunk of diff) {
    const surroundings = new Surroundings(chunk);
    for (const line of chunk.lines) {
      if (line.sign === ' ' || passOver.has(line)) continue;
      const slots = wantedBy(line, wanted).filter(({ place }) => chunk.file === null || isSameFile(chunk.file, treeFile(form.places[place]!.file)));
      const best = nearest(slots, form.places, surroundings, line);
      if (best === null) continue;
      const list = [...wanted.values()].find((candidates) => candidates.includes(best.slot))!;
      list.splice(list.indexOf(best.slot), 1);
      found[best.slot.place]!.push(best.slot.index);
      claimed.set(line, { ...best.slot, score: best.score });
    }
  }
  return { form, claimed, places: form.places.map((place, i) => ({ place, found: found[i]!.sort((a, b) => a - b), total: place.lines.split(' ').length })) };
}

/** The free slots for a line as it stands, or else joined with those below it, in case a mail program has broken it. */
function wantedBy(line: DiffLine, wanted: ReadonlyMap<string, Slot[]>): readonly Slot[] {
  const whole = wanted.get(`${line.sign}${digestOf(line.text)}`);
  if (whole !== undefined && whole.length > 0) return whole;
  return line.joined.map((text) => wanted.get(`${line.sign}${digestOf(text)}`) ?? []).find(({ length }) => length > 0) ?? [];
}

function nearest(slots: readonly Slot[], places: readonly KnownPlace[], surroundings: Surroundings, line: DiffLine): { slot: Slot; score: number } | null {
  const scored = slots.map((slot) => ({ slot, score: surroundings.speakFor(places[slot.place]!, line) }));
  const best = scored.reduce<(typeof scored)[number] | null>((most, each) => (most === null || each.score > most.score ? each : most), null);
  if (best === null) return null;
  const rivals = new Set(slots.map(({ place }) => place)).size > 1 || places.some((place) => place !== places[best.slot.place] && place.lines === places[best.slot.place]!.lines);
  return rivals && best.score === 0 && surroundings.say ? null : best;
}

/** The lines around a change, which help to locate it. */
class Surroundings {
  private readonly at = new Map<string, number[]>();
  /** Whether there is anything but the changed lines. */
  readonly say: boolean;

  constructor(private readonly chunk: Chunk) {
    chunk.lines.forEach(({ text }, i) => {
      const digest = digestOf(text);
      this.at.set(digest, [...(this.at.get(digest) ?? []), i]);
    });
    this.say = chunk.section !== '' || chunk.lines.some(({ sign }) => sign === ' ');
  }

  /** A score that is higher the nearer the place's neighbours are. */
  speakFor(place: KnownPlace, line: DiffLine): number {
    const here = this.chunk.lines.indexOf(line);
    const own = place.lines.split(' ').map((each) => each.slice(1));
    const near = [...place.near.split(' '), ...(own.length > 1 ? own : [])];
    const score = near.reduce((sum, digest) => sum + Math.max(0, ...(this.at.get(digest) ?? []).filter((i) => i !== here).map((i) => 1 / (1 + Math.abs(i - here)))), 0);
    const names = place.where.split(/[,:]/).map((name) => normalised(name).replace(/\(\)$/, '')).filter((name) => name !== '');
    return score + (names.some((name) => mentions(this.chunk.section, name)) ? 1 : 0);
  }
}

/** Whether a section names a function, even if it is cut off after the name, or a struct. */
function mentions(section: string, name: string): boolean {
  return section.includes(`${name}(`) || section.endsWith(name) || (section.length >= 20 && section.includes(`struct${name}`));
}
