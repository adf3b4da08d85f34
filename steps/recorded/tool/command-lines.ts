// What the command line answers to the lines of lines/command-lines.txt: exit codes, both streams, and the files that are written.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runCommandLine } from '../../../machine/cli/main';
import { projectRoot } from '../../run/command';
import { words } from '../../tool/words/transcripts';
import { lineOf, linesOf } from '../plain';
import type { Lines, Recording } from '../recording';

/** Stands for a folder that is made for each line: a project of another name, with nothing in it. */
const FOLDER = 'FOLDER';

/** The lines below each heading. `PATCHES=…` before a line sets that variable, `STOP=3` asks the command to stop when it looks for the third time. */
function typed(): ReadonlyMap<string, readonly string[]> {
  const parts = readFileSync(join(__dirname, '..', 'lines', 'command-lines.txt'), 'utf8').split(/^# /m).slice(1);
  return new Map(parts.map((part) => {
    const [heading, ...lines] = part.split('\n');
    return [heading!, lines.filter((line) => line !== '')];
  }));
}

/** Without what differs from run to run: seconds, the version of the package, and where the project and the folder lie. */
function comparable(text: string, folder: string): string {
  return text.replaceAll(folder, FOLDER).replaceAll(`${projectRoot}/`, '').replaceAll(projectRoot, '.')
    .replace(/\b\d+\.\d s\b/g, '… s').replace(/("seconds": )[\d.]+/g, '$1…').replace(/cd (\.\.\/)+.*$/gm, 'cd …').replace(/("version": ?")[\d.]+/g, '$1…');
}

/** Without places in the project's source, which move with every line that is added above them. */
const withoutPlaces = (text: string): string => text.replace(/(\.ts):\d+/g, '$1:…').replace(/("(?:line|start|end)": )\d+/g, '$1…').replace(/^ +\d+ {2}(?=[\w.]+ {2,}\S)/gm, '  … ');

/** The files that a command has written there. */
function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).filter((name) => name !== 'package.json').sort();
}

async function answerTo(line: string): Promise<Lines> {
  const folder = mkdtempSync(join(tmpdir(), 'paravirt-spec-line-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "name": "other" }\n');
    const [, settings = '', command = ''] = /^((?:[A-Z]+=\S+ )*)(.*)$/.exec(line)!;
    const { PATCHES: patches, STOP: stop } = Object.fromEntries(settings.trim().split(' ').map((each) => each.split('='))) as { PATCHES?: string; STOP?: string };
    let [stdout, stderr, looks] = ['', '', 0];
    const attend = { show: () => undefined, stopped: () => (++looks >= Number(stop) ? 'SIGTERM' : null) };
    const code = await runCommandLine(words(command).map((word) => word.replace(FOLDER, folder)), {
      stdout: (text) => { stdout += text; },
      stderr: (text) => { stderr += text; },
      ...(stop === undefined ? {} : { attend }),
    }, patches);
    const written = filesIn(folder).map((name) => `${name}: ${lineOf(comparable(readFileSync(join(folder, name), 'utf8'), folder))}`);
    const parts = [['', String(code)], ['prints', stdout], ['complains', stderr], ['writes', written.join('\n')]] as const;
    const shown = /^(sources|neighbours) /.test(`${command} `) ? (text: string): string => withoutPlaces(comparable(text, folder)) : (text: string): string => comparable(text, folder);
    return Object.fromEntries(parts.filter(([, text]) => text !== '').map(([name, text]) => [name === '' ? line : `${line} > ${name}`, shown(text)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The answers to all lines below a heading. */
async function answers(heading: string): Promise<Lines> {
  const found: Record<string, string> = {};
  for (const line of typed().get(heading)!) Object.assign(found, await answerTo(line));
  return found;
}

/** By heading; for each line its exit code, what it prints, what it complains about and what it writes. */
export const commandLines: Recording = { name: 'command-lines', parts: [...typed().keys()], linesOf: async (part) => linesOf(await answers(part)), textsOf: answers };
