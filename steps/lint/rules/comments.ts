// The comments of the source must be in plain English, as far as a machine can tell: the phrases of prose.ts that
// can be recognised in a single line.

import { readFileSync } from 'node:fs';
import { filesBelow, pathOf, PROJECT } from '../../../machine/cli/project';
import type { Finding, Rule } from '../suite';
import { projectsOf } from './sources';

const TURNS: readonly (readonly [turn: RegExp, better: string])[] = [
  [/\bfor ever\b/i, 'forever'],
  [/\b(?:nobody|somebody|whoever)\b/i, 'the CPU, task, path or reader that is meant'],
  [/(?<!\b(?:there|that|which|what) )\b(?:is|are) no (?!longer\b|more\b|one\b)/i, '"is not a …", or name what there is instead'],
  [/\bin place of\b/i, 'instead of'],
  [/\bheld against\b/i, 'compared with'],
  [/\bgo(?:es)? round\b/i, 'loops, or repeats the same state'],
  [/\bspeaks? (?:to|of)\b(?!\.)/i, 'is about'],
  [/\bcaus(?:es|ed) that\b/i, 'name the effect: causes a fault'],
];

const FOLDERS = ['machine', 'steps', 'reports'];
const COMMENT = /^\s*(?:\/\/|\/\*|\*)|(?:^|[\s;,{(])\/\/ /;

/** The comment of a line; empty if it has none. */
function commentOf(line: string): string {
  if (!COMMENT.test(line)) return '';
  const at = line.search(/\/\/ |\/\*|^\s*\*/);
  return at < 0 ? '' : line.slice(at);
}

/** Applies to this package and to samples; others write their comments as they like. */
export const comments: Rule = (suite) => projectsOf(suite).filter((project) => !project.hasOwn).flatMap((project) => {
  const own = project === PROJECT;
  return FOLDERS.flatMap((folder) => filesBelow(folder, project)).filter((file) => !own || !file.startsWith('steps/fixtures/')).flatMap((file) => {
    const text = readFileSync(pathOf(file, project), 'utf8');
    return text.split('\n').flatMap((line, i): Finding[] => {
      const comment = commentOf(line);
      const turn = comment === '' ? undefined : TURNS.find(([pattern]) => pattern.test(comment));
      return turn ? [{ file, line: i + 1, message: `"${turn[0].exec(comment)![0].trim()}" makes readers stop; plainer: ${turn[1]}` }] : [];
    });
  });
});
