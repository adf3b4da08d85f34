import type { Execution } from './execution';
import type { Touch } from './touch';

// Wakeup trees (Abdulla, Aronis, Jonsson and Sagonas, POPL 2014): what is
// still to be tried from one point of an execution, as an ordered tree of
// event sequences. Following such a sequence to its end is what keeps the
// search from running into executions that it has seen.

/** One planned event. What is planned after it is its first child and that one's siblings, in the order in which they will be tried. */
export class Branch {
  child: Branch | null = null;
  sibling: Branch | null = null;

  constructor(
    readonly process: number,
    /** Which of the process's moves; null where any will do. */
    readonly label: string | null,
    readonly touch: Touch,
    /** What the process could touch there by any of its moves: all of them will be tried. */
    readonly reach: Touch,
  ) {}
}

/** What is planned from one point: a list of branches. */
export class Plan {
  first: Branch | null = null;

  add(branch: Branch): void {
    if (this.first === null) this.first = branch;
    else lastOf(this.first).sibling = branch;
  }

  /** Splits off the branches that begin with one of these processes (bits of a number), in their order. */
  take(processes: number): Branch | null {
    const { first } = this;
    if (first !== null && first.sibling === null && (processes & (1 << first.process)) !== 0) {
      this.first = null;
      return first;
    }
    const taken = new Plan();
    const left = new Plan();
    for (let branch = this.first; branch !== null;) {
      const { sibling } = branch;
      branch.sibling = null;
      ((processes & (1 << branch.process)) !== 0 ? taken : left).add(branch);
      branch = sibling;
    }
    this.first = left.first;
    return taken.first;
  }
}

function lastOf(branch: Branch): Branch {
  while (branch.sibling !== null) branch = branch.sibling;
  return branch;
}

/** A sequence of events that reverses a race: some events of the present execution, and then one more. */
export class Sequence {
  /** How many events it has; the columns keep what they had beyond that. */
  length = 0;
  private readonly touches: Touch[] = [];
  private readonly reaches: Touch[] = [];
  private readonly processes: number[] = [];
  private readonly labels: (string | null)[] = [];

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

  /** Adds the sequence to `plan`, unless a branch of it already leads there. Uses the sequence up. */
  insertInto(plan: Plan): void {
    let parent: Branch | null = null;
    for (let level = plan.first; level !== null && this.length > 0; level = parent.child) {
      const branch = this.follow(level);
      if (branch === null) break;
      if (branch.child === null) return;
      parent = branch;
    }
    for (let i = 0; i < this.length; i++) {
      const branch: Branch = new Branch(this.processes[i]!, this.labels[i]!, this.touches[i]!, this.reaches[i]!);
      if (parent === null) plan.add(branch);
      else if (parent.child === null) parent.child = branch;
      else lastOf(parent.child).sibling = branch;
      parent = branch;
    }
  }

  /**
   * Takes the first of these branches off the front of the sequence with which an
   * equivalent sequence begins. If there is none, but a branch begins with another
   * choice of a process that could come first here too, lets it: all choices of a
   * process are tried together.
   */
  private follow(level: Branch): Branch | null {
    let choice = 0;
    for (let branch: Branch | null = level; branch !== null; branch = branch.sibling) {
      const i = this.firstOf(branch.process, branch.reach);
      if (i < 0) continue;
      if (i === this.length) return branch;
      const label = this.labels[i]!;
      if (label === branch.label || label === null || branch.label === null) {
        this.removeAt(i);
        return branch;
      }
      if (choice === 0) choice = i;
    }
    if (choice > 0) for (const column of [this.processes, this.labels, this.touches, this.reaches] as unknown[][]) column.unshift(...column.splice(choice, 1));
    return null;
  }

  /**
   * Where the first event of `process` is that nothing before it in the sequence
   * hinders; -1 if it has one but cannot come first; the length if it has none
   * and whatever it might do (`reach`) is independent of the whole sequence, else -1.
   */
  private firstOf(process: number, reach: Touch): number {
    const { processes, touches, length } = this;
    let first = 0;
    while (first < length && processes[first] !== process) first++;
    const touch = first < length ? touches[first]! : reach;
    for (let k = 0; k < first; k++) if (touches[k]!.conflictsWith(touch)) return -1;
    return first;
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
