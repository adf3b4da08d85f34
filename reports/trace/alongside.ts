// The same schedule on another kernel. Two kernels do not have the same instructions, so a schedule
// cannot be followed by counting. The other kernel is run so that the same thing happens at the same
// instruction, with the steps that only one of them has in between, until that is impossible. There they diverge.

import type { Move } from '../../machine/explorer/system';
import { finish, Player, type PlayedEvent, type Run } from './play';

/** Steps of the two runs that are the same step; null where only the other kernel has one. */
export interface Pair {
  readonly left: number | null;
  readonly right: number | null;
}

export interface Alongside {
  readonly left: Run;
  readonly right: Run;
  readonly pairs: readonly Pair[];
  /** Where they diverge: the index of the first pair after it, and why. */
  readonly parting: { readonly at: number; readonly why: string } | null;
}

/** How many instructions one kernel may have in addition, in one place. */
const EXTRA = 12;
/** How many steps of the other kernel by itself are shown after that. */
const AFTERWARDS = 40;

export function alongside(left: Run, patches: string): Alongside {
  return new Follower(left, new Player({ ...left.request, patches })).follow();
}

/** Compares any two runs: together as long as they do the same, then separately. */
export function sideBySide(left: Run, right: Run): Alongside {
  let at = 0;
  const same = (one: PlayedEvent | undefined, other: PlayedEvent | undefined): boolean => one !== undefined && other !== undefined && one.label === other.label && one.text === other.text && one.context === other.context;
  while (same(left.events[at], right.events[at])) at++;
  const pairs = Array.from({ length: Math.max(left.events.length, right.events.length) }, (_, i): Pair => ({ left: i < left.events.length ? i : null, right: i < right.events.length ? i : null }));
  const told = (event: PlayedEvent | undefined): string => (event === undefined ? 'ends' : `goes on with ${event.context}, "${event.text}"`);
  const parting = at === pairs.length ? null : { at, why: `left ${told(left.events[at])}; right ${told(right.events[at])}` };
  return { left, right, pairs, parting };
}

class Follower {
  private readonly pairs: Pair[] = [];

  constructor(private readonly left: Run, private readonly player: Player) {}

  follow(): Alongside {
    const { events } = this.left;
    let why: string | null = null;
    let i = 0;
    while (i < events.length && why === null) {
      const skipped = this.meet(i);
      if (typeof skipped === 'string') why = skipped;
      else i = skipped;
    }
    const parting = why === null ? null : { at: this.pairs.length, why };
    for (; i < events.length; i++) this.pairs.push({ left: i, right: null });
    if (parting) this.goOn();
    return { left: this.left, right: finish(this.player, null), pairs: this.pairs, parting };
  }

  /** Does on the right what step `i` does on the left, after any steps that come first; returns the next step of the left, or why this is impossible. */
  private meet(i: number): number | string {
    const event = this.left.events[i]!;
    const violation = this.player.violation();
    if (violation) return `the other kernel has already failed: ${violation.message}`;
    if (event.kind === 'interrupt') {
      const move = this.find(event);
      if (!move) return `${event.label} cannot come on the other kernel: ${this.whyNot(event)}`;
      this.pair(i, move);
      return i + 1;
    }
    const extra = this.extraBefore(event);
    if (extra !== null) {
      for (let k = 0; k < extra; k++) this.alone(event.process);
      const move = this.find(event);
      if (!move) return `"${event.label}" is not possible on the other kernel; legal: ${this.player.moves().map(({ label }) => label).join(', ') || 'nothing'}`;
      this.pair(i, move);
      return i + 1;
    }
    const missing = this.missingFrom(i);
    if (missing !== null) {
      for (let k = i; k < missing; k++) this.pairs.push({ left: k, right: null });
      return missing;
    }
    const other = this.player.system.processes.find(({ name }) => name === event.process)!.describe();
    return `left: ${event.context} goes on with "${event.text}" in ${event.paths.at(-1) ?? 'no path'}; right: ${other.context} goes on with "${other.text}" in ${other.paths.at(-1) ?? 'no path'}`;
  }

  private find(event: PlayedEvent): Move | undefined {
    return this.player.moves().find(({ label, process }) => label === event.label && process.name === event.process);
  }

  /** Why an interrupt is not among the moves. */
  private whyNot({ process }: PlayedEvent): string {
    return this.player.system.store.snapshot().get(`${process}.IF`) === false ? 'its interrupts are off' : 'it is not enabled';
  }

  /** How many steps the right takes by itself to reach `event`; null if it does not get there. */
  private extraBefore(event: PlayedEvent): number | null {
    const { store } = this.player.system;
    const mark = store.mark();
    try {
      for (let extra = 0; extra <= EXTRA; extra++) {
        if (this.isAt(event)) return extra;
        const move = this.plain(event.process);
        if (!move || move.label.includes('->') || this.player.violation()) return null;
        move.perform();
      }
      return null;
    } finally {
      store.undo(mark);
    }
  }

  private isAt({ process, context, paths, text }: PlayedEvent): boolean {
    const there = this.player.system.processes.find(({ name }) => name === process)!.describe();
    return there.context === context && there.text === text && there.paths.at(-1) === paths.at(-1);
  }

  /** The next step of the left that the right has already reached; null if there is none nearby. */
  private missingFrom(i: number): number | null {
    const { events } = this.left;
    for (let k = i + 1; k < Math.min(events.length, i + EXTRA); k++) {
      if (events[k]!.kind === 'interrupt' || events[k]!.context !== events[i]!.context) return null;
      if (this.isAt(events[k]!)) return k;
    }
    return null;
  }

  private plain(process: string): Move | undefined {
    return this.player.moves().find((move) => move.kind === 'step' && move.process.name === process);
  }

  private pair(left: number, move: Move): void {
    this.player.perform(move);
    this.pairs.push({ left, right: this.player.events.length - 1 });
  }

  private alone(process: string): void {
    this.player.perform(this.plain(process)!);
    this.pairs.push({ left: null, right: this.player.events.length - 1 });
  }

  /** Lets the right continue, always by its first move. */
  private goOn(): void {
    for (let k = 0; k < AFTERWARDS; k++) {
      const move = this.player.moves().find(({ kind }) => kind === 'step');
      if (!move) return;
      this.player.perform(move);
      this.pairs.push({ left: null, right: this.player.events.length - 1 });
    }
  }
}
