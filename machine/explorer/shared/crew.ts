import { SharedTable } from './table';

// How the members of a crew, each a thread, communicate while they search
// together: which of them has nothing to do and is given work, and when to stop.
// All of it is numbers in shared memory.
//
// Why a crew neither stops early nor waits forever: UNDONE is the number of
// pieces of work, in hand or in transit. It begins as 1, for the whole search.
// Only a member that has a piece in hand makes another, and adds 1 before it
// gives it away; a member takes 1 away when nothing of its piece is left. So
// UNDONE is at least 1 as long as there is any work; once it is 0, there is
// none, and nothing that could create any.
//
// A waiting member is given work by only one other, the one that has changed its
// state from WAITING to GETTING by compare-and-swap. Until that one changes it
// again, no other does, so the task is written by one thread and then read by
// one.

/** What a crew shares, as plain data that can be sent to another thread. */
export interface Shared {
  readonly members: number;
  readonly control: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
}

/** A state with moves that are still to be tried, and how to get there from the beginning. */
export interface Task {
  readonly state: number;
  /** Its fingerprint, to check the arrival there. */
  readonly a: number;
  readonly b: number;
  /** The moves from `next` to before `end`. */
  readonly next: number;
  readonly end: number;
  /** The number of the move to take at each choice. */
  readonly path: readonly number[];
  /** Whether nothing is known about the state: then everything that can happen there is tried, if it turns out to be new. */
  readonly isNew?: boolean;
}

/** Where the numbers are. */
const [STOP, UNDONE, MEMBERS] = [0, 1, 8];

/** The state of a member: it has not begun, works, waits for work, is about to be given some, or was given some. */
const [ABSENT, WORKING, WAITING, GETTING, GIVEN] = [0, 1, 2, 3, 4];

/** For each member: what it is doing, how many states and events are its own, how many tasks it was given, and a task. */
const [DOING, STATES, EVENTS, GIFTS, TASK] = [0, 1, 2, 3, 4];
const TASK_HEAD = 6;

/** A state deeper than this many choices is not handed over. */
const DEEPEST = 1 << 14;
const SPACE = TASK + TASK_HEAD + DEEPEST;

/** Why a crew stops before everything is seen: it was asked to, there are more states than it may visit, the table is full, or a member failed. */
const REASONS = ['asked', 'bounds', 'full', 'failed'] as const;
export type Stop = (typeof REASONS)[number];

export class Crew {
  private readonly control: Int32Array<SharedArrayBuffer>;
  readonly table: SharedTable;
  readonly members: number;

  /** @param me the number of this member, from 0 on; at first, the first one has all the work */
  constructor(shared: Shared, private readonly me: number, table = new SharedTable(shared.slots)) {
    this.members = shared.members;
    this.control = new Int32Array(shared.control);
    this.table = table;
    Atomics.store(this.control, this.of(me, DOING), me === 0 ? WORKING : WAITING);
  }

  /** Creates what a crew needs, before any member begins. Members may join at any time. */
  static found(members: number, slots = SharedTable.bufferFor()): Shared {
    const shared = { members, control: new SharedArrayBuffer(4 * (MEMBERS + members * SPACE)), slots };
    const control = new Int32Array(shared.control);
    control[UNDONE] = 1;
    for (let member = 0; member < members; member++) control[MEMBERS + member * SPACE + DOING] = ABSENT;
    return shared;
  }

  private of(member: number, what: number): number {
    return MEMBERS + member * SPACE + what;
  }

  /** Publishes how many states and events are this member's own. */
  tell(states: number, events: number): void {
    Atomics.store(this.control, this.of(this.me, STATES), states);
    Atomics.store(this.control, this.of(this.me, EVENTS), events);
  }

  /** Over all members. */
  get states(): number {
    return this.sum(STATES);
  }

  get events(): number {
    return this.sum(EVENTS);
  }

  private sum(what: number): number {
    let sum = 0;
    for (let member = 0; member < this.members; member++) sum += Atomics.load(this.control, this.of(member, what)) >>> 0;
    return sum;
  }

  /** Ends the search of all members. The first reason counts. */
  stop(why: Stop): void {
    Atomics.compareExchange(this.control, STOP, 0, 1 + REASONS.indexOf(why));
    this.wakeAll();
  }

  /** Why the crew has to stop; null if it does not. */
  get stopped(): Stop | null {
    return REASONS[Atomics.load(this.control, STOP) - 1] ?? null;
  }

  /** Whether all work is done. */
  get isDone(): boolean {
    return Atomics.load(this.control, UNDONE) === 0;
  }

  /** This member has finished its piece of work. */
  rest(): void {
    const { control, me } = this;
    Atomics.store(control, this.of(me, DOING), WAITING);
    if (Atomics.sub(control, UNDONE, 1) === 1) this.wakeAll();
  }

  /** The task that was given to this member; null if none was. */
  takeTask(): Task | null {
    const { control, me } = this;
    if (Atomics.load(control, this.of(me, DOING)) !== GIVEN) return null;
    const at = this.of(me, TASK);
    const [state, a, b, next, end, length] = control.subarray(at, at + TASK_HEAD) as unknown as [number, number, number, number, number, number];
    const path = Array.from(control.subarray(at + TASK_HEAD, at + TASK_HEAD + length));
    Atomics.store(control, this.of(me, DOING), WORKING);
    return { state, a, b, next, end, path };
  }

  /** Finds a member that waits for work; it keeps waiting until `give` is called for it. -1 if there is none. */
  findIdle(): number {
    const { control, members, me } = this;
    for (let i = 1; i < members; i++) {
      const at = this.of((me + i) % members, DOING);
      if (Atomics.load(control, at) === WAITING && Atomics.compareExchange(control, at, WAITING, GETTING) === WAITING) return (me + i) % members;
    }
    return -1;
  }

  /** Gives `task` to a waiting member; without one, lets it continue to wait. */
  give(member: number, task: Task | null): void {
    const { control } = this;
    if (task !== null) {
      const { state, a, b, next, end, path } = task;
      const at = this.of(member, TASK);
      control.set([state, a, b, next, end, path.length], at);
      control.set(path, at + TASK_HEAD);
      Atomics.add(control, this.of(member, GIFTS), 1);
      Atomics.add(control, UNDONE, 1);
    }
    Atomics.store(control, this.of(member, DOING), task === null ? WAITING : GIVEN);
    Atomics.notify(control, this.of(member, DOING));
  }

  /** Whether a member has begun. */
  isThere(member: number): boolean {
    return Atomics.load(this.control, this.of(member, DOING)) !== ABSENT;
  }

  /** How many tasks a member was given. */
  givenTo(member: number): number {
    return Atomics.load(this.control, this.of(member, GIFTS));
  }

  /** Whether a state at this depth, in choices, can be handed over. */
  static canHandOver(path: number): boolean {
    return path <= DEEPEST;
  }

  /** Sleeps until there may be something to do, for a few milliseconds at most; not at all if there is. For threads that may block. */
  sleep(): void {
    const { control, me } = this;
    if (this.isDone || this.stopped !== null || this.table.sleep()) return;
    Atomics.wait(control, this.of(me, DOING), WAITING, 5);
  }

  private wakeAll(): void {
    for (let member = 0; member < this.members; member++) Atomics.notify(this.control, this.of(member, DOING));
  }
}
