import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { PAGE_SIZE } from '../../hardware/memory';
import { instruction, RESTART } from '../../path';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { Cell, tracked } from '../../state/tracked';

// Pages with contents and a life: in use, free, in use by somebody else. Every
// access of a task is held against the life of the page that it reaches, at
// the moment of the access.

interface PageFields {
  /** `copied`: its content is in another page by now, and what is written here is lost. */
  state: 'in use' | 'copied' | 'free' | 'somebody else\'s';
}

/** One page frame. */
export class Page extends tracked<PageFields>({ state: 'in use' }) {
  /** @param frame its physical address */
  constructor(store: Store, name: string, readonly frame: number) {
    super(store, name);
  }
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** All pages of one scene, and what was done to those that are no longer anybody's. */
export class Pages extends Entity {
  private readonly known = new Map<number, Page>();
  private readonly harm: Cell<string | null>;

  constructor(private readonly store: Store) {
    super('pages');
    this.harm = new Cell<string | null>(store, 'access to a freed page', null, true);
  }

  /** Part of the set-up. */
  add(name: string, frame: number): Page {
    const page = new Page(this.store, name, frame);
    this.known.set(frame, page);
    return page;
  }

  /** The page that a physical address lies in; null for frames that are no page of the scene. */
  at(pa: number): Page | null {
    return this.known.get(Math.floor(pa / PAGE_SIZE) * PAGE_SIZE) ?? null;
  }

  /** Notes an access of a task at the moment when it happens. */
  note(cpu: Cpu, what: 'reads' | 'writes', la: number, pa: number): void {
    const page = this.at(pa);
    if (page === null || page.state === 'in use' || (page.state === 'copied' && what === 'reads')) return;
    this.harm.value ??= `${cpu.context?.name ?? cpu.name} ${what} at ${hex(la)}, which ${cpu.name} still translates to ${page.name}; ${page.state === 'copied' ? 'its content was copied away before' : `that page is ${page.state}`}`;
  }

  /** No task reaches a page that was given back. */
  readonly freedPageUnreached: Invariant = { name: 'freedPageUnreached', check: () => this.harm.value };
}

/** A 4-byte read by a task, held against the life of the page that it reaches. */
export const userRead = instruction((_pages: Pages, la: number) => `read ${hex(la)}`, (cpu: Cpu, pages: Pages, la: number) => {
  const pa = cpu.translate('read', la);
  if (pa === RESTART) return RESTART;
  pages.note(cpu, 'reads', la, pa);
  return cpu.memory.read32(pa);
});

/** A 4-byte write by a task, held against the life of the page that it reaches. */
export const userWrite = instruction((_pages: Pages, la: number, value: number) => `write ${hex(value)} to ${hex(la)}`, (cpu: Cpu, pages: Pages, la: number, value: number) => {
  const pa = cpu.translate('write', la);
  if (pa === RESTART) return RESTART;
  pages.note(cpu, 'writes', la, pa);
  cpu.memory.write32(pa, value);
  return undefined;
});

/** put_page() of the last reference: the count is dropped by a locked instruction, so all earlier stores are in memory when the page is free. */
export const put_page = instruction((page: Page) => `put_page(${page.name})`, (cpu: Cpu, page: Page) => {
  cpu.drain();
  page.state = 'free';
});

/** The page allocator gives the page to somebody else, who writes to it. */
export const reuse = instruction((page: Page, word: number) => `somebody else gets ${page.name} and writes ${hex(word)}`, (cpu: Cpu, page: Page, word: number) => {
  cpu.drain();
  page.state = 'somebody else\'s';
  cpu.memory.write32(page.frame, word);
});
