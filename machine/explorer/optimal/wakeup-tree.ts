import type { Execution } from './execution';
import type { Touch } from './touch';

// Wakeup trees (Abdulla, Aronis, Jonsson and Sagonas, POPL 2014): what is still
// to be tried from one point of an execution, as an ordered tree of event
// sequences. Following such a sequence to its end keeps the search from running
// into executions that it has seen.

/** One planned event. What is planned after it is its first child and that one's siblings, in the order in which they will be tried. */
export class Branch {
  child: Branch | null = null;
  sibling: Branch | null = null;

  constructor(
    readonly process: number,
    /** The label of the process's move. */
    readonly label: string,
    readonly touch: Touch,
  ) {}
}

/** What is planned from one point: a list of branches. */
export class Plan {
  first: Branch | null = null;

  add(branch: Branch): void {
    if (this.first === null) this.first = branch;
    else lastOf(this.first).sibling = branch;
  }

  /** Splits off the branches that begin with this move, in their order. */
  take(process: number, label: string): Branch | null {
    const { first } = this;
    if (first !== null && first.sibling === null && first.process === process && first.label === label) {
      this.first = null;
      return first;
    }
    const taken = new Plan();
    const left = new Plan();
    for (let branch = this.first; branch !== null;) {
      const { sibling } = branch;
      branch.sibling = null;
      (branch.process === process && branch.label === label ? taken : left).add(branch);
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
  /** Numbers of events; the number after the last event of the execution stands for the additional one. */
  private readonly events: number[] = [];
  /** How many there are; `events` keeps what it had beyond that. */
  private length = 0;

  constructor(private readonly execution: Execution) {}

  /** Makes it the events after `earlier` that do not happen after it, followed by a move of `process`. */
  become(earlier: number, process: number, label: string, touch: Touch): void {
    const { events, execution } = this;
    this.length = 0;
    for (let k = earlier + 1; k < execution.length; k++) if (!execution.happensBefore(earlier, k)) events[this.length++] = k;
    events[this.length++] = execution.pretend(process, label, touch);
  }

  /** Adds the sequence to `plan`, unless a branch already leads there. This consumes the sequence. */
  insertInto(plan: Plan): void {
    let parent: Branch | null = null;
    for (let level = plan.first; level !== null && this.length > 0; level = parent.child) {
      const branch = this.follow(level);
      if (branch === null) break;
      if (branch.child === null) return;
      parent = branch;
    }
    const { process, label, touch } = this.execution;
    for (let i = 0; i < this.length; i++) {
      const k = this.events[i]!;
      const branch: Branch = new Branch(process[k]!, label[k]!, touch[k]!);
      if (parent === null) plan.add(branch);
      else if (parent.child === null) parent.child = branch;
      else lastOf(parent.child).sibling = branch;
      parent = branch;
    }
  }

  /** Finds the first of these branches with which an equivalent sequence begins, and removes it from the sequence. */
  private follow(level: Branch): Branch | null {
    for (let branch: Branch | null = level; branch !== null; branch = branch.sibling) {
      const i = this.firstOf(branch);
      if (i < 0) continue;
      if (i < this.length) this.remove(i);
      return branch;
    }
    return null;
  }

  /**
   * The position of a branch's move in the sequence, if nothing before it there
   * conflicts with it; the length if its process has no event in the sequence,
   * and the move is independent of all of it; else -1. Two moves of one process
   * exclude each other.
   */
  private firstOf({ process, label, touch }: Branch): number {
    const { events, length, execution: { process: processOf, label: labelOf, touch: touchOf } } = this;
    let first = 0;
    while (first < length && processOf[events[first]!] !== process) first++;
    if (first < length && labelOf[events[first]!] !== label) return -1;
    const moving = first < length ? touchOf[events[first]!]! : touch;
    for (let i = 0; i < first; i++) if (touchOf[events[i]!]!.conflictsWith(moving)) return -1;
    return first;
  }

  private remove(i: number): void {
    this.length--;
    for (; i < this.length; i++) this.events[i] = this.events[i + 1]!;
  }
}
