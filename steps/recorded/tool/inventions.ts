// What the tools make of what is invented for them: kernels with every kind of statement, searches with any answers, C beside any path.

import { diffs } from './diffs';
import { files } from './files';
import { inventedPaths, judging, tries } from './neighbouring';
import { linesOf } from '../plain';
import type { Lines, Recording } from '../recording';
import { recordingsOfXen } from './recordings-of-xen';
import { scripts } from './scripts';
import { transcriptions } from './transcriptions';

const PARTS: Readonly<Record<string, () => Lines | Promise<Lines>>> = { 'invented paths': inventedPaths, 'invented answers': judging, 'small searches': tries, 'invented C': transcriptions, 'invented diffs': diffs, 'files and errors': files, 'invented scripts': scripts, 'invented recordings': recordingsOfXen };

export const inventions: Recording = { name: 'inventions', parts: Object.keys(PARTS), linesOf: async (part) => linesOf(await PARTS[part]!()), textsOf: (part) => PARTS[part]!() };
