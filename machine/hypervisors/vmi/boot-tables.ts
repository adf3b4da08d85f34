import { CR4_PAE, type Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import type { Store } from '../../state/store';
import { tracked, TrackedTable } from '../../state/tracked';
import { VMI_PAGE } from '../interface-vmi';
import type { VmiRom } from './rom';

// Which of a guest's pages the hypervisor treats as page tables, from VMI_Init
// on. No document of the interface says what happens to tables that existed
// before, or to writes to pages that were not announced: both are parameters
// here, and a verdict about thread 003 names the reading under which it holds.

/**
 * One interpretation of what the interface leaves open.
 *
 * - `adopting`: VMI_Init takes over the tables reachable from CR3 for addresses
 *   below virtual_top; writes to any page that is neither adopted nor announced are dropped.
 * - `announced-only`: the thread's words taken literally; a page table counts only if AllocatePage announced it; writes
 *   to others are dropped. Directories are known from CR3: without them the guest could not run at all.
 * - `lenient`: nothing is ever dropped. The control: whatever still goes wrong has another cause.
 */
export type Reading = 'adopting' | 'announced-only' | 'lenient';

export const READINGS: readonly Reading[] = ['adopting', 'announced-only', 'lenient'];

const PRESENT = 1;
const LARGE = 0x80;
const PAGE = 4096;

interface HypervisorFields {
  /** VMI_Init was called. */
  active: boolean;
  /** What SetLinearMapping(0, …) announced: first address, pages, first page frame. */
  linearVa: number;
  linearPages: number;
  linearPpn: number;
  /** Writes that were dropped, for the reader. */
  dropped: number;
  /** The page of the first dropped write; -1 for none. */
  firstDropped: number;
  /** Writes to entries that remain the hypervisor's own. */
  ownAsked: number;
}

/** The hypervisor as it appears to a booting kernel. */
export class BootHypervisor extends tracked<HypervisorFields>({
  active: false, linearVa: 0, linearPages: 0, linearPpn: 0, dropped: 0, firstDropped: -1, ownAsked: 0,
}, ['dropped', 'firstDropped', 'ownAsked']) {
  /** For each page frame that it treats as a table, the VMI_PAGE level bit; 0 for any other page. */
  readonly tables: TrackedTable<number, number>;
  /** For each adopted directory, one more than the gibibyte of addresses that it begins with. */
  private readonly directories: TrackedTable<number, number>;

  private rom!: VmiRom;
  reading!: Reading;

  constructor(store: Store, private readonly memory: Memory) {
    super(store, 'hypervisor');
    this.tables = new TrackedTable<number, number>(store, 'hypervisor.table', 0, (pfn) => `pfn 0x${pfn.toString(16)}`);
    this.directories = new TrackedTable<number, number>(store, 'hypervisor.directory', 0);
  }

  /** Provides the calls of a ROM. Part of the set-up. */
  install(rom: VmiRom, reading: Reading): void {
    this.rom = rom;
    this.reading = reading;
    rom.onInit((cpu) => this.initialise(cpu));
    rom.provide('AllocatePage', (_cpu, [pfn, flags]) => this.allocatePage(pfn!, flags!));
    rom.provide('ReleasePage', (_cpu, [pfn]) => this.releasePage(pfn!));
    rom.provide('SetPxE', (cpu, [entry, ptep]) => this.setEntry(cpu, ptep!, entry!, 4));
    rom.provide('SetPxELong', (cpu, [entry, ptep]) => this.setEntry(cpu, ptep!, entry!, 8));
    rom.provide('SetLinearMapping', (_cpu, [slot, va, pages, ppn]) => this.setLinearMapping(slot!, va!, pages!, ppn!));
  }

  /** The first address that is its own. */
  get virtualTop(): number {
    return this.rom.header.virtual_top;
  }

  private initialise(cpu: Cpu): number {
    cpu.drain(); // the way into the hypervisor is a trap
    this.active = true;
    this.adoptFrom(cpu);
    return 0;
  }

  /** Takes over the directories, and, under the reading `adopting`, every table that maps something below virtual_top. */
  private adoptFrom(cpu: Cpu): void {
    if ((cpu.cr4 & CR4_PAE) !== 0) {
      const top = cpu.cr3 - (cpu.cr3 % 32);
      this.tables.set(Math.floor(top / PAGE), VMI_PAGE.PDP);
      for (let i = 0; i < 4; i++) {
        const entry = this.memory.read32(top + 8 * i);
        if ((entry & PRESENT) !== 0) this.adoptDirectory(frameOf(entry), i * 2 ** 30, 8, 2 ** 21);
      }
    } else {
      this.adoptDirectory(Math.floor(cpu.cr3 / PAGE), 0, 4, 2 ** 22);
    }
  }

  private adoptDirectory(pfn: number, va: number, entrySize: number, span: number): void {
    this.tables.set(pfn, VMI_PAGE.PD);
    this.directories.set(pfn, 1 + va / 2 ** 30);
    for (let i = 0; i < PAGE / entrySize; i++) {
      if (va + i * span >= this.rom.header.virtual_top) return;
      const entry = this.memory.read32(pfn * PAGE + i * entrySize);
      if (this.reading !== 'announced-only' && (entry & PRESENT) !== 0 && (entry & LARGE) === 0) this.tables.set(frameOf(entry), VMI_PAGE.PT);
    }
  }

  private allocatePage(pfn: number, flags: number): number {
    this.tables.set(pfn, flags & (VMI_PAGE.PT | VMI_PAGE.PD | VMI_PAGE.PDP));
    return 0;
  }

  private releasePage(pfn: number): number {
    this.tables.delete(pfn);
    return 0;
  }

  /** SetPxE and SetPxELong. `ptep` is an address in the guest's direct map. */
  private setEntry(cpu: Cpu, ptep: number, entry: number, size: 4 | 8): number {
    cpu.drain();
    const pa = this.physical(cpu, ptep);
    const pfn = Math.floor(pa / PAGE);
    if (this.reading !== 'lenient' && this.tables.get(pfn) === 0) {
      if (this.firstDropped === -1) this.firstDropped = pfn;
      this.dropped++;
      return 0;
    }
    if (this.isOwn(pfn, (pa % PAGE) / size, size)) {
      this.ownAsked++;
      return 0;
    }
    this.memory.write32(pa, entry % 2 ** 32);
    if (size === 8) this.memory.write32(pa + 4, Math.floor(entry / 2 ** 32));
    return 0;
  }

  /** Whether an entry of an adopted directory maps nothing below virtual_top: such entries remain the hypervisor's. */
  private isOwn(pfn: number, index: number, size: 4 | 8): boolean {
    const directory = this.directories.get(pfn);
    if (directory === 0) return false;
    return (directory - 1) * 2 ** 30 + index * (size === 8 ? 2 ** 21 : 2 ** 22) >= this.rom.header.virtual_top;
  }

  /** Uses the announced linear mapping; before that, and outside it, the guest's tables. */
  private physical(cpu: Cpu, va: number): number {
    const page = Math.floor((va - this.linearVa) / PAGE);
    if (page >= 0 && page < this.linearPages) return (this.linearPpn + page) * PAGE + (va % PAGE);
    const found = cpu.translate('read', va);
    if (typeof found !== 'number') throw new Error(`machine bug: a page-table entry at 0x${va.toString(16)} is not mapped; the guest would have faulted before it called`);
    return found;
  }

  private setLinearMapping(slot: number, va: number, pages: number, ppn: number): number {
    if (slot !== 0) return 0;
    this.linearVa = va;
    this.linearPages = pages;
    this.linearPpn = ppn;
    return 0;
  }
}

function frameOf(entry: number): number {
  return (entry & 0xfffff000) >>> 12;
}
