// A schedule in words: which move came next, as `kthread: 2, timer@cpu0,
// editor: 1`. It identifies a run and replays it.

/** One word of a schedule: the same move, `times` in a row. */
export interface Turn {
  readonly label: string;
  readonly times: number;
}

/** Converts the labels of moves, in order, to words. */
export function formatSchedule(labels: readonly string[]): string {
  const turns: { label: string; times: number }[] = [];
  for (const label of labels) {
    const last = turns[turns.length - 1];
    if (last && last.label === label) last.times++;
    else turns.push({ label, times: 1 });
  }
  return turns.map(({ label, times }) => (label.includes('@') && times === 1 && !/:\s*\d+$/.test(label) ? quoted(label) : `${quoted(label)}: ${times}`)).join(', ');
}

/** Puts a label that contains a schedule's separators into quotation marks, and doubles those in it. */
function quoted(label: string): string {
  return /[",]|:\s|^\s|\s$/.test(label) ? `"${label.replaceAll('"', '""')}"` : label;
}

/** Maximum count of one word: more than any run has steps, and few enough to be expanded. */
const LONGEST = 1_000_000;

/** Converts words to turns. Throws a `ScheduleError` that names the word which cannot be read. */
export function parseSchedule(text: string): Turn[] {
  if (text.trim() === '') return [];
  return wordsOf(text).map((word, i) => {
    const match = /^\s*("(?:[^"]|"")*"|\S.*?)\s*(?::\s*(\d+))?\s*$/.exec(word);
    const times = match?.[2] === undefined ? 1 : Number(match[2]);
    if (!match || (!match[1]!.startsWith('"') && /:\s|:$/.test(match[1]!)) || times < 1 || times > LONGEST) {
      throw new ScheduleError(`cannot read "${word.trim()}" (word ${i + 1} of the schedule); words look like "kthread: 2" or "timer@cpu0"`);
    }
    return { label: match[1]!.startsWith('"') ? match[1]!.slice(1, -1).replaceAll('""', '"') : match[1]!, times };
  });
}

/** Splits at commas, except within quotation marks. */
function wordsOf(text: string): string[] {
  return text.match(/(?:"(?:[^"]|"")*"|[^,"])+|(?<=,)(?=,)|^(?=,)|(?<=,)$/g) ?? [text];
}

/** A schedule that cannot be read, or that does not fit the program. */
export class ScheduleError extends Error {}
