import type { Mfn } from '../../../hypervisors/xen/public/xen';
import type { Xen } from '../../../hypervisors/xen/xen';
import { xenEventsAnnounced } from '../../../invariants/xen/events-announced';
import { xenOwnSlotsIntact } from '../../../invariants/xen/guests-isolated';
import { xenHeedsInterrupts, xenLives, xenOwnMemoryKept } from '../../../invariants/xen/lives';
import { isGranted } from '../../../hypervisors/xen/grants/active';
import { xenDeadLeaveNothing } from '../../../invariants/xen/dead-leave-nothing';
import { xenGrantsInUse } from '../../../invariants/xen/grants-in-use';
import { xenBaseIsRoot } from '../../../invariants/xen/base-is-root';
import { xenDescriptorsHarmless } from '../../../invariants/xen/tables-harmless';
import { isTable, type page_info } from '../../../hypervisors/xen/frames/frames';
import { is_guest_slot } from '../../../hypervisors/xen/frames/own-entries';
import { levelOf } from '../../../hypervisors/xen/frames/tables';
import type { Invariant } from '../../../explorer/system';
import type { Cells } from './cells';
import { Ledger } from './ledger';
import { Reach } from './reach';
import { Tables } from './tables';

// The promises of xenKeepsItsRules, checked only where something was written. It
// may raise false alarms, and then the invariants decide; it must not miss
// anything that they find, which features/machine/xen/searches/xen-fuzzer.feature and every
// long run check.

/** What was written since the last check, by meaning. */
class Written {
  /** Frames whose contents have changed, and frames whose state has changed. */
  readonly contents = new Set<Mfn>();
  readonly states = new Set<Mfn>();
  owners = false;
  holders = false;
  grants = false;
  devices = false;
  processors = false;
  reverseMap = false;
  events = false;
  xen = false;

  clear(): void {
    this.contents.clear();
    this.states.clear();
    this.owners = this.holders = this.grants = this.devices = this.processors = this.reverseMap = this.events = this.xen = false;
  }
}

/** All of a frame's state except its counts: what matters to a call that reaches it. */
interface Standing extends Pick<page_info, 'owner' | 'type' | 'validated' | 'partial'> {
  readonly isInUse: boolean;
}

const HOLDERS: ReadonlySet<string> = new Set(['guest_table', 'guest_table_user', 'old_guest_table', 'old_guest_table_partial', 'in_flight', 'gdt_frames', 'ldt_frames', 'ldt_ents']);
const GRANTS: ReadonlySet<string> = new Set(['maptrack', 'target', 'status', 'grants', 'active', 'deviceGrants', 'passthrough']);

export class QuickJudge {
  private readonly tables: Tables;
  private readonly ledger: Ledger;
  private readonly reach: Reach;
  private readonly written = new Written();
  private readonly standing = new Map<Mfn, Standing>();
  private readonly owned: Invariant;
  private readonly base: Invariant;
  private readonly slots: Invariant;
  private readonly descriptors: Invariant;
  private readonly events: Invariant;
  private readonly grants: Invariant;
  private readonly dead: Invariant;
  private readonly lives: readonly Invariant[];
  private readonly start: { readonly ledger: () => void; readonly tables: ReturnType<Tables['copy']>; readonly standing: ReadonlyMap<Mfn, Standing>; readonly reached: readonly Mfn[] };
  private readonly changed = new Set<Mfn>();

  constructor(private readonly xen: Xen, private readonly cells: Cells) {
    this.tables = new Tables(xen);
    this.ledger = new Ledger(xen, this.tables);
    this.reach = new Reach(xen, this.tables);
    this.owned = xenOwnMemoryKept(xen);
    this.base = xenBaseIsRoot(xen);
    this.slots = xenOwnSlotsIntact(xen);
    this.descriptors = xenDescriptorsHarmless(xen);
    this.events = xenEventsAnnounced(xen);
    this.grants = xenGrantsInUse(xen);
    this.dead = xenDeadLeaveNothing(xen);
    this.lives = [xenLives(xen), xenHeedsInterrupts(xen)];
    this.reach.throughTables();
    for (const page of xen.pages) this.standing.set(page.mfn, standingOf(page));
    this.start = { ledger: this.ledger.copy(), tables: this.tables.copy(), standing: new Map(this.standing), reached: [...this.reach.tables] };
  }

  /** Resets to the hypervisor's state at the judge's creation. */
  reset(): void {
    this.start.ledger();
    this.tables.restore(this.start.tables, this.changed);
    this.changed.clear();
    for (const [mfn, standing] of this.start.standing) this.standing.set(mfn, standing);
    this.reach.tables.clear();
    for (const mfn of this.start.reached) this.reach.tables.add(mfn);
  }

  /** Whether every promise is certainly kept after these cells were written. */
  isContent(locs: readonly number[]): boolean {
    this.sort(locs);
    return this.look();
  }

  private sort(locs: readonly number[]): void {
    const { written, changed } = this;
    written.clear();
    for (const loc of locs) {
      const { kind, mfn, field } = this.cells.meaning(loc);
      switch (kind) {
        case 'memory': written.contents.add(mfn); changed.add(mfn); break;
        case 'frame': written.states.add(mfn); if (field === 'owner' || field === 'xenHeap') written.owners = true; break;
        case 'reverse map': written.reverseMap = true; written.states.add(mfn); break;
        case 'devices': written.devices = true; break;
        case 'tlb': case 'base': written.processors = true; break;
        case 'vcpu': if (HOLDERS.has(field)) written.holders = true; break;
        case 'domain': if (GRANTS.has(field)) written.grants = true; break;
        case 'events': written.events = true; break;
        case 'xen': written.xen = true; break;
      }
    }
  }

  private look(): boolean {
    const { written, xen, tables, ledger, reach } = this;
    if (written.xen && this.lives.some((invariant) => invariant.check() !== null)) return false;
    let ways = written.holders || written.grants;
    for (const mfn of written.contents) {
      tables.forget(mfn);
      ways ||= reach.tables.has(mfn);
    }
    const standings = this.followStandings();
    if (written.owners) ledger.renew();
    else this.followFrames();
    if (written.holders && this.descriptors.check() !== null) return false;
    if (written.holders || written.grants) ledger.followHolders();
    if (!ledger.isBalanced()) return false;
    if ((ways || standings) && !reach.throughTables()) return false;
    if ((written.processors || standings || written.grants) && !xen.vcpus.every((vcpu) => reach.throughTlb(vcpu))) return false;
    if (written.grants && this.grants.check() !== null) return false;
    if ((written.devices || written.grants || standings) && !this.devicesAreHarmless()) return false;
    if ((written.owners || written.grants || written.contents.has(xen.ownTable)) && this.owned.check() !== null) return false;
    if ((written.holders || written.processors || standings || written.contents.size > 0) && this.base.check() !== null) return false;
    if (written.events && this.events.check() !== null) return false;
    return this.dead.check() === null && this.framesAreFine();
  }

  private followStandings(): boolean {
    let changed = false;
    for (const mfn of this.written.states) {
      const page = this.xen.pageOf(mfn);
      if (!page) continue;
      const standing = standingOf(page);
      if (isSame(standing, this.standing.get(mfn)!)) continue;
      this.standing.set(mfn, standing);
      changed = true;
    }
    return changed;
  }

  private followFrames(): void {
    const { written, ledger } = this;
    for (const mfn of written.contents) ledger.follow(mfn);
    for (const mfn of written.states) if (!written.contents.has(mfn)) ledger.follow(mfn);
  }

  private devicesAreHarmless(): boolean {
    const { xen } = this;
    return xen.iommu.keys().every((mfn) => {
      const { owner, type, type_count } = xen.pageOf(mfn)!;
      return xen.iommu.get(mfn) === owner?.name && (type_count === 0 || type === 'writable');
    }) && xen.domains.every((domain) => !domain.passthrough || domain.deviceGrants.every(({ frame, writes }) => {
      const page = xen.pageOf(frame)!;
      return !writes || (isGranted(xen, domain, page, true) && (page.type_count === 0 || page.type === 'writable'));
    }));
  }

  /** Promises about single frames. */
  private framesAreFine(): boolean {
    const { written, xen } = this;
    let linear = false;
    for (const frames of [written.contents, written.states]) {
      for (const mfn of frames) {
        const page = xen.pageOf(mfn);
        if (!page) continue;
        const { type, validated, type_count } = page;
        if (page.pinned && !(type !== 'none' && type !== 'writable' && type !== 'gdt' && validated && type_count >= 1)) return false;
        if (page.owner === null && xen.machine_to_phys_mapping.peek(mfn) !== -1) return false;
        if (type_count === 0) continue;
        if (type === 'gdt' && this.descriptors.check() !== null) return false;
        if (type === 'l2' || type === 'l2x' || type === 'l3' || type === 'l4') linear = true;
      }
    }
    return !linear || (this.linearIsShort() && this.slots.check() === null);
  }

  /** Whether no table maps another one of its level that maps a third. */
  private linearIsShort(): boolean {
    for (const page of this.xen.pages) if (this.showsOther(page, (target) => this.showsOther(target, () => true))) return false;
    return true;
  }

  private showsOther(page: page_info, isSuch: (target: page_info) => boolean): boolean {
    const { type } = page;
    if (type === 'l1' || !isTable(type) || !page.validated || page.type_count === 0) return false;
    const level = levelOf(type);
    const { slots, mfns } = this.tables.of(page.mfn);
    const { layout } = this.xen;
    const end = layout.entries[level];
    for (let i = 0; i < slots.length && slots[i]! < end; i++) {
      const target = mfns[i] === page.mfn || !is_guest_slot(layout, type, slots[i]!) ? undefined : this.xen.pageOf(mfns[i]!);
      if (target && target.type !== 'l1' && isTable(target.type) && levelOf(target.type) === level && isSuch(target)) return true;
    }
    return false;
  }
}

function standingOf({ owner, type, type_count, validated, partial }: page_info): Standing {
  return { owner, type, isInUse: type_count > 0, validated, partial };
}

function isSame(one: Standing, other: Standing): boolean {
  return one.owner === other.owner && one.type === other.type && one.isInUse === other.isInUse && one.validated === other.validated && one.partial === other.partial;
}
