import { _PAGE_PRESENT } from '../../../hypervisors/xen/public/layout';
import { FRAMES, RO, RW } from '../../../situations/xen/playground';
import type { Mfn } from '../../../hypervisors/xen/public/xen';
import type { Guest, Move } from '../guest';
import type { Deed } from '../script';
import type { Ploy } from './ploy';

// Ploys about trees of tables that take long: built from the bottom up, taken
// and released in parts, with other processors that use them meanwhile, and with
// entries that map tables of their own level.

/** A tree that a guest has written and Xen has not yet taken: the frames by level, the highest last. */
export interface Tree {
  readonly moves: readonly Deed[];
  readonly byLevel: readonly (readonly Mfn[])[];
  /** The highest, and its level. */
  readonly top: Mfn;
  readonly topLevel: number;
  readonly all: readonly Mfn[];
}

/** What an entry of a table leads to: a table below, one of its own level, or something else. */
function leadsTo(guest: Guest, below: readonly Mfn[], same: readonly Mfn[], isFit: boolean): Mfn {
  if (isFit) return guest.random.pick(below);
  switch (guest.random.weighted({ below: 80, same: 12, any: 8 })) {
    case 'below': return guest.random.pick(below);
    case 'same': return guest.random.pick(same);
    case 'any': return guest.mfn();
  }
}

/**
 * Fills some frames as tables of every level above the lowest, and makes them read-only.
 *
 * @param isFit whether Xen accepts each entry: a tree that takes long has no early fault
 */
export function plant(guest: Guest, isFit = guest.random.percent(50)): Tree {
  const { random, ground } = guest;
  const { levels } = ground.xen.layout;
  const pages = [...new Set(Array.from({ length: 2 + random.below(3) }, () => guest.data()))];
  const { lowest } = guest;
  // Empty frames are lowest-level tables too, and one alone cannot be counted often enough.
  const empty = [FRAMES - 2, FRAMES - 3];
  const heights = pages.map(() => 2 + random.below(levels - 1));
  if (levels > 2 && random.percent(70)) heights[heights.length - 1] = levels;
  const ofLevel = (level: number): Mfn[] => pages.filter((_, i) => heights[i] === level).map((page) => guest.frame(page));
  const seconds = [...ofLevel(2), guest.middle];
  const thirds = levels === 4 ? [...ofLevel(3), guest.upper] : ofLevel(3);
  const moves = pages.flatMap((page, i) => {
    const height = heights[i]!;
    const isRoot = levels === 3 && height === 3;
    const below = height === 4 ? thirds : height === 3 ? seconds : [lowest, ...empty.map((low) => guest.frame(low))];
    const same = height === 4 ? ofLevel(4) : height === 3 ? thirds : seconds;
    const count = 1 + random.below(isRoot ? 3 : random.percent(40) ? 9 : 4);
    const bits = (): number => (!isFit && random.percent(8) ? guest.bits() : isRoot ? _PAGE_PRESENT : random.percent(75) ? RW : RO);
    const entries = Array.from({ length: count }, (_, slot) => guest.store(page, isFit || random.percent(90) ? slot : 4 + random.below(3), leadsTo(guest, below, same, isFit), bits()));
    const last = isRoot ? [guest.store(page, 3, guest.frame(random.pick([2, 8, 8, 9])), _PAGE_PRESENT), guest.map(random.pick([8, 9]), RO)] : [];
    return [...entries, ...last];
  });
  const readOnly = [...pages, ...empty].map((page) => guest.map(page, RO, random.below(3)));
  const all = pages.map((page) => guest.frame(page));
  const topLevel = ofLevel(4).length > 0 ? 4 : ofLevel(3).length > 0 ? 3 : 2;
  const top = topLevel === 2 ? all[0]! : ofLevel(topLevel)[0]!;
  return { moves: [...moves, ...readOnly], byLevel: [[], [lowest], seconds, thirds, ofLevel(4)], top, topLevel, all };
}

/** One operation on a table of a tree, by either processor. */
function handle(guest: Guest, tree: Tree): Move {
  const { random, ground } = guest;
  const { levels } = ground.xen.layout;
  const who = random.percent(65) ? guest.who : guest.second;
  const mfn = random.pick(tree.all);
  const level = tree.byLevel.findIndex((tables) => tables.includes(mfn));
  const act = (verb: 'pin' | 'unpin' | 'base'): Deed => guest.action(verb, { level: random.percent(90) ? Math.max(level, 1) : 1 + random.below(levels), mfn }, who);
  switch (random.weighted({ pin: 8, unpin: 6, base: 3, back: 2, again: 8, link: 5, unlink: 3, list: 2, store: 2, map: 2, free: 1, patience: 1 })) {
    case 'pin': return act('pin');
    case 'unpin': return act('unpin');
    case 'base': return act('base');
    case 'back': return guest.action('base', { mfn: guest.frame(0) }, who);
    case 'again': return guest.action('again', {}, who);
    case 'link': return guest.action('update', { table: above(guest, level), slot: 1 + random.below(3), mfn, bits: level === 2 && levels === 3 ? _PAGE_PRESENT : random.pick([RW, RO]), kind: 0 }, who);
    case 'unlink': return guest.action('update', { table: above(guest, level), slot: 1 + random.below(3), mfn: 0, bits: 0, kind: 0 }, who);
    case 'list': return [[act('pin'), act('unpin'), act(random.pick(['pin', 'base'] as const))]];
    case 'store': return guest.action('store', { va: (mfn - guest.frame(0)) * 4096 + random.below(3) * ground.xen.layout.entryBytes, mfn: random.percent(50) ? 0 : guest.mfn(), bits: random.percent(50) ? 0 : RW, user: 0 }, who);
    case 'map': return guest.action('map', { va: (mfn - guest.frame(0)) * 4096, mfn, bits: random.pick([RW, RO]), flush: random.below(3) }, who);
    case 'free': return guest.action('free', { mfn }, who);
    case 'patience': return guest.action('patience', { entries: random.below(3) });
  }
}

/** A table in use, of the level above this one or of its own. */
function above(guest: Guest, level: number): Mfn {
  const { levels } = guest.ground.xen.layout;
  if (guest.random.percent(25)) return guest.table();
  if (levels === 2) return guest.frame(0);
  if (levels === 4) return guest.frame(guest.random.percent(70) ? Math.max(3 - level, 0) : guest.random.below(3));
  return guest.frame(level >= 2 && guest.random.percent(60) ? 0 : 1);
}

/** A tree is taken, used and released, usually in small steps. */
function grow(guest: Guest): readonly Move[] {
  const { random } = guest;
  const tree = plant(guest);
  const start = random.percent(75) ? [guest.action('patience', { entries: 1 + random.below(2) })] : [];
  const whole = random.percent(50) ? [guest.action('pin', { level: tree.topLevel, mfn: tree.top }), ...Array.from({ length: random.below(4) }, () => guest.action('again'))] : [];
  return [...tree.moves, ...start, ...whole, ...Array.from({ length: 4 + random.below(8) }, () => handle(guest, tree)), ...(start.length > 0 && random.percent(60) ? [guest.action('patience', { entries: 0 })] : [])];
}

/** Loads a root after writing to it through another one: what the old root reached must be gone. */
function secondRoot(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const { levels } = ground.xen.layout;
  const [root, third] = [guest.data(), guest.data()];
  const mfn = guest.frame(root);
  const page = FRAMES - 1 - random.below(5);
  const fill = levels === 3
    ? [...(random.percent(50) ? [guest.store(root, 0, guest.frame(1), _PAGE_PRESENT)] : []), guest.store(root, 3, guest.frame(third), _PAGE_PRESENT), guest.map(third, RO)]
    : random.percent(50) ? [guest.store(root, 0, guest.frame(1), RW)] : [];
  const touch = guest.action(random.pick(['store', 'read'] as const), { va: page * 4096, mfn: 0, bits: 0, user: 0 });
  const after = random.pick([
    [guest.action('pin', { level: 1, mfn: guest.frame(page) })], [guest.action('base', { mfn: guest.frame(0) }), guest.action('pin', { level: 1, mfn: guest.frame(page) })],
    [guest.map(page, RW), touch],
  ]);
  return [...fill, guest.map(root, RO), guest.action('pin', { level: levels, mfn }), touch, guest.map(page, RO), guest.action('base', { mfn }), ...after];
}

/** Uses a second-level table through an entry of the root, removes that entry, and turns the table into something else. */
function rootEntry(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const { layout } = ground.xen;
  if (layout.levels === 2) return [guest.single()];
  const page = guest.data();
  const slot = 1 + random.below(2);
  const va = slot * 2 ** layout.shift[3] + random.below(FRAMES) * 4096;
  const link = (mfn: number): Deed => guest.action('update', { table: guest.upper, slot, mfn, bits: mfn === 0 ? 0 : guest.upperBits, kind: 0 });
  const touch = (who: string): Deed => guest.action(random.pick(['read', 'store'] as const), { va, mfn: 0, bits: 0, user: 0 }, who);
  const who = random.percent(70) ? guest.who : guest.second;
  return [
    guest.store(page, 0, guest.frame(3), RW), guest.map(page, RO), link(guest.frame(page)), touch(who), link(random.percent(70) ? 0 : guest.middle),
    guest.map(page, RW), guest.store(page, 0, guest.frame(random.below(FRAMES)), RW), touch(who),
  ];
}

/** A lowest-level table that maps a frame of another domain, and a root that maps itself: its fifth entry is then an entry of a second-level table. */
function behindFourth(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  if (ground.xen.layout.levels !== 3) return [guest.single()];
  const [root, low, third] = [guest.data(), FRAMES - 1 - random.below(3), FRAMES - 4 - random.below(3)];
  const showing = guest.action('update', { table: guest.frame(0), slot: 1 + random.below(2), mfn: random.percent(60) ? guest.frame(0) : guest.frame(root), bits: _PAGE_PRESENT, kind: 0 });
  if (random.percent(40)) return [showing];
  return [
    guest.store(low, random.below(2), random.percent(70) ? ground.frame(guest.domain === ground.A ? ground.B : ground.A, 6) : guest.mfn(), RW), guest.store(root, 4 + random.below(3), guest.frame(low), RW),
    guest.store(root, 0, guest.frame(1), _PAGE_PRESENT), guest.store(root, 1 + random.below(2), guest.frame(root), _PAGE_PRESENT), guest.store(root, 3, guest.frame(third), _PAGE_PRESENT),
    guest.map(root, RO), guest.map(third, RO), random.percent(50) ? guest.action('base', { mfn: guest.frame(root) }) : guest.action('pin', { level: 3, mfn: guest.frame(root) }),
  ];
}

/** Makes another table map the one in slot 3 of the root, and then changes the root. */
function thirdShown(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  if (ground.xen.layout.levels !== 3) return [guest.single()];
  const page = guest.data();
  const show = guest.action('update', { table: guest.frame(page), slot: random.below(2), mfn: guest.frame(random.pick([2, 2, 1])), bits: _PAGE_PRESENT, kind: 0 });
  return [guest.map(page, RO), guest.action('pin', { level: 2, mfn: guest.frame(page) }), show, guest.action('update', { table: guest.frame(0), slot: 1 + random.below(2), mfn: random.percent(50) ? 0 : guest.frame(1), bits: random.below(2), kind: 0 })];
}

/** Gives a frame back while it is pinned, or otherwise in use. */
function giveUpPinned(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const page = guest.data();
  const mfn = guest.frame(page);
  const lows = [ground.tableFrames - 1, FRAMES - 2, FRAMES - 3];
  const isFit = random.percent(70);
  const entries = Array.from({ length: 5 + random.below(8) }, (_, slot) => guest.store(page, slot, guest.frame(lows[slot % 3]!), isFit || random.percent(90) ? RW : guest.bits()));
  return [
    ...entries, ...[page, FRAMES - 2, FRAMES - 3].map((table) => guest.map(table, RO)), guest.action('pin', { level: 2, mfn }), ...(random.percent(40) ? [guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 })] : []),
    guest.action('patience', { entries: 1 }), guest.action('free', { mfn }), guest.action('again'), guest.action('patience', { entries: 0 }),
  ];
}

/** While the type of a frame is being changed, another virtual CPU of the domain does something with the frame. */
function meanwhile(guest: Guest): readonly Move[] {
  const { random } = guest;
  const page = guest.data();
  const mfn = guest.frame(page);
  const { second } = guest;
  const other = (): Deed => random.pick([
    guest.action('map', { va: page * 4096, mfn, bits: random.pick([RW, RO]), flush: 0 }, second), guest.action('store', { va: page * 4096, mfn: 0, bits: 0, user: 0 }, second),
    guest.action('store', { va: page * 4096 + random.below(2) * guest.ground.xen.layout.entryBytes, mfn: 0, bits: 0, user: 0 }, second), guest.action('pin', { level: 1, mfn }, second), guest.action('unpin', { mfn }, second), guest.action('gdt', { mfn }, second), guest.action('free', { mfn }, second),
  ]);
  return [
    guest.store(page, random.below(2), guest.frame(guest.data()), RW), guest.map(page, RO), guest.action('patience', { entries: 1 }), guest.action('pin', { level: 1, mfn }),
    ...Array.from({ length: 2 + random.below(3) }, other), guest.action('again'), guest.action('again'), guest.action('patience', { entries: 0 }),
  ];
}

/** A second-level table that maps another one and is taken in parts, and then is mapped itself. */
function chainInParts(guest: Guest): readonly Move[] {
  const { random } = guest;
  const first = guest.data();
  const second = random.percent(90) ? guest.dataBut(first) : first;
  const { middle: upper, lowest } = guest;
  const pin = (page: number): Deed => guest.action('pin', { level: 2, mfn: guest.frame(page) });
  const at = random.below(3);
  return [
    guest.store(first, at, guest.frame(second), RO), guest.store(first, random.percent(70) ? at + 1 : random.below(3), lowest, RW), guest.map(first, RO), guest.map(second, RO), pin(second),
    guest.action('patience', { entries: 1 }), pin(first), ...Array.from({ length: 1 + random.below(3) }, () => (random.percent(80) ? guest.action('again') : pin(first))),
    ...(random.percent(50) ? [guest.action('patience', { entries: 0 })] : []), guest.action('update', { table: upper, slot: 4 + random.below(2), mfn: guest.frame(first), bits: RO, kind: 0 }),
  ];
}

/** A long list of operations that Xen has no reason to refuse, while work is pending. */
function longList(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const lowest = guest.frame(ground.tableFrames - 1);
  const one = random.percent(50)
    ? (): Deed => guest.action('update', { table: lowest, slot: FRAMES - 1 - random.below(4), mfn: guest.frame(FRAMES - 1 - random.below(4)), bits: random.pick([RW, RO]), kind: 0 })
    : (): Deed => guest.action('command', { number: random.pick([6, 7, 10, 11]), mfn: 0 });
  return [guest.action('patience', { entries: 1 + random.below(3) }), [Array.from({ length: 8 + random.below(8) }, one)], ...Array.from({ length: random.below(4) }, () => guest.action('again')), guest.action('patience', { entries: 0 })];
}

/** A root whose cost is in the level below it: long tables that have not been taken yet. */
function longBelow(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const { levels } = ground.xen.layout;
  if (levels === 2) return [guest.single()];
  const [root, low, third] = [guest.data(), FRAMES - 1 - random.below(3), FRAMES - 4];
  // The count of a single table would reach its maximum.
  const lows = [ground.tableFrames - 1, FRAMES - 5, FRAMES - 6];
  const long = Array.from({ length: 5 + random.below(8) }, (_, slot) => guest.store(low, slot, guest.frame(lows[slot % 3]!), random.pick([RW, RO])));
  const below = [0, 1, 2].slice(0, 1 + random.below(3)).map((slot) => guest.store(root, slot, guest.frame(low), guest.upperBits));
  const top = random.percent(50) ? [guest.store(root, 3, guest.frame(third), _PAGE_PRESENT), guest.map(third, RO)] : [];
  const mfn = guest.frame(root);
  return [
    ...long, ...below, ...top, ...lows.slice(1).map((table) => guest.map(table, RO)), guest.map(low, RO), guest.map(root, RO), guest.action('patience', { entries: 1 + random.below(2) }),
    random.percent(60) ? guest.action('pin', { level: 3, mfn }) : guest.action('base', { mfn }), ...Array.from({ length: random.below(8) }, () => guest.action('again')),
    ...(random.percent(50) ? [guest.action('unpin', { mfn })] : []), guest.action('patience', { entries: 0 }),
  ];
}

/** A tree with a fault far below: in a later entry of a second-level table, which is under the first entry of the table above, or under another one. */
function faultBelow(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const { levels } = ground.xen.layout;
  if (levels === 2) return [guest.single()];
  const pages = (random.percent(50) ? [FRAMES - 1, FRAMES - 2, FRAMES - 3] : guest.ordinaryFirst(guest.data())).slice(0, levels - 1);
  const [low, third, root] = pages as [number, number, number];
  const good = 1 + random.below(3);
  const fill = Array.from({ length: good }, (_, slot) => guest.store(low, slot, guest.lowest, random.pick([RW, RO])));
  const bad = random.percent(70) ? ground.frame(ground.vcpu(guest.other).domain, random.below(FRAMES)) : guest.mfn();
  const at = (): number => (random.percent(50) ? 0 : random.below(3));
  const above = [guest.store(third, at(), guest.frame(low), guest.upperBits), ...(random.percent(30) ? [guest.store(third, 3, guest.middle, guest.upperBits)] : [])];
  const top = levels === 4 ? [...(random.percent(50) ? [guest.store(root, 0, guest.upper, RW)] : []), guest.store(root, random.below(4), guest.frame(third), RW)] : [];
  const mfn = guest.frame(pages[pages.length - 1]!);
  const taken = random.percent(70) ? guest.action('pin', { level: levels, mfn }) : guest.action(levels === 4 && random.percent(50) ? 'user-base' : 'base', { mfn });
  const slowly = random.percent(50) ? [guest.action('patience', { entries: 1 + random.below(2) })] : [];
  return [
    ...fill, guest.store(low, good + random.below(2), bad, RW), ...above, ...top, ...pages.map((page) => guest.map(page, RO)), ...slowly, taken,
    ...Array.from({ length: random.below(5) }, () => guest.action('again')), ...(random.percent(50) ? [guest.action('pin', { level: 2, mfn: guest.frame(low) }, guest.second)] : []), guest.action('patience', { entries: 0 }),
  ];
}

/** Every ploy of this kind, by name. */
export const TREE_PLOYS: Readonly<Record<string, Ploy>> = {
  grow: { weight: 4, make: grow },
  chainInParts: { weight: 2, make: chainInParts },
  longList: { weight: 1, make: longList },
  longBelow: { weight: 2, make: longBelow },
  secondRoot: { weight: 2, make: secondRoot },
  rootEntry: { weight: 1, make: rootEntry },
  behindFourth: { weight: 1, make: behindFourth },
  thirdShown: { weight: 1, make: thirdShown },
  giveUpPinned: { weight: 1, make: giveUpPinned },
  meanwhile: { weight: 3, make: meanwhile },
  faultBelow: { weight: 3, make: faultBelow },
};
