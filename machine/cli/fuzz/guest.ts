import { entryAddress, entryOf, flagsOf, isPresent, mfnOf, readEntry, _PAGE_GLOBAL, _PAGE_PCD, _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW } from '../../hypervisors/xen/public/layout';
import { FRAMES, RO, RW, type Playground } from '../../situations/xen/playground';
import { firstOwnSlot } from '../../hypervisors/xen/frames/own-entries';
import { isTable } from '../../hypervisors/xen/frames/frames';
import { isHypercall, type Call, type Deed, type Turn, type Verb } from './script';
import { PLOYS } from './ploys/ploys';
import type { Domain } from '../../hypervisors/xen/xen';
import type { Mfn } from '../../hypervisors/xen/public/xen';
import type { Random } from './random';

// A hostile guest that knows how page tables work. Much of what it does is
// single calls with numbers that are likely to matter, alone, in lists and in
// multicalls; the rest is ploys of a few calls, which are in ploys/.

/** What a ploy consists of: single deeds, or turns of several. */
export type Move = Deed | Turn;

const isTurn = (move: Move): move is Turn => Array.isArray(move);

/** What the guest does next: one turn or a short ploy. */
export function nextTurns(ground: Playground, random: Random): Turn[] {
  const living = WHO.filter((name) => ground.vcpu(name).domain.is_dying === 'no');
  const who = random.pick(living.length > 0 ? living : WHO);
  return new Guest(ground, random, who).next().map((move) => (isTurn(move) ? move : [[move]]));
}

/** The number of no frame. */
export const NO_FRAME = 0x999;

const WHO = ['A0', 'A0', 'A1', 'B0'] as const;
const weightsFor = (hasPrograms: boolean): Readonly<Record<string, number>> => ({
  single: 10, list: 3, batch: 1, goOn: 3, ...Object.fromEntries(Object.entries(PLOYS).filter(([, { isForPrograms = false }]) => hasPrograms || !isForPrograms).map(([name, { weight }]) => [name, weight])),
});
const WEIGHTS = weightsFor(false);
const WITH_PROGRAMS = weightsFor(true);

/** The operations of a list, with their weights. */
const IN_LIST = { pin: 12, unpin: 10, base: 3, command: 1, clear: 1, copy: 1 } as const;
const IN_LIST_WITH_PROGRAMS = { ...IN_LIST, 'user-base': 3 } as const;

/** The single calls. */
const SINGLES = {
  pin: 12, unpin: 8, base: 4, map: 14, update: 16, store: 14, 'store-half': 5, read: 6, gdt: 2, descriptor: 1, assist: 1, free: 3, alloc: 3, command: 1, clear: 1, copy: 1,
  exchange: 1, transfer: 1, 'map-grant-pte': 1, 'unmap-grant': 1, 'update-for': 1,
} as const;
const SINGLES_WITH_PROGRAMS = { ...SINGLES, 'user-base': 3, mode: 3 } as const;

export class Guest {
  readonly domain: Domain;

  constructor(readonly ground: Playground, readonly random: Random, readonly who: string) {
    this.domain = who.startsWith('A') ? ground.A : ground.B;
  }

  next(): readonly Move[] {
    const name = this.random.weighted(this.hasPrograms ? WITH_PROGRAMS : WEIGHTS);
    switch (name) {
      case 'single': return [this.single()];
      case 'list': return [[this.list()]];
      case 'batch': return [this.batch()];
      case 'goOn': return [this.action('again')];
      default: return PLOYS[name]!.make(this);
    }
  }

  /** Whether it is a 64-bit guest, whose programs can have a root of their own. */
  get hasPrograms(): boolean {
    return this.ground.xen.layout.levels === 4;
  }

  /** Most often gives a 64-bit guest's programs a root, without which none of them can run. */
  rootForPrograms(): readonly Deed[] {
    return this.hasPrograms && this.random.percent(70) ? [this.action('user-base', { mfn: this.frame(0) })] : [];
  }

  /** The tables in use: the lowest-level one, that of the second level, and the one above it, which is the root unless there are four levels. */
  get lowest(): Mfn {
    return this.frame(this.ground.tableFrames - 1);
  }

  get middle(): Mfn {
    return this.frame(this.ground.xen.layout.levels - 2);
  }

  get upper(): Mfn {
    return this.frame(Math.max(this.ground.xen.layout.levels - 3, 0));
  }

  /** The flags of an entry there. */
  get upperBits(): number {
    return this.ground.xen.layout.levels === 3 ? _PAGE_PRESENT : RW;
  }

  action(verb: Verb, numbers: Record<string, number> = {}, who = this.who): Deed {
    return { who, verb, numbers };
  }

  /** A virtual CPU of the other domain. */
  get other(): string {
    return this.who === 'B0' ? 'A0' : 'B0';
  }

  /** The domain's other virtual CPU, if it has one. */
  get second(): string {
    return this.who === 'A0' ? 'A1' : this.who === 'A1' ? 'A0' : this.who;
  }

  /** A frame, usually its own, sometimes one that it must not touch. */
  mfn(): Mfn {
    const { ground, random } = this;
    switch (random.weighted({ own: 45, data: 20, table: 20, former: 5, other: 6, heap: 7, xen: 2, none: 5 })) {
      case 'own': return ground.frame(this.domain, random.below(FRAMES));
      case 'data': return this.frame(this.data());
      case 'former': return this.former();
      case 'table': return ground.frame(this.domain, random.below(ground.tableFrames + 3));
      case 'other': return random.percent(75) ? ground.frame(this.domain === ground.A ? ground.B : ground.A, random.below(FRAMES)) : ground.frame(ground.H, random.below(2));
      case 'heap': return 0x300 + random.below(3);
      case 'xen': return ground.xen.ownTable;
      case 'none': return NO_FRAME;
    }
  }

  /** One of the pages that its ploys are about. */
  data(): number {
    const first = this.ground.tableFrames + this.random.below(4);
    return this.random.percent(40) ? first : this.ordinaryFirst(first)[0]!;
  }

  /** The pages of its ploys, from `first` on; those that are still ordinary memory precede those in another use. */
  ordinaryFirst(first: number): readonly number[] {
    const { tableFrames } = this.ground;
    const pages = [0, 1, 2, 3].map((i) => tableFrames + ((first - tableFrames + i) % 4));
    const isOrdinary = pages.map((page) => this.isOrdinary(page));
    return [...pages.filter((_, i) => isOrdinary[i]), ...pages.filter((_, i) => !isOrdinary[i])];
  }

  /** Whether a page is still what it was: memory of the domain's, mapped writable once. */
  isOrdinary(page: number, domain = this.domain): boolean {
    const { owner, type, type_count, pinned } = this.ground.xen.pageOf(this.ground.frame(domain, page))!;
    return owner === domain && type === 'writable' && type_count === 1 && !pinned;
  }

  /** Another page that its ploys are about. */
  dataBut(page: number): number {
    const other = this.data();
    return other === page ? this.ordinaryFirst(page).find((candidate) => candidate !== page)! : other;
  }

  /** A frame of its own that is now in use as a table; the root if there is no other. */
  table(): Mfn {
    const { xen } = this.ground;
    const tables: Mfn[] = [];
    for (let page = 0; page < FRAMES; page++) {
      const info = xen.pageOf(this.frame(page))!;
      if (isTable(info.type) && info.type_count > 0 && info.owner === this.domain) tables.push(info.mfn);
    }
    return tables.length === 0 ? this.frame(0) : this.random.pick(tables);
  }

  /** A frame that was a table and no longer is, if there is one: its remaining type means nothing. */
  former(): Mfn {
    const { ground, random } = this;
    const idle: Mfn[] = [];
    for (let page = ground.tableFrames; page < FRAMES; page++) {
      const info = ground.xen.pageOf(this.frame(page))!;
      if (isTable(info.type) && info.type_count === 0) idle.push(info.mfn);
    }
    return idle.length === 0 ? this.frame(this.data()) : random.pick(idle);
  }

  /** A present entry of a table, if it has one: its slot, the frame, its flags. */
  entryIn(table: Mfn): { readonly slot: number; readonly mfn: Mfn; readonly bits: number } | null {
    const { xen } = this.ground;
    const words = xen.memory.wordsOf(table as number);
    if (words.length === 0) return null;
    const slot = Math.floor((this.random.pick(words) % 4096) / xen.layout.entryBytes);
    const entry = readEntry(xen.memory, xen.layout, entryAddress(xen.layout, table, slot));
    return isPresent(entry) ? { slot, mfn: mfnOf(entry), bits: flagsOf(entry) } : null;
  }

  va(): number {
    const { random } = this;
    if (random.percent(85)) return random.below(FRAMES) * 4096;
    // An address beyond its pages, or one where one of the first entries of a second-level table may map a table as memory.
    const { entries } = this.ground.xen.layout;
    return random.pick([FRAMES, FRAMES + 1, 0x3ff, 0x400, 0xfc000, ...[1, 2, 3].map((stretch) => stretch * entries[1] + random.below(4))]) * 4096;
  }

  bits(): number {
    const { random } = this;
    const flags = random.pick([RW, RW, RO, RO, _PAGE_PRESENT, _PAGE_PRESENT, 0]);
    return random.percent(90) ? flags : flags | random.pick([_PAGE_PSE, _PAGE_GLOBAL, _PAGE_PCD, _PAGE_RW]);
  }

  slot(): number {
    return this.random.percent(85) ? this.random.below(4) : firstOwnSlot(this.ground.xen.layout) + this.random.below(2);
  }

  single(): Deed {
    const { random } = this;
    const verb = random.weighted(this.hasPrograms ? SINGLES_WITH_PROGRAMS : SINGLES as typeof SINGLES_WITH_PROGRAMS);
    switch (verb) {
      case 'mode': return this.action(verb, { user: random.below(2) });
      case 'pin': case 'unpin': case 'base': case 'user-base': case 'command': case 'clear': case 'copy': return this.operation(verb);
      case 'gdt': case 'free': case 'exchange': return this.action(verb, { mfn: this.mfn() });
      case 'map': return this.action(verb, { va: this.va(), mfn: this.mfn(), bits: this.bits(), flush: random.below(4) });
      case 'update': return this.update();
      case 'store': return this.action(verb, { va: this.va() + this.slot() * this.ground.xen.layout.entryBytes, mfn: this.mfn(), bits: this.bits(), user: random.percent(90) ? 0 : 1 });
      case 'store-half': return this.action(verb, { va: this.va() + random.below(8) * 4, word: random.percent(30) ? 0 : entryOf(this.mfn(), this.bits()), user: random.percent(90) ? 0 : 1 });
      case 'read': return this.action(verb, { va: this.va() });
      case 'descriptor': return this.action(verb, { pa: this.mfn() * 4096 + random.below(4) * 4, low: random.pick([0, 0xffff]), high: random.pick([0, 0x8e00, 0xf200, 0x9a00, 0xcfb200]) });
      case 'assist': return this.action(verb, { on: random.percent(80) ? 1 : 0 });
      case 'alloc': return this.action(verb);
      case 'transfer': return this.action(verb, { mfn: this.mfn(), dom: random.below(3) });
      case 'map-grant-pte': return this.action(verb, { pa: this.mfn() * 4096 + random.below(8) * 4, ref: random.below(3), dom: random.below(2), ro: random.below(2) });
      case 'unmap-grant': return this.action(verb, { va: this.va(), handle: random.below(3) });
      case 'update-for': return { ...this.update(), verb, numbers: { ...this.update().numbers, dom: random.below(3) } };
    }
  }

  /** One operation of mmuext_op. */
  private operation(verb: keyof typeof IN_LIST_WITH_PROGRAMS): Deed {
    const { random } = this;
    switch (verb) {
      case 'pin': return this.action(verb, { level: 1 + random.below(4), mfn: this.mfn() });
      case 'command': return this.action(verb, { number: random.below(24), mfn: random.percent(70) ? 0 : this.mfn() });
      case 'copy': return this.action(verb, { mfn: this.mfn(), from: this.mfn() });
      case 'user-base': return this.action(verb, { mfn: random.percent(15) ? 0 : random.percent(40) ? this.frame(0) : this.mfn() });
      default: return this.action(verb, { mfn: random.percent(20) ? this.table() : this.mfn() });
    }
  }

  /** One request of mmu_update: any entry, an existing one with another flag or another frame, a number in the reverse map. */
  update(): Deed {
    const { random } = this;
    const table = random.percent(50) ? this.table() : this.mfn();
    const known = random.percent(40) ? this.entryIn(table) : null;
    const kind = random.percent(85) ? 0 : 1 + random.below(2);
    if (known === null) return this.action('update', { table, slot: this.slot(), mfn: this.mfn(), bits: this.bits(), kind });
    const { slot } = known;
    if (random.percent(30)) return this.action('update', { table, slot, mfn: this.mfn(), bits: known.bits, kind });
    const flag = random.pick([_PAGE_RW, _PAGE_RW, _PAGE_PSE, _PAGE_PCD, _PAGE_GLOBAL, _PAGE_PRESENT]);
    return this.action('update', { table, slot, mfn: known.mfn, bits: known.bits ^ flag, kind });
  }

  /** Several operations of one hypercall, of any length, with any faults among them. */
  list(): Call {
    const { random } = this;
    const length = random.percent(85) ? 2 + random.below(5) : 7 + random.below(6);
    const kind = random.weighted({ mmuext: 5, update: 5, gdt: 1 });
    const one = (): Deed => (kind === 'mmuext' ? this.operation(random.weighted(this.hasPrograms ? IN_LIST_WITH_PROGRAMS : IN_LIST as typeof IN_LIST_WITH_PROGRAMS)) : kind === 'update' ? this.update() : this.action('gdt', { mfn: this.mfn() }));
    return Array.from({ length }, one);
  }

  /** A multicall of a few calls. */
  private batch(): Turn {
    const calls = Array.from({ length: 2 + this.random.below(3) }, (): Call => (this.random.percent(30) ? this.list() : [this.single()]));
    const legal = calls.filter((call) => isHypercall(call[0]!.verb));
    return legal.length > 0 ? legal : [[this.single()]];
  }

  /** A store to an entry of a page that is a table, or will become one. */
  store(page: number, slot: number, mfn: Mfn, bits: number): Deed {
    return this.action('store', { va: page * 4096 + slot * this.ground.xen.layout.entryBytes, mfn, bits, user: 0 });
  }

  /** The page's own frame, mapped there with other rights. */
  map(page: number, bits: number, flush = 0): Deed {
    return this.action('map', { va: page * 4096, mfn: this.frame(page), bits, flush });
  }

  frame(page: number): Mfn {
    return this.ground.frame(this.domain, page);
  }
}
