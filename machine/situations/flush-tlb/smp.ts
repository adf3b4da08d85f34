import type { Invariant } from '../../explorer/system';
import type { Cpu, CpuOptions } from '../../hardware/cpu';
import { load } from '../../hardware/instructions';
import { cpuOnOwnTopLevel, cpuInVmMask } from '../../invariants/cpu-vm-mask';
import { cr3IsActiveMm, nobodyKilled, noStaleEntry, taskOnOwnPageTables, userReachesOwnMemory } from '../../invariants/page-tables';
import { givesWayWhenAsked, interruptsStayOff, neverSchedulesAtomically, softirqsOnlyWithInterruptsOn } from '../../invariants/quiet-ends';
import { TIMER_VECTOR } from '../../kernel/linux-2.6/irq/entry';
import { remap_area_pages } from '../../kernel/linux-2.6/mm/ioremap';
import type { Kernel } from '../../kernel/kernel';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, setPte, usePgd } from '../../kernel/linux-2.6/mm/pgtable';
import { scheduler_tick } from '../../kernel/linux-2.6/sched/sched-balance';
import { smp_intr_init } from '../../kernel/linux-2.6/smp-flush';
import type { Mm } from '../../kernel/task';
import { __flush_tlb, __flush_tlb_all, flush_tlb_mm } from '../../kernel/linux-2.6/tlbflush';
import { instruction, path, type Path } from '../../path';
import { Background, inTurn, Steps, system_call } from './background';
import type { Choice, Situation } from '../types';

// Thread 002 on two CPUs: the flush that reaches the others, and the one path
// on which the bare pair of instructions can still be preempted.

const PAGE = 0x08048000;
const BROWSER_PAGE = 0x08050000;

const changePte = instruction(
  (_k: Kernel, mm: Mm) => `set_pte(): ${mm.name} maps another page at 0x${PAGE.toString(16)}`,
  (_cpu: Cpu, k: Kernel, mm: Mm) => setPte(k, mm, PAGE, k.frames.alloc() | _PAGE_PRESENT | _PAGE_RW | _PAGE_USER),
);

const flushed = instruction('the flush has returned', (_cpu: Cpu, k: Kernel, mm: Mm) => {
  k.flushedSince.value = { mm, va: PAGE };
});

const changeAndFlush = path(function* changeAndFlush(k: Kernel, mm: Mm, how: string): Path {
  yield* changePte(k, mm);
  if (how === 'flush_tlb_mm()') yield* flush_tlb_mm(k, mm);
  if (how === 'the local flush only') yield* __flush_tlb(k);
  yield* flushed(k, mm);
});

const INVARIANTS: Readonly<Record<string, (k: Kernel) => Invariant>> = {
  noStaleEntry, taskOnOwnPageTables, cpuInVmMask, cpuOnOwnTopLevel, userReachesOwnMemory, nobodyKilled, cr3IsActiveMm, neverSchedulesAtomically, givesWayWhenAsked, interruptsStayOff, softirqsOnlyWithInterruptsOn,
};

const leavesOut = ['priorities and time slices: any runnable task may be picked', 'softirqs', 'the local APIC\'s acknowledgements', 'more than two CPUs'];

const release = { about: 'the kernel', legal: ['2.6.10-rc2', '2.6.11'], initially: '2.6.10-rc2' } as const;
const arch = { about: 'the architecture', legal: ['i386', 'x86-64'], initially: 'i386' } as const;
const ticks = { about: 'how often the timer may interrupt a CPU', legal: [1, 2, 3], initially: 1 } as const;

function smp({ hunks, parameters }: Choice, processor: CpuOptions = {}): Background {
  const background = new Background({ release: parameters['release'] as string, config: { X86_64: parameters['arch'] === 'x86-64' }, hunks }, 2, processor);
  const { kernel } = background;
  for (const cpu of background.cpus) {
    smp_intr_init(kernel, cpu);
    kernel.tlbstate(cpu).active_mm = kernel.init_mm;
  }
  return background;
}

/** A task that runs at the beginning; its CPU's record of the address space says so too. */
function running(background: Background, name: string, mm: Mm, cpu: Cpu, program: () => ReturnType<typeof inTurn>): void {
  const task = background.task(name, mm, program, cpu);
  background.running(task, cpu);
  background.kernel.tlbstate(cpu).active_mm = mm;
}

/** A kernel thread that runs at the beginning, on the address space of a task that ran before it. */
function borrowing(background: Background, name: string, mm: Mm, cpu: Cpu, program: () => ReturnType<typeof inTurn>): void {
  const { kernel } = background;
  const task = background.task(name, null, program, cpu);
  background.running(task, cpu);
  task.active_mm = mm;
  mm.mm_count++;
  mm.cpu_vm_mask |= 1 << cpu.id;
  kernel.init_mm.mm_count--;
  kernel.init_mm.cpu_vm_mask &= ~(1 << cpu.id);
  usePgd(kernel, cpu, mm);
  kernel.tlbstate(cpu).active_mm = mm;
  kernel.tlbstate(cpu).state = 'TLBSTATE_LAZY';
}

/** @param ticking the CPUs that the timer may interrupt */
function finish(background: Background, { parameters, invariants }: Choice, ticking: readonly Cpu[] = background.cpus) {
  for (const cpu of ticking) cpu.connect({ name: 'timer', vector: TIMER_VECTOR, limit: parameters['ticks'] as number });
  return background.system(invariants.map((name) => INVARIANTS[name]!(background.kernel)));
}

/** One thread of an address space changes an entry while another thread uses it on the other CPU, or a kernel thread borrows it there. */
const shootdown: Situation = {
  id: 'flush-tlb/shootdown',
  patch: 'flush-tlb',
  title: 'A thread changes a page-table entry and flushes it from every CPU, while the other CPU switches between a thread of the same address space and a kernel thread.',
  parameters: {
    release, arch, ticks,
    ticking: { about: 'which CPUs the timer may interrupt: only the one that is flushed remotely, or both', legal: ['second', 'both'], initially: 'second' },
    how: { about: 'what it calls to flush', legal: ['flush_tlb_mm()', 'the local flush only', 'nothing'], initially: 'flush_tlb_mm()' },
    lookAhead: { about: 'whether the processors may load the translation at any time', legal: [false, true], initially: false },
    accesses: { about: 'how often the other thread reads its page', legal: [1, 2, 3], initially: 1 },
  },
  invariants: ['noStaleEntry', 'taskOnOwnPageTables', 'cpuInVmMask', 'nobodyKilled', 'interruptsStayOff', 'softirqsOnlyWithInterruptsOn'],
  bounds: {},
  leavesOut,
  build: (choice) => {
    const background = smp(choice, choice.parameters['lookAhead'] ? { earlyFills: [PAGE] } : {});
    const { kernel, cpus } = background;
    const mm = background.addressSpace('editor.mm', [{ va: PAGE, content: 0xed170 }]);
    mm.mm_users = 2;
    const change = new Steps('change', 1, () => changeAndFlush(kernel, mm, choice.parameters['how'] as string));
    running(background, 'editor', mm, cpus[0]!, () => inTurn(new Steps('editor', 2, (i) => (i === 0 ? load(PAGE) : system_call(kernel, change)))));
    running(background, 'painter', mm, cpus[1]!, () => inTurn(new Steps('painter', choice.parameters['accesses'] as number, () => load(PAGE))));
    background.task('kthread', null, () => inTurn(new Steps('kthread', 0, () => load(0))), cpus[1]!);
    return finish(background, choice, choice.parameters['ticking'] === 'both' ? cpus : [cpus[1]!]);
  },
};

/** mm/page_alloc.c with CONFIG_DEBUG_PAGEALLOC: kernel_map_pages() flushes directly, with preemption on. */
const debugPagealloc: Situation = {
  id: 'flush-tlb/debug-pagealloc',
  patch: 'flush-tlb',
  title: 'On two CPUs, a kernel thread frees a page under CONFIG_DEBUG_PAGEALLOC, which flushes with preemption on, while tasks move between the CPUs.',
  parameters: {
    release, arch, ticks,
    flush: { about: 'what the kernel thread does: kernel_map_pages() without global pages, or with them, or ioremap()', legal: ['without', 'with global pages', 'ioremap()'], initially: 'without' },
  },
  invariants: ['taskOnOwnPageTables', 'cpuInVmMask', 'cpuOnOwnTopLevel', 'userReachesOwnMemory', 'nobodyKilled', 'cr3IsActiveMm', 'neverSchedulesAtomically', 'givesWayWhenAsked', 'interruptsStayOff', 'softirqsOnlyWithInterruptsOn'],
  requirements: ['taskOnOwnPageTables', 'cpuInVmMask', 'cpuOnOwnTopLevel', 'userReachesOwnMemory', 'nobodyKilled', 'neverSchedulesAtomically', 'givesWayWhenAsked', 'interruptsStayOff', 'softirqsOnlyWithInterruptsOn'],
  bounds: {},
  leavesOut,
  build: (choice) => {
    const background = smp(choice);
    const { kernel, cpus } = background;
    kernel.irqActions.set(TIMER_VECTOR, () => scheduler_tick(kernel));
    const flush = { without: __flush_tlb, 'with global pages': __flush_tlb_all, 'ioremap()': remap_area_pages }[choice.parameters['flush'] as string]!;
    const touch = (name: string, va: number) => () => inTurn(new Steps(name, 1, () => load(va)));
    const editorMm = background.addressSpace('editor.mm', [{ va: PAGE, content: 0xed170 }]);
    background.task('editor', editorMm, touch('editor', PAGE), cpus[0]!);
    borrowing(background, 'kthread', editorMm, cpus[0]!, () => inTurn(new Steps('kthread', 1, () => flush(kernel))));
    const browserMm = background.addressSpace('browser.mm', [{ va: BROWSER_PAGE, content: 0xb20 }]);
    running(background, 'browser', browserMm, cpus[1]!, touch('browser', BROWSER_PAGE));
    return finish(background, choice);
  },
};

export const flushTlbSmpSituations: readonly Situation[] = [shootdown, debugPagealloc];
