// `paravirt-spec lint`: mistakes in the chapters of the folder, and what is still missing.

import type * as Lint from '../../../steps/lint/lint';
import { EXIT } from '../exit';
import { UsageError, type Output } from '../options';

/** 0 if nothing is wrong, 1 if something is. */
export async function lintCommand(output: Output): Promise<number> {
  const { lint } = module.require('../../../steps/lint/lint') as typeof Lint;
  const { lines, summary, nothingRead } = await lint();
  if (nothingRead) throw new UsageError('no feature was found: nothing was checked; chapters are read from features/');
  output.stdout([...lines, summary, ''].join('\n'));
  return lines.length > 0 ? EXIT.fails : EXIT.holds;
}
