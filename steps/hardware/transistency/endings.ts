// The outcomes that the machine reaches, for many programs one after the other. What a state can still lead to does not depend on how it was
// reached: so what the processors have noted is left out of the state, and each state is followed up once for all programs that come to it. The
// processors' remaining operations belong to the state, and values are numbered from the last operation back, so most programs soon come to states of earlier ones.
// The explorer searches each program anew, with what was noted in the state; both must find the same.

import { Fingerprints } from '../../../machine/explorer/stateful/fingerprints';
import { isAtRest, movesOf } from '../../../machine/explorer/system';
import type { CpuOptions } from '../../../machine/hardware/cpu';
import { Store } from '../../../machine/state/store';
import { assemble, namedIn, partsJoined, type Machine } from './machine';
import { textOf, type Family, type Program } from './operations';

/** What each processor will still note, up to the end of a run. */
type Ending = readonly string[];

/** Instead of the number of a list of endings: the state is being followed up. */
const OPEN = -1;
/** More states than this are not remembered from one program to the next. */
const MOST = 1 << 23;

export class Endings {
  private readonly store = new Store();
  private readonly machine: Machine;
  private readonly said: { readonly cpu: number; readonly text: string }[] = [];
  private visited = new Fingerprints();
  /** For each state the number of its endings. */
  private ends: number[] = [];
  private readonly lists: Ending[][] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly cpus: number, family: Family, options: CpuOptions) {
    this.machine = assemble(this.store, cpus, family, options, (cpu, text) => this.said.push({ cpu, text }));
    this.store.settle();
  }

  /**
   * Every outcome that the machine reaches, in the words of `allowedOutcomes`.
   *
   * @throws Error if a run can return to a state, or end before its work is done
   */
  of(program: Program): string[] {
    if (this.visited.count > MOST) {
      this.visited = new Fingerprints();
      this.ends = [];
    }
    const mark = this.store.mark();
    this.machine.start(program);
    const endings = this.lists[this.follow(program)]!;
    this.store.undo(mark);
    return namedIn(endings.map(partsJoined), program);
  }

  /** The number of the endings of the runs that go on from here. */
  private follow(program: Program): number {
    const { store, machine, visited } = this;
    const known = visited.findOrAdd(store.a, store.b);
    if (known >= 0) {
      const number = this.ends[known]!;
      if (number === OPEN) throw new Error(`${textOf(program)}: a run returns to a state that it was in`);
      return number;
    }
    const own = this.ends.push(OPEN) - 1;
    const system = { store, processes: machine.processes, invariants: [] };
    const moves = movesOf(system);
    const endings = new Map<string, Ending>();
    if (isAtRest(system, moves)) this.add(endings, machine.processes.map(() => ''));
    else if (moves.length === 0) throw new Error(`${textOf(program)}: nothing can go on, and work is left`);
    else {
      for (const move of moves) {
        const mark = store.mark();
        move.perform();
        const said = this.said.splice(0);
        const rest = this.lists[this.follow(program)]!;
        store.undo(mark);
        for (const ending of rest) this.add(endings, said.length === 0 ? ending : ending.map((text, cpu) => said.filter((one) => one.cpu === cpu).map((one) => one.text).concat(text === '' ? [] : [text]).join(' ')));
      }
    }
    return (this.ends[own] = this.numberOf(endings));
  }

  private add(endings: Map<string, Ending>, ending: Ending): void {
    endings.set(ending.join('|'), ending);
  }

  private numberOf(endings: ReadonlyMap<string, Ending>): number {
    const key = [...endings.keys()].sort().join('\n');
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.lists.length);
    return this.lists.push([...endings.values()]) - 1;
  }
}
