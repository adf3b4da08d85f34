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
  /** Numbers of events; the number after the last event of the execution stands for the one more. */
  private readonly events: number[] = [];
  /** How many they are; `events` keeps what it had beyond that. */
  private length = 0;

  constructor(private readonly execution: Execution) {}

  /** Makes it of the events after `earlier` that do not happen after it, and then one of `process`. */
  become(earlier: number, process: number, touch: Touch, reach: Touch): void {
    const { events, execution } = this;
    this.length = 0;
    for (let k = earlier + 1; k < execution.length; k++) if (!execution.happensBefore(earlier, k)) events[this.length++] = k;
    events[this.length++] = execution.pretend(process, touch, reach);
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
    const { process, label, touch, reach, length } = this.execution;
    for (let i = 0; i < this.length; i++) {
      const k = this.events[i]!;
      const branch: Branch = new Branch(process[k]!, k < length ? label[k]! : null, touch[k]!, reach[k]!);
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
      const k = this.events[i]!;
      if (k === this.execution.length || branch.label === this.execution.label[k] || (branch.label === null && !this.isOneOfSeveral(k))) {
        this.remove(i);
        return branch;
      }
      if (choice === 0) choice = i;
    }
    if (choice > 0) {
      const k = this.events[choice]!;
      this.remove(choice);
      this.events.copyWithin(1, 0, this.length++);
      this.events[0] = k;
    }
    return null;
  }

  /**
   * Where the first event of `process` is that nothing before it in the sequence
   * hinders; -1 if it has one but cannot come first; the length if it has none
   * and whatever it might do (`reach`) is independent of the whole sequence, else -1.
   */
  private firstOf(process: number, reach: Touch): number {
    const { events, length, execution: { process: processOf, touch: touchOf } } = this;
    let first = 0;
    while (first < length && processOf[events[first]!] !== process) first++;
    const touch = first < length ? touchOf[events[first]!]! : reach;
    for (let i = 0; i < first; i++) if (touchOf[events[i]!]!.conflictsWith(touch)) return -1;
    return first;
  }

  /**
   * Whether the process of an event could have made another choice there, that
   * touches something else. Where any choice is planned, that is for what one of
   * them touches: another need not wake who sleeps, so that what is to follow it
   * must be planned for itself.
   */
  private isOneOfSeveral(k: number): boolean {
    return this.execution.reach[k] !== this.execution.touch[k];
  }

  private remove(i: number): void {
    this.length--;
    for (; i < this.length; i++) this.events[i] = this.events[i + 1]!;
  }
}
