// A run as a picture: a lane for each task, interrupt and hypervisor, time downwards, and at each
// row what was done and which fields changed. Colours are attributes, so that the picture stands
// alone; the page's style sheet overrides them where it shows the picture inline.

import type { ShownChange, ShownTrace } from '../../machine/explorer/verdict/evidence';
import { escape } from '../html';
import { changeLine } from './changes';
import { isMinor, rowsOf, type Row } from './fold';
import { laneOf, lanesOf } from './lanes';

const LANE = 252;
const MARGIN = 34;
const TOP = 46;
const LINE = 15;
const PAD = 7;
const GAP = 8;
const CHARACTERS = 31;
const SANS = 'ui-sans-serif, system-ui, sans-serif';
const MONO = 'ui-monospace, DejaVu Sans Mono, monospace';

/** The attributes of most texts, which are the changes; written once for a whole picture. */
const TEXT: Readonly<Record<string, string | number>> = { 'font-family': MONO, 'font-size': 10.5, 'font-weight': 400, 'text-anchor': 'start', fill: '#1d4ed8' };

/** Of a fold, only what matters in a switch: which task has the CPU, and whose tables are loaded. */
const TELLING = /(\.cr3|\.active_mm|\.curr|\.tlb|^memory|signal|oops|freed|lazy|queue|entries)/;

/** The changes of a row that are worth a line in a picture. */
export function tellingChanges({ title, changes }: Row): readonly ShownChange[] {
  return changes.filter(({ cell }) => !isMinor(cell) && (title === null || (TELLING.test(cell) && !cell.endsWith('.curr'))));
}

/** What is drawn; if the state at the beginning is given, values of cr3 are shown with the owner of the page tables. */
export interface Drawn extends Pick<ShownTrace, 'events' | 'violation'> {
  readonly initial?: ReadonlyMap<string, string>;
}

/**
 * Draws `trace`.
 *
 * @param name what the picture shows, for readers who cannot see it
 */
export function timelineSvg(trace: Drawn, name: string, folded = true): string {
  const { events, violation } = trace;
  const lanes = lanesOf(events);
  const width = MARGIN + LANE * lanes.length + 10;
  const left = (i: number): number => MARGIN + LANE * i;
  const parts: string[] = [];
  let y = TOP;
  let processes = '';
  const boxes: string[] = [];
  for (const row of rowsOf(events, folded)) {
    const lane = lanes.findIndex(({ id }) => id === laneOf(events[row.from]!).id);
    const { height, svg } = box(row, trace, left(lane), y);
    boxes.push(text(MARGIN - 8, y + PAD + 10, String(row.from + 1), 'number', 11, '#6b7280', MONO, 'end'), svg);
    y += height + GAP;
  }
  if (violation) {
    const lines = wrap(`${violation.invariant}: ${violation.message}`, Math.floor((width - MARGIN) / 7.6));
    const height = lines.length * LINE + 2 * PAD;
    boxes.push(rect(MARGIN, y, width - MARGIN - 10, height, 'violation', '#fde8e8', '#b91c1c'));
    lines.forEach((line, i) => boxes.push(text(MARGIN + 10, y + PAD + 11 + i * LINE, line, 'violation-text', 12.5, '#991b1b', SANS, 'start', 600)));
    y += height + GAP;
  }
  lanes.forEach((lane, i) => {
    const x = left(i) + LANE / 2;
    parts.push(`<line class="life" x1="${x}" y1="${TOP - 6}" x2="${x}" y2="${y - GAP}" stroke="#d1d5db" stroke-width="2"/>`);
    parts.push(text(x, 32, lane.name, `lane lane-${lane.kind}`, 13, '#111827', SANS, 'middle', 600));
    if (lane.process !== processes && lane.process !== lane.name) parts.push(text(left(i) + 4, 14, lane.process, 'process', 11, '#6b7280', MONO));
    processes = lane.process;
  });
  const common = Object.entries(TEXT).map(([name, value]) => `${name}="${value}"`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" class="timeline" ${common} width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img" aria-label="${escape(name)}">`
    + `<title>${escape(name)}</title><rect class="paper" width="${width}" height="${y}" fill="#ffffff"/>${parts.join('')}${boxes.join('')}</svg>`;
}

const FILLS: Readonly<Record<string, readonly [string, string]>> = {
  step: ['#ffffff', '#9ca3af'], fold: ['#f3f4f6', '#d1d5db'], interrupt: ['#fef3c7', '#b45309'], violating: ['#ffffff', '#b91c1c'],
};

function box(row: Row, { events, violation, initial }: Drawn, x: number, y: number): { readonly height: number; readonly svg: string } {
  const event = events[row.from]!;
  const title = wrap(row.title ?? event.text, CHARACTERS);
  const where = row.title === null && event.kind !== 'interrupt' ? event.paths.at(-1) ?? '' : row.title === null ? '' : `${row.to - row.from + 1} steps`;
  const changes = tellingChanges(row).flatMap((change) => wrap(changeLine(change, initial), CHARACTERS + 4));
  const height = (where === '' ? 0 : 13) + title.length * LINE + changes.length * 13 + 2 * PAD;
  const breaks = violation !== null && row.from <= violation.event && violation.event <= row.to;
  const kind = breaks ? 'violating' : row.title !== null ? 'fold' : event.kind;
  const [fill, stroke] = FILLS[kind]!;
  let at = y + PAD;
  const lines = [
    ...(where === '' ? [] : [{ words: where, style: 'where', size: 10.5, fill: '#6b7280', font: MONO, step: 13 }]),
    ...title.map((words) => ({ words, style: row.title === null ? 'code' : 'code fold-title', size: 12, fill: '#111827', font: row.title === null ? MONO : SANS, step: LINE })),
    ...changes.map((words) => ({ words, style: 'change', size: 10.5, fill: '#1d4ed8', font: MONO, step: 13 })),
  ].map(({ words, style, size, fill: colour, font, step }) => text(x + 14, (at += step) - 3, words, style, size, colour, font));
  return { height, svg: rect(x + 6, y, LANE - 12, height, kind, fill, stroke) + lines.join('') };
}

function rect(x: number, y: number, width: number, height: number, kind: string, fill: string, stroke: string): string {
  return `<rect class="box box-${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="5" fill="${fill}" stroke="${stroke}"/>`;
}

function text(x: number, y: number, words: string, style: string, size: number, fill: string, font: string, anchor = 'start', weight = 400): string {
  const own = { 'font-family': font, 'font-size': size, 'font-weight': weight, 'text-anchor': anchor, fill };
  const differ = Object.entries(own).filter(([name, value]) => TEXT[name] !== value).map(([name, value]) => ` ${name}="${value}"`);
  return `<text class="${style}" x="${x}" y="${y}"${differ.join('')}>${escape(words)}</text>`;
}

/** Breaks at spaces, and within a word only if it is too long. */
export function wrap(words: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(/ +/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return line === '' ? lines : [...lines, line];
}
