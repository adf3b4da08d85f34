// A scenario has a name, is small enough to be read at a glance, and does one thing.

import { StepKeywordType } from '@cucumber/messages';
import { type Block, blocksOf, type Finding, type Rule } from '../suite';

const most = { background: 4, scenario: 7 } as const;

function shape({ kind, name, steps }: Block): string[] {
  const title = kind === 'background' ? 'the background' : `"${name}"`;
  const actions = steps.filter(({ keywordType }) => keywordType === StepKeywordType.ACTION);
  const found: string[] = [];
  if (steps.length === 0) found.push(`${title} has no steps`);
  if (steps.length > most[kind]) found.push(`${title} has ${steps.length} steps; ${most[kind]} are enough`);
  if (actions.length > 1) found.push(`${title} has ${actions.length} When-steps; one scenario does one thing`);
  return found;
}

function names(blocks: readonly Block[]): { line: number; message: string }[] {
  const seen = new Map<string, number>();
  return blocks
    .filter(({ kind }) => kind === 'scenario')
    .flatMap(({ name, line }) => {
      if (name === '') return { line, message: 'a scenario has no name' };
      const first = seen.get(name);
      if (first !== undefined) return { line, message: `another scenario is named "${name}", in line ${first}` };
      seen.set(name, line);
      return [];
    });
}

export const scenarios: Rule = ({ documents }) =>
  documents.flatMap((document): Finding[] => {
    const blocks = blocksOf(document);
    const shapes = blocks.flatMap((block) => shape(block).map((message) => ({ line: block.line, message })));
    return [...names(blocks), ...shapes].map((finding) => ({ file: document.uri, ...finding }));
  });
