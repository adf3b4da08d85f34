import type { Invariant, System } from '../../explorer/system';
import { Memory } from '../../hardware/memory';
import { VMI_PAGE } from '../../hypervisors/interface-vmi';
import { VmiHypervisor } from '../../hypervisors/vmi/hypervisor';
import type { LazyReading } from '../../hypervisors/vmi/reading';
import { ACCEPTED_ROM, VmiRom } from '../../hypervisors/vmi/rom';
import { VirtualCpu } from '../../hypervisors/vmi/vcpu';
import { TIMER_VECTOR, timer_interrupt } from '../../kernel/linux-2.6/irq/entry';
import { guest_interrupt } from '../../kernel/linux-2.6/irq/irq-handlers';
import { guestQueueOps } from '../../kernel/linux-2.6/guest-queue';
import type { Config } from '../../kernel/kernel';
import { arch_end_context_switch, arch_start_context_switch, nativeOps } from '../../kernel/linux-2.6/paravirt';
import { makeInitMm, makeMm, setPte, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER } from '../../kernel/linux-2.6/mm/pgtable';
import type { Mm, Task } from '../../kernel/task';
import { INVALIDATE_TLB_VECTOR, smp_invalidate_interrupt } from '../../kernel/linux-2.6/tlb-shootdown';
import { guest_page_fault } from '../../kernel/linux-2.6/mm/vmalloc';
import { GuestKernel } from '../../kernel/vmi/guest';
import { activate_vmi } from '../../kernel/vmi/vmi';
import type { HunkId } from '../../patches/types';
import type { Call } from '../../path';
import { Store } from '../../state/store';
import { addIdleTask, addTask, startWith } from '../flush-tlb/cast';

// A machine with a VMI hypervisor (or without one) and a booted guest, ready for
// a situation to begin. Boot is plain calls; thread 003 explores it. Model: the
// scheduler, the spinlocks and IRET change IF natively, so waiting interrupts are delivered at
// the next boundary and not inside a call.

export interface GuestMachineOptions {
  readonly release: string;
  readonly hunks: ReadonlySet<HunkId>;
  readonly cpus?: number;
  readonly config?: Partial<Config>;
  /** MiB. */
  readonly ram: number;
  readonly backend: Backend;
  readonly reading: LazyReading;
}

/** What a kernel can run on. */
export const BACKENDS = ['VMI', 'VMI without SetLazyMode', 'guest queue', 'bare metal'] as const;
export type Backend = (typeof BACKENDS)[number];

const USER_PAGE = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;

export class GuestMachine {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly cpus: readonly VirtualCpu[];
  readonly kernel: GuestKernel;
  /** Null on bare metal. */
  readonly hypervisor: VmiHypervisor | null;
  private vectors = 0x30;

  constructor(private readonly options: GuestMachineOptions) {
    const { release, hunks, config = {}, ram, reading, backend } = options;
    const onVmi = backend === 'VMI' || backend === 'VMI without SetLazyMode';
    this.cpus = Array.from({ length: options.cpus ?? 1 }, (_, id) => new VirtualCpu(this.store, id, this.memory));
    const hole = onVmi ? 2 ** 32 - ACCEPTED_ROM.virtual_top : 0;
    this.kernel = new GuestKernel(this.store, this.memory, this.cpus, { release, hunks, ram, hole, config: { HIGHMEM: true, VMI: onVmi, ...config } });
    this.kernel.init_mm = makeInitMm(this.kernel);
    this.kernel.mapFixmap();
    this.kernel.paravirt_ops = backend === 'guest queue' ? guestQueueOps() : nativeOps();
    const rom = new VmiRom(ACCEPTED_ROM);
    this.hypervisor = onVmi ? new VmiHypervisor(this.store, this.memory, this.cpus, rom, reading, backend === 'VMI') : null;
    if (onVmi) {
      this.kernel.rom = rom;
      this.kernel.vmi_rom = ACCEPTED_ROM.at;
      activate_vmi(this.kernel, this.kernel.max_low_pfn);
    }
    const { kernel } = this;
    kernel.switching = { enter: (prev) => arch_start_context_switch(kernel, prev), leave: (next) => arch_end_context_switch(kernel, next) };
    this.kernel.irqActions.set(TIMER_VECTOR, () => timer_interrupt(this.kernel));
    for (const cpu of this.cpus) this.install(cpu);
  }

  private install(cpu: VirtualCpu): void {
    const { kernel } = this;
    cpu.cr3 = kernel.init_mm.pgd;
    cpu.vectorNames.set(INVALIDATE_TLB_VECTOR, 'invalidate TLB');
    cpu.idt.set(14, { kind: 'interrupt', handler: (frame) => guest_page_fault(kernel, frame) });
    cpu.idt.set(TIMER_VECTOR, { kind: 'interrupt', handler: (frame) => guest_interrupt(kernel, frame) });
    cpu.idt.set(INVALIDATE_TLB_VECTOR, { kind: 'interrupt', handler: (frame) => smp_invalidate_interrupt(kernel, frame) });
    addIdleTask(kernel, cpu);
  }

  /** An address space with `pages` pages from `va` on, each with a frame of its own. */
  addressSpace(name: string, va: number, pages: number): Mm {
    const mm = makeMm(this.kernel, name, [{ start: va, end: va + pages * 0x1000, write: true }]);
    for (let i = 0; i < pages; i++) setPte(this.kernel, mm, va + i * 0x1000, this.kernel.frames.alloc() | USER_PAGE);
    return mm;
  }

  /** Gives `mm` a page table for `va` with an empty entry, or the entry `pte`. */
  entry(mm: Mm, va: number, pte = 0): void {
    setPte(this.kernel, mm, va, pte);
  }

  /** A task that has not run yet, runnable on `cpu`. */
  task(name: string, mm: Mm | null, program: () => Call<unknown>, cpu: VirtualCpu = this.cpus[0]!): Task {
    return addTask(this.kernel, cpu, name, mm, program);
  }

  /** Makes `task` the one that runs on `cpu` at the beginning: in user mode, or a kernel thread on boot's address space. */
  running(task: Task, cpu: VirtualCpu = this.cpus[0]!): void {
    const { kernel } = this;
    startWith(kernel, cpu, task, (mm) => {
      cpu.cr3 = mm.pgd;
      if (kernel.config.SMP) kernel.tlbstate(cpu).active_mm = mm;
    });
  }

  /** request_irq(): `action` runs when the device called `name` interrupts `cpu`, `limit` times at most, at any time. */
  device(name: string, action: () => Call<unknown>, limit = 1, cpu: VirtualCpu = this.cpus[0]!): void {
    const vector = this.vectors++;
    this.kernel.irqActions.set(vector, action);
    for (const each of this.cpus) each.idt.set(vector, { kind: 'interrupt', handler: (frame) => guest_interrupt(this.kernel, frame) });
    cpu.connectLatched({ name, vector, limit });
  }

  /** Lets the timer interrupt every CPU, `limit` times at most. */
  timer(limit = Infinity): void {
    for (const cpu of this.cpus) cpu.connect({ name: 'timer', vector: TIMER_VECTOR, limit });
  }

  /** The finished set-up. Every table is registered, as by AllocatePage and VMI_Init. */
  system(invariants: readonly Invariant[], outcome: () => string = () => this.outcome()): System {
    for (const mm of this.kernel.mms) this.registerTables(mm);
    this.store.settle();
    return { store: this.store, processes: this.cpus, invariants, consulted: () => [...this.kernel.consulted], outcome };
  }

  private registerTables(mm: Mm): void {
    this.hypervisor?.register(mm.pgd / 4096, VMI_PAGE.PD);
    for (const at of this.memory.wordsOf(mm.pgd / 4096)) {
      const pde = this.memory.read32(at);
      if ((pde & 0x81) === 1) this.hypervisor?.register((pde & ~0xfff) >>> 12, VMI_PAGE.PT);
    }
  }

  /** The final state: tasks, tables, contents of named pages, modes and queues of both sides. */
  outcome(): string {
    const { kernel, hypervisor } = this;
    const tasks = kernel.tasks.map((task) => `${task.name}: ${task.oops ?? task.state}`);
    const pages = [...kernel.pageNames].map(([pfn, name]) => `${name}: ${this.memory.wordsOf(pfn).map((pa) => `0x${this.memory.read32(pa).toString(16)}`).join(' ') || 'zero'}`);
    const tables = kernel.mms.map((mm) => `${mm.name}: ${this.tableText(mm)}`);
    const modes = this.cpus.map((cpu) => {
      const host = hypervisor?.of(cpu);
      return `${cpu.name}: Linux ${kernel.lazy(cpu).mode}, hypervisor ${host?.mode ?? 'none'} with ${host?.queue.length ?? 0} waiting, TLB ${cpu.tlb.entries().map(String).sort().join(', ')}`;
    });
    return [...tasks, ...pages, ...tables, ...modes].join('\n');
  }

  private tableText(mm: Mm): string {
    const words: string[] = [];
    for (const at of this.memory.wordsOf(mm.pgd / 4096)) {
      const pde = this.memory.read32(at);
      words.push(`${((at % 4096) / 4).toString(16)}=${pde.toString(16)}`);
      if ((pde & 0x81) === 1) for (const pte of this.memory.wordsOf(pde >>> 12)) words.push(`${((pte % 4096) / 4).toString(16)}:${this.memory.read32(pte).toString(16)}`);
    }
    return words.join(' ');
  }
}
