import { access } from '../../hardware/mmu';
import { Cpu, CR4_PAE } from '../../hardware/cpu';
import { Memory } from '../../hardware/memory';
import { Store } from '../../state/store';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, entryOf, type Layout } from '../../hypervisors/xen/public-layout';
import { do_mmuext_op } from '../../hypervisors/xen/mmuext';
import { ptwr_do_page_fault } from '../../hypervisors/xen/ptwr';
import { MMUEXT, type Mfn } from '../../hypervisors/xen/public';
import { Xen, type Domain, type Vcpu } from '../../hypervisors/xen/xen';
import type { RuleName } from '../../hypervisors/xen/rules';

// Where the fuzzer plays: a hypervisor, two domains that were booted properly
// and from then on do whatever they like, and two frames in the heap. Domain A
// has two processors, B has one.

/** Frames of each domain. */
export const FRAMES = 14;
const FIRST: Readonly<Record<string, Mfn>> = { A: 0x100, B: 0x200 };
const HEAP: readonly Mfn[] = [0x300, 0x301];

/** Entry flags of an ordinary mapping. */
export const RW = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;
export const RO = RW & ~_PAGE_RW;

export interface PlaygroundOptions {
  readonly layout: Layout;
  /** Rules that the hypervisor does not keep once the domains are up. */
  readonly without?: ReadonlySet<RuleName>;
  /** Where the reference counts end; low, so that a guest can get there. */
  readonly maximumCount?: number;
}

export class Playground {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly xen: Xen;
  readonly A: Domain;
  readonly B: Domain;

  constructor(options: PlaygroundOptions) {
    const { layout, maximumCount = 7 } = options;
    this.xen = new Xen(this.store, this.memory, { layout, maximumCount });
    const cpus = [0, 1, 2].map((id) => {
      const cpu = new Cpu(this.store, id, this.memory);
      if (layout.levels === 3) cpu.cr4 |= CR4_PAE;
      return cpu;
    });
    this.A = this.xen.createDomain('A', cpus.slice(0, 2));
    this.B = this.xen.createDomain('B', cpus.slice(2));
    for (const domain of [this.A, this.B]) this.boot(domain);
    for (const mfn of HEAP) this.xen.addFrame(mfn, null);
    this.xen.forget(options.without ?? new Set());
    this.store.settle();
  }

  vcpusOf(domain: Domain): readonly Vcpu[] {
    return this.xen.vcpus.filter((vcpu) => vcpu.domain === domain);
  }

  /** The `i`-th frame that a domain got. */
  frame(domain: Domain, i: number): Mfn {
    return FIRST[domain.name]! + i;
  }

  /** Which frames a domain's tables are: the root first, the lowest-level table last. */
  get tableFrames(): number {
    return this.xen.layout.levels === 3 ? 4 : 2;
  }

  /**
   * What Xen's domain builder leaves: frame `i` of the domain is mapped at
   * page `i`, its tables read-only; the root is pinned and in use.
   */
  private boot(domain: Domain): void {
    const { xen } = this;
    for (let i = 0; i < FRAMES; i++) xen.addFrame(this.frame(domain, i), domain);
    const [root, lowest] = [this.frame(domain, 0), this.frame(domain, this.tableFrames - 1)];
    for (let i = 0; i < FRAMES; i++) xen.poke(lowest, i, entryOf(this.frame(domain, i), i < this.tableFrames ? RO : RW));
    if (xen.layout.levels === 3) {
      xen.poke(root, 0, entryOf(this.frame(domain, 1), _PAGE_PRESENT));
      xen.poke(root, 3, entryOf(this.frame(domain, 2), _PAGE_PRESENT));
      xen.poke(this.frame(domain, 1), 0, entryOf(lowest, RW));
    } else {
      xen.poke(root, 0, entryOf(lowest, RW));
    }
    domain.writable_pagetables = true;
    const vcpus = this.vcpusOf(domain);
    const pin = xen.layout.levels === 3 ? MMUEXT.PIN_L3_TABLE : MMUEXT.PIN_L2_TABLE;
    const results = [do_mmuext_op(xen, vcpus[0]!, [{ cmd: pin, mfn: root }]), ...vcpus.map((vcpu) => do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.NEW_BASEPTR, mfn: root }]))];
    if (results.some((rc) => rc !== 0)) throw new Error(`machine bug: domain ${domain.name} does not boot: ${xen.console.value}`);
  }

  /** A store by guest code. Returns what kept it from being done: a fault that the guest has to handle. */
  write(vcpu: Vcpu, va: number, words: readonly number[], mode: 'kernel' | 'user'): string | null {
    if (va >= this.xen.layout.HYPERVISOR_VIRT_START) return 'beyond the segment limit';
    const size = words.length === 2 ? 8 : 4;
    const result = access(vcpu.cpu, 'write', va, mode === 'user' ? 3 : 0, false, size);
    if (result.out === 'ok') {
      if (result.pa2 !== undefined) return 'across two pages: not in the model';
      words.forEach((word, i) => this.memory.write32(result.pa + 4 * i, word));
      return null;
    }
    if (result.out !== 'pf' || (result.err & 1) === 0) return 'page not present';
    const value = words.length === 2 ? (words[1]! & 0xfffff) * 0x100000000 + words[0]! : words[0]!;
    return ptwr_do_page_fault(this.xen, vcpu, { va, size, result: () => value, kernelMode: mode === 'kernel' });
  }

  /** A read by guest code, which leaves a translation behind. */
  read(vcpu: Vcpu, va: number): string | null {
    if (va >= this.xen.layout.HYPERVISOR_VIRT_START) return 'beyond the segment limit';
    return access(vcpu.cpu, 'read', va, 0, false).out === 'ok' ? null : 'fault';
  }
}
