// The searches of a run. Each kernel is explored once for all features of a chapter, however many scenarios
// ask about it, and whatever they ask.

import type { World } from '@cucumber/cucumber';
import { answersTo, type Answering, type Prepared } from '../../machine/situations/check';
import type { SearchedKernel } from '../../machine/situations/kernels';
import { KERNEL } from '../../reports/messages';

/** The answers for each kernel that the current chapter has asked about, by the kernel and its bounds. */
const known = new Map<string, Answering>();
/** How many scenarios needed only one run of each kernel that takes long to search. */
const brief = new Map<string, number>();
let present = '';

/** Scenarios of `chapter` follow: searches for other chapters take memory and are no longer needed, so they are dropped. */
export function beginChapter(chapter: string): void {
  if (chapter !== present) for (const kept of [known, brief]) kept.clear();
  present = chapter;
}

/** The answers for this kernel: one search for the whole chapter, about everything that can be asked. */
export function answering(prepared: Prepared): Answering {
  const key = keyOf(prepared);
  let answers = known.get(key);
  if (answers === undefined) known.set(key, answers = answersTo(prepared, prepared.situation.invariants));
  return answers;
}

export function isSearched(prepared: Prepared): boolean {
  return known.has(keyOf(prepared));
}

/** Keeps answers that were found elsewhere. */
export function keep(prepared: Prepared, answers: Answering): void {
  known.set(keyOf(prepared), answers);
}

/** Counts one more scenario that may need only one run of this kernel. Returns how many there were before. */
export function countBrief(prepared: Prepared): number {
  const key = keyOf(prepared);
  const times = brief.get(key) ?? 0;
  brief.set(key, times + 1);
  return times;
}

/** Whether runs are bounded by what they cost. Then each question needs a search of its own. */
export function isCostBounded({ bounds }: Prepared): boolean {
  return bounds.interrupts !== undefined || bounds.switches !== undefined;
}

/** Attaches what is known about a kernel after the first question to it, so that a report need not search it again. Under a bound on the cost of runs that is only the answer to this question: nothing is attached. */
export function attachKernel(world: World, prepared: Prepared): void {
  const { claimed } = answering(prepared);
  if (claimed === null || !claimed.complete) return;
  const { situation: { id, invariants }, choice: { hunks, parameters }, bounds } = prepared;
  const asked = [...claimed.consulted, ...claimed.later ?? []];
  const kernel: SearchedKernel = { situation: id, parameters, bounds, hunks: asked.filter((hunk) => hunks.has(hunk)), invariants, found: { ...claimed, knows: null } };
  void world.attach(JSON.stringify(kernel), KERNEL);
}

function keyOf({ situation, choice: { hunks, parameters }, bounds }: Prepared): string {
  return JSON.stringify([situation.id, [...hunks].sort(), parameters, bounds]);
}
