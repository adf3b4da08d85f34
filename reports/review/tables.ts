// Runs in a process of its own, after the scenarios: which hunks are needed, and the searches by which failures of
// other versions are compared with the patch. What the scenarios have searched is not searched again.
// `tables.ts MESSAGES HUNKS COUNTERPARTS` reads the first file and writes the others.

import { writeFileSync } from 'node:fs';
import { REVIEWED } from '../../machine/patches';
import { situationsOf } from '../../machine/situations';
import { hunkTable } from '../../machine/situations/hunks';
import { Kernels } from '../../machine/situations/kernels';
import { reportOf, scenariosOf } from '../chapters';
import { readKernels, readRun } from '../messages';
import { counterpartOf, missingCounterparts } from '../versions';

const [messages, hunks, counterparts] = process.argv.slice(2) as [string, string, string];
const kernels = new Kernels(readKernels(messages));
const { chapters } = reportOf(readRun(messages));

const requests = chapters.flatMap(({ patches, features }) => patches.flatMap((patch) => missingCounterparts(patch, features.flatMap(scenariosOf))));
writeFileSync(counterparts, JSON.stringify(requests.map((request) => counterpartOf(request, kernels))));

const tried = REVIEWED.patches.filter(({ id }) => situationsOf(id).length > 0);
writeFileSync(hunks, JSON.stringify(tried.map((patch) => hunkTable(patch, undefined, undefined, kernels))));
