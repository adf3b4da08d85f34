// `paravirt-spec check --grid 'release=*,order=*'`: a situation for every combination of some of
// its parameters and choices of hunks, as a table.

import { check, prepare, type Evidence, type Request } from '../../situations/check';
import { unknown } from '../../patches/selection';
import { NOBODY, watching } from '../attend';
import { codeOf, worst } from '../exit';
import { resolvedSelection } from '../patches-from';
import { aboutDiff, codeOfDiff, diffBehind, requestOf, restOfDiff, UsageError, type ChoosingOptions, type Output } from '../options';

/** One dimension: a parameter of the situation, or `patches`. */
interface Axis {
  readonly name: string;
  readonly values: readonly string[];
}

interface Cell {
  readonly at: Readonly<Record<string, string>>;
  readonly evidence: Evidence;
}

/** Explores every combination and prints the table. The exit code is that of the worst verdict. */
export function checkGrid(situation: string, grid: string, options: ChoosingOptions, output: Output): number {
  const base = requestOf(situation, options);
  const axes = axesOf(grid, base);
  if (axes.some(({ name }) => name === 'patches')) refuseOtherHunks(options);
  const cells = combinations(axes).map((at): Cell => {
    const request = requestAt(base, at);
    return { at, evidence: check(request, watching(output.attend ?? NOBODY, wordsOf(at))) };
  });
  const code = worst(cells.map(({ evidence }) => codeOf(evidence.verdict)));
  const choices = axes.find(({ name }) => name === 'patches')?.values ?? [options.patches];
  const diffs = choices.flatMap((patches) => diffBehind({ ...options, patches }) ?? []);
  const rest = [...new Set(diffs.flatMap((diff) => restOfDiff(diff, code)))];
  if (options.json) output.stdout(`${JSON.stringify({ format: 'grid/2', situation: cells[0]!.evidence.situation, axes, cells, ...(diffs.length > 0 && { diffs: diffs.map(({ diff }) => diff) }) }, null, 2)}\n`);
  else output.stdout(`${diffs.map(aboutDiff).join('')}${table(cells[0]!.evidence, axes, cells)}${[...rest, boundsOfAll(cells)].join('\n')}\n`);
  return diffs.reduce(codeOfDiff, code);
}

/** `release=*,order=SC|TSO` to axes; `*` stands for every legal value. */
function axesOf(grid: string, base: Request): Axis[] {
  const { situation } = prepare(base);
  const axes = grid.split(',').map((word): Axis => {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`--grid "${word}" is not of the form name=*, name=value or name=value|value`);
    const name = word.slice(0, at).trim();
    const values = word.slice(at + 1).split('|').map((value) => value.trim());
    const same = values.find((value, i) => values.indexOf(value) !== i);
    if (same !== undefined) throw new UsageError(`--grid: ${name}=${same} is given twice`);
    if (name === 'patches') {
      if (values.includes('*')) throw new UsageError('--grid: patches has no *; name the selections, as in patches=none|all');
      return { name, values };
    }
    const parameter = Object.hasOwn(situation.parameters, name) ? situation.parameters[name] : undefined;
    if (!parameter) throw unknown(`parameter "${name}" of ${situation.id}`, name, ['patches', ...Object.keys(situation.parameters)]);
    if (Object.hasOwn(base.parameters ?? {}, name)) throw new UsageError(`${name} is given by both --grid and --set`);
    return { name, values: values.includes('*') ? parameter.legal.map(String) : values };
  });
  const twice = axes.find(({ name }, i) => axes.findIndex((other) => other.name === name) !== i);
  if (twice) throw new UsageError(`--grid: ${twice.name} is given twice`);
  for (const at of combinations(axes)) prepare(requestAt(base, at));
  return axes;
}

/** If the grid chooses the hunks, no other option may. */
function refuseOtherHunks(options: ChoosingOptions): void {
  const given = ([['patchesTyped', '--patches'], ['patchesFrom', '--patches-from'], ['with', '--with'], ['without', '--without']] as const).find(([name]) => options[name] !== undefined);
  if (given) throw new UsageError(`the hunks are given by both --grid and ${given[1]}`);
}

function combinations(axes: readonly Axis[]): Record<string, string>[] {
  return axes.reduce<Record<string, string>[]>((all, { name, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))), [{}]);
}

function requestAt(base: Request, at: Readonly<Record<string, string>>): Request {
  const { patches = base.patches, ...parameters } = at;
  return { ...base, patches: resolvedSelection(patches), parameters: { ...base.parameters, ...parameters } };
}

const wordsOf = (at: Readonly<Record<string, string>>): string => Object.entries(at).map(([name, value]) => `${name}=${value}`).join(', ');

/** The last axis gives the columns. */
function table({ situation, title }: Evidence, axes: readonly Axis[], cells: readonly Cell[]): string {
  const rows = axes.slice(0, -1);
  const columns = axes.at(-1)!;
  const lines = combinations(rows).map((at) => [
    ...rows.map(({ name }) => at[name]!),
    ...columns.values.map((value) => say(cells.find((cell) => columns.values.length > 0 && matches(cell.at, { ...at, [columns.name]: value }))!.evidence)),
  ]);
  const head = [...rows.map(({ name }) => name), ...columns.values.map((value) => `${columns.name}=${value}`)];
  const widths = head.map((name, i) => Math.max(name.length, ...lines.map((line) => line[i]!.length)));
  const line = (words: readonly string[]): string => `  ${words.map((word, i) => word.padEnd(widths[i]!)).join('  ')}`.trimEnd();
  return `${[`${situation}: ${title}`, '', line(head), ...lines.map(line), ''].join('\n')}\n`;
}

const matches = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean => Object.entries(other).every(([name, value]) => one[name] === value);

/** What bounds every verdict of the table; what differs can be seen in its axes. */
function boundsOfAll(cells: readonly Cell[]): string {
  const [first, ...others] = cells.map(({ evidence }) => evidence.boundedBy);
  return `bounded by ${first!.filter((bound) => others.every((bounds) => bounds.includes(bound))).join('; ') || 'nothing but the situation itself and what the table shows'}`;
}

function say({ verdict }: Evidence): string {
  if (verdict.findings.length > 0) return `fails: ${[...new Set(verdict.findings.map(({ invariant }) => invariant))].join(', ')}`;
  return verdict.complete ? 'holds' : 'undecided';
}
