import { CR0_PE, CR0_PG, CR0_WP, type Cpu } from '../../hardware/cpu';
import { setCr } from '../../hardware/mmu';
import type { SeenMemory } from '../../hardware/store-buffer';
import type { BootKernel } from './boot-kernel';
import { _PAGE_PRESENT, _PAGE_TABLE, IDENT } from './entries';
import { PAGE_OFFSET } from './layout';
import { setup_idt } from './stop';

// arch/x86/kernel/head_32.S: the page tables that setup_arch starts with, built
// in one go since nothing can intervene. They map the start of memory twice, at
// 0 and at PAGE_OFFSET, and one empty page table is under the last entry of the
// directory. Everything else near the top is empty, and that matters.

const PAGE = 4096;
const CR4_PAE = 0x20;
/** A middle directory for the gibibyte below PAGE_OFFSET, where a fixmap that never moves would be. */
const LOW_FIXMAP_PMD = 0x5f8000;

/** INIT_MAP_BEYOND_END: room for the page tables of all lowmem, in bytes. */
const mapBeyondEnd = (k: BootKernel): number => (k.config.X86_PAE ? 2 ** 20 / 512 + 4 : 1024) * PAGE + 4 * PAGE;

/** Builds the boot page tables, turns paging on and installs the early handlers. */
export function startup_32(k: BootKernel, cpu: Cpu): void {
  const { memory } = k;
  const { swapper_pg_dir, swapper_pg_pmd, swapper_pg_fixmap } = k.symbols;
  const directory = k.config.X86_PAE ? swapper_pg_pmd : swapper_pg_dir;
  const tables = mapStartOfMemory(k, memory, directory);
  memory.write32(directory + PAGE - k.entrySize, swapper_pg_fixmap + _PAGE_TABLE);
  if (k.config.X86_PAE) {
    memory.write32(swapper_pg_dir, swapper_pg_pmd + _PAGE_PRESENT);
    memory.write32(swapper_pg_dir + 8 * 3, swapper_pg_pmd + _PAGE_PRESENT);
    if (k.boot.__FIXADDR_TOP < PAGE_OFFSET) memory.write32(swapper_pg_dir + 8 * 2, LOW_FIXMAP_PMD + _PAGE_PRESENT);
  }
  k.boot.max_pfn_mapped = tables * k.PTRS_PER_PTE;
  k.boot.early_res = [
    { start: 0, end: PAGE, name: 'BIOS data page' },
    { start: k.symbols._text, end: k.symbols._end, name: 'TEXT DATA BSS' },
    { start: k.symbols._end, end: k.symbols._end + tables * PAGE, name: 'INIT_PG_TABLE' },
    { start: 0x9fc00, end: 0x100000, name: 'BIOS reserved' },
  ];
  setup_idt(k, cpu);
  cpu.cr4 = k.config.X86_PAE ? CR4_PAE : 0;
  cpu.cr0 = CR0_PE;
  setCr(cpu, 'cr3', swapper_pg_dir);
  setCr(cpu, 'cr0', (CR0_PE | CR0_WP | CR0_PG) >>> 0);
}

/** Puts page tables after _end until they map themselves and what they will need. Returns their number. */
function mapStartOfMemory(k: BootKernel, memory: SeenMemory, directory: number): number {
  let tables = 0;
  for (let mapped = 0, at = k.symbols._end; mapped < at + mapBeyondEnd(k); mapped += k.PMD_SIZE, tables++, at += PAGE) {
    memory.write32(directory + tables * k.entrySize, at + _PAGE_TABLE);
    if (!k.config.X86_PAE) memory.write32(directory + (768 + tables) * 4, at + _PAGE_TABLE);
    for (let i = 0; i < k.PTRS_PER_PTE; i++) memory.write32(at + i * k.entrySize, mapped + i * PAGE + IDENT);
  }
  return tables;
}
