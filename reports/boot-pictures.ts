// Two drawings of thread 003, as SVG text: where things lie in the kernel's
// part of the address space, and in which order two kernels boot. Pure
// functions, so that they can be used on a page as well as in a report.

/** A stretch of addresses: `[from, to)`. */
export interface Stretch {
  readonly name: 'lowmem' | 'guard' | 'vmalloc' | 'pkmap' | 'boot fixmap' | 'fixmap' | 'hypervisor';
  readonly from: number;
  readonly to: number;
}

/** One column of the drawing. */
export interface AddressSpaceColumn {
  readonly title: string;
  readonly subtitle: string;
  readonly stretches: readonly Stretch[];
}

/** The boundaries that a column is made from, addresses in bytes. */
export interface Boundaries {
  readonly high_memory: number;
  readonly VMALLOC_START: number;
  readonly VMALLOC_END: number;
  readonly PKMAP_BASE: number;
  readonly LAST_PKMAP: number;
  readonly FIXADDR_BOOT_START: number;
  readonly FIXADDR_START: number;
  readonly FIXADDR_TOP: number;
}

const PAGE_OFFSET = 0xc0000000;
const END = 2 ** 32;
const PAGE = 4096;
const MIB = 2 ** 20;

/** The stretches between `boundaries`, and the hypervisor's from `virtualTop` on, if there is one. */
export function stretchesOf(boundaries: Boundaries, virtualTop: number | null): Stretch[] {
  const { high_memory, VMALLOC_START, VMALLOC_END, PKMAP_BASE, LAST_PKMAP, FIXADDR_BOOT_START, FIXADDR_START, FIXADDR_TOP } = boundaries;
  const stretches: Stretch[] = [
    { name: 'lowmem', from: PAGE_OFFSET, to: high_memory },
    { name: 'guard', from: high_memory, to: VMALLOC_START },
    { name: 'vmalloc', from: VMALLOC_START, to: VMALLOC_END },
    { name: 'pkmap', from: PKMAP_BASE, to: PKMAP_BASE + LAST_PKMAP * PAGE },
    { name: 'boot fixmap', from: FIXADDR_BOOT_START, to: FIXADDR_START },
    { name: 'fixmap', from: FIXADDR_START, to: FIXADDR_TOP },
  ];
  if (virtualTop !== null) stretches.push({ name: 'hypervisor', from: virtualTop, to: END });
  return stretches;
}

const COLOURS: Readonly<Record<Stretch['name'], string>> = {
  lowmem: '#9ec5e8', guard: '#e3e6ea', vmalloc: '#a9d8a4', pkmap: '#f2d08b', 'boot fixmap': '#f0a58f', fixmap: '#d9705a', hypervisor: '#5b5f73',
};
const INK = '#1d2433';
const FAINT = '#5a6375';
const WARNING = '#b3261e';
const FONT = 'font-family="system-ui, sans-serif"';
const MONO = 'font-family="ui-monospace, monospace"';

const escape = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const hex = (value: number): string => (value >= END ? 'ffffffff' : value.toString(16).padStart(8, '0'));
const round = (value: number): string => value.toFixed(1);

interface TextStyle {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly mono?: boolean;
  readonly bold?: boolean;
}

function text(x: number, y: number, words: string, { size = 11, colour = INK, anchor = 'start', mono = false, bold = false }: TextStyle = {}): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colour}" text-anchor="${anchor}" ${mono ? MONO : FONT}${bold ? ' font-weight="600"' : ''}>${escape(words)}</text>`;
}

function svg(width: number, height: number, title: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...body,
    '</svg>',
  ].join('\n');
}

/** One strip drawn to scale, addresses growing upward. */
interface Strip {
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

const yOf = (strip: Strip, address: number): number => strip.top + (strip.height * (strip.to - Math.min(Math.max(address, strip.from), strip.to))) / (strip.to - strip.from);

function drawStrip(strip: Strip, stretches: readonly Stretch[]): string[] {
  const drawn = stretches.filter(({ from, to }) => to > from && to > strip.from && from < strip.to).map(({ name, from, to }) => {
    const top = yOf(strip, to);
    const height = Math.max(yOf(strip, from) - top, 1);
    const inset = name === 'hypervisor' ? 0 : 0.5;
    return `<rect x="${round(strip.x + inset)}" y="${round(top)}" width="${round(strip.width - 2 * inset)}" height="${round(height)}" fill="${COLOURS[name]}"${name === 'hypervisor' ? ' fill-opacity="0.85"' : ''}><title>${name} ${hex(from)} to ${hex(to - 1)}</title></rect>`;
  });
  return [...drawn, `<rect x="${strip.x}" y="${strip.top}" width="${strip.width}" height="${strip.height}" fill="none" stroke="${FAINT}"/>`];
}

/** Names beside a strip, moved apart so that none covers another. */
function drawLabels(strip: Strip, stretches: readonly Stretch[]): string[] {
  const LINE = 13;
  const wanted = stretches
    .filter(({ from, to }) => to > from && to > strip.from && from < strip.to)
    .map((stretch) => ({ stretch, middle: (yOf(strip, stretch.to) + yOf(strip, stretch.from)) / 2 }))
    .sort((one, other) => one.middle - other.middle);
  let lowest = strip.top + 4 - LINE;
  const placed = wanted.map(({ stretch, middle }) => {
    lowest = Math.max(lowest + LINE, middle + 4);
    return { stretch, middle, y: lowest };
  });
  for (let i = placed.length - 1, limit = strip.top + strip.height + 4; i >= 0; i--, limit -= LINE) placed[i]!.y = Math.min(placed[i]!.y, limit);
  const x = strip.x + strip.width;
  return placed.flatMap(({ stretch, middle, y }) => [
    `<path d="M${x} ${round(middle)} L${x + 10} ${round(y - 4)}" stroke="${FAINT}" fill="none" stroke-width="0.7"/>`,
    text(x + 13, y, `${hex(stretch.from)} ${stretch.name} ${sizeInWords(stretch)}`, { size: 10.5, mono: true }),
  ]);
}

function sizeInWords({ from, to }: Stretch): string {
  const mib = (to - from) / MIB;
  return mib >= 1 ? `${Number(mib.toFixed(2))} MiB` : `${(to - from) / 1024} KiB`;
}

/** Stretches that overlap, which a column must not hide. */
export function overlapsOf(stretches: readonly Stretch[]): string[] {
  const found: string[] = [];
  for (const one of stretches) {
    if (one.to < one.from) found.push(`${one.name} has ${Number(((one.to - one.from) / MIB).toFixed(2))} MiB`);
    for (const other of stretches) {
      if (one === other || one.from >= one.to || other.from >= other.to) continue;
      const bytes = Math.min(one.to, other.to) - Math.max(one.from, other.from);
      if (bytes > 0 && one.from < other.from) found.push(`${one.name} runs into ${other.name}`);
    }
  }
  return found;
}

const COLUMN = 345;
const ZOOM = 224 * MIB;

/** The kernel's gibibyte to scale, a strip for the whole and one for the top of it, for each column. */
export function addressSpacePicture(columns: readonly AddressSpaceColumn[]): string {
  const height = 560;
  const body = columns.flatMap(({ title, subtitle, stretches }, i) => {
    const x = 20 + i * COLUMN;
    const whole: Strip = { x, width: 34, top: 64, height: 440, from: PAGE_OFFSET, to: END };
    const zoom: Strip = { x: x + 62, width: 60, top: 64, height: 440, from: END - ZOOM, to: END };
    return [
      text(x, 24, title, { size: 14, bold: true }),
      text(x, 42, subtitle, { size: 11, colour: FAINT }),
      ...drawStrip(whole, stretches),
      `<path d="M${whole.x + whole.width} ${round(yOf(whole, END - ZOOM))} L${zoom.x} ${zoom.top + zoom.height} M${whole.x + whole.width} ${whole.top} L${zoom.x} ${zoom.top}" stroke="${FAINT}" stroke-dasharray="3 3" fill="none"/>`,
      ...drawStrip(zoom, stretches),
      ...drawLabels(zoom, stretches),
      text(x, 522, `left: c0000000 to ffffffff; right: the last ${ZOOM / MIB} MiB`, { size: 10, colour: FAINT }),
      ...overlapsOf(stretches).slice(0, 2).map((words, line) => text(x, 537 + 13 * line, words, { size: 11, colour: WARNING, bold: true })),
    ];
  });
  return svg(40 + columns.length * COLUMN, height, `Kernel address space: ${columns.map(({ title }) => title).join('; ')}`, body);
}

/** One kernel's boot. */
export interface BootOrder {
  readonly title: string;
  readonly steps: readonly string[];
  /** How it ended, if it failed; written after the last step. */
  readonly stop: string | null;
}

/** The steps that both have in the same order: a longest common subsequence, as pairs of indices. */
export function unmoved(one: readonly string[], other: readonly string[]): [number, number][] {
  const longest = Array.from({ length: one.length + 1 }, () => Array<number>(other.length + 1).fill(0));
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      longest[i]![j] = one[i] === other[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** Two boots beside each other; what moved is joined by a line, what is new or gone stands out. */
export function bootOrderPicture(left: BootOrder, right: BootOrder): string {
  const LINE = 22;
  const TOP = 66;
  const WIDTH = 250;
  const pairs = unmoved(left.steps, right.steps);
  const keptLeft = new Set(pairs.map(([i]) => i));
  const keptRight = new Set(pairs.map(([, j]) => j));
  const y = (i: number): number => TOP + i * LINE;
  // Where one boot stops, the other's later steps are neither moved nor new.
  const lastPair = pairs[pairs.length - 1] ?? [-1, -1];
  const isBeyond = (mine: BootOrder, other: BootOrder, i: number, last: number): boolean => other.stop !== null && i > last && !other.steps.includes(mine.steps[i]!);
  const box = (x: number, i: number, step: string, kind: 'kept' | 'moved' | 'beyond'): string[] => [
    `<rect x="${x}" y="${y(i)}" width="${WIDTH}" height="${LINE - 4}" rx="3" fill="${kind === 'kept' ? '#eef1f5' : kind === 'moved' ? '#f7d9a8' : '#ffffff'}" stroke="${kind === 'moved' ? '#b07a1f' : '#c9d0da'}"${kind === 'beyond' ? ' stroke-dasharray="3 3"' : ''}/>`,
    text(x + 8, y(i) + 13, step, { mono: true, bold: kind === 'moved', colour: kind === 'beyond' ? FAINT : INK }),
  ];
  const leftKind = (i: number) => (keptLeft.has(i) ? 'kept' : isBeyond(left, right, i, lastPair[0]) ? 'beyond' : 'moved');
  const rightKind = (i: number) => (keptRight.has(i) ? 'kept' : isBeyond(right, left, i, lastPair[1]) ? 'beyond' : 'moved');
  const rightX = 20 + WIDTH + 120;
  const lines = pairs.map(([i, j]) => `<path d="M${20 + WIDTH} ${y(i) + 9} L${rightX} ${y(j) + 9}" stroke="#c9d0da" fill="none"/>`);
  const moves = left.steps.flatMap((step, i) => {
    if (keptLeft.has(i)) return [];
    const j = right.steps.findIndex((other, at) => other === step && !keptRight.has(at));
    return j === -1 ? [] : [`<path d="M${20 + WIDTH} ${y(i) + 9} C${20 + WIDTH + 60} ${y(i) + 9} ${rightX - 60} ${y(j) + 9} ${rightX} ${y(j) + 9}" stroke="#b07a1f" stroke-width="2" fill="none"/>`];
  });
  const stopOf = (x: number, order: BootOrder): string[] => (order.stop === null ? [] : [text(x, y(order.steps.length) + 13, order.stop, { colour: WARNING, bold: true })]);
  const rows = Math.max(left.steps.length, right.steps.length) + 1;
  return svg(rightX + WIDTH + 20, TOP + rows * LINE + 12, `Boot order: ${left.title} and ${right.title}`, [
    text(20, 26, left.title, { size: 14, bold: true }),
    text(rightX, 26, right.title, { size: 14, bold: true }),
    text(20, 46, 'steps of setup_arch in the order in which they ran; dashed: never reached by the other', { colour: FAINT }),
    ...lines,
    ...moves,
    ...left.steps.flatMap((step, i) => box(20, i, step, leftKind(i))),
    ...right.steps.flatMap((step, i) => box(rightX, i, step, rightKind(i))),
    ...stopOf(20, left),
    ...stopOf(rightX, right),
  ]);
}
