// A run as a reader first wants to see it: the entry and exit of interrupts and the inside of the scheduler
// are folded to one row each, with their results. Nothing is lost: a fold opens to its steps.

import type { ShownChange, ShownEvent } from '../../machine/explorer/verdict/evidence';

/** A row of a folded run: one step, or a stretch of machinery. Indices are those of the run. */
export interface Row {
  readonly from: number;
  /** The last step that belongs to it. */
  readonly to: number;
  /** What happened, in a few words; null for a row that is one step. */
  readonly title: string | null;
  /** What differs between its beginning and its end. */
  readonly changes: readonly ShownChange[];
}

/** Paths that are machinery with everything that they call. */
const MACHINERY = new Set(['schedule', 'preempt_schedule', 'preempt_from_interrupt', 'finish_task_switch', 'sleep_for_ever', 'cpu_idle', 'idle_round']);

/** The entries from an interrupt or a fault. What they call is shown, unless it is listed below, since it may be a handler that matters. */
const ENTRIES = new Set(['common_interrupt', 'page_fault', 'ret_from_intr']);

const ENTRY_CODE = new Set([
  ...ENTRIES,
  ...['timer_interrupt', 'resume_kernel', 'resume_userspace', 'work_resched'],
  ...['preempt_disable', 'preempt_enable', 'preempt_enable_no_resched', 'preempt_check_resched'],
]);

/** Cells that a reader seldom needs: shadows of one instruction, and what other cells say as well. */
const MINOR = /(\.lastAccess|\.interruptShadow|\.nmiShadow|\.context|\.onCpu|\.onQueueOf|\.written)$/;

export function isMinor(cell: string): boolean {
  return MINOR.test(cell);
}

/** Notes that the checks keep for themselves; no hardware or kernel has them. */
const CHECKERS = /(\.lastAccess|\.granted|\.flushed|^flushed|\.written)$/;

export function isForChecks(cell: string): boolean {
  return CHECKERS.test(cell);
}

/** Cells that every switch and interrupt goes through, whatever happens. */
const BOOKKEEPING = /(\.IF|\.cpl|\.context|\.curr|\.preempt_count|\.need_resched|\.onCpu|\.onQueueOf|\.state|\.tasks|\.lastAccess)$/;

export function isBookkeeping(cell: string): boolean {
  return BOOKKEEPING.test(cell);
}

/** Whether a step belongs to the machinery. Paths below the last entry are interrupted, and wait. */
export function isMachinery({ kind, paths }: ShownEvent): boolean {
  if (kind === 'interrupt') return false;
  const entry = paths.findLastIndex((name) => ENTRIES.has(name) && name !== 'ret_from_intr');
  const running = paths.slice(Math.max(entry, 0));
  if (running.some((name) => MACHINERY.has(name))) return true;
  return entry >= 0 ? running.every((name) => ENTRY_CODE.has(name)) : running.at(-1) === 'ret_from_fork';
}

/** The rows of a run; if unfolded, one for each step. A fold ends where another task continues, so each task has its own. */
export function rowsOf(events: readonly ShownEvent[], folded: boolean): Row[] {
  const rows: Row[] = [];
  for (let from = 0; from < events.length;) {
    let to = from;
    if (folded && isMachinery(events[from]!)) {
      while (to + 1 < events.length && isMachinery(events[to + 1]!) && events[to + 1]!.process === events[from]!.process && events[to + 1]!.context === events[from]!.context) to++;
    }
    rows.push({ from, to, title: to > from ? titleOf(events, from, to) : null, changes: netChanges(events, from, to) });
    from = to + 1;
  }
  return rows;
}

/** What differs between the state before step `from` and the state after step `to`. */
export function netChanges(events: readonly ShownEvent[], from: number, to: number): ShownChange[] {
  const net = new Map<string, { before: string; after: string }>();
  for (let i = from; i <= to; i++) {
    for (const { cell, before, after } of events[i]!.changes) {
      const known = net.get(cell);
      if (known) known.after = after;
      else net.set(cell, { before, after });
    }
  }
  return [...net].filter(([, { before, after }]) => before !== after).map(([cell, change]) => ({ cell, ...change }));
}

function titleOf(events: readonly ShownEvent[], from: number, to: number): string {
  const stretch = events.slice(from, to + 1);
  const switches = stretch.flatMap(({ changes }) => changes.filter(({ cell }) => /^rq\d+\.curr$/.test(cell)));
  const faulted = stretch.some(({ paths }) => paths.includes('page_fault'));
  const interrupted = events[from - 1]?.kind === 'interrupt';
  const came = faulted ? 'the page fault is handled' : interrupted ? 'the interrupt is handled' : null;
  const way = switches.length > 0 ? [switches[0]!.before, ...switches.map(({ after }) => after)].join(' → ') : null;
  const resumed = from > 0 && events[from - 1]!.process === events[from]!.process && events[from - 1]!.context !== events[from]!.context;
  if (came === null) return way !== null ? `schedule(): ${way}` : resumed ? 'back from the task switch' : 'in the scheduler';
  return way === null ? came : `${came}; schedule(): ${way}`;
}

/** The row that holds step `step`; the last one for a step beyond the end. */
export function rowAt(rows: readonly Row[], step: number): number {
  const found = rows.findIndex(({ to }) => to >= step);
  return found < 0 ? rows.length - 1 : found;
}
