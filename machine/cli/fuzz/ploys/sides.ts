import { _PAGE_PSE } from '../../../hypervisors/xen/public/layout';
import { FRAMES, RO, RW } from '../../../situations/xen/playground';
import type { Mfn } from '../../../hypervisors/xen/public/xen';
import type { Deed } from '../script';
import type { Guest, Move } from '../guest';
import { domidOf } from './grants';
import type { Ploy } from './ploy';

// Indirect ploys: devices, caches, descriptor tables, events, a program that
// makes calls as its kernel.

/** Transfers a descriptor table to a fully virtualised guest, which writes to it and transfers it back. */
function descriptors(guest: Guest): Deed[] {
  const { random } = guest;
  const page = FRAMES - 1 - random.below(3);
  const mfn = guest.frame(page);
  const own = domidOf(guest);
  const high = { mfn, offset: 4, word: random.pick([0x8e00, 0xf200, 0x9a00]) };
  if (random.percent(50)) return [guest.action('store-half', { va: page * 4096 + 4, word: high.word, user: 0 }), guest.map(page, RO), guest.action('gdt', { mfn })];
  return [
    ...[page, FRAMES - 4].map((table) => guest.map(table, RO)), guest.action('gdt', { mfn }), guest.action('gdt', { mfn: guest.frame(FRAMES - 4) }), guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 }),
    guest.action('accept', { ref: 0, dom: own }, 'H0'), guest.action('transfer', { mfn, dom: 2 }), guest.action('write-own', high, 'H0'),
    guest.action('accept', { ref: 1, dom: 2 }), guest.action('transfer', { mfn, dom: own }, 'H0'), guest.action('gdt', { mfn }),
  ];
}

/** Gets a device, perhaps one whose rights cannot be changed for a while, and changes the type of a frame. */
function device(guest: Guest): Deed[] {
  const { random } = guest;
  const page = guest.data();
  const fails = random.percent(50);
  return [
    guest.action('device', { on: random.percent(80) ? 1 : 0 }), ...(fails ? [guest.action('iommu-fails', { on: 1 })] : []),
    guest.map(page, RO), guest.action('pin', { level: 1, mfn: guest.frame(page) }), guest.action('iommu-fails', { on: 0 }),
    ...(random.percent(50) ? [guest.action('unpin', { mfn: guest.frame(page) }), guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 }), guest.action('free', { mfn: guest.frame(page) })] : []),
  ];
}

/** Writes a future table past the caches, which still contain the old values. */
function behindCaches(guest: Guest): Deed[] {
  const page = guest.data();
  return [
    guest.action('device', { on: 1 }), guest.map(page, RW | _PAGE_PSE), guest.store(page, guest.slot(), guest.mfn(), guest.bits()),
    guest.map(page, RO), guest.action('pin', { level: 1, mfn: guest.frame(page) }), guest.action('evict', { mfn: guest.frame(page) }),
  ];
}

/** Leaves its kernel in the middle of a multicall. */
function leaveKernel(guest: Guest): Deed[] {
  return [...guest.rootForPrograms(), guest.action('iret-and-map', { va: guest.va(), mfn: guest.mfn(), bits: guest.bits() })];
}

/** Silences an event, has it sent, and lets it through again; or sends to a port that is not in use. */
function ring(guest: Guest): Deed[] {
  const { random } = guest;
  const port = 1 + random.below(3);
  const silence = random.percent(60) ? [guest.action('mask-port', { port })] : [];
  return [guest.action('bind', { vcpu: random.below(3) }), ...silence, guest.action('send', { port }), guest.action('unmask-port', { port: random.percent(80) ? port : random.below(8) })];
}

/** Sets a descriptor table of several frames, one of which may be unusable. */
function longTable(guest: Guest): readonly Move[] {
  const pages = Array.from({ length: 2 + guest.random.below(3) }, () => guest.data());
  const odd = guest.random.percent(40) ? [guest.action('gdt', { mfn: guest.mfn() })] : [];
  const table = [...pages.map((page) => guest.action('gdt', { mfn: guest.frame(page) })), ...odd];
  return [...pages.map((page) => guest.map(page, RO)), [table], ...(guest.random.percent(50) ? [guest.action('gdt', { mfn: guest.frame(pages[0]!) })] : [])];
}

/** Sets a local descriptor table, lets the processor or Xen read from it, even beyond its end, and does something else with its frames. */
function localTable(guest: Guest): readonly Move[] {
  const { random } = guest;
  const page = guest.data();
  const [va, mfn] = [page * 4096, guest.frame(page)];
  const gate = random.percent(30) ? [guest.action('store-half', { va: va + 4, word: random.pick([0x8e00, 0xf200, 0x9a00]), user: 0 })] : [];
  const named = random.percent(60) ? [guest.action('ldt', { va, entries: random.pick([1, 16, 512, 513, 1024, 8192]) })] : [];
  const behind = named.length > 0 ? 512 * random.below(3) : 512 * page;
  const look = (): Deed => guest.action('selector', { index: random.percent(named.length > 0 ? 60 : 30) ? random.below(4) : behind + random.below(2), emulated: random.percent(50) ? 1 : 0 });
  const { second } = guest;
  const gone = (who: string): Deed => guest.action('map', { va, mfn: 0, bits: 0, flush: 2 }, who);
  const then = random.pick([
    [], [look()], [guest.map(page, RW), guest.store(page, 0, guest.mfn(), guest.bits())], [guest.action('free', { mfn })], [guest.action('ldt', { va: guest.va(), entries: random.below(2) })],
    [guest.action('base', { mfn: guest.frame(0) })], [guest.action('gdt', { mfn })], [guest.action('pin', { level: 1, mfn })],
    // The domain's other processor removes the mapping, and then something else is there.
    [gone(second), look(), guest.action('pin', { level: 1, mfn }, second)], [gone(guest.who), guest.action('map', { va, mfn: guest.frame(guest.data()), bits: RO, flush: 2 }), look(), guest.action('free', { mfn }, second)],
  ]);
  // A frame of another domain is mapped there, by a grant.
  const { other } = guest;
  const frame = guest.ground.frame(guest.ground.vcpu(other).domain, page);
  const theirs = random.percent(30) ? [
    guest.action('map', { va, mfn: frame, bits: RO, flush: 2 }, other), guest.action('grant', { ref: 0, mfn: frame, dom: domidOf(guest), ro: 1 }, other), guest.action('map-grant', { va, ref: 0, dom: 1 - domidOf(guest), ro: 1 }),
  ] : [];
  return [...gate, guest.map(page, random.percent(85) ? RO : RW), ...theirs, ...named, look(), ...then, ...(random.percent(40) ? [look()] : [])];
}

/** The same words through a call for page tables: to any other frame they are plain numbers. */
function asEntry(guest: Guest, table: Mfn, high: number): Deed {
  const slot = guest.random.below(4);
  return guest.ground.xen.layout.entryBytes === 8
    ? guest.action('update', { table, slot, mfn: high * 2 ** 20, bits: 0, kind: 0 })
    : guest.action('update', { table, slot: 2 * slot + 1, mfn: Math.floor(high / 4096), bits: high % 4096, kind: 0 });
}

/** Writes a descriptor by its address, also to frames that are descriptor tables or page tables. */
function descriptor(guest: Guest): Deed[] {
  const { random } = guest;
  const page = guest.data();
  const high = random.pick([0x8e00, 0xf200, 0x9a00, 0xcfb200, 0]);
  const mfn = random.percent(70) ? guest.frame(page) : random.percent(60) ? guest.table() : guest.mfn();
  const write = random.percent(45) ? asEntry(guest, mfn, high) : guest.action('descriptor', { pa: mfn * 4096 + random.below(4) * (random.percent(80) ? 8 : 4), low: random.pick([0, 0xffff, 0xffff]), high });
  return [guest.map(page, RO), ...(random.percent(75) ? [guest.action(random.pick(['gdt', 'pin'] as const), { level: 1, mfn: guest.frame(page) })] : []), write, ...(random.percent(30) ? [guest.action('gdt', { mfn: guest.frame(page) })] : [])];
}

/** Lets Xen fill frames, including frames that are or were tables, or belong to another domain. */
function fill(guest: Guest): readonly Move[] {
  const { random } = guest;
  const frame = (): Mfn => random.pick([guest.frame(guest.data()), guest.frame(guest.data()), guest.table(), guest.former(), guest.mfn()]);
  const one = (): Deed => (random.percent(60) ? guest.action('copy', { mfn: frame(), from: frame() }) : guest.action('clear', { mfn: frame() }));
  return random.percent(50) ? [one()] : [[Array.from({ length: 2 + random.below(3) }, one)]];
}

/** Every ploy of this kind, by name. */
export const SIDE_PLOYS: Readonly<Record<string, Ploy>> = {
  descriptors: { weight: 3, make: descriptors },
  longTable: { weight: 1, make: longTable },
  localTable: { weight: 3, make: localTable },
  descriptor: { weight: 5, make: descriptor },
  device: { weight: 2, make: device },
  behindCaches: { weight: 1, make: behindCaches },
  leaveKernel: { weight: 1, make: leaveKernel },
  ring: { weight: 2, make: ring },
  fill: { weight: 1, make: fill },
};
