// Diffs as developers get them: in mails, from git, damaged on the way.

import { After, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formOf } from '../../../machine/patches/diff/form-of';
import type { KnownForm } from '../../../machine/patches/diff/known';
import { describeDiff } from '../../../machine/patches/diff/choice';
import { recogniseDiffs, type Recognised, type RecognisedDiff } from '../../../machine/patches/diff/recognise';
import type { Patch } from '../../../machine/patches/types';
import { projectRoot } from '../../run/command';
import type { MachineWorld } from '../../support/world';

const HUNKS = ['fill-lock', 'fill-unlock', 'drain'].map((name) => `ring/${name}`);

const RING: Patch = {
  id: 'ring', thread: '999', title: '', author: '', date: '', against: '', story: [], quote: '', citations: [], notModelled: [], variants: [],
  hunks: HUNKS.map((id) => ({ id, file: 'arch/i386/kernel/ring.c', where: '', does: '' })),
};

/** What can happen to a diff before it is read. */
const DAMAGE: Readonly<Record<string, (text: string) => string>> = {
  'as it was sent': (text) => text,
  'quoted in an answer': (text) => `On Monday A. Nonymous wrote:\n${text.replace(/^/gm, '> ')}\nLooks good.\n`,
  'with its tabs turned to blanks': (text) => text.replace(/\t/g, '        ').replace(/\n/g, '\r\n'),
  'with its leading blanks eaten': (text) => text.replace(/^[ \t]+/gm, ''),
  'with long lines broken in two': (text) => text.replace(/^(\+.{45}\w*)/gm, '$1\n'),
  'in quoted-printable': (text) => text.replace(/=/g, '=3D').replace(/^(.{30})(?=.)/gm, '$1=\n'),
  'with a signature below': (text) => `${text}\n-- \nA. Nonymous\n-ano\n+49 30 1234\n`,
  'against the tree of 2.6.24': (text) => text.replaceAll('arch/i386/kernel/ring.c', 'arch/x86/kernel/ring_32.c').replace(/^@@ -(\d+)/gm, (_, line: string) => `@@ -${Number(line) + 100}`),
  'without any context': (text) => text.replace(/^ .*\n/gm, '').replace(/^@@ -(\d+),\d+ \+(\d+),\d+/gm, '@@ -$1,1 +$2,3'),
  "with comments of the backporter's": (text) => text.replace('+\tspin_lock', '+\t/*\n+\t * against ring_drain()\n+\t */\n+\tspin_lock').replace(/,7 @@/, ',10 @@'),
  'without its last place': (text) => text.split(/^(?=@@)/m).slice(0, -1).join(''),
  'in quoted-printable without broken lines': (text) => text.replace(/=/g, '=3D').replace(/\t/g, '=09').replace(/ $/gm, '=20'),
  'in base64': (text) => `Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n${Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
  'with blanks that do not break': (text) => text.replace(/ /g, '\u00a0'),
  'as UTF-16': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').toString('utf8'),
  'indented by a tab': (text) => text.replace(/^/gm, '\t'),
  'quoted with initials': (text) => text.replace(/^/gm, 'AN> '),
  'quoted, with the second halves of its lines unquoted': (text) => text.replace(/^(.{45}\w*) /gm, '$1\n').replace(/^(?=[-+ @])/gm, '> '),
  'with the dates of its header broken off': (text) => text.replace(/^((?:---|\+\+\+) \S+)\t/gm, '$1\n'),
  'with lines broken in three': (text) => text.replace(/^(\+.{20}\w*)(.{20}\w*)/gm, '$1\n$2\n'),
  'with the hyphens of its headers joined to dashes': (text) => text.replace(/^--- /gm, '\u2014- '),
  'with three hyphens of its headers joined to one dash': (text) => text.replace(/^--- /gm, '\u2014 '),
  'with wrong numbers of lines': (text) => text.replace(/^@@ -(\d+),\d+ \+(\d+),\d+/gm, '@@ -$1,2 +$2,2'),
  'against a folder below the tree': (text) => text.replace(/arch\/i386\/kernel\//g, 'kernel/'),
  'against a tree in /home/lib/kernel-mm': (text) => text.replace(/(a|b)\/arch/g, '/home/lib/kernel-mm/arch'),
  'with the lock taken a line later': (text) => text.replace(/(\+\tspin_lock.*\n)(.*\n)/, '$2$1'),
  'with unlock before lock in the last place': (text) => text.replace(/(@@ -24[^]*)spin_lock([^]*)spin_unlock/, '$1spin_unlock$2spin_lock'),
  'with a return after the lock': (text) => text.replace(/(\+\tspin_lock.*\n)/, '$1+\treturn;\n'),
  'with one more line changed': (text) => text.replace('+\tspin_lock', '+\tring->generation++;\n+\tspin_lock').replace(/,7 @@/, ',8 @@'),
};

interface DiffWorld extends MachineWorld {
  text: string;
  forms: readonly KnownForm[];
  recognised: readonly RecognisedDiff[];
  folder: string | undefined;
}

Given('the diff of the ring buffer, which the catalogue knows', function (this: DiffWorld) {
  this.text = readFileSync(join(projectRoot, 'steps/fixtures/diffs/ring.diff'), 'utf8');
  this.forms = [formOf('ring', 'the ring buffer', this.text, (at) => HUNKS[at]!)];
});

Given('the diff of the ring buffer, known as one that takes {string} out of its tree', function (this: DiffWorld, hunk: string) {
  this.text = readFileSync(join(projectRoot, 'steps/fixtures/diffs/ring.diff'), 'utf8');
  const form = formOf('ring', 'the ring buffer', this.text, (at) => HUNKS[at] ?? null);
  this.forms = [{ ...form, onto: [hunk], places: form.places.map((place, at) => (at === HUNKS.length - 1 ? { ...place, hunk: null, takesOut: hunk } : place)) }];
});

Then('it is explored with {string}', function (this: DiffWorld, hunks: string) {
  const [{ onto, present }] = this.recognised[0]!.patches as [Recognised];
  expect([...onto, ...present].join(', ')).to.equal(hunks);
});

Then('it prints about the diff {string}', function (this: DiffWorld, line: string) {
  expect(describeDiff(this.recognised[0]!).map((each) => each.trim())).to.include(line);
});

When(/^it arrives (.*)$/, function (this: DiffWorld, damage: string) {
  const damaged = DAMAGE[damage];
  if (!damaged) throw new Error(`no damage "${damage}"; legal: ${Object.keys(DAMAGE).join(', ')}`);
  this.recognised = recogniseDiffs([RING], damaged(this.text), this.forms);
});

Then('it is recognised completely', function (this: DiffWorld) {
  expect(this.recognised).to.have.length(1);
  const [found] = this.recognised[0]!.patches;
  expect(found).to.deep.include({ patch: 'ring', present: HUNKS, partial: [], missing: [], moved: [], exactly: 'ring' });
});

Then('it is recognised without {string}, of which line {int} is not where it should be', function (this: DiffWorld, hunk: string, line: number) {
  const [found] = this.recognised[0]!.patches as [Recognised];
  expect({ present: found.present, exactly: found.exactly }).to.deep.equal({ present: HUNKS.filter((other) => other !== hunk), exactly: null });
  expect(found.moved.map((each) => `${each.hunk}:${each.line}`)).to.include(`${hunk}:${line}`);
});

Then('each of its hunks is recognised, but not that it is the whole patch', function (this: DiffWorld) {
  expect(this.recognised[0]!.patches[0]).to.deep.include({ patch: 'ring', present: HUNKS, partial: [], missing: [], moved: [], exactly: null });
});

Then('one line of {string} is unknown', function (this: DiffWorld, path: string) {
  expect(this.recognised[0]!.unknown.map((line) => line.path)).to.deep.equal([path]);
});

Then('without any one of its hunks, exactly that hunk is reported as missing', function (this: DiffWorld) {
  const parts = this.text.split(/^(?=@@)/m);
  expect(parts).to.have.length(HUNKS.length + 1);
  HUNKS.forEach((hunk, at) => {
    const rest = parts.filter((_part, i) => i !== at + 1).join('');
    const [found] = recogniseDiffs([RING], rest, this.forms)[0]!.patches;
    expect(found, hunk).to.deep.include({ present: HUNKS.filter((other) => other !== hunk), partial: [], missing: [hunk], exactly: null });
  });
});

Given('a file {string}:', function (this: DiffWorld, name: string, text: string) {
  this.folder ??= mkdtempSync(join(tmpdir(), 'paravirt-spec-diffs-'));
  writeFileSync(join(this.folder, name), `${text.replaceAll('\\n', '\n')}\n`);
  process.chdir(this.folder);
});

After(function (this: DiffWorld) {
  if (this.folder === undefined) return;
  process.chdir(projectRoot);
  rmSync(this.folder, { recursive: true });
});
