// What a long command does for its user: it shows its progress on one line of the terminal, and stops when a signal
// asks it to. A test needs neither.

import type { Progress, Watch } from '../explorer/stateful/search';

/** Is told of progress while a command works, and asked whether to continue. */
export interface Attend {
  /** Replaces the line on the terminal. */
  show(text: string): void;
  /** The signal that asked to stop; null if none did. */
  stopped(): string | null;
}

export const NOBODY: Attend = { show: () => undefined, stopped: () => null };

/** Milliseconds between two updates. */
const INTERVAL = 250;

/** Milliseconds since an arbitrary moment. */
export type Clock = () => number;

const CLOCK: Clock = () => performance.now();

/** Shows how far counted work has come, and roughly how long the rest will take. */
export class Pace {
  private readonly began: number;
  private shown = -INTERVAL;

  constructor(private readonly attend: Attend, private readonly all: number | null = null, private readonly clock = CLOCK) {
    this.began = clock();
  }

  /** @returns whether to stop */
  tell(what: string, done: number): boolean {
    const now = this.clock();
    if (now - this.shown >= INTERVAL) {
      this.shown = now;
      const seconds = (now - this.began) / 1000;
      const left = this.all !== null && done > 0 ? `, about ${duration((seconds / done) * (this.all - done))} left` : '';
      this.attend.show(`${what}: ${grouped(done)}${this.all === null ? '' : ` of ${grouped(this.all)}`}${left}`);
    }
    return this.attend.stopped() !== null;
  }
}

/** A watch that shows the progress of a search named `about`, and stops it when asked to. */
export function watching(attend: Attend, about: string, clock = CLOCK): Watch {
  const began = clock();
  let shown = -INTERVAL;
  return (progress) => {
    const now = clock();
    if (now - shown >= INTERVAL) {
      shown = now;
      attend.show(`${about}: ${inWords(progress, (now - began) / 1000)}`);
    }
    return attend.stopped() === null ? 'go on' : 'stop';
  };
}

function inWords({ states, events, depth, share }: Progress, seconds: number): string {
  const left = share !== undefined && share > 0.001 ? `, ${(100 * share).toFixed(1)} % explored, about ${duration((seconds / share) * (1 - share))} left` : '';
  return `${grouped(states)} states, ${grouped(events)} events, depth ${depth}${left}`;
}

/** `1,234,567`; toLocaleString() would load the data of a language first, which takes longer than many a search. */
const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

/** `45 s`, `12 min`, `3.1 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
