import type { Context } from '../context';
import { tracked } from '../state/tracked';
import { VECTOR } from './interrupts';
import type { StartMessage } from './start-up';

// The state of a processor, except for its TLB and its store buffer.

interface CpuFields {
  cr0: number;
  cr2: number;
  /** Physical address of the top table, with its control bits. */
  cr3: number;
  cr4: number;
  efer: number;
  /** The PDPTE registers of PAE paging: low and high word of each. */
  pdptes: readonly number[];
  /** The interrupt flag of EFLAGS. */
  IF: boolean;
  /** Current privilege level, 0 to 3. */
  cpl: number;
  /** The I/O privilege level of EFLAGS: the outermost ring that may use CLI, STI and I/O. */
  iopl: number;
  /** The alignment-check flag of EFLAGS, which lifts SMAP at level 0. */
  ac: boolean;
  /** No interrupt comes before the instruction that follows an STI or MOV SS. */
  interruptShadow: boolean;
  /** The shadow is that of MOV SS, which holds off NMIs too. Only set with `interruptShadow`. */
  nmiShadow: boolean;
  /** An NMI is being handled, and another one must wait for an IRET. */
  nmiBlocked: boolean;
  /** HLT was executed, and no interrupt has come since. */
  halted: boolean;
  /** Neither a fault nor the double fault about it could be delivered. Only a reset helps. */
  shutdown: boolean;
  /** INIT has come, and the processor does nothing until a start-up message. */
  waitsForStartup: boolean;
  /** Where the interrupt descriptor table is, as a linear address; null if its memory is not modelled. */
  idtAddress: number | null;
  /** Where an entry from the current context pushes its frame, as a linear address; null if that is not modelled. */
  stackTop: number | null;
  context: Context | null;
  /** Vectors of interprocessor interrupts on their way, each at most once. */
  ipis: readonly number[];
  /** INIT and start-up messages on their way, in the order in which they were sent. */
  messages: readonly StartMessage[];
  /** The memory access that the last instruction completed, for checkers. */
  lastAccess: { readonly la: number; readonly pa: number; readonly kind: string } | null;
}

/** CR0.PG, CR0.WP, CR0.PE. */
export const CR0_PG = 0x80000000;
export const CR0_WP = 0x00010000;
export const CR0_PE = 0x00000001;
/** CR4.PSE, CR4.PAE, CR4.PGE. */
export const CR4_PSE = 0x10;
export const CR4_PAE = 0x20;
export const CR4_PGE = 0x80;

/** Vector of the page fault. */
export const PAGE_FAULT = VECTOR.PF;

/** The registers of a processor, the interrupts and messages on their way to it, and what it runs. */
export class Registers extends tracked<CpuFields>({
  cr0: CR0_PG | CR0_PE | CR0_WP,
  cr2: 0,
  cr3: 0,
  cr4: CR4_PSE | CR4_PGE,
  efer: 0,
  pdptes: [],
  IF: false,
  cpl: 0,
  iopl: 0,
  ac: false,
  interruptShadow: false,
  nmiShadow: false,
  nmiBlocked: false,
  halted: false,
  shutdown: false,
  waitsForStartup: false,
  idtAddress: null,
  stackTop: null,
  context: null,
  ipis: [],
  messages: [],
  lastAccess: null,
}, ['lastAccess']) {}
