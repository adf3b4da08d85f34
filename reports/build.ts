// Builds reports/out/index.html from a run's messages and the catalogue. The same messages give
// the same bytes: the page contains no date, no path of this machine and no random id.

import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../machine/cli/folder';
import { readKernelSource, type KernelSource } from '../machine/cli/neighbours/kernel-source';
import type { HunkTable } from '../machine/situations/hunks';
import { bundle } from './bundle';
import { reportOf, type Report } from './chapters';
import { readKernel, type GuardedSource } from './diff';
import { readRun } from './messages';
import { pathSources } from './sources';
import { recheck, recheckTables } from './recheck';
import { pageHtml, type Assets } from './static/page';
import type { Counterpart } from './versions';

export interface BuildOptions {
  /** Cucumber's messages of the run, one on each line. */
  readonly messages: string;
  /** The page to write. */
  readonly out: string;
  /** For what the hunks of each patch are needed, if that was tried. */
  readonly tables?: readonly HunkTable[];
  /** Searches by which failures of other versions are compared with the patch, if those were made. */
  readonly counterparts?: readonly Counterpart[];
}

export interface Built {
  readonly report: Report;
  /** Evidence that does not replay on the machine as it is now; the page cannot be trusted then. */
  readonly problems: readonly string[];
}

/** What the page contains besides the run: the same for each page that one process builds. */
let parts: { readonly assets: Assets; readonly kernel: GuardedSource; readonly source: KernelSource } | undefined;

/**
 * Writes the page and returns what it says.
 *
 * @throws SelectionError when a scenario is tagged with a claim that does not exist
 * @throws UnprintableGuard when a hunk of the kernel cannot be printed as a diff
 */
export async function buildReport({ messages, out, tables = [], counterparts = [] }: BuildOptions): Promise<Built> {
  const report = reportOf(readRun(messages));
  makeFolder(dirname(out));
  const { assets, kernel, source } = (parts ??= { assets: { ...(await bundle()), sources: pathSources() }, kernel: readKernel(), source: readKernelSource() });
  const page = pageHtml(report, { kernel, source, tables, counterparts }, assets);
  writeFileSync(out, page);
  const problems = [...recheck(report.scenarios), ...recheckTables(page, report.scenarios)];
  return { report, problems };
}
