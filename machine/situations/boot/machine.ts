import { Context } from '../../context';
import { Cpu } from '../../hardware/cpu';
import { Memory } from '../../hardware/memory';
import { BootHypervisor, type Reading } from '../../hypervisors/vmi/boot-tables';
import type { VmiCall } from '../../hypervisors/interface-vmi';
import { VmiRom, writeRom, type RomHeader } from '../../hypervisors/vmi/rom';
import { BootKernel, type E820Entry } from '../../kernel/boot/boot-kernel';
import { E820_ENTRY_SIZE, SETUP_DATA_HEADER, SETUP_E820_EXT } from '../../kernel/boot/e820';
import { addressSpace, addressSpaceAbove, PAGE_OFFSET, tableIndex, tablePlace, type AddressSpace } from '../../kernel/boot/layout';
import { startup_32 } from '../../kernel/boot/head-32';
import { startup_64 } from '../../kernel/boot/head-64';
import { wordsOfText } from '../../kernel/boot/memcpy';
import { start_kernel } from '../../kernel/boot/setup';
import type { Config } from '../../kernel/kernel';
import type { HunkId } from '../../patches/types';
import type { Invariant, System } from '../../explorer/system';
import type { Call } from '../../path';
import { Store, type Mark } from '../../state/store';

// A 32-bit PC of 2008 on which one kernel boots: memory, a BIOS with DMI data,
// perhaps a hypervisor's ROM, and what the boot loader passes on. One machine
// boots its kernel many times, each time from the same state.

/** What a kernel was built from. */
export interface KernelBuild {
  readonly release: string;
  readonly hunks: ReadonlySet<HunkId>;
  readonly config: Partial<Config>;
}

/** Nodes on the setup_data list: none; one short map extension; one longer than a page, and a node of another type. */
export type SetupData = 'none' | 'short' | 'long';

/** The PC that it boots on. */
export interface BootCase {
  readonly ramMiB: number;
  readonly commandLine: string;
  readonly setupData: SetupData;
  readonly rom: RomHeader | null;
  readonly reading: Reading;
  /** VMI_Init refuses the guest. */
  readonly refusesGuest?: boolean;
  /** Calls that this ROM does not provide. */
  readonly romLacks?: readonly VmiCall[];
}

/** A PC with 2 GiB and a plain boot loader. */
export const PLAIN_CASE: BootCase = { ramMiB: 2048, commandLine: '', setupData: 'none', rom: null, reading: 'adopting' };

/** How a boot ended. */
export interface BootResult {
  readonly outcome: 'boots' | 'page fault' | 'BUG' | 'panic';
  /** The last line that the kernel printed about it; empty if it boots. */
  readonly message: string;
  readonly cr2: number | null;
  /** Names of the paths in which it stopped, outermost first, without those of the handler. */
  readonly where: readonly string[];
}

/** One step of setup_arch in a boot. */
export interface BootStep {
  /** The function, or what stands for it. */
  readonly name: string;
  /** It used early_ioremap. */
  readonly mapsEarly: boolean;
}

const MIB = 2 ** 20;
/** start_kernel, setup_arch, and then the step. */
const SETUP_ARCH_DEPTH = 2;
const PAGE = 4096;
const DMI_ANCHOR = 0xf0020;
const DMI_TABLE = 0xf1000;
const SETUP_DATA_AT = 0x1f00000;
const FIRST_PCI_ADDRESS = 0xe0000000;

/** The memory map of a PC with `ramMiB`: RAM that the PCI hole displaces lies above 4 GiB. */
export function e820Of(ramMiB: number): E820Entry[] {
  const bytes = ramMiB * MIB;
  const below = Math.min(bytes, FIRST_PCI_ADDRESS);
  const map: E820Entry[] = [
    { addr: 0, size: 0x9fc00, type: 'RAM' },
    { addr: 0x9fc00, size: 0x400, type: 'reserved' },
    { addr: 0xf0000, size: 0x10000, type: 'reserved' },
    { addr: MIB, size: below - MIB, type: 'RAM' },
  ];
  return bytes > below ? [...map, { addr: 2 ** 32, size: bytes - below, type: 'RAM' }] : map;
}

function writeWords(memory: Memory, pa: number, words: readonly number[]): void {
  words.forEach((word, i) => memory.write32(pa + 4 * i, word));
}

/** The vendor that VMware's BIOS gives, which is on the list of those that corrupt low memory. */
const BIOS_VENDOR = 'Phoenix Technologies LTD';

function writeBios(memory: Memory): void {
  const table = wordsOfText(BIOS_VENDOR);
  const length = 4 * table.length;
  const bytes = [...'_DMI_'].map((letter) => letter.charCodeAt(0));
  bytes.push(0, length, 0, DMI_TABLE & 0xff, (DMI_TABLE >>> 8) & 0xff, DMI_TABLE >>> 16, 0, 1, 0, 0x24);
  bytes[5] = (256 - (bytes.reduce((sum, byte) => sum + byte, 0) % 256)) % 256;
  for (let i = 0; i < 16; i += 4) memory.write32(DMI_ANCHOR + i, [3, 2, 1, 0].reduce((word, k) => word * 256 + (bytes[i + k] ?? 0), 0));
  writeWords(memory, DMI_TABLE, table);
}

function writeSetupData(memory: Memory, kind: SetupData): number {
  if (kind === 'none') return 0;
  const lines = kind === 'short' ? 1 : 240;
  const next = kind === 'short' ? 0 : SETUP_DATA_AT + 4 * PAGE;
  writeWords(memory, SETUP_DATA_AT, [next, 0, SETUP_E820_EXT, lines * E820_ENTRY_SIZE]);
  for (let i = 0; i < lines; i++) writeWords(memory, SETUP_DATA_AT + SETUP_DATA_HEADER + i * E820_ENTRY_SIZE, [0xfed40000 + i * PAGE, 0, PAGE, 0, 2]);
  if (next !== 0) writeWords(memory, next, [0, 0, 3, 16]);
  return SETUP_DATA_AT;
}

export class BootMachine {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly cpu = new Cpu(this.store, 0, this.memory);
  readonly kernel: BootKernel;
  hypervisor: BootHypervisor | null = null;
  /** Made once, since its cells need unique names; each boot finds it in its initial state. */
  private behind: BootHypervisor | null = null;
  /** The BIOS is from the vendor whose BIOSes write into the first 64 KiB; how the kernel handles this is up to the kernel. */
  readonly biosSpoilsLowMemory = true;
  private readonly context = new Context(this.store, 'boot');
  private readonly reset: Mark;

  constructor(readonly build: KernelBuild) {
    this.kernel = new BootKernel(this.store, this.memory, this.cpu, {
      release: build.release,
      hunks: build.hunks,
      config: { HIGHMEM: true, VMI: true, NR_CPUS: 8, ...build.config },
    });
    if (this.kernel.config.X86_64) startup_64(this.kernel, this.cpu);
    else startup_32(this.kernel, this.cpu);
    writeBios(this.memory);
    this.cpu.context = this.context;
    this.reset = this.store.mark();
  }

  /**
   * Resets everything to the end of head_32.S, and sets up the case; the kernel is about to run.
   *
   * @param begin what runs instead of start_kernel()
   */
  prepare(boot: BootCase, begin?: Call<unknown>): void {
    this.store.undo(this.reset);
    const { kernel } = this;
    kernel.boot.boot_params_e820 = e820Of(boot.ramMiB);
    kernel.boot.boot_command_line = boot.commandLine;
    kernel.boot.hdr_setup_data = writeSetupData(this.memory, boot.setupData);
    if (boot.rom === null) {
      kernel.firmware = null;
      this.hypervisor = null;
    } else {
      writeRom(this.memory, boot.rom);
      const rom = new VmiRom(boot.rom);
      kernel.firmware = rom;
      this.hypervisor = this.behind ??= new BootHypervisor(this.store, this.memory);
      this.hypervisor.install(rom, boot.reading);
      if (boot.refusesGuest) rom.onInit(() => 1);
      for (const call of boot.romLacks ?? []) rom.withdraw(call);
    }
    this.context.start(begin ?? start_kernel(kernel), this.cpu);
  }

  /** Boots to the end, without interrupts. */
  run(boot: BootCase): BootResult {
    this.prepare(boot);
    while (this.context.pending !== null && this.context.isReady(this.cpu)) this.context.perform(this.cpu);
    return this.result();
  }

  /** The steps of setup_arch in the order in which this boot takes them, up to where it stops. */
  order(boot: BootCase): BootStep[] {
    this.prepare(boot);
    const steps: { name: string; mapsEarly: boolean }[] = [];
    while (this.context.pending !== null && this.context.isReady(this.cpu)) {
      const { paths, text } = this.context.place()!;
      const name = paths[SETUP_ARCH_DEPTH] ?? text;
      if (paths[SETUP_ARCH_DEPTH - 1] === 'setup_arch') {
        if (steps.at(-1)?.name !== name) steps.push({ name, mapsEarly: false });
        if (paths.includes('early_ioremap')) steps.at(-1)!.mapsEarly = true;
      }
      this.context.perform(this.cpu);
    }
    return steps;
  }

  /** The prepared boot, with what must hold from here on. */
  system(invariants: readonly Invariant[]): System {
    this.store.settle();
    return { store: this.store, processes: [this.cpu], invariants, outcome: () => (this.hasOwnEnd ? 'the steps are done' : this.result().outcome), consulted: () => [...this.kernel.consulted] };
  }

  /** Whether the given steps have ended, if they are not a whole boot. */
  private get hasOwnEnd(): boolean {
    return this.context.ended && !this.kernel.boot.booted && !this.kernel.boot.stopped;
  }

  /** The current state of the boot. */
  result(): BootResult {
    const { booted, stopped } = this.kernel.boot;
    if (booted) return { outcome: 'boots', message: '', cr2: null, where: [] };
    const paths = this.context.place()?.paths ?? [];
    const handler = paths.findIndex((name) => name === 'early_page_fault' || name === 'BUG' || name === 'BUG_ON' || name === 'panic');
    const where = handler === -1 ? paths : paths.slice(0, handler);
    if (!stopped) throw new Error(`machine bug: the boot neither ended nor stopped; it stands in ${paths.join(' > ')}`);
    return { outcome: stopped.kind, message: stopped.message, cr2: stopped.cr2, where };
  }

  /** The address space as it is now, with lowmem as this boot has sized it, or would have sized it if it stopped before that. */
  addressSpace(): AddressSpace {
    const { kernel: { layout, boot } } = this;
    const { kernel_top, __VMALLOC_RESERVE, max_low_pfn, boot_params_e820 } = boot;
    const ram = Math.max(...boot_params_e820.filter(({ type }) => type === 'RAM').map(({ addr, size }) => addr + size));
    if (max_low_pfn === 0) return addressSpace(layout, kernel_top, __VMALLOC_RESERVE, ram);
    return addressSpaceAbove(layout, kernel_top, __VMALLOC_RESERVE, PAGE_OFFSET + max_low_pfn * PAGE);
  }

  /** What the tables in use contain for `la`: the entries of the directory and of the page table, and their indices. */
  entriesFor(la: number): { readonly pmdIndex: number; readonly pmd: number; readonly pteIndex: number; readonly pte: number | null } {
    const { kernel, memory } = this;
    const place = tablePlace(kernel.config, la);
    const pmd = memory.read32(this.directoryOf(la) + place.pmd * kernel.entrySize);
    const isTable = (pmd & 1) !== 0 && (pmd & 0x80) === 0;
    return { pmdIndex: place.pmd, pmd, pteIndex: place.pte, pte: isTable ? memory.read32(((pmd & ~0xfff) >>> 0) + place.pte * kernel.entrySize) : null };
  }

  /** Physical address of the directory whose entries lead to page tables. */
  private directoryOf(la: number): number {
    const { kernel, memory, cpu } = this;
    const below = (table: number, index: number): number => (memory.read32(table + 8 * index) & ~0xfff) >>> 0;
    if (kernel.config.X86_64) return below(below(cpu.cr3, tableIndex(la, 2 ** 39)), tableIndex(la, 2 ** 30));
    return kernel.config.X86_PAE ? below(cpu.cr3, la >>> 30) : cpu.cr3;
  }
}
