// What two virtual CPUs do that are inside Xen at once, in lines: the beginning of the graph of any two calls, and a run of each call beside another.

import { interrupted } from '../../../machine/situations/xen/interrupted';
import { interruptedPairs, TREE_LAYOUTS, TREES } from '../../../machine/situations/xen/interrupted-pairs';
import { ALL_STATES, ANY, kindsIn, pair } from '../../../machine/situations/xen/pairs/pairs';
import type { RuleName } from '../../../machine/hypervisors/xen/rules';
import { graphAndRun, graphOf, runOf, walksOf } from './runs';
import type { Lines, Recording } from '../recording';

/** How far the graph of any two calls is recorded, in states. */
const STATES = 120;

/** The deeds of two virtual CPUs whose calls are interrupted. */
const INTERRUPTED: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['pin root', 'unpin root'], ['pin lower', 'unpin lower']],
  [['load root', 'load first', 'unpin root'], ['pin data', 'write to data', 'unpin data']],
  [['pin lower', 'clear lower'], ['map data writable', 'write to data', 'pin root']],
  [['pin root', 'unpin root'], ['map upper writable', 'ring', 'map upper read-only']],
  [['map data writable', 'clear data', 'map data read-only', 'clear data'], ['clear lower', 'pin data', 'clear data']],
];

/** Rules that are kept or broken in the middle of a call. */
const RULES: readonly RuleName[] = [
  'allocated-tested-and-cleared', 'entries-locked', 'exclusive-types', 'flush-after-reference', 'flush-at-type-change', 'grant-unmap-flushed', 'linear-chains-refused', 'linear-read-only', 'linear-tested-and-counted',
  'linear-validated', 'pin-tested-and-set', 'ptwr-validated', 'stamped-before-dropped', 'stolen-as-freed', 'tables-devalidated', 'third-slot-not-looked-at-again', 'unlock-never-last', 'validated-at-type-change',
  'validation-awaited', 'writable-counted',
];

/** In how many states of a frame two calls are made without each of them. */
const WITHOUT = 5;

/** Two calls about a frame, by its state; calls that are interrupted, by the tables. */
export const steps: Recording = { name: 'steps', parts: [...ALL_STATES, 'interrupted calls', 'calls without a rule'], linesOf };

function linesOf(part: string): Lines {
  if (part === 'interrupted calls') return interruptedCalls();
  if (part === 'calls without a rule') return withoutRules();
  const lines: Record<string, string> = { 'any two calls': graphOf(pair({ state: part, deeds: [[ANY], [ANY]] })(), STATES) };
  const [kinds, others] = kindsIn(part).map((of) => Object.keys(of)) as [string[], string[]];
  for (const [i, kind] of kinds.entries()) {
    const other = others[(i * 5 + 3) % others.length]!;
    const program = pair({ state: part, deeds: [[kind, other].filter((deed) => kinds.includes(deed)), [other, kind].filter((deed) => others.includes(deed))] });
    lines[`${kind}, beside ${other}`] = runOf(program(), i + 1);
  }
  return lines;
}

function withoutRules(): Lines {
  return Object.fromEntries(RULES.flatMap((rule, i) => Array.from({ length: WITHOUT }, (_, n) => {
    const state = ALL_STATES[(i + n * 5) % ALL_STATES.length]!;
    const [kinds, others] = kindsIn(state).map((of) => Object.keys(of)) as [string[], string[]];
    const deeds = [['write to it', ANY, kinds[(i + n) % kinds.length]!], [others[(i * 3 + n) % others.length]!, ANY, 'write to it']] as const;
    return [`without ${rule}: ${state}`, walksOf(pair({ state, without: new Set([rule]), deeds })(), [i + 1, n + 2])];
  })));
}

function interruptedCalls(): Lines {
  const lines: Record<string, string> = {};
  for (const layout of TREE_LAYOUTS) for (const tree of Object.keys(TREES)) lines[`any two on ${layout.name}, ${tree}`] = graphOf(interruptedPairs(layout, tree)(), STATES);
  for (const deeds of INTERRUPTED) {
    for (const bad of [false, true]) {
      const program = interrupted({ deeds, bad, handler: ['map data read-only', 'pin data'] });
      lines[`${deeds.map((one) => one.join(', ')).join(' beside ')}${bad ? ', with a bad entry' : ''}`] = graphAndRun(program(), STATES);
    }
  }
  return lines;
}
