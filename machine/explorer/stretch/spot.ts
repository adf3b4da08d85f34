import { readiness, type Ready } from '../stateful/ready';
import { canStep, refuseTwins, type Move, type Process } from '../system';

// The points of runs: what can happen there. There are few, however many states there are, so each exists only
// once, and keeps what was found out about it.

/** A point of a run: what can happen now. */
export class Spot {
  /** The moves of all processes, in their order. */
  readonly moves: readonly Move[];
  private known: Ready | null = null;
  private steps: boolean | null = null;
  private hasNoTwins = false;
  /** For each process, the point that differs from this one by its moves. */
  private readonly beside: (Map<readonly Move[], Spot> | undefined)[] = [];

  /** @param of the possible moves of each process */
  constructor(private readonly spots: Spots, readonly of: readonly (readonly Move[])[]) {
    this.moves = of.length === 1 ? of[0]! : of.flat();
  }

  /** The same, but for the moves of one process. */
  with(process: number, moves: readonly Move[]): Spot {
    if (this.of[process] === moves) return this;
    const beside = (this.beside[process] ??= new Map());
    let spot = beside.get(moves);
    if (spot === undefined) beside.set(moves, spot = this.spots.at(this.of.with(process, moves)));
    return spot;
  }

  /** The processes that can step by themselves. */
  get ready(): Ready {
    return (this.known ??= readiness(this.spots.processes, this.moves));
  }

  /** Whether any process can. */
  get canStep(): boolean {
    return (this.steps ??= canStep(this.moves));
  }

  /** Refuses two moves with the same name. */
  refuseTwins(): void {
    if (this.hasNoTwins) return;
    refuseTwins(this.moves);
    this.hasNoTwins = true;
  }
}

/** A list of moves, and how it continues. */
interface Listed {
  readonly list: readonly Move[];
  readonly number: number;
  readonly longer: Map<Move, Listed>;
}

export class Spots {
  private count = 0;
  /** For each process, the empty list of moves. */
  private readonly lists: readonly Listed[];
  private readonly numbers = new Map<readonly Move[], number>();
  private readonly spots = new Map<number, Spot[]>();

  constructor(readonly processes: readonly Process[]) {
    this.lists = processes.map(() => this.listed([]));
  }

  private listed(list: readonly Move[]): Listed {
    const number = this.count++;
    this.numbers.set(list, number);
    return { list, number, longer: new Map() };
  }

  /** The moves of a process now; the same list whenever they are the same moves. */
  movesOf(process: number): readonly Move[] {
    const moves: Move[] = [];
    this.processes[process]!.moves(moves);
    let node = this.lists[process]!;
    for (let i = 0; i < moves.length; i++) {
      const move = moves[i]!;
      let next = node.longer.get(move);
      if (next === undefined) node.longer.set(move, next = this.listed(moves.slice(0, i + 1)));
      node = next;
    }
    return node.list;
  }

  /** The point with these moves. */
  at(of: readonly (readonly Move[])[]): Spot {
    let key = 0;
    for (const moves of of) key = Math.imul(key, 0x01000193) ^ this.numbers.get(moves)!;
    const alike = this.spots.get(key);
    const known = alike?.find((spot) => spot.of.every((moves, p) => moves === of[p]));
    if (known !== undefined) return known;
    const spot = new Spot(this, of);
    if (alike === undefined) this.spots.set(key, [spot]);
    else alike.push(spot);
    return spot;
  }
}
