// `paravirt-spec boots`: boots every configuration of thread 003, and compares each boot with
// what separate reasoning predicts. The suite boots a part of this table.

import { unknown } from '../../patches/selection';
import { KERNELS, type NamedKernel } from '../../situations/boot/kernels';
import { predict } from '../../situations/boot/prediction';
import { bootEverything, describeRow, ESSENTIAL, EVERYTHING, sizeOf } from '../../situations/boot/table';
import { NOBODY, Pace } from '../attend';
import { EXIT } from '../exit';
import type { Output } from '../options';

export interface BootsOptions {
  /** One kernel only, such as `2.6.28` or `2.6.28-rc8 with take-1`. */
  readonly kernel?: string;
  /** The whole table, which takes minutes. */
  readonly all?: boolean;
  /** Prints every row, not only the counts. */
  readonly rows?: boolean;
  readonly json?: boolean;
}

/**
 * Boots the table and reports how each kernel fares.
 *
 * @returns 0 if every row ends as predicted, 1 if one does not, 4 if it was stopped early
 * @throws SelectionError for a kernel that is not in the table
 */
export function bootsCommand(options: BootsOptions, output: Output): number {
  const table = options.all ? EVERYTHING : ESSENTIAL;
  const dimensions = options.kernel === undefined ? table : { ...table, kernels: [listed(options.kernel)] };
  const began = performance.now();
  const counts = new Map<string, Record<string, number>>();
  const wrong: string[] = [];
  let rows = 0;
  const pace = new Pace(output.attend ?? NOBODY, sizeOf(dimensions));
  for (const { row } of bootEverything(dimensions)) {
    rows++;
    const { outcome } = row.result;
    const count = counts.get(row.kernel.name) ?? {};
    counts.set(row.kernel.name, { ...count, [outcome]: (count[outcome] ?? 0) + 1 });
    const expected = predict(row);
    if (expected !== outcome) wrong.push(`not as predicted (${expected}): ${describeRow(row)}`);
    if (pace.tell(`boots, now ${row.kernel.name}`, rows)) break;
    if (options.rows && !options.json) output.stdout(`${describeRow(row)}\n`);
  }
  const code = wrong.length > 0 ? EXIT.fails : rows < sizeOf(dimensions) ? EXIT.undecided : EXIT.holds;
  if (options.json) {
    output.stdout(`${JSON.stringify({ format: 'boots/1', kernels: Object.fromEntries(counts), boots: rows, of: sizeOf(dimensions), notAsPredicted: wrong }, null, 2)}\n`);
    return code;
  }
  for (const [kernel, count] of counts) {
    output.stdout(`${kernel.padEnd(32)} ${Object.entries(count).sort().map(([outcome, times]) => `${outcome} ${times}`).join(', ')}\n`);
  }
  for (const line of wrong) output.stdout(`${line}\n`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  output.stdout(`${rows.toLocaleString('en')} of ${sizeOf(dimensions).toLocaleString('en')} boots in ${seconds} s, ${wrong.length} not as predicted\n`);
  return code;
}

/** The kernel of the table called `name`. */
function listed(name: string): NamedKernel {
  const kernel = KERNELS.find((candidate) => candidate.name === name);
  if (!kernel) throw unknown(`kernel "${name}"`, name, KERNELS.map((candidate) => candidate.name));
  return kernel;
}
