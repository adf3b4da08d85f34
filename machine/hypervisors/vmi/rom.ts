import type { Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import {
  PCI_DEVICE_ID_VMWARE_VMI, PCI_VENDOR_ID_VMWARE, ROM_SIGNATURE, VMI_API_REV_MAJOR, VMI_API_REV_MINOR, VMI_CALL, VMI_SIGNATURE, VROM,
  type Firmware, type RelocationInfo, type RelocationType, type VmiCall,
} from '../interface-vmi';

// The option ROM through which a guest finds the hypervisor: a header in
// memory, and code behind addresses. Other code supplies what each call does, so
// that the calls of boot and those of lazy modes can be read separately.

/** The contents of the ROM's header. */
export interface RomHeader {
  /** Physical address of the ROM, a multiple of 2 KiB. */
  readonly at: number;
  readonly rom_signature: number;
  readonly vrom_signature: number;
  readonly api_version_maj: number;
  readonly api_version_min: number;
  readonly virtual_top: number;
  /** Null: the ROM names no licence. */
  readonly license: string | null;
  /** Null: the ROM has no PCI header. */
  readonly pci: { readonly vendor: number; readonly device: number } | null;
}

/** Model: no document gives virtual_top of a shipped ROM; 64 MiB for the hypervisor is a choice. */
export const ASSUMED_VIRTUAL_TOP = 0xfc000000;

/** A ROM that Linux accepts. */
export const ACCEPTED_ROM: RomHeader = {
  at: 0xc8000,
  rom_signature: ROM_SIGNATURE,
  vrom_signature: VMI_SIGNATURE,
  api_version_maj: VMI_API_REV_MAJOR,
  api_version_min: VMI_API_REV_MINOR,
  virtual_top: ASSUMED_VIRTUAL_TOP,
  license: 'GPL',
  pci: { vendor: PCI_VENDOR_ID_VMWARE, device: PCI_DEVICE_ID_VMWARE_VMI },
};

const LICENSE_OFFSET = 0x100;
const PCI_OFFSET = 0x140;

/** Puts a ROM's header where a kernel will look for it. */
export function writeRom(memory: Memory, rom: RomHeader): void {
  const bytes = new Map<number, number>();
  const put = (offset: number, value: number, size: number): void => {
    for (let i = 0; i < size; i++) bytes.set(offset + i, Math.floor(value / 2 ** (8 * i)) & 0xff);
  };
  put(VROM.rom_signature, rom.rom_signature, 2);
  put(VROM.rom_length, 8, 1);
  put(VROM.vrom_signature, rom.vrom_signature, 4);
  put(VROM.api_version_min, rom.api_version_min, 1);
  put(VROM.api_version_maj, rom.api_version_maj, 1);
  put(VROM.virtual_top, rom.virtual_top, 4);
  if (rom.license !== null) {
    put(VROM.license_offs, LICENSE_OFFSET, 2);
    [...rom.license, '\0'].forEach((letter, i) => put(LICENSE_OFFSET + i, letter.charCodeAt(0), 1));
  }
  if (rom.pci !== null) {
    put(VROM.pci_header_offs, PCI_OFFSET, 2);
    put(PCI_OFFSET + 4, rom.pci.vendor, 2);
    put(PCI_OFFSET + 6, rom.pci.device, 2);
  }
  const words = new Set([...bytes.keys()].map((offset) => offset & ~3));
  for (const offset of words) {
    const word = [3, 2, 1, 0].reduce((value, i) => value * 256 + (bytes.get(offset + i) ?? 0), 0);
    memory.write32(rom.at + offset, word);
  }
}

/** What one call does. */
export type CallBody = (cpu: Cpu, operands: readonly number[]) => number;

interface Provided {
  readonly type: RelocationType;
  readonly body: CallBody;
}

/** Where the ROM's code appears to the guest: in the hypervisor's own part of the address space. */
const CODE_OFFSET = 0x1000;
const SLOT = 0x40;

/**
 * The code of a ROM. A call that is not provided is relocated as NONE: the
 * guest keeps its native operation.
 */
export class VmiRom implements Firmware {
  private readonly provided = new Map<number, Provided>();
  private init!: CallBody;

  constructor(readonly header: RomHeader) {}

  /** Sets what VMI_Init does; it returns 0 if the guest is accepted. */
  onInit(body: CallBody): void {
    this.init = body;
  }

  /** Provides a call. NOP tells the guest to leave the operation out. */
  provide(call: VmiCall, body: CallBody, type: RelocationType = 'CALL_REL'): void {
    this.provided.set(VMI_CALL[call], { type, body });
  }

  /** Withdraws a call: the guest keeps its native operation. */
  withdraw(call: VmiCall): void {
    this.provided.delete(VMI_CALL[call]);
  }

  /** The address of a call's code, as GetRelocationInfo gives it. */
  eipOf(number: number): number {
    return this.header.virtual_top + CODE_OFFSET + SLOT * number;
  }

  call(cpu: Cpu, eip: number, operands: readonly number[]): number | RelocationInfo {
    if (eip === this.header.at + VROM.vmi_init) return this.init(cpu, operands);
    if (eip === this.header.at + VROM.get_reloc) return this.relocation(operands[0]!);
    const number = (eip - this.header.virtual_top - CODE_OFFSET) / SLOT;
    const call = this.provided.get(number);
    if (!call) throw new Error(`machine bug: ${cpu.name} calls 0x${eip.toString(16)}, where the ROM has no code; an operation was filled from a relocation of type NONE`);
    return call.body(cpu, operands);
  }

  private relocation(number: number): RelocationInfo {
    const call = this.provided.get(number);
    return call ? { eip: call.type === 'CALL_REL' || call.type === 'JUMP_REL' ? this.eipOf(number) : 0, type: call.type } : { eip: 0, type: 'NONE' };
  }
}
