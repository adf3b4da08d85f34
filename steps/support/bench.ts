// One processor with page tables and nothing else, for the scenarios about paging and the TLB.
// Tables map a few pages, each at an address of its own.

import { Cpu, type CpuOptions } from '../../machine/hardware/cpu';
import { Memory } from '../../machine/hardware/memory';
import { access, setCr, setEfer, type AccessKind, type AccessResult } from '../../machine/hardware/mmu';
import { CR0, CR4, EFER, type PagingMode, PTE } from '../../machine/hardware/paging';
import { Store } from '../../machine/state/store';

/** Physical address of the top table. */
export const TOP = 0x1000;
const TABLES = [0x2000, 0x3000, 0x4000];
const PERMISSIVE = PTE.P | PTE.RW | PTE.US;

/** Words for the properties of a page, and the bits of its last entry. */
const ATTRIBUTES: Readonly<Record<string, { readonly set?: number; readonly clear?: number; readonly high?: number }>> = {
  user: { set: PTE.US },
  supervisor: { clear: PTE.US },
  writable: { set: PTE.RW },
  'read-only': { clear: PTE.RW },
  absent: { clear: PTE.P },
  global: { set: PTE.G },
  large: { set: PTE.PS },
  'no-execute': { high: 0x80000000 },
  // Bit 40: above the 40 address bits of this processor. Bit 13: below the base of a large page.
  'bit 40': { high: 1 << 8 },
  'bit 13': { set: 1 << 13 },
};

/** One possible page: its linear address, and the frame that it maps at first. */
export interface Page {
  readonly la: number;
  readonly frame: number;
}

export class Bench {
  readonly memory: Memory;
  readonly cpu: Cpu;
  result: AccessResult | undefined;
  moved: ReturnType<typeof setCr> | undefined;
  private ac = false;
  private readonly pages = new Map<string, Page>();

  constructor(readonly mode: Exclude<PagingMode, 'none'>, options: CpuOptions = {}) {
    const store = new Store();
    this.memory = new Memory(store);
    this.cpu = new Cpu(store, 0, this.memory, options);
    const { cpu } = this;
    cpu.cr0 = CR0.PE;
    cpu.cr3 = 0;
    cpu.cr4 = 0;
    this.buildTables();
    setCr(cpu, 'cr4', mode === '32-bit' ? CR4.PSE | CR4.PGE : CR4.PAE | CR4.PGE);
    setEfer(cpu, mode === '4-level' ? EFER.LME | EFER.NXE : EFER.NXE);
    setCr(cpu, 'cr3', TOP);
    setCr(cpu, 'cr0', CR0.PG | CR0.PE);
  }

  /** The tables above the last, for all addresses that the pages use. */
  private buildTables(): void {
    const { memory } = this;
    if (this.mode === '32-bit') return memory.write32(TOP, TABLES[0]! | PERMISSIVE);
    memory.write32(TOP, TABLES[0]! | (this.mode === 'PAE' ? PTE.P : PERMISSIVE));
    memory.write32(TABLES[0]!, TABLES[1]! | PERMISSIVE);
    if (this.mode === '4-level') memory.write32(TABLES[1]!, TABLES[2]! | PERMISSIVE);
  }

  /** The place of the entry that maps the page at `la`: at the last level, or one level above for a large page. */
  entryOf(la: number, large = false): number {
    const narrow = this.mode === '32-bit';
    const shift = large ? (narrow ? 22 : 21) : 12;
    const table = { '32-bit': [TOP, TABLES[0]!], PAE: [TABLES[0]!, TABLES[1]!], '4-level': [TABLES[1]!, TABLES[2]!] }[this.mode][large ? 0 : 1]!;
    return table + ((la >>> shift) & (narrow ? 0x3ff : 0x1ff)) * (narrow ? 4 : 8);
  }

  /** Maps a page called `name` with the properties in `words`, such as "user read-only". The n-th page is n pages (or large pages) above 0. */
  map(name: string, words: string): Page {
    const attributes: readonly string[] = words.match(/bit \d+|[\w-]+/g) ?? [];
    const large = attributes.includes('large');
    const number = this.pages.size + 1;
    const page = { la: number * (large ? (this.mode === '32-bit' ? 0x400000 : 0x200000) : 0x1000), frame: 0x10000000 + number * 0x400000 };
    const known = this.pages.get(name);
    const { la, frame } = known ?? page;
    let low = frame | PTE.P;
    let high = 0;
    for (const attribute of attributes) {
      const bits = ATTRIBUTES[attribute];
      if (!bits) throw new Error(`no page is "${attribute}"; pages are ${Object.keys(ATTRIBUTES).join(', ')}`);
      low = (low | (bits.set ?? 0)) & ~(bits.clear ?? 0);
      high |= bits.high ?? 0;
    }
    const at = this.entryOf(la, large);
    this.memory.write32(at, low);
    if (this.mode !== '32-bit') this.memory.write32(at + 4, high);
    if (!known) this.pages.set(name, page);
    return known ?? page;
  }

  page(name: string): Page {
    const page = this.pages.get(name);
    if (!page) throw new Error(`no page is called "${name}"; there are ${[...this.pages.keys()].join(', ')}`);
    return page;
  }

  /** Sets control bits as in "WP=1 SMEP=0", with all effects; AC is the flag. */
  control(words: string): void {
    for (const [, bit, value] of words.matchAll(/(\w+)=([01])/g)) {
      if (bit === 'AC') this.ac = value === '1';
      else if (bit! in CR0) this.moved = setCr(this.cpu, 'cr0', flip(this.cpu.cr0, CR0[bit as keyof typeof CR0], value === '1'));
      else if (bit! in CR4) this.moved = setCr(this.cpu, 'cr4', flip(this.cpu.cr4, CR4[bit as keyof typeof CR4], value === '1'));
      else if (bit! in EFER) this.moved = setEfer(this.cpu, flip(this.cpu.efer, EFER[bit as keyof typeof EFER], value === '1'));
      else throw new Error(`no control bit is called "${bit}"`);
    }
  }

  access(kind: AccessKind, ring: number, la: number, size = 4): AccessResult {
    this.result = access(this.cpu, kind, la, ring, this.ac, size);
    return this.result;
  }
}

function flip(register: number, bit: number, on: boolean): number {
  return on ? register | bit : register & ~bit;
}
