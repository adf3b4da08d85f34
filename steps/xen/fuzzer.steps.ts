// Hostile guests, generated from a seed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { fuzz, hostileGround, type FuzzResult } from '../../machine/cli/fuzz/fuzzer';
import { Corpus } from '../../machine/cli/fuzz/corpus';
import { Guest, type Move } from '../../machine/cli/fuzz/guest';
import { Umpire } from '../../machine/cli/fuzz/judge/umpire';
import { PLOYS } from '../../machine/cli/fuzz/ploys/ploys';
import { Random } from '../../machine/cli/fuzz/random';
import { formatTurn, parseTurn, type Deed, type Turn } from '../../machine/cli/fuzz/script';
import { FUZZED_RULES, isRecorded, keepTable, playRow, recordedTable, recordTable, type RecordedRow, type RecordedTable, type Recording } from '../../machine/cli/fuzz/table';
import type { Layout } from '../../machine/hypervisors/xen/public/layout';
import { LAYOUTS, ruleNamed, type RuleName } from '../../machine/hypervisors/xen/rules';
import { digestOf } from '../../machine/patches/diff/text';
import type { MachineWorld } from '../support/world';

class Hunt {
  without: ReadonlySet<RuleName> = new Set();
  result: FuzzResult | undefined;
  /** What a script written by hand has broken. */
  broken: string | null = null;
  /** The answer to the last call of a script, and the answers to all. */
  said = '';
  readonly answers: string[] = [];

  constructor(readonly layout: Layout) {}

  get script(): readonly string[] {
    const discovery = this.result?.discovery;
    if (!discovery) throw new Error('nothing was found in this scenario');
    return discovery.script;
  }

  /** The invariant that a script breaks, or null. */
  judge(script: readonly string[]): string | null {
    const umpire = new Umpire(hostileGround({ layout: this.layout, without: this.without }));
    for (const turn of script.map(parseTurn)) {
      const { outcome, violation } = umpire.play(turn);
      this.said = outcome.said;
      this.answers.push(outcome.said);
      if (violation) return violation.invariant;
    }
    return null;
  }
}

const hunts = new WeakMap<MachineWorld, Hunt>();

function hunt(world: MachineWorld): Hunt {
  const known = hunts.get(world);
  if (!known) throw new Error('no hypervisor was chosen yet in this scenario');
  return known;
}

Given('a Xen with {string} page tables', function (this: MachineWorld, shape: string) {
  const layout = LAYOUTS.find(({ name }) => name === shape);
  if (!layout) throw new Error(`no page tables "${shape}"; there are ${LAYOUTS.map(({ name }) => name).join(', ')}`);
  hunts.set(this, new Hunt(layout));
});

Given('it does not keep the rule {string}', function (this: MachineWorld, rule: string) {
  hunt(this).without = new Set([ruleNamed(rule)]);
});

When('hostile guests make {int} calls, from seed {int}', function (this: MachineWorld, calls: number, seed: number) {
  const { layout, without } = hunt(this);
  hunt(this).result = fuzz({ layout, seed, calls, without });
});

When('hostile guests make {int} calls, from seed {int}, and everything is checked after each', function (this: MachineWorld, calls: number, seed: number) {
  const { layout, without } = hunt(this);
  const result = fuzz({ layout, seed, calls, without, looksAtAll: true });
  expect(result.looks).to.equal(result.calls);
  hunt(this).result = result;
});

When('a guest plays {string}', function (this: MachineWorld, script: string) {
  hunt(this).broken = hunt(this).judge(script.split('; '));
});

Then('its last call answers {string}, and nothing is broken', function (this: MachineWorld, words: string) {
  expect(hunt(this).said).to.include(words);
  expect(hunt(this).broken).to.equal(null);
});

Then('its calls answer {string}, and nothing is broken', function (this: MachineWorld, answers: string) {
  expect(hunt(this).answers.map((said) => said.replace(/: $/, '')).join(' / ')).to.equal(answers);
  expect(hunt(this).broken).to.equal(null);
});

Then('that breaks {string}', function (this: MachineWorld, invariant: string) {
  expect(hunt(this).broken).to.equal(invariant);
});

Then('every rule holds after each of them', function (this: MachineWorld) {
  expect(hunt(this).result!.discovery).to.equal(null);
});

Then('at least {int} percent of the calls were accepted', function (this: MachineWorld, percent: number) {
  const { accepted, calls } = hunt(this).result!;
  expect((100 * accepted) / calls).to.be.at.least(percent);
});

Then(/^that seed always gives (.*)$/, function (this: MachineWorld, counts: string) {
  const { guests, turns, accepted, interrupted, combinations, kept } = hunt(this).result!;
  expect(`${guests} guests, ${turns} turns, ${accepted} accepted, ${interrupted} interrupted, ${combinations} combinations, ${kept} scripts kept`).to.equal(counts);
});

Then('everything was checked after {int} of the calls, and only what they had written after the others', function (this: MachineWorld, looks: number) {
  expect(hunt(this).result!.looks).to.equal(looks);
});

/** What guests can be asked to do: each ploy, and what they do without one. */
const ASKED: Readonly<Record<string, (guest: Guest) => readonly Move[]>> = {
  ...Object.fromEntries(Object.entries(PLOYS).map(([name, { make }]) => [name, (guest: Guest) => make(guest)])),
  'one call': (guest) => Array.from({ length: 8 }, () => guest.single()),
  'a list': (guest) => Array.from({ length: 3 }, (): Move => [guest.list()]),
  'whatever comes': (guest) => guest.next(),
  'a kept script, varied': (guest) => {
    const corpus = new Corpus();
    for (const words of ['A0 pin level=0x1 mfn=0x105 + unpin mfn=0x105', 'B0 update table=0x203 slot=0x1 mfn=0x205 bits=0x67 kind=0x0', 'A1 exchange mfn=0x106 | alloc', 'H0 write-own mfn=0x400 offset=0x0 word=0x7']) corpus.add([parseTurn(words), parseTurn('A0 map va=0x5000 mfn=0x105 bits=0x67 flush=0x1')]);
    return Array.from({ length: 4 }, () => corpus.variation(guest.ground, guest.random)).flat();
  },
};

/** The turns of guests that do one thing many times, from one seed. */
function turnsOf(make: (guest: Guest) => readonly Move[], layout: Layout): readonly string[] {
  const umpire = new Umpire(hostileGround({ layout }));
  const random = new Random(1);
  const lines: string[] = [];
  for (let i = 0; i < 30; i++) {
    for (const move of make(new Guest(umpire.ground, random, random.pick(['A0', 'A1', 'B0'])))) {
      const turn: Turn = Array.isArray(move) ? move as Turn : [[move as Deed]];
      lines.push(formatTurn(turn));
      umpire.play(turn);
    }
    if (i % 6 === 5) umpire.reset();
  }
  return lines;
}

Then('30 times from seed 1, on {string}, {string} and {string} page tables, hostile guests make these turns, known by their digests', function (this: MachineWorld, one: string, second: string, third: string, table: DataTable) {
  const shapes = [one, second, third].map((name) => LAYOUTS.find((layout) => layout.name === name)!);
  const rows = Object.entries(ASKED).map(([name, make]) => [name, ...shapes.flatMap((layout) => {
    if (PLOYS[name]?.isForPrograms === true && layout.levels < 4) return ['-', '-'];
    const lines = turnsOf(make, layout);
    return [String(lines.length), digestOf(lines.join('\n'))];
  })]);
  expect(rows).to.deep.equal(table.rows());
});

Then('{string} is broken', function (this: MachineWorld, invariant: string) {
  expect(hunt(this).result!.discovery?.violation.invariant).to.equal(invariant);
});

Then('the shortened script has at most {int} calls', function (this: MachineWorld, calls: number) {
  expect(hunt(this).script.length).to.be.at.most(calls);
});

Then('its replay breaks the same rule', function (this: MachineWorld) {
  expect(hunt(this).judge(hunt(this).script)).to.equal(hunt(this).result!.discovery!.violation.invariant);
});

Then('none of its calls can be left out', function (this: MachineWorld) {
  const { script } = hunt(this);
  const { invariant } = hunt(this).result!.discovery!.violation;
  for (const i of script.keys()) expect(hunt(this).judge(script.filter((_, k) => k !== i)), `without "${script[i]!}"`).to.not.equal(invariant);
});

/** The scripts that this package keeps. They are read only in a scenario, since other commands load this file too. */
const rows = (): readonly RecordedRow[] => recordedTable()!.rows;

Then('the scripts that were found are of every rule on every shape, each found within {int} calls', function (this: MachineWorld, limit: number) {
  const wanted = FUZZED_RULES.flatMap((rule) => LAYOUTS.filter((layout) => isRecorded(rule, layout)).map(({ name }) => `${rule} on ${name}`));
  expect(rows().map(({ rule, tables }) => `${rule} on ${tables}`).sort()).to.deep.equal(wanted.sort());
  for (const { rule, calls } of rows()) {
    expect(calls.length, rule).to.equal(recordedTable()!.seeds.length);
    expect(Math.max(...calls), rule).to.be.at.most(limit);
  }
});

Then('each script breaks what it broke, without its rule', function (this: MachineWorld) {
  for (const row of rows()) expect(playRow(row, false), `${row.rule} on ${row.tables}`).to.equal(row.invariant);
});

Then('with its rule it breaks nothing', function (this: MachineWorld) {
  for (const row of rows()) expect(playRow(row, true), `${row.rule} on ${row.tables}`).to.equal(null);
});

/** A record for a test, instead of the one that this package keeps. */
interface Rerun {
  readonly rule: RuleName;
  readonly before: RecordedTable;
  after: RecordedTable;
  recording?: Recording;
}

const reruns = new WeakMap<MachineWorld, Rerun>();
/** How many seeds each row had when it was written. */
const firsts = new WeakMap<MachineWorld, readonly number[]>();
const rerun = (world: MachineWorld): Rerun => reruns.get(world)!;

function aRecord(world: MachineWorld, rule: string, limit: number, change: (row: RecordedRow, i: number) => RecordedRow): void {
  const kept = rows().filter((row) => row.rule === rule).map(change);
  const before = { seeds: recordedTable()!.seeds, limit, rows: kept };
  reruns.set(world, { rule: ruleNamed(rule), before, after: before });
}

Given('a record of {string} from runs of {int} calls', function (this: MachineWorld, rule: string, limit: number) {
  aRecord(this, rule, limit, (row) => row);
});

Given('a record of {string} from runs of {int} calls, in which one script no longer exposes the rule', function (this: MachineWorld, rule: string, limit: number) {
  aRecord(this, rule, limit, (row, i) => (i === 0 ? { ...row, script: row.script.slice(0, -1) } : row));
});

When('it is recorded again with at most {int} calls', function (this: MachineWorld, limit: number) {
  const { rule, before } = rerun(this);
  rerun(this).recording = recordTable(before, limit, () => false, (table) => { rerun(this).after = table; }, [rule]);
});

When('{string} is recorded on {string} for the first time, with at most {int} calls', function (this: MachineWorld, rule: RuleName, tables: string, limit: number) {
  const before: RecordedTable = { seeds: [1, 2, 3], limit: 0, rows: [] };
  const written: number[] = [];
  recordTable(before, limit, () => false, (_table, row) => written.push(row.calls.length), [rule], LAYOUTS.filter(({ name }) => name === tables));
  firsts.set(this, written);
});

Then('it is written after each of {int} seeds', function (this: MachineWorld, seeds: number) {
  expect(firsts.get(this)).to.deep.equal(Array.from({ length: seeds }, (_, i) => i + 1));
});

Then('the record is as it was', function (this: MachineWorld) {
  const { before, after } = rerun(this);
  expect(after).to.deep.equal(before);
});

Then('{int} searches are said to have found nothing', function (this: MachineWorld, count: number) {
  expect(rerun(this).recording!.missed).to.have.length(count);
});

Then('no search was made', function (this: MachineWorld) {
  expect(rerun(this).recording).to.deep.equal({ missed: [], searches: 0 });
});

Then('every script of the record exposes its rule, each found from {int} seeds', function (this: MachineWorld, seeds: number) {
  for (const row of rerun(this).after.rows) {
    expect(row.calls, row.tables).to.have.length(seeds);
    expect(playRow(row, false), row.tables).to.equal(row.invariant);
    expect(playRow(row, true), row.tables).to.equal(null);
  }
});

Then('the record is still one of {int} calls', function (this: MachineWorld, limit: number) {
  expect(rerun(this).after.limit).to.equal(limit);
});

/** A file with a record, in a folder of its own. */
interface Kept {
  readonly file: string;
  readonly row: (tables: string) => RecordedRow;
}

const files = new WeakMap<MachineWorld, Kept>();
const BETTER = ['A0 alloc'];

Given('a file with a record of {string} on {string}', function (this: MachineWorld, rule: string, tables: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'record-')), 'rules.json');
  const row = (shape: string): RecordedRow => rows().find((each) => each.rule === rule && each.tables === shape)!;
  writeFileSync(file, JSON.stringify({ seeds: [1, 2, 3], limit: 10, rows: [row(tables)] }));
  files.set(this, { file, row });
});

When('a run that began before that keeps what it found of {string} on {string}, and then a better script on {string}', function (this: MachineWorld, _rule: string, first: string, second: string) {
  const { file, row } = files.get(this)!;
  const known = { seeds: [1, 2, 3], limit: 10, rows: [] };
  keepTable({ ...known, rows: [row(first)] }, row(first), file);
  keepTable({ ...known, rows: [row(first)] }, { ...row(second), script: BETTER }, file);
});

Then('the file has {string} and {string} of it, and the better script', function (this: MachineWorld, first: string, second: string) {
  const { file } = files.get(this)!;
  const { rows: kept } = recordedTable(file)!;
  rmSync(dirname(file), { recursive: true });
  expect(kept.map(({ tables }) => tables).sort()).to.deep.equal([first, second].sort());
  expect(kept.find(({ tables }) => tables === second)!.script).to.deep.equal(BETTER);
});
