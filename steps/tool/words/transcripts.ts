// Transcripts: each line that begins with `$ ` is typed, and below it is everything that the command prints, with its
// exit code. Three things may differ: seconds, lists of all names (they grow with the catalogue), and the number of random
// runs that challenged a verdict.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../../machine/cli/main';
import { projectRoot } from '../../run/command';

export const transcriptFile = (name: string): string => join(projectRoot, 'steps/fixtures/transcripts', `${name}.txt`);

export const readTranscript = (name: string): string => readFileSync(transcriptFile(name), 'utf8');

/** Splits a line like a shell: words, and 'quoted words'. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

const comparable = (text: string): string => text.replace(/\b\d+(\.\d+)? s\b/g, '… s').replace(/(there are hunks of: |legal: |challenged by ).*$/gm, '$1…').replaceAll(`${projectRoot}/`, '');

/** The transcript of the same commands with their current output. */
export async function transcribed(text: string): Promise<string> {
  const typed = text.split('\n').filter((line) => line.startsWith('$ '));
  const answers: string[] = [];
  for (const line of typed) {
    const [stdout, stderr]: [string[], string[]] = [[], []];
    const code = await runCommandLine(words(line.replace(/^\$ paravirt-spec /, '')), { stdout: (part) => { stdout.push(part); }, stderr: (part) => { stderr.push(part); } });
    const complaints = stderr.join('').replace(/^(?=.)/gm, '! ');
    answers.push(comparable(`${line}\n${stdout.join('')}${complaints}(exit code ${code})\n`));
  }
  return answers.join('\n');
}
