import { FRAMES, RO, RW } from '../../../situations/xen/playground';
import { freeFrame } from '../../../hypervisors/xen/calls/memory-op';
import type { Deed } from '../script';
import type { Guest, Move } from '../guest';
import type { Ploy } from './ploy';

// Ploys about frames that change hands: grants, transfers, exchanges, frames
// that a domain gives back and gets.

/** The number of the guest's domain in grants. */
export const domidOf = (guest: Guest): number => (guest.domain === guest.ground.A ? 0 : 1);
/** That of the other domain. */
const othersDomid = (guest: Guest): number => 1 - domidOf(guest);

/** Grants a frame that the other domain maps, and does something with it meanwhile. */
function grant(guest: Guest): Deed[] {
  const { random, other } = guest;
  const page = guest.data();
  const mfn = random.percent(75) ? guest.frame(page) : random.percent(40) ? guest.mfn() : guest.ground.frame(guest.ground.H, 0);
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const readonly = random.below(2);
  const handle = guest.ground.vcpu(other).domain.maptrack.length;
  const mapped = guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro: random.percent(70) ? readonly : 0 }, other);
  const touch = guest.action(random.percent(50) ? 'store' : 'read', { va, mfn: 0, bits: 0, user: 0 }, other);
  const meanwhile = random.pick([[], [guest.map(page, RO)], [guest.map(page, RO), guest.action('pin', { level: 1, mfn })], [guest.action('free', { mfn })]]);
  return [guest.action('grant', { ref: 0, mfn, dom: othersDomid(guest), ro: readonly }), mapped, touch, ...meanwhile, guest.action('unmap-grant', { va: random.percent(85) ? va : guest.va(), handle }, other)];
}

/** Maps a grant twice, writable and read-only, and unmaps one at the address of the other. */
function grantTwice(guest: Guest): Deed[] {
  const { other } = guest;
  const [one, two] = [(FRAMES - 1) * 4096, (FRAMES - 2) * 4096];
  const handle = guest.ground.vcpu(other).domain.maptrack.length;
  const mapped = (va: number, ro: number): Deed => guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro }, other);
  return [
    guest.action('grant', { ref: 0, mfn: guest.frame(guest.data()), dom: othersDomid(guest), ro: 0 }), mapped(one, 1), mapped(two, 0),
    guest.action('unmap-grant', { va: guest.random.pick([one, two]), handle: handle + guest.random.below(2) }, other),
  ];
}

/** Names the entry for a grant by a machine address, which is not always that of an entry. */
function grantEntry(guest: Guest): Deed[] {
  const { random, other, ground } = guest;
  const theirs = ground.vcpu(other).domain;
  const page = ground.tableFrames + random.below(4);
  // A frame that has just been a table, and no longer is.
  const before = random.percent(30) ? [
    guest.action('map', { va: page * 4096, mfn: ground.frame(theirs, page), bits: RO, flush: 0 }, other), guest.action('pin', { level: 1, mfn: ground.frame(theirs, page) }, other),
    ...(random.percent(80) ? [guest.action('unpin', { mfn: ground.frame(theirs, page) }, other)] : []),
  ] : [];
  const table = before.length > 0 ? ground.frame(theirs, page) : ground.frame(theirs, random.percent(70) ? ground.tableFrames - 1 : random.below(FRAMES));
  const pa = table * 4096 + (FRAMES - 1 - random.below(3)) * ground.xen.layout.entryBytes + random.pick([0, 0, 0, 1, 2, 4]);
  return [
    ...before,
    guest.action('grant', { ref: 0, mfn: guest.frame(guest.data()), dom: othersDomid(guest), ro: 0 }),
    guest.action('map-grant-pte', { pa, ref: 0, dom: domidOf(guest), ro: random.below(2) }, other),
  ];
}

/** Gets the frame that shows which grants are in use, maps it, and gives it back. */
function status(guest: Guest): Deed[] {
  const { ground, random } = guest;
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const mfn = guest.domain.status ?? ground.xen.domains.length + 0x2fd;
  return [guest.action('version', { number: 2 }), guest.action('map', { va, mfn, bits: random.pick([RO, RW]), flush: 0 }), ...(random.percent(50) ? [guest.action('free', { mfn })] : []), guest.action('version', { number: 1 })];
}

/** Gives a frame to a domain that awaits one, perhaps while it is still in use. */
function transfer(guest: Guest): Deed[] {
  const { random, other } = guest;
  const page = FRAMES - 1 - random.below(3);
  const gone = random.percent(80) ? [guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 })] : [];
  const mfn = guest.frame(page);
  // The frame now belongs to the other domain, and nothing maps it.
  const again = random.percent(40) ? [guest.action('accept', { ref: 2, dom: domidOf(guest) }, random.pick(['H0', other])), random.percent(40) ? guest.action('exchange', { mfn }) : guest.action('transfer', { mfn, dom: 1 + random.below(2) })] : [];
  return [
    guest.action('accept', { ref: 1, dom: domidOf(guest) }, other), guest.action('read', { va: page * 4096 }), ...gone,
    guest.action('transfer', { mfn, dom: othersDomid(guest) }), ...again,
  ];
}

/** Maps a grant, also for its devices or with a device behind an IOMMU, and unmaps one part, the other, or neither. */
function deviceGrant(guest: Guest): Deed[] {
  const { random, other } = guest;
  const mfn = guest.frame(guest.data());
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const handle = guest.ground.vcpu(other).domain.maptrack.length;
  const unmap = (): Deed => (random.percent(50)
    ? guest.action('unmap-grant', { va: random.pick([0, va]), handle }, other)
    : guest.action('unmap-grant-device', { va: random.pick([0, va]), handle, bus: random.pick([0, mfn * 4096, 0x1000]) }, other));
  const device = random.percent(60) ? [guest.action('device', { on: 1 }, other)] : [];
  const first = unmap();
  return [
    ...device, guest.action('grant', { ref: 0, mfn, dom: othersDomid(guest), ro: random.below(2) }),
    guest.action(random.percent(70) ? 'map-grant-device' : 'map-grant', { va, ref: 0, dom: domidOf(guest), ro: random.below(2) }, other), first, random.percent(40) ? first : unmap(),
  ];
}

/** Maps and uses a grant, drops the entry by other means, and then the frame is given away, or made a table. */
function forgottenGrant(guest: Guest): Deed[] {
  const { random, other, ground } = guest;
  const page = FRAMES - 1 - random.below(3);
  const mfn = guest.frame(page);
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const to = random.pick([1 - domidOf(guest), 2]);
  const taker = to === 2 ? 'H0' : other;
  const gone = random.percent(80) ? guest.action('transfer', { mfn, dom: to }) : guest.action('free', { mfn });
  const end = random.percent(70)
    ? [guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 }), guest.action('accept', { ref: 1 + ground.xen.domains.length, dom: domidOf(guest) }, taker), gone]
    : [guest.map(page, RO), guest.action(random.pick(['pin', 'gdt'] as const), { level: 1, mfn })];
  return [
    guest.action('grant', { ref: 0, mfn, dom: othersDomid(guest), ro: 0 }), guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro: random.percent(30) ? 1 : 0 }, other),
    guest.action(random.pick(['read', 'store'] as const), { va, mfn: 0, bits: 0, user: 0 }, other), guest.action('map', { va, mfn: 0, bits: 0, flush: 0 }, other), ...end,
  ];
}

/** Maps a table of the other domain read-only by a grant, and uses it in calls for its own tables. */
function othersTable(guest: Guest): Deed[] {
  const { random, other, ground } = guest;
  const theirs = ground.vcpu(other).domain;
  const page = guest.data();
  const table = random.percent(50) ? ground.frame(theirs, ground.tableFrames - 1) : ground.frame(theirs, page);
  const make = table === ground.frame(theirs, page) ? [
    guest.action('map', { va: page * 4096, mfn: table, bits: RO, flush: 2 }, other), ...(random.percent(70) ? [guest.action(random.pick(['pin', 'gdt'] as const), { level: 1, mfn: table }, other)] : []),
  ] : [];
  const at = FRAMES - 1 - random.below(3);
  const va = at * 4096;
  const { entryBytes } = ground.xen.layout;
  const use = (): readonly Deed[] => {
    switch (random.weighted({ store: 4, half: 1, local: 3, global: 1, pin: 1, update: 1 })) {
      case 'store': return [guest.store(at, random.below(2) * (FRAMES - 1) + random.below(3), random.pick([0, guest.frame(guest.data()), ground.frame(theirs, random.below(FRAMES))]), random.pick([0, RO, RW]))];
      case 'half': return [guest.action('store-half', { va: va + random.below(8) * 4, word: 0, user: 0 })];
      case 'local': return [guest.action('ldt', { va, entries: random.pick([16, 512, 1024]) }), guest.action('selector', { index: random.below(4), emulated: random.below(2) })];
      case 'global': return [guest.action('gdt', { mfn: table })];
      case 'pin': return [guest.action('pin', { level: 1, mfn: table })];
      case 'update': return [guest.action('update', { table, slot: (random.below(16) * 8) / entryBytes, mfn: 0, bits: 0, kind: 0 })];
    }
  };
  return [...make, guest.action('grant', { ref: 0, mfn: table, dom: domidOf(guest), ro: 1 }, other), guest.action('map-grant', { va, ref: 0, dom: 1 - domidOf(guest), ro: 1 }), ...Array.from({ length: 1 + random.below(3) }, use).flat()];
}

/** Takes frames from the heap, and uses them at once. */
function fresh(guest: Guest): Deed[] {
  const { random, ground } = guest;
  const mfn = random.percent(75) ? freeFrame(ground.xen)?.mfn ?? guest.mfn() : 0x300 + random.below(3);
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const use = random.pick([
    [guest.action('pin', { level: 1 + random.below(ground.xen.layout.levels), mfn })], [guest.action('gdt', { mfn })],
    [guest.action('map', { va, mfn, bits: random.pick([RW, RO]), flush: random.below(4) }), guest.action('store', { va, mfn: guest.mfn(), bits: RW, user: 0 })],
  ]);
  return [...(random.percent(45) ? [guest.action('device', { on: 1 })] : []), guest.action('alloc'), ...use, ...(random.percent(50) ? [guest.action('free', { mfn })] : [])];
}

/** Transfers a frame to a domain that cannot have one so high. */
function tooHigh(guest: Guest): Deed[] {
  const { random, other } = guest;
  const who = random.percent(50) ? guest.who : 'A0';
  const taker = who === guest.who ? other : 'B0';
  const give = (verb: 'alloc' | 'free', numbers: Record<string, number> = {}): Deed => guest.action(verb, numbers, who);
  return [
    guest.action('highest', { frame: 0x300 + random.below(2) }, taker), give('alloc'), give('alloc'), give('alloc'), give('free', { mfn: 0x300 }),
    guest.action('accept', { ref: 0, dom: who === 'B0' ? 1 : 0 }, taker), guest.action('transfer', { mfn: 0x301 + random.below(2), dom: who === 'B0' ? 0 : 1 }, who),
  ];
}

/** Exchanges a frame, with the result to be written to memory that is not the guest's. */
function exchangeTo(guest: Guest): Deed[] {
  const { random, ground } = guest;
  const page = FRAMES - 1 - random.below(3);
  const end = ground.xen.layout.HYPERVISOR_VIRT_START;
  const va = random.pick([0x5000, 0x5000, end, end + 0x500000]);
  // How many it claims are done already: with these, Xen's own addresses begin where it continues.
  const done = random.pick([0, 0, Math.ceil((end - va) / 8), Math.ceil((end - 0x5000) / 8), 2 ** 29].filter((number) => number >= 0));
  return [guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 2 }), guest.action('exchange-to', { mfn: guest.frame(page), va, done })];
}

/** Emulates devices for the fully virtualised domain, and maps its frames, which that domain then gives away. */
function target(guest: Guest): Deed[] {
  const { random, ground } = guest;
  const mfn = ground.frame(ground.H, random.below(2));
  const lowest = ground.frame(ground.B, ground.tableFrames - 1);
  const slot = FRAMES - 1 - random.below(3);
  const own = (verb: 'update-for' | 'update', numbers: Record<string, number>): Deed => guest.action(verb, { slot, kind: 0, dom: 2, ...numbers }, 'B0');
  return [
    guest.action('target', { on: random.percent(85) ? 1 : 0 }, 'B0'),
    ...(random.percent(40) ? [own('update-for', { table: mfn, slot: 0, mfn: 0, bits: random.below(64), kind: 1 })] : []),
    own('update-for', { table: lowest, mfn, bits: random.pick([RW, RO]) }), guest.action('store', { va: slot * 4096, mfn: 0, bits: 0, user: 0 }, 'B0'),
    own('update', { table: lowest, mfn: 0, bits: 0 }), guest.action('accept', { ref: 0, dom: 2 }, 'A0'), guest.action('transfer', { mfn, dom: 0 }, 'H0'),
  ];
}

/** Replaces a grant, or something else, by what is mapped at a page. */
function replaceGrant(guest: Guest): Deed[] {
  const { random, other, ground } = guest;
  const [va, elsewhere] = [(FRAMES - 1) * 4096, (FRAMES - 2 - random.below(2)) * 4096];
  const handle = ground.vcpu(other).domain.maptrack.length;
  const ro = random.below(2);
  return [
    guest.action('grant', { ref: 0, mfn: guest.frame(guest.data()), dom: othersDomid(guest), ro: 0 }), guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro }, other),
    guest.action('replace-grant', { va: random.percent(70) ? va : elsewhere, handle, new: random.percent(85) ? elsewhere : random.pick([va, 0, guest.va()]) }, other),
  ];
}

/** Maps a grant several times, for reading and for writing, and unmaps some of the mappings. */
function grantOften(guest: Guest): Deed[] {
  const { random, other, ground } = guest;
  const handle = ground.vcpu(other).domain.maptrack.length;
  const pages = [1, 2, 3].slice(0, 2 + random.below(2)).map((i) => (FRAMES - i) * 4096);
  const device = random.percent(40) ? [guest.action('device', { on: 1 }, other)] : [];
  const unmap = (): Deed => {
    const i = random.below(pages.length);
    return guest.action('unmap-grant', { va: random.percent(70) ? pages[i]! : 0, handle: handle + i }, other);
  };
  return [
    ...device, guest.action('grant', { ref: 0, mfn: guest.frame(guest.data()), dom: othersDomid(guest), ro: 0 }),
    ...pages.map((va) => guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro: random.below(2) }, other)), ...Array.from({ length: 1 + random.below(3) }, unmap),
  ];
}

/** DOMID_SELF: a frame of the caller. */
const SELF = 0x7ff0;

/** What happens to a grant before the copy: nothing, it is mapped, mapped and its entry then names another frame, or its mapping is dropped and the frame freed; or any of these steps by chance. */
const BEFORE_COPY = { nothing: 5, used: 2, changed: 4, gone: 3, whatever: 2 } as const;
/** How often, in percent, the grant was one of a table to begin with. */
const OF_TABLE = { nothing: 10, used: 50, changed: 75, gone: 0, whatever: 60 } as const;

/** Copies between its own frames and grants, some of them of tables, some already in use or changed since, sometimes beyond the end of a frame. */
function copyGrants(guest: Guest): readonly Move[] {
  const { random, other, ground } = guest;
  const before = random.weighted(BEFORE_COPY);
  // In the last case each step is decided by itself.
  const step = (isPart: boolean, percent: number): boolean => (before === 'whatever' ? random.percent(percent) : isPart && random.percent(90));
  const [own, theirs] = [domidOf(guest), othersDomid(guest)];
  const target = random.percent(before === 'whatever' ? 50 : 85) ? guest.frame(guest.data()) : guest.mfn();
  const table = guest.frame(ground.tableFrames - 1 - random.below(2));
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const first = random.percent(OF_TABLE[before]) ? table : target;
  const copier = ground.vcpu(other).domain;
  const ownOf = (): number => ground.frame(copier, random.percent(80) ? ground.tableFrames + random.below(4) : random.below(FRAMES));
  const end = (): readonly [number, number] => (random.percent(60) ? [0, own] : [ownOf(), SELF]);
  // A copy is only noticed if it changes something, so there is often something to copy.
  const page = ground.tableFrames + random.below(4);
  const written = random.percent(80) ? [0, 8].map((byte) => guest.action('store', { va: page * 4096 + byte, mfn: ground.frame(copier, random.below(FRAMES)), bits: random.pick([RO, RW, 1]), user: 0 }, other)) : [];
  const one = (): Deed => {
    const isWritten = written.length > 0 && random.percent(85);
    const [from, fdom] = isWritten ? [ground.frame(copier, page), SELF] : end();
    const [to, tdom] = isWritten && random.percent(70) ? [0, own] : end();
    const isBeyond = random.percent(before === 'nothing' ? 60 : 10);
    return guest.action('copy-grant', { from, fdom, to, tdom, offset: isBeyond ? 0xff8 : random.pick([0, 0, 8]), len: 8 * (random.below(3) + (isBeyond ? 2 : 1)) }, other);
  };
  const mapped = step(before !== 'nothing', 60) ? [guest.action('map-grant', { va, ref: 0, dom: own, ro: random.percent(80) ? 1 : 0 }, other)] : [];
  const dropped = mapped.length > 0 && step(before === 'gone', 40) ? [guest.action('map', { va, mfn: 0, bits: 0, flush: 2 }, other)] : [];
  const changed = step(before === 'changed', 60) ? [guest.action('grant', { ref: 0, mfn: target, dom: theirs, ro: 0 })] : [];
  const isOwn = first >= guest.frame(0) && first < guest.frame(FRAMES);
  const gone = dropped.length > 0 && first === target && isOwn ? [guest.action('map', { va: (first - guest.frame(0)) * 4096, mfn: 0, bits: 0, flush: 2 }), guest.action('free', { mfn: first })] : [];
  const list = random.percent(30) ? [[[one(), one(), one()]]] : [one(), ...(random.percent(30) ? [one()] : [])];
  return [guest.action('grant', { ref: 0, mfn: first, dom: theirs, ro: random.percent(80) ? 0 : 1 }), ...written, ...mapped, ...dropped, ...changed, ...gone, ...list];
}

/** Grants that lead to grants, of the other domain, back, or in a circle. */
function transitive(guest: Guest): readonly Move[] {
  const { random, other } = guest;
  const [own, theirs] = [domidOf(guest), othersDomid(guest)];
  const ref = (): number => (random.percent(85) ? 0 : 1);
  const leads = (who: string, dom: number, of: number): Deed => guest.action('grant-transitive', { ref: ref(), dom, ro: random.percent(80) ? 0 : 1, of, its: ref() }, who);
  const copier = random.percent(70) ? guest.who : other;
  const from = copier === guest.who ? theirs : own;
  const end = (): readonly [number, number] => (random.percent(85) ? [ref(), from] : [guest.ground.frame(guest.ground.vcpu(copier).domain, guest.data()), SELF]);
  const one = (): Deed => {
    const [[a, fdom], [b, tdom]] = [end(), end()];
    return guest.action('copy-grant', { from: a, fdom, to: b, tdom, offset: 0, len: 8 }, copier);
  };
  return [
    guest.action('version', { number: 2 }), guest.action('version', { number: 2 }, other), guest.action('grant', { ref: ref(), mfn: guest.frame(guest.data()), dom: theirs, ro: random.percent(80) ? 0 : 1 }),
    leads(other, own, own), ...(random.percent(40) ? [leads(guest.who, theirs, theirs)] : []), ...(random.percent(40) ? [[[one(), one()]]] : [one(), one()]),
  ];
}

/** A grant that the other domain's devices can reach, whose entry is dropped by other means, and whose frame then becomes a table. */
function grantForDevices(guest: Guest): Deed[] {
  const { random, other } = guest;
  const page = guest.data();
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  return [
    guest.action('device', { on: 1 }, other), guest.action('grant', { ref: 0, mfn: guest.frame(page), dom: othersDomid(guest), ro: 0 }),
    guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro: random.percent(80) ? 0 : 1 }, other), guest.action('map', { va, mfn: 0, bits: 0, flush: 2 }, other),
    guest.map(page, RO), guest.action(random.pick(['pin', 'gdt'] as const), { level: 1, mfn: guest.frame(page) }),
  ];
}

/** Every ploy of this kind, by name. */
export const GRANT_PLOYS: Readonly<Record<string, Ploy>> = {
  grant: { weight: 3, make: grant },
  grantTwice: { weight: 1, make: grantTwice },
  grantEntry: { weight: 2, make: grantEntry },
  replaceGrant: { weight: 2, make: replaceGrant },
  grantOften: { weight: 1, make: grantOften },
  copyGrants: { weight: 4, make: copyGrants },
  transitive: { weight: 4, make: transitive },
  grantForDevices: { weight: 1, make: grantForDevices },
  deviceGrant: { weight: 2, make: deviceGrant },
  forgottenGrant: { weight: 2, make: forgottenGrant },
  othersTable: { weight: 1, make: othersTable },
  status: { weight: 1, make: status },
  transfer: { weight: 2, make: transfer },
  fresh: { weight: 1, make: fresh },
  tooHigh: { weight: 1, make: tooHigh },
  exchangeTo: { weight: 2, make: exchangeTo },
  target: { weight: 1, make: target },
};
