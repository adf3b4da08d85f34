import type { Footprint } from '../../state/footprint';
import { Bits } from '../optimal/bits';

// Which events only their own process will ever notice: they read only what no
// other process will still write, and write only what no other process will
// still touch and no invariant reads. What a process may still do from its
// point in the code is learned from what runs did from there; it is recorded by
// place, a point of the code without the values that led there. If a process
// does something from a place where this was not known to be possible,
// conclusions that relied on the opposite are invalid: `isStale` then says that
// the search must begin again, with what is known by then.

/** Which processes and cells stand for which. If things are interchangeable, whatever one does any of them may do. */
export interface Scope {
  /** The number of a process's kind: processes of one kind run the same code. */
  crewOf(process: number): number;
  /** The number of `cell` when `process` touches it: the same for all cells that it stands for. */
  keyFor(process: number, cell: number): number;
  /** The numbers under which touches of the same cell by others are recorded. */
  rivalKeys(process: number, cell: number): readonly number[];
}

/** For programs in which each process and each cell only stands for itself. */
export class EachForItself implements Scope {
  private readonly keys: (readonly number[])[] = [];

  crewOf(process: number): number {
    return process;
  }

  keyFor(_process: number, cell: number): number {
    return cell;
  }

  rivalKeys(_process: number, cell: number): readonly number[] {
    return (this.keys[cell] ??= [cell]);
  }
}

/** A place in the code of a kind of process, with what may still be done from there. */
export class Place {
  /** Keys of the cells that are written from here on, and of those that are accessed. */
  readonly written = new Bits();
  readonly touched = new Bits();
  /** Keys that some decision assumed not to be written, or not to be touched. */
  readonly notWritten = new Bits();
  readonly notTouched = new Bits();
  /** The keys in `touched`. */
  readonly keys: number[] = [];
  readonly before: Place[] = [];
  /** The known steps from here, by footprint. */
  readonly steps = new Map<Footprint, Place[]>();
}

/** The keys under which others touch the cells that a footprint reads, and those that it writes; each once, however many cells stand for each other. */
interface Rivals {
  readonly ofReads: readonly number[];
  readonly ofWrites: readonly number[];
}

export class Unnoticed {
  /** By process: what was found for its footprints. */
  private readonly rivals: Map<Footprint, Rivals>[] = [];
  private readonly places = new Map<number, Map<number, Place>>();
  private readonly all: Place[] = [];
  private readonly observed = new Bits();
  isStale = false;

  /** @param isLeftOut cells that are treated as untouched; see `Reductions` */
  constructor(private readonly scope: Scope, private readonly isLeftOut: (cell: number) => boolean = () => false) {}

  /** The place where `process` is, by the number of that point in its code. */
  placeOf(process: number, position: number): Place {
    const kind = this.scope.crewOf(process);
    let ofKind = this.places.get(kind);
    if (!ofKind) this.places.set(kind, ofKind = new Map<number, Place>());
    let place = ofKind.get(position);
    if (!place) {
      ofKind.set(position, place = new Place());
      this.all.push(place);
    }
    return place;
  }

  /** Records an event of `process` that led from one place to another. */
  learn(process: number, from: Place, footprint: Footprint, to: Place): void {
    const known = from.steps.get(footprint);
    if (known?.includes(to)) return;
    if (known) known.push(to);
    else from.steps.set(footprint, [to]);
    this.learnTouch(process, from, footprint);
    if (to === from || to.before.includes(from)) return;
    to.before.push(from);
    for (const key of to.keys) this.add(from, key, to.written.has(key));
  }

  /** Records what a process reads to determine what it can do: a change of that is noticed. */
  learnLook(process: number, at: Place, footprint: Footprint): void {
    if (at.steps.has(footprint)) return;
    at.steps.set(footprint, []);
    this.learnTouch(process, at, footprint);
  }

  private learnTouch(process: number, place: Place, { reads, writes }: Footprint): void {
    for (const cell of reads) if (!this.isLeftOut(cell)) this.add(place, this.scope.keyFor(process, cell), false);
    for (const cell of writes) if (!this.isLeftOut(cell)) this.add(place, this.scope.keyFor(process, cell), true);
  }

  /** Adds to what may be done from a place and from all places that lead to it. */
  private add(place: Place, key: number, isWrite: boolean): void {
    const open = [place];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if ((isWrite ? at.written : at.touched).has(key)) continue;
      if (!at.touched.has(key)) at.keys.push(key);
      at.touched.add(key);
      if (isWrite) at.written.add(key);
      if (at.notTouched.has(key) || (isWrite && at.notWritten.has(key))) this.isStale = true;
      open.push(...at.before);
    }
  }

  /** Records which cells the invariants read. */
  observe(cells: readonly number[]): void {
    for (const cell of cells) {
      if (this.observed.has(cell)) continue;
      this.observed.add(cell);
      this.isStale = true;
    }
  }

  /** Whether the invariants read any of `cells`. */
  isObserved(cells: readonly number[]): boolean {
    for (const cell of cells) if (this.observed.has(cell)) return true;
    return false;
  }

  /**
   * Whether, as far as is known, a process at `place` may still do something
   * that would notice an event of `process` with this touch.
   */
  mayNotice(place: Place, process: number, footprint: Footprint): boolean {
    return isNoticed(place, this.rivalsOf(process, footprint));
  }

  /**
   * Whether no process and no invariant will still notice an event of `process` with this footprint.
   *
   * @param places the place of each process in its code
   */
  isUnnoticed(process: number, footprint: Footprint, places: readonly Place[]): boolean {
    if (this.isObserved(footprint.writes)) return false;
    const rivals = this.rivalsOf(process, footprint);
    for (let q = 0; q < places.length; q++) if (q !== process && isNoticed(places[q]!, rivals)) return false;
    return true;
  }

  /** Records the assumption that no process outside the set `except` notices an event of `process`. */
  rely(process: number, footprint: Footprint, places: readonly Place[], except = 1 << process): void {
    const { ofReads, ofWrites } = this.rivalsOf(process, footprint);
    for (let q = 0; q < places.length; q++) {
      if ((except & (1 << q)) !== 0) continue;
      const { notWritten, notTouched } = places[q]!;
      for (const key of ofReads) notWritten.add(key);
      for (const key of ofWrites) notTouched.add(key);
    }
  }

  private rivalsOf(process: number, footprint: Footprint): Rivals {
    const ofProcess = (this.rivals[process] ??= new Map<Footprint, Rivals>());
    const known = ofProcess.get(footprint);
    if (known !== undefined) return known;
    const keysOf = (cells: readonly number[]): number[] => [...new Set(cells.flatMap((cell) => this.scope.rivalKeys(process, cell)))];
    const rivals = { ofReads: keysOf(footprint.reads), ofWrites: keysOf(footprint.writes) };
    ofProcess.set(footprint, rivals);
    return rivals;
  }

  /** Begins again with what is known. */
  refresh(): void {
    this.isStale = false;
    for (const { notWritten, notTouched } of this.all) {
      notWritten.empty();
      notTouched.empty();
    }
  }
}

function isNoticed({ written, touched }: Place, { ofReads, ofWrites }: Rivals): boolean {
  for (const key of ofReads) if (written.has(key)) return true;
  for (const key of ofWrites) if (touched.has(key)) return true;
  return false;
}
