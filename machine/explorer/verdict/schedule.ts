// A schedule in words: which move came next, as `kthread: 2, timer@cpu0,
// editor: 1`. It identifies a run and replays it.

/** One word of a schedule: the same move, `times` in a row. */
export interface Turn {
  readonly label: string;
  readonly times: number;
}

/** Labels of moves, in order, to words. */
export function formatSchedule(labels: readonly string[]): string {
  const turns: { label: string; times: number }[] = [];
  for (const label of labels) {
    const last = turns[turns.length - 1];
    if (last && last.label === label) last.times++;
    else turns.push({ label, times: 1 });
  }
  return turns.map(({ label, times }) => (label.includes('@') && times === 1 ? label : `${label}: ${times}`)).join(', ');
}

/** Words to turns. Throws a `ScheduleError` that names the word which cannot be read. */
export function parseSchedule(text: string): Turn[] {
  if (text.trim() === '') return [];
  return text.split(',').map((word, i) => {
    const match = /^\s*([^:,]+?)\s*(?::\s*(\d+))?\s*$/.exec(word);
    const times = match?.[2] === undefined ? 1 : Number(match[2]);
    if (!match || times < 1 || !Number.isSafeInteger(times)) {
      throw new ScheduleError(`cannot read "${word.trim()}" (word ${i + 1} of the schedule); words look like "kthread: 2" or "timer@cpu0"`);
    }
    return { label: match[1]!, times };
  });
}

/** A schedule that cannot be read, or that does not fit the program. */
export class ScheduleError extends Error {}
