import { CR0_PE, CR0_PG, CR0_WP, type Cpu } from '../../hardware/cpu';
import { setCr, setEfer } from '../../hardware/mmu';
import type { BootKernel } from './boot-kernel';
import { _PAGE_TABLE } from './entries';
import { tableIndex, PAGE_OFFSET_64 } from './layout';
import { setup_idt } from './stop';

// arch/x86/kernel/head_64.S: four levels, the first gibibyte mapped with large
// pages at 0 and at PAGE_OFFSET, and a page table for the fixmap under entry
// 506 of the last middle directory, where the window of early_ioremap lies too.

const CR4_PAE = 0x20;
const EFER_LME = 0x100;
const LARGE = 0x183;

/** Tables of head_64.S that have no counterpart on 32 bits, physical addresses. */
const LEVEL3_IDENT = 0x5f4000;
const LEVEL2_IDENT = 0x5f5000;
const LEVEL3_KERNEL = 0x5f6000;

/** Builds the boot page tables of x86-64, enters long mode and installs the early handlers. */
export function startup_64(k: BootKernel, cpu: Cpu): void {
  const { memory } = k;
  const { swapper_pg_dir: init_level4_pgt, swapper_pg_pmd: level2_fixmap_pgt, swapper_pg_fixmap: level1_fixmap_pgt } = k.symbols;
  memory.write32(init_level4_pgt, LEVEL3_IDENT + _PAGE_TABLE);
  memory.write32(init_level4_pgt + 8 * tableIndex(PAGE_OFFSET_64, 2 ** 39), LEVEL3_IDENT + _PAGE_TABLE);
  memory.write32(init_level4_pgt + 8 * 511, LEVEL3_KERNEL + _PAGE_TABLE);
  memory.write32(LEVEL3_IDENT, LEVEL2_IDENT + _PAGE_TABLE);
  for (let i = 0; i < 512; i++) memory.write32(LEVEL2_IDENT + 8 * i, i * 0x200000 + LARGE);
  memory.write32(LEVEL3_KERNEL + 8 * 511, level2_fixmap_pgt + _PAGE_TABLE);
  memory.write32(level2_fixmap_pgt + 8 * 506, level1_fixmap_pgt + _PAGE_TABLE);
  k.boot.early_res = [{ start: k.symbols._text, end: k.symbols._end, name: 'TEXT DATA BSS' }];
  setup_idt(k, cpu);
  cpu.cr0 = CR0_PE;
  cpu.cr4 = CR4_PAE;
  setEfer(cpu, EFER_LME);
  setCr(cpu, 'cr3', init_level4_pgt);
  setCr(cpu, 'cr0', (CR0_PE | CR0_WP | CR0_PG) >>> 0);
}
