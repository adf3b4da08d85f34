import type { Execution } from './execution';
import type { Dependence, Touch } from './dependence';

// Wakeup trees (Abdulla, Aronis, Jonsson and Sagonas, POPL 2014): what is
// still to be tried from one point of an execution, as an ordered tree of
// event sequences. Following such a sequence to its end is what keeps the
// search from running into executions that it has seen.

/** One planned event, with those planned after it. */
export class Branch {
  children: Branch[] = [];

  constructor(
    readonly process: number,
    /** Which of the process's moves; null where any will do. */
    readonly label: string | null,
    readonly touch: Touch,
    /** What the process could touch there by any of its moves: all of them will be tried. */
    readonly reach: Touch,
  ) {}
}

/** A sequence of events that reverses a race: some events of the present execution, and then one more. */
export class Sequence {
  /** How many events it has; the columns keep what they had beyond that. */
  length = 0;
  private readonly touches: Touch[] = [];
  private readonly reaches: Touch[] = [];
  private readonly processes: number[] = [];
  private readonly labels: (string | null)[] = [];

  constructor(private readonly dependence: Dependence) {}

  clear(): void {
    this.length = 0;
  }

  append(process: number, label: string | null, touch: Touch, reach: Touch): void {
    const i = this.length++;
    this.processes[i] = process;
    this.labels[i] = label;
    this.touches[i] = touch;
    this.reaches[i] = reach;
  }

  /** Appends the events of `execution` after `earlier` that do not happen after it. */
  appendIndependentOf(earlier: number, execution: Execution): void {
    const { process, label, touch, reach } = execution;
    for (let k = earlier + 1; k < execution.length; k++) {
      if (!execution.happensBefore(earlier, k)) this.append(process[k]!, label[k]!, touch[k]!, reach[k]!);
    }
  }

  /**
   * Where the first event of `process` is that nothing before it in the sequence
   * hinders; -1 if it has one but cannot come first; the length if it has none
   * and whatever it might do (`reach`) is independent of the whole sequence, else -1.
   */
  firstOf(process: number, reach: Touch): number {
    const { processes, touches, dependence, length } = this;
    for (let i = 0; i < length; i++) {
      if (processes[i] === process) {
        const own = touches[i]!;
        for (let k = 0; k < i; k++) if (dependence.conflict(touches[k]!, own)) return -1;
        return i;
      }
    }
    for (let i = 0; i < length; i++) if (dependence.conflict(touches[i]!, reach)) return -1;
    return length;
  }

  /** Adds the sequence to `tree`, unless a branch of it already leads there. Uses the sequence up. */
  insertInto(tree: Branch[]): void {
    let level = tree;
    while (this.length > 0) {
      const branch = level.find((candidate) => this.follow(candidate));
      if (branch === undefined) break;
      if (branch.children.length === 0) return;
      level = branch.children;
    }
    this.joinChoices(level);
    for (let i = 0; i < this.length; i++) {
      const branch = new Branch(this.processes[i]!, this.labels[i]!, this.touches[i]!, this.reaches[i]!);
      level.push(branch);
      level = branch.children;
    }
  }

  /** Takes `branch` off the front of the sequence if an equivalent sequence begins with it. */
  private follow(branch: Branch): boolean {
    const i = this.firstOf(branch.process, branch.reach);
    if (i < 0) return false;
    if (i === this.length) return true;
    const label = this.labels[i]!;
    if (label !== branch.label && label !== null && branch.label !== null) return false;
    this.removeAt(i);
    return true;
  }

  /** Where a branch begins with another choice of a process that could come first here too, lets it: all choices of a process are tried together. */
  private joinChoices(level: readonly Branch[]): void {
    for (const { process, reach } of level) {
      const i = this.firstOf(process, reach);
      if (i <= 0 || i >= this.length) continue;
      for (const column of [this.processes, this.labels, this.touches, this.reaches] as unknown[][]) column.unshift(...column.splice(i, 1));
      return;
    }
  }

  private removeAt(i: number): void {
    const { processes, labels, touches, reaches } = this;
    this.length--;
    for (let k = i; k < this.length; k++) {
      processes[k] = processes[k + 1]!;
      labels[k] = labels[k + 1]!;
      touches[k] = touches[k + 1]!;
      reaches[k] = reaches[k + 1]!;
    }
  }
}
