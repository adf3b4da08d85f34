import type { Description, Move, Process } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { Cell } from '../../state/tracked';

// A TLB evicts entries: any other access of a CPU may push a translation out.
// That matters if an old translation would have allowed a write.

/** May empty the TLB of one CPU, a few times in all. */
export class Eviction extends Entity implements Process {
  private readonly left: Cell<number>;
  private readonly move: Move;

  constructor(store: Store, private readonly cpu: Cpu, times: number) {
    super(`evict@${cpu.name}`);
    this.left = new Cell(store, `evictions@${cpu.name}`, times);
    this.move = {
      process: this, kind: 'interrupt', label: this.name,
      perform: () => {
        this.left.value--;
        cpu.tlb.dropAll();
      },
    };
  }

  moves(into: Move[]): void {
    if (this.left.value > 0 && this.cpu.tlb.entries().length > 0) into.push(this.move);
  }

  /** Nothing has to be evicted. */
  busy(): boolean {
    return false;
  }

  describe(): Description {
    return { context: `the TLB of ${this.cpu.name}`, paths: [], text: 'other translations push out those that it has' };
  }
}
