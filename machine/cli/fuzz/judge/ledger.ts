import { isInFlight, isTable, type FrameType, type page_info } from '../../../hypervisors/xen/frames/frames';
import { is_guest_slot } from '../../../hypervisors/xen/frames/own-entries';
import { levelOf } from '../../../hypervisors/xen/frames/tables';
import { _PAGE_RW } from '../../../hypervisors/xen/public/layout';
import type { Mfn } from '../../../hypervisors/xen/public/xen';
import type { Xen } from '../../../hypervisors/xen/xen';
import type { Tables } from './tables';

// The references to each frame as frames/references.ts counts them, kept up to
// date frame by frame: when a frame is written, the references that it held are
// subtracted, and its new ones added.

const REASONS = { writable: 0, readOnly: 1, upper: 2, pins: 3, bases: 4, partial: 5, halfDone: 6, shared: 7, descriptors: 8, allocated: 9 } as const;
const WIDTH = 10;
const TABLE_USE = [REASONS.upper, REASONS.pins, REASONS.bases] as const;

export class Ledger {
  /** Ten numbers for each frame, by the frame's index. */
  private counts: number[];
  private readonly places = new Map<Mfn, number>();
  private readonly pages: readonly page_info[];
  /** What each frame's contents and state add, as indices into `counts`. */
  private readonly shares: (readonly number[])[];
  /** What virtual CPUs and grants add. */
  private held: readonly number[] = [];
  private readonly touched = new Set<number>();

  constructor(private readonly xen: Xen, private readonly tables: Tables) {
    this.pages = [...xen.pages];
    this.pages.forEach(({ mfn }, place) => this.places.set(mfn, place));
    this.counts = new Array<number>(this.pages.length * WIDTH).fill(0);
    this.shares = this.pages.map(() => []);
    this.renew();
  }

  /** Recounts everything. */
  renew(): void {
    this.counts.fill(0);
    this.pages.forEach((page, place) => this.add(this.shares[place] = this.shareOf(page), 1));
    this.add(this.held = this.heldNow(), 1);
    for (const place of this.pages.keys()) this.touched.add(place);
  }

  copy(): () => void {
    const counts = [...this.counts];
    const shares = [...this.shares];
    const { held } = this;
    return () => {
      this.counts = [...counts];
      shares.forEach((share, place) => (this.shares[place] = share));
      this.held = held;
      this.touched.clear();
    };
  }

  /** Updates a frame that was written. */
  follow(mfn: Mfn): void {
    const place = this.places.get(mfn);
    if (place === undefined) return;
    this.add(this.shares[place]!, -1);
    this.add(this.shares[place] = this.shareOf(this.pages[place]!), 1);
    this.touched.add(place);
  }

  /** Updates after a change of a base pointer, a descriptor table or a grant in use. */
  followHolders(): void {
    this.add(this.held, -1);
    this.add(this.held = this.heldNow(), 1);
  }

  /** Whether the counts of every frame that was touched since the last call equal the actual references. */
  isBalanced(): boolean {
    for (const place of this.touched) if (!this.isRight(place)) return false;
    this.touched.clear();
    return true;
  }

  private isRight(place: number): boolean {
    const { counts } = this;
    const page = this.pages[place]!;
    const at = place * WIDTH;
    const typed = counts[at + REASONS.writable]! + counts[at + REASONS.upper]! + counts[at + REASONS.pins]! + counts[at + REASONS.bases]! + counts[at + REASONS.partial]! + counts[at + REASONS.shared]! + counts[at + REASONS.descriptors]!;
    if (page.type_count !== typed) return false;
    if (page.count !== typed - counts[at + REASONS.shared]! + counts[at + REASONS.readOnly]! + counts[at + REASONS.halfDone]! + counts[at + REASONS.allocated]!) return false;
    const { type } = page;
    if (counts[at + REASONS.writable]! > 0 && type !== 'writable') return false;
    return isTable(type) || TABLE_USE.every((reason) => counts[at + reason] === 0);
  }

  private add(share: readonly number[], by: number): void {
    for (const at of share) {
      this.counts[at]! += by;
      this.touched.add(Math.floor(at / WIDTH));
    }
  }

  private note(share: number[], mfn: Mfn, reason: number): void {
    const place = this.places.get(mfn);
    if (place !== undefined) share.push(place * WIDTH + reason);
  }

  private shareOf(page: page_info): readonly number[] {
    const share: number[] = [];
    const { mfn, type } = page;
    if (page.allocated) this.note(share, mfn, REASONS.allocated);
    if (page.pinned) this.note(share, mfn, REASONS.pins);
    if (page.partial) this.note(share, mfn, REASONS.partial);
    if (page.xenHeap) this.note(share, mfn, REASONS.shared);
    if (isTable(type) && (page.validated || page.partial) && page.type_count > 0) this.noteEntries(share, page, type);
    return share;
  }

  private noteEntries(share: number[], page: page_info, type: FrameType): void {
    const { layout } = this.xen;
    const { slots, mfns, flags } = this.tables.of(page.mfn);
    const end = layout.entries[levelOf(type)];
    const { partial, nr_validated_ptes, partial_set } = page;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (slot >= end) break;
      if (!is_guest_slot(layout, type, slot)) continue;
      const isHalfDone = partial && partial_set && slot === nr_validated_ptes;
      if (partial && slot >= nr_validated_ptes && !isHalfDone) continue;
      const target = mfns[i]!;
      if (type !== 'l1') {
        if (target !== page.mfn) this.note(share, target, isHalfDone ? REASONS.halfDone : REASONS.upper);
      } else {
        this.note(share, target, (flags[i]! & _PAGE_RW) !== 0 && !this.isForeign(page, target) ? REASONS.writable : REASONS.readOnly);
      }
    }
  }

  /** Whether an entry maps a frame of a fully virtualised domain, which then takes no type. */
  private isForeign(table: page_info, mfn: Mfn): boolean {
    const owner = this.xen.pageOf(mfn)?.owner;
    return owner !== table.owner && this.xen.domains.some((domain) => domain === owner && domain.translated);
  }

  private heldNow(): readonly number[] {
    const share: number[] = [];
    for (const { guest_table, guest_table_user, old_guest_table, old_guest_table_partial, in_flight, gdt_frames, ldt_frames } of this.xen.vcpus) {
      if (guest_table !== null) this.note(share, guest_table, REASONS.bases);
      if (guest_table_user !== null) this.note(share, guest_table_user, REASONS.bases);
      if (old_guest_table !== null) this.note(share, old_guest_table, old_guest_table_partial ? REASONS.halfDone : REASONS.bases);
      if (in_flight !== null && isInFlight(this.xen.pageOf(in_flight)!)) this.note(share, in_flight, REASONS.partial);
      for (const mfn of gdt_frames) this.note(share, mfn, REASONS.descriptors);
      for (const [, mfn] of ldt_frames) this.note(share, mfn, REASONS.descriptors);
    }
    for (const { maptrack } of this.xen.domains) for (const { active, device, frame, readonly } of maptrack) if (active && device) this.note(share, frame, readonly ? REASONS.readOnly : REASONS.writable);
    return share;
  }
}
