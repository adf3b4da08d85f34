import { _PAGE_PRESENT, _PAGE_RW } from '../../../hypervisors/xen/public/layout';
import { FRAMES, RO, RW } from '../../../situations/xen/playground';
import type { Guest, Move } from '../guest';
import type { Deed } from '../script';
import type { Ploy } from './ploy';

// Ploys of 64-bit guests, whose programs have a root of their own: its contents,
// what programs leave in the TLB, and what happens to all of it while they run.

/** A root for programs: that of the kernel, a separate one, or one after the other. */
function userRoot(guest: Guest): readonly Move[] {
  const { random } = guest;
  const page = guest.data();
  const mfn = guest.frame(page);
  const fill = random.percent(80) ? [guest.store(page, random.below(2), random.percent(85) ? guest.frame(1) : guest.mfn(), random.pick([RW, RW, RO, _PAGE_PRESENT]))] : [];
  const pin = random.percent(40) ? [guest.action('pin', { level: 4, mfn })] : [];
  const user = (to: number, who = guest.who): Deed => guest.action('user-base', { mfn: to }, who);
  const other = (): number => random.pick([0, guest.frame(0), mfn, guest.frame(guest.data())]);
  const after = (): readonly Move[] => {
    switch (random.weighted({ other: 4, unpin: 3, kernels: 2, writable: 3, free: 2, second: 2, update: 2, root: 1 })) {
      case 'other': return [user(other())];
      case 'unpin': return [guest.action('unpin', { mfn })];
      case 'kernels': return [guest.action('base', { mfn })];
      case 'writable': return [guest.map(page, RW)];
      case 'free': return [guest.action('map', { va: page * 4096, mfn: 0, bits: 0, flush: 2 }), guest.action('free', { mfn })];
      case 'second': return [user(mfn, guest.second)];
      case 'update': return [guest.action('update', { table: mfn, slot: random.pick([0, 1, 255, 256, 271, 272, 511]), mfn: random.percent(60) ? guest.frame(1) : guest.mfn(), bits: random.pick([RW, RO, 0]), kind: 0 })];
      case 'root': return [[[user(mfn), guest.action('base', { mfn }), user(other())]]];
    }
  };
  return [...fill, guest.map(page, RO), ...pin, user(random.percent(75) ? mfn : other()), ...run(guest), ...Array.from({ length: 1 + random.below(4) }, after).flat()];
}

/** A program runs for a moment, and leaves translations behind. */
function run(guest: Guest): readonly Deed[] {
  const { random } = guest;
  const touches = Array.from({ length: random.below(3) }, () => (random.percent(60)
    ? guest.action('store', { va: random.below(FRAMES) * 4096 + 0xff8, mfn: 0, bits: 0, user: 1 }) : guest.action('read', { va: random.below(FRAMES) * 4096 })));
  return [guest.action('mode', { user: 1 }), ...touches, ...(random.percent(80) ? [guest.action('mode', { user: 0 })] : [])];
}

/** A program leaves a writable translation, which is global, and the kernel turns the frame into a table: on this processor, or on the other one. */
function staleProgram(guest: Guest): readonly Move[] {
  const { random } = guest;
  const page = guest.data();
  const mfn = guest.frame(page);
  const touch = guest.action('store', { va: page * 4096 + 0xff8, mfn: 0, bits: 0, user: 1 });
  const by = random.percent(70) ? guest.who : guest.second;
  const readOnly = guest.action('map', { va: page * 4096, mfn, bits: RO, flush: 0 }, by);
  const table = guest.action(random.pick(['pin', 'gdt'] as const), { level: 1, mfn }, by);
  // Back and forth after the frame's last use as writable: this is not a flush.
  const switches = random.percent(60) ? [guest.action('mode', { user: 1 }, guest.who), guest.action('mode', { user: 0 }, guest.who)] : [];
  const root = random.percent(70) ? [guest.action('user-base', { mfn: guest.frame(0) })] : [];
  return [...root, guest.map(page, RW), touch, readOnly, ...switches, table, ...(random.percent(40) ? [guest.action('unpin', { mfn }, by), guest.action('free', { mfn }, by)] : [])];
}

/** A page of the kernel, and one for programs, in either root. */
function kernelsOwn(guest: Guest): readonly Move[] {
  const { random } = guest;
  const page = guest.data();
  const bits = random.pick([_PAGE_PRESENT | _PAGE_RW, _PAGE_PRESENT, RW, RO]);
  return [guest.map(page, bits, random.below(3)), guest.action('store', { va: page * 4096, mfn: 0, bits: 0, user: 0 }), ...run(guest), guest.map(page, random.pick([RW, _PAGE_PRESENT | _PAGE_RW]))];
}

/** A domain whose programs run is torn down, or one that has only a root for them left. */
function endOfPrograms(guest: Guest): readonly Move[] {
  const { random, ground, other } = guest;
  if (ground.vcpu(other).domain.is_dying !== 'no') return [guest.single()];
  const page = guest.data();
  const mfn = guest.frame(page);
  const own = random.percent(70) ? [guest.store(page, 0, guest.frame(1), RW), guest.map(page, RO), guest.action('user-base', { mfn })] : [guest.action('user-base', { mfn: guest.frame(0) })];
  const slowly = random.percent(70) ? [guest.action('patience', { entries: 1 }), ...(random.percent(30) ? [guest.action('contend', { times: 1 + random.below(4) })] : [])] : [];
  const unpinned = random.percent(60) ? [guest.action('unpin', { mfn: guest.frame(0) })] : [];
  return [...own, ...unpinned, ...(random.percent(50) ? [guest.action('mode', { user: 1 })] : []), ...slowly, ...Array.from({ length: 5 + random.below(8) }, () => guest.action('destroy')), guest.action('patience', { entries: 0 }), guest.action('destroy'), guest.action('destroy')];
}

/** Every ploy of this kind, by name. */
export const PROGRAM_PLOYS: Readonly<Record<string, Ploy>> = {
  userRoot: { weight: 4, isForPrograms: true, make: userRoot },
  staleProgram: { weight: 2, isForPrograms: true, make: staleProgram },
  kernelsOwn: { weight: 1, isForPrograms: true, make: kernelsOwn },
  endOfPrograms: { weight: 1, isForPrograms: true, make: endOfPrograms },
};
