import { entryOf, _PAGE_GLOBAL, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW } from '../../hypervisors/xen/public-layout';
import { FRAMES, RO, RW, type Playground } from './playground';
import { firstOwnSlot, type Action, type Verb } from './actions';
import type { Domain } from '../../hypervisors/xen/xen';
import type { Mfn } from '../../hypervisors/xen/public';
import type { Random } from './random';

// A guest that means harm and knows how page tables work. Half of what it does
// is single calls with numbers that are likely to matter; the other half is
// ploys of a few calls: make a table out of a frame, leave a stale translation
// behind, give a frame away that is still in use.

/** What the guest does next: one action or a short ploy. */
export function nextActions(ground: Playground, random: Random): Action[] {
  const who = random.pick(['A0', 'A0', 'A1', 'B0']);
  return new Guest(ground, random, who).next();
}

class Guest {
  private readonly domain: Domain;

  constructor(private readonly ground: Playground, private readonly random: Random, private readonly who: string) {
    this.domain = who.startsWith('A') ? ground.A : ground.B;
  }

  next(): Action[] {
    switch (this.random.weighted({ single: 10, makeTable: 6, restore: 2, stale: 2, giveAway: 2, linear: 2, newRoot: 2, many: 1 })) {
      case 'single': return [this.single()];
      case 'makeTable': return this.makeTable();
      case 'restore': return this.restore();
      case 'stale': return this.stale();
      case 'giveAway': return this.giveAway();
      case 'linear': return this.linear();
      case 'newRoot': return this.newRoot();
      case 'many': return this.many();
    }
  }

  private action(verb: Verb, numbers: Record<string, number> = {}, who = this.who): Action {
    return { who, verb, numbers };
  }

  /** A frame, mostly its own, sometimes one that it must not touch. */
  private mfn(): Mfn {
    const { ground, random } = this;
    switch (random.weighted({ own: 60, table: 25, other: 6, heap: 5, xen: 2, none: 2 })) {
      case 'own': return ground.frame(this.domain, random.below(FRAMES));
      case 'table': return ground.frame(this.domain, random.below(ground.tableFrames + 3));
      case 'other': return ground.frame(this.domain === ground.A ? ground.B : ground.A, random.below(FRAMES));
      case 'heap': return 0x300 + random.below(2);
      case 'xen': return ground.xen.ownTable;
      case 'none': return 0x999;
    }
  }

  private data(): number {
    return this.ground.tableFrames + this.random.below(4);
  }

  private va(): number {
    const { random } = this;
    const page = random.percent(85) ? random.below(FRAMES) : random.pick([FRAMES, FRAMES + 1, 0x3ff, 0x400, 0xfc000]);
    return page * 4096;
  }

  private bits(): number {
    const { random } = this;
    const flags = random.pick([RW, RW, RO, RO, _PAGE_PRESENT, _PAGE_PRESENT, 0]);
    return random.percent(90) ? flags : flags | random.pick([_PAGE_PSE, _PAGE_GLOBAL, _PAGE_PCD, _PAGE_RW]);
  }

  private slot(): number {
    return this.random.percent(85) ? this.random.below(4) : firstOwnSlot(this.ground) + this.random.below(2);
  }

  private single(): Action {
    const { random } = this;
    const verb = random.weighted({
      pin: 12, unpin: 8, base: 4, map: 14, update: 16, store: 14, 'store-half': 5, read: 6, gdt: 2, assist: 1, free: 3, alloc: 3, command: 1,
    });
    switch (verb) {
      case 'pin': return this.action(verb, { level: 1 + random.below(4), mfn: this.mfn() });
      case 'unpin': case 'base': case 'gdt': case 'free': return this.action(verb, { mfn: this.mfn() });
      case 'map': return this.action(verb, { va: this.va(), mfn: this.mfn(), bits: this.bits(), flush: random.below(4) });
      case 'update': return this.action(verb, { table: this.mfn(), slot: this.slot(), mfn: this.mfn(), bits: this.bits(), kind: random.percent(85) ? 0 : 1 + random.below(2) });
      case 'store': return this.action(verb, { va: this.va() + this.slot() * this.ground.xen.layout.entryBytes, mfn: this.mfn(), bits: this.bits(), user: random.percent(90) ? 0 : 1 });
      case 'store-half': return this.action(verb, { va: this.va() + random.below(8) * 4, word: random.percent(30) ? 0 : entryOf(this.mfn(), this.bits()), user: random.percent(90) ? 0 : 1 });
      case 'read': return this.action(verb, { va: this.va() });
      case 'assist': return this.action(verb, { on: random.percent(80) ? 1 : 0 });
      case 'alloc': return this.action(verb);
      case 'command': return this.action(verb, { number: random.below(24) });
    }
  }

  private store(page: number, slot: number, mfn: Mfn, bits: number): Action {
    return this.action('store', { va: page * 4096 + slot * this.ground.xen.layout.entryBytes, mfn, bits, user: 0 });
  }

  private map(page: number, bits: number, flush = 0): Action {
    return this.action('map', { va: page * 4096, mfn: this.ground.frame(this.domain, page), bits, flush });
  }

  /** Fills a frame as a table, maps it read-only, pins it. */
  private makeTable(): Action[] {
    const { ground, random } = this;
    const page = this.data();
    const mfn = ground.frame(this.domain, page);
    const level = 1 + random.below(ground.xen.layout.levels);
    const fill = Array.from({ length: random.below(3) }, () => this.store(page, this.slot(), this.mfn(), this.bits()));
    return [...fill, this.map(page, RO), this.action('pin', { level, mfn }), ...(random.percent(40) ? [this.store(page, this.slot(), this.mfn(), this.bits())] : [])];
  }

  /** Takes a frame back into ordinary use. */
  private restore(): Action[] {
    const page = this.data();
    return [this.action('unpin', { mfn: this.ground.frame(this.domain, page) }), this.map(page, RW, this.random.below(2))];
  }

  /** Leaves a writable translation in a TLB, then makes the frame a table. */
  private stale(): Action[] {
    const page = this.data();
    const other = this.who === 'A0' ? 'A1' : this.who;
    const mfn = this.ground.frame(this.domain, page);
    return [
      this.action('store', { va: page * 4096 + 0xff8, mfn: 0, bits: 0, user: 0 }, other),
      this.map(page, RO), this.action('pin', { level: 1, mfn }),
    ];
  }

  /** Unmaps a frame, gives it back, and lets the next domain have it. */
  private giveAway(): Action[] {
    const page = FRAMES - 1 - this.random.below(3);
    return [
      ...(this.random.percent(50) ? [this.action('read', { va: page * 4096 })] : []),
      ...(this.random.percent(60) ? [this.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 })] : []),
      this.action('free', { mfn: this.ground.frame(this.domain, page) }),
      ...(this.random.percent(70) ? [this.action('alloc', {}, this.who === 'B0' ? 'A0' : 'B0')] : []),
    ];
  }

  /** Points an entry of a second-level table at a table of the same level. */
  private linear(): Action[] {
    const { ground, random } = this;
    const table = ground.frame(this.domain, ground.xen.layout.levels === 3 ? 1 : 0);
    const slot = 1 + random.below(3);
    const target = random.percent(60) ? table : ground.frame(this.domain, this.data());
    const link = (bits: number): Action => this.action('update', { table, slot, mfn: target, bits, kind: 0 });
    return [link(random.pick([RO, RW, RW | _PAGE_PSE])), ...(random.percent(50) ? [link(RW)] : [])];
  }

  /** Builds a second root that shares the tables of the first, and perhaps uses it. */
  private newRoot(): Action[] {
    const { ground, random } = this;
    const page = this.data();
    const mfn = ground.frame(this.domain, page);
    const { levels } = ground.xen.layout;
    const fill = levels === 3
      ? [this.store(page, 0, ground.frame(this.domain, 1), _PAGE_PRESENT), this.store(page, 3, ground.frame(this.domain, random.pick([2, 8])), _PAGE_PRESENT)]
      : [this.store(page, 0, ground.frame(this.domain, 1), RW)];
    const second = random.percent(50) ? [this.action('pin', { level: levels, mfn })] : [];
    return [...fill, this.map(page, RO), ...second, ...(random.percent(70) ? [this.action('base', { mfn })] : [])];
  }

  /** Takes as many references to one frame as there are pages to map it at. */
  private many(): Action[] {
    const mfn = this.ground.frame(this.domain, this.random.below(FRAMES));
    const pages = Array.from({ length: 8 }, (_, i) => FRAMES - 1 - i);
    return pages.map((page) => this.action('map', { va: page * 4096, mfn, bits: RO, flush: 0 }));
  }
}
