import type { Cpu } from '../../hardware/cpu';
import { cli, sti } from '../../hardware/instructions';
import { instruction, path, silently, type Path } from '../../path';
import type { Value } from '../../state/hash';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import { pteEntry } from '../linux-2.6/mm/pgtable';
import { CondFunc, on_each_cpu, smp_call_function_many_cond, type CallQueues } from '../linux-6/smp';
import type { TlbStates } from '../linux-6/tlbstate';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import { READ_ONCE, this_cpu_read } from '../words/access';
import { cpumask_any_but, cpumask_copy } from '../words/bitops';
import { ___pte_free_tlb, __tlb_remove_page, tlb_flush_mmu_free, tlb_flush_mmu_tlbonly, tlb_free_tables, tlb_remove_tlb_entry, type Frame, type MmuGather } from './mmu-gather';
import { ptep_get_and_clear } from './pgtable';
import { enter_lazy_tlb, flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from './tlb';

// mm/memory.c and arch/x86/mm/tlb.c, 4.14 to 4.20: munmap() of the last page of a
// table, which frees the table too, and a CPU that goes lazy meanwhile.
// Model: the series of July 2018, which no longer sends interrupts to lazy CPUs,
// is 4.20 without what 4.20 does about freed tables.

/** Bits of an entry: P and U, without A, which a walk sets. */
const UNWALKED = 0x005;

/** A page table whose frame is freed and used again. */
export class FreedTable extends tracked<{ state: 'in use' | 'free' | 'used by another owner' }>({ state: 'in use' }) {
  /**
   * @param entries physical addresses of the entries that matter
   * @param above physical address of the entry that leads to it
   * @param data what its next user writes there: read as an entry, it leads to a page and no walk has marked it
   */
  constructor(store: Store, readonly entries: readonly number[], readonly above: number, readonly data: number) {
    super(store, 'the table');
    if ((data & 0xfff) !== UNWALKED) throw new Error('machine bug: the data must read as an entry that no walk has marked');
  }

  /** The next owner of the frame keeps data there. Model: at once, so that every later walk meets the data. */
  reuse(cpu: Cpu): void {
    for (const entry of this.entries) cpu.memory.write32(entry, this.data);
    cpu.drain();
    this.state = 'used by another owner';
  }
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** pmd_clear(): a plain store. */
const pmd_clear = instruction((table: FreedTable) => `pmd_clear(the entry above ${table.name})`, (cpu: Cpu, table: FreedTable) => {
  cpu.memory.write32(table.above, 0);
});

/** Why other CPUs are interrupted: to flush, to leave an address space if they are lazy, or to do nothing at all. */
interface RemoveTables {
  readonly [key: string]: Value;
  readonly removesTables: true;
  readonly t: TlbStates;
  readonly mm: Mm;
}

export type Called = FlushTlbInfo | RemoveTables | 'nothing' | 'tlb_remove_table_smp_sync';

/** arch/x86/mm/tlb.c:649-663 (2ff6ddf19c0e), tlb_flush_remove_tables_local(). Interrupts are off. */
const tlb_flush_remove_tables_local = path(function* tlb_flush_remove_tables_local(k: Kernel, t: TlbStates, mm: Mm): Path {
  if ((yield* this_cpu_read(t.loaded_mm)) !== mm || !(yield* this_cpu_read(t.is_lazy))) return;
  yield* switch_mm_irqs_off(k, t, k.init_mm);
});

/** Ours: what the interrupt does on the CPU that receives it. */
export const tlb_called = path(function* tlb_called(k: Kernel, info: Called): Path {
  if (typeof info === 'string') return;
  if ('removesTables' in info) {
    yield* tlb_flush_remove_tables_local(k, info.t, info.mm as Mm);
    return;
  }
  if (k.after('freed-tables/stay') && (yield* this_cpu_read(info.t.is_lazy))) return;
  yield* flush_tlb_func_remote(k, info as FlushTlbInfo);
});

/** Ours: the condition of a call that goes to every CPU in the mask. */
const always = path(function* always(): Path<boolean> { return true; });

/** Ours: the condition of 64482aafe55f, which collects the CPUs that are not lazy. */
const isNotLazy = path(function* isNotLazy(_k: Kernel, cpu: Cpu, { t }: RemoveTables): Path<boolean> {
  return !(yield* READ_ONCE(t.is_lazy.of(cpu)));
});

const EVERY = new CondFunc('every CPU of the mask', () => always());
const NOT_LAZY = new CondFunc('CPUs that are not lazy', isNotLazy as never);

const smp_processor_id = silently('smp_processor_id()', (cpu: Cpu) => cpu.id);

/** arch/x86/mm/tlb.c:665-675 (2ff6ddf19c0e), tlb_flush_remove_tables(). Model: leaves out get_cpu, put_cpu: no task changes its CPU here. Model: leaves out smp_call_function_many: it is smp_call_function_many_cond(), with the condition of a wrong fix. */
const tlb_flush_remove_tables = path(function* tlb_flush_remove_tables(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm, cond: CondFunc): Path {
  if ((yield* cpumask_any_but(t.mask(mm))) === 0) return;
  const others = (yield* cpumask_copy(t.mask(mm))) & ~(1 << (yield* smp_processor_id()));
  yield* smp_call_function_many_cond(k, q, others, { removesTables: true, t, mm }, cond);
});

/** mm/mmu_gather.c:66-78 (4.20), tlb_flush_mmu_free() in part: what the patches do before tables are freed. Model: adds on_each_cpu: a wrong fix. */
const tlb_table_flush = path(function* tlb_table_flush(k: Kernel, q: CallQueues, t: TlbStates, mm: Mm): Path {
  if (k.after('freed-tables/remove-tables')) yield* tlb_flush_remove_tables(k, q, t, mm, EVERY);
  if (k.after('freed-tables/not-lazy')) yield* tlb_flush_remove_tables(k, q, t, mm, NOT_LAZY);
  if (k.after('freed-tables/sync')) yield* on_each_cpu(k, q, 'nothing');
});

/** mm/memory.c:201-208 (4.20), free_pte_range(). Model: leaves out pte_free_tlb, mm: its two lines are here; the mm is a field of `tlb`. Model: adds ___pte_free_tlb, tlb_remove_tlb_entry: these. */
const free_pte_range = path(function* free_pte_range(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, va: number, table: FreedTable): Path {
  yield* pmd_clear(table);
  if (k.before('freed-tables/argument') && k.before('freed-tables/flush-early')) yield* tlb_remove_tlb_entry(tlb, va);
  if (k.after('freed-tables/argument') && k.before('freed-tables/flush-early')) yield* tlb_free_tables(tlb, va);
  yield* ___pte_free_tlb(k, q, t, tlb, table);
});

/**
 * mm/mmap.c:2585-2599 (4.20), unmap_region() in part, of the page at `va`. With `frees`, it was the last in its table, and the table is freed too.
 * Model: leaves out tlb_gather_mmu(), tlb_finish_mmu(): no other CPU unmaps here, so the end is tlb_flush_mmu().
 */
export const unmap_region = path(function* unmap_region(k: Kernel, q: CallQueues, t: TlbStates, tlb: MmuGather, va: number, page: Frame, table: FreedTable, frees: boolean): Path {
  yield* ptep_get_and_clear(k, tlb.mm, va); // zap_pte_range()
  yield* tlb_remove_tlb_entry(tlb, va);
  yield* __tlb_remove_page(tlb, page);
  if (k.after('freed-tables/flush-early')) yield* tlb_free_tables(tlb, va);
  if (k.after('freed-tables/flush-early')) yield* tlb_flush_mmu_tlbonly(k, q, t, tlb);
  if (frees) yield* free_pte_range(k, q, t, tlb, va, table);
  yield* tlb_flush_mmu_tlbonly(k, q, t, tlb);
  if (frees) yield* tlb_table_flush(k, q, t, tlb.mm);
  yield* tlb_flush_mmu_free(k, q, t, tlb);
});

/** kernel/sched/core.c:2790-2835 (4.20), context_switch() in part: to a kernel thread, which borrows the address space. */
export const switchToKernelThread = path(function* switchToKernelThread(k: Kernel, t: TlbStates): Path {
  yield* cli();
  if (k.before('freed-tables/leave')) yield* enter_lazy_tlb(k, t);
  if (k.after('freed-tables/leave')) yield* switch_mm_irqs_off(k, t, k.init_mm);
  yield* sti();
});

/** Ours: context_switch() back to a task of `mm`, up to where interrupts are on again. */
export const switchToTask = path(function* switchToTask(k: Kernel, t: TlbStates, mm: Mm): Path {
  yield* cli();
  yield* switch_mm_irqs_off(k, t, mm);
  yield* sti();
});

/** The address of the entry that leads to the table of `va`. Part of the set-up. */
export function pmdEntry(k: Kernel, mm: Mm, va: number): number {
  const table = Math.floor(pteEntry(k, mm, va)! / 0x1000) * 0x1000;
  let upper = mm.pgd;
  for (const shift of [39, 30, 21]) {
    const at = upper + (Math.floor(va / 2 ** shift) & 0x1ff) * 8;
    upper = (k.memory.read32(at) & ~0xfff) >>> 0;
    if (upper === table) return at;
  }
  throw new Error(`machine bug: no entry leads to the table of ${hex(va)}`);
}
