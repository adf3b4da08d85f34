import { fixToVirt, type Fixmap } from './fixmap';

// How the kernel's part of a 32-bit address space is divided: lowmem from the
// bottom, fixmap and pkmap from the top, vmalloc between them. Two formulas
// for the boundary were in use; which one a kernel has decides whether losing
// an addition to __VMALLOC_RESERVE hurts.

/** Start of the direct map under the usual 3G/1G split. */
export const PAGE_OFFSET = 0xc0000000;
/** The gap between lowmem and vmalloc. */
export const VMALLOC_OFFSET = 8 << 20;
/** __VMALLOC_RESERVE as linked, arch/x86/mm/init_32.c. */
export const DEFAULT_VMALLOC_RESERVE = 128 << 20;
/** __FIXADDR_TOP as linked. */
export const DEFAULT_FIXADDR_TOP = 0xfffff000;
/** Where a fixmap that never moves would be: the last page below PAGE_OFFSET, taken from user space. */
export const LOW_FIXADDR_TOP = PAGE_OFFSET - 0x1000;
/** x86-64: VSYSCALL_END - PAGE_SIZE, a constant; addresses of the upper half are negative here. */
export const FIXADDR_TOP_64 = -0x201000;
/** x86-64: PAGE_OFFSET since 2.6.27, 0xffff880000000000. */
export const PAGE_OFFSET_64 = -0x780000000000;

const PAGE = 4096;
const ADDRESS_SPACE = 2 ** 32;

/**
 * Which formulas: `reserve` subtracts __VMALLOC_RESERVE from the whole address
 * space (up to 2.6.27.y), `vmalloc-end` from what lies below VMALLOC_END
 * (e621bd18958e, 2.6.28-rc1).
 */
export type MaxmemFormula = 'reserve' | 'vmalloc-end';

/** What the layout depends on, apart from run-time variables. */
export interface LayoutOptions {
  readonly fixmap: Fixmap;
  readonly formula: MaxmemFormula;
  readonly HIGHMEM: boolean;
  readonly X86_PAE: boolean;
}

/** The boundaries that depend on FIXADDR_TOP, all addresses in bytes. */
export interface TopLayout {
  readonly FIXADDR_TOP: number;
  readonly FIXADDR_START: number;
  readonly FIXADDR_BOOT_START: number;
  readonly LAST_PKMAP: number;
  readonly PKMAP_BASE: number;
  readonly VMALLOC_END: number;
}

/** Bytes that one entry of the middle directory maps. */
export const pmdSize = (options: { readonly X86_PAE: boolean }): number => (options.X86_PAE ? 2 << 20 : 4 << 20);

const roundDown = (value: number, unit: number): number => Math.floor(value / unit) * unit;

/** asm/fixmap_32.h, asm/highmem.h, asm/pgtable_32.h: what follows from FIXADDR_TOP alone. */
export function topLayout(options: LayoutOptions, FIXADDR_TOP: number): TopLayout {
  const FIXADDR_START = FIXADDR_TOP - PAGE * options.fixmap.permanentEnd;
  const FIXADDR_BOOT_START = FIXADDR_TOP - PAGE * options.fixmap.total;
  const LAST_PKMAP = options.X86_PAE ? 512 : 1024;
  const PKMAP_BASE = roundDown(FIXADDR_BOOT_START - PAGE * (LAST_PKMAP + 1), pmdSize(options));
  const VMALLOC_END = (options.HIGHMEM ? PKMAP_BASE : FIXADDR_START) - 2 * PAGE;
  return { FIXADDR_TOP, FIXADDR_START, FIXADDR_BOOT_START, LAST_PKMAP, PKMAP_BASE, VMALLOC_END };
}

/** MAXMEM: how much memory the direct map may cover, in bytes: an unsigned long, which wraps if __VMALLOC_RESERVE leaves no room. */
export function maxmem(options: LayoutOptions, FIXADDR_TOP: number, __VMALLOC_RESERVE: number): number {
  const ceiling = options.formula === 'reserve' ? ADDRESS_SPACE : topLayout(options, FIXADDR_TOP).VMALLOC_END;
  return (ceiling - PAGE_OFFSET - __VMALLOC_RESERVE) >>> 0;
}

/** VMALLOC_START, an address. */
export function vmallocStart(options: LayoutOptions, high_memory: number): number {
  return options.formula === 'reserve'
    ? roundDown(high_memory + 2 * VMALLOC_OFFSET - 1, VMALLOC_OFFSET)
    : high_memory + VMALLOC_OFFSET;
}

/** What parse_vmalloc() makes of vmalloc=`bytes`. */
export function vmallocParameter(formula: MaxmemFormula, bytes: number): number {
  return formula === 'reserve' ? bytes : bytes + VMALLOC_OFFSET;
}

/** A whole kernel address space. */
export interface AddressSpace extends TopLayout {
  readonly __VMALLOC_RESERVE: number;
  readonly MAXMEM: number;
  readonly high_memory: number;
  readonly VMALLOC_START: number;
  /** VMALLOC_END - VMALLOC_START in bytes; negative if lowmem runs past the end. */
  readonly usableVmalloc: number;
}

/** The address space of a machine with `ram` bytes below 4 GiB. */
export function addressSpace(options: LayoutOptions, FIXADDR_TOP: number, __VMALLOC_RESERVE: number, ram: number): AddressSpace {
  const high_memory = PAGE_OFFSET + Math.min(ram, roundDown(maxmem(options, FIXADDR_TOP, __VMALLOC_RESERVE), PAGE));
  return addressSpaceAbove(options, FIXADDR_TOP, __VMALLOC_RESERVE, high_memory);
}

/** The same when lowmem was sized earlier, and ends at `high_memory`. */
export function addressSpaceAbove(options: LayoutOptions, FIXADDR_TOP: number, __VMALLOC_RESERVE: number, high_memory: number): AddressSpace {
  const top = topLayout(options, FIXADDR_TOP);
  const MAXMEM = maxmem(options, FIXADDR_TOP, __VMALLOC_RESERVE);
  const VMALLOC_START = vmallocStart(options, high_memory);
  return { ...top, __VMALLOC_RESERVE, MAXMEM, high_memory, VMALLOC_START, usableVmalloc: top.VMALLOC_END - VMALLOC_START };
}

/** Where the window of early_ioremap lies below `FIXADDR_TOP`: first byte and last byte. */
export function earlyWindow(fixmap: Fixmap, FIXADDR_TOP: number): { readonly from: number; readonly to: number } {
  return { from: fixToVirt(FIXADDR_TOP, fixmap.btmap.begin), to: fixToVirt(FIXADDR_TOP, fixmap.btmap.end) + PAGE - 1 };
}

/** Which entry of which table maps an address. */
export interface TablePlace {
  /** Index in the page directory (without PAE) or in the last middle directory (PAE, x86-64). */
  readonly pmd: number;
  readonly pte: number;
}

/** pmd_index() and pte_index() of `la`; without PAE the middle directory is the page directory. */
export function tablePlace(options: { readonly X86_PAE: boolean; readonly X86_64?: boolean }, la: number): TablePlace {
  return options.X86_PAE || options.X86_64
    ? { pmd: tableIndex(la, 0x200000), pte: tableIndex(la, PAGE) }
    : { pmd: Math.floor(la / 0x400000), pte: Math.floor(la / PAGE) % 1024 };
}

/** The index into a table of 512 entries, each mapping `span` bytes; also for negative addresses. */
export const tableIndex = (la: number, span: number): number => ((Math.floor(la / span) % 512) + 512) % 512;
