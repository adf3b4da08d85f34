// The guide for kernel developers, compared with the machine: its code is extracted and run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type TypeScript from 'typescript';
import type * as Diffs from '../../reports/diff';
import type { Patch } from '../../machine/patches/types';
import { projectRoot } from '../run/command';

type Holds = (order: string, ...hunks: string[]) => boolean;

interface GuideWorld {
  guide: string;
  holds: Holds;
}

const GUIDE = 'machine/situations/scenes/GUIDE.md';

/** The blocks of one language, as one text. */
const blocks = (guide: string, language: string): string => [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!).join('\n');

/** The cells of the table that begins with these headings. */
function rowsOf(guide: string, headings: string): string[][] {
  const lines = guide.split('\n');
  const begin = lines.indexOf(`| ${headings.split(', ').join(' | ')} |`);
  expect(begin, `a table "${headings}"`).to.be.greaterThan(-1);
  const end = lines.findIndex((line, i) => i > begin && !line.startsWith('|'));
  return lines.slice(begin + 2, end).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
}

/** Runs TypeScript as a file of a project that has this package installed. */
function exportsOf(source: string): Record<string, unknown> {
  const { transpileModule, ModuleKind, ScriptTarget } = module.require('typescript') as typeof TypeScript;
  const { outputText, diagnostics } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 }, reportDiagnostics: true });
  expect(diagnostics ?? []).to.deep.equal([]);
  const own = { exports: {} as Record<string, unknown> };
  const requireOwn = (name: string): unknown => module.require(name.replace(/^paravirt-spec/, projectRoot));
  new Function('exports', 'require', 'module', outputText)(own.exports, requireOwn, own);
  return own.exports;
}

/** A file beside the guide that is checked for types with everything else. */
const typed = (file: string): string => readFileSync(join(projectRoot, 'reports/examples/guide', file), 'utf8');

Given('the guide for kernel developers', function (this: GuideWorld) {
  this.guide = readFileSync(join(projectRoot, GUIDE), 'utf8');
});

When('its code is run', function (this: GuideWorld) {
  this.holds = exportsOf(blocks(this.guide, 'ts'))['holds'] as Holds;
});

Then('each row of the table {string} is what that program finds', function (this: GuideWorld, headings: string) {
  const rows = rowsOf(this.guide, headings);
  expect(rows).to.have.length.greaterThan(0);
  const found = rows.map(([order, hunks]) => [order, hunks, this.holds(order!, ...(hunks === 'none' ? [] : hunks!.split(', '))) ? 'holds' : 'fails']);
  expect(found).to.deep.equal(rows);
});

Then('each name in the table {string} is exported where it says', function (this: GuideWorld, headings: string) {
  const places: Readonly<Record<string, string>> = { words: 'machine/kernel/words', hardware: 'machine/hardware', scenes: 'machine/situations/scenes' };
  for (const cells of rowsOf(this.guide, headings)) {
    const words = [...cells.at(-1)!.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
    const names = words.filter((word) => !word.includes('/'));
    for (const place of words.filter((word) => word.includes('/'))) {
      const [folder, file] = place.split('/') as [string, string];
      const exported = module.require(join(projectRoot, places[folder] ?? join('machine/kernel', folder), file)) as object;
      for (const name of names) expect(exported, place).to.have.property(name);
    }
  }
});

const KERNEL = join(projectRoot, 'machine/kernel');

/** The names of the C that a file exports as functions, in alphabetical order. */
function functionsOf(file: string): string[] {
  const exported = module.require(join(KERNEL, file)) as Record<string, unknown>;
  return Object.keys(exported).filter((name) => (/^_*[a-z0-9]+(?:_+[a-z0-9]+)*$/.test(name) || /^[A-Z]+_[A-Z]+$/.test(name)) && typeof exported[name] === 'function').sort();
}

Then('the table {string} of {string} is what the files export', function (headings: string, page: string) {
  const folders = readdirSync(KERNEL).filter((folder) => folder === 'words' || (folder.startsWith('linux-') && folder !== 'linux-2.6'));
  const files = folders.flatMap((folder) => readdirSync(join(KERNEL, folder)).filter((file) => file.endsWith('.ts')).map((file) => `${folder}/${file.slice(0, -'.ts'.length)}`));
  const exported = files.map((file) => [file, functionsOf(file)] as const).filter(([, names]) => names.length > 0);
  const told = rowsOf(readFileSync(join(projectRoot, 'machine/situations/scenes', page), 'utf8'), headings).map(([file, names]) => [file!, [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!).sort()] as const);
  expect(Object.fromEntries(told)).to.deep.equal(Object.fromEntries(exported));
});

Then('its code is that of {string}, which is checked for types', function (this: GuideWorld, file: string) {
  const code = typed(file).replace(/^(?:\/\/.*\n)+\n/, '').replaceAll('\'../../../machine/', '\'paravirt-spec/machine/');
  expect(blocks(this.guide, 'ts')).to.equal(code);
});

Then('each form of the table {string} stands in {string}, which is checked for types', function (this: GuideWorld, headings: string, file: string) {
  const lines = typed(file);
  const forms = [...rowsOf(this.guide, headings).map((cells) => cells.at(-1)!), ...this.guide.matchAll(/comes first in it: (`[^`]+`)/g)].map((found) => (typeof found === 'string' ? found : found[1]!).replaceAll('`', ''));
  expect(forms).to.have.length.greaterThan(5);
  for (const form of forms) for (const part of form.split('…')) expect(lines).to.include(part.trim());
});

Then('its diff is that of the hunk {string}', function (this: GuideWorld, hunk: string) {
  const { diffText, GuardedSource } = module.require('../../reports/diff') as typeof Diffs;
  const patch: Patch = { id: hunk.split('/')[0]!, thread: '000', title: '', author: '', date: '', against: '', story: [], quote: '', variants: [], citations: [], notModelled: [], hunks: [{ id: hunk, file: '', where: '', does: '' }] };
  const printed = diffText(new GuardedSource([{ file: 'guide.ts', text: blocks(this.guide, 'ts') }]).ofHunk(patch, hunk));
  expect(printed.trimEnd()).to.equal(blocks(this.guide, 'diff').trimEnd());
});

