import type { Cpu } from '../../hardware/cpu';
import type { Store } from '../../state/store';
import type { Entity } from '../../state/hash';
import { tracked } from '../../state/tracked';
import type { Call } from '../../path';
import { SharedInfo, VcpuInfo, type TrapInfo } from './public/events';
import type { Mfn } from './public/xen';

// What Xen keeps about each domain and each of its virtual processors
// (xen/sched.h, asm-x86/domain.h).

/** An entry of a domain's grant table, as its guest has written it, with the marks that Xen makes there (in version 2 in a frame of their own). */
export interface GrantEntry {
  readonly [key: string]: number | boolean;
  /** The domain to which the frame is granted; -1 for none. */
  readonly domid: number;
  readonly frame: Mfn;
  /** GTF_readonly */
  readonly readonly: boolean;
  /** GTF_accept_transfer: the domain awaits a frame, and offers none. */
  readonly accept: boolean;
  /** GTF_transitive: it leads to the grant `trans_gref` of domain `trans_domid`; -1 if it grants a frame. */
  readonly trans_domid: number;
  readonly trans_gref: number;
  /** GTF_reading and GTF_writing: a domain uses the grant, so its owner must not reuse the frame. */
  readonly reading: boolean;
  readonly writing: boolean;
}

/** A grant in use, as Xen keeps it (struct active_grant_entry): the guest can change its own entry in the meantime. */
export interface ActiveGrant {
  readonly [key: string]: number | boolean;
  readonly ref: number;
  /** The domain that uses it. */
  readonly domid: number;
  readonly frame: Mfn;
  /** Whether its owner only allowed reading, when Xen last checked. */
  readonly readonly: boolean;
  /** The number of uses: by processors (hst) and by devices (dev), for reading and for writing. */
  readonly hstr: number;
  readonly hstw: number;
  readonly devr: number;
  readonly devw: number;
  /** Where a transitive grant leads; -1 for none. */
  readonly trans_domid: number;
  readonly trans_gref: number;
}

/** A grant that a domain has mapped: an entry of its maptrack. */
export interface GrantMapping {
  readonly [key: string]: number | boolean;
  /** The domain that granted it, and the entry of its table. */
  readonly dom: number;
  readonly ref: number;
  readonly frame: Mfn;
  readonly readonly: boolean;
  /** Whether the guest named the machine address of an entry, instead of the linear address of a page. */
  readonly contains_pte: boolean;
  /** Whether it has references for the domain's devices, besides those of the entry. */
  readonly device: boolean;
  /** Whether it has an entry. */
  readonly host: boolean;
  /** False once both parts have been unmapped. */
  readonly active: boolean;
}

/** A frame of another domain that a domain's devices can reach: how often it is mapped by grants. */
export interface DeviceGrant {
  readonly [key: string]: number | boolean;
  readonly frame: Mfn;
  readonly rd: number;
  readonly wr: number;
  /** Whether the IOMMU's entry for it allows writing. */
  readonly writes: boolean;
}

interface DomainFields {
  writable_pagetables: boolean;
  /** Whether it has a device, and with it the right to choose how its memory is cached. */
  passthrough: boolean;
  /** A fully virtualised domain whose frames it may map, because it emulates that domain's devices. */
  target: Entity | null;
  /** Domain 0, or another one that may map the frames of all domains and change their tables. */
  privileged: boolean;
  /** The highest frame that it can have, if it is a 32-bit domain that cannot name more; Infinity if there is no limit. */
  highest: Mfn;
  grants: readonly GrantEntry[];
  /** Those of its grants that are in use. */
  active: readonly ActiveGrant[];
  maptrack: readonly GrantMapping[];
  deviceGrants: readonly DeviceGrant[];
  /** The lock of its grant in use, of which there is one if calls are modelled step by step; see stepwise/. */
  grantLocked: boolean;
  /** page_alloc_lock, if calls are modelled step by step. */
  pagesLocked: boolean;
  /** Version of its grant table, 1 or 2. */
  gt_version: number;
  /** For each port, counted from 1, the virtual CPU that it interrupts. */
  channels: readonly number[];
  /** Why Xen has crashed it; empty while it lives. */
  crashed: string;
  /** DOMDYING_alive, DOMDYING_dying, DOMDYING_dead: whether it is being torn down, or has been. */
  is_dying: 'no' | 'dying' | 'dead';
  /** How far that has come: d->arch.rel_priv, and the frames that its step has finished (d->arch.relmem_list). */
  rel_priv: number;
  relmem_list: readonly Mfn[];
  /** Frames that kept their references, because their count was at its maximum when their turn came. */
  overlooked: readonly Mfn[];
  /** Tables whose count was at its maximum in the step that gives tables of their level up by force. No later step does. */
  unbroken: readonly Mfn[];
  /** The frame in which version 2 records which grants are in use. */
  status: Mfn | null;
}

/** struct domain */
export class Domain extends tracked<DomainFields>({
  writable_pagetables: false, passthrough: false, target: null, privileged: false, highest: Infinity, grants: [], active: [], maptrack: [], deviceGrants: [], grantLocked: false, pagesLocked: false, gt_version: 1, status: null, channels: [], crashed: '', is_dying: 'no', rel_priv: 0, relmem_list: [], overlooked: [], unbroken: [],
}) {
  readonly shared_info: SharedInfo;

  /**
   * @param domain_id as grants name it
   * @param translated a fully virtualised guest: it does not manage page tables, and its frames need no types
   */
  constructor(store: Store, name: string, readonly domain_id: number, readonly translated: boolean) {
    super(store, name);
    this.shared_info = new SharedInfo(store, `${name}.shared_info`);
  }
}

/** IS_PRIV_FOR(): whether a domain may act for the owner of a frame, though it is not its own. */
export function actsFor({ privileged, target }: Domain, owner: Entity | null): boolean {
  return owner instanceof Domain && (owner === target || privileged);
}

/** Whether a domain may have a frame of another one without a grant: it acts for that one, or that one is domain 0, which may put its frames into any table. */
export function mayReach(domain: Domain, owner: Entity | null): boolean {
  return actsFor(domain, owner) || (owner instanceof Domain && owner.privileged);
}

interface VcpuFields {
  /** v->arch.guest_table: the root that the processor uses; holds a type reference. */
  guest_table: Mfn | null;
  /** v->arch.guest_table_user: the same while a 64-bit guest's programs run, if it has set one. */
  guest_table_user: Mfn | null;
  /** v->arch.old_guest_table: a table that must be released before anything else is done for this processor. */
  old_guest_table: Mfn | null;
  /** Whether that is half released, or was not taken completely: then no reference is held. */
  old_guest_table_partial: boolean;
  /** The frame whose type this processor has taken or is about to take, in the middle of a hypercall. */
  in_flight: Mfn | null;
  /** v->arch.guest_context.gdt_frames */
  gdt_frames: readonly Mfn[];
  /** v->arch.pv.ldt_base and ldt_ents: where its local descriptor table is, and how many descriptors that has. */
  ldt_base: number;
  ldt_ents: number;
  /** The frames of that table that the processor has accessed, with their indices in it. */
  ldt_frames: readonly (readonly [number, Mfn])[];
  /** What this processor has cached of Xen's linear mapping of the guest's tables: pairs of a range of addresses and its table. */
  linear: readonly (readonly [number, Mfn])[];
  /** The hypercalls of this processor that are interrupted, the innermost last. */
  continuations: readonly Continuation[];
  /** Why the last fault was passed on to the guest. */
  bounce: string;
}

/** How far an interrupted hypercall has come. */
export interface Progress {
  readonly [key: string]: number | string | null;
  /** Operations that are done. */
  readonly from: number;
  /** The result to give when the rest is cleaned up. */
  readonly rc: number | null;
  /** Why that is a refusal; empty if it is not. */
  readonly why: string;
}

/** The same, with the place where the call was made. */
interface Continuation extends Progress {
  readonly depth: number;
}

/** The beginning of a hypercall. */
export const FROM_THE_START: Progress = { from: 0, rc: null, why: '' };

/** struct vcpu; bound to one processor for good. */
export class Vcpu extends tracked<VcpuFields>({
  guest_table: null, guest_table_user: null, old_guest_table: null, old_guest_table_partial: false, in_flight: null, gdt_frames: [], ldt_base: 0, ldt_ents: 0, ldt_frames: [], linear: [], continuations: [], bounce: '',
}) {
  readonly vcpu_info: VcpuInfo;
  /** v->arch.guest_context.trap_ctxt, by vector. Filled once, when the guest installs itself. */
  readonly traps = new Map<number, TrapInfo>();
  /** The guest's handler of events; set at the same time. */
  event_callback: (() => Call<unknown>) | null = null;

  /**
   * How far the current hypercall has come. The real Xen keeps this in the call's own registers, which an event's handler
   * saves and restores: a call made by the handler is a separate one.
   */
  get continuation(): Progress {
    const innermost = this.continuations.at(-1);
    return innermost !== undefined && innermost.depth === this.depth ? innermost : FROM_THE_START;
  }

  set continuation({ from, rc, why }: Progress) {
    const { depth } = this;
    const outer = this.continuations.filter((other) => other.depth < depth);
    const isBeginning = from === 0 && rc === null;
    if (this.continuations.length > 0 || !isBeginning) this.continuations = isBeginning ? outer : [...outer, { from, rc, why, depth }];
  }

  /** How many contexts of its guest are on the processor. */
  private get depth(): number {
    return this.cpu.context?.depth ?? 0;
  }

  /** Whether the guest's kernel runs (TF_kernel_mode), not one of its programs. Model: in the processor's privilege level, which for a 64-bit guest is 3 either way. */
  get isInKernel(): boolean {
    return this.cpu.cpl < 3;
  }

  constructor(store: Store, readonly id: number, readonly domain: Domain, readonly cpu: Cpu) {
    super(store, `${domain.name}.vcpu${id}`);
    this.vcpu_info = new VcpuInfo(store, `${domain.name}.vcpu_info${id}`);
  }
}

/** The roots that a virtual CPU uses, its kernel's and its programs'. */
export function rootsOf({ guest_table, guest_table_user }: Vcpu): readonly Mfn[] {
  const own = guest_table === null ? [] : [guest_table];
  return guest_table_user === null || guest_table_user === guest_table ? own : [...own, guest_table_user];
}
