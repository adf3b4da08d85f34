import type { Cpu } from '../../hardware/cpu';
import { cli, load, popf, pushf } from '../../hardware/instructions';
import {
  PCI_DEVICE_ID_VMWARE_VMI, PCI_VENDOR_ID_VMWARE, ROM_SIGNATURE, VMI_API_REV_MAJOR, VMI_API_REV_MINOR, VMI_CALL, VMI_SIGNATURE, VROM,
  type RelocationInfo, type VmiCall,
} from '../../hypervisors/interface-vmi';
import { instruction, path, type Path } from '../../path';
import { __va, get, printk, set, type BootKernel } from './boot-kernel';
import { callRom } from './entries';
import { early_ioremap_init } from './ioremap';
import { maxmem, PAGE_OFFSET } from './layout';
import { readWords, textOf } from './memcpy';
import { reserve_top_address, reserve_vmalloc } from './pgtable-fixmap';

// arch/x86/kernel/vmi_32.c: finds the hypervisor's ROM, moves out of its way,
// and lets it take over the page tables. Where these three stand in
// setup_arch is what thread 003 is about.

const ROM_AREA_START = 0xc0000;
const ROM_AREA_END = 0xe0000;
const ROM_STEP = 2048;

/**
 * arch/x86/kernel/vmi_32.c:664-678 (2.6.27), probe_vmi_rom(): looks at every place where an option ROM may begin, through the direct map.
 * Model: leaves out isa_bus_to_virt: the window of ROMs is mapped at a constant.
 */
const probe_vmi_rom = path(function* probe_vmi_rom(k: BootKernel): Path {
  for (let base = ROM_AREA_START; base < ROM_AREA_END; base += ROM_STEP) {
    const accepted = yield* check_vmi_rom(k, __va(k, base));
    if (accepted) {
      yield* set(k, 'vmi_rom', __va(k, base));
      return;
    }
  }
});

/**
 * arch/x86/kernel/vmi_32.c:597-659 (2.6.27), check_vmi_rom(): what Linux requires of a ROM. `rom` is an address.
 * Model: leaves out api_version_maj, vendorID, deviceID, pnp_header_offs, manufacturer_offset, product_offset, rom_version_maj, rom_version_min, strcmp: what it prints about the ROM.
 */
export const check_vmi_rom = path(function* check_vmi_rom(k: BootKernel, rom: number): Path<boolean> {
  const first = yield* load(rom + VROM.rom_signature);
  if ((first & 0xffff) !== ROM_SIGNATURE) return false;
  const signature = yield* load(rom + VROM.vrom_signature);
  if (signature !== VMI_SIGNATURE) return false;
  const version = yield* load(rom + VROM.api_version_min);
  const minor = version & 0xff;
  const major = (version >>> 8) & 0xff;
  if (major !== VMI_API_REV_MAJOR || minor < VMI_API_REV_MINOR) {
    yield* printk(k, `VMI: Found mismatched rom version ${major}.${minor}`);
    return false;
  }
  const offsets = yield* readWords(rom + 0x14, 2);
  const license_offs = offsets[0]! >>> 16;
  const pci_header_offs = offsets[1]! & 0xffff;
  if (pci_header_offs === 0) return false;
  const pci = yield* load(rom + pci_header_offs + 4);
  if ((pci & 0xffff) !== PCI_VENDOR_ID_VMWARE || pci >>> 16 !== PCI_DEVICE_ID_VMWARE_VMI) yield* printk(k, 'VMI: Warning: VMI ROM has unknown vendor or device');
  const license = license_offs === 0 ? 'unspecified' : textOf(yield* readWords(rom + license_offs, 4));
  yield* printk(k, `VMI: Found rom, API version ${major}.${minor}, license ${license}`);
  if (license !== 'GPL' && license !== 'GPL v2') {
    yield* printk(k, 'VMI: Non GPL license found for ROM');
    return false;
  }
  return true;
});

/** arch/x86/kernel/vmi_32.c:961-984 (2.6.27), vmi_init(). Without CONFIG_VMI, setup_arch calls a stub, or the call is not compiled at all. */
export const vmi_init = path(function* vmi_init(k: BootKernel): Path {
  if (!k.config.VMI || k.config.X86_64) return;
  const known = yield* get(k, 'vmi_rom');
  if (known === 0) yield* probe_vmi_rom(k);
  else yield* check_vmi_rom(k, known); // its answer is ignored
  const rom = yield* get(k, 'vmi_rom');
  if (rom === 0) return;

  const virtual_top = yield* load(rom + VROM.virtual_top);
  yield* reserve_top_address(k, negated(virtual_top));
  if (k.before('vmi-boot/split')) yield* activate_with_interrupts_off(k);
  yield* set(k, 'no_timer_check', true);
  if (k.after('vmi-boot/relink')) yield* early_ioremap_init(k);
  if (k.after('vmi-boot/announce-bm-pte')) yield* announceBmPte(k);
});

/** Unary minus of an unsigned long. */
const negated = (value: number): number => -value >>> 0;

const foundRom = instruction('if (!vmi_rom) return', (_cpu: Cpu, k: BootKernel) => k.boot.vmi_rom);

/**
 * arch/x86/kernel/vmi_32.c:980-990 (2.6.28), vmi_activate(): the half that needs the command line.
 * Model: leaves out local_irq_save, activate_vmi, local_irq_restore: the C's three lines are one path.
 * Model: adds activate_with_interrupts_off: those lines.
 */
export const vmi_activate = path(function* vmi_activate(k: BootKernel): Path {
  if (!k.config.VMI || k.config.X86_64) return;
  const rom = yield* foundRom(k);
  if (rom === 0) return;
  if (k.after('vmi-boot/reserve-split')) yield* reserve_vmalloc(k, negated(yield* load(rom + VROM.virtual_top)));
  yield* activate_with_interrupts_off(k);
});

/** arch/x86/kernel/vmi_32.c:961-984 (2.6.27), vmi_init(). What both versions do around activation: only the interrupt flag is put back. */
const activate_with_interrupts_off = path(function* activate_with_interrupts_off(k: BootKernel): Path {
  if (k.before('vmi-boot/irqs-on')) {
    const flags = yield* pushf();
    yield* cli();
    yield* activate_vmi(k);
    yield* popf(flags);
  }
  if (k.after('vmi-boot/irqs-on')) yield* activate_vmi(k);
});

/** arch/x86/kernel/vmi_32.c:745-957 (2.6.27), activate_vmi() in part: from here on the hypervisor sees each change of a page table, or is supposed to. */
const activate_vmi = path(function* activate_vmi(k: BootKernel): Path {
  const rom = yield* get(k, 'vmi_rom');
  const refused = yield* callRom(k, rom - PAGE_OFFSET + VROM.vmi_init, 'VMI_Init', []);
  if (refused !== 0) {
    yield* printk(k, 'VMI: initialization failed');
    return;
  }
  const heeded = yield* get(k, 'vmi_flags');
  yield* set(k, 'vmi_flags_heeded', heeded);
  yield* para_fill(k, 'pv_set_pte', k.config.X86_PAE ? 'SetPxELong' : 'SetPxE');
  yield* para_fill(k, 'pv_set_pmd', k.config.X86_PAE ? 'SetPxELong' : 'SetPxE');
  yield* para_fill(k, 'pv_alloc_pte', 'AllocatePage');
  yield* para_fill(k, 'pv_release_pte', 'ReleasePage');
  yield* para_fill(k, 'pv_set_linear', 'SetLinearMapping');
  yield* set(k, 'vmi_active', true);
  yield* vmi_bringup(k);
});

/**
 * arch/x86/kernel/vmi_32.c:683-688 (2.6.27), vmi_bringup(): tells the ROM which addresses are the direct map: until 2.6.27-rc2 up to the end of lowmem, later up to the farthest that lowmem may go.
 * Model: leaves out set_linear_mapping: vmi_ops.set_linear_mapping is the call of the ROM.
 */
const vmi_bringup = path(function* vmi_bringup(k: BootKernel): Path {
  const eip = yield* get(k, 'pv_set_linear');
  if (eip === 0) return;
  const max_low_pfn = yield* get(k, 'max_low_pfn');
  const top = yield* get(k, 'kernel_top');
  const reserve = yield* get(k, '__VMALLOC_RESERVE');
  const pages = k.since('2.6.27-rc3') ? Math.floor(maxmem(k.layout, top, reserve) / 4096) : max_low_pfn;
  yield* callRom(k, eip, 'SetLinearMapping', [0, PAGE_OFFSET, pages, 0]);
});

type Operation = 'pv_set_pte' | 'pv_set_pmd' | 'pv_alloc_pte' | 'pv_release_pte' | 'pv_set_linear';

/**
 * arch/x86/kernel/vmi_32.c:710-722 (2.6.27), para_fill(): a call that the ROM relocates replaces the native operation.
 * Model: leaves out call_vrom_long_func, type, opname: the relocation is looked up by the call's name.
 */
const para_fill = path(function* para_fill(k: BootKernel, operation: Operation, call: VmiCall): Path {
  const rom = yield* get(k, 'vmi_rom');
  const reloc = (yield* callRom(k, rom - PAGE_OFFSET + VROM.get_reloc, 'GetRelocationInfo', [VMI_CALL[call]])) as RelocationInfo;
  if (reloc.type === 'CALL_REL') yield* set(k, operation, reloc.eip);
});

/** Ours: the thread's explanation taken at its word, as a fix: bm_pte is announced, and nothing else. */
const announceBmPte = path(function* announceBmPte(k: BootKernel): Path {
  const eip = yield* get(k, 'pv_alloc_pte');
  if (eip !== 0) yield* callRom(k, eip, 'AllocatePage', [k.symbols.bm_pte / 4096, 0x41, 0, 0, 0]);
});
