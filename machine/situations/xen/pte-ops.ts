import type { Cpu } from '../../hardware/cpu';
import { isPresent, slotOf, type Entry } from '../../hypervisors/xen/public/layout';
import type { Mm } from '../../kernel/task';
import type { XenKernel } from '../../kernel/xen/guest';
import {
  ptep_clear_flush, ptep_clear_flush_young, ptep_get_and_clear, ptep_set_wrprotect, xen_pte_clear, xen_set_pmd, xen_set_pte, xen_set_pte_at, type Ptep,
} from '../../kernel/xen/pgtable';
import { path, silently, type Call, type Path } from '../../path';
import { fileFlags, mapFile, sharedFile } from './cast';
import { XenBackground } from './background';

// How each operation on an entry is carried out: by hypercalls, or by stores of
// the processor, which Xen emulates if the page is a page table.

const enterLazyMmu = silently('arch_enter_lazy_mmu_mode()', (cpu: Cpu, k: XenKernel) => { k.percpu(cpu).lazy_mode = 'PARAVIRT_LAZY_MMU'; });

const lazily = path(function* lazily(k: XenKernel, mm: Mm, ptep: Ptep, entry: Entry): Path {
  yield* enterLazyMmu(k);
  yield* xen_set_pte_at(k, mm, ptep, entry);
});

type Operation = (k: XenKernel, mm: Mm, ptep: Ptep, entry: Entry) => Call<unknown>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'xen_set_pte()': (k, _mm, ptep, entry) => xen_set_pte(k, ptep, entry),
  'xen_set_pte_at()': (k, mm, ptep, entry) => xen_set_pte_at(k, mm, ptep, entry),
  'xen_set_pte_at() in lazy MMU mode': (k, mm, ptep, entry) => lazily(k, mm, ptep, entry),
  'xen_pte_clear()': (k, _mm, ptep) => xen_pte_clear(k, ptep),
  'ptep_get_and_clear()': (k, _mm, ptep) => ptep_get_and_clear(k, ptep),
  'ptep_clear_flush()': (k, mm, ptep) => ptep_clear_flush(k, mm, ptep),
  'ptep_clear_flush_young() of a young entry': (k, mm, ptep) => ptep_clear_flush_young(k, mm, ptep),
  'ptep_clear_flush_young() of an old entry': (k, mm, ptep) => ptep_clear_flush_young(k, mm, ptep),
  'ptep_set_wrprotect()': (k, _mm, ptep) => ptep_set_wrprotect(k, ptep),
  'xen_set_pmd()': (k, mm, ptep) => xen_set_pmd(k, k.middleTable(k.pgdPage(mm), ptep.address)!, slotOf(k.layout, 2, ptep.address), 0),
};

/** The names of the operations. */
export const PTE_OPERATIONS: readonly string[] = Object.keys(OPERATIONS);

export interface OperationOptions {
  readonly pae: boolean;
  /** Whether the page table is pinned in Xen. */
  readonly pinned: boolean;
  /** Whether the task runs on that address space. */
  readonly current: boolean;
}

/** The result of one operation. */
export interface Performed {
  /** Hypercalls that were made, in their order. */
  readonly hypercalls: readonly string[];
  /** Stores and locked instructions of the processor. */
  readonly stores: number;
  /** How many of those Xen emulated. */
  readonly emulated: number;
  /** Calls that were left in the queue. */
  readonly waiting: number;
  /** Whether the file's page is still mapped. */
  readonly isMapped: boolean;
  readonly oops: string | null;
}

const STORE = /^(xchg\(|lock; |.*\.pte_(low|high) = )/;

/** Performs an operation on the entry of a file's page. Throws an error if there is no such operation. */
export function perform(words: string, { pae, pinned, current }: OperationOptions): Performed {
  const operation = OPERATIONS[words];
  if (!operation) throw new Error(`no operation "${words}"; legal: ${PTE_OPERATIONS.join(', ')}`);
  const background = new XenBackground({ release: '2.6.24', pae, cpus: 1, hunks: new Set(), config: { NR_CPUS: 8 } });
  const { kernel, cpus } = background;
  const cpu = cpus[0]!;
  const file = sharedFile(background, 1);
  const mm = mapFile(background, 'editor.mm', file, words.includes('young entry'));
  if (pinned) background.pinned(mm);
  if (current) background.task('editor', cpu, mm, () => operation(kernel, mm, { table: kernel.swapper, address: 0 }, 0));
  const table = kernel.ptePage(kernel.pgdPage(mm), file.start)!;
  const entry = kernel.pte(file.pages[0]!.page, fileFlags('private', false));
  const hypercalls: string[] = [];
  let [stores, emulated] = [0, 0];
  background.run(operation(kernel, mm, { table, address: file.start }, entry), cpu, (text) => {
    if (text.startsWith('hypercall ') || text.startsWith('multicall: ')) hypercalls.push(text.replace(/^(hypercall|multicall:) /, '').replace(/\(.*/, ''));
    if (!STORE.test(text)) return;
    stores++;
    // If the processor itself wrote the page, it has a translation; a fault, after which Xen writes, leaves none.
    if (!cpu.tlb.entries().some(({ base }) => base === kernel.address(table))) emulated++;
  });
  const isMapped = isPresent(kernel.lookup(kernel.pgdPage(mm), file.start));
  return { hypercalls, stores, emulated, isMapped, waiting: kernel.mc_buffer(cpu).entries.length, oops: kernel.current(cpu).oops };
}
