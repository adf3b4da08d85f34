import { entryOf, _PAGE_GLOBAL, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW } from '../../hypervisors/xen/public/layout';
import { FRAMES, RO, RW, type Playground } from '../../situations/xen/playground';
import { firstOwnSlot, type Action, type Verb } from './actions';
import { PLOYS } from './ploys';
import type { Domain } from '../../hypervisors/xen/xen';
import type { Mfn } from '../../hypervisors/xen/public/xen';
import type { Random } from './random';

// A guest that means harm and knows how page tables work. A good part of what
// it does is single calls with numbers that are likely to matter; the rest is
// ploys of a few calls, which are in ploys.ts.

/** What the guest does next: one action or a short ploy. */
export function nextActions(ground: Playground, random: Random): Action[] {
  const who = random.pick(['A0', 'A0', 'A1', 'B0']);
  return new Guest(ground, random, who).next();
}

const WEIGHTS = { single: 12, ...Object.fromEntries(Object.entries(PLOYS).map(([name, { weight }]) => [name, weight])) } as const;

export class Guest {
  readonly domain: Domain;

  constructor(readonly ground: Playground, readonly random: Random, readonly who: string) {
    this.domain = who.startsWith('A') ? ground.A : ground.B;
  }

  next(): Action[] {
    const ploy = PLOYS[this.random.weighted(WEIGHTS)];
    return ploy ? ploy.make(this) : [this.single()];
  }

  action(verb: Verb, numbers: Record<string, number> = {}, who = this.who): Action {
    return { who, verb, numbers };
  }

  /** A virtual CPU of the other domain. */
  get other(): string {
    return this.who === 'B0' ? 'A0' : 'B0';
  }

  /** A frame, mostly its own, sometimes one that it must not touch. */
  mfn(): Mfn {
    const { ground, random } = this;
    switch (random.weighted({ own: 60, table: 25, other: 6, heap: 5, xen: 2, none: 2 })) {
      case 'own': return ground.frame(this.domain, random.below(FRAMES));
      case 'table': return ground.frame(this.domain, random.below(ground.tableFrames + 3));
      case 'other': return random.percent(75) ? ground.frame(this.domain === ground.A ? ground.B : ground.A, random.below(FRAMES)) : ground.frame(ground.H, random.below(2));
      case 'heap': return 0x300 + random.below(3);
      case 'xen': return ground.xen.ownTable;
      case 'none': return 0x999;
    }
  }

  data(): number {
    return this.ground.tableFrames + this.random.below(4);
  }

  va(): number {
    const { random } = this;
    const page = random.percent(85) ? random.below(FRAMES) : random.pick([FRAMES, FRAMES + 1, 0x3ff, 0x400, 0xfc000]);
    return page * 4096;
  }

  bits(): number {
    const { random } = this;
    const flags = random.pick([RW, RW, RO, RO, _PAGE_PRESENT, _PAGE_PRESENT, 0]);
    return random.percent(90) ? flags : flags | random.pick([_PAGE_PSE, _PAGE_GLOBAL, _PAGE_PCD, _PAGE_RW]);
  }

  slot(): number {
    return this.random.percent(85) ? this.random.below(4) : firstOwnSlot(this.ground) + this.random.below(2);
  }

  single(): Action {
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

  /** A store to an entry of a page that is a table, or is to be one. */
  store(page: number, slot: number, mfn: Mfn, bits: number): Action {
    return this.action('store', { va: page * 4096 + slot * this.ground.xen.layout.entryBytes, mfn, bits, user: 0 });
  }

  /** The page's own frame, mapped there with other rights. */
  map(page: number, bits: number, flush = 0): Action {
    return this.action('map', { va: page * 4096, mfn: this.frame(page), bits, flush });
  }

  frame(page: number): Mfn {
    return this.ground.frame(this.domain, page);
  }
}
