import type { Engine } from './engine';
import type { Program } from './explore';
import { LayeredSearch } from './layered';
import type { Bounds } from './stateful';
import { movesOf } from './system';

/** The search in layers as an engine, for the runs that begin with `prefix`. */
export function layeredEngine(program: Program, bounds: Bounds, prefix: readonly string[]): Engine {
  const system = program();
  for (const label of prefix) movesOf(system).find((move) => move.label === label)!.perform();
  const layers = new LayeredSearch(system, bounds);
  return {
    advance: (events) => layers.advance(events),
    get progress() { return layers.progress; },
    report() {
      const search = layers.result();
      const { complete, events, depth, outcomes } = search;
      return { engine: 'layered', complete, executions: null, blocked: 0, events, depth, outcomes: [...outcomes.keys()], found: [], search };
    },
  };
}
