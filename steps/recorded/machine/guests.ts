// What Xen does for random guests, in lines: each call with its result, all that it changes, what it breaks, and whether the quick judge was in doubt.

import { Corpus } from '../../../machine/cli/fuzz/corpus';
import { Guest, nextTurns } from '../../../machine/cli/fuzz/guest';
import { fuzz, hostileGround } from '../../../machine/cli/fuzz/fuzzer';
import { Umpire, type Played } from '../../../machine/cli/fuzz/judge/umpire';
import { PLOYS } from '../../../machine/cli/fuzz/ploys/ploys';
import { Random } from '../../../machine/cli/fuzz/random';
import { formatTurn, parseTurn, type Turn } from '../../../machine/cli/fuzz/script';
import { recordedTable, tableGround } from '../../../machine/cli/fuzz/table';
import { ADVISORIES, lastAndFirst } from '../../../machine/hypervisors/xen/releases/advisories';
import { defaultRelease, hasLayout, releaseNamed, usualLayout } from '../../../machine/hypervisors/xen/releases/release';
import { appliesTo, LAYOUTS, RULES, ruleNamed, type Rule, type RuleName } from '../../../machine/hypervisors/xen/rules';
import { do_set_gdt } from '../../../machine/hypervisors/xen/calls/descriptors';
import { do_mmuext_op } from '../../../machine/hypervisors/xen/calls/mmuext';
import { do_mmu_update, do_update_va_mapping } from '../../../machine/hypervisors/xen/calls/update';
import { check_descriptor } from '../../../machine/hypervisors/xen/frames/descriptors';
import type { Layout } from '../../../machine/hypervisors/xen/public/layout';
import { MMUEXT } from '../../../machine/hypervisors/xen/public/xen';
import { exactText } from '../../../machine/state/hash';
import { FRAMES } from '../../../machine/situations/xen/playground';
import { digest, orRefusal, type Lines, type Recording } from '../recording';

/** Releases with different interfaces or holes, from the oldest to the newest; each as it was. */
const RELEASES = ['3.2.0', '3.3.0', '3.4.0', '4.0.4', '4.1.6', '4.2.0', '4.3.0', '4.8', '4.10.0', '4.11.3', '4.13.5', '4.17.7', '4.20.0'];

/** Random guests of a release: how many lines, calls in each line, and turns of a guest before the next starts from a fresh boot. */
const GUESTS = { lines: 4, calls: 100, turns: 50 } as const;

/** Calls of the guests of a Xen that does not keep one of its rules. */
const WITHOUT = 45;

/** Random guests of each shape of page tables; then those without each rule, the scripts of the advisories, those that were found for the rules; what guests may do next; whole searches. */
export const guests: Recording = { name: 'guests', parts: [...LAYOUTS.map(({ name }) => name), 'rules left out', 'advisories', 'scripts for rules', 'sequels', 'limits', 'moves', 'single ploys', 'fuzzers'], linesOf };

function linesOf(part: string): Lines {
  switch (part) {
    case 'rules left out': return Object.fromEntries((Object.keys(RULES) as RuleName[]).map((rule) => [rule, withoutRule(rule)]));
    case 'advisories': return advisories();
    case 'scripts for rules': return scripts();
    case 'sequels': return sequels();
    case 'limits': return limits();
    case 'moves': return moves();
    case 'single ploys': return singlePloys();
    case 'fuzzers': return fuzzers();
    default: return guestsOf(part);
  }
}

function guestsOf(tables: string): Lines {
  const layout = LAYOUTS.find(({ name }) => name === tables)!;
  const lines: Record<string, string> = {};
  const releases = RELEASES.map(releaseNamed).filter((release) => hasLayout(release, layout));
  for (const [i, release] of [...releases, defaultRelease(layout)].entries()) {
    const players = new Players(new Umpire(hostileGround({ layout, release })), new Random(i + 1));
    for (let portion = 1; portion <= GUESTS.lines; portion++) lines[`${release.name}, portion ${portion}`] = players.line(GUESTS.calls);
  }
  return lines;
}

function withoutRule(rule: RuleName): string {
  const layout = LAYOUTS.findLast((one) => appliesTo(rule, one))!;
  const { release: needed }: Rule = RULES[rule];
  const { umpire } = tableGround(rule, layout, needed === undefined ? {} : { release: releaseNamed(`${needed}+fixes`) }, false);
  return new Players(umpire, new Random(7)).line(WITHOUT);
}

function advisories(): Lines {
  return Object.fromEntries(ADVISORIES.flatMap((advisory) => Object.entries(lastAndFirst(advisory)).map(([which, name]) => {
    const release = releaseNamed(name);
    const players = new Players(new Umpire(hostileGround({ layout: usualLayout(release), release })), new Random(1));
    return [`${advisory.id} in ${name}, the ${which}`, players.script(advisory.script.map(parseTurn))];
  })));
}

function scripts(): Lines {
  return Object.fromEntries(recordedTable()!.rows.flatMap(({ rule, tables, xen, script }) => [true, false].map((isKept) => {
    const { umpire } = tableGround(ruleNamed(rule), LAYOUTS.find(({ name }) => name === tables)!, xen === null ? {} : { release: releaseNamed(xen) }, isKept);
    return [`${rule} ${isKept ? 'kept' : 'left out'} on ${tables}`, new Players(umpire, new Random(1)).script(script.map(parseTurn))];
  })));
}

/** Descriptors of a table: none, one, about a frame of them, about as many as Xen allows. */
const DESCRIPTORS = [0, 1, 511, 512, 513, 7166, 7167, 7168, 7169, 8191, 8192, 8193];

/** Bits of the upper word of a descriptor: of data in bytes and in pages, upwards and downwards, and of code. */
const SEGMENTS = [0x40f200, 0xc0f200, 0x40f600, 0xc0f600, 0xc0fa00] as const;

/** What becomes of segments that end about where the guest's part does, in bytes or in pages, upwards or downwards. */
function segments(layout: Layout): string {
  const end = layout.HYPERVISOR_VIRT_START + (layout.levels === 3 ? 0x1000000 : 0x400000);
  const told: unknown[] = [];
  let kept = 0;
  for (const base of [0, 4096, end - 0x10000, end - 0x100000, end - 4096, end]) for (const limit of [0xfffff, 0xffff, 0xf, Math.floor((end - base) / 4096) - 1, end - base - 1]) for (const more of [-1, 0, 1]) for (const bits of SEGMENTS) {
    const [at, size] = [base % 2 ** 32, Math.max(0, limit + more) & 0xfffff];
    const given = { low: (((at & 0xffff) << 16) | (size & 0xffff)) >>> 0, high: ((at & 0xff000000) | ((at >>> 16) & 0xff) | (size & 0xf0000) | bits) >>> 0 };
    const checked = check_descriptor(layout, given);
    if (checked.isGood && checked.low === given.low && checked.high === given.high) kept++;
    told.push(checked);
  }
  return `${kept} of ${told.length} are as before, ${digest(told)}`;
}

/** What one call must not do to what another one has left. */
const SEQUELS: Readonly<Record<string, readonly string[]>> = {
  'a root that is loaded again, beside local descriptors': ['A0 map va=0x6000 mfn=0x106 bits=0x25 flush=0x2', 'A0 ldt va=0x6000 entries=0x8', 'A0 selector index=0x1 emulated=0x0', 'A0 base mfn=0x100', 'A0 selector index=0x1 emulated=0x0'],
  'a grant of another domain\'s local descriptors': ['B0 map va=0x6000 mfn=0x206 bits=0x25 flush=0x2', 'B0 ldt va=0x6000 entries=0x8', 'B0 selector index=0x1 emulated=0x0', 'B0 grant ref=0x0 mfn=0x206 dom=0x0 ro=0x1', 'A0 map-grant va=0xd000 ref=0x0 dom=0x1 ro=0x1', 'A0 map va=0xd000 mfn=0x0 bits=0x0 flush=0x2', 'B0 selector index=0x1 emulated=0x0'],
  'a frame and a table with as many references as there can be, torn down': [
    ...[7, 8, 9, 10, 11, 12, 13].map((page) => `A0 map va=0x${(page * 4096).toString(16)} mfn=0x106 bits=0x25 flush=0x2`), ...[7, 8, 9, 10, 11, 12].map((page) => `A0 map va=0x${(page * 4096).toString(16)} mfn=0x103 bits=0x25 flush=0x2`), ...Array.from({ length: 3 }, () => 'A0 destroy'),
  ],
  'a frame that another domain maps as often as it can, torn down': [
    'A0 map va=0x6000 mfn=0x0 bits=0x0 flush=0x2', 'A0 grant ref=0x0 mfn=0x106 dom=0x1 ro=0x1', ...[7, 8, 9, 10, 11, 12, 13].map((page) => `B0 map-grant va=0x${(page * 4096).toString(16)} ref=0x0 dom=0x0 ro=0x1`), ...Array.from({ length: 3 }, () => 'A0 destroy'),
  ],
  'local descriptors that Xen corrects: a segment that reaches into it, and a call gate': [
    'A0 store-half va=0x6000 word=0xfffe user=0x0', 'A0 store-half va=0x6004 word=0xcf9200 user=0x0', 'A0 store-half va=0x6008 word=0xc0000 user=0x0', 'A0 store-half va=0x600c word=0x8c00 user=0x0',
    'A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2', 'A0 ldt va=0x6000 entries=0x10', 'A0 selector index=0x1 emulated=0x0',
  ],
  'two tables that lead to each other, torn down part by part': [
    'A0 map va=0xa000 mfn=0x10a bits=0x65 flush=0x0', 'A0 pin level=0x2 mfn=0x10a', 'A0 map va=0x9000 mfn=0x109 bits=0x65 flush=0x0', 'A0 pin level=0x2 mfn=0x109',
    ...[0, 1, 2, 3].flatMap((slot) => [`A0 update table=0x10a slot=0x${slot} mfn=0x109 bits=0x65 kind=0x0`, `A0 update table=0x109 slot=0x${slot} mfn=0x10a bits=0x65 kind=0x0`]),
    'A0 patience entries=0x2', ...Array.from({ length: 14 }, () => 'A0 destroy'),
  ],
  'a grant in use that comes to lead elsewhere': ['A0 version number=0x2', 'B0 version number=0x2', 'B0 grant ref=0x0 mfn=0x209 dom=0x0 ro=0x0', 'A0 grant ref=0x0 mfn=0x108 dom=0x1 ro=0x0', 'B0 map-grant va=0xd000 ref=0x0 dom=0x0 ro=0x0', 'A0 grant-transitive ref=0x0 dom=0x1 ro=0x0 of=0x1 its=0x0', 'B0 copy-grant from=0x0 fdom=0x0 to=0x208 tdom=0x7ff0 offset=0x0 len=0x8', 'B0 copy-grant from=0x208 fdom=0x7ff0 to=0x0 tdom=0x0 offset=0x0 len=0x8', 'B0 grant ref=0x1 mfn=0x209 dom=0x0 ro=0x0', 'A0 grant-transitive ref=0x0 dom=0x1 ro=0x0 of=0x1 its=0x1', 'B0 copy-grant from=0x208 fdom=0x7ff0 to=0x0 tdom=0x0 offset=0x0 len=0x8'],
};

/** Calls that come after others, each script on each shape of page tables, with every rule, without those about grants that lead to grants, and without the one that forbids cycles of tables. */
function sequels(): Lines {
  const rules: readonly (RuleName | null)[] = [null, 'transitive-released-each-time', 'copy-to-frame-in-use', 'grant-owner-checked', 'linear-chains-refused'];
  return Object.fromEntries(Object.entries(SEQUELS).flatMap(([name, script]) => LAYOUTS.flatMap((layout) => rules.map((rule) => {
    const umpire = new Umpire(hostileGround({ layout, without: new Set(rule === null ? [] : [rule]) }));
    return [`${name}, on ${layout.name}${rule === null ? '' : ` without ${rule}`}`, new Players(umpire, new Random(1)).script(script.map(parseTurn))] as const;
  }))));
}

/** Calls whose numbers lie about a limit: what each answers, and what it changes. */
function limits(): Lines {
  const lines: Record<string, string> = {};
  for (const layout of LAYOUTS) {
    const { store, xen, A, frame, vcpu } = bench(layout);
    const start = store.mark();
    const note = (words: string, call: () => number): void => {
      const rc = orRefusal(() => String(call()));
      const changes = store.changesSince(start).map(({ cell, after }) => `${cell} = ${exactText(after)}`);
      lines[`${words} on ${layout.name}`] = `${rc}, ${changes.length} changes, ${digest([xen.console.value, changes])}`;
      store.undo(start);
    };
    const pages = Array.from({ length: FRAMES }, (_, i) => frame(A, i));
    for (const entries of DESCRIPTORS) {
      note(`set_gdt of ${entries} in data`, () => do_set_gdt(xen, vcpu, Array.from({ length: Math.ceil(entries / 512) }, () => pages[6]!), entries));
      for (const linear_addr of [0, 0x6000, 0x6001, layout.HYPERVISOR_VIRT_START - 4096]) note(`SET_LDT of ${entries} at 0x${linear_addr.toString(16)}`, () => do_mmuext_op(xen, vcpu, [{ cmd: MMUEXT.SET_LDT, linear_addr, nr_ents: entries }]));
    }
    lines[`segments on ${layout.name}`] = segments(layout);
    for (const low of [0, 1, 2, 3, 4, 7, 8]) note(`mmu_update of kind ${low}`, () => do_mmu_update(xen, vcpu, [{ ptr: pages[0]! * 4096 + low, val: 0 }]));
    for (let cmd = 0; cmd < 24; cmd++) note(`mmuext_op ${cmd}`, () => do_mmuext_op(xen, vcpu, [{ cmd, mfn: pages[7]!, src_mfn: pages[8]!, linear_addr: 0x6000, nr_ents: 1 }]));
    for (const va of [layout.HYPERVISOR_VIRT_START - 4096, layout.HYPERVISOR_VIRT_START, layout.HYPERVISOR_VIRT_START - 1, 0x6004]) for (const flags of [0, 1, 2, 3, 4, 7, 12]) note(`update_va_mapping of 0x${va.toString(16)} with flags ${flags}`, () => do_update_va_mapping(xen, vcpu, va, 0, flags));
  }
  return lines;
}

/** How often each ploy is made in one state, and how often any move is drawn. */
const DRAWN = { ploy: 60, moves: 500, variations: 400 } as const;

/** What guests may do next, in a fresh state and in a later one: each ploy, any move, and variations of scripts that were kept. Nothing of it is done. */
function moves(): Lines {
  const told = new Map<string, unknown[]>();
  const note = (name: string, of: unknown): void => void told.set(name, [...(told.get(name) ?? []), of]);
  for (const layout of LAYOUTS) {
    const umpire = new Umpire(hostileGround({ layout }));
    const { ground } = umpire;
    umpire.reset();
    for (const turns of [0, 30]) {
      const random = new Random(3);
      for (let turn = 0; turn < turns; turn++) for (const next of nextTurns(ground, random)) umpire.play(next);
      for (const [name, { make, isForPrograms = false }] of Object.entries(PLOYS)) {
        if (isForPrograms && layout.levels < 4) continue;
        note(name, Array.from({ length: DRAWN.ploy }, (_, i) => make(new Guest(ground, random, ['A0', 'A1', 'B0'][i % 3]!))));
      }
      const drawn = Array.from({ length: DRAWN.moves }, () => nextTurns(ground, random));
      note('any move', drawn.map((turns) => turns.map(formatTurn)));
      const corpus = new Corpus();
      for (let i = 0; i < 2 * drawn.length; i++) corpus.add([...drawn[i % drawn.length]!, ...drawn[(i * 7) % drawn.length]!, ...drawn[(i * 13) % drawn.length]!]);
      note('variations', [corpus.size, Array.from({ length: DRAWN.variations }, () => corpus.variation(ground, random).map(formatTurn))]);
    }
  }
  return Object.fromEntries([...told].map(([name, of]) => [name, digest(of)]));
}

/** Calls of guests that prefer one ploy, which leads further into what it is about than any guest comes by chance. */
const PREFERRED = 12;

/** How a guest ends whose calls and whose teardown are interrupted after each entry. */
const TORN_DOWN = ['A0 patience entries=0x1', ...Array.from({ length: 8 }, () => 'A0 destroy')].map(parseTurn);

/** Guests that make one ploy after the other of the same kind, and now and then any move; then one more that is interrupted, and their end: on each release in turn. */
function singlePloys(): Lines {
  return Object.fromEntries(LAYOUTS.flatMap((layout) => {
    const releases = [defaultRelease(layout), ...RELEASES.map(releaseNamed)].filter((release) => hasLayout(release, layout));
    const umpires = releases.map((release) => new Umpire(hostileGround({ layout, release })));
    return Object.entries(PLOYS).filter(([, { isForPrograms = false }]) => layout.levels === 4 || !isForPrograms).map(([name, { make }], i) => {
      const random = new Random(i + 1);
      const umpire = umpires[i % umpires.length]!;
      const turns = (): readonly Turn[] => (random.percent(20) ? nextTurns(umpire.ground, random) : make(new Guest(umpire.ground, random, random.pick(['A0', 'A0', 'A1', 'B0']))).map((move) => ('verb' in move ? [[move]] : move)));
      const players = new Players(umpire, random, turns);
      const line = players.line(PREFERRED);
      return [`${name} on ${layout.name}, ${releases[i % releases.length]!.name}`, `${line}; torn down: ${players.goOn([TORN_DOWN[0]!, ...turns(), ...TORN_DOWN.slice(1)])}`] as const;
    });
  }));
}

/** Whole searches of a few hundred calls: what they count, keep and find; and one that begins with what another has kept. */
function fuzzers(): Lines {
  const lines: Record<string, string> = {};
  for (const layout of LAYOUTS) {
    const kept: (readonly Turn[])[] = [];
    const search = (name: string, without: readonly RuleName[], earlier: readonly (readonly Turn[])[] = []): void => {
      kept.length = 0;
      const { discovery, ...rest } = fuzz({ layout, seed: 5, calls: 250, perGuest: 12, kept: earlier, onKept: (script) => kept.push(script), without: new Set(without) });
      lines[`${name} on ${layout.name}`] = `${JSON.stringify(rest)}, ${discovery === null ? 'nothing' : `${discovery.violation.invariant} after ${discovery.calls}, in ${discovery.script.length} turns`}, ${digest([kept.map((script) => script.map(formatTurn)), discovery?.script])}`;
    };
    search('every rule kept', []);
    search('with the scripts that it kept', [], [...kept]);
    for (const rule of ['pin-once', 'owner-checked', 'writable-counted'] as const) search(`without ${rule}`, [rule]);
  }
  return lines;
}

/** A fresh machine, and what calls need of it. */
function bench(layout: Layout) {
  const ground = hostileGround({ layout });
  return { store: ground.store, xen: ground.xen, A: ground.A, frame: ground.frame.bind(ground), vcpu: ground.vcpu('A0') };
}

/** Guests on one machine, one after the other. */
class Players {
  private told: string[] = [];
  private turns = 0;
  private counts = { calls: 0, done: 0, interrupted: 0, changes: 0, broken: 0, looks: 0 };

  constructor(private readonly umpire: Umpire, random: Random, private readonly turnsOf: () => readonly Turn[] = () => nextTurns(umpire.ground, random)) {
    umpire.reset();
  }

  /** What so many calls come to, or a few more: each turn is made to its end. */
  line(calls: number): string {
    while (this.counts.calls < calls) this.next();
    return this.summary();
  }

  /** What these turns come to, from a fresh boot. */
  script(turns: readonly Turn[]): string {
    this.umpire.reset();
    return this.goOn(turns);
  }

  /** The same, in the state that there is. */
  goOn(turns: readonly Turn[]): string {
    for (const turn of turns) this.play(turn);
    return this.summary();
  }

  private next(): void {
    for (const turn of this.turnsOf()) {
      const { violation } = this.play(turn);
      if (violation === null && ++this.turns < GUESTS.turns) continue;
      this.umpire.reset();
      this.turns = 0;
      return;
    }
  }

  private play(turn: Turn): Played {
    const { umpire: { ground: { store } }, counts } = this;
    const before = store.mark();
    const looks = this.umpire.looks;
    const played = this.umpire.play(turn);
    counts.looks += this.umpire.looks - looks;
    const changes = store.changesSince(before);
    counts.calls += turn.length;
    counts.changes += changes.length;
    if (played.outcome.done) counts.done++;
    if (played.outcome.isInterrupted) counts.interrupted++;
    if (played.violation) counts.broken++;
    this.told.push(formatTurn(turn), played.outcome.said, String(this.umpire.looks - looks), ...changes.map(({ cell, after }) => `${cell} = ${exactText(after)}`), exactText(played.violation && { ...played.violation }));
    return played;
  }

  private summary(): string {
    const { told, counts: { calls, done, interrupted, changes, broken, looks } } = this;
    this.told = [];
    this.counts = { calls: 0, done: 0, interrupted: 0, changes: 0, broken: 0, looks: 0 };
    return `${calls} calls, ${done} done, ${interrupted} interrupted, ${changes} changes, ${broken} broken, ${looks} full checks, ${digest(told)}`;
  }
}
