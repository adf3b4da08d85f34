import { _PAGE_GLOBAL, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW, _PAGE_USER, entryOf } from '../../../hypervisors/xen/public/layout';
import { FRAMES, RO, RW } from '../../../situations/xen/playground';
import type { Ploy } from './ploy';
import { firstOwnSlot } from '../../../hypervisors/xen/frames/own-entries';
import type { Deed } from '../script';
import { NO_FRAME, type Guest } from '../guest';

// Ploys of a few calls about page tables: turn a frame into a table, leave a
// stale translation behind, give away a frame that is still in use.

/** Fills a frame as a table, maps it read-only, pins it. */
function makeTable(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const page = guest.data();
  const fill = Array.from({ length: random.below(3) }, () => guest.store(page, guest.slot(), guest.mfn(), guest.bits()));
  const pin = guest.action('pin', { level: 1 + random.below(ground.xen.layout.levels), mfn: guest.frame(page) });
  return [...fill, guest.map(page, RO), pin, ...(random.percent(40) ? [guest.store(page, guest.slot(), guest.mfn(), guest.bits())] : [])];
}

/** Returns a frame to ordinary use. */
function restore(guest: Guest): Deed[] {
  const page = guest.data();
  return [guest.action('unpin', { mfn: guest.frame(page) }), guest.map(page, RW, guest.random.below(2))];
}

/** Leaves a writable translation in a TLB, then makes the frame a table. */
function stale(guest: Guest): Deed[] {
  const page = guest.data();
  const other = guest.who === 'A0' ? 'A1' : guest.who;
  return [
    guest.action('store', { va: page * 4096 + 0xff8, mfn: 0, bits: 0, user: 0 }, other),
    guest.map(page, RO), guest.action('pin', { level: 1, mfn: guest.frame(page) }),
  ];
}

/** Unmaps a frame, gives it back, and lets the other domain get it. */
function giveAway(guest: Guest): Deed[] {
  const { random } = guest;
  const page = FRAMES - 1 - random.below(3);
  return [
    ...(random.percent(50) ? [guest.action('read', { va: page * 4096 })] : []),
    ...(random.percent(60) ? [guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 })] : []),
    guest.action(random.percent(60) ? 'free' : 'exchange', { mfn: guest.frame(page) }),
    ...(random.percent(70) ? [guest.action('alloc', {}, guest.other)] : []),
  ];
}

/** Points an entry of a second-level table at a table of the same level, or one of a root at the root. */
function linear(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const { layout } = ground.xen;
  const isRoot = layout.levels === 3 && random.percent(20);
  const table = isRoot ? guest.frame(0) : guest.hasPrograms ? guest.frame(random.below(3)) : guest.middle;
  const slot = 1 + random.below(isRoot ? 2 : 3);
  const target = isRoot || random.percent(50) ? table : guest.frame(guest.data());
  const link = (bits: number): Deed => guest.action('update', { table, slot, mfn: target, bits, kind: 0 });
  return [link(isRoot ? _PAGE_PRESENT : random.pick([RO, RW, RW | _PAGE_PSE])), ...(random.percent(50) ? [link(RW)] : [])];
}

/** Changes one flag of an entry, usually of an upper table. */
function flip(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const table = random.percent(70) ? guest.frame(random.below(ground.tableFrames - 1)) : guest.table();
  const entry = guest.entryIn(table);
  if (entry === null) return [guest.update()];
  const flag = random.pick([_PAGE_PRESENT, _PAGE_RW, _PAGE_USER, _PAGE_PCD, _PAGE_PSE, _PAGE_PSE, _PAGE_GLOBAL]);
  return [guest.action('update', { table, slot: entry.slot, mfn: entry.mfn, bits: entry.bits ^ flag, kind: random.percent(80) ? 0 : 2 })];
}

/** Makes a second-level table map itself, and asks for mappings where it appears as memory. */
function throughLinear(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const { shift } = ground.xen.layout;
  const table = guest.middle;
  const slot = 1 + random.below(3);
  const va = slot * 2 ** shift[2] + random.below(6) * 4096;
  const show = guest.action('update', { table, slot, mfn: table, bits: RO, kind: 0 });
  return [show, guest.action('map', { va, mfn: guest.mfn(), bits: guest.bits(), flush: random.below(3) }), ...(random.percent(50) ? [guest.action('store', { va: va + guest.slot() * ground.xen.layout.entryBytes, mfn: guest.mfn(), bits: guest.bits(), user: 0 })] : [])];
}

/** Two second-level tables of its own: one maps the other, and the table in use maps that one. */
function chain(guest: Guest): Deed[] {
  const first = guest.data();
  const second = guest.data();
  const table = guest.middle;
  const own = [first, second].flatMap((page) => [guest.map(page, RO), guest.action('pin', { level: 2, mfn: guest.frame(page) })]);
  const link = (from: number, to: number): Deed => guest.action('update', { table: from, slot: 1, mfn: to, bits: RO, kind: 0 });
  return [...own, link(guest.frame(first), guest.frame(second)), link(table, guest.frame(first))];
}

/** Builds a second root that shares the tables of the first, or has some of its own, and perhaps uses it. */
function newRoot(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const page = guest.data();
  const mfn = guest.frame(page);
  const { levels } = ground.xen.layout;
  const lower = random.percent(60) ? 1 : guest.data();
  const fill = levels === 3
    ? [guest.store(page, 0, guest.frame(lower), _PAGE_PRESENT), guest.store(page, 3, guest.frame(random.pick([2, 8])), _PAGE_PRESENT)]
    : [guest.store(page, 0, guest.frame(1), RW)];
  const second = random.percent(50) ? [guest.action('pin', { level: levels, mfn })] : [];
  return [...fill, guest.map(page, RO), ...second, ...(random.percent(70) ? [guest.action('base', { mfn })] : [])];
}

/** Replaces the table of a range of addresses between two updates in it. The old one remains a table, since releasing it would flush. */
function switchTable(guest: Guest): Deed[] {
  const { ground, random } = guest;
  if (ground.xen.layout.levels > 2 && random.percent(40)) return switchAbove(guest);
  const [page, second] = [FRAMES - 5, FRAMES - 6];
  const upper = guest.middle;
  const at = (entry: number): Deed => guest.action('map', { va: 2 ** ground.xen.layout.shift[2] + entry * 4096, mfn: guest.frame(guest.data()), bits: RO, flush: 0 });
  const link = (table: number): Deed => guest.action('update', { table: upper, slot: 1, mfn: table, bits: RW, kind: 0 });
  return [guest.map(page, RO), guest.map(second, RO), guest.action('pin', { level: 1, mfn: guest.frame(page) }), link(guest.frame(page)), at(0), link(guest.frame(second)), at(1)];
}

/** The same one level up, or two: the table above is replaced, with another lowest-level table below it. */
function switchAbove(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const { layout } = ground.xen;
  const [low, second, lowest, other] = [FRAMES - 5, FRAMES - 6, FRAMES - 7, FRAMES - 8] as const;
  const level = layout.levels === 4 && random.percent(40) ? 4 : 3;
  const above = level === 4 ? guest.frame(0) : guest.upper;
  const bits = level === 4 ? RW : guest.upperBits;
  const [one, two] = level === 4 ? [FRAMES - 4, FRAMES - 3] as const : [low, second];
  const tall = level === 4 ? [guest.store(one, 0, guest.frame(low), RW), guest.store(two, 0, guest.frame(second), RW), guest.map(one, RO), guest.map(two, RO)] : [];
  const readOnly = [low, second, lowest, other].map((page) => guest.map(page, RO));
  const link = (page: number): Deed => guest.action('update', { table: above, slot: 1, mfn: guest.frame(page), bits, kind: 0 });
  const at = (entry: number): Deed => guest.action('map', { va: 2 ** layout.shift[level] + entry * 4096, mfn: guest.frame(guest.data()), bits: RO, flush: 0 });
  const pins = [guest.action('pin', { level: level - 1, mfn: guest.frame(one) }), ...(random.percent(50) ? [guest.action('pin', { level: level - 1, mfn: guest.frame(two) })] : [])];
  return [guest.store(low, 0, guest.frame(lowest), RW), guest.store(second, 0, guest.frame(other), RW), ...tall, ...readOnly, ...pins, link(one), at(0), link(two), at(1)];
}

/** Puts an entry of its own where a table maps Xen, or puts it there before the frame becomes a table. */
function ownSlot(guest: Guest): Deed[] {
  const { levels } = guest.ground.xen.layout;
  if (guest.random.percent(50)) {
    const [page, root] = [FRAMES - 5, FRAMES - 6];
    const early = [guest.store(page, firstOwnSlot(guest.ground.xen.layout) + guest.random.below(2), guest.frame(levels === 3 ? 3 : 1), RW), guest.map(page, RO)];
    if (levels !== 3) return [...early, guest.action('pin', { level: levels, mfn: guest.frame(page) })];
    return [...early, guest.store(root, 3, guest.frame(page), _PAGE_PRESENT), guest.map(root, RO), guest.action('pin', { level: 3, mfn: guest.frame(root) })];
  }
  const table = guest.frame(levels === 3 ? 2 : 0);
  return [guest.action('update', { table, slot: firstOwnSlot(guest.ground.xen.layout) + guest.random.below(2), mfn: guest.frame(levels === 3 ? 3 : 1), bits: guest.random.pick([RO, RW, 0]), kind: 0 })];
}

/** Writes one half of an entry of a table, and then the other: the entry after the first half may be refused. */
function halves(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const va = (ground.tableFrames - 1) * 4096 + (FRAMES - 1 - random.below(3)) * ground.xen.layout.entryBytes;
  const high = (): Deed => guest.action('store-half', { va: va + 4, word: random.pick([0, 1, 0x8, 0x80000000]), user: 0 });
  const low = (): Deed => guest.action('store-half', { va, word: entryOf(guest.mfn(), guest.bits()), user: 0 });
  return [random.percent(60) ? high() : low(), ...(random.percent(60) ? [random.percent(50) ? high() : low()] : [])];
}

/** Lets a program write to a table. */
function fromProgram(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const va = (ground.tableFrames - 1) * 4096 + guest.slot() * ground.xen.layout.entryBytes;
  return [...guest.rootForPrograms(), guest.action('store', { va, mfn: guest.frame(guest.data()), bits: random.pick([RO, RW]), user: 1 })];
}

/** Changes what the reverse map says about a frame. */
function reverseMap(guest: Guest): Deed[] {
  return [guest.action('update', { table: guest.mfn(), slot: 0, mfn: 0, bits: guest.random.below(64), kind: 1 })];
}

/** Makes a call that should flush, and is refused, with a translation to lose. */
function refusedFlush(guest: Guest): Deed[] {
  const { random, ground } = guest;
  const va = random.below(FRAMES) * 4096;
  const at = random.percent(50) ? va : ground.xen.layout.HYPERVISOR_VIRT_START;
  return [guest.action('read', { va }), guest.action('map', { va: at, mfn: guest.frame(0), bits: RW, flush: random.pick([1, 2]) })];
}

/** Takes as many references to one frame as there are pages to map it at. */
function many(guest: Guest): Deed[] {
  const mfn = guest.frame(guest.random.below(FRAMES));
  const pages = Array.from({ length: 8 }, (_, i) => FRAMES - 1 - i);
  return pages.map((page) => guest.action('map', { va: page * 4096, mfn, bits: RO, flush: 0 }));
}

/** Names a frame that does not exist, in several calls. */
function nowhere(guest: Guest): Deed[] {
  const { random } = guest;
  const mfn = NO_FRAME;
  const one = (): Deed => {
    const verb = random.pick(['pin', 'unpin', 'unpin', 'base', 'gdt', 'free', 'exchange', 'clear', 'copy', 'map', 'update', 'descriptor'] as const);
    switch (verb) {
      case 'pin': return guest.action(verb, { level: 1 + random.below(4), mfn });
      case 'copy': return guest.action(verb, random.percent(50) ? { mfn, from: guest.mfn() } : { mfn: guest.frame(guest.data()), from: mfn });
      case 'map': return guest.action(verb, { va: guest.va(), mfn, bits: guest.bits(), flush: 0 });
      case 'update': return guest.action(verb, { table: random.percent(50) ? mfn : guest.table(), slot: guest.slot(), mfn, bits: guest.bits(), kind: random.below(2) });
      case 'descriptor': return guest.action(verb, { pa: mfn * 4096, low: 0, high: 0 });
      default: return guest.action(verb, { mfn });
    }
  };
  return Array.from({ length: 2 + random.below(4) }, one);
}

/** Every ploy of this kind, by name. */
export const TABLE_PLOYS: Readonly<Record<string, Ploy>> = {
  makeTable: { weight: 6, make: makeTable },
  restore: { weight: 3, make: restore },
  stale: { weight: 2, make: stale },
  giveAway: { weight: 2, make: giveAway },
  linear: { weight: 3, make: linear },
  chain: { weight: 1, make: chain },
  flip: { weight: 4, make: flip },
  throughLinear: { weight: 1, make: throughLinear },
  newRoot: { weight: 2, make: newRoot },
  switchTable: { weight: 1, make: switchTable },
  ownSlot: { weight: 1, make: ownSlot },
  halves: { weight: 1, make: halves },
  fromProgram: { weight: 1, make: fromProgram },
  reverseMap: { weight: 3, make: reverseMap },
  refusedFlush: { weight: 1, make: refusedFlush },
  many: { weight: 1, make: many },
  nowhere: { weight: 1, make: nowhere },
};
