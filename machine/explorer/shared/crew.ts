import { MOST_SLOTS, SharedTable } from './table';

// What the members of a crew, each a thread, say to one another while they
// search together: who waits for work and gets some, when the table of states
// grows, and when to stop. All of it is numbers in shared memory.

/** What a crew shares, as plain data that another thread can be sent. */
export interface Shared {
  readonly members: number;
  readonly control: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
}

/** A state with moves that nobody has taken yet, and how to get there from the beginning. */
export interface Task {
  readonly state: number;
  /** Its fingerprint, to be sure of having got there. */
  readonly a: number;
  readonly b: number;
  /** The moves from `next` to before `end`. */
  readonly next: number;
  readonly end: number;
  /** The number of the move to take at each choice. */
  readonly path: readonly number[];
}

/** Where the numbers are. */
const [HEAD, STOP, GROWING, GROWN, PAUSED, IDLE, DONE, FIRST] = [0, 1, 2, 3, 4, 5, 6, 8];

/** What a member is doing. */
const [ABSENT, WORKING, WAITING, GETTING, GIVEN] = [0, 1, 2, 3, 4];

/** For each member: what it is doing, how many states and events are its own, and a task. */
const [DOING, STATES, EVENTS, TASK] = [0, 1, 2, 3];
const TASK_HEAD = 6;

/** A state that lies more choices deep is not handed over. */
const DEEPEST = 1 << 14;
const SPACE = TASK + TASK_HEAD + DEEPEST;

/** Why a crew stops before everything is seen. */
const REASONS = ['asked', 'out of bounds', 'full'] as const;
export type Stop = (typeof REASONS)[number];

/** As many slots at the beginning, and more for a large crew: each member may add some before it hears that the table grows. */
const FIRST_SLOTS = 2 ** 14;
const SLOTS_EACH = 2 ** 10;

export class Crew {
  private readonly control: Int32Array<SharedArrayBuffer>;
  readonly table: SharedTable;
  readonly members: number;
  /** For which growth of the table this member pauses; -1 if it does not. */
  private paused = -1;

  /** @param me the number of this member, from 0 on */
  constructor(shared: Shared, private readonly me: number) {
    this.members = shared.members;
    this.control = new Int32Array(shared.control);
    this.table = new SharedTable(shared.slots, this.control.subarray(HEAD, HEAD + 1));
    Atomics.store(this.control, this.of(me, DOING), me === 0 ? WORKING : WAITING);
  }

  /** What a crew needs, before any member begins; the first one has work, and the others wait. */
  static found(members: number, mostSlots = MOST_SLOTS, firstSlots = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(members * SLOTS_EACH)))): Shared {
    const shared = { members, control: new SharedArrayBuffer(4 * (FIRST + members * SPACE)), slots: SharedTable.bufferFor(mostSlots) };
    const control = new Int32Array(shared.control);
    new SharedTable(shared.slots, control.subarray(HEAD, HEAD + 1)).begin(firstSlots);
    control[IDLE] = members - 1;
    for (let member = 0; member < members; member++) control[FIRST + member * SPACE + DOING] = ABSENT;
    return shared;
  }

  private of(member: number, what: number): number {
    return FIRST + member * SPACE + what;
  }

  /** Says how many states and events are this member's own. */
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
    for (let member = 0; member < this.members; member++) sum += Atomics.load(this.control, this.of(member, what));
    return sum;
  }

  stop(why: Stop): void {
    Atomics.compareExchange(this.control, STOP, 0, 1 + REASONS.indexOf(why));
    this.wake();
  }

  /** Why the crew is to stop; null if it is not. */
  get stopped(): Stop | null {
    return REASONS[Atomics.load(this.control, STOP) - 1] ?? null;
  }

  /** Whether all work is done. */
  get isDone(): boolean {
    return Atomics.load(this.control, DONE) === 1;
  }

  /** Has the table grow if it is crowded; stops the crew if it cannot. To be asked now and then. */
  lookAtTable(): void {
    const { table, states } = this;
    if (states < table.room) return;
    if (table.canGrow) Atomics.compareExchange(this.control, GROWING, 0, 1);
    else if (states + this.members * SLOTS_EACH / 8 >= table.limit) this.stop('full');
  }

  /** Whether this member may use the table; if not, it waits. The last one to pause has the table grow. */
  get mayGoOn(): boolean {
    const { control } = this;
    if (Atomics.load(control, GROWING) === 0) return true;
    const growth = Atomics.load(control, GROWN);
    if (this.paused !== growth) {
      this.paused = growth;
      Atomics.add(control, PAUSED, 1);
    }
    // Who pauses gives no work to those that wait, so that both together are all.
    if (Atomics.load(control, PAUSED) + Atomics.load(control, IDLE) < this.members) return false;
    if (Atomics.compareExchange(control, GROWING, 1, 2) !== 1) return false;
    this.table.grow();
    Atomics.store(control, PAUSED, 0);
    Atomics.add(control, GROWN, 1);
    Atomics.store(control, GROWING, 0);
    this.wake();
    return true;
  }

  /** Has no more work. The last one to say so says that all is done. */
  rest(): void {
    const { control, me, members } = this;
    Atomics.store(control, this.of(me, DOING), WAITING);
    if (Atomics.add(control, IDLE, 1) + 1 < members) return;
    Atomics.store(control, DONE, 1);
    this.wake();
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

  /** A member that waits for work, and will wait until it is given some; -1 if there is none. */
  someoneWaiting(): number {
    const { control, members, me } = this;
    if (Atomics.load(control, IDLE) === 0) return -1;
    for (let i = 1; i < members; i++) {
      const member = (me + i) % members;
      if (Atomics.compareExchange(control, this.of(member, DOING), WAITING, GETTING) === WAITING) return member;
    }
    return -1;
  }

  /** Gives `task` to a member that waits; without one, lets it wait on. */
  give(member: number, task: Task | null): void {
    const { control } = this;
    if (task !== null) {
      const { state, a, b, next, end, path } = task;
      const at = this.of(member, TASK);
      control.set([state, a, b, next, end, path.length], at);
      control.set(path, at + TASK_HEAD);
      Atomics.sub(control, IDLE, 1);
    }
    Atomics.store(control, this.of(member, DOING), task === null ? WAITING : GIVEN);
    Atomics.notify(control, this.of(member, DOING));
  }

  /** Whether a state so many choices deep can be handed over. */
  static canHandOver(path: number): boolean {
    return path <= DEEPEST;
  }

  /** Sleeps until something may have changed, for a few milliseconds at the most. For threads that may block. */
  sleep(): void {
    const { control, me } = this;
    const at = this.of(me, DOING);
    const doing = Atomics.load(control, at);
    if (doing === WAITING) Atomics.wait(control, at, WAITING, 5);
    else if (Atomics.load(control, GROWING) !== 0) Atomics.wait(control, GROWN, Atomics.load(control, GROWN), 1);
  }

  private wake(): void {
    Atomics.notify(this.control, GROWN);
    for (let member = 0; member < this.members; member++) Atomics.notify(this.control, this.of(member, DOING));
  }
}
