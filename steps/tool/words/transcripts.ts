// What is typed and what is printed, as a file: each line that begins with `$ ` is typed, and what stands below it
// is all that the command prints and comes back with. Seconds may differ, and lists of all names that there are, which grow with the catalogue, and how many random runs a verdict was challenged by.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../../machine/cli/main';
import { projectRoot } from '../../run/command';

export const transcriptFile = (name: string): string => join(projectRoot, 'steps/fixtures/transcripts', `${name}.txt`);

export const readTranscript = (name: string): string => readFileSync(transcriptFile(name), 'utf8');

/** A line as the shell would take it apart: words, and 'quoted words'. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

const comparable = (text: string): string => text.replace(/\b\d+(\.\d+)? s\b/g, '… s').replace(/(there are hunks of: |legal: |challenged by ).*$/gm, '$1…').replaceAll(`${projectRoot}/`, '');

/** The transcript of what a text has typed, as it comes out now. */
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
