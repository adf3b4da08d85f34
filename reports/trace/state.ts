// The state at any moment of a run, and which step wrote each cell.

import type { PlayedEvent, Run } from './play';
import { isMinor } from './fold';

/**
 * The states of one run, which can be visited in any order. Advancing by one step costs as much as that step changed.
 *
 * A `State` is valid until the next one is asked for.
 */
export class History {
  /** All cells of the run, in the order in which they first occur. */
  readonly cells: readonly string[];
  private readonly values: Map<string, string>;
  /** What each step up to now overwrote. */
  private readonly overwritten: (readonly (readonly [cell: string, before: string])[])[] = [];
  private readonly lists = new Map<string, readonly string[]>();

  constructor(private readonly run: Pick<Run, 'initial' | 'events'>) {
    this.values = new Map(run.initial);
    // A cell that first occurs during the run had its default value until then.
    for (const { changes } of run.events) for (const { cell, before } of changes) if (!this.values.has(cell)) this.values.set(cell, before);
    this.cells = [...this.values.keys()];
  }

  /** The state after `step` steps; its changed cells are those that the steps from `since` on changed. */
  at(step: number, since = step - 1): State {
    const { values, overwritten, run: { events } } = this;
    while (overwritten.length > step) for (const [cell, before] of [...overwritten.pop()!].reverse()) values.set(cell, before);
    while (overwritten.length < Math.min(step, events.length)) {
      overwritten.push(events[overwritten.length]!.changes.map(({ cell, after }) => {
        const before = values.get(cell)!;
        values.set(cell, after);
        return [cell, before];
      }));
    }
    const changed = new Map<string, string>();
    for (const [cell, before] of overwritten.slice(Math.max(0, since)).flat()) if (!changed.has(cell)) changed.set(cell, before);
    for (const [cell, before] of changed) if (values.get(cell) === before) changed.delete(cell);
    return new State(this, step, values, changed);
  }

  /** The cells that `fits` accepts; computed once for each `name`, since the cells are the same at every moment. */
  list(name: string, fits: (cell: string) => boolean): readonly string[] {
    let list = this.lists.get(name);
    if (list === undefined) this.lists.set(name, list = this.cells.filter(fits));
    return list;
  }
}

/** The state at one moment. Reads can be noted, so that what depends on the same values is not made again. */
export class State {
  /** The cells that were read, while they are being noted. */
  private reads: Set<string> | null = null;

  constructor(readonly history: History, readonly step: number, private readonly values: ReadonlyMap<string, string>, private readonly changed: ReadonlyMap<string, string>) {}

  get(cell: string): string | undefined {
    this.reads?.add(cell);
    return this.values.get(cell);
  }

  /** The value of a cell before the steps that led here; undefined if they have not changed it. */
  was(cell: string): string | undefined {
    this.reads?.add(cell);
    return this.changed.get(cell);
  }

  /** Calls `make`, and returns the cells that it has read. */
  noting<T>(make: () => T): readonly [T, ReadonlySet<string>] {
    const reads = this.reads = new Set<string>();
    try {
      return [make(), reads];
    } finally {
      this.reads = null;
    }
  }

  /** The cells whose names match. */
  matching(pattern: RegExp): readonly string[] {
    return this.history.list(String(pattern), (cell) => pattern.test(cell));
  }

  /** Names of the things that have a field `field`: `editor.mm` for `pgd`. */
  having(field: string): string[] {
    return this.history.list(`.${field}`, (cell) => cell.endsWith(`.${field}`)).map((cell) => cell.slice(0, -field.length - 1));
  }

  /** The fields of a thing, as declared. */
  fieldsOf(thing: string): string[] {
    const start = thing.length + 1;
    return this.history.list(`${thing}.`, (cell) => cell.startsWith(`${thing}.`) && !cell.includes('.', start)).map((cell) => cell.slice(start));
  }

  /** A value for a reader: an address of page tables with their owner, control registers in hexadecimal. */
  read(cell: string): string {
    const value = this.get(cell) ?? '';
    if (/\.(cr0|cr4|efer)$/.test(cell) && /^\d+$/.test(value)) return `0x${Number(value).toString(16)}`;
    if (!cell.endsWith('.cr3') || !ADDRESS.test(value)) return value;
    const owner = this.matching(/\.pgd$/).find((pgd) => this.get(pgd) === value);
    return owner === undefined ? value : `${value} = ${owner}`;
  }
}

const ADDRESS = /^0x[0-9a-f]+$/;

/** The value of cr3 with the name of the address space whose page directory it is. */
export function withOwner(value: string, cells: ReadonlyMap<string, string>): string {
  if (!ADDRESS.test(value)) return value;
  for (const [cell, pgd] of cells) if (cell.endsWith('.pgd') && pgd === value) return `${value} = ${cell}`;
  return value;
}

/** The last step up to `step` that changed `cell`, from 1; 0 if it has been so since the beginning. */
export function lastWriter(events: readonly PlayedEvent[], cell: string, step: number): number {
  for (let i = Math.min(step, events.length) - 1; i >= 0; i--) if (events[i]!.changes.some((change) => change.cell === cell)) return i + 1;
  return 0;
}

/** The first step after `step` that changed `cell`, from 1; 0 if none does. */
export function nextWriter(events: readonly PlayedEvent[], cell: string, step: number): number {
  return events.findIndex(({ changes }, i) => i >= step && changes.some((change) => change.cell === cell)) + 1;
}

/** Fields that every context of a processor goes through, whatever it does. */
const EVERYBODYS = /\.(IF|cpl|preempt_count|need_resched|curr|tasks|lock|prev_mm|mm_count|onCpu|halted)$/;

/** For each step, whether it touches what another context changes, or changes what another one touches. */
export function sharedSteps(events: readonly PlayedEvent[]): boolean[] {
  const touched = new Map<string, Set<string>>();
  const written = new Map<string, Set<string>>();
  const note = (map: Map<string, Set<string>>, cell: string, context: string): void => void (map.get(cell) ?? map.set(cell, new Set()).get(cell)!).add(context);
  for (const { context, changes, reads } of events) {
    for (const cell of reads) note(touched, cell, context);
    for (const { cell } of changes) {
      note(touched, cell, context);
      note(written, cell, context);
    }
  }
  const counts = (cell: string): boolean => !isMinor(cell) && !EVERYBODYS.test(cell);
  const others = (map: Map<string, Set<string>>, cell: string, context: string): boolean => [...(map.get(cell) ?? [])].some((other) => other !== context);
  return events.map(({ context, changes, reads, kind }) => kind === 'interrupt'
    || changes.some(({ cell }) => counts(cell) && others(touched, cell, context))
    || reads.some((cell) => counts(cell) && others(written, cell, context)));
}
