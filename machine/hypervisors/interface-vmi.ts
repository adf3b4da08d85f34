import type { Cpu } from '../hardware/cpu';

// What a VMI guest and its ROM agreed on (include/asm-i386/vmi.h, API 3.0):
// offsets, call numbers, flags. Both sides read this file and share nothing
// else; each bug of these threads is something that it leaves unsaid.

/** Offsets into struct vrom_header, in bytes from the start of the ROM. */
export const VROM = {
  rom_signature: 0x00,
  rom_length: 0x02,
  vrom_signature: 0x08,
  api_version_min: 0x0c,
  api_version_maj: 0x0d,
  jump_slots: 0x0e,
  /** The first address that belongs to the hypervisor. */
  virtual_top: 0x10,
  license_offs: 0x16,
  pci_header_offs: 0x18,
  pnp_header_offs: 0x1a,
  /** Code of VMI_Init: returns 0 if the guest is accepted. */
  vmi_init: 0x80,
  /** Code of GetRelocationInfo. */
  get_reloc: 0x88,
} as const;

export const ROM_SIGNATURE = 0xaa55;
/** "cVmi", as a little-endian word. */
export const VMI_SIGNATURE = 0x696d5663;
export const VMI_API_REV_MAJOR = 3;
export const VMI_API_REV_MINOR = 0;
export const PCI_VENDOR_ID_VMWARE = 0x15ad;
export const PCI_DEVICE_ID_VMWARE_VMI = 0x0801;

/** Numbers of the calls. */
export const VMI_CALL = {
  CPUID: 0, WRMSR: 1, RDMSR: 2, SetGDT: 3, SetLDT: 4, SetIDT: 5, SetTR: 6, UpdateKernelStack: 14,
  SetCR0: 15, SetCR2: 16, SetCR3: 17, SetCR4: 18, GetCR0: 19, GetCR2: 20, GetCR3: 21, GetCR4: 22,
  EnableInterrupts: 29, DisableInterrupts: 30, GetInterruptMask: 31, SetInterruptMask: 32, IRET: 33, Halt: 35,
  SetPxE: 38, SetPxELong: 39, UpdatePxE: 40, UpdatePxELong: 41,
  AllocatePage: 44, ReleasePage: 45, InvalPage: 46, FlushTLB: 47, SetLinearMapping: 48,
  IODelay: 65, SetLazyMode: 73,
} as const;

export type VmiCall = keyof typeof VMI_CALL;

/** Page types and modifiers for AllocatePage, ReleasePage and the entry-writing calls. */
export const VMI_PAGE = { PT: 0x01, PD: 0x02, PDP: 0x04, PML4: 0x08, PAE: 0x10, CLONE: 0x20, ZEROED: 0x40 } as const;
/** In the flags of SetPxE the same bits have other meanings: entry of the current address space; may wait for a TLB flush. */
export const VMI_PTE = { CURRENT_AS: 0x10, DEFER: 0x20, VA_MASK: 0xfffff000 } as const;
/** Flags of FlushTLB. */
export const VMI_FLUSH = { TLB: 0x01, GLOBAL: 0x02 } as const;

/** How to change a call site or an operation. */
export type RelocationType = 'NONE' | 'CALL_REL' | 'JUMP_REL' | 'NOP';

/** struct vmi_relocation_info. Model: a record instead of 64 packed bits. */
export interface RelocationInfo {
  readonly [key: string]: number | string;
  readonly eip: number;
  readonly type: RelocationType;
}

/** Code that is not the kernel's. What the kernel calls by address. */
export interface Firmware {
  /** Runs the code at `eip` on `cpu`, indivisibly. Returns what it leaves in EAX. */
  call(cpu: Cpu, eip: number, operands: readonly number[]): number | RelocationInfo;
}
