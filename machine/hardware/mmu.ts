import {
  CR0, CR4, EFER, isBadPdpte, isCanonical, isWrite, pageFault, pagingMode, PF, PTE, rightFor, translate, walk,
  type Access, type AccessKind, type Mapping, type PageFault, type ProtectionFault, type Registers, type Start, type Walk, type Words,
} from './paging';
import type { StructureCache } from './structure-cache';
import type { Tlb } from './tlb';

// The memory management unit of one CPU: accesses through the TLB and, on a
// miss, through the tables; and the effects of moves to control registers on
// both. Read `paging.ts` and `tlb.ts` first.

/** The memory as the MMU uses it. */
export interface PagedMemory extends Words {
  /** Stores the low 32 bits of `value` at the physical address `pa`. */
  write32(pa: number, value: number): void;
  /** Lets all waiting stores reach memory, if stores can wait. */
  drain?(): void;
  /** Whether no store waits, if stores can wait. */
  readonly isEmpty?: boolean;
}

/** An access that succeeded. */
export interface Located {
  readonly out: 'ok';
  /** Physical address of the first byte. */
  readonly pa: number;
  /** Physical address of the first byte on the second page, if the access crosses into one. */
  readonly pa2?: number;
}

export type { AccessKind } from './paging';
export type AccessResult = Located | PageFault | ProtectionFault;

/** A CPU as its memory management unit sees it. */
export interface Paged extends Registers {
  readonly tlb: Tlb;
  readonly memory: PagedMemory;
  /** The memory as page walks see it, and mark it. */
  readonly walker: PagedMemory;
  /** Whether it can set A and D in an entry that was cleared after its TLB had loaded it. */
  readonly strayBits?: boolean;
  /** Whether it has process-context identifiers, so that CR4.PCIDE can be set. */
  readonly hasPcids?: boolean;
}

export type ControlRegister = 'cr0' | 'cr3' | 'cr4';

const PAGE = 4096;
const GP: ProtectionFault = { out: 'gp', err: 0 };
const CR4_KNOWN = Object.values(CR4).reduce((mask, bit) => mask | bit, 0);
/** The bits of CR3 that are the PCID, while CR4.PCIDE is set. */
const PCIDS = 0x1000;

/**
 * Performs the translation of one access with all its effects: A and D bits,
 * TLB fills, and on a page fault the loss of the entries for the page. It moves
 * no data and does not set CR2: the CPU does.
 *
 * @param la linear address; see `paging.ts` for their form in long mode
 * @param cpl privilege level, 0 to 3
 * @param ac EFLAGS.AC, which lifts SMAP in ring 0
 * @param size bytes; a fetch counts as one
 */
export function access(cpu: Paged, kind: AccessKind, la: number, cpl: number, ac: boolean, size = 4): AccessResult {
  const result = accessUpToFault(cpu, kind, la, cpl, ac, size);
  if (result.out === 'pf' && result.early) cpu.tlb.dropPage(result.cr2);
  return result;
}

/** The same, except that a fault is left incomplete if the processor's stores still wait when its walk ends: its `early` is set, and the caller still has to call `dropPage`. SDM 3A, 8.2.2. */
export function accessUpToFault(cpu: Paged, kind: AccessKind, la: number, cpl: number, ac: boolean, size = 4): AccessResult {
  const first = accessPage(cpu, kind, la, cpl, ac);
  if (first.out !== 'ok' || kind === 'fetch') return first;
  const offset = ((la % PAGE) + PAGE) % PAGE;
  if (offset + size <= PAGE) return first;
  const mode = pagingMode(cpu);
  const next = la - offset + PAGE;
  const second = accessPage(cpu, kind, mode === '4-level' ? next : next >>> 0, cpl, ac);
  return second.out === 'ok' ? { out: 'ok', pa: first.pa, pa2: second.pa } : second;
}

function accessPage(cpu: Paged, kind: AccessKind, la: number, cpl: number, ac: boolean): AccessResult {
  if ((cpu.cr0 & CR0.PG) === 0) return { out: 'ok', pa: la };
  const { tlb } = cpu;
  const writes = isWrite(kind);
  const entry = tlb.lookup(la);
  if (entry) {
    if (!rightFor(kind, cpl, entry).allows(entry, cpu, ac)) {
      tlb.dropPage(la);
      return pageFault(cpu, kind, la, cpl, PF.P);
    }
    if (entry.dirty || !writes) return { out: 'ok', pa: entry.frame + (la - entry.base) };
    // The first write through an entry that was read before walks again, to set D. SDM 4.8.
  }
  const request = { kind, la, cpl, ac };
  const found = tlb.structures ? walkFromCache(cpu, request, tlb.structures) : walk(cpu.walker, cpu, request);
  if (found.out !== 'ok') {
    if (entry !== undefined && cpu.strayBits === true) stray(cpu, request, entry.source);
    if (found.out === 'pf' && cpu.memory.isEmpty === false) return { ...found, early: true };
    tlb.dropPage(la);
    return found;
  }
  keepLeaf(cpu, la, found, writes);
  return { out: 'ok', pa: found.pa };
}

/** Begins where the cache of upper entries leads, and adds the upper entries of a successful walk to it. */
function walkFromCache(cpu: Paged, request: Access, structures: StructureCache): Walk {
  const uppers: { span: number; next: Start }[] = [];
  const { pcid } = cpu.tlb;
  const found = walk(cpu.walker, cpu, request, { start: structures.lookup(request.la, pcid), through: (span, next) => void uppers.push({ span, next }) });
  if (found.out === 'ok') for (const { span, next } of uppers) structures.fill(request.la, pcid, span, next);
  return found;
}

/** A walk for a write ends at the entry that the TLB had loaded, and finds it cleared: it is marked anyway. Erratum KNL4. */
function stray(cpu: Paged, request: Access, source: number): void {
  const { walker } = cpu;
  let last = 0;
  const words: Words = { read32: (pa) => walker.read32(last = pa) };
  translate(words, cpu, request, { start: cpu.tlb.structures?.lookup(request.la, cpu.tlb.pcid) });
  if (last === source && (walker.read32(source) & PTE.P) === 0) mark(walker, source, PTE.A | PTE.D);
}

/** What a successful walk leaves behind: A and D bits, and a TLB entry. */
export function keepLeaf(cpu: Paged, la: number, found: Mapping, writes: boolean): void {
  const { entries } = found;
  markUsed(cpu, entries);
  const last = entries[entries.length - 1]!;
  if (writes) mark(cpu.walker, last, PTE.D);
  cpu.tlb.fill(la, found, found.global && (cpu.cr4 & CR4.PGE) !== 0, found.dirty || writes, cpu.strayBits ? last : 0);
}

/** Sets the A bits of entries that a walk used. */
export function markUsed({ walker }: Paged, entries: readonly number[]): void {
  for (const at of entries) mark(walker, at, PTE.A);
}

/** Sets bits of an entry that a walk used, by a locked update. */
function mark(memory: PagedMemory, at: number, bits: number): void {
  const old = memory.read32(at);
  if ((old & bits) === bits) return;
  memory.write32(at, old | bits);
  memory.drain?.();
}

/** The current process-context identifier, according to the registers. SDM 4.10.1. */
export function pcidOf({ cr3, cr4 }: Registers): number {
  return (cr4 & CR4.PCIDE) === 0 ? 0 : cr3 % PCIDS;
}

/**
 * MOV to a control register, with all its effects on the TLB (SDM 4.10.4.1) and
 * on the PDPTE registers (SDM 4.4.1). On #GP nothing has changed.
 */
export function setCr(cpu: Paged, name: ControlRegister, value: number): ProtectionFault | null {
  switch (name) {
    case 'cr0': return setCr0(cpu, value >>> 0);
    case 'cr3': return setCr3(cpu, value);
    case 'cr4': return setCr4(cpu, value >>> 0);
  }
}

function setCr0(cpu: Paged, value: number): ProtectionFault | null {
  const changed = cpu.cr0 ^ value;
  const paging = (value & CR0.PG) !== 0;
  if (paging && (value & CR0.PE) === 0) return GP;
  if ((value & CR0.NW) !== 0 && (value & CR0.CD) === 0) return GP;
  const long = (cpu.efer & EFER.LME) !== 0;
  const pae = (cpu.cr4 & CR4.PAE) !== 0;
  if (paging && long && !pae) return GP;
  if (!paging && (cpu.cr4 & CR4.PCIDE) !== 0) return GP;
  if (paging && !long && pae && (changed & (CR0.CD | CR0.NW | CR0.PG)) !== 0 && !loadPdptes(cpu, cpu.cr3)) return GP;
  cpu.cr0 = (value | CR0.ET) >>> 0;
  if ((changed & CR0.PG) !== 0) {
    cpu.efer = paging && long ? cpu.efer | EFER.LMA : cpu.efer & ~EFER.LMA;
    cpu.tlb.dropAll();
  }
  return null;
}

function setCr3(cpu: Paged, value: number): ProtectionFault | null {
  if (value < 0 || value >= 2 ** cpu.maxphyaddr) return GP;
  if (pagingMode(cpu) === 'PAE' && !loadPdptes(cpu, value)) return GP;
  cpu.cr3 = value;
  cpu.tlb.dropNonGlobal();
  return null;
}

/** MOV to CR3 with bit 63 set: nothing is dropped. Without CR4.PCIDE the bit is reserved. */
export function setCr3NoFlush(cpu: Paged, value: number): ProtectionFault | null {
  if ((cpu.cr4 & CR4.PCIDE) === 0 || value < 0 || value >= 2 ** cpu.maxphyaddr) return GP;
  cpu.cr3 = value;
  return null;
}

/** What INVPCID drops, by its type: one address of a PCID, one PCID, everything, everything except global entries. SDM volume 2A, INVPCID. */
export const INVPCID = { address: 0, context: 1, all: 2, allButGlobal: 3 } as const;

/** INVPCID with its descriptor. On #GP nothing has changed. */
export function invalidatePcid(cpu: Paged, type: number, pcid: number, la: number): ProtectionFault | null {
  const named = type === INVPCID.address || type === INVPCID.context;
  if (pcid < 0 || pcid >= PCIDS || (named && pcid !== 0 && (cpu.cr4 & CR4.PCIDE) === 0)) return GP;
  if (type === INVPCID.address && !isCanonical(la)) return GP;
  switch (type) {
    case INVPCID.address: cpu.tlb.dropAddress(la, pcid); return null;
    case INVPCID.context: cpu.tlb.dropNonGlobal(pcid); return null;
    case INVPCID.all: cpu.tlb.dropAll(); return null;
    case INVPCID.allButGlobal: cpu.tlb.dropEveryNonGlobal(); return null;
    default: return GP;
  }
}

function setCr4(cpu: Paged, value: number): ProtectionFault | null {
  const changed = cpu.cr4 ^ value;
  if ((value & ~(cpu.hasPcids ? CR4_KNOWN : CR4_KNOWN & ~CR4.PCIDE)) !== 0) return GP;
  if ((changed & value & CR4.PCIDE) !== 0 && ((cpu.efer & EFER.LMA) === 0 || cpu.cr3 % PCIDS !== 0)) return GP;
  if ((cpu.efer & EFER.LMA) !== 0 && (value & CR4.PAE) === 0) return GP;
  const pae = (cpu.cr0 & CR0.PG) !== 0 && (cpu.efer & EFER.LMA) === 0 && (value & CR4.PAE) !== 0;
  if (pae && (changed & (CR4.PAE | CR4.PGE | CR4.PSE | CR4.SMEP)) !== 0 && !loadPdptes(cpu, cpu.cr3)) return GP;
  cpu.cr4 = value;
  // Model: the manual does not name PSE here; processors drop everything anyway.
  if ((changed & (CR4.PGE | CR4.PAE | CR4.PSE)) !== 0 || (changed & ~value & CR4.PCIDE) !== 0) cpu.tlb.dropAll();
  else if ((changed & value & CR4.SMEP) !== 0) cpu.tlb.dropContext();
  return null;
}

/** WRMSR to EFER: only the processor changes LMA; LME cannot change while paging is on. */
export function setEfer(cpu: Paged, value: number): ProtectionFault | null {
  if ((cpu.cr0 & CR0.PG) !== 0 && ((cpu.efer ^ value) & EFER.LME) !== 0) return GP;
  cpu.efer = (value & ~EFER.LMA) | (cpu.efer & EFER.LMA);
  return null;
}

/** Loads the four PDPTE registers from the table at `cr3`; if one is bad, loads none and returns false. */
function loadPdptes(cpu: Paged, cr3: number): boolean {
  const table = (cr3 & 0xffffffe0) >>> 0;
  const words: number[] = [];
  for (let i = 0; i < 8; i++) words.push(cpu.memory.read32(table + 4 * i));
  for (let i = 0; i < 8; i += 2) if (isBadPdpte(words[i]!, words[i + 1]!, cpu.maxphyaddr)) return false;
  cpu.pdptes = words;
  return true;
}
