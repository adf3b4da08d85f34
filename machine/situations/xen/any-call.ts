import type { Cpu } from '../../hardware/cpu';
import { instruction, type Step } from '../../path';
import { Cell } from '../../state/tracked';
import type { Store } from '../../state/store';

// Two virtual CPUs make one call each, of any kind: which ones is chosen first,
// so that one search covers every pair.

const FIRST = -1;
const IN_ANY_ORDER = -2;

/** Which calls two virtual CPUs make. */
export class AnyCall {
  private readonly chosen: Cell<number>;

  /** @param areDifferent whether it matters which of the two makes which call; otherwise each pair comes once */
  constructor(store: Store, areDifferent: boolean) {
    this.chosen = new Cell(store, 'chosen', areDifferent ? IN_ANY_ORDER : FIRST);
  }

  /** Chooses the call that a virtual CPU makes, from those that it can make. */
  choose(names: readonly string[]): Step<string> {
    return choose(this.chosen, names);
  }
}

/** A0 chooses first, and A1 chooses the same kind or a later one: each pair comes once. If the processors differ, A1 may choose any. */
const choose = instruction('which call', (cpu: Cpu, chosen: Cell<number>, names: readonly string[]): string => {
  const kind = cpu.chosen + (cpu.id === 0 ? 0 : Math.max(chosen.value, 0));
  if (cpu.id === 0 && chosen.value === FIRST) chosen.value = kind;
  return names[kind]!;
}, { when: (cpu, chosen) => cpu.id === 0 || chosen.value !== FIRST, choices: (cpu, chosen, names) => names.slice(cpu.id === 0 ? 0 : Math.max(chosen.value, 0)) });
