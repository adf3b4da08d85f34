import type { Engine, EngineName, EngineOptions, Report, Standing } from './engine';
import { Alternating } from './alternating';
import { Oracle } from './oracle/engine-brute-force';
import { layeredEngine } from './layered/engine';
import { Optimal } from './optimal/engine';
import { Reduced } from './reduced/engine';
import { Samples } from './oracle/engine-samples';
import { Stateful } from './stateful/engine';
import type { Bounds } from './stateful/search';
import type { Program } from './program';
import { violationOf, type System, type Violation } from './system';

// Which engine fits depends on the shape of the work: one processor with many
// interrupts has few states and astronomically many executions; many processors
// on disjoint data are the reverse. So by default the reduced search, the optimal
// reduction and the search with the whole graph run in turn, and the first to
// finish decides (alternating.ts).

/** An engine for `program`. */
export function engineFor(program: Program, bounds: Bounds, { engine = 'auto', seed = 1, runs = 1000, prefix = [] }: EngineOptions): Engine {
  const isBounded = bounds.interrupts !== undefined || bounds.switches !== undefined;
  if (isBounded && engine !== 'auto' && engine !== 'layered') throw new Error(`the ${engine} engine has no bound on interrupts or switches`);
  const broken = beginningOf(program(), engine, prefix.length > 0);
  if (broken !== null) return new BrokenAtOnce(engine, broken);
  switch (engine) {
    case 'brute-force': return new Oracle(program, bounds, prefix);
    case 'stateful': return new Stateful(program, bounds, prefix);
    case 'reduced': return new Reduced(program, bounds, prefix);
    case 'layered': return layeredEngine(program, bounds, prefix);
    case 'optimal': return new Optimal(program, prefix);
    case 'random':
    case 'pct': return new Samples(program, engine, seed, runs);
    case 'auto': return isBounded ? layeredEngine(program, bounds, prefix) : bestFor(program, bounds, prefix);
  }
}

/**
 * With one process there is nothing to reduce; and only the stateful search can
 * tell what happens to runs that wait for one interrupt after the other. The stateful search remembers
 * nearly all of a kernel's steps, which are expensive; only the reduced one uses
 * what is interchangeable.
 */
function bestFor(program: Program, bounds: Bounds, prefix: readonly string[]): Engine {
  const { processes, runsOut = false, endless = false, isKernel = false, interchangeable = [] } = program();
  const hasFewEnough = processes.length > 1 && processes.length < 32;
  if (!hasFewEnough || !(runsOut || endless)) return new Stateful(program, bounds, prefix);
  const isRemembered = isKernel && interchangeable.length === 0;
  // The optimal reduction needs runs that end.
  const optimal = endless || isRemembered ? null : new Optimal(program, prefix);
  return new Alternating({ stateful: new Stateful(program, bounds, prefix), reduced: new Reduced(program, bounds, prefix), optimal }, isRemembered);
}

/** How many processes an engine can distinguish; any number if it is not listed. */
const MOST: Partial<Record<EngineName, number>> = { reduced: 31, optimal: 31 };

/**
 * What is violated before anything has happened.
 *
 * @throws Error for a system about which no engine, or not this one, could say anything true
 */
function beginningOf(system: System, engine: EngineName, isPart: boolean): Violation | null {
  const { processes } = system;
  const most = MOST[engine] ?? Infinity;
  if (processes.length > most) throw new Error(`the ${engine} engine can tell ${most} processes apart, and there are ${processes.length}; stateful, layered and brute-force take any number`);
  const names = new Set<string>();
  for (const { name } of processes) {
    if (names.has(name)) throw new Error(`machine bug: two processes are called ${name}; give each a name of its own`);
    names.add(name);
  }
  return isPart ? null : violationOf(system);
}

/** For a system that fails before it begins: there is nothing to explore. */
class BrokenAtOnce implements Engine {
  readonly progress = { states: 1, events: 0, depth: 0 };

  constructor(private readonly engine: EngineName, private readonly violation: Violation) {}

  advance(): Standing {
    return 'ended';
  }

  report(): Report {
    const { engine, violation } = this;
    return {
      engine, complete: true, executions: null, blocked: 0, states: 1, events: 0, depth: 0, collisionBound: 0, outcomes: [],
      found: [{ kind: 'violation', violation, labels: [] }], search: null,
    };
  }
}
