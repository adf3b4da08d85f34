import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { PAGE_SIZE } from '../../hardware/memory';
import type { Kernel } from '../../kernel/kernel';
import { instruction, RESTART } from '../../path';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { Cell, tracked } from '../../state/tracked';

// Pages with contents and a lifetime: in use, free, in use by another user. At
// the moment of each access by a task, the state of the page that it reaches is
// checked, and whether a system call has forbidden the access at that address.

interface PageFields {
  /** `copied`: its content is now in another page, and what is written here is lost. */
  state: 'in use' | 'copied' | 'free' | 'used by another owner';
}

/** What tasks may still do at an address, after a system call that has returned. */
interface RightsFields {
  allowed: 'read and write' | 'read' | 'nothing';
  /** `mprotect(PROT_READ)`: the call that withdrew the rest. */
  by: string;
}

/** The rights of one address. */
export class Rights extends tracked<RightsFields>({ allowed: 'read and write', by: '' }) {}

/** One page frame. */
export class Page extends tracked<PageFields>({ state: 'in use' }) {
  /** @param frame its physical address */
  constructor(store: Store, name: string, readonly frame: number) {
    super(store, name);
  }
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** All pages of one scene, and wrong accesses to those that are no longer the task's. */
export class Pages extends Entity {
  private readonly known = new Map<number, Page>();
  private readonly rights = new Map<number, Rights>();
  private readonly harm: Cell<string | null>;
  private readonly trespass: Cell<string | null>;

  constructor(private readonly store: Store) {
    super('pages');
    this.harm = new Cell<string | null>(store, 'access to a freed page', null, true);
    this.trespass = new Cell<string | null>(store, 'access that was forbidden', null, true);
  }

  /** The rights of the page at `la`, which a system call can withdraw. Part of the set-up. */
  rightsAt(la: number): Rights {
    const known = this.rights.get(la) ?? new Rights(this.store, `rights at ${hex(la)}`);
    this.rights.set(la, known);
    return known;
  }

  /** Part of the set-up. */
  add(name: string, frame: number): Page {
    const page = new Page(this.store, name, frame);
    this.known.set(frame, page);
    return page;
  }

  /** The page that a physical address lies in; null for a frame that is not a page of the scene. */
  at(pa: number): Page | null {
    return this.known.get(Math.floor(pa / PAGE_SIZE) * PAGE_SIZE) ?? null;
  }

  /** Notes an access of a task at the moment when it happens. */
  note(cpu: Cpu, what: 'reads' | 'writes', la: number, pa: number): void {
    this.noteRights(cpu, what, la);
    const page = this.at(pa);
    if (page === null || page.state === 'in use' || (page.state === 'copied' && what === 'reads')) return;
    this.harm.value ??= `${cpu.context?.name ?? cpu.name} ${what} at ${hex(la)}, which ${cpu.name} still translates to ${page.name}; ${page.state === 'copied' ? 'its content was copied away before' : `that page is ${page.state}`}`;
  }

  private noteRights(cpu: Cpu, what: 'reads' | 'writes', la: number): void {
    const rights = this.rights.get(Math.floor(la / PAGE_SIZE) * PAGE_SIZE);
    if (!rights || rights.allowed === 'read and write' || (rights.allowed === 'read' && what === 'reads')) return;
    this.trespass.value ??= `${cpu.context?.name ?? cpu.name} ${what} at ${hex(la)} after ${rights.by} has returned`;
  }

  /** An access that a system call has forbidden is refused. */
  readonly forbiddenAccessRefused: Invariant = { name: 'forbiddenAccessRefused', check: () => this.trespass.value };

  /** No task reaches a page that was freed. */
  readonly freedPageUnreached: Invariant = { name: 'freedPageUnreached', check: () => this.harm.value };
}

/** A 4-byte read by a task, which checks the state of the page that it reaches. */
export const userRead = instruction((_pages: Pages, la: number) => `read ${hex(la)}`, (cpu: Cpu, pages: Pages, la: number) => {
  const pa = cpu.translate('read', la);
  if (pa === RESTART) return RESTART;
  pages.note(cpu, 'reads', la, pa);
  return cpu.memory.read32(pa);
});

/** A 4-byte write by a task, which checks the state of the page that it reaches. */
export const userWrite = instruction((_pages: Pages, la: number, value: number) => `write ${hex(value)} to ${hex(la)}`, (cpu: Cpu, pages: Pages, la: number, value: number) => {
  const pa = cpu.translate('write', la);
  if (pa === RESTART) return RESTART;
  pages.note(cpu, 'writes', la, pa);
  cpu.memory.write32(pa, value);
  return undefined;
});

/** put_page() of the last reference: the count is dropped by a locked instruction, so all earlier stores are in memory when the page is free. */
export const put_page = instruction((page: Page) => `put_page(${page.name})`, (cpu: Cpu, page: Page) => {
  page.state = 'free';
}, { locked: true });

/** copy_highpage(): what is written to `from` afterwards is lost. Model: at once; the stores are in memory when it is done. */
export const copy_page = instruction((from: Page, to: Page) => `copy_highpage(${to.name}, ${from.name})`, (cpu: Cpu, from: Page, to: Page) => {
  cpu.memory.write32(to.frame, cpu.memory.read32(from.frame));
  from.state = 'copied';
}, { locked: true });

/** No task is ended by a fault of the kernel. */
export const noTaskOopses = (k: Kernel): Invariant => ({
  name: 'noTaskOopses',
  check: () => {
    const task = k.tasks.find(({ oops }) => oops !== null);
    return task ? `${task.name}: ${task.oops!}` : null;
  },
});

/** Ours: the page allocator gives the page to another user, who writes to it. */
export const reuse = instruction((page: Page, word: number) => `another owner gets ${page.name} and writes ${hex(word)}`, (cpu: Cpu, page: Page, word: number) => {
  cpu.drain();
  page.state = 'used by another owner';
  cpu.memory.write32(page.frame, word);
});

/** The system call `by` returns: from here on tasks may only do at these addresses what it still allows. */
export const returnsFrom = instruction((by: string) => `${by} returns`, (_cpu: Cpu, by: string, allowed: RightsFields['allowed'], rights: readonly Rights[]) => {
  for (const one of rights) Object.assign(one, { allowed, by });
});
