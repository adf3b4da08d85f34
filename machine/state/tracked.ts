import { digestOf, Entity, type Value } from './hash';
import type { Store } from './store';

// Tracked state that reads like the C: a struct is declared by its fields and
// their defaults, and then `cpu.cr3` and `task.active_mm` are cells.

/** What every tracked struct has besides its fields. */
export class Struct extends Entity {
  declare readonly store: Store;
}

/** The constructor of a tracked struct with the fields `F`. */
export type StructClass<F> = abstract new (store: Store, name: string, initial?: Partial<F>) => Struct & F;

/**
 * A base class whose fields are cells named `<name>.<field>`.
 *
 * @param defaults the fields with their values at reset
 * @param ghosts fields that count something for the reader and that no path reads
 */
export function tracked<F extends object>(defaults: F, ghosts: readonly (keyof F & string)[] = []): StructClass<F> {
  const fields = Object.keys(defaults);
  const initials = fields.map((field) => defaults[field as keyof F] as Value);
  const ghostly: ReadonlySet<string> = new Set(ghosts);

  class TrackedStruct extends Struct {
    private readonly base: number;

    constructor(override readonly store: Store, name: string, initial: Partial<F> = {}) {
      super(name);
      this.base = store.struct(name, fields, initials, ghostly);
      for (const field of Object.keys(initial)) store.set(this.base + fields.indexOf(field), initial[field as keyof F] as Value);
    }

    /** The place of a field's cell in the store. */
    cellOf(field: string): number {
      return this.base + fields.indexOf(field);
    }
  }

  fields.forEach((field, i) => {
    Object.defineProperty(TrackedStruct.prototype, field, {
      get(this: { store: Store; base: number }) { return this.store.get(this.base + i); },
      set(this: { store: Store; base: number }, value: Value) { this.store.set(this.base + i, value); },
      enumerable: true,
    });
  });
  return TrackedStruct as unknown as StructClass<F>;
}

/**
 * Like `tracked`, for structs in memory: while a processor's view is active (`Store.view`), a field has the value that
 * this processor sees, and its stores to the field reach the others when its store buffer drains.
 *
 * @param aside fields that never wait: registers of a processor, and notes for checkers
 */
export function inMemory<F extends object>(defaults: F, aside: readonly (keyof F & string)[] = [], ghosts: readonly (keyof F & string)[] = []): StructClass<F> {
  const Plain = tracked(defaults, ghosts) as unknown as new (store: Store, name: string, initial?: Partial<F>) => Struct;

  class MemoryStruct extends Plain {}

  Object.keys(defaults).forEach((field, i) => {
    if (ghosts.includes(field as never) || aside.includes(field as never)) return;
    Object.defineProperty(MemoryStruct.prototype, field, {
      get(this: { store: Store; base: number }) {
        const { view } = this.store;
        return view === null ? this.store.get(this.base + i) : view.read(this.base + i);
      },
      set(this: Struct & { base: number }, value: Value) {
        const { view } = this.store;
        if (view === null) this.store.set(this.base + i, value);
        else view.write(this.base + i, value, this, field);
      },
      enumerable: true,
    });
  });
  return MemoryStruct as unknown as StructClass<F>;
}

/** One cell on its own. */
export class Cell<V extends Value> extends Entity {
  private readonly loc: number;

  constructor(private readonly store: Store, name: string, initial: V, ghost = false) {
    super(name);
    this.loc = store.cell(name, initial, ghost);
  }

  get value(): V {
    return this.store.get(this.loc) as V;
  }

  set value(value: V) {
    this.store.set(this.loc, value);
  }
}

/** A table of cells, one for each key, all `initial` until set: the words of a memory. */
export class TrackedTable<K extends number | string, V extends Value> extends Entity {
  protected readonly locs = new Map<K, number>();

  constructor(protected readonly store: Store, name: string, protected readonly initial: V, private readonly print: (key: K) => string = String) {
    super(name);
  }

  get(key: K): V {
    return this.store.get(this.cellOf(key)) as V;
  }

  /** The same as `get`, but it does not count as an access. */
  peek(key: K): V {
    const loc = this.locs.get(key);
    return loc === undefined ? this.initial : this.store.peek(loc) as V;
  }

  /** The value for a scan of the table: an access only if every access is recorded. */
  lookAt(key: K): V {
    return this.store.isLookedOut ? this.store.lookAt(this.cellOf(key)) as V : this.peek(key);
  }

  set(key: K, value: V): void {
    this.store.set(this.cellOf(key), value);
  }

  delete(key: K): void {
    this.set(key, this.initial);
  }

  /** The name of the cell of `key`. Called once, when it is first touched. */
  protected cellName(key: K): string {
    return `${this.name}[${this.print(key)}]`;
  }

  /** The place of a key's cell in the store. */
  protected cellOf(key: K): number {
    const known = this.locs.get(key);
    if (known !== undefined) return known;
    const loc = this.store.cell(this.cellName(key), this.initial);
    this.locs.set(key, loc);
    return loc;
  }
}

/**
 * A table whose set of keys matters. Iterating over them counts as reading that
 * set, and adding or removing one as writing it.
 */
export class TrackedMap<K extends number | string, V extends Value> extends TrackedTable<K, V> {
  private readonly population: number;

  constructor(store: Store, name: string, initial: V, print?: (key: K) => string) {
    super(store, name, initial, print);
    this.population = store.cell(`${name}[*]`, 0, true);
  }

  override set(key: K, value: V): void {
    // If every access is recorded, nothing may depend on a read that does not count as one.
    if (this.store.isLookedOut || (this.peek(key) === this.initial) !== (value === this.initial)) this.store.set(this.population, 0);
    super.set(key, value);
  }

  /** The keys that do not hold the initial value, in ascending order. */
  keys(): K[] {
    this.store.get(this.population);
    return [...this.locs.keys()]
      .filter((key) => this.lookAt(key) !== this.initial)
      .sort((a, b) => (a < b ? -1 : 1));
  }

  clear(): void {
    for (const key of this.keys()) this.delete(key);
  }
}

/** Whether two immutable values have the same content. */
export function sameValue(one: Value, other: Value): boolean {
  if (one === other) return true;
  const a = digestOf(one);
  const b = digestOf(other);
  return a.hashA === b.hashA && a.hashB === b.hashB;
}
