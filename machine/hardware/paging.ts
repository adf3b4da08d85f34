// Paging as the processor's manual states it (Intel SDM volume 3A, chapter 4):
// from a linear address to a physical one, or to a fault. Nothing here changes
// anything. Read `RIGHTS` first: it is the whole permission check.
//
// Linear addresses are numbers. In the 32-bit modes they are unsigned. In long
// mode they are the two's complement value of the 64-bit address, so that the
// upper half is negative and every canonical address is exact. Entries of 64
// bits are two words, since numbers are faster than big integers.

/** Memory as a page walk reads it. */
export interface Words {
  /** The 32-bit word at the physical address `pa`, unsigned. */
  read32(pa: number): number;
}

/** The registers on which translation depends. */
export interface Registers {
  /** Unsigned. */
  cr0: number;
  /** Linear address of the last page fault. */
  cr2: number;
  /** Physical address of the top-level table; beyond 32 bits in long mode. */
  cr3: number;
  /** Unsigned. */
  cr4: number;
  /** The low 32 bits of the MSR. */
  efer: number;
  /** The four PDPTE registers of PAE paging as low and high words, eight in all. */
  pdptes: readonly number[];
  /** Width of a physical address in bits, 32 to 52. */
  readonly maxphyaddr: number;
  /** Whether it has no pages of 1 GiB, so that PS is reserved in the entries that would map them. */
  readonly lacksGigabytePages?: boolean;
}

/** CR0 bits. */
export const CR0 = { PE: 1, MP: 1 << 1, EM: 1 << 2, TS: 1 << 3, ET: 1 << 4, NE: 1 << 5, WP: 1 << 16, AM: 1 << 18, NW: 1 << 29, CD: 1 << 30, PG: 1 << 31 } as const;
/** CR4 bits. */
export const CR4 = { VME: 1, PVI: 1 << 1, TSD: 1 << 2, DE: 1 << 3, PSE: 1 << 4, PAE: 1 << 5, MCE: 1 << 6, PGE: 1 << 7, PCE: 1 << 8, OSFXSR: 1 << 9, OSXMMEXCPT: 1 << 10, VMXE: 1 << 13, PCIDE: 1 << 17, SMEP: 1 << 20, SMAP: 1 << 21 } as const;
/** EFER bits. */
export const EFER = { SCE: 1, LME: 1 << 8, LMA: 1 << 10, NXE: 1 << 11 } as const;
/** Bits of a paging-structure entry, in its low word. */
export const PTE = { P: 1, RW: 2, US: 4, PWT: 8, PCD: 16, A: 32, D: 64, PS: 128, G: 256 } as const;
/** Bit 63 of an entry, seen in its high word. */
export const NX = 1 << 31;
/** Bits of the page-fault error code. */
export const PF = { P: 1, W: 2, U: 4, RSVD: 8, ID: 16 } as const;

export type AccessKind = 'read' | 'write' | 'fetch' | 'rmw';

/** One access to linear memory, within one page. */
export interface Access {
  readonly kind: AccessKind;
  readonly la: number;
  /** Privilege level, 0 to 3; only 3 is user mode for paging. */
  readonly cpl: number;
  /** EFLAGS.AC: lets ring 0 touch user pages under SMAP. */
  readonly ac: boolean;
}

/** What a translation allows, over all levels, as a TLB keeps it. */
export interface Rights {
  readonly writable: boolean;
  readonly user: boolean;
  readonly noExecute: boolean;
}

/** Page-fault result: vector 14 with this error code and CR2. */
export interface PageFault {
  readonly out: 'pf';
  readonly err: number;
  readonly cr2: number;
  /** The walk has ended, or has marked an entry, before the stores that the fault drains: others can act in between. */
  readonly early?: true;
}
/** #GP(0). */
export interface ProtectionFault { readonly out: 'gp'; readonly err: 0 }

/** A translation that a walk found. */
export interface Mapping extends Rights {
  readonly out: 'ok';
  /** The byte's physical address. */
  readonly pa: number;
  /** Bytes of the page: 4 KiB, 2 MiB, 4 MiB or 1 GiB. */
  readonly pageSize: number;
  /** The G bit of the last entry, whatever CR4.PGE says. */
  readonly global: boolean;
  /** The D bit of the last entry. */
  readonly dirty: boolean;
  /** Physical addresses of the entries used, the top first; the last maps the page. */
  readonly entries: readonly number[];
}

export type Walk = Mapping | PageFault | ProtectionFault;

/** The paging modes, which the registers select. */
export type PagingMode = 'none' | '32-bit' | 'PAE' | '4-level';

/** SDM 4.1.1. */
export function pagingMode({ cr0, cr4, efer }: Registers): PagingMode {
  if ((cr0 & CR0.PG) === 0) return 'none';
  if ((efer & EFER.LMA) !== 0) return '4-level';
  return (cr4 & CR4.PAE) !== 0 ? 'PAE' : '32-bit';
}

// --- Permissions --------------------------------------------------------------

/** One row of the permission table. */
export interface Right {
  readonly by: 'supervisor' | 'user';
  readonly kind: 'read' | 'write' | 'fetch';
  readonly page: 'supervisor' | 'user';
  /** The condition, as the manual words it. */
  readonly when: string;
  readonly allows: (page: Rights, r: Registers, ac: boolean) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const writeProtect = (page: Rights, { cr0 }: Registers): boolean => (cr0 & CR0.WP) === 0 || page.writable;
const smap = ({ cr4 }: Registers, ac: boolean): boolean => (cr4 & CR4.SMAP) === 0 || ac;
const executable = (page: Rights, r: Registers): boolean => !page.noExecute || !nxEnabled(r);

/** SDM 4.6.1, row by row. A user page has U/S set in every entry of its walk; writable likewise; no-execute is any entry's. */
export const RIGHTS: readonly Right[] = [
  { by: 'supervisor', kind: 'read', page: 'supervisor', when: 'always', allows: always },
  { by: 'supervisor', kind: 'read', page: 'user', when: 'SMAP=0 or AC=1', allows: (_, r, ac) => smap(r, ac) },
  { by: 'supervisor', kind: 'write', page: 'supervisor', when: 'WP=0 or writable', allows: writeProtect },
  { by: 'supervisor', kind: 'write', page: 'user', when: '(SMAP=0 or AC=1) and (WP=0 or writable)', allows: (page, r, ac) => smap(r, ac) && writeProtect(page, r) },
  { by: 'supervisor', kind: 'fetch', page: 'supervisor', when: 'not no-execute', allows: executable },
  { by: 'supervisor', kind: 'fetch', page: 'user', when: 'SMEP=0 and not no-execute', allows: (page, r) => (r.cr4 & CR4.SMEP) === 0 && executable(page, r) },
  { by: 'user', kind: 'read', page: 'supervisor', when: 'never', allows: never },
  { by: 'user', kind: 'read', page: 'user', when: 'always', allows: always },
  { by: 'user', kind: 'write', page: 'supervisor', when: 'never', allows: never },
  { by: 'user', kind: 'write', page: 'user', when: 'writable', allows: ({ writable }) => writable },
  { by: 'user', kind: 'fetch', page: 'supervisor', when: 'never', allows: never },
  { by: 'user', kind: 'fetch', page: 'user', when: 'not no-execute', allows: executable },
];

const KIND_ROW = { read: 0, write: 2, rmw: 2, fetch: 4 } as const;

/** The row of the table that decides about this access to a page with these rights. */
export function rightFor(kind: AccessKind, cpl: number, page: Rights): Right {
  return RIGHTS[(cpl === 3 ? 6 : 0) + KIND_ROW[kind] + (page.user ? 1 : 0)]!;
}

/** Whether pages may be marked no-execute: EFER.NXE, which only has a meaning if entries have 64 bits. */
export function nxEnabled({ cr4, efer }: Registers): boolean {
  return (efer & EFER.NXE) !== 0 && (cr4 & CR4.PAE) !== 0;
}

/** The page fault of this access; `cause` is PF.P for rights, PF.P|PF.RSVD for a reserved bit, 0 for not present. SDM 4.7. */
export function pageFault(r: Registers, kind: AccessKind, la: number, cpl: number, cause: number): PageFault {
  const fetchBit = kind === 'fetch' && (nxEnabled(r) || (r.cr4 & CR4.SMEP) !== 0) ? PF.ID : 0;
  return { out: 'pf', err: cause | (isWrite(kind) ? PF.W : 0) | (cpl === 3 ? PF.U : 0) | fetchBit, cr2: la };
}

function fault(r: Registers, { kind, la, cpl }: Access, cause: number): PageFault {
  return pageFault(r, kind, la, cpl, cause);
}

/** Whether the access stores; a read-modify-write counts as a write throughout. */
export function isWrite(kind: AccessKind): boolean {
  return kind === 'write' || kind === 'rmw';
}

/** Canonical: bits 63 to 47 are equal. */
export function isCanonical(la: number): boolean {
  return la >= -0x800000000000 && la < 0x800000000000;
}

// --- The walk -----------------------------------------------------------------

/** One level of tables: which address bits index it, and what its large pages are. */
interface Level {
  /** The lowest address bit of the index. */
  readonly shift: number;
  /** Low-word bits that must be 0 in an entry that maps a page here; null where PS may not be set (bit 7 reserved). */
  readonly leafReserved: number | null;
}

const PML4: Level = { shift: 39, leafReserved: null };
const PDPT: Level = { shift: 30, leafReserved: 0x3fffe000 };
const PD: Level = { shift: 21, leafReserved: 0x001fe000 };
const PT: Level = { shift: 12, leafReserved: 0 };
const FOUR_LEVELS: readonly Level[] = [PML4, PDPT, PD, PT];
const PAE_LEVELS: readonly Level[] = [PD, PT];

/** Where a walk may begin below the top: a table with the rights collected on the way to it. */
export interface Start extends Rights {
  /** Physical address of the table. */
  readonly table: number;
  /** Which level it is, counted from the top of the mode's tables. */
  readonly level: number;
}

/** Where a walk begins if not at the top, and a function that is told of the tables on its way. */
export interface Way {
  readonly start?: Start | undefined;
  /** The entry at the physical address `at`, which covers `span` bytes, leads to `next`. */
  readonly through?: (span: number, next: Start, at: number) => void;
}

/** Walks the tables for one access and checks its rights. */
export function walk(memory: Words, r: Registers, access: Access, way: Way = {}): Walk {
  const found = translate(memory, r, access, way);
  if (found.out !== 'ok') return found;
  return rightFor(access.kind, access.cpl, found).allows(found, r, access.ac) ? found : fault(r, access, PF.P);
}

/** Walks the tables without checking rights: what a TLB may hold for the address. */
export function translate(memory: Words, r: Registers, access: Access, way: Way = {}): Walk {
  switch (pagingMode(r)) {
    case 'none': return { out: 'ok', pa: access.la, pageSize: 4096, writable: true, user: true, noExecute: false, global: false, dirty: true, entries: [] };
    case '32-bit': return walk32(memory, r, access, way);
    case 'PAE': return walkPae(memory, r, access, way);
    case '4-level': return isCanonical(access.la) ? walk64(memory, r, access, way.start ?? { table: tableOf(r.cr3), level: 0, ...ALL }, FOUR_LEVELS, way) : { out: 'gp', err: 0 };
  }
}

const ALL: Rights = { writable: true, user: true, noExecute: false };

function tableOf(cr3: number): number {
  return Math.floor(cr3 / 4096) * 4096;
}

/** 32-bit paging: two levels of 4-byte entries, 4 MiB pages with PSE (and their address bits 39:32 in bits 20:13). SDM 4.3. */
function walk32(memory: Words, r: Registers, access: Access, { start, through }: Way): Walk {
  const { la } = access;
  const entries: number[] = [];
  let { writable, user } = start ?? ALL;
  let table = start?.table;
  if (table === undefined) {
    const at = ((r.cr3 & 0xfffff000) >>> 0) + (la >>> 22) * 4;
    const pde = memory.read32(at);
    entries.push(at);
    if ((pde & PTE.P) === 0) return fault(r, access, 0);
    writable = (pde & PTE.RW) !== 0;
    user = (pde & PTE.US) !== 0;
    if ((pde & PTE.PS) !== 0 && (r.cr4 & CR4.PSE) !== 0) {
      if ((pde & reservedPse36(r.maxphyaddr)) !== 0) return fault(r, access, PF.P | PF.RSVD);
      const pa = ((pde >>> 13) & 0xff) * 0x100000000 + ((pde & 0xffc00000) >>> 0) + (la & 0x3fffff);
      return { out: 'ok', pa, pageSize: 0x400000, writable, user, noExecute: false, global: (pde & PTE.G) !== 0, dirty: (pde & PTE.D) !== 0, entries };
    }
    table = (pde & 0xfffff000) >>> 0;
    through?.(0x400000, { table, level: 1, writable, user, noExecute: false }, at);
  }
  const at = table + ((la >>> 12) & 0x3ff) * 4;
  const pte = memory.read32(at);
  entries.push(at);
  if ((pte & PTE.P) === 0) return fault(r, access, 0);
  return {
    out: 'ok', pa: ((pte & 0xfffff000) >>> 0) + (la & 0xfff), pageSize: 4096,
    writable: writable && (pte & PTE.RW) !== 0, user: user && (pte & PTE.US) !== 0, noExecute: false,
    global: (pte & PTE.G) !== 0, dirty: (pte & PTE.D) !== 0, entries,
  };
}

/** Of bits 21:13 of a 4 MiB entry, those that are above the physical address width. */
function reservedPse36(maxphyaddr: number): number {
  const addressBits = Math.max(0, Math.min(maxphyaddr, 40) - 32);
  return 0x3fe000 & ~(((1 << addressBits) - 1) << 13);
}

/** PAE paging: the top is one of four registers, which only have a present bit and an address. SDM 4.4. */
function walkPae(memory: Words, r: Registers, access: Access, way: Way): Walk {
  if (way.start) return walk64(memory, r, access, way.start, PAE_LEVELS, way);
  const which = (access.la >>> 30) * 2;
  const low = r.pdptes[which] ?? 0;
  if ((low & PTE.P) === 0) return fault(r, access, 0);
  return walk64(memory, r, access, { table: addressOf(low, r.pdptes[which + 1] ?? 0), level: 0, ...ALL }, PAE_LEVELS, way);
}

/** The tables with 8-byte entries, from `start` down. SDM 4.4.2 and 4.5. */
function walk64(memory: Words, r: Registers, access: Access, start: Start, levels: readonly Level[], { through }: Way): Walk {
  const { la } = access;
  const entries: number[] = [];
  const reservedHigh = reservedHighBits(r, levels === PAE_LEVELS);
  let { table, writable, user, noExecute } = start;
  for (let i = start.level; i < levels.length; i++) {
    const level = levels[i]!;
    const at = table + (Math.floor(la / 2 ** level.shift) & 0x1ff) * 8;
    const low = memory.read32(at);
    entries.push(at);
    if ((low & PTE.P) === 0) return fault(r, access, 0);
    const high = memory.read32(at + 4);
    const isLast = level === PT;
    const isLeaf = isLast || (low & PTE.PS) !== 0;
    const leafReserved = level === PDPT && r.lacksGigabytePages ? null : level.leafReserved;
    const reservedLow = !isLeaf || isLast ? 0 : leafReserved ?? PTE.PS;
    if ((high & reservedHigh) !== 0 || (low & reservedLow) !== 0) return fault(r, access, PF.P | PF.RSVD);
    writable &&= (low & PTE.RW) !== 0;
    user &&= (low & PTE.US) !== 0;
    noExecute ||= (high & NX) !== 0;
    if (isLeaf) {
      const pageSize = 2 ** level.shift;
      const base = addressOf(low, high);
      const pa = base - (base % pageSize) + (la - Math.floor(la / pageSize) * pageSize);
      return { out: 'ok', pa, pageSize, writable, user, noExecute, global: (low & PTE.G) !== 0, dirty: (low & PTE.D) !== 0, entries };
    }
    table = addressOf(low, high);
    through?.(2 ** level.shift, { table, level: i + 1, writable, user, noExecute }, at);
  }
  throw new Error('machine bug: a walk went past the last level');
}

/** Bits 51:12 of an entry. */
export function addressOf(low: number, high: number): number {
  return (high & 0xfffff) * 0x100000000 + ((low & 0xfffff000) >>> 0);
}

/** High-word bits that must be 0: above the physical address width; in PAE entries up to bit 62; NX unless enabled. */
function reservedHighBits(r: Registers, pae: boolean): number {
  const aboveAddress = -1 << (r.maxphyaddr - 32);
  return (aboveAddress & (pae ? 0x7fffffff : 0xfffff)) | (nxEnabled(r) ? 0 : NX);
}

/** Whether a PDPTE may not be loaded: present with a reserved bit set. SDM 4.4.1. */
export function isBadPdpte(low: number, high: number, maxphyaddr: number): boolean {
  return (low & PTE.P) !== 0 && ((low & 0x1e6) !== 0 || (high & (-1 << (maxphyaddr - 32))) !== 0);
}
