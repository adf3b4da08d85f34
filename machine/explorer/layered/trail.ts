import type { Value } from '../../state/hash';
import type { Mark, Store } from '../../state/store';

// The way back to a state: what each event of the run that reached it first has
// written. Going from one state to another undoes writes back to where the runs
// to the two diverge, and repeats the other writes, without performing the
// instructions.

const RECORD = 4;

export class Trail {
  /** For each state, side by side: the state from which it was reached, where its writes begin, and its fingerprint. */
  private records = new Int32Array(1 << 12);
  private count = 0;
  private readonly cells: number[] = [];
  private readonly values: Value[] = [];
  /** The run to the current state. */
  private readonly states: number[] = [];
  private readonly marks: Mark[] = [];
  private positions = new Int32Array(1 << 10);
  /** Events whose writes were repeated. */
  repeated = 0;

  constructor(private readonly store: Store) {}

  get depth(): number {
    return this.states.length;
  }

  /** Records that the system has reached the next new state from `parent`, where it was at the moment `since`. */
  note(parent: number, since: Mark): void {
    const { store, cells } = this;
    const at = RECORD * this.count++;
    if (at + RECORD > this.records.length) {
      const larger = new Int32Array(this.records.length * 2);
      larger.set(this.records);
      this.records = larger;
    }
    this.records[at] = parent;
    this.records[at + 1] = cells.length;
    this.records[at + 2] = store.a;
    this.records[at + 3] = store.b;
    store.copyWrites(since, cells, this.values);
    if (at === 0) this.push(0);
  }

  /** Brings the system to `state`, whatever it did since the last call. Returns the mark for that moment. */
  goTo(state: number): Mark {
    const missing: number[] = [];
    let at = state;
    for (; this.positionOf(at) === 0; at = this.records[RECORD * at]!) missing.push(at);
    const depth = this.positionOf(at);
    this.store.undo(this.marks[depth - 1]!);
    while (this.states.length > depth) {
      this.positions[this.states.pop()!] = 0;
      this.marks.pop();
    }
    for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
      this.repeat(next);
      this.push(next);
    }
    return this.marks[this.marks.length - 1]!;
  }

  /** One more than the place of a state on the run; 0 if it is not there. */
  private positionOf(state: number): number {
    return this.positions[state] ?? 0;
  }

  private push(state: number): void {
    if (state >= this.positions.length) {
      const larger = new Int32Array(Math.max(state + 1, this.positions.length * 2));
      larger.set(this.positions);
      this.positions = larger;
    }
    this.marks.push(this.store.mark());
    this.positions[state] = this.states.push(state);
  }

  private repeat(state: number): void {
    const { records, cells } = this;
    const at = RECORD * state;
    const end = state + 1 < this.count ? records[at + RECORD + 1]! : cells.length;
    this.store.rewrite(cells, this.values, records[at + 1]!, end, records[at + 2]!, records[at + 3]!);
    this.repeated++;
  }

  /** The memory that is kept for the states, counting only the slot of a value. */
  get bytes(): number {
    return 4 * (this.records.length + this.positions.length) + 2 * 8 * 1.5 * this.cells.length;
  }
}
