import type { Cpu } from '../../hardware/cpu';
import { instruction, path, type Path } from '../../path';
import { printk, set, get, type BootKernel } from './boot-kernel';
import { DMI_AREA, DMI_AREA_SIZE, dmi_scan_machine, scansEarly } from './dmi-scan';
import { e820_reserve_setup_data, parse_setup_data, reserve_early_setup_data, setup_memory_map } from './e820';
import { parse_early_param } from './early-param';
import { find_low_pfn_range, init_apic_mappings, init_memory_mapping, initmem_init, mem_init, paging_init, paravirt_pagetable_setup_start } from './init-32';
import { early_ioremap, early_ioremap_init } from './ioremap';
import { vmi_activate, vmi_init } from './vmi-32';

// setup_arch as a list, one line for each step, in the order of each release. A
// call that was moved appears twice, each time with a guard. Thread 003 is all
// about which of these lines comes first.

/** A step that touches nothing which this thread is about, kept so that the order can be read. */
const passed = instruction((step: string) => step, (_cpu: Cpu, _step: string) => undefined);

/**
 * arch/x86/kernel/setup.c:594-887 (2.6.27), setup_arch() in part, as it is since 2.6.27.
 * Model: adds early_ioremap: the line of a wrong fix.
 */
export const setup_arch = path(function* setup_arch(k: BootKernel): Path {
  yield* passed('pre_setup_arch_hook');
  if (k.after('vmi-boot/init-first')) yield* vmi_init(k); // first of all: this may move the early mappings
  yield* passed('early_cpu_init');
  if (k.before('vmi-boot/ioremap-late')) yield* early_ioremap_init(k);
  if (between(k, '2.6.27-rc3', '2.6.27-rc5')) yield* vmi_init(k); // 31343d8a5079: vmi= is not parsed yet
  if (k.after('vmi-boot/activate-early')) yield* vmi_activate(k);
  yield* passed('ARCH_SETUP');
  yield* setup_memory_map(k);
  yield* parse_setup_data(k);
  yield* e820_reserve_setup_data(k);
  yield* passed('copy_edd');
  yield* parse_early_param(k);
  const kept = k.after('vmi-boot/map-before') ? yield* early_ioremap(k, DMI_AREA, DMI_AREA_SIZE) : null;
  if (k.since('2.6.27-rc5') && k.before('vmi-boot/activate')) yield* vmi_init(k); // 3a6ddd5f1840
  if (k.after('vmi-boot/activate') && k.before('vmi-boot/activate-early')) yield* vmi_activate(k);
  if (k.after('vmi-boot/ioremap-late')) yield* early_ioremap_init(k);
  yield* reserve_early_setup_data(k);
  yield* passed('finish_e820_parsing');
  if (scansEarly(k)) yield* dmi_scan_machine(k, kept); // 2216d199b143; on 32 bits the fixmap is not ready yet
  if (k.config.X86_64) return; // Model: what follows is for 32 bits; x86-64 has its page tables from head_64.S
  yield* passed('probe_roms');
  yield* find_low_pfn_range(k);
  yield* init_memory_mapping(k);
  // From here on every fixmap entry has a page table.
  if (!scansEarly(k)) yield* dmi_scan_machine(k, kept);
  yield* passed('acpi_boot_table_init');
  yield* initmem_init(k);
  if (before(k, '2.6.27-rc3')) yield* vmi_init(k); // 2.6.27-rc1: after the tables whose construction it should have seen
  yield* paravirt_pagetable_setup_start(k);
  yield* paging_init(k);
  yield* init_apic_mappings(k);
});

/**
 * arch/x86/kernel/setup_32.c:759-941 (2.6.26), setup_arch() in part, as it is in 2.6.26; before it arch/i386/kernel/setup.c, without early_ioremap.
 * Model: adds setup_memory_map: print_memory_map(memory_setup()) of the time.
 * Model: adds find_low_pfn_range, initmem_init: setup_memory() of the time.
 * Model: adds paravirt_pagetable_setup_start, init_memory_mapping: pagetable_init() of the time, which paging_init() calls.
 * Model: adds init_apic_mappings: trap_init() calls it later.
 */
export const setup_arch_32 = path(function* setup_arch(k: BootKernel): Path {
  yield* passed('pre_setup_arch_hook');
  yield* passed('early_cpu_init');
  if (k.since('2.6.25-rc1')) yield* early_ioremap_init(k);
  yield* passed('ARCH_SETUP');
  yield* setup_memory_map(k);
  yield* passed('copy_edd');
  yield* parse_early_param(k);
  yield* find_low_pfn_range(k);
  yield* initmem_init(k);
  yield* vmi_init(k);
  yield* paravirt_pagetable_setup_start(k);
  // Model: pagetable_init() of the time. Its first large page is one too, and the last one may reach beyond RAM: neither is looked at before all of lowmem is mapped.
  yield* init_memory_mapping(k);
  yield* paging_init(k);
  yield* dmi_scan_machine(k, null);
  yield* passed('acpi_boot_table_init');
  yield* init_apic_mappings(k);
});

/** init/main.c:539-692 (2.6.27), start_kernel() in part as far as mem_init(). Interrupts are off all along. */
export const start_kernel = path(function* start_kernel(k: BootKernel): Path {
  if (k.since('2.6.27-rc1')) yield* setup_arch(k);
  else yield* setup_arch_32(k);
  if (!k.config.X86_64) yield* mem_init(k);
  const line = yield* get(k, 'boot_command_line');
  yield* printk(k, `Kernel command line: ${line}`);
  yield* set(k, 'booted', true);
});

const before = (k: BootKernel, release: string): boolean => !k.since(release);
const between = (k: BootKernel, from: string, to: string): boolean => k.since(from) && !k.since(to);
