import { Context } from '../../context';
import type { Interchangeable } from '../../explorer/interchangeable';
import type { Invariant, Process, System } from '../../explorer/system';
import { Cpu } from '../../hardware/cpu';
import { Memory } from '../../hardware/memory';
import { entryOf, PAE, slotOf, TWO_LEVEL } from '../../hypervisors/xen/public/layout';
import { do_mmuext_op } from '../../hypervisors/xen/calls/mmuext';
import { do_update_va_mapping } from '../../hypervisors/xen/calls/update';
import { MMUEXT, UVMF_NONE } from '../../hypervisors/xen/public/xen';
import { Xen, type Domain, type XenOptions } from '../../hypervisors/xen/xen';
import { PAGE_OFFSET, type Config } from '../../kernel/kernel';
import { Task, Mm } from '../../kernel/task';
import { xen_boot } from '../../kernel/xen/boot';
import { xen_write_cr3 } from '../../kernel/xen/drop-mm-ref';
import { xen_trap_init } from '../../kernel/xen/fault';
import { PAGE_KERNEL, PAGE_KERNEL_RO, XenKernel, _PAGE_TABLE, type Page } from '../../kernel/xen/guest';
import { xen_activate_mm } from '../../kernel/xen/mmu';
import { _PAGE_PRESENT } from '../../kernel/linux-2.6/mm/pgtable';
import type { HunkId } from '../../patches/types';
import type { Call } from '../../path';
import { Store } from '../../state/store';

// A machine with Xen and a booted guest, ready for a situation to begin. Every
// table is built in memory and given to Xen by its own hypercalls; boot and the
// pinning of what exists at the start run the kernel's own paths to their end.

export interface XenBackgroundOptions {
  /** `2.6.23-rc9`, `2.6.23`, `2.6.24`, `2.6.25` */
  readonly release: string;
  readonly pae: boolean;
  readonly cpus: number;
  readonly hunks: ReadonlySet<HunkId>;
  readonly config?: Partial<Config>;
  /** Without the stop-gap of 2.6.23, pte locks are split even if the release would not split them. */
  readonly stopGap?: boolean;
  /** Without a boot, CPU 0 is left on the domain builder's tables. */
  readonly boots?: boolean;
  /** A hypervisor other than 3.2. */
  readonly hypervisor?: ((store: Store, memory: Memory, options: XenOptions) => Xen) | undefined;
  /** How many pages the direct mapping has room for. */
  readonly lowmem?: number;
}

/** What is mapped where in a new address space. */
export interface UserMapping {
  readonly address: number;
  readonly page: Page;
  readonly flags: number;
}

/** Frames of the domain builder's tables, which come first. */
const KERNEL_TABLES = 'kernel.pte';

/** Names of what exists once for each CPU. */
const PER_CPU = ['cpu', 'domU.vcpu', 'domU.vcpu_info', 'rq', 'cpu_tlbstate', 'mc_buffer', 'percpu', 'swapper/'];

export class XenBackground {
  private readonly interchangeable: Interchangeable[] = [];
  /** The contexts that run the kernel's paths on each CPU during the set-up. */
  private readonly setups = new Map<Cpu, Context>();
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly cpus: readonly Cpu[];
  readonly xen: Xen;
  readonly domain: Domain;
  readonly kernel: XenKernel;
  /** What acts on its own, besides the CPUs. */
  readonly devices: Process[] = [];

  constructor(options: XenBackgroundOptions) {
    const { pae, release, hunks, config } = options;
    this.cpus = Array.from({ length: options.cpus }, (_, id) => new Cpu(this.store, id, this.memory));
    const layout = pae ? PAE : TWO_LEVEL;
    this.xen = options.hypervisor?.(this.store, this.memory, { layout }) ?? new Xen(this.store, this.memory, { layout });
    this.domain = this.xen.createDomain('domU', this.cpus);
    this.domain.writable_pagetables = true; // xen_arch_setup()
    this.kernel = new XenKernel(this.store, this.memory, this.cpus, this.xen, {
      release, hunks, config: { NR_CPUS: 8, PREEMPT: false, X86_PAE: pae, ...config },
    }, options.stopGap ?? true);
    xen_trap_init(this.kernel);
    this.buildStartTables(options.lowmem ?? 512);
    for (const cpu of this.cpus) this.addIdleTask(cpu);
    if (options.boots === false) return;
    this.run(xen_boot(this.kernel));
    for (const cpu of this.cpus.slice(1)) this.run(xen_write_cr3(this.kernel, this.kernel.swapper), cpu);
  }

  /** What Xen's domain builder leaves: a pinned root with the direct mapping, its tables read-only in it. */
  private buildStartTables(lowmem: number): void {
    const { kernel, xen } = this;
    const { layout } = kernel;
    const perTable = layout.entries[1];
    const kernelTables = Math.ceil(lowmem / perTable);
    const pgd = this.add('start_info.pgd');
    const pmd = layout.levels === 3 ? this.add('start_info.pmd3') : pgd;
    const tables = Array.from({ length: kernelTables }, (_, i) => this.add(`${KERNEL_TABLES}${i}`));
    const readOnly = new Set([pgd, pmd, ...tables]);
    kernel.swapper = this.add('swapper.pgd');
    if (layout.levels === 3) this.add('swapper.pmd3');
    this.add('empty_zero_page');
    for (const page of kernel.mem_map) {
      const table = tables[Math.floor(page.pfn / perTable)]!;
      xen.poke(kernel.pfn_to_mfn(table), page.pfn % perTable, kernel.pte(page, readOnly.has(page) ? PAGE_KERNEL_RO : PAGE_KERNEL));
    }
    tables.forEach((table, i) => this.link(pmd, slotOf(layout, 2, PAGE_OFFSET) + i, table, PAGE_KERNEL));
    if (layout.levels === 3) this.link(pgd, 3, pmd, _PAGE_PRESENT);
    this.must(do_mmuext_op(xen, xen.vcpus[0]!, [{ cmd: kernel.pinRootCommand, mfn: kernel.pfn_to_mfn(pgd) }, { cmd: MMUEXT.NEW_BASEPTR, mfn: kernel.pfn_to_mfn(pgd) }]));
    const init_mm = new Mm(this.store, 'init_mm', { pgd: kernel.swapper.pfn * 4096 });
    kernel.init_mm = init_mm;
  }

  private link(table: Page, slot: number, target: Page, flags: number): void {
    this.xen.poke(this.kernel.pfn_to_mfn(table), slot, this.kernel.pte(target, flags));
  }

  private must(rc: number): void {
    if (rc !== 0) throw new Error(`machine bug: the set-up is refused by Xen: ${this.xen.console.value}`);
  }

  private addIdleTask(cpu: Cpu): void {
    const { kernel } = this;
    const idle = new Task(this.store, `swapper/${cpu.id}`, () => { throw new Error('machine bug: an idle task has no program here'); }, { active_mm: kernel.init_mm, onCpu: cpu });
    kernel.rq(cpu).idle = idle;
    kernel.rq(cpu).curr = idle;
    kernel.tlbstate(cpu).active_mm = kernel.init_mm;
    kernel.tlbstate(cpu).state = 'TLBSTATE_LAZY';
  }

  /**
   * Runs a path of the kernel on a CPU to its end, alone: part of the set-up.
   *
   * @param watch is told of each event after it
   */
  run(call: Call<unknown>, cpu: Cpu = this.cpus[0]!, watch: (text: string) => void = () => undefined): void {
    let context = this.setups.get(cpu);
    if (!context) this.setups.set(cpu, context = new Context(this.store, `setup of ${cpu.name}`));
    const waiting = cpu.context;
    cpu.context = context;
    context.start(call, cpu);
    while (!context.ended) {
      if (context.pending!.instruction.idle) { // the task is dead
        context.abandon();
        break;
      }
      if (!context.isReady(cpu)) throw new Error(`machine bug: the set-up waits at "${context.pending!.text}"; ${this.kernel.current(cpu).oops ?? ''}`);
      const { text } = context.pending!;
      context.perform(cpu);
      watch(text);
    }
    cpu.context = waiting;
  }

  /** A page that Xen gives to the domain. */
  private add(name: string, options: { readonly highmem?: boolean } = {}): Page {
    const page = this.kernel.addPage(name, options);
    const mfn = this.kernel.pfn_to_mfn(page);
    this.xen.addFrame(mfn, this.domain);
    this.xen.machine_to_phys_mapping.set(mfn, page.pfn);
    return page;
  }

  /** A page in the direct mapping, or one beyond it. */
  page(name: string, options: { readonly highmem?: boolean } = {}): Page {
    const page = this.add(name, options);
    if (!page.highmem) this.mapDirectly(page);
    return page;
  }

  /** An address space as plain memory, with the kernel's half copied. Its tables are named after it. */
  addressSpace(name: string, mappings: readonly UserMapping[], ptePages: { readonly highmem?: boolean } = {}): Mm {
    const { kernel } = this;
    const { layout } = kernel;
    const pgd = this.page(`${name}.pgd`);
    const mm = new Mm(this.store, name, { pgd: pgd.pfn * 4096 });
    kernel.mms.push(mm);
    const pmds = layout.levels === 3 ? [0, 1, 2, 3].map((i) => this.page(`${name}.pmd${i}`)) : [pgd];
    const kernelFrom = kernel.pfn_to_mfn(layout.levels === 3 ? kernel.page('swapper.pmd3') : kernel.swapper);
    const first = layout.levels === 3 ? 0 : slotOf(layout, 2, PAGE_OFFSET);
    for (let slot = first; slot < slotOf(layout, 2, layout.HYPERVISOR_VIRT_START); slot++) {
      const entry = this.xen.entryAt(kernelFrom, slot);
      if (entry !== 0) this.xen.poke(kernel.pfn_to_mfn(pmds.at(-1)!), slot, entry);
    }
    if (layout.levels === 3) pmds.forEach((pmd, i) => this.link(pgd, i, pmd, _PAGE_PRESENT));
    let tables = 0;
    for (const { address, page, flags } of mappings) {
      const middle = kernel.middleTable(pgd, address)!;
      if (kernel.ptePage(pgd, address) === null) {
        const table = this.page(`${name}.pte${tables++}`, ptePages);
        kernel.pte_lock_init(table);
        this.link(middle, slotOf(layout, 2, address), table, _PAGE_TABLE);
      }
      this.xen.poke(kernel.pfn_to_mfn(kernel.ptePage(pgd, address)!), slotOf(layout, 1, address), entryOf(kernel.pfn_to_mfn(page), flags));
    }
    return mm;
  }

  /** Pins an address space, as exec did when it was new. */
  pinned(mm: Mm): Mm {
    this.run(xen_activate_mm(this.kernel, this.kernel.init_mm, mm));
    return mm;
  }

  /** Pages that the kernel's allocator will hand out. */
  freePages(names: readonly string[], options: { readonly highmem?: boolean } = {}): void {
    const pages = names.map((name) => this.page(name, options));
    this.kernel.freePages.value = [...this.kernel.freePages.value, ...pages];
    for (const page of pages) if (page.highmem) this.strayKmap(page);
  }

  /** Leaves the kernel mapping that a high page had when it was last used. */
  private strayKmap(page: Page): void {
    this.mapDirectly(page);
    this.kernel.kmaps.value = [...this.kernel.kmaps.value, page];
  }

  private mapDirectly(page: Page): void {
    this.must(do_update_va_mapping(this.xen, this.xen.vcpus[0]!, this.kernel.address(page), this.kernel.pte(page, PAGE_KERNEL), UVMF_NONE));
  }

  /** The task that runs on `cpu` from the beginning to its end. Without an `mm` it is a kernel thread, which borrows `borrows`. */
  task(name: string, cpu: Cpu, mm: Mm | null, program: () => Call<unknown>, borrows: Mm = this.kernel.init_mm): Task {
    const { kernel } = this;
    const active = mm ?? borrows;
    const task = new Task(this.store, name, program, { mm, active_mm: active, onCpu: cpu });
    const idle = kernel.rq(cpu).idle!;
    idle.onCpu = null;
    kernel.tasks.push(task);
    if (active !== kernel.init_mm) this.run(xen_write_cr3(kernel, kernel.pgdPage(active)), cpu);
    kernel.rq(cpu).curr = task;
    active.cpu_vm_mask |= 1 << cpu.id;
    const tlbstate = kernel.tlbstate(cpu);
    tlbstate.active_mm = active;
    tlbstate.state = mm === null ? 'TLBSTATE_LAZY' : 'TLBSTATE_OK';
    cpu.context = task.thread;
    this.xen.vcpu_info(cpu).evtchn_upcall_mask = false;
    task.thread.start(program(), cpu);
    return task;
  }

  /** Declares that these tasks, each on a CPU of its own, do the same: they may be exchanged, each with everything that belongs to its CPU. */
  exchangeable(tasks: readonly Task[]): void {
    const cpus = tasks.map((task) => task.onCpu!.id);
    this.interchangeable.push({
      kind: 'tasks on CPUs of their own',
      members: tasks.map(({ name }, i) => [name, ...PER_CPU.map((part) => `${part}${cpus[i]!}`)]),
      masks: ['cpu_vm_mask', 'notFlushed'],
      firstBit: cpus[0]!,
      numbers: ['callfunc_port'],
    });
  }

  /** The finished set-up, with what must hold from here on. */
  system(invariants: readonly Invariant[]): System {
    this.store.settle();
    return {
      store: this.store,
      processes: [...this.cpus.filter((cpu) => cpu.context !== null), ...this.devices],
      invariants,
      interchangeable: this.interchangeable,

      consulted: () => [...this.kernel.consulted],
      outcome: () => this.kernel.tasks.map((task) => `${task.name}: ${task.oops ?? 'done'}`).join('; '),
    };
  }
}
