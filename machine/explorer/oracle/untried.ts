// Which runs have been made, as a tree of the choices that they took, so that none is made twice: a
// program with few runs is run in every way there is, and then no more.

/** A choice that some run has come to. */
class Branching {
  /** For each move that can be taken here, what lies behind it: the next choice, nothing new, or null as long as no run has gone there. */
  readonly ways: (Branching | 'used up' | null)[];
  private left: number;

  constructor(private readonly before: Branching | null, private readonly taken: number, choices: number) {
    this.ways = new Array<null>(choices).fill(null);
    this.left = choices;
  }

  /** Nothing new lies behind `way`. */
  useUp(way: number): void {
    this.ways[way] = 'used up';
    if (--this.left === 0) this.before?.useUp(this.taken);
  }

  get isUsedUp(): boolean {
    return this.left === 0;
  }
}

/** So many choices are kept. Behind others, runs may come again. */
const KEPT = 100_000;

export class UntriedRuns {
  private first: Branching | null = null;
  private kept = 0;
  /** Whether a run was made that has no choice: there is no other. */
  private isOnly = false;
  /** The last choice of the run that is being made, and which way it went; null before its first, and behind one that is not kept. */
  private at: Branching | null = null;
  private way = 0;
  private isBeyond = false;

  /** Whether every run was made. */
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

  /** The run has `choices` ways to go on, more than one. Which of them lead to runs that were not made. */
  choose(choices: number): (way: number) => boolean {
    const known = this.isBeyond ? null : this.at === null ? this.first : this.at.ways[this.way];
    if (known instanceof Branching) {
      if (known.ways.length !== choices) throw new Error(`machine bug: the same run has ${known.ways.length} ways to go on, and then ${choices}: the program depends on something that is not in its store`);
      this.at = known;
    } else if (this.isBeyond || this.kept === KEPT) {
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
