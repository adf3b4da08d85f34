// What a user sees while a long search runs: one line on the terminal, and
// nothing if there is no terminal.

import type { Progress } from '../../explorer/stateful/search';
import { duration, type Clock } from '../attend';
import { layerInWords } from './bounds';

const INTERVAL = 250;

/** Shows progress on standard error if that is a terminal. */
export class ProgressLine {
  private readonly began: number;
  private shown = -INTERVAL;

  constructor(private readonly terminal: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr, private readonly clock: Clock = () => performance.now()) {
    this.began = clock();
  }

  show({ states, events, depth, share, layer }: Progress): void {
    const now = this.clock();
    if (!this.terminal.isTTY || now - this.shown < INTERVAL) return;
    this.shown = now;
    const seconds = (now - this.began) / 1000;
    const left = share !== undefined && share > 0.001 ? `, ${(100 * share).toFixed(1)} % explored, about ${duration((seconds / share) * (1 - share))} left` : '';
    this.line(`${states.toLocaleString('en')} states or executions, ${events.toLocaleString('en')} events, ${Math.round(events / seconds).toLocaleString('en')}/s, depth ${depth}${layer === undefined ? '' : `, runs with ${layerInWords(layer)}`}${left}`);
  }

  /** Any other line of the same kind. */
  line(text: string): void {
    if (this.terminal.isTTY) this.terminal.write(`\r\x1b[2K${text}`);
  }

  end(): void {
    if (this.terminal.isTTY && this.shown >= 0) this.terminal.write('\r\x1b[2K');
  }
}
