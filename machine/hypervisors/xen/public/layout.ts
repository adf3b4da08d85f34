import { PAGE_SIZE } from '../../../hardware/memory';
import type { SeenMemory } from '../../../hardware/store-buffer';
import type { Mfn } from './xen';

// The two formats of page tables for a 32-bit guest, of which Xen is compiled for
// one (asm-x86/page.h, x86_32/page-2level.h and page-3level.h); the second one
// under a 64-bit Xen, where the guest's root is linked into a fourth level of
// Xen's own; and that of a 64-bit guest, which has the fourth level too, and two
// roots: one for its kernel, one for its programs.
//
// An entry has 64 bits, and a number holds 53. A guest's kernel never sets bits
// 52 to 63 here, so its entries are numbers; Xen, which must judge whatever it is
// given, takes a `WideEntry`.

/** Bits of an entry. */
export const _PAGE_PRESENT = 0x001;
export const _PAGE_RW = 0x002;
export const _PAGE_USER = 0x004;
export const _PAGE_PWT = 0x008;
export const _PAGE_PCD = 0x010;
export const _PAGE_ACCESSED = 0x020;
export const _PAGE_DIRTY = 0x040;
/** In an upper level: maps a large page. In the lowest: selects a memory type. */
export const _PAGE_PSE = 0x080;
export const _PAGE_GLOBAL = 0x100;
/** Bit 63 of an entry, as `flagsOf` gives it. */
export const _PAGE_NX = 0x800000;

/** A page-table entry: the frame's address with flags in the low twelve bits. */
export type Entry = number;

/** An entry with all of its 64 bits: a number while bits 52 to 63 are zero, a bigint if one of them is set. */
export type WideEntry = number | bigint;

/** _PAGE_GUEST_KERNEL: bit 52, as `flagsOf` gives it. In an entry of a 64-bit guest, it marks a page of the guest's kernel: kernel and programs both run in ring 3, so U/S cannot tell. */
export const _PAGE_GUEST_KERNEL = 0x1000;

/** Level of a table, 1 is the lowest. */
export type Level = 1 | 2 | 3 | 4;

export interface Layout {
  readonly name: '2-level' | 'PAE' | 'PAE on 64-bit' | '64-bit';
  readonly entryBytes: 4 | 8;
  /** Number of levels; also the level of the root. */
  readonly levels: 2 | 3 | 4;
  /** Number of levels that the processor walks. */
  readonly hostLevels: 2 | 3 | 4;
  /** log2 of the bytes that one entry of each level maps, by level. */
  readonly shift: Readonly<Record<Level, number>>;
  /** How many entries a table of each level has. */
  readonly entries: Readonly<Record<Level, number>>;
  /**
   * The first address that belongs to Xen, and the first one after it that does not. Addresses of 64-bit guests are counted as the
   * tables translate them, in 48 bits: what the processor calls -1 is 2^48 - 1.
   */
  readonly HYPERVISOR_VIRT_START: number;
  readonly HYPERVISOR_VIRT_END?: number;
}

export const TWO_LEVEL: Layout = {
  name: '2-level', entryBytes: 4, levels: 2, hostLevels: 2, shift: { 1: 12, 2: 22, 3: 32, 4: 32 }, entries: { 1: 1024, 2: 1024, 3: 0, 4: 0 }, HYPERVISOR_VIRT_START: 0xfc000000,
};

export const PAE: Layout = {
  name: 'PAE', entryBytes: 8, levels: 3, hostLevels: 3, shift: { 1: 12, 2: 21, 3: 30, 4: 39 }, entries: { 1: 512, 2: 512, 3: 4, 4: 0 }, HYPERVISOR_VIRT_START: 0xf5800000,
};

/** What a 32-bit guest of a 64-bit Xen sees. */
export const COMPAT: Layout = { ...PAE, name: 'PAE on 64-bit', hostLevels: 4 };

/** Whether it is the layout of a 32-bit guest of a 64-bit Xen. */
export function isCompat({ levels, hostLevels }: Layout): boolean {
  return levels === 3 && hostLevels === 4;
}

/** What a 64-bit guest sees: Xen has 16 entries in the middle of its roots (asm-x86/config.h, ROOT_PAGETABLE_FIRST_XEN_SLOT to ROOT_PAGETABLE_LAST_XEN_SLOT). */
export const LONG: Layout = {
  name: '64-bit', entryBytes: 8, levels: 4, hostLevels: 4, shift: { 1: 12, 2: 21, 3: 30, 4: 39 }, entries: { 1: 512, 2: 512, 3: 512, 4: 512 }, HYPERVISOR_VIRT_START: 256 * 2 ** 39, HYPERVISOR_VIRT_END: 272 * 2 ** 39,
};

/** Whether an address is Xen's. */
export function isXens({ HYPERVISOR_VIRT_START, HYPERVISOR_VIRT_END = Infinity }: Layout, va: number): boolean {
  return va >= HYPERVISOR_VIRT_START && va < HYPERVISOR_VIRT_END;
}

const ADDRESSES = 2 ** 48;

/** An address in the processor's form: for a 64-bit guest, the upper half is negative. */
export function canonical({ levels }: Layout, va: number): number {
  return levels === 4 && va >= ADDRESSES / 2 ? va - ADDRESSES : va;
}

/** The inverse of `canonical`. */
export function translated({ levels }: Layout, la: number): number {
  return levels === 4 && la < 0 ? la + ADDRESSES : la;
}

/** At least as many as any table has entries. */
export const PAGE_WORDS = 1024;

/** The entry that maps `mfn` with `flags`. */
export function entryOf(mfn: Mfn, flags: number): Entry {
  return mfn * PAGE_SIZE + flags;
}

/** The entry of 64 bits in two words. */
export function wideEntry(low: number, high: number): WideEntry {
  return high < 0x100000 ? high * 0x100000000 + low : (BigInt(high) << 32n) | BigInt(low);
}

export function lowWord(entry: WideEntry): number {
  return typeof entry === 'number' ? entry % 0x100000000 : Number(entry & 0xffffffffn);
}

export function highWord(entry: WideEntry): number {
  return typeof entry === 'number' ? Math.floor(entry / 0x100000000) : Number(entry >> 32n);
}

/** get_pte_flags(): the low twelve bits, and bits 52 to 63 above them. */
export function flagsOf(entry: WideEntry): number {
  if (typeof entry === 'number') return (entry % PAGE_SIZE) & 0xfff;
  return Number(((entry >> 40n) & 0xfff000n) | (entry & 0xfffn));
}

/** The same frame with other flags, as `flagsOf` gives them. */
export function withFlags(entry: WideEntry, flags: number): WideEntry {
  const low = mfnOf(entry) * PAGE_SIZE + (flags & 0xfff);
  return flags < 0x1000 ? low : (BigInt(flags >>> 12) << 52n) | BigInt(low);
}

/** The frame that an entry names. */
export function mfnOf(entry: WideEntry): Mfn {
  return typeof entry === 'number' ? Math.floor(entry / PAGE_SIZE) : Number((entry >> 12n) & 0xffffffffffn);
}

export function isPresent(entry: WideEntry): boolean {
  return typeof entry === 'number' ? entry % 2 === 1 : (entry & 1n) === 1n;
}

/** Which entry of a table of `level` translates `va`. */
export function slotOf(layout: Layout, level: Level, va: number): number {
  return Math.floor(va / 2 ** layout.shift[level]) % layout.entries[level];
}

/** Machine address of an entry. */
export function entryAddress(layout: Layout, table: Mfn, slot: number): number {
  return table * PAGE_SIZE + slot * layout.entryBytes;
}

/** An entry as its guest's kernel reads it, without bits 52 to 63. */
export function readEntry(memory: SeenMemory, layout: Layout, pa: number): Entry {
  const low = memory.read32(pa);
  return layout.entryBytes === 4 ? low : (memory.read32(pa + 4) & 0xfffff) * 0x100000000 + low;
}

/** The same with all of its bits. */
export function readWide(memory: SeenMemory, layout: Layout, pa: number): WideEntry {
  const low = memory.read32(pa);
  return layout.entryBytes === 4 ? low : wideEntry(low, memory.read32(pa + 4));
}

export function writeEntry(memory: SeenMemory, layout: Layout, pa: number, entry: WideEntry): void {
  if (layout.entryBytes === 8) memory.writePair(pa, lowWord(entry), highWord(entry));
  else memory.write32(pa, lowWord(entry));
}

/** The same at an address that may not be a multiple of the entry's size, as a store to unaligned bytes would do it. */
export function writeEntryAnywhere(memory: SeenMemory, layout: Layout, pa: number, entry: Entry): void {
  writeWordAnywhere(memory, pa, entry % 0x100000000);
  if (layout.entryBytes === 8) writeWordAnywhere(memory, pa + 4, Math.floor(entry / 0x100000000));
}

function writeWordAnywhere(memory: SeenMemory, pa: number, word: number): void {
  const bits = 8 * (pa % 4);
  const first = pa - (pa % 4);
  if (bits === 0) return memory.write32(first, word);
  const low = 2 ** bits;
  memory.write32(first, (memory.read32(first) % low) + (word % 2 ** (32 - bits)) * low);
  const second = memory.read32(first + 4);
  memory.write32(first + 4, second - (second % low) + Math.floor(word / 2 ** (32 - bits)));
}

/** The entries of a table that are not zero, in the order of their slots. */
export function* entriesOf(memory: SeenMemory, layout: Layout, level: Level, table: Mfn): Generator<{ readonly slot: number; readonly pa: number; readonly entry: Entry }> {
  for (const { slot, pa } of slotsOf(memory, layout, level, table)) yield { slot, pa, entry: readEntry(memory, layout, pa) };
}

/** The same with all of their bits. */
export function* wideEntriesOf(memory: SeenMemory, layout: Layout, level: Level, table: Mfn): Generator<{ readonly slot: number; readonly pa: number; readonly entry: WideEntry }> {
  for (const { slot, pa } of slotsOf(memory, layout, level, table)) yield { slot, pa, entry: readWide(memory, layout, pa) };
}

function* slotsOf(memory: SeenMemory, layout: Layout, level: Level, table: Mfn): Generator<{ readonly slot: number; readonly pa: number }> {
  let last = -1;
  for (const word of memory.wordsOf(table as number)) {
    const pa = word - (word % layout.entryBytes);
    const slot = (pa % PAGE_SIZE) / layout.entryBytes;
    if (pa === last || slot >= layout.entries[level]) continue;
    last = pa;
    yield { slot, pa };
  }
}
