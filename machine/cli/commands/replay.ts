// `paravirt-spec replay`: one schedule, step by step.

import { changeLine } from '../../../reports/trace/changes';
import { decisiveOf, type Decisive } from '../../../reports/trace/decisive';
import { isForChecks } from '../../../reports/trace/fold';
import { play, type PlayedEvent } from '../../../reports/trace/play';
import type { ShownChange, ShownEvent } from '../../explorer/verdict/evidence';
import { programNamed } from '../../programs/named';
import { replayed, replayRequest, type ReplayedRun } from '../../situations/check';
import { requestOf, type ChoosingOptions, type Output } from '../options';
import { checkProgram, isProgram, refuseChoices } from '../search/subject';

/** Replays and prints each step. 0 if nothing is wrong at the end, 1 if something is. */
export function replayCommand(subject: string, schedule: string, options: ChoosingOptions, output: Output): number {
  const run = isProgram(subject) ? replayProgram(subject, schedule, options) : replayRequest(requestOf(subject, options), schedule);
  if (options.json) {
    output.stdout(`${JSON.stringify({ format: 'replay/1', ...run }, null, 2)}\n`);
  } else {
    const { events, initial, decisive } = told(subject, schedule, options, run.events);
    events.forEach((event, i) => output.stdout(line(event, events[i - 1], i + 1, initial) + markOf(i + 1, decisive)));
    output.stdout(`\n${endInWords(run)}\n`);
  }
  return run.violation !== null || run.end?.kind === 'deadlock' || run.end?.kind === 'livelock' ? 1 : 0;
}

function replayProgram(name: string, schedule: string, options: ChoosingOptions): ReplayedRun {
  checkProgram(name);
  refuseChoices(name, options);
  return replayed(programNamed(name)(), schedule);
}

function endInWords({ violation, end }: ReplayedRun): string {
  const broken = violation === null ? null : `${violation.invariant}: ${violation.message}`;
  if (broken !== null && end === null) return broken;
  if (end === null) throw new Error('machine bug: a run that violates nothing has no end');
  const so = violation === null ? 'nothing violated' : `broken ${violation.event < 0 ? 'before the first event' : `by event ${violation.event + 1}`}: ${broken}\nthe run goes on`;
  switch (end.kind) {
    case 'finished': return `${so}, and all work is done${end.outcome === '' ? '' : `: ${end.outcome}`}`;
    case 'under way': return `${so}${broken === null ? ' so far' : ''}; what can come next: ${end.next.join(', ')}`;
    default: return `${end.kind}: ${end.message}`;
  }
}

/** The run with what a reader wants to know in addition; a small program has neither silent instructions nor a state by names. */
function told(subject: string, schedule: string, options: ChoosingOptions, events: readonly ShownEvent[]): { events: readonly Told[]; initial: ReadonlyMap<string, string>; decisive: Decisive | null } {
  if (isProgram(subject)) return { events: events.map((event) => ({ ...event, own: event.changes, silent: [] })), initial: new Map(), decisive: null };
  const run = play(requestOf(subject, options), schedule);
  return { events: run.events, initial: run.initial, decisive: decisiveOf(run) };
}

type Told = ShownEvent & Pick<PlayedEvent, 'own' | 'silent'>;

function markOf(step: number, decisive: Decisive | null): string {
  if (step === decisive?.step) return '        <== the decisive step\n';
  return step === decisive?.cause?.step ? `        <== wrote ${decisive.cause.cell}, on which the decisive step rests\n` : '';
}

function line({ process, context, paths, text, own, silent }: Told, previous: Told | undefined, number: number, initial: ReadonlyMap<string, string>): string {
  const moved = previous?.context !== context || previous.paths.join(' > ') !== paths.join(' > ');
  const heading = moved ? `\n${process} ${context}: ${pathInShort(paths, previous?.context === context ? previous.paths : [])}\n` : '';
  const told = [...changesOf(own, initial), ...silent.filter((part) => part.changes.length > 0).flatMap((part) => [`then ${part.text}`, ...changesOf(part.changes, initial).map((change) => `  ${change}`)])];
  return `${heading}  ${String(number).padStart(4)}  ${text}\n${told.map((words) => `            ${words}\n`).join('')}`;
}

/** Changes of the machine first, then those of state that only checks use. */
function changesOf(changes: readonly ShownChange[], initial: ReadonlyMap<string, string>): string[] {
  const words = (some: readonly ShownChange[]): string[] => some.map((change) => changeLine(change, initial).replaceAll('→', '->'));
  return [...words(changes.filter(({ cell }) => !isForChecks(cell))), ...words(changes.filter(({ cell }) => isForChecks(cell))).map((change) => `(for the checks) ${change}`)];
}

/** The paths, beginning with the last one in which the previous step already was. */
function pathInShort(paths: readonly string[], before: readonly string[]): string {
  let shared = 0;
  while (shared < paths.length && paths[shared] === before[shared]) shared++;
  const from = Math.min(Math.max(0, shared - 1), Math.max(0, paths.length - 1));
  return from > 0 ? `... > ${paths.slice(from).join(' > ')}` : paths.join(' > ');
}
