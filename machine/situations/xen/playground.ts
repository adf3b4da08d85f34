import { access } from '../../hardware/mmu';
import { EFER } from '../../hardware/paging';
import { Cpu, CR4_PAE } from '../../hardware/cpu';
import { Memory } from '../../hardware/memory';
import { Store } from '../../state/store';
import { TrackedMap } from '../../state/tracked';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW, _PAGE_USER, canonical, entryOf, flagsOf, isXens, type Layout } from '../../hypervisors/xen/public/layout';
import { storeBehind } from '../../hypervisors/xen/frames/coherence';
import { do_mmuext_op } from '../../hypervisors/xen/calls/mmuext';
import { ptwr_do_page_fault } from '../../hypervisors/xen/calls/ptwr';
import { MMUEXT, type Mfn } from '../../hypervisors/xen/public/xen';
import { Xen, type Domain, type Vcpu } from '../../hypervisors/xen/xen';
import type { Release } from '../../hypervisors/xen/releases/release';
import type { RuleName } from '../../hypervisors/xen/rules';

// Where the fuzzer runs, and where the isolation rules are tried out: a
// hypervisor, two domains that have booted properly and then do whatever they
// like, and a few frames in the heap. Domain A has two processors, B has one. H
// is fully virtualised: it only writes to its own frames and passes them on.

/** Frames of each domain. */
export const FRAMES = 14;
const FIRST: Readonly<Record<string, Mfn>> = { A: 0x100, B: 0x200, H: 0x400 };
const HEAP: readonly Mfn[] = [0x300, 0x301, 0x302];

/** Entry flags of an ordinary mapping. */
export const RW = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;
export const RO = RW & ~_PAGE_RW;

export interface PlaygroundOptions {
  readonly layout: Layout;
  /** Which Xen; by default the usual one for these page tables, with its holes closed. Its domains boot before any rule is dropped. */
  readonly release?: Release;
  /** Rules that the hypervisor does not keep once the domains are up. */
  readonly without?: ReadonlySet<RuleName>;
  /** The maximum of the reference counts; low, so that a guest can reach it. */
  readonly maximumCount?: number;
  /** The same for type counts alone. */
  readonly maximumTypeCount?: number;
  /** Entries after which a preemptible hypercall is interrupted. */
  readonly patience?: number;
  /** Whether processors cache upper table entries separately, and may begin a walk there. */
  readonly structureCaches?: boolean;
  /** Whether only A has any frames. */
  readonly alone?: boolean;
  /** Whether others can act between a frame's new type and its scan. */
  readonly divided?: boolean;
}

export class Playground {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly xen: Xen;
  /** For each translation that a processor has made, whether its stores bypass the caches. */
  private readonly combining: TrackedMap<string, boolean>;
  private readonly byName = new Map<string, Vcpu>();
  readonly A: Domain;
  readonly B: Domain;
  readonly H: Domain;

  constructor(options: PlaygroundOptions) {
    const { layout, release, maximumCount = 7, maximumTypeCount = maximumCount } = options;
    this.xen = new Xen(this.store, this.memory, { layout, ...(release ? { release } : {}), maximumCount, maximumTypeCount, linearMapping: true, divided: options.divided ?? false });
    this.combining = new TrackedMap<string, boolean>(this.store, 'combining', false, (key) => key);
    const cpus = [0, 1, 2, 3].map((id) => {
      const cpu = new Cpu(this.store, id, this.memory);
      if (layout.levels > 2) cpu.cr4 |= CR4_PAE;
      if (layout.hostLevels === 4) cpu.efer = EFER.LME | EFER.LMA;
      if (options.structureCaches) cpu.tlb.allow({ structureCaches: true });
      return cpu;
    });
    this.A = this.xen.createDomain('A', cpus.slice(0, 2));
    this.B = this.xen.createDomain('B', cpus.slice(2, 3));
    this.H = this.xen.createDomain('H', cpus.slice(3), true);
    for (const vcpu of this.xen.vcpus) this.byName.set(`${vcpu.domain.name}${vcpu.id}`, vcpu);
    for (const domain of options.alone ? [this.A] : [this.A, this.B]) this.boot(domain);
    for (let i = 0; i < 2 && !options.alone; i++) this.xen.addFrame(this.frame(this.H, i), this.H);
    for (const mfn of HEAP) this.xen.addFrame(mfn, null);
    this.xen.forget(options.without ?? new Set());
    this.xen.patience.value = options.patience ?? 0;
    this.store.settle();
  }

  /** `A0`, `A1`, `B0` or `H0`. */
  vcpu(name: string): Vcpu {
    const vcpu = this.byName.get(name);
    if (!vcpu) throw new Error(`"${name}" is not a virtual CPU; there are A0, A1, B0 and H0`);
    return vcpu;
  }

  vcpusOf(domain: Domain): readonly Vcpu[] {
    return this.xen.vcpus.filter((vcpu) => vcpu.domain === domain);
  }

  /** The `i`-th frame of a domain. */
  frame(domain: Domain, i: number): Mfn {
    return FIRST[domain.name]! + i;
  }

  /** The number of frames that are a domain's tables: the root first, the lowest-level table last. */
  get tableFrames(): number {
    return this.xen.layout.levels === 2 ? 2 : 4;
  }

  /**
   * What Xen's domain builder leaves: frame `i` of the domain is mapped at
   * page `i`, its tables read-only; the root is pinned and in use.
   */
  private boot(domain: Domain): void {
    const { xen } = this;
    for (let i = 0; i < FRAMES; i++) {
      xen.addFrame(this.frame(domain, i), domain);
      xen.machine_to_phys_mapping.set(this.frame(domain, i), i);
    }
    const [root, lowest] = [this.frame(domain, 0), this.frame(domain, this.tableFrames - 1)];
    for (let i = 0; i < FRAMES; i++) xen.poke(lowest, i, entryOf(this.frame(domain, i), i < this.tableFrames ? RO : RW));
    if (xen.layout.levels === 4) {
      const [third, second] = [this.frame(domain, 1), this.frame(domain, 2)];
      xen.poke(root, 0, entryOf(third, RW));
      xen.poke(third, 0, entryOf(second, RW));
      xen.poke(second, 0, entryOf(lowest, RW));
    } else if (xen.layout.levels === 3) {
      xen.poke(root, 0, entryOf(this.frame(domain, 1), _PAGE_PRESENT));
      xen.poke(root, 3, entryOf(this.frame(domain, 2), _PAGE_PRESENT));
      xen.poke(this.frame(domain, 1), 0, entryOf(lowest, RW));
    } else {
      xen.poke(root, 0, entryOf(lowest, RW));
    }
    domain.writable_pagetables = true;
    const vcpus = this.vcpusOf(domain);
    const pin = MMUEXT.PIN_L1_TABLE + xen.layout.levels - 1;
    const results = [do_mmuext_op(xen, vcpus[0]!, [{ cmd: pin, mfn: root }]), ...vcpus.map((vcpu) => do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.NEW_BASEPTR, mfn: root }]))];
    if (results.some((rc) => rc !== 0)) throw new Error(`machine bug: domain ${domain.name} does not boot: ${xen.console.value}`);
  }

  /** A store by guest code. Returns null, or the fault that the guest has to handle. */
  write(vcpu: Vcpu, va: number, words: readonly number[], mode: 'kernel' | 'user'): string | null {
    if (isXens(this.xen.layout, va)) return 'beyond the segment limit';
    const was = vcpu.isInKernel ? 'kernel' : 'user';
    if (this.xen.layout.levels === 4 && was !== mode) {
      // Switches to a program, or from a program to the kernel.
      if (!this.enter(vcpu, mode)) return 'no root for programs';
      const fault = this.write(vcpu, va, words, mode);
      this.enter(vcpu, was);
      return fault;
    }
    const size = words.length === 2 ? 8 : 4;
    const known = this.isCached(vcpu, va, true);
    const result = access(vcpu.cpu, 'write', this.addressOf(va), this.ring(mode), false, size);
    if (result.out === 'ok') {
      if (result.pa2 !== undefined) return 'across two pages: not in the model';
      const behind = this.cachesOf(vcpu, va, known);
      words.forEach((word, i) => (behind ? storeBehind(this.xen, result.pa + 4 * i, word) : this.memory.write32(result.pa + 4 * i, word)));
      return null;
    }
    if (result.out !== 'pf' || (result.err & 1) === 0) return 'page not present';
    const value = words.length === 2 ? (words[1]! & 0xfffff) * 0x100000000 + words[0]! : words[0]!;
    return ptwr_do_page_fault(this.xen, vcpu, { va, size, result: () => value, kernelMode: mode === 'kernel' });
  }

  /** Makes a 64-bit guest continue in its kernel, or in a program. Returns false if it has no root for that, or is not 64-bit. */
  enter(vcpu: Vcpu, mode: 'kernel' | 'user'): boolean {
    if (this.xen.layout.levels !== 4) {
      if (mode === 'kernel') vcpu.cpu.cpl = 0;
      return mode === 'kernel';
    }
    if ((mode === 'kernel') === vcpu.isInKernel) return true;
    if (mode === 'user' && vcpu.guest_table_user === null) return false;
    this.xen.toggle_guest_mode(vcpu);
    return true;
  }

  /** The ring in which a guest's code runs: for a 64-bit guest, ring 3 either way. */
  private ring(mode: 'kernel' | 'user'): number {
    return mode === 'user' || this.xen.layout.levels === 4 ? 3 : 0;
  }

  private addressOf(va: number): number {
    return canonical(this.xen.layout, va);
  }

  /** Whether the processor uses a cached translation, and does not read the entry. */
  private isCached({ cpu }: Vcpu, va: number, writes: boolean): boolean {
    const cached = cpu.tlb.lookup(this.addressOf(va));
    return cached !== undefined && (cached.dirty || !writes);
  }

  /**
   * Whether the processor's stores to an address bypass its caches: as the entry said when the translation was made.
   *
   * @param known whether the processor had the translation before this access
   */
  private cachesOf(vcpu: Vcpu, va: number, known: boolean): boolean {
    const key = `${vcpu.name} 0x${(va - (va % 4096)).toString(16)}`;
    if (!known) {
      const at = this.xen.guestEntry(vcpu, va, vcpu.isInKernel ? 'kernel' : 'user');
      this.combining.set(key, at !== null && (flagsOf(this.xen.entryAt(at.table, at.slot)) & _PAGE_PSE) !== 0);
    }
    return this.combining.get(key);
  }

  /** A store by a fully virtualised guest, to one of its frames. */
  writeTranslated(domain: Domain, mfn: Mfn, offset: number, word: number): string | null {
    if (!domain.translated || this.xen.pageOf(mfn)?.owner !== domain) return 'not its own';
    this.memory.write32(mfn * 4096 + offset, word);
    return null;
  }

  /** A read by guest code, which leaves a translation behind. */
  read(vcpu: Vcpu, va: number): string | null {
    if (isXens(this.xen.layout, va)) return 'beyond the segment limit';
    const known = this.isCached(vcpu, va, false);
    if (access(vcpu.cpu, 'read', this.addressOf(va), this.ring('kernel'), false).out !== 'ok') return 'fault';
    this.cachesOf(vcpu, va, known);
    return null;
  }
}
