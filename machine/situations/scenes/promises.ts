import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { instruction, RESTART } from '../../path';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { Cell } from '../../state/tracked';

// What a system call promises when it returns: that nobody writes to a page any
// more, as mprotect() does, or that nobody reaches it, as munmap() does. Accesses
// of tasks are held against it at the moment when they are made.

type What = 'nothing' | 'no write' | 'no access';

export class Promised extends Entity {
  readonly given: Cell<What>;
  readonly broken: Cell<string | null>;

  /** @param call who promises: `munmap()` */
  constructor(store: Store, readonly call: string) {
    super(`what ${call} promises`);
    this.given = new Cell<What>(store, this.name, 'nothing');
    this.broken = new Cell<string | null>(store, `${this.name} is broken`, null, true);
  }

  note(cpu: Cpu, access: 'reads' | 'writes'): void {
    const { value } = this.given;
    if (value === 'no access' || (value === 'no write' && access === 'writes')) this.broken.value ??= `${cpu.context?.name ?? cpu.name} ${access} although ${this.call} has returned, which promised ${value}`;
  }

  /** What a call has promised holds. */
  readonly isKept: Invariant = { name: 'promiseIsKept', check: () => this.broken.value };
}

/** The call returns. */
export const promise = instruction((promised: Promised, what: What) => `${promised.call} returns: ${what} from here on`, (_cpu: Cpu, promised: Promised, what: What) => { promised.given.value = what; });

const hex = (value: number): string => `0x${value.toString(16)}`;

/** A 4-byte read by a task, held against what was promised. */
export const promisedRead = instruction((_promised: Promised, la: number) => `read ${hex(la)}`, (cpu: Cpu, promised: Promised, la: number) => {
  const pa = cpu.translate('read', la);
  if (pa === RESTART) return RESTART;
  promised.note(cpu, 'reads');
  return cpu.memory.read32(pa);
});

/** A 4-byte write by a task, held against what was promised. */
export const promisedWrite = instruction((_promised: Promised, la: number, value: number) => `write ${hex(value)} to ${hex(la)}`, (cpu: Cpu, promised: Promised, la: number, value: number) => {
  const pa = cpu.translate('write', la);
  if (pa === RESTART) return RESTART;
  promised.note(cpu, 'writes');
  cpu.memory.write32(pa, value);
  return undefined;
});
