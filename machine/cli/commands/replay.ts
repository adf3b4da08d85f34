// `paravirt-spec replay`: one schedule, step by step.

import type { ShownEvent } from '../../explorer/verdict/evidence';
import { programNamed } from '../../programs/named';
import { replayed, replayRequest, type ReplayedRun } from '../../situations/check';
import { requestOf, type ChoosingOptions, type Output } from '../options';
import { checkProgram, isProgram } from '../search/subject';

/** Replays and prints each step. 0 if nothing is wrong at the end, 1 if something is. */
export function replayCommand(subject: string, schedule: string, options: ChoosingOptions, output: Output): number {
  const run = isProgram(subject) ? replayProgram(subject, schedule) : replayRequest(requestOf(subject, options), schedule);
  if (options.json) {
    output.stdout(`${JSON.stringify({ format: 'replay/1', ...run }, null, 2)}\n`);
  } else {
    run.events.forEach((event, i) => output.stdout(line(event, run.events[i - 1], i + 1)));
    output.stdout(`\n${endInWords(run)}\n`);
  }
  return run.violation !== null || run.end?.kind === 'deadlock' || run.end?.kind === 'livelock' ? 1 : 0;
}

function replayProgram(name: string, schedule: string): ReplayedRun {
  checkProgram(name);
  return replayed(programNamed(name)(), schedule);
}

function endInWords({ violation, end }: ReplayedRun): string {
  if (violation !== null) return `${violation.invariant}: ${violation.message}`;
  if (end === null) throw new Error('machine bug: a run that violates nothing has no end');
  switch (end.kind) {
    case 'finished': return `nothing violated, and all work is done${end.outcome === '' ? '' : `: ${end.outcome}`}`;
    case 'under way': return `nothing violated so far; what can come next: ${end.next.join(', ')}`;
    default: return `${end.kind}: ${end.message}`;
  }
}

function line(event: ShownEvent, previous: ShownEvent | undefined, number: number): string {
  const path = event.paths.join(' > ');
  const moved = previous?.context !== event.context || previous.paths.join(' > ') !== path;
  const heading = moved ? `\n${event.process} ${event.context}: ${path}\n` : '';
  const changes = event.changes.map(({ cell, before, after }) => `\n            ${cell}: ${before} -> ${after}`).join('');
  return `${heading}  ${String(number).padStart(4)}  ${event.text}${changes}\n`;
}
