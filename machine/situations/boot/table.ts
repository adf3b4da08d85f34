import { ACCEPTED_ROM } from '../../hypervisors/vmi/rom';
import { READINGS, type Reading } from '../../hypervisors/vmi/boot-tables';
import { BootMachine, type BootCase, type BootResult, type SetupData } from './machine';
import { KERNELS, type NamedKernel } from './kernels';

// Every combination of what a boot depends on, and how it ends. There is
// nothing to interleave here; what is exhausted is the configurations.

/** The dimensions. Each value is combined with each value of all others. */
export interface Dimensions {
  readonly kernels: readonly NamedKernel[];
  /** CONFIG_VMI. */
  readonly vmi: readonly boolean[];
  readonly pae: readonly boolean[];
  readonly nrCpus: readonly number[];
  readonly ramMiB: readonly number[];
  /** Size of the hypervisor's part of the address space in MiB; 0 for a machine without a ROM. */
  readonly holeMiB: readonly number[];
  /** How a hypervisor treats tables that it was not told of; only tried with a ROM. */
  readonly readings: readonly Reading[];
  readonly commandLines: readonly string[];
  readonly setupData: readonly SetupData[];
}

/** Parameters that move the address space, use it early, or do neither. */
const COMMAND_LINES = ['', 'vmalloc=64M', 'vmalloc=256M', 'reservetop=64M', 'earlycon=uart8250,mmio,0xd0000000', 'earlyprintk=dbgp', 'vmi=disable_pge'] as const;

/** The whole table. */
export const EVERYTHING: Dimensions = {
  kernels: KERNELS,
  vmi: [true, false],
  pae: [false, true],
  nrCpus: [8, 32],
  ramMiB: [256, 1024, 2048, 4096],
  holeMiB: [0, 1, 4, 64, 168],
  readings: READINGS,
  commandLines: COMMAND_LINES,
  setupData: ['none', 'short', 'long'],
};

/** Kernels that boot step by step like another one in the table. */
const TWINS: ReadonlySet<string> = new Set(['2.6.28-rc1', '2.6.28-rc8 with take-2', '2.6.28-rc8 with take-3']);

/** A part of it that runs in a few seconds: all kernels, command lines and readings that differ, with the most telling values of the rest. */
export const ESSENTIAL: Dimensions = {
  ...EVERYTHING,
  kernels: KERNELS.filter(({ name }) => !TWINS.has(name)),
  vmi: [true],
  nrCpus: [8],
  ramMiB: [2048],
  holeMiB: [0, 1, 64],
  commandLines: COMMAND_LINES.filter((line) => line !== 'vmalloc=256M' && !line.startsWith('vmi=')),
  setupData: ['none', 'short'],
};

/** One row: a combination and how it ended. */
export interface Row {
  readonly kernel: NamedKernel;
  readonly vmi: boolean;
  readonly pae: boolean;
  readonly nrCpus: number;
  readonly holeMiB: number;
  readonly boot: BootCase;
  readonly result: BootResult;
}

/** How many rows there will be. */
export function sizeOf(dimensions: Dimensions): number {
  const { kernels, vmi, pae, nrCpus, ramMiB, holeMiB, readings, commandLines, setupData } = dimensions;
  const machines = holeMiB.reduce((sum, hole) => sum + (hole === 0 ? 1 : readings.length), 0);
  return kernels.length * vmi.length * pae.length * nrCpus.length * ramMiB.length * machines * commandLines.length * setupData.length;
}

/** Boots every combination, and yields each row. The machine of a row is only valid until the next one. */
export function* bootEverything(dimensions: Dimensions): Generator<{ readonly row: Row; readonly machine: BootMachine }> {
  for (const kernel of dimensions.kernels) {
    for (const vmi of dimensions.vmi) {
      for (const pae of dimensions.pae) {
        for (const nrCpus of dimensions.nrCpus) {
          const machine = new BootMachine({ release: kernel.release, hunks: kernel.hunks, config: { VMI: vmi, X86_PAE: pae, NR_CPUS: nrCpus } });
          for (const { boot, holeMiB } of casesOf(dimensions)) {
            const result = machine.run(boot);
            yield { row: { kernel, vmi, pae, nrCpus, holeMiB, boot, result }, machine };
          }
        }
      }
    }
  }
}

function* casesOf(dimensions: Dimensions): Generator<{ readonly boot: BootCase; readonly holeMiB: number }> {
  for (const holeMiB of dimensions.holeMiB) {
    const rom = romWithHole(holeMiB);
    for (const reading of rom === null ? dimensions.readings.slice(0, 1) : dimensions.readings) {
      for (const ramMiB of dimensions.ramMiB) {
        for (const commandLine of dimensions.commandLines) {
          for (const setupData of dimensions.setupData) yield { holeMiB, boot: { rom, reading, ramMiB, commandLine, setupData } };
        }
      }
    }
  }
}

/** A ROM whose hypervisor owns the last `holeMiB` of the address space; null for 0. */
export function romWithHole(holeMiB: number): BootCase['rom'] {
  return holeMiB === 0 ? null : { ...ACCEPTED_ROM, virtual_top: 2 ** 32 - holeMiB * 2 ** 20 };
}

/** A row in words. */
export function describeRow({ kernel, vmi, pae, nrCpus, holeMiB, boot, result }: Row): string {
  const parts = [
    kernel.name,
    vmi ? null : 'CONFIG_VMI off',
    pae ? 'PAE' : null,
    `NR_CPUS ${nrCpus}`,
    `${boot.ramMiB} MiB`,
    holeMiB === 0 ? 'no ROM' : `hole ${holeMiB} MiB (${boot.reading})`,
    boot.commandLine === '' ? null : boot.commandLine,
    boot.setupData === 'none' ? null : `${boot.setupData} setup_data`,
  ];
  return `${parts.filter((part) => part !== null).join(', ')}: ${result.outcome === 'boots' ? 'boots' : result.message}`;
}
