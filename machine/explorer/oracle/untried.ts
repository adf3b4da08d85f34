// Which runs have been made, as a tree of the choices that they took, so that none is made twice:
// of a program with few runs, each run is made once, and then no more.

/** A choice that some run has reached. */
class Branching {
  /** For each move that can be made here, what follows it: the next choice, nothing new, or null as long as no run has gone there. */
  readonly ways: (Branching | 'used up' | null)[];
  private left: number;

  constructor(private readonly before: Branching | null, private readonly taken: number, choices: number) {
    this.ways = new Array<null>(choices).fill(null);
    this.left = choices;
  }

  /** Records that nothing new follows `way`. */
  useUp(way: number): void {
    this.ways[way] = 'used up';
    if (--this.left === 0) this.before?.useUp(this.taken);
  }

  get isUsedUp(): boolean {
    return this.left === 0;
  }
}

/** How many choices are kept, unless a caller says otherwise. After others, runs may be repeated. */
const KEPT = 100_000;

export class UntriedRuns {
  private first: Branching | null = null;
  private kept = 0;
  /** Whether a run without choices was made: then there is no other. */
  private isOnly = false;
  /** The last choice of the current run, and which way it went; null before the first, and after one that is not kept. */
  private at: Branching | null = null;
  private way = 0;
  private isBeyond = false;

  /** @param most how many choices are kept */
  constructor(private readonly most = KEPT) {}

  /** Whether every run has been made. */
  get none(): boolean {
    return this.isOnly || this.first?.isUsedUp === true;
  }

  /** Whether an earlier run has come this way, up to its next choice. */
  get isKnown(): boolean {
    if (this.isBeyond) return false;
    return this.at === null ? this.first !== null : this.at.ways[this.way] !== null;
  }

  /** A run begins. */
  begin(): void {
    this.at = null;
    this.isBeyond = false;
  }

  /** The run has `choices` ways to continue, more than one. Returns which of them lead to runs that have not been made. */
  choose(choices: number): (way: number) => boolean {
    const known = this.isBeyond ? null : this.at === null ? this.first : this.at.ways[this.way];
    if (known instanceof Branching) {
      if (known.ways.length !== choices) throw new Error(`machine bug: the same run has ${known.ways.length} ways to go on, and then ${choices}: the program depends on something that is not in its store`);
      this.at = known;
    } else if (this.isBeyond || this.kept === this.most) {
      this.isBeyond = true;
      return () => true;
    } else {
      const fresh = new Branching(this.at, this.way, choices);
      this.kept++;
      if (this.at === null) this.first = fresh;
      else this.at.ways[this.way] = fresh;
      this.at = fresh;
    }
    const { ways } = this.at;
    return (way) => ways[way] !== 'used up';
  }

  /** The run takes one of them. */
  take(way: number): void {
    this.way = way;
  }

  /** The run ends. */
  end(): void {
    if (this.isBeyond) return;
    if (this.at === null) this.isOnly = true;
    else this.at.useUp(this.way);
  }
}
