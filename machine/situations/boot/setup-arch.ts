import type { Invariant, System } from '../../explorer/system';
import { bootBelowTheHole } from '../../invariants/boot/below-the-hole';
import { bootGoesThrough } from '../../invariants/boot/goes-through';
import { bootHoleCountedOnce } from '../../invariants/boot/hole-counted-once';
import { bootLinksEitherWay } from '../../invariants/boot/links-either-way';
import { bootLinearMappingCoversLowmem } from '../../invariants/boot/linear-mapping-covers-lowmem';
import { bootLeavesTheHole } from '../../invariants/boot/leaves-the-hole';
import { bootLowMemoryAvoided } from '../../invariants/boot/low-memory-avoided';
import { bootLowmemMapped } from '../../invariants/boot/lowmem-mapped';
import { bootNoInterruptInActivation } from '../../invariants/boot/no-interrupt-in-activation';
import { bootNothingDropped } from '../../invariants/boot/nothing-dropped';
import { bootSetupDataHeard } from '../../invariants/boot/setup-data-heard';
import { bootUnderHypervisor } from '../../invariants/boot/under-hypervisor';
import { bootVmallocAsAsked } from '../../invariants/boot/vmalloc-as-asked';
import { bootVmiFlagsHeeded } from '../../invariants/boot/vmi-flags-heeded';
import type { Reading } from '../../hypervisors/vmi/boot-tables';
import { READINGS } from '../../hypervisors/vmi/boot-tables';
import { TIMER_VECTOR } from '../../kernel/boot/stop';
import { BootMachine, type BootCase, type SetupData } from './machine';
import { romWithHole } from './table';
import type { Choice, Situation } from '../types';

// Thread 003 as situations: a boot without interrupts, which has only one run, and
// the activation of the hypervisor with a timer that may tick at every boundary.

/** Every requirement of a boot, as it applies to what `machine` boots now. */
export function bootInvariants(machine: BootMachine): Record<string, Invariant> {
  const { kernel: k, cpu, hypervisor } = machine;
  const all = [
    bootLinksEitherWay(k),
    bootGoesThrough(k, () => machine.result().where),
    bootUnderHypervisor(k, hypervisor),
    bootSetupDataHeard(k),
    bootLowmemMapped(k, cpu),
    bootBelowTheHole(k, hypervisor),
    bootNothingDropped(hypervisor),
    bootLeavesTheHole(k, cpu, hypervisor),
    bootLowMemoryAvoided(k, machine.biosSpoilsLowMemory),
    bootLinearMappingCoversLowmem(k, hypervisor),
    bootVmiFlagsHeeded(k),
    bootNoInterruptInActivation(k, cpu, hypervisor),
    bootVmallocAsAsked(k),
    bootHoleCountedOnce(k),
  ];
  return Object.fromEntries(all.map((invariant) => [invariant.name, invariant]));
}

const REQUIREMENTS = [
  'bootLinksEitherWay', 'bootGoesThrough', 'bootUnderHypervisor', 'bootSetupDataHeard', 'bootLowmemMapped', 'bootBelowTheHole',
  'bootLeavesTheHole', 'bootLowMemoryAvoided', 'bootLinearMappingCoversLowmem', 'bootVmiFlagsHeeded', 'bootNoInterruptInActivation',
] as const;
/** What the review objected to, or what merely explains a failure. */
const FURTHER = ['bootVmallocAsAsked', 'bootHoleCountedOnce', 'bootNothingDropped'] as const;

const BOOT_PARAMETERS: Situation['parameters'] = {
  release: { about: 'what the patch is applied to', legal: ['2.6.27', '2.6.27.6', '2.6.27.9', '2.6.28-rc8'], initially: '2.6.28-rc8' },
  pae: { about: 'CONFIG_X86_PAE', legal: [false, true], initially: false },
  hole: { about: 'MiB of addresses that the hypervisor keeps; 0 for no hypervisor', legal: [0, 1, 4, 64, 168], initially: 64 },
  ram: { about: 'MiB of RAM', legal: [256, 1024, 2048, 4096], initially: 2048 },
  commandLine: { about: 'the kernel command line', legal: ['', 'vmalloc=64M', 'vmalloc=256M', 'reservetop=64M', 'earlyprintk=dbgp', 'vmi=disable_pge'], initially: '' },
  setupData: { about: 'what the boot loader passes on the setup_data list', legal: ['none', 'short', 'long'], initially: 'short' },
  reading: { about: 'what the hypervisor does with page tables that were not announced to it', legal: READINGS, initially: 'adopting' },
};

function prepared({ hunks, parameters }: Choice): BootMachine {
  const machine = new BootMachine({ release: parameters['release'] as string, hunks, config: { X86_PAE: parameters['pae'] as boolean } });
  const boot: BootCase = {
    ramMiB: parameters['ram'] as number,
    commandLine: parameters['commandLine'] as string,
    setupData: parameters['setupData'] as SetupData,
    rom: romWithHole(parameters['hole'] as number),
    reading: parameters['reading'] as Reading,
  };
  machine.prepare(boot);
  return machine;
}

function systemOf(machine: BootMachine, names: readonly string[]): System {
  const invariants = bootInvariants(machine);
  return machine.system(names.map((name) => invariants[name]!));
}

/** start_kernel() up to mem_init() on one processor, with interrupts off: one run, judged at every step. */
export const bootSetupArch: Situation = {
  id: 'vmi-boot/setup-arch',
  patch: 'vmi-boot',
  title: 'A 32-bit kernel boots from the end of head_32.S to mem_init, on a PC with or without a VMI ROM.',
  parameters: BOOT_PARAMETERS,
  invariants: [...REQUIREMENTS, ...FURTHER],
  requirements: REQUIREMENTS,
  bounds: {},
  leavesOut: ['secondary processors', 'EFI', 'devices other than the BIOS area and the APIC'],
  build: (choice) => systemOf(prepared(choice), choice.invariants),
};

/** The same on the PC of the mail: without setup_data the first early mapping is that of the DMI scan. */
export const bootDmiScan: Situation = {
  ...bootSetupArch,
  id: 'vmi-boot/dmi-scan',
  title: 'A 32-bit kernel boots on a PC whose boot loader passes no setup_data, as in the mail: the scan for DMI data is the first to map anything early.',
  parameters: { ...BOOT_PARAMETERS, setupData: { ...BOOT_PARAMETERS['setupData']!, initially: 'none' } },
};

/** The same with a timer that ticks wherever interrupts are on. */
export const bootActivation: Situation = {
  id: 'vmi-boot/activation',
  patch: 'vmi-boot',
  title: 'The hypervisor is activated while a timer may tick wherever interrupts are on.',
  parameters: {
    ...BOOT_PARAMETERS,
    callerIF: { about: 'whether setup_arch is entered with interrupts on, as no kernel does', legal: [false, true], initially: false },
    ticks: { about: 'how often the timer ticks at most', legal: [1, 2], initially: 1 },
  },
  invariants: ['bootNoInterruptInActivation', 'bootGoesThrough'],
  bounds: {},
  leavesOut: ['the interrupt operations of VMI: the flag is the processor\'s own'],
  build: (choice) => {
    const machine = prepared(choice);
    machine.cpu.connect({ name: 'timer', vector: TIMER_VECTOR, limit: choice.parameters['ticks'] as number });
    const callerIF = choice.parameters['callerIF'] as boolean;
    machine.cpu.IF = callerIF;
    // The kernel restores the flag, so at the end the timer can come only if it could come before.
    return { ...systemOf(machine, choice.invariants), runsOut: !callerIF };
  },
};
