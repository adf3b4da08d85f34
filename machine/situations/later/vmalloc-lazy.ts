import type { Cpu } from '../../hardware/cpu';
import { PAGE_FAULT } from '../../hardware/cpu';
import { load, movToCr3 } from '../../hardware/instructions';
import { do_page_fault, pgdOf } from '../../kernel/linux-3.8/fault';
import { arch_enter_lazy_mmu_mode, arch_leave_lazy_mmu_mode, LazyMmu, xen_pgd_unpin } from '../../kernel/linux-3.8/lazy-mmu';
import type { Kernel } from '../../kernel/kernel';
import { setPte } from '../../kernel/linux-2.6/mm/pgtable';
import { ptep_get_and_clear } from '../../kernel/linux-4.14/pgtable';
import type { Mm } from '../../kernel/task';
import { instruction, path, silently, type Path } from '../../path';
import { noTaskOopses } from '../scenes/pages';
import { SmpScene } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 105: a task on Xen unmaps a page in lazy MMU mode, and meanwhile reads
// memory from vmalloc() that its page directory does not map yet.

const PAGE = 0x08048000;
const VMALLOC_64 = -0x370000000000;
const VMALLOC_32 = 0xf9000000;

/** mm/memory.c (3.8), zap_pte_range() in part: one page, with the load of page_remove_rmap(). */
const zap_pte_range = path(function* zap_pte_range(k: Kernel, lazy: LazyMmu, mm: Mm, statistics: number, isLazy: boolean): Path {
  if (isLazy) yield* arch_enter_lazy_mmu_mode(k, lazy);
  yield* ptep_get_and_clear(k, mm, PAGE);
  yield* load(statistics);
  if (isLazy) yield* arch_leave_lazy_mmu_mode(k, lazy);
});

/** Model: both fields at once. Only the task uses them, and there is one CPU. */
const borrow = instruction((_k: Kernel, mm: Mm) => `current->active_mm = ${mm.name}`, (cpu: Cpu, k: Kernel, mm: Mm) => {
  k.current(cpu).mm = null;
  k.current(cpu).active_mm = mm;
});

const pgdOfMm = silently((mm: Mm) => `${mm.name}->pgd`, (_cpu: Cpu, mm: Mm) => mm.pgd);

/** kernel/exit.c (3.8), exit_mm() in part; arch/x86/xen/mmu.c (3.8), xen_exit_mmap(): the CPU leaves the page directory, which is then unpinned. A task that was switched out and in meanwhile runs on the address space of the task before it. */
const exit_mm = path(function* exit_mm(k: Kernel, lazy: LazyMmu, mm: Mm, borrowed: Mm | null): Path {
  yield* borrow(k, mm);
  yield* movToCr3(yield* pgdOfMm(k.init_mm));
  yield* xen_pgd_unpin(lazy, mm);
  if (borrowed !== null) yield* borrow(k, borrowed);
  if (borrowed !== null) yield* movToCr3(yield* pgdOfMm(borrowed));
});

const unmap = path(function* unmap(k: Kernel, lazy: LazyMmu, mm: Mm, other: Mm, task: string, statistics: number, isLazy: boolean): Path {
  if (task !== 'lives') yield* exit_mm(k, lazy, mm, task === 'exits, switched' ? other : null);
  yield* zap_pte_range(k, lazy, mm, statistics, isLazy);
});

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { arch, backend, task, lazy: isLazy, known, pinned } = parameters;
  const scene = new SmpScene({ cpus: 1, release: '3.8', hunks, config: { X86_64: arch === 'x86_64' } });
  const { kernel, store, memory } = scene;
  const [cpu] = scene.cpus as [Cpu];
  const mm = scene.mm('editor.mm');
  const other = scene.mm('browser.mm');
  scene.page('the page', 0x01d, { mm, va: PAGE });
  const statistics = arch === 'x86_64' ? VMALLOC_64 : VMALLOC_32;
  setPte(kernel, kernel.init_mm, statistics, kernel.frames.alloc() | 0x63);
  if (known) for (const each of [mm, other]) memory.write32(pgdOf(kernel, each, statistics), memory.read32(pgdOf(kernel, kernel.init_mm, statistics)));
  const lazy = new LazyMmu(kernel, store, backend === 'Xen', pinned ? [mm, other] : []);
  cpu.idt.set(PAGE_FAULT, { kind: 'trap', handler: (frame) => do_page_fault(kernel, lazy, frame) });
  scene.task(cpu, 'editor', () => unmap(kernel, lazy, mm, other, task as string, statistics, isLazy as boolean), { mm });
  cpu.cr3 = mm.pgd;
  cpu.IF = true;
  const all = { noTaskOopses: noTaskOopses(kernel) };
  return scene.system(invariants.map((name) => all[name as keyof typeof all]), () => `${kernel.current(cpu).min_flt} faults; editor ${kernel.current(cpu).oops ?? 'lives'}; ${lazy.state.queue.length} updates wait`);
}

export const vmallocLazySituations: readonly Situation[] = [{
  id: 'vmalloc-lazy/unmap',
  patch: 'vmalloc-lazy',
  title: 'A task of "editor" unmaps a page in lazy MMU mode, and reads memory from vmalloc() that its page directory does not have.',
  parameters: {
    arch: { about: 'whose fault handler', legal: ['x86_64', 'i386'], initially: 'x86_64' },
    backend: { about: 'what the kernel runs on', legal: ['Xen', 'bare metal'], initially: 'Xen' },
    task: { about: 'whether the task lives, or unmaps because it exits; and whether it was switched out and in again in between', legal: ['lives', 'exits', 'exits, switched'], initially: 'lives' },
    lazy: { about: 'whether the loop runs in lazy MMU mode', legal: [true, false], initially: true },
    known: { about: 'whether the page directory has the entry already', legal: [false, true], initially: false },
    pinned: { about: 'whether page directories are pinned', legal: [true, false], initially: true },
  },
  invariants: ['noTaskOopses'],
  reviewed: [{}, { arch: 'i386' }],
  bounds: {},
  leavesOut: ['more than one CPU', 'interrupts: a tick that schedules would flush the queue', 'the levels below the page directory, which all address spaces share'],
  build,
}];
