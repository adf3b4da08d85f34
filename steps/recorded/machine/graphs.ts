// What the graph of each kernel looks like, in a line: a change of the machine or of a kernel path that
// no verdict shows still changes states, moves or what a run says of itself.

import { randomFrom } from '../../../machine/explorer/oracle/sampling';
import { PATCHES } from '../../../machine/patches';
import { SITUATIONS } from '../../../machine/situations';
import { prepare } from '../../../machine/situations/check';
import type { Situation } from '../../../machine/situations/types';
import { orRefusal, type Lines, type Recording } from '../recording';
import { graphAndRun, walksOf } from './runs';

/** How far a kernel with its initial parameters is searched, in states. */
const STATES = 800;

/** Walks through each kernel: with its initial parameters, and with something changed. */
const WALKS = { initial: 5, changed: 2 } as const;

/** Kernels of each situation of which everything is drawn. */
const DRAWN = 5;

/** The kernels of each situation, by the hunks and the parameters: `none`, `all`, or as in `all with order=TSO`. Of kernels with the same line, one is recorded. */
export const graphs: Recording = { name: 'graphs', parts: SITUATIONS.map(({ id }) => id), linesOf: kernelsOf };

type Parameters = Readonly<Record<string, string | number | boolean>>;

function kernelsOf(id: string, names?: readonly string[]): Lines {
  const situation = SITUATIONS.find((one) => one.id === id)!;
  const lines: Record<string, string> = {};
  const add = (patches: string, parameters: Parameters, seed = 1): void => {
    const words = Object.entries(parameters).map(([name, value]) => `${name}=${value}`).join(', ');
    const name = `${patches}${words === '' ? '' : ` with ${words}`}`;
    if (names === undefined || names.includes(name)) lines[name] ??= orRefusal(() => lineOf(situation, patches, parameters, seed));
  };
  const { hunks, variants } = PATCHES.find((patch) => patch.id === situation.patch)!;
  const others = [...hunks.map((hunk) => `all,-${hunk.id}`), ...variants.map((variant) => `none,+${situation.patch}@${variant.id}`)];
  for (const patches of ['none', 'all']) add(patches, {});
  for (const patches of others) add(patches, {});
  for (const [name, { legal, initially }] of Object.entries(situation.parameters)) {
    for (const value of legal) if (value !== initially) add('all', { [name]: value });
  }
  const random = randomFrom(id.length);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  for (let i = 1; i <= DRAWN; i++) {
    const parameters = Object.fromEntries(Object.entries(situation.parameters).map(([name, { legal }]) => [name, pick(legal)]));
    add(pick(['none', 'none', 'all', 'all', ...others]), parameters, i + 1);
  }
  return names ? lines : distinct(lines);
}

/** Of lines that are the same, only the first. */
function distinct(lines: Lines): Lines {
  const first = new Map(Object.entries(lines).reverse().map(([name, line]) => [line, name]));
  return Object.fromEntries(Object.entries(lines).filter(([name, line]) => first.get(line) === name));
}

/** All invariants are looked at, also those that the kernel need not keep. Without changes and without parameters, the beginning of the graph and a run that is described are in the line as well. */
function lineOf({ id, invariants }: Situation, patches: string, parameters: Parameters, seed: number): string {
  const { situation: { build }, choice } = prepare({ situation: id, patches, parameters, invariants });
  const system = build(choice);
  const isInitial = ['none', 'all'].includes(patches) && Object.keys(parameters).length === 0;
  const walks = walksOf(system, Array.from({ length: isInitial ? WALKS.initial : WALKS.changed }, (_, i) => seed + i));
  return isInitial ? `${graphAndRun(system, STATES, seed)}; ${walks}` : walks;
}
