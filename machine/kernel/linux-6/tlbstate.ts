import type { Cpu } from '../../hardware/cpu';
import { Entity } from '../../state/hash';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import type { Kernel } from '../kernel';
import type { Mm } from '../task';
import type { PerCpu, Word } from '../words/layout';
import { bool, s64, u32 } from '../words/widths';

// arch/x86/include/asm/tlbflush.h, 4.14 to 6.x: what a CPU publishes about the
// address space that it has loaded, and what it keeps to itself about its
// address-space identifiers. Others read loaded_mm and is_lazy, so these are words of
// memory; what only the CPU itself uses, with interrupts off, is a separate struct.

/** TLB_NR_DYN_ASIDS. Model: two are enough to keep one address space while another is loaded. */
export const TLB_NR_DYN_ASIDS = 2;

/** LOADED_MM_SWITCHING: the value of loaded_mm while CR3 is being changed. */
class Switching extends Entity {
  constructor() {
    super('LOADED_MM_SWITCHING');
  }
}

export const LOADED_MM_SWITCHING: Entity = new Switching();

interface ContextsFields {
  loaded_mm_asid: number;
  next_asid: number;
  /** ctxs[].ctx_id: whose translations each identifier stands for. */
  ctx: readonly (Mm | null)[];
  /** ctxs[].tlb_gen: up to which generation they were flushed. */
  tlb_gen: readonly number[];
}

/** The fields of cpu_tlbstate that are private to their CPU. */
export class Contexts extends tracked<ContextsFields>({ loaded_mm_asid: 0, next_asid: 1, ctx: [], tlb_gen: [] }) {
  constructor(store: Store, name: string, init_mm: Mm) {
    super(store, name, { ctx: [init_mm, ...Array<null>(TLB_NR_DYN_ASIDS - 1).fill(null)], tlb_gen: Array<number>(TLB_NR_DYN_ASIDS).fill(1) });
  }
}

/** cpu_tlbstate and what belongs to it, of one kernel. */
export class TlbStates extends Entity {
  readonly loaded_mm: PerCpu<Mm | Entity | null>;
  readonly is_lazy: PerCpu<boolean>;
  private readonly contexts: ReadonlyMap<Cpu, Contexts>;

  /** Declares the variables; every CPU has init_mm loaded. Part of the boot, when all address spaces exist. */
  constructor(readonly k: Kernel) {
    super('cpu_tlbstate');
    const { words } = k;
    words.pointers.constant(LOADED_MM_SWITCHING, 1);
    this.loaded_mm = words.declarePerCpu('cpu_tlbstate.loaded_mm', words.pointers.width<Mm | Entity>(), k.init_mm);
    this.is_lazy = words.declarePerCpu('cpu_tlbstate_shared.is_lazy', bool, false);
    this.contexts = new Map(k.cpus.map((cpu) => [cpu, new Contexts(k.store, `cpu_tlbstate${cpu.id}.ctxs`, k.init_mm)]));
    for (const mm of k.mms) {
      words.declareField(mm, 'mm_cpumask()', u32, 0);
      words.declareField(mm, 'context.tlb_gen', s64, 1);
    }
  }

  of(cpu: Cpu): Contexts {
    return this.contexts.get(cpu)!;
  }

  /** mm_cpumask(): which CPUs may have translations of the address space. */
  mask(mm: Mm): Word {
    return this.k.words.word('mm_cpumask()', mm);
  }

  /** mm->context.tlb_gen: counts the changes of its page tables. */
  gen(mm: Mm): Word {
    return this.k.words.word('context.tlb_gen', mm);
  }
}
