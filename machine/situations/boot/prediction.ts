import { memparse } from '../../kernel/boot/early-param';
import { COMMON_OPTIONS, fixmapOf, indexOf, type Fixmap, type FixmapText } from '../../kernel/boot/fixmap';
import { addressSpace, DEFAULT_FIXADDR_TOP, DEFAULT_VMALLOC_RESERVE, earlyWindow, tablePlace, topLayout, vmallocParameter, type LayoutOptions } from '../../kernel/boot/layout';
import { compareReleases } from '../../kernel/kernel';
import type { Row } from './table';

// How a boot must end, worked out on paper: no page tables, no processor, only
// the order of the steps that matter and arithmetic. It is compared with what
// the machine does, row by row; where the two differ, one of them is wrong.

/** What the reasoning keeps track of along setup_arch. */
interface Reasoning {
  top: number;
  reserve: number;
  /** Directory entries that lead to bm_pte: nothing removes it from an old one. */
  links: readonly number[];
  /** The hypervisor is active. */
  active: boolean;
  /** Writes to bm_pte would take effect: natively, or because the hypervisor knows it as a table. */
  writable: boolean;
  fixmapsSet: number;
  lowmemEnd: number | null;
}

/** The early end of a boot. */
class Ends extends Error {
  constructor(readonly outcome: Row['result']['outcome']) {
    super(outcome);
  }
}

/** How the boot of `row` ends, by reasoning. */
export function predict(row: Omit<Row, 'result'>): Row['result']['outcome'] {
  try {
    new Prediction(row).run();
    return 'boots';
  } catch (end) {
    if (end instanceof Ends) return end.outcome;
    throw end;
  }
}

const MIB = 2 ** 20;

class Prediction {
  private readonly state: Reasoning = {
    top: DEFAULT_FIXADDR_TOP, reserve: DEFAULT_VMALLOC_RESERVE, links: [], active: false, writable: true, fixmapsSet: 0, lowmemEnd: null,
  };
  private readonly fixmap: Fixmap;
  private readonly layout: LayoutOptions;
  private readonly hasHole: boolean;
  private readonly virtualTop: number;

  constructor(private readonly row: Omit<Row, 'result'>) {
    const text: FixmapText = this.since('2.6.28-rc1') ? '2.6.28' : this.since('2.6.27-rc1') ? '2.6.27' : this.since('2.6.26') ? '2.6.26' : '2.6.21';
    this.fixmap = fixmapOf({ ...COMMON_OPTIONS, text, NR_CPUS: row.nrCpus });
    this.layout = { fixmap: this.fixmap, formula: this.since('2.6.28-rc1') ? 'vmalloc-end' : 'reserve', HIGHMEM: true, X86_PAE: row.pae };
    this.hasHole = row.holeMiB > 0 && row.vmi;
    this.virtualTop = 2 ** 32 - row.holeMiB * MIB;
  }

  private since(release: string): boolean {
    return compareReleases(this.row.kernel.release, release) >= 0;
  }

  private has(hunk: string): boolean {
    return this.row.kernel.hunks.has(`vmi-boot/${hunk}`);
  }

  run(): void {
    if (this.since('2.6.27-rc1')) this.unifiedOrder();
    else this.oldOrder();
    this.makeTables();
    this.useApic();
    this.checkLayout();
  }

  private unifiedOrder(): void {
    if (this.has('init-first')) this.relocate();
    if (!this.has('ioremap-late')) this.link();
    if (this.since('2.6.27-rc3') && !this.since('2.6.27-rc5')) this.detectAndActivate();
    this.readSetupData();
    this.parse();
    if (this.since('2.6.27-rc5') && !this.has('init-first')) this.detectAndActivate();
    if (this.has('init-first')) this.activate();
    if (this.has('ioremap-late')) this.link();
    this.readSetupData();
    if (this.since('2.6.27.6')) this.useWindow();
    this.sizeLowmem();
    if (!this.since('2.6.27.6')) this.state.fixmapsSet++;
    if (!this.since('2.6.27-rc3')) this.detectAndActivate();
  }

  private oldOrder(): void {
    if (this.since('2.6.25-rc1')) this.link();
    this.parse();
    this.sizeLowmem();
    this.detectAndActivate();
  }

  private relocate(): void {
    if (!this.hasHole) return;
    this.reserveTop(this.row.holeMiB * MIB);
  }

  private reserveTop(bytes: number): void {
    if (this.state.fixmapsSet > 0) throw new Ends('BUG');
    this.state.top = 2 ** 32 - bytes - 4096;
    if (!this.has('no-double-count') && !this.has('reserve-split')) this.state.reserve += bytes;
  }

  private detectAndActivate(): void {
    this.relocate();
    this.activate();
    if (this.hasHole && this.has('relink')) this.link();
  }

  private activate(): void {
    if (!this.hasHole) return;
    if (this.has('reserve-split')) this.state.reserve += this.row.holeMiB * MIB;
    this.state.active = true;
    const { reading } = this.row.boot;
    if (reading === 'lenient') return;
    // A table is taken over only if an entry leads to it, and what that entry maps begins below the hypervisor's part.
    this.state.writable = reading === 'adopting' && this.state.links.some((entry) => this.startOf(entry) < this.virtualTop);
  }

  /** Which entry of the last directory maps `la`. */
  private entry(la: number): number {
    return tablePlace({ X86_PAE: this.row.pae }, la).pmd;
  }

  /** The first address that an entry maps. */
  private startOf(entry: number): number {
    return this.row.pae ? 0xc0000000 + entry * 2 * MIB : entry * 4 * MIB;
  }

  private windowEntry(): number {
    return this.entry(earlyWindow(this.fixmap, this.state.top).from);
  }

  private link(): void {
    this.state.links = [...this.state.links, this.windowEntry()];
    if (this.state.active) this.state.writable = true;
  }

  /** A mapping through the window works if bm_pte is linked where the window is now, and writes to it take effect. */
  private useWindow(): void {
    const { links, writable } = this.state;
    if (!links.includes(this.windowEntry()) || !writable) throw new Ends('page fault');
  }

  private readSetupData(): void {
    if (this.row.boot.setupData !== 'none') this.useWindow();
  }

  private parse(): void {
    const [name, value = ''] = this.row.boot.commandLine.split('=');
    if (name === 'vmalloc') this.state.reserve = vmallocParameter(this.layout.formula, memparse(value));
    if (name === 'reservetop') {
      this.reserveTop(memparse(value));
      if (this.has('fixup')) this.link();
    }
    if (name === 'earlycon') this.useFixmapEarly(3);
    if (name === 'earlyprintk') this.useFixmapEarly(2);
  }

  /** set_fixmap() walks the tables: the entry for that index must lead to a table now. */
  private useFixmapEarly(index: number): void {
    if (!this.since('2.6.26')) return;
    const target = this.entry(this.state.top - index * 4096);
    if (target !== this.lastEntry && !this.state.links.includes(target)) throw new Ends('BUG');
    this.state.fixmapsSet++;
  }

  /** The entry under which head_32 put swapper_pg_fixmap. */
  private get lastEntry(): number {
    return this.row.pae ? 511 : 1023;
  }

  /**
   * Which table the APIC's entry goes into once the fixmap has its tables:
   * only the window's current entry was cleared before they were made, so an
   * old link to bm_pte remains, and so does head_32's own table. bm_pte has
   * been freed by then.
   */
  private useApic(): void {
    const target = this.entry(this.state.top - indexOf(this.fixmap, 'FIX_APIC_BASE') * 4096);
    const { reading } = this.row.boot;
    const isEmptied = target === this.windowEntry() && !this.isHypervisors(target);
    if (!this.state.active || reading === 'lenient' || isEmptied) return;
    if (this.state.links.includes(target)) throw new Ends('page fault');
    if (target === this.lastEntry && reading === 'announced-only') throw new Ends('page fault');
  }

  /** Whether all that an entry maps belongs to the hypervisor, which then ignores what the kernel writes there. */
  private isHypervisors(entry: number): boolean {
    return this.state.active && this.startOf(entry) >= this.virtualTop;
  }

  /** Tables for fixmap and pkmap: reservetop= can have moved them back into the hypervisor's part, where none can be linked. */
  private makeTables(): void {
    const { top } = this.state;
    const { PKMAP_BASE, LAST_PKMAP } = topLayout(this.layout, top);
    this.makeTablesFor(top - (this.fixmap.total - 1) * 4096, top - 1);
    this.makeTablesFor(PKMAP_BASE, PKMAP_BASE + LAST_PKMAP * 4096 - 1);
  }

  private makeTablesFor(from: number, to: number): void {
    for (let entry = this.entry(from); entry <= this.entry(to); entry++) {
      const isThere = entry === this.lastEntry || this.state.links.includes(entry);
      if (this.isHypervisors(entry) && !isThere) throw new Ends('BUG');
    }
  }

  private sizeLowmem(): void {
    const { top, reserve } = this.state;
    const maps = Math.min(this.row.boot.ramMiB * MIB, this.reach());
    this.state.lowmemEnd = addressSpace(this.layout, top, reserve, maps).high_memory;
  }

  /** RAM that the page frame numbers of this kernel reach, PCI hole included. */
  private reach(): number {
    const belowPci = 0xe0000000;
    const ram = this.row.boot.ramMiB * MIB;
    return this.row.pae && ram > belowPci ? 2 ** 32 + ram - belowPci : belowPci;
  }

  /** mem_init's checks, on the boundaries as they are at the end. */
  private checkLayout(): void {
    const { top, reserve, lowmemEnd } = this.state;
    const { VMALLOC_END } = addressSpace(this.layout, top, reserve, 0);
    const high = lowmemEnd!;
    const start = this.layout.formula === 'reserve' ? Math.floor((high + 16 * MIB - 1) / (8 * MIB)) * 8 * MIB : high + 8 * MIB;
    if (start > VMALLOC_END) throw new Ends('BUG');
  }
}
