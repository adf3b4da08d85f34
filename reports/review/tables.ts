// Runs in a process of its own: which hunks are needed, and the searches by which failures of other versions
// are compared with the patch. `tables.ts hunks OUT` or `tables.ts counterparts MESSAGES OUT`.

import { writeFileSync } from 'node:fs';
import { REVIEWED } from '../../machine/patches';
import { situationsOf } from '../../machine/situations';
import { check } from '../../machine/situations/check';
import { hunkTable } from '../../machine/situations/hunks';
import { reportOf, scenariosOf } from '../chapters';
import { readRun } from '../messages';
import { missingCounterparts } from '../versions';

const [what, ...files] = process.argv.slice(2);

if (what === 'hunks') {
  const tables = REVIEWED.patches.filter(({ id }) => situationsOf(id).length > 0).map((patch) => hunkTable(patch));
  writeFileSync(files[0]!, JSON.stringify(tables));
} else {
  const { chapters } = reportOf(readRun(files[0]!));
  const requests = chapters.flatMap(({ patches, features }) => patches.flatMap((patch) => missingCounterparts(patch, features.flatMap(scenariosOf))));
  writeFileSync(files[1]!, JSON.stringify(requests.map((request) => check(request))));
}
