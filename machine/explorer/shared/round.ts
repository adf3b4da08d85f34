import { SharedSearch, type Partners, type Portion } from './search';
import { OwnTable } from './own-table';
import { NEW } from './table';
import { Column } from '../stateful/edges';
import type { System } from '../system';
import type { Stop, Task } from './crew';
import type { OwnerOf } from './owners';

// One round of one shard. It explores everything that can be reached from the
// states handed to it without leaving its own states. What lies beyond is recorded,
// and handed over to the shard that owns it: as the moves that lead there, since a
// path in the middle of its code cannot be sent. After a round in which no shard
// hands anything over, everything has been seen, and each state by one shard.

/** Numbers from here on stand for states that other rounds explore. */
export const ELSEWHERE = 2 ** 30;

/** The result of a round, as plain data. */
export interface Round {
  readonly portion: Portion;
  /** Both lanes of the fingerprint of each of its states. */
  readonly lanes: Int32Array;
  /** The fingerprints of states that it reached and did not explore, by their number minus `ELSEWHERE`. */
  readonly elsewhere: Int32Array;
  /** Whether the program begins in it. */
  readonly begins: boolean;
  /** For each shard, what is handed to it: see `Handed`. */
  readonly handed: readonly Int32Array[];
}

/**
 * States that are handed over, one after the other, each as: both lanes of its
 * fingerprint; how many moves it shares with the one before; how many more
 * there are; and those moves.
 */
type Handed = Int32Array;

/** What a round begins with. */
export interface Beginning {
  /** The number of this shard, from 0 on, and the number of shards. */
  readonly me: number;
  readonly shards: number;
  /** The rounds that this shard has done. */
  readonly earlier: readonly Pick<Round, 'lanes' | 'elsewhere'>[];
  /** What the others handed to it in the previous round. */
  readonly handed: readonly Handed[];
}

export class ShardRound {
  private readonly others: Others;
  private readonly search: SharedSearch;

  constructor(system: System, ownerOf: OwnerOf, beginning: Beginning) {
    this.others = new Others(system, ownerOf, beginning);
    this.search = new SharedSearch(system, this.others, 0, Infinity, {}, false);
    this.others.pathOf = () => this.search.path;
  }

  /** Makes up to `moves` moves. Returns whether there are more. */
  advance(moves: number): boolean {
    return this.search.advance(moves) === 'under way';
  }

  get progress(): { readonly states: number; readonly events: number; readonly depth: number } {
    return { states: this.others.states, events: this.others.events, depth: this.search.depth };
  }

  /** Its result. */
  result(): Round {
    const portion = this.search.portion();
    const { own, elsewhere, outboxes, begins } = this.others;
    return { portion, begins, lanes: own.toArray(), elsewhere: elsewhere.toArray(), handed: outboxes.map((outbox) => outbox.cells.toArray()) };
  }
}

/** The other shards, as a search sees them. */
class Others implements Partners {
  readonly members = 1;
  readonly table: Partners['table'] = { enter: () => true, leave: () => undefined, findOrAdd: (a, b, number) => this.findOrAdd(a, b, number) };
  states = 0;
  events = 0;
  stopped: Stop | null = null;
  readonly own = new Column();
  readonly elsewhere = new Column();
  readonly outboxes: readonly Outbox[];
  pathOf: () => readonly number[] = () => [];
  private readonly known = new OwnTable();
  /** States of earlier rounds, and those that were handed over then. */
  private readonly before: OwnTable | null;
  /** Whether it owns the initial state of the program, and has not explored it yet. */
  readonly begins: boolean;
  private readonly tasks: Iterator<Task, void>;
  /** The next one; undefined if there is none. */
  private next: Task | void;
  private isResting = true;

  constructor(private readonly system: System, private readonly ownerOf: OwnerOf, private readonly beginning: Beginning) {
    this.outboxes = Array.from({ length: beginning.shards }, () => new Outbox());
    this.before = beginning.earlier.length === 0 ? null : tableOf(beginning.earlier);
    this.begins = beginning.earlier.length === 0 && ownerOf(system) === beginning.me;
    this.tasks = this.received();
    this.next = this.tasks.next().value;
  }

  private *received(): Generator<Task, void, undefined> {
    const { begins, system: { store }, beginning: { handed } } = this;
    if (begins) yield { state: -1, a: store.a, b: store.b, next: 0, end: 0, path: [], isNew: true };
    for (const list of handed) {
      let path: number[] = [];
      for (let at = 0; at < list.length;) {
        const [a, b, common, further] = list.subarray(at, at + 4) as unknown as [number, number, number, number];
        path = [...path.slice(0, common), ...list.subarray(at + 4, at + 4 + further)];
        at += 4 + further;
        yield { state: -1, a, b, next: 0, end: 0, path, isNew: true };
      }
    }
  }

  get isDone(): boolean {
    return this.next === undefined && this.isResting;
  }

  takeTask(): Task | null {
    const task = this.next;
    if (task === undefined) return null;
    this.isResting = false;
    this.next = this.tasks.next().value;
    return task;
  }

  rest(): void {
    this.isResting = true;
  }

  tell(states: number, events: number): void {
    this.states = states;
    this.events = events;
  }

  stop(why: Stop): void {
    this.stopped ??= why;
  }

  /** No shard waits for a part of another's round. */
  findIdle(): number {
    return -1;
  }

  give(): void {
    throw new Error('machine bug: a shard hands over states only, and only when its round is over');
  }

  private findOrAdd(a: number, b: number, number: number): number {
    const seen = this.known.find(a, b);
    if (seen !== NEW) return seen;
    const isOld = this.before !== null && this.before.find(a, b) !== NEW;
    const owner = this.ownerOf(this.system);
    if (!isOld && owner === this.beginning.me) {
      const added = this.known.findOrAdd(a, b, number);
      if (added === NEW) {
        this.own.push(a);
        this.own.push(b);
      }
      return added;
    }
    if (!isOld) this.outboxes[owner]!.add(a, b, this.pathOf());
    const elsewhere = ELSEWHERE + this.elsewhere.length / 2;
    this.elsewhere.push(a);
    this.elsewhere.push(b);
    const added = this.known.findOrAdd(a, b, elsewhere);
    return added === NEW ? elsewhere : added;
  }
}

class Outbox {
  readonly cells = new Column();
  private last: readonly number[] = [];

  add(a: number, b: number, path: readonly number[]): void {
    const { cells, last } = this;
    let common = 0;
    while (common < path.length && common < last.length && path[common] === last[common]) common++;
    for (const cell of [a, b, common, path.length - common]) cells.push(cell);
    for (let i = common; i < path.length; i++) cells.push(path[i]!);
    this.last = path;
  }
}

function tableOf(rounds: Beginning['earlier']): OwnTable {
  const table = new OwnTable();
  for (const { lanes, elsewhere } of rounds) for (const column of [lanes, elsewhere]) for (let i = 0; i < column.length; i += 2) table.findOrAdd(column[i]!, column[i + 1]!, 0);
  return table;
}
