import { FRAMES, RO, RW } from '../../../situations/xen/playground';
import { domidOf } from './grants';
import { plant } from './trees';
import type { Guest, Move } from '../guest';
import type { Deed } from '../script';
import type { Ploy } from './ploy';

// Ploys about domains that are torn down in the middle of whatever they do, and
// about domains that act for others: domain 0 and domains that emulate devices.

/** Some of the pages that other ploys rarely give away, those first that are still ordinary memory. */
const kept = (guest: Guest): readonly number[] => guest.ordinaryFirst(guest.ground.tableFrames + guest.random.below(4)).slice(0, 3);

const page = (guest: Guest): number => FRAMES - 1 - guest.random.below(3);

/** What a domain leaves behind in use by others, or half done: grants in both directions, a tree of tables, its descriptor tables, a root without a pin. */
function legacy(guest: Guest): readonly Move[] {
  const { random, other, ground } = guest;
  const own = domidOf(guest);
  const va = page(guest) * 4096;
  const theirs = ground.frame(ground.vcpu(other).domain, guest.data());
  const grants = (from: string, mfn: number, dom: number, to: string): Deed[] => [
    guest.action('grant', { ref: 0, mfn, dom, ro: 0 }, from), guest.action(random.percent(70) ? 'map-grant' : 'map-grant-device', { va, ref: 0, dom: 1 - dom, ro: random.below(2) }, to),
  ];
  switch (random.weighted({ given: 3, taken: 3, tree: 3, root: 3, tables: 2, status: 1, circle: 5 })) {
    case 'given': return grants(guest.who, guest.frame(guest.data()), 1 - own, other);
    case 'taken': return grants(other, theirs, own, guest.who);
    case 'tree': {
      const tree = plant(guest, random.percent(80));
      const { top } = tree;
      const pin = guest.action('pin', { level: tree.topLevel, mfn: top });
      return [...tree.moves, ...(random.percent(40) ? [guest.action('patience', { entries: 1 + random.below(2) })] : []), pin, ...(random.percent(30) ? [guest.action('unpin', { mfn: top })] : [])];
    }
    case 'root': return [guest.action('unpin', { mfn: guest.frame(0) })];
    case 'tables': return descriptorTables(guest);
    case 'status': return [guest.action('version', { number: 2 })];
    case 'circle': return circle(guest);
  }
}

/** Descriptor tables in use: a global one, a local one, or both. */
function descriptorTables(guest: Guest): readonly Move[] {
  const { random } = guest;
  const [global, local] = [guest.data(), guest.data()];
  const who = random.percent(70) ? guest.who : guest.second;
  const first = random.percent(70) ? [guest.map(global, RO), guest.action('gdt', { mfn: guest.frame(global) }, who)] : [];
  const second = random.percent(70) ? [guest.map(local, RO), guest.action('ldt', { va: local * 4096, entries: 512 }, who), guest.action('selector', { index: 1, emulated: 0 }, who)] : [];
  return [...first, ...second];
}

/** Two second-level tables that map each other. */
function circle(guest: Guest): readonly Move[] {
  const [one, two] = [FRAMES - 4, FRAMES - 5];
  const link = (from: number, to: number, slot: number): Deed => guest.action('update', { table: guest.frame(from), slot, mfn: guest.frame(to), bits: RO, kind: 0 });
  return [...[one, two].flatMap((table) => [guest.map(table, RO), guest.action('pin', { level: 2, mfn: guest.frame(table) })]), ...[0, 1, 2].slice(0, 1 + guest.random.below(3)).flatMap((slot) => [link(one, two, slot), link(two, one, slot)])];
}

/** What happens meanwhile: the other domain releases something, maps more, gives the dying one the frame that it awaits, takes free frames; or the teardown continues, perhaps while another processor changes a table's type. */
function heir(guest: Guest, awaited: number | null): readonly Move[] {
  const { random, other, ground } = guest;
  const own = domidOf(guest);
  const va = page(guest) * 4096;
  const theirs = ground.frame(ground.vcpu(other).domain, awaited ?? page(guest));
  switch (random.weighted({ destroy: 7, unmap: 3, alloc: 2, map: 2, give: awaited === null ? 1 : 5, contend: 4, foreign: 1, store: 1 })) {
    case 'destroy': return [guest.action('destroy')];
    case 'unmap': return [guest.action('unmap-grant', { va, handle: random.below(3) }, other)];
    case 'alloc': return [guest.action('alloc', {}, other)];
    case 'map': return [guest.action('map-grant', { va, ref: 0, dom: own, ro: random.below(2) }, other)];
    case 'give': return [guest.action('transfer', { mfn: theirs, dom: own }, other)];
    case 'contend': return [guest.action('contend', { times: 1 + random.below(3) }), guest.action('destroy')];
    case 'foreign': return [foreignUpdate(guest, other, guest.frame(guest.data()))];
    case 'store': return [guest.action('store', { va, mfn: 0, bits: 0, user: 0 }, other)];
  }
}

function foreignUpdate(guest: Guest, who: string, mfn: number): Deed {
  const { ground, random } = guest;
  const { domain } = ground.vcpu(who);
  return guest.action('update-for', { table: ground.frame(domain, ground.tableFrames - 1), slot: page(guest), mfn, bits: random.pick([RW, RO]), kind: 0, dom: domain === ground.A ? 1 : 0 }, who);
}

/** Tears a domain down. */
function teardown(guest: Guest): readonly Move[] {
  const { random, ground, other } = guest;
  if (ground.vcpu(other).domain.is_dying !== 'no') return [guest.single()];
  // Most often one that the other domain can still give away.
  const { domain } = ground.vcpu(other);
  const given = page(guest);
  const awaited = random.percent(35) ? [given, FRAMES - 1, FRAMES - 2, FRAMES - 3].find((candidate) => guest.isOrdinary(candidate, domain)) ?? given : null;
  const accepted = awaited === null ? [] : [guest.action('accept', { ref: 1, dom: 1 - domidOf(guest) }), guest.action('map', { va: awaited * 4096, mfn: 0, bits: 0, flush: 0 }, other)];
  const privileged = random.percent(20) ? [guest.action('privileged', {}, other), foreignUpdate(guest, other, guest.frame(guest.data()))] : [];
  const contend = (percent: number): readonly Deed[] => (random.percent(percent) ? [guest.action('contend', { times: 1 + random.below(8) })] : []);
  const slowly = random.percent(75) ? [guest.action('patience', { entries: 1 + random.below(random.percent(50) ? 2 : 6) }), ...contend(40)] : [];
  const last = [guest.action('patience', { entries: 0 }), ...contend(40), guest.action('destroy'), ...contend(40), guest.action('destroy')];
  return [
    ...Array.from({ length: 1 + random.below(3) }, () => legacy(guest)).flat(), ...accepted, ...privileged, ...slowly, guest.action('destroy'),
    ...Array.from({ length: 4 + random.below(9) }, () => heir(guest, awaited)).flat(), ...last, ...heir(guest, awaited),
  ];
}

/** Domain 0, or a domain that only pretends to be, maps frames of another domain, and changes that domain's tables; the owner does something else with them. */
function foreign(guest: Guest): readonly Move[] {
  const { random, ground, other } = guest;
  const data = guest.data();
  const mfn = guest.frame(data);
  const owners = random.pick([
    [guest.map(data, RO), guest.action('pin', { level: 1, mfn })], [guest.map(data, RO), guest.action('gdt', { mfn })], [guest.action('map', { va: data * 4096, mfn: 0, bits: 0, flush: 0 }), guest.action('free', { mfn })], [],
  ]);
  // The upper half names the owner of the tables, as its number plus one.
  const frames = random.percent(50) ? { mfn: ground.frame(ground.vcpu(other).domain, random.below(FRAMES)), bits: RO } : {};
  const theirs = guest.action('update-for', { ...guest.update().numbers, ...frames, dom: (domidOf(guest) + 1) * 0x10000 + random.pick([0x7ff0, domidOf(guest)]) }, other);
  const touch = guest.action('store', { va: page(guest) * 4096, mfn: 0, bits: 0, user: 0 }, other);
  const gone = guest.action('update', { table: ground.frame(ground.vcpu(other).domain, ground.tableFrames - 1), slot: page(guest), mfn: 0, bits: 0, kind: 0 }, other);
  return [...(random.percent(70) ? [guest.action('privileged', {}, other)] : []), foreignUpdate(guest, other, random.percent(80) ? mfn : guest.mfn()), touch, ...owners, ...(random.percent(50) ? [theirs] : []), gone];
}

/** Acts for the fully virtualised domain on what would be its tables. */
function forTranslated(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const numbers = { table: ground.frame(ground.H, random.below(2)), slot: random.below(3), mfn: guest.mfn(), bits: random.pick([RW, RO, 0]), kind: 0 };
  return [guest.action(random.percent(80) ? 'target' : 'privileged', { on: 1 }, 'B0'), guest.action('update-for', { ...numbers, dom: 3 * 0x10000 + random.pick([0x7ff0, 2]) }, 'B0')];
}

/** A root whose first entry is a table that takes several steps, or a second-level table whose last entry maps such a table: the edges at which a scan begins. */
function edge(guest: Guest): { readonly moves: readonly Deed[]; readonly mfn: number; readonly low: number; readonly level: number } {
  const { random, ground } = guest;
  const [top, low, third] = kept(guest) as [number, number, number];
  const { layout } = ground.xen;
  const lowest = guest.frame(ground.tableFrames - 1);
  const fill = Array.from({ length: 2 + random.below(4) }, (_, slot) => guest.store(low, slot, lowest, random.pick([RW, RO])));
  const readOnly = [top, low, third].map((one) => guest.map(one, RO));
  const isRoot = layout.levels > 2 && random.percent(60);
  const entries = isRoot ? [guest.store(top, 0, guest.frame(low), guest.upperBits), ...(random.percent(50) ? [guest.store(top, 3, guest.frame(third), guest.upperBits)] : [])]
    : [guest.store(top, random.percent(50) ? layout.entries[2] - 1 : random.below(3), guest.frame(low), RO), guest.store(top, 0, lowest, RW)];
  const first = isRoot ? [] : [guest.action('pin', { level: 2, mfn: guest.frame(low) })];
  return { moves: [...fill, ...entries, ...readOnly, ...first], mfn: guest.frame(top), low: guest.frame(low), level: isRoot ? 3 : 2 };
}

/** Takes and releases a tree in parts while another processor works on its tables. */
function contended(guest: Guest): readonly Move[] {
  const { random } = guest;
  const { moves, mfn, low, level } = edge(guest);
  const one = (): readonly Deed[] => {
    switch (random.weighted({ again: 3, at: 8, pin: 3, unpin: 4, below: 3, second: 2 })) {
      case 'again': return [guest.action('again')];
      // The continued call wants its own table first, and then the one below.
      case 'at': return [guest.action('contend', { times: random.percent(70) ? 2 : 1 + random.below(3) }), guest.action('again')];
      case 'pin': return [guest.action('pin', { level, mfn })];
      case 'unpin': return [guest.action('unpin', { mfn })];
      case 'below': return [guest.action(random.pick(['pin', 'unpin'] as const), { level: 2, mfn: low })];
      case 'second': return [guest.action(random.pick(['pin', 'unpin', 'again'] as const), { level: random.percent(60) ? level : 2, mfn: random.pick([mfn, low]) }, guest.second)];
    }
  };
  const pin = guest.action('pin', { level, mfn });
  const slowly = guest.action('patience', { entries: 1 });
  // Being taken, or being released.
  const begun = random.percent(50) ? [slowly, pin, ...Array.from({ length: random.below(3) }, () => guest.action('again'))] : [pin, slowly, guest.action('unpin', { mfn })];
  return [...moves, ...begun, ...Array.from({ length: 5 + random.below(9) }, one).flat(), guest.action('contend', { times: 0 }), guest.action('patience', { entries: 0 })];
}

/** A table with an entry for another table of its level is released in parts, down into that one; another processor takes it again. */
function linearHalfDone(guest: Guest): readonly Move[] {
  const { random, ground } = guest;
  const [one, two] = kept(guest) as [number, number];
  const { layout } = ground.xen;
  const lowest = guest.frame(ground.tableFrames - 1);
  const { upper, upperBits: bits } = guest;
  const at = random.below(3);
  const link = (slot: number, mfn: number, who = guest.who): Deed => (layout.levels > 2 ? guest.action('update', { table: upper, slot, mfn, bits: mfn === 0 ? 0 : bits, kind: 0 }, who) : guest.action(mfn === 0 ? 'unpin' : 'pin', { level: 2, mfn: guest.frame(one) }, who));
  const fill = Array.from({ length: 2 + random.below(3) }, (_, slot) => guest.store(two, slot, lowest, random.pick([RW, RO])));
  const below = Array.from({ length: at }, (_, slot) => guest.store(one, slot, lowest, RW));
  // Another processor may complete the table below before the one above is taken again.
  const anew = random.percent(50) ? [guest.action('pin', { level: 2, mfn: guest.frame(two) }, guest.second), ...(random.percent(60) ? [guest.action('again', {}, guest.second)] : []), guest.action('pin', { level: 2, mfn: guest.frame(one) }, guest.second)] : [];
  const after = (): Deed => random.pick([link(2, guest.frame(one), guest.second), link(2, guest.frame(one), guest.second), guest.action('pin', { level: 2, mfn: guest.frame(one) }, guest.second), guest.action('again'), guest.action('again', {}, guest.second), guest.action('pin', { level: 2, mfn: guest.frame(two) }, guest.second), link(1, 0)]);
  return [
    ...fill, ...below, guest.store(one, at, guest.frame(two), RO), guest.map(one, RO), guest.map(two, RO), guest.action('pin', { level: 2, mfn: guest.frame(two) }), link(1, guest.frame(one)),
    guest.action('unpin', { mfn: guest.frame(two) }), guest.action('patience', { entries: 1 + random.below(2) }), link(1, 0), ...anew, ...Array.from({ length: 3 + random.below(6) }, after),
    guest.action('patience', { entries: 0 }), guest.action('again'), guest.action('unpin', { mfn: guest.frame(one) }),
  ];
}

/** Every ploy of this kind, by name. */
export const END_PLOYS: Readonly<Record<string, Ploy>> = {
  teardown: { weight: 3, make: teardown },
  foreign: { weight: 1, make: foreign },
  forTranslated: { weight: 1, make: forTranslated },
  contended: { weight: 3, make: contended },
  linearHalfDone: { weight: 3, make: linearHalfDone },
};
