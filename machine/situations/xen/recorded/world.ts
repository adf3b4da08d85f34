import { RecordingError } from '../../../hardware/recorded';
import { Cpu, CR4_PAE } from '../../../hardware/cpu';
import { Memory } from '../../../hardware/memory';
import { EFER } from '../../../hardware/paging';
import { Store } from '../../../state/store';
import { do_mmuext_op } from '../../../hypervisors/xen/calls/mmuext';
import { _PAGE_ACCESSED, _PAGE_PRESENT, entryAddress, entryOf, flagsOf, mfnOf, wideEntry, withFlags, type WideEntry } from '../../../hypervisors/xen/public/layout';
import { MMUEXT, type Mfn } from '../../../hypervisors/xen/public/xen';
import { usualLayout, type Release } from '../../../hypervisors/xen/releases/release';
import { Xen, type Domain, type Vcpu } from '../../../hypervisors/xen/xen';

// The world that every recorded script begins in: a 32-bit guest with one
// processor, twelve frames of its own, the tables that map them, and a few
// frames that are not its own.

/** The guest's own frames, by name; the window `&a` maps `a` writable. */
export const OWN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'] as const;
/** Its tables: the root in use, the second-level tables, two lowest-level ones that map the frames. */
const TABLES = ['R', 'k0', 'q1', 'q2', 'q3', 'w', 'm'] as const;
/** Every frame that is compared. */
export const COMPARED = [...OWN, ...TABLES];

const FIRST: Mfn = 0x1000;
/** The recorder's own table and page, which scripts do not name. */
const RECORDER_TABLE: Mfn = 0x1100;
const RECORDER_PAGE: Mfn = 0x1101;
const STRANGERS: Readonly<Record<string, Mfn>> = { for: 0x2000, for2: 0x2001, inv: 0x800000, vga: 0xb8, apic: 0xfee00, shi: 0xbdd };

/** Slots of the second-level table `k0`: the recorder itself, the windows, the read-only mappings. */
const RECORDER_SLOT = 0;
const WINDOW_SLOT = 256;
const VIEW_SLOT = 257;

export class RecordedWorld {
  readonly store = new Store();
  readonly memory = new Memory(this.store);
  readonly xen: Xen;
  readonly domain: Domain;
  readonly vcpu: Vcpu;
  /** The frame of each name; a name whose frame was given back may stand for another one later. */
  private readonly frames = new Map<string, Mfn>();
  /** The first address of the region that `k0` maps: the first gigabyte, or under a 32-bit Xen the second. */
  private readonly base: number;

  constructor(release: Release) {
    const layout = usualLayout(release);
    this.xen = new Xen(this.store, this.memory, { layout, release, debug: true, wholeOwnPart: true });
    const on64 = layout.hostLevels === 4;
    this.base = on64 ? 0 : 0x40000000;
    const cpu = new Cpu(this.store, 0, this.memory);
    cpu.cr4 |= CR4_PAE;
    if (on64) cpu.efer = EFER.LME | EFER.LMA;
    const builder = this.xen.createDomain('dom0', []);
    this.domain = this.xen.createDomain('guest', [cpu]);
    this.vcpu = this.xen.vcpuOn(cpu);
    this.begin();
    this.addFrames(builder);
    this.boot();
    this.store.settle();
  }

  private addFrames(builder: Domain): void {
    const { xen } = this;
    for (const name of COMPARED) xen.addFrame(this.frame(name), this.domain);
    for (const mfn of [RECORDER_TABLE, RECORDER_PAGE]) xen.addFrame(mfn, this.domain);
    for (const name of ['for', 'for2']) xen.addFrame(this.frame(name), builder);
    xen.addFrame(this.frame('vga'), xen.dom_io);
    const shared = xen.addFrame(this.frame('shi'), this.domain);
    Object.assign(shared, { xenHeap: true, type: 'writable', validated: true, type_count: 1 });
  }

  private boot(): void {
    const { xen } = this;
    const at = (name: string): Mfn => this.frame(name);
    COMPARED.forEach((name, i) => xen.poke(at('m'), i, entryOf(at(name), 0x61)));
    OWN.forEach((name, i) => xen.poke(at('w'), i, entryOf(at(name), 0x63)));
    xen.poke(RECORDER_TABLE, 0, entryOf(RECORDER_PAGE, 0x63));
    xen.poke(at('k0'), RECORDER_SLOT, entryOf(RECORDER_TABLE, 0x67));
    xen.poke(at('k0'), WINDOW_SLOT, entryOf(at('w'), 0x67));
    xen.poke(at('k0'), VIEW_SLOT, entryOf(at('m'), 0x67));
    const root = this.base === 0 ? ['k0', 'q1', 'q2', 'q3'] : ['q1', 'k0', 'q2', 'q3'];
    root.forEach((name, i) => xen.poke(at('R'), i, entryOf(at(name), _PAGE_PRESENT)));
    this.domain.writable_pagetables = true;
    const done = do_mmuext_op(xen, this.vcpu, [{ cmd: MMUEXT.PIN_L3_TABLE, mfn: at('R') }, { cmd: MMUEXT.NEW_BASEPTR, mfn: at('R') }]);
    if (done !== 0) throw new Error(`machine bug: the recorded world does not begin: ${xen.console.value}`);
  }

  /**
   * Every name stands for its first frame again.
   *
   * @param accessed whether the processor has used every entry of the root of a 64-bit Xen, and has set the accessed bits there. A recording does not say:
   *   the recorder restores the root between two scripts, and the accessed bits are lost then.
   */
  begin(accessed = true): void {
    const { xen } = this;
    if (xen.layout.hostLevels === 4 && this.frames.size > 0) for (let i = 0; i < 4; i++) xen.poke(this.frame('R'), i, withFlags(xen.entryAt(this.frame('R'), i), i === 0 || accessed ? 0x27 : 7));
    COMPARED.forEach((name, i) => this.frames.set(name, FIRST + i));
    for (const [name, mfn] of Object.entries(STRANGERS)) this.frames.set(name, mfn);
    this.frames.set('m2p', this.xen.m2pTable);
  }

  /** The frame of a name. Throws a `RecordingError` for one that is unknown. */
  frame(name: string | undefined): Mfn {
    const mfn = this.frames.get(String(name));
    if (mfn === undefined) throw new RecordingError(`no frame is called "${name}"`);
    return mfn;
  }

  /** Makes a name stand for another frame. */
  rename(name: string, mfn: Mfn): void {
    this.frames.set(name, mfn);
  }

  /** The address of the recorder's own page. */
  get recorderAddress(): number {
    return this.base + RECORDER_SLOT * 0x200000;
  }

  /** `&a+24` or a number. */
  address(text: string | number | undefined): number {
    if (typeof text === 'number') return text;
    const match = /^&([a-l])(?:\+(\d+))?$/.exec(String(text));
    if (!match) throw new RecordingError(`"${text}" is not an address`);
    return this.base + WINDOW_SLOT * 0x200000 + OWN.indexOf(match[1] as 'a') * 4096 + Number(match[2] ?? 0);
  }

  /** `a.5/2`: the machine address of an entry, with the kind of update in its low bits. */
  pointer(text: string | undefined): number {
    const match = /^(\w+)\.(\d+)(?:\/(\d+))?$/.exec(String(text));
    if (!match) throw new RecordingError(`"${text}" is not an entry of a frame`);
    return entryAddress(this.xen.layout, this.frame(match[1]!), Number(match[2])) + Number(match[3] ?? 0);
  }

  /** `a:63`: the frame's address and everything else; `:63` without a frame. */
  entry(text: string | undefined): WideEntry {
    const match = /^(\w*):([0-9a-f]+)$/.exec(String(text));
    if (!match) throw new RecordingError(`"${text}" is not an entry`);
    const frame = match[1] === '' ? 0n : BigInt(this.frame(match[1]!)) << 12n;
    const value = frame | BigInt(`0x${match[2]!}`);
    return wideEntry(Number(value & 0xffffffffn), Number(value >> 32n));
  }

  /** Whether an entry is as recorded. `?:63` is one of Xen's own, `:~` an unknown value. */
  isAs(text: string, entry: WideEntry): boolean {
    if (text === ':~') return true;
    if (text.startsWith('?:')) return mfnOf(entry) === this.xen.ownTable && flagsOf(entry) === parseInt(text.slice(2), 16);
    return this.entry(text) === entry;
  }

  /** An entry in the form of a recording. */
  describe(entry: WideEntry): string {
    const mfn = mfnOf(entry);
    const name = mfn === this.xen.ownTable ? '?' : [...this.frames].find(([, known]) => known === mfn)?.[0];
    const flags = BigInt(entry) & ~(name === undefined ? 0n : 0xffffffffffn << 12n);
    return `${name ?? ''}:${flags.toString(16)}`;
  }

  /** The named frames whose entries are compared, with the name of each. */
  get compared(): ReadonlyMap<Mfn, string> {
    return new Map(COMPARED.map((name) => [this.frame(name), name]));
  }

  /**
   * Takes over from a recording the accessed bit in an entry of a PAE root: the emulator with which the recordings were made
   * sometimes sets it there, which no processor does. Returns whether the entry differs in nothing else.
   */
  isNotedOnly(table: Mfn, slot: number, recorded: string): boolean {
    const { xen } = this;
    if (xen.layout.hostLevels !== 3 || slot >= 4 || xen.pageOf(table)?.type !== 'l3' || recorded.startsWith('?') || recorded === ':~') return false;
    const entry = this.entry(recorded);
    if (xen.entryAt(table, slot) !== withFlags(entry, flagsOf(entry) & ~_PAGE_ACCESSED)) return false;
    xen.poke(table, slot, entry);
    return true;
  }

  /** The slot of `m` that maps a frame. */
  viewSlot(name: string): number {
    return (COMPARED as readonly string[]).indexOf(name);
  }
}
