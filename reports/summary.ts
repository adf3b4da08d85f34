// A summary of the run in Markdown, for a pull request, and annotations that a code host shows beside the lines
// of a feature that failed.

import { countVerdicts } from '../machine/patches/ledger';
import type { Report } from './chapters';
import { replayLine } from './command-line';
import type { RunScenario } from './messages';

/** Verdicts by thread, then every scenario that did not pass, with the reason. */
export function summaryMarkdown({ ledger, chapters, scenarios }: Report): string {
  const failed = scenarios.filter(({ status }) => status !== 'PASSED');
  const counts = countVerdicts(ledger).map(([verdict]) => verdict);
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    '## What was claimed, and what was found', '',
    `${scenarios.length - failed.length} passed, ${failed.length} failed`, '',
    row(['Thread', ...counts]), row(['---', ...counts.map(() => '---:')]),
    ...chapters.map(({ thread, patches, entries }) => row([`${thread}${patches[0] ? ` ${escape(patches[0].title)}` : ''}`, ...counts.map((verdict) => entries.filter((entry) => entry.verdict === verdict).length || '')])),
    '',
    ...(failed.length === 0 ? [] : ['### Not passed', '', ...failed.flatMap(failedMarkdown), '']),
  ].join('\n');
}

function failedMarkdown(scenario: RunScenario): string[] {
  const { name, place, status, evidence } = scenario;
  const witnesses = evidence.flatMap(({ request, situation, verdict }) => verdict.findings.slice(0, 1).map(({ message, witness }) => `  - ${escape(message)}\n\n    \`\`\`\n    ${replayLine({ ...request, situation }, witness.schedule)}\n    \`\`\``));
  return [`- **${escape(name)}** (\`${place}\`, ${status.toLowerCase()}): ${escape(reasonOf(scenario))}`, ...witnesses];
}

function reasonOf({ steps, status }: RunScenario): string {
  const step = steps.find((each) => each.status !== 'PASSED' && each.status !== 'SKIPPED') ?? steps.find((each) => each.status !== 'PASSED');
  return step ? `${step.keyword} ${step.text}${step.message === null ? '' : ` — ${step.message.split('\n')[0]!}`}` : status === 'UNKNOWN' ? 'it has no steps' : 'a hook failed';
}

/** Commands by which GitHub marks the line of a scenario that did not pass. */
export function annotations({ scenarios }: Report): string[] {
  const property = (words: string): string => data(words).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const data = (words: string): string => words.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return scenarios.filter(({ status }) => status !== 'PASSED').map((scenario) => {
    const [file = '', line = '1'] = scenario.place.split(':');
    return `::error file=${property(file)},line=${line},title=${property(scenario.name)}::${data(reasonOf(scenario))}`;
  });
}

const escape = (words: string): string => words.replace(/[\\`*_<>|#[\]]/g, '\\$&');
