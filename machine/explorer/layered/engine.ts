import { reportOf, type Engine } from '../engine';
import type { Program } from '../program';
import { LayeredSearch } from './search';
import type { Bounds } from '../stateful/search';
import { beginning } from '../beginning';

/** The search in layers as an engine, for the runs that begin with `prefix`. */
export function layeredEngine(program: Program, bounds: Bounds, prefix: readonly string[]): Engine {
  const layers = new LayeredSearch(beginning(program, prefix), bounds);
  return {
    advance: (events) => layers.advance(events),
    get progress() { return layers.progress; },
    report: () => reportOf(layers.result(), 'layered'),
  };
}
