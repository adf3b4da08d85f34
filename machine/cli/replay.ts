// `paravirt-spec replay`: one schedule, step by step.

import type { ShownEvent } from '../explorer/evidence';
import { replayRequest } from '../situations/check';
import { requestOf, type ChoosingOptions, type Output } from './options';

/** Replays and prints each step. 0 if nothing was violated, 1 if something was. */
export function replayCommand(situation: string, schedule: string, options: ChoosingOptions, output: Output): number {
  const trace = replayRequest(requestOf(situation, options), schedule);
  if (options.json) {
    output.stdout(`${JSON.stringify(trace, null, 2)}\n`);
  } else {
    trace.events.forEach((event, i) => output.stdout(line(event, trace.events[i - 1], i + 1)));
    output.stdout(trace.violation ? `\n${trace.violation.invariant}: ${trace.violation.message}\n` : '\nnothing violated\n');
  }
  return trace.violation ? 1 : 0;
}

function line(event: ShownEvent, previous: ShownEvent | undefined, number: number): string {
  const path = event.paths.join(' > ');
  const moved = previous?.context !== event.context || previous.paths.join(' > ') !== path;
  const heading = moved ? `\n${event.process} ${event.context}: ${path}\n` : '';
  const changes = event.changes.map(({ cell, before, after }) => `\n            ${cell}: ${before} -> ${after}`).join('');
  return `${heading}  ${String(number).padStart(4)}  ${event.text}${changes}\n`;
}
