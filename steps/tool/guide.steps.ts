// The guide for kernel developers, held against the machine: its code is taken out of the page and run.

import { readFileSync } from 'node:fs';
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
    const names = [...cells.at(-1)!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    const [folder, file] = names.at(-1)!.split('/') as [string, string];
    const exported = module.require(join(projectRoot, places[folder] ?? join('machine/kernel', folder), file)) as object;
    for (const name of names.slice(0, -1)) expect(exported, names.at(-1)).to.have.property(name);
  }
});

Then('its diff is that of the hunk {string}', function (this: GuideWorld, hunk: string) {
  const { diffText, GuardedSource } = module.require('../../reports/diff') as typeof Diffs;
  const patch: Patch = { id: hunk.split('/')[0]!, thread: '000', title: '', author: '', date: '', against: '', story: [], quote: '', variants: [], citations: [], notModelled: [], hunks: [{ id: hunk, file: '', where: '', does: '' }] };
  const printed = diffText(new GuardedSource([{ file: 'guide.ts', text: blocks(this.guide, 'ts') }]).ofHunk(patch, hunk));
  expect(printed.trimEnd()).to.equal(blocks(this.guide, 'diff').trimEnd());
});

