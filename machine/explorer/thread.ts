import { Context, type Performer } from '../context';
import { awaitedBy, type Awaited, type Call } from '../path';
import { Entity } from '../state/hash';
import type { Store } from '../state/store';
import type { Description, Move, Process } from './system';

// A thread of a small program: one context that is its own processor. For
// published benchmark programs and for trying the explorer itself; the real
// processors are in the hardware.

export class Thread extends Entity implements Process, Performer {
  chosen = 0;
  readonly context: Context;
  private readonly step: Move;
  private readonly alternatives: Move[] = [];

  constructor(store: Store, name: string, readonly body: Call<unknown>) {
    super(name);
    this.context = new Context(store, name);
    this.step = this.move(name, 0);
    this.context.start(body, this);
  }

  private move(label: string, chosen: number): Move {
    return {
      process: this,
      kind: 'step',
      label,
      perform: () => {
        this.chosen = chosen;
        this.context.perform(this);
      },
    };
  }

  moves(into: Move[]): void {
    const step = this.context.pending;
    if (step === null || !step.isReady(this)) return;
    const { choices } = step.instruction;
    if (!choices) {
      into.push(this.step);
      return;
    }
    choices(this as never, ...step.operands).forEach((choice, i) => {
      into.push(this.alternatives[i]?.label === `${this.name}=${choice}` ? this.alternatives[i]! : (this.alternatives[i] = this.move(`${this.name}=${choice}`, i)));
    });
  }

  busy(): boolean {
    const step = this.context.pending;
    return step !== null && !step.instruction.idle;
  }

  describe(): Description {
    const place = this.context.place();
    return { context: this.name, paths: place?.paths ?? [], text: place?.text ?? 'ended' };
  }

  awaited(): Awaited | null {
    return awaitedBy(this.context.pending, this);
  }
}
