// A relation between a few events, which are numbers: one row of bits each. It can be restored to what it was.

const MOST = 31;

export class Relation {
  private rows: number[] = [];

  /** @param parts the rows of several groups of events, each of which is related only within itself; at most 31 events in all */
  constructor(parts: readonly (readonly number[])[]) {
    for (const part of parts) {
      const first = this.rows.length;
      for (const row of part) this.rows.push(row << first);
    }
    if (this.rows.length > MOST) throw new Error(`a program of ${this.rows.length} events is too long for this checker; it takes ${MOST}`);
  }

  add(one: number, other: number): void {
    this.rows[one]! |= 1 << other;
  }

  has(one: number, other: number): boolean {
    return (this.rows[one]! & (1 << other)) !== 0;
  }

  mark(): readonly number[] {
    return this.rows.slice();
  }

  undo(mark: readonly number[]): void {
    this.rows = mark.slice();
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
