// A relation between a few events, one row of bits each, that can be restored to what it was.

const MOST = 31;

export class Relation {
  private rows: number[];
  private readonly numbers: Map<object, number>;

  /** @param events at most 31 */
  constructor(events: readonly object[]) {
    if (events.length > MOST) throw new Error(`a program of ${events.length} events is too long for this checker; it takes ${MOST}`);
    this.numbers = new Map(events.map((event, i) => [event, i]));
    this.rows = events.map(() => 0);
  }

  add(one: object, other: object): void {
    this.rows[this.numbers.get(one)!]! |= 1 << this.numbers.get(other)!;
  }

  has(one: object, other: object): boolean {
    return (this.rows[this.numbers.get(one)!]! & (1 << this.numbers.get(other)!)) !== 0;
  }

  mark(): readonly number[] {
    return [...this.rows];
  }

  undo(mark: readonly number[]): void {
    this.rows = [...mark];
  }

  /** Whether nothing is left if events that lead nowhere are removed repeatedly: then there is no cycle. */
  isAcyclic(): boolean {
    const { rows } = this;
    let left = 2 ** rows.length - 1;
    for (let before = 0; left !== before;) {
      before = left;
      for (let i = 0; i < rows.length; i++) if ((left & (1 << i)) !== 0 && (rows[i]! & left) === 0) left &= ~(1 << i);
    }
    return left === 0;
  }
}
