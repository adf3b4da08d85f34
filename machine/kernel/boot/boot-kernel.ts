import type { Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import type { Firmware } from '../../hypervisors/interface-vmi';
import { instruction, silently, type Step } from '../../path';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import { Kernel, type KernelOptions } from '../kernel';
import { COMMON_OPTIONS, fixmapOf, type Fixmap, type FixmapText } from './fixmap';
import { DEFAULT_FIXADDR_TOP, DEFAULT_VMALLOC_RESERVE, FIXADDR_TOP_64, LOW_FIXADDR_TOP, PAGE_OFFSET, PAGE_OFFSET_64, type LayoutOptions } from './layout';

// A kernel while it boots: the variables of setup_arch, the addresses of its
// static pages, and the pv_ops as far as boot uses them. Read fixmap.ts and
// layout.ts first.

/** One line of the memory map. */
export interface E820Entry {
  readonly [key: string]: number | string;
  readonly addr: number;
  readonly size: number;
  readonly type: 'RAM' | 'reserved' | 'kernel data';
}

/** A range that must not be allocated: `[start, end)`. */
export interface EarlyReservation {
  readonly [key: string]: number | string;
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** How a boot ended, unless it succeeded. */
export interface Stop {
  readonly [key: string]: string | number | null;
  readonly kind: 'page fault' | 'BUG' | 'panic';
  readonly message: string;
  /** For a page fault. */
  readonly cr2: number | null;
}

/** What the boot loader leaves in struct boot_params. */
interface BootParams {
  boot_params_e820: readonly E820Entry[];
  boot_command_line: string;
  /** Version of the boot protocol; setup_data exists from 0x0209 on. */
  hdr_version: number;
  /** Physical address of the first node of the setup_data list; 0 for none. */
  hdr_setup_data: number;
}

interface BootFields extends BootParams {
  __FIXADDR_TOP: number;
  /** The address below which pkmap and vmalloc end: __FIXADDR_TOP, except where the fixmap has a fixed place. */
  kernel_top: number;
  __VMALLOC_RESERVE: number;
  fixmaps_set: number;
  /** early_ioremap goes through set_fixmap from now on. */
  after_paging_init: boolean;
  /** 2.6.26 and 2.6.27: how many early mappings are in use. */
  early_ioremap_nested: number;
  /** 2.6.28: what each slot returned, and its size. */
  prev_map: readonly number[];
  prev_size: readonly number[];
  e820: readonly E820Entry[];
  early_res: readonly EarlyReservation[];
  max_pfn: number;
  max_low_pfn: number;
  high_memory: number;
  max_pfn_mapped: number;
  table_start: number;
  table_end: number;
  table_top: number;
  after_init_bootmem: boolean;
  /** Address of the ROM that check_vmi_rom accepted; 0 for none. */
  vmi_rom: number;
  no_timer_check: boolean;
  /** Which of the flags of vmi= were given. */
  vmi_flags: readonly string[];
  /** Flags of vmi= that activation saw. */
  vmi_flags_heeded: readonly string[];
  /** pv_mmu_ops: the address of the ROM's code, or 0 for the native operation. */
  pv_set_pte: number;
  pv_set_pmd: number;
  pv_alloc_pte: number;
  pv_release_pte: number;
  pv_set_linear: number;
  /** activate_vmi has succeeded. */
  vmi_active: boolean;
  dmi_available: boolean;
  /** The BIOS corrupts low memory, so its first 64 KiB are not used. */
  lowReserved: boolean;
  booted: boolean;
  stopped: Stop | null;
  /** What printk wrote. */
  log: readonly string[];
}

const INITIAL: BootFields = {
  boot_params_e820: [], boot_command_line: '', hdr_version: 0x0209, hdr_setup_data: 0,
  __FIXADDR_TOP: DEFAULT_FIXADDR_TOP, kernel_top: DEFAULT_FIXADDR_TOP, __VMALLOC_RESERVE: DEFAULT_VMALLOC_RESERVE, fixmaps_set: 0,
  after_paging_init: false, early_ioremap_nested: 0, prev_map: [0, 0, 0, 0], prev_size: [0, 0, 0, 0],
  e820: [], early_res: [], max_pfn: 0, max_low_pfn: 0, high_memory: 0, max_pfn_mapped: 0,
  table_start: 0, table_end: 0, table_top: 0, after_init_bootmem: false,
  vmi_rom: 0, no_timer_check: false, vmi_flags: [], vmi_flags_heeded: [],
  pv_set_pte: 0, pv_set_pmd: 0, pv_alloc_pte: 0, pv_release_pte: 0, pv_set_linear: 0, vmi_active: false,
  dmi_available: false, lowReserved: false, booted: false, stopped: null, log: [],
};

/** The variables of a kernel that boots. */
export class BootVariables extends tracked<BootFields>(INITIAL, ['log']) {}

/** Where the linker put what boot needs, physical addresses in bytes. */
export interface BootSymbols {
  readonly _text: number;
  readonly swapper_pg_dir: number;
  /** PAE: the middle directory of the kernel's gibibyte. x86-64: level2_fixmap_pgt. */
  readonly swapper_pg_pmd: number;
  /** The page table under the last entry when boot begins; on x86-64 level1_fixmap_pgt. */
  readonly swapper_pg_fixmap: number;
  /** The one page table of early_ioremap. */
  readonly bm_pte: number;
  readonly _end: number;
}

/** Model: a kernel of 6 MiB at 1 MiB, its page-table pages side by side. */
export const BOOT_SYMBOLS: BootSymbols = {
  _text: 0x100000, swapper_pg_dir: 0x5f0000, swapper_pg_pmd: 0x5f1000, swapper_pg_fixmap: 0x5f2000, bm_pte: 0x5f3000, _end: 0x600000,
};

export class BootKernel extends Kernel {
  readonly boot: BootVariables;
  readonly fixmap: Fixmap;
  readonly layout: LayoutOptions;
  readonly symbols = BOOT_SYMBOLS;
  /** What the machine's ROMs do when they are called; null if it has none. Set when the machine is built. */
  firmware: Firmware | null = null;

  constructor(store: Store, memory: Memory, cpu: Cpu, options: KernelOptions) {
    super(store, memory, [cpu], options);
    const { HIGHMEM, X86_PAE, NR_CPUS } = this.config;
    this.boot = new BootVariables(store, 'setup', this.config.X86_64 ? { __FIXADDR_TOP: FIXADDR_TOP_64 } : {});
    if (this.after('vmi-boot/low-fixmap')) this.boot.__FIXADDR_TOP = LOW_FIXADDR_TOP;
    this.fixmap = fixmapOf({ ...COMMON_OPTIONS, HIGHMEM, NR_CPUS, text: fixmapText(this) });
    this.layout = { fixmap: this.fixmap, formula: this.since('2.6.28-rc1') ? 'vmalloc-end' : 'reserve', HIGHMEM, X86_PAE };
  }

  /** PAGE_OFFSET: where the direct map begins. */
  get pageOffset(): number {
    return this.config.X86_64 ? PAGE_OFFSET_64 : PAGE_OFFSET;
  }

  /** PMD_SIZE in bytes. */
  get PMD_SIZE(): number {
    return this.entrySize === 8 ? 2 << 20 : 4 << 20;
  }

  /** PTRS_PER_PTE: entries of one page table. */
  get PTRS_PER_PTE(): number {
    return this.entrySize === 8 ? 512 : 1024;
  }

  /** Bytes of one entry, at every level. */
  get entrySize(): 4 | 8 {
    return this.config.X86_PAE || this.config.X86_64 ? 8 : 4;
  }
}

function fixmapText(k: Kernel): FixmapText {
  if (k.config.X86_64) return k.since('2.6.28-rc1') ? 'x86_64 2.6.28' : 'x86_64 2.6.27';
  if (k.since('2.6.28-rc1')) return '2.6.28';
  if (k.since('2.6.27-rc1')) return '2.6.27';
  return k.since('2.6.26') ? '2.6.26' : '2.6.21';
}

/** __va(): the address of lowmem at the physical address `pa`. */
export const __va = (k: BootKernel, pa: number): number => pa + k.pageOffset;

/** Reads a variable of boot that nothing but this processor's own path changes. */
export const get = silently(
  (_k: BootKernel, field: keyof BootFields) => field,
  (_cpu: Cpu, k: BootKernel, field: keyof BootFields) => k.boot[field],
) as unknown as <F extends keyof BootFields>(k: BootKernel, field: F) => Step<BootFields[F]>;

const assign = instruction(
  (_k: BootKernel, field: keyof BootFields, value: BootFields[keyof BootFields]) => `${field} = ${shown(value)}`,
  (_cpu: Cpu, k: BootKernel, field: keyof BootFields, value: BootFields[keyof BootFields]) => {
    (k.boot as unknown as Record<string, unknown>)[field] = value;
  },
);

/** Sets a variable of boot. */
export const set = assign as <F extends keyof BootFields>(k: BootKernel, field: F, value: BootFields[F]) => Step<void>;

function shown(value: unknown): string {
  if (typeof value === 'number') return value >= 4096 ? `0x${value.toString(16).padStart(8, '0')}` : String(value);
  return Array.isArray(value) ? `[${value.length}]` : String(value);
}

/** printk(). */
export const printk = instruction((_k: BootKernel, line: string) => `printk("${line}")`, (_cpu: Cpu, k: BootKernel, line: string) => {
  k.boot.log = [...k.boot.log, line];
});
