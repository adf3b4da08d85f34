import type { Cpu } from '../../hardware/cpu';
import { invlpg, load, movFromCr3, movFromCr4, movToCr3, movToCr4 } from '../../hardware/instructions';
import type { RelocationInfo } from '../../hypervisors/interface-vmi';
import { VMI_PAGE } from '../../hypervisors/interface-vmi';
import { instruction, path, RESTART, type Path } from '../../path';
import { __va, get, type BootKernel } from './boot-kernel';
import { tableIndex, tablePlace } from './layout';

// Page-table entries as boot reads and writes them: through the direct map,
// natively or by the ROM. An entry is a number, its flags in the low twelve
// bits. Neighbouring entries that boot fills in one loop are one instruction
// here: nothing can come between them, since interrupts are off.

export const _PAGE_PRESENT = 0x001;
/** Flags of a page-table pointer: _PAGE_TABLE. */
export const _PAGE_TABLE = 0x067;
/** PAGE_KERNEL before CR4.PGE is on. */
export const PAGE_KERNEL_EARLY = 0x063;
/** PAGE_KERNEL with _PAGE_GLOBAL. */
export const PAGE_KERNEL = 0x163;
/** PAGE_KERNEL_LARGE: the same as one large page. */
export const PAGE_KERNEL_LARGE = 0x1e3;
/** PTE_IDENT_ATTR with _PAGE_PSE: what the first of the two passes of 2.6.28 sets. */
export const IDENT_LARGE = 0x083;
export const IDENT = 0x003;

/** The physical address in an entry. Tables of this model lie below 4 GiB. */
export const addressIn = (entry: number): number => (entry & 0xfffff000) >>> 0;

const hex = (value: number): string => (value < 0 ? `0x${(BigInt(value) & 0xffffffffffffffffn).toString(16)}` : `0x${value.toString(16)}`);

/** Calls code of the ROM by its address. What it returns is a number, or a relocation. */
export const callRom = instruction(
  (_k: BootKernel, _eip: number, call: string, operands: readonly number[]) => `call ROM ${call}(${operands.map(hex).join(', ')})`,
  (cpu: Cpu, k: BootKernel, eip: number, _call: string, operands: readonly number[]): number | RelocationInfo => {
    if (!k.firmware) throw new Error(`machine bug: the kernel calls ROM code at ${hex(eip)}, but this machine has no ROM`);
    return k.firmware.call(cpu, eip, operands);
  },
);

/** Stores `count` entries from `ptep` on, each `step` more than the one before. All lie in one page. Model: in one instruction, since no other CPU runs yet; none maps anything above 4 GiB. */
const storeEntries = instruction(
  (_k: BootKernel, ptep: number, entry: number, _step: number, count: number) => `*(${hex(ptep)})${count > 1 ? ` ... ${count} entries` : ''} = ${hex(entry)}`,
  (cpu: Cpu, k: BootKernel, ptep: number, entry: number, step: number, count: number) => {
    const pa = cpu.translate('write', ptep);
    if (pa === RESTART) return RESTART;
    for (let i = 0; i < count; i++) {
      cpu.memory.write32(pa + i * k.entrySize, entry + i * step);
      if (k.entrySize === 8) cpu.memory.write32(pa + i * 8 + 4, 0);
    }
    return undefined;
  },
);

/** The same by SetPxE, or SetPxELong with PAE. */
const sendEntries = instruction(
  (k: BootKernel, _eip: number, ptep: number, entry: number, _step: number, count: number) =>
    `call ROM ${k.entrySize === 8 ? 'SetPxELong' : 'SetPxE'}(${hex(entry)}, ${hex(ptep)})${count > 1 ? ` x ${count}` : ''}`,
  (cpu: Cpu, k: BootKernel, eip: number, ptep: number, entry: number, step: number, count: number, level: number) => {
    for (let i = 0; i < count; i++) k.firmware!.call(cpu, eip, [entry + i * step, ptep + i * k.entrySize, level]);
  },
);

/**
 * arch/x86/kernel/vmi_32.c:463-468 (2.6.27), vmi_set_pte(): for `count` neighbours: native_set_pte, or vmi_set_pte. `ptep` is an address.
 * Model: leaves out vmi_check_page_type, set_pte: the hypervisor judges the page's type itself.
 */
export const set_ptes = path(function* set_pte(k: BootKernel, ptep: number, pte: number, step: number, count: number): Path {
  const eip = yield* get(k, 'pv_set_pte');
  if (eip === 0) yield* storeEntries(k, ptep, pte, step, count);
  else yield* sendEntries(k, eip, ptep, pte, step, count, VMI_PAGE.PT);
});

export const set_pte = (k: BootKernel, ptep: number, pte: number) => set_ptes(k, ptep, pte, 0, 1);

/**
 * arch/x86/kernel/vmi_32.c:476-486 (2.6.27), vmi_set_pmd(): for `count` neighbours: native_set_pmd, or vmi_set_pmd.
 * Model: leaves out pte, vmi_check_page_type, pud, pgd, set_pte: the hypervisor judges the page's type itself, and the levels are folded.
 */
export const set_pmds = path(function* set_pmd(k: BootKernel, pmdp: number, pmd: number, step: number, count: number): Path {
  const eip = yield* get(k, 'pv_set_pmd');
  if (eip === 0) yield* storeEntries(k, pmdp, pmd, step, count);
  else yield* sendEntries(k, eip, pmdp, pmd, step, count, VMI_PAGE.PD);
});

export const set_pmd = (k: BootKernel, pmdp: number, pmd: number) => set_pmds(k, pmdp, pmd, 0, 1);

const PAGE = 4096;
const level1 = (k: BootKernel): number => VMI_PAGE.PT | VMI_PAGE.ZEROED | (k.config.X86_PAE ? VMI_PAGE.PAE : 0);
const level2 = (k: BootKernel): number => VMI_PAGE.PD | VMI_PAGE.ZEROED | (k.config.X86_PAE ? VMI_PAGE.PAE : 0);

/**
 * arch/x86/kernel/vmi_32.c:396-400 (2.6.27), vmi_allocate_pte(): nothing natively; vmi_allocate_pte announces the page.
 * Model: leaves out vmi_set_page_type, allocate_page: vmi_ops.allocate_page is the call of the ROM.
 * Model: adds callRom: that call.
 */
export const paravirt_alloc_pte = path(function* paravirt_alloc_pte(k: BootKernel, pa: number): Path {
  const eip = yield* get(k, 'pv_alloc_pte');
  if (eip !== 0) yield* callRom(k, eip, 'AllocatePage', [pa / PAGE, level1(k), 0, 0, 0]);
});

/**
 * arch/x86/kernel/vmi_32.c:402-411 (2.6.27), vmi_allocate_pmd(): vmi_allocate_pmd.
 * Model: leaves out vmi_set_page_type, allocate_page: vmi_ops.allocate_page is the call of the ROM.
 * Model: adds callRom: that call.
 */
export const paravirt_alloc_pmd = path(function* paravirt_alloc_pmd(k: BootKernel, pa: number): Path {
  const eip = yield* get(k, 'pv_alloc_pte');
  if (eip !== 0) yield* callRom(k, eip, 'AllocatePage', [pa / PAGE, level2(k), 0, 0, 0]);
});

/**
 * arch/x86/kernel/vmi_32.c:420-424 (2.6.27), vmi_release_pte().
 * Model: leaves out release_page, vmi_set_page_type: vmi_ops.release_page is the call of the ROM.
 * Model: adds callRom: that call.
 */
export const paravirt_release_pte = path(function* paravirt_release_pte(k: BootKernel, pa: number): Path {
  const eip = yield* get(k, 'pv_release_pte');
  if (eip !== 0) yield* callRom(k, eip, 'ReleasePage', [pa / PAGE, level1(k)]);
});

/** Ours: the walk from the top directory to the entry that maps `la`; 0 where PAE has no middle directory. */
export const pmd_offset = path(function* pmd_offset(k: BootKernel, top: number, la: number): Path<number> {
  if (k.config.X86_64) return yield* pmd_offset_64(k, top, la);
  if (!k.config.X86_PAE) return __va(k, top) + 4 * Math.floor(la / k.PMD_SIZE);
  const pgd = yield* load(__va(k, top) + 8 * Math.floor(la / 2 ** 30));
  if ((pgd & _PAGE_PRESENT) === 0) return 0;
  return __va(k, addressIn(pgd)) + 8 * (Math.floor(la / k.PMD_SIZE) % 512);
});

/** Ours: the walk of pmd_offset() where there are four levels. */
const pmd_offset_64 = path(function* pmd_offset_64(k: BootKernel, top: number, la: number): Path<number> {
  const pgd = yield* load(__va(k, top) + 8 * tableIndex(la, 2 ** 39));
  const pud = yield* load(__va(k, addressIn(pgd)) + 8 * tableIndex(la, 2 ** 30));
  return __va(k, addressIn(pud)) + 8 * tableIndex(la, k.PMD_SIZE);
});

/** pte_index() times the size of an entry. */
export const pteOffset = (k: BootKernel, la: number): number => tablePlace(k.config, la).pte * k.entrySize;

/** __flush_tlb_one(). */
export const __flush_tlb_one = (la: number) => invlpg(la);

/**
 * include/asm-x86/tlbflush.h:49-55 (2.6.27), __flush_tlb_all(): drops global entries too, if PGE is on.
 * Model: leaves out __flush_tlb_global: it is the body of that function, where the processor has global pages.
 * Model: adds movFromCr4, movToCr4, movFromCr3: its instructions.
 */
export const __flush_tlb_all = path(function* __flush_tlb_all(): Path {
  const cr4 = yield* movFromCr4();
  if ((cr4 & 0x80) !== 0) {
    yield* movToCr4(cr4 & ~0x80);
    yield* movToCr4(cr4);
  } else {
    yield* movToCr3(yield* movFromCr3());
  }
});
