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
  /** The same, if its instruction alone determines what it touches. */
  private readonly steadyStep: Move;
  private readonly alternatives: Move[] = [];

  /** @param isPlain its paths have no silent instructions, so each instruction touches only its own cells */
  constructor(store: Store, name: string, readonly body: Call<unknown>, private readonly isPlain = false) {
    super(name);
    this.context = new Context(store, name, !isPlain);
    this.step = this.move(name, 0);
    this.steadyStep = { ...this.step, isSteady: true };
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
    const { choices, steady, when } = step.instruction;
    if (!choices) {
      into.push(steady === true && when === undefined && this.isPlain ? this.steadyStep : this.step);
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

  point(): object | null {
    return this.context.point;
  }

  position(): number {
    return this.context.position;
  }

  describe(): Description {
    const place = this.context.place();
    return { context: this.name, paths: place?.paths ?? [], text: place?.text ?? 'ended' };
  }

  awaited(): Awaited | null {
    return awaitedBy(this.context.pending, this);
  }
}
