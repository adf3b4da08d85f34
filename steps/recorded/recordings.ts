import { breaks } from './breaks';
import { entries } from './catalogue';
import { commandLines } from './command-lines';
import { data } from './data';
import { divisions } from './divisions';
import { engines } from './engines';
import { graphs } from './graphs';
import { guests } from './guests';
import { inventions } from './inventions';
import { limits } from './limits';
import { processors } from './processors';
import { programs } from './programs';
import { steps } from './steps';
import { stores } from './stores';
import { structures } from './structures';
import { tools } from './tools';
import type { Recording } from './recording';

/** Everything that is recorded in lines. */
export const RECORDINGS: readonly Recording[] = [graphs, guests, steps, engines, divisions, limits, structures, processors, breaks, data, entries, programs, commandLines, tools, inventions, stores];
