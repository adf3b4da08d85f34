import { breaks } from './machine/breaks';
import { entries } from './tool/catalogue';
import { commandLines } from './tool/command-lines';
import { data } from './tool/data';
import { divisions } from './explorer/divisions';
import { engines } from './explorer/engines';
import { graphs } from './machine/graphs';
import { guests } from './machine/guests';
import { inventions } from './tool/inventions';
import { limits } from './explorer/limits';
import { processors } from './machine/processors';
import { programs } from './machine/programs';
import { steps } from './machine/steps';
import { stores } from './machine/stores';
import { structures } from './explorer/structures';
import { tools } from './tool/tools';
import type { Recording } from './recording';

/** Everything that is recorded in lines. */
export const RECORDINGS: readonly Recording[] = [graphs, guests, steps, engines, divisions, limits, structures, processors, breaks, data, entries, programs, commandLines, tools, inventions, stores];
