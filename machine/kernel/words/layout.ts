import type { Cpu } from '../../hardware/cpu';
import type { Memory } from '../../hardware/memory';
import type { CpuMemory } from '../../hardware/store-buffer';
import { Entity, type Value } from '../../state/hash';
import type { Store } from '../../state/store';
import { Pointers, readBits, WordError, writeBits, type Width } from './widths';

// The kernel's variables as words of memory, by name: global ones, one for each
// CPU, one for each object. They are laid out here, so that no two overlap, and
// each access of a path goes through the store buffer of its CPU. The
// operations on them are in access.ts, atomic.ts, bitops.ts and spinlock.ts.

/** The part of lowmem that is kept for them, below the page directories: [from, to). */
const PLACES = { from: 0x00300000, to: 0x00400000 } as const;

/** Each variable begins a cache line of its own, unless its address is given. */
const LINE = 64;

const hex = (address: number): string => `0x${address.toString(16).padStart(8, '0')}`;

/** One variable. */
export class Word<V extends Value = number> extends Entity {
  /** @param address physical, a multiple of its size */
  constructor(name: string, readonly address: number, readonly width: Width<V>) {
    super(name);
  }

  /** Its value in `memory`: as one CPU sees it, with its waiting stores, or as all CPUs see it. */
  get(memory: Pick<CpuMemory, 'read32'>): V {
    return this.width.decode(readBits(memory, this.address, this.width.bits));
  }

  set(memory: CpuMemory, value: V): void {
    const raw = this.width.encode(value);
    if (typeof raw === 'string') throw new WordError(`${this.name} cannot hold this: ${raw}`);
    writeBits(memory, this.address, this.width.bits, raw);
  }
}

/** A variable of which each CPU has its own. */
export class PerCpu<V extends Value = number> extends Entity {
  constructor(name: string, private readonly words: ReadonlyMap<Cpu, Word<V>>) {
    super(name);
  }

  /** per_cpu(): the one of `cpu`. */
  of(cpu: Cpu): Word<V> {
    return this.words.get(cpu)!;
  }
}

/** How a path may name a variable: directly, or as that of the CPU that runs the path. */
export type Place<V extends Value = number> = Word<V> | PerCpu<V>;

/** The word that `place` means on `cpu`. */
export function wordOn<V extends Value>(cpu: Cpu, place: Place<V>): Word<V> {
  return place instanceof PerCpu ? place.of(cpu) : place;
}

/** The initial value of a variable, and its address if the layout is not to choose it. */
export interface Declaration<V> {
  readonly initially?: V;
  /** A physical address in the range of the kernel's variables. */
  readonly at?: number;
}

/** All variables of one kernel. Declared at set-up; looked up by name afterwards. */
export class Words {
  private readonly words = new Map<string, Word<never>>();
  private readonly families = new Map<string, PerCpu<never>>();
  private next: number = PLACES.from;
  /** Objects that pointer variables can lead to. */
  readonly pointers = new Pointers();

  constructor(private readonly store: Store, private readonly memory: Memory, private readonly cpus: readonly Cpu[]) {}

  /** A global variable. */
  declare<V extends Value>(name: string, width: Width<V>, { initially, at }: Declaration<V> = {}): Word<V> {
    const word = new Word(name, this.place(name, width.bits / 8, at), width);
    if (this.words.has(name) || this.families.has(name)) throw new WordError(`${name} is declared twice`);
    if (this.store.has(name)) throw new WordError(`${name} is the name of something else in this machine`);
    this.words.set(name, word as unknown as Word<never>);
    this.name(word);
    if (initially !== undefined) word.set(this.memory, initially);
    return word;
  }

  /** A variable of which each CPU has its own: `per_cpu(cpu_tlbstate.is_lazy, 1)`. */
  declarePerCpu<V extends Value>(name: string, width: Width<V>, initially?: V): PerCpu<V> {
    if (this.words.has(name) || this.families.has(name)) throw new WordError(`${name} is declared twice`);
    const words = this.cpus.map((cpu) => [cpu, this.declare(`per_cpu(${name}, ${cpu.id})`, width, { ...(initially !== undefined && { initially }) })] as const);
    const family = new PerCpu(name, new Map(words));
    this.families.set(name, family as unknown as PerCpu<never>);
    return family;
  }

  /** A field of `object`: `editor.mm->context.tlb_gen`, or `mm_cpumask(editor.mm)` if the name ends in brackets, like that of a macro. */
  declareField<V extends Value>(object: Entity, name: string, width: Width<V>, initially?: V): Word<V> {
    return this.declare(fieldName(object, name), width, { ...(initially !== undefined && { initially }) });
  }

  /** The variable called `name`, or the field `name` of `object`. */
  word<V extends Value = number>(name: string, object?: Entity): Word<V> {
    const full = object ? fieldName(object, name) : name;
    const word = this.words.get(full);
    if (!word) throw new WordError(`no variable is called ${full}; there are ${[...this.words.keys()].join(', ') || 'none'}`);
    return word as unknown as Word<V>;
  }

  /** The per-CPU variable called `name`. */
  perCpu<V extends Value = number>(name: string): PerCpu<V> {
    const family = this.families.get(name);
    if (!family) throw new WordError(`no per-CPU variable is called ${name}; there are ${[...this.families.keys()].join(', ') || 'none'}`);
    return family as unknown as PerCpu<V>;
  }

  private place(name: string, bytes: number, at = this.next): number {
    if (at % bytes !== 0) throw new WordError(`${name} cannot lie at ${hex(at)}: a variable of ${8 * bytes} bits begins at a multiple of ${bytes}`);
    if (at < PLACES.from || at + bytes > PLACES.to) throw new WordError(`${name} cannot lie at ${hex(at)}: the kernel's variables lie from ${hex(PLACES.from)} to ${hex(PLACES.to - 1)}`);
    const other = [...this.words.values()].find(({ address, width }) => at < address + width.bits / 8 && address < at + bytes);
    if (other) throw new WordError(`${name} cannot lie at ${hex(at)}: ${other.name} lies from ${hex(other.address)} to ${hex(other.address + other.width.bits / 8 - 1)}`);
    this.next = Math.max(this.next, (Math.floor(at / LINE) + 1) * LINE);
    return at;
  }

  /** Names the word of memory after the variable. Two that share a word, as bytes can, are shown together. */
  private name<V extends Value>({ name, address, width }: Word<V>): void {
    const { memory } = this;
    const at = address - (address % 4);
    if (width.bits < 32) {
      const known = memory.nameOf(at);
      memory.name(at, known.startsWith('[') ? name : `${known}, ${name}`);
    } else if (width.bits === 32) {
      memory.name(at, name, (raw) => width.decode((raw as number) >>> 0));
    } else {
      memory.name(at, name);
      memory.name(at + 4, `${name}, high half`);
    }
  }
}

function fieldName(object: Entity, name: string): string {
  return name.endsWith('()') ? `${name.slice(0, -1)}${object.name})` : `${object.name}->${name}`;
}
