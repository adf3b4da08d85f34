// Addresses that the kernel knows before it has page tables for them. Each
// name of the enumeration stands for one page or for several; index 0 is the
// page at FIXADDR_TOP and indices grow downward. Where the window of
// early_ioremap lies follows from what is enumerated before it, so there is no
// table of numbers here: they are computed.

/** Which version of enum fixed_addresses a kernel was built from: asm/fixmap_32.h of a release, or asm/fixmap_64.h of 2.6.27 and 2.6.28. */
export type FixmapText = '2.6.21' | '2.6.26' | '2.6.27' | '2.6.28' | 'x86_64 2.6.27' | 'x86_64 2.6.28';

const is64 = (text: FixmapText): boolean => text.startsWith('x86_64');

/** What the enumeration depends on. */
export interface FixmapOptions {
  readonly text: FixmapText;
  readonly NR_CPUS: number;
  readonly HIGHMEM: boolean;
  readonly X86_LOCAL_APIC: boolean;
  readonly X86_IO_APIC: boolean;
  readonly X86_VISWS_APIC: boolean;
  readonly X86_F00F_BUG: boolean;
  readonly X86_CYCLONE_TIMER: boolean;
  readonly ACPI: boolean;
  readonly PCI_MMCONFIG: boolean;
  readonly PARAVIRT: boolean;
  readonly PROVIDE_OHCI1394_DMA_INIT: boolean;
  readonly DEBUG_HIGHMEM: boolean;
}

/** A distribution's kernel of the time: everything common, nothing exotic. */
export const COMMON_OPTIONS: Omit<FixmapOptions, 'text' | 'NR_CPUS'> = {
  HIGHMEM: true,
  X86_LOCAL_APIC: true,
  X86_IO_APIC: true,
  X86_VISWS_APIC: false,
  X86_F00F_BUG: false,
  X86_CYCLONE_TIMER: false,
  ACPI: true,
  PCI_MMCONFIG: true,
  PARAVIRT: true,
  PROVIDE_OHCI1394_DMA_INIT: false,
  DEBUG_HIGHMEM: false,
};

/** Consecutive indices under one name. */
export interface FixmapRange {
  readonly name: string;
  readonly first: number;
  readonly pages: number;
}

const MAX_IO_APICS = 64;
const MAX_IO_APICS_64 = 128;
const MAX_EFI_IO_PAGES = 100;
/** From VSYSCALL_START to VSYSCALL_END. */
const VSYSCALL_PAGES = 2048;
const FIX_ACPI_PAGES = 4;
const VISWS_PAGES = 4;

/** Types of kmap_atomic slots, asm/kmap_types.h; CONFIG_DEBUG_HIGHMEM puts fences between them. */
const KMAP_TYPES = 13;

/** NR_FIX_BTMAPS and FIX_BTMAPS_NESTING (later FIX_BTMAPS_SLOTS): pages of one early mapping, and how many at once. */
export interface BootWindow {
  readonly pagesPerSlot: number;
  readonly slots: number;
  /** FIX_BTMAP_END: the index nearest to the top. */
  readonly end: number;
  /** FIX_BTMAP_BEGIN: the index farthest down, where slot 0 starts. */
  readonly begin: number;
}

/** enum fixed_addresses, with every index worked out. */
export interface Fixmap {
  readonly ranges: readonly FixmapRange[];
  /** __end_of_permanent_fixed_addresses. */
  readonly permanentEnd: number;
  /** __end_of_fixed_addresses: how many indices there are. */
  readonly total: number;
  readonly btmap: BootWindow;
}

type Entry = readonly [name: string, pages: number];

const given = (condition: boolean, ...entries: Entry[]): readonly Entry[] => (condition ? entries : []);

/** What stays in use after boot. */
function permanentEntries(options: FixmapOptions): readonly Entry[] {
  return is64(options.text) ? permanentEntries64(options) : permanentEntries32(options);
}

function permanentEntries64(options: FixmapOptions): readonly Entry[] {
  return [
    ['VSYSCALL', VSYSCALL_PAGES],
    ['VSYSCALL_HPET', 1],
    ['FIX_DBGP_BASE', 1],
    ['FIX_EARLYCON_MEM_BASE', 1],
    ['FIX_APIC_BASE', 1],
    ['FIX_IO_APIC_BASE', MAX_IO_APICS_64],
    ['FIX_EFI_IO_MAP', MAX_EFI_IO_PAGES],
    ...given(options.PARAVIRT, ['FIX_PARAVIRT_BOOTMAP', 1]),
    ...given(options.text === 'x86_64 2.6.27', ...laterEntries64(options)),
  ];
}

/** In 2.6.28 these come after the permanent ones, at indices that the window of early_ioremap uses too. */
function laterEntries64(options: FixmapOptions): readonly Entry[] {
  return [
    ...given(options.ACPI, ['FIX_ACPI', FIX_ACPI_PAGES]),
    ...given(options.PROVIDE_OHCI1394_DMA_INIT, ['FIX_OHCI1394_BASE', 1]),
  ];
}

function permanentEntries32(options: FixmapOptions): readonly Entry[] {
  const { text, NR_CPUS } = options;
  const kmapTypes = options.DEBUG_HIGHMEM ? 2 * KMAP_TYPES + 1 : KMAP_TYPES;
  const acpiIsPermanent = text === '2.6.21' || text === '2.6.26';
  return [
    ['FIX_HOLE', 1],
    ['FIX_VDSO', 1],
    ...given(text !== '2.6.21', ['FIX_DBGP_BASE', 1], ['FIX_EARLYCON_MEM_BASE', 1]),
    ...given(options.X86_LOCAL_APIC, ['FIX_APIC_BASE', 1]),
    ...given(options.X86_IO_APIC, ['FIX_IO_APIC_BASE', MAX_IO_APICS]),
    ...given(options.X86_VISWS_APIC, ['FIX_VISWS', VISWS_PAGES]),
    ...given(options.X86_F00F_BUG, ['FIX_F00F_IDT', 1]),
    ...given(options.X86_CYCLONE_TIMER, ['FIX_CYCLONE_TIMER', 1]),
    ...given(options.HIGHMEM || text === '2.6.28', ['FIX_KMAP', kmapTypes * NR_CPUS]),
    ...given(options.ACPI && acpiIsPermanent, ['FIX_ACPI', FIX_ACPI_PAGES]),
    ...given(options.PCI_MMCONFIG, ['FIX_PCIE_MCFG', 1]),
    ...given(options.PARAVIRT && text !== '2.6.21', ['FIX_PARAVIRT_BOOTMAP', 1]),
  ];
}

/** What only boot uses, apart from the window of early_ioremap. */
function bootEntries(options: FixmapOptions): readonly Entry[] {
  if (is64(options.text)) return [];
  const acpiIsPermanent = options.text === '2.6.21' || options.text === '2.6.26';
  return [
    ['FIX_WP_TEST', 1],
    ...given(options.ACPI && !acpiIsPermanent, ['FIX_ACPI', FIX_ACPI_PAGES]),
    ...given(options.PROVIDE_OHCI1394_DMA_INIT && options.text !== '2.6.21', ['FIX_OHCI1394_BASE', 1]),
  ];
}

/** Where the window starts: it must not straddle two page tables, so later versions round up, always by at least one index. */
function windowAfter(permanentEnd: number, text: FixmapText): BootWindow {
  const [pagesPerSlot, slots] = text === '2.6.21' ? [16, 1] : [64, 4];
  const alignment = { '2.6.21': 1, '2.6.26': 512, '2.6.27': 256, '2.6.28': 256, 'x86_64 2.6.27': 512, 'x86_64 2.6.28': 256 }[text];
  const end = alignment === 1 ? permanentEnd : (Math.floor(permanentEnd / alignment) + 1) * alignment;
  return { pagesPerSlot, slots, end, begin: end + pagesPerSlot * slots - 1 };
}

function enumerateFrom(first: number, entries: readonly Entry[]): FixmapRange[] {
  let next = first;
  return entries.map(([name, pages]) => {
    const range = { name, first: next, pages };
    next += pages;
    return range;
  });
}

const endOf = (ranges: readonly FixmapRange[]): number => Math.max(...ranges.map((range) => range.first + range.pages));

/** enum fixed_addresses of asm/fixmap_32.h (2.6.21: asm-i386/fixmap.h) or asm/fixmap_64.h under `options`. Model: of the latter, 2.6.28's pages of ACPI and of the debugging port are left out: they lie where the window does. */
export function fixmapOf(options: FixmapOptions): Fixmap {
  const permanent = enumerateFrom(0, permanentEntries(options));
  const permanentEnd = endOf(permanent);
  const btmap = windowAfter(permanentEnd, options.text);
  const window = { name: 'FIX_BTMAP', first: btmap.end, pages: btmap.begin - btmap.end + 1 };
  const ranges = [...permanent, window, ...enumerateFrom(btmap.begin + 1, bootEntries(options))];
  return { ranges, permanentEnd, total: endOf(ranges), btmap };
}

/**
 * The index of a name, as FIX_KMAP (the first of several).
 *
 * @throws if this kernel's enumeration lacks it
 */
export function indexOf(fixmap: Fixmap, name: string): number {
  const range = fixmap.ranges.find((candidate) => candidate.name === name);
  if (!range) throw new Error(`machine bug: the fixmap has no ${name}; it has ${fixmap.ranges.map((one) => one.name).join(', ')}`);
  return range.first;
}

/** __fix_to_virt(): the address of an index below `top`, in bytes. */
export function fixToVirt(top: number, index: number): number {
  return top - index * 4096;
}
