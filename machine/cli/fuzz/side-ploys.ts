import { _PAGE_PSE } from '../../hypervisors/xen/public/layout';
import { FRAMES, RO, RW } from '../../situations/xen/playground';
import type { Action } from './actions';
import type { Guest } from './guest';
import type { Ploy } from './ploys';

// Ploys that come from the side: grants, devices, caches, frames that change
// hands, a program that calls in its kernel's name.

const domidOf = (guest: Guest): number => (guest.domain === guest.ground.A ? 0 : 1);
const othersDomid = (guest: Guest): number => 1 - domidOf(guest);

/** Grants a frame, has it mapped by the other domain, and does something with it meanwhile. */
function grant(guest: Guest): Action[] {
  const { random, other } = guest;
  const page = guest.data();
  const mfn = random.percent(80) ? guest.frame(page) : random.percent(50) ? guest.mfn() : guest.ground.frame(guest.ground.H, 0);
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const readonly = random.below(2);
  const handle = guest.ground.vcpu(other).domain.maptrack.length;
  const mapped = guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro: random.percent(70) ? readonly : 0 }, other);
  const touch = guest.action(random.percent(50) ? 'store' : 'read', { va, mfn: 0, bits: 0, user: 0 }, other);
  const meanwhile = random.pick([[], [guest.map(page, RO)], [guest.map(page, RO), guest.action('pin', { level: 1, mfn })], [guest.action('free', { mfn })]]);
  return [guest.action('grant', { ref: 0, mfn, dom: othersDomid(guest), ro: readonly }), mapped, touch, ...meanwhile, guest.action('unmap-grant', { va, handle }, other)];
}

/** Maps a grant twice, writable and read-only, and unmaps one at the address of the other. */
function grantTwice(guest: Guest): Action[] {
  const { other } = guest;
  const [one, two] = [(FRAMES - 1) * 4096, (FRAMES - 2) * 4096];
  const handle = guest.ground.vcpu(other).domain.maptrack.length;
  const mapped = (va: number, ro: number): Action => guest.action('map-grant', { va, ref: 0, dom: domidOf(guest), ro }, other);
  return [
    guest.action('grant', { ref: 0, mfn: guest.frame(guest.data()), dom: othersDomid(guest), ro: 0 }), mapped(one, 1), mapped(two, 0),
    guest.action('unmap-grant', { va: guest.random.pick([one, two]), handle: handle + guest.random.below(2) }, other),
  ];
}

/** Names the entry for a grant by its machine address, not always that of an entry. */
function grantEntry(guest: Guest): Action[] {
  const { random, other, ground } = guest;
  const table = ground.frame(ground.vcpu(other).domain, ground.tableFrames - 1);
  const pa = table * 4096 + (FRAMES - 1 - random.below(3)) * ground.xen.layout.entryBytes + random.pick([0, 0, 1, 2, 4]);
  return [
    guest.action('grant', { ref: 0, mfn: guest.frame(guest.data()), dom: othersDomid(guest), ro: 0 }),
    guest.action('map-grant-pte', { pa, ref: 0, dom: domidOf(guest), ro: random.below(2) }, other),
  ];
}

/** Has the frame that shows which grants are in use, maps it, and gives it up. */
function status(guest: Guest): Action[] {
  const { ground, random } = guest;
  const va = (FRAMES - 1 - random.below(3)) * 4096;
  const mfn = guest.domain.status ?? ground.xen.domains.length + 0x2fd;
  return [guest.action('version', { number: 2 }), guest.action('map', { va, mfn, bits: random.pick([RO, RW]), flush: 0 }), guest.action('version', { number: 1 })];
}

/** Gives a frame to a domain that waits for one, perhaps while it is still of use. */
function transfer(guest: Guest): Action[] {
  const { random, other } = guest;
  const page = FRAMES - 1 - random.below(3);
  const gone = random.percent(80) ? [guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 })] : [];
  return [
    guest.action('accept', { ref: 1, dom: domidOf(guest) }, other), guest.action('read', { va: page * 4096 }), ...gone,
    guest.action('transfer', { mfn: guest.frame(page), dom: othersDomid(guest) }),
  ];
}

/** Sends a descriptor table to a fully virtualised guest, which writes it and sends it back. */
function descriptors(guest: Guest): Action[] {
  const { random } = guest;
  const page = FRAMES - 1 - random.below(3);
  const mfn = guest.frame(page);
  const own = domidOf(guest);
  const high = { mfn, offset: 4, word: random.pick([0x8e00, 0xf200, 0x9a00]) };
  if (random.percent(50)) return [guest.action('store-half', { va: page * 4096 + 4, word: high.word, user: 0 }), guest.map(page, RO), guest.action('gdt', { mfn })];
  return [
    guest.map(page, RO), guest.action('gdt', { mfn }), guest.action('gdt', { mfn: guest.frame(FRAMES - 4) }), guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 }),
    guest.action('accept', { ref: 0, dom: own }, 'H0'), guest.action('transfer', { mfn, dom: 2 }), guest.action('write-own', high, 'H0'),
    guest.action('accept', { ref: 1, dom: 2 }), guest.action('transfer', { mfn, dom: own }, 'H0'), guest.action('gdt', { mfn }),
  ];
}

/** Has a device, or one whose rights cannot be changed for a while, and changes the type of a frame. */
function device(guest: Guest): Action[] {
  const { random } = guest;
  const page = guest.data();
  const fails = random.percent(40);
  return [
    guest.action('device', { on: random.percent(80) ? 1 : 0 }), ...(fails ? [guest.action('iommu-fails', { on: 1 })] : []),
    guest.map(page, RO), guest.action('pin', { level: 1, mfn: guest.frame(page) }), guest.action('iommu-fails', { on: 0 }),
    ...(random.percent(50) ? [guest.action('unpin', { mfn: guest.frame(page) }), guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 0 }), guest.action('free', { mfn: guest.frame(page) })] : []),
  ];
}

/** Writes a future table past the caches, which go on showing what was there. */
function behindCaches(guest: Guest): Action[] {
  const page = guest.data();
  return [
    guest.action('device', { on: 1 }), guest.map(page, RW | _PAGE_PSE), guest.store(page, guest.slot(), guest.mfn(), guest.bits()),
    guest.map(page, RO), guest.action('pin', { level: 1, mfn: guest.frame(page) }), guest.action('evict', { mfn: guest.frame(page) }),
  ];
}

/** Leaves its kernel in the middle of a multicall. */
function leaveKernel(guest: Guest): Action[] {
  return [guest.action('iret-and-map', { va: guest.va(), mfn: guest.mfn(), bits: guest.bits() })];
}

/** Silences an event, has it sent, and lets it through again; or sends to a port that is nobody's. */
function ring(guest: Guest): Action[] {
  const { random } = guest;
  const port = 1 + random.below(3);
  const silence = random.percent(60) ? [guest.action('mask-port', { port })] : [];
  return [guest.action('bind', { vcpu: random.below(3) }), ...silence, guest.action('send', { port }), guest.action('unmask-port', { port: random.percent(80) ? port : random.below(8) })];
}

/** Every ploy of this kind, by name. */
export const SIDE_PLOYS: Readonly<Record<string, Ploy>> = {
  grant: { weight: 3, make: grant },
  grantTwice: { weight: 1, make: grantTwice },
  grantEntry: { weight: 1, make: grantEntry },
  status: { weight: 1, make: status },
  transfer: { weight: 1, make: transfer },
  descriptors: { weight: 2, make: descriptors },
  device: { weight: 1, make: device },
  behindCaches: { weight: 1, make: behindCaches },
  leaveKernel: { weight: 1, make: leaveKernel },
  ring: { weight: 1, make: ring },
};
