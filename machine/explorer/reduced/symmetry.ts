import { digestOf, digestOfString, Entity, isHashed, mix, type Hashed, type Value } from '../../state/hash';
import type { Mark, Store } from '../../state/store';
import { sameValue } from '../../state/tracked';
import { Labelling } from './labelling';
import type { Interchangeable } from '../interchangeable';
import type { Process } from '../system';
import type { Scope } from './unnoticed';

// States that differ only in the names of interchangeable things are equivalent.
// Here they get one fingerprint: what belongs to such a thing is hashed without
// its name, and a mention of one thing by another, or by what belongs to none of
// them, is an edge of a small graph, whose nodes are then put into an order that
// does not depend on names (labelling.ts). Two states with one fingerprint are
// the same except for names; at worst, two that are the same except for names
// are distinguished.

/** The thing to which a value or a cell belongs. */
interface Part {
  readonly member: number;
  /** Which of the member's entities it is. */
  readonly role: number;
}

/** A cell whose contents are hashed by kind: it belongs to a member, or has mentioned one. */
interface Watched {
  readonly loc: number;
  /** The member that it belongs to; -1 if to none. */
  readonly owner: number;
  readonly keyA: number;
  readonly keyB: number;
  /** The kind whose members are its bits; -1 if it is not such a set; NUMBER if it holds the number of its owner. */
  readonly mask: number;
}

/** What a cell that does not count by its name adds to the graph, instead of its part of the store's fingerprint. */
interface Share {
  /** Its part of that fingerprint. */
  readonly named: { readonly a: number; readonly b: number };
  /** What it adds to the contents of its owner. */
  readonly ownA: number;
  readonly ownB: number;
  /** An edge to each member that it mentions, with its label. */
  readonly edges: readonly { readonly to: number; readonly a: number; readonly b: number }[];
}

/** A value without names: its form, and the members that it mentions, in order. */
interface Profile {
  readonly a: number;
  readonly b: number;
  readonly mentions: readonly number[];
}

const NOBODY = -1;
const NUMBER = -2;

export class Symmetry implements Scope {
  /** The fingerprint of the last state. */
  a = 0;
  b = 0;
  private readonly parts = new Map<string, Part>();
  private readonly masks = new Map<string, number>();
  private readonly offsets: number[] = [];
  private readonly kindOf: number[] = [];
  private readonly labelling: Labelling;
  private readonly watched: Watched[] = [];
  /** The value that each of them had last, and what it adds to the graph; null if the cell counts by its name. */
  private readonly values: Value[] = [];
  private readonly shares: (Share | null)[] = [];
  private readonly isWatched: boolean[] = [];
  private readonly initials = new Map<string, Value>();
  private readonly profiles = new WeakMap<object, Profile>();
  private readonly texts = new Map<string, Profile>();
  private readonly ranks: Int32Array;
  /** For each process, the process at each position of its kind; null for a process that belongs to no kind. */
  private readonly seats: readonly (readonly number[] | null)[];
  /** The member that each process is part of; -1 for none. */
  private readonly membersOf: readonly number[];
  /** By cell: the first of the corresponding cells of all members, and the member to which it belongs. */
  private readonly keys: number[] = [];
  private readonly owners: number[] = [];
  private readonly firsts = new Map<string, number>();
  private readonly numbers = new Map<number, Value>();
  private readonly rivals: { readonly ofOwn: readonly number[]; readonly ofOthers: readonly number[] }[] = [];
  private classified = 0;

  /**
   * @throws Error if the members of a kind differ in the number of their entities, or in their initial contents
   */
  constructor(private readonly store: Store, private readonly kinds: readonly Interchangeable[], processes: readonly Process[]) {
    for (const [k, { kind, members, masks = [], firstBit = 0 }] of kinds.entries()) {
      if (masks.length > 0 && members.length + firstBit > 32) throw new Error(`machine bug: a mask of the ${kind} has 32 bits, and there are ${members.length} of them from bit ${firstBit} on`);
      this.offsets.push(this.kindOf.length);
      for (const entities of members) {
        if (entities.length !== members[0]!.length) throw new Error(`machine bug: the ${kind} are declared interchangeable, but ${entities.join(' and ')} are not as many entities as ${members[0]!.join(' and ')}`);
        entities.forEach((name, role) => {
          if (this.parts.has(name)) throw new Error(`machine bug: ${name} is declared part of two interchangeable things; it can be part of one`);
          this.parts.set(name, { member: this.kindOf.length, role });
        });
        this.kindOf.push(k);
      }
      for (const field of masks) {
        if (this.masks.has(field)) throw new Error(`machine bug: the field ${field} is declared a mask of the ${kinds[this.masks.get(field)!]!.kind} and of the ${kind}; its bits can mean one kind`);
        this.masks.set(field, k);
      }
    }
    this.labelling = new Labelling(this.kindOf);
    this.ranks = new Int32Array(this.kindOf.length);
    this.seats = processes.map(({ name }) => {
      const part = this.parts.get(name);
      if (!part) return null;
      const k = this.kindOf[part.member]!;
      return kinds[k]!.members.map((entities) => processes.findIndex((process) => process.name === entities[part.role]));
    });
    this.membersOf = processes.map(({ name }) => this.parts.get(name)?.member ?? NOBODY);
    for (let loc = 0; loc < store.size; loc++) this.noteMention(loc);
  }

  /**
   * Fingerprints the current state.
   *
   * @param since cells that were written after this moment may newly mention a member
   * @param apart a process that is distinguished from its equals (the one that ran last); -1 for none
   */
  look(since: Mark | null, apart = -1): void {
    this.classifyNew();
    if (since !== null) for (const loc of this.store.writtenSince(since)) if (!this.isWatched[loc]) this.noteMention(loc);
    const { store, labelling, watched, values, shares } = this;
    labelling.clear();
    let { a, b } = store;
    for (let i = 0; i < watched.length; i++) {
      const cell = watched[i]!;
      const value = store.peek(cell.loc);
      if (i >= shares.length || values[i] !== value) {
        values[i] = value;
        shares[i] = this.shareOf(cell, value);
      }
      const share = shares[i]!;
      if (share === null) continue;
      a ^= share.named.a;
      b ^= share.named.b;
      labelling.addOwn(cell.owner, share.ownA, share.ownB);
      for (const edge of share.edges) labelling.addEdge(cell.owner, edge.to, edge.a, edge.b);
    }
    const setApart = apart < 0 ? NOBODY : this.membersOf[apart]!;
    if (setApart !== NOBODY) labelling.addOwn(setApart, 0x51ed270b, 0x2545f491);
    labelling.rank(this.ranks);
    this.a = a ^ labelling.a;
    this.b = b ^ labelling.b;
    if (apart >= 0 && setApart === NOBODY) {
      this.a ^= mix(apart + 1, 0x9e3779b1);
      this.b ^= mix(apart + 1, 0x85ebca6b);
    }
  }

  /** Converts a set of processes (bits) to the names that are common to all states equivalent to the last one. */
  canonical(processes: number): number {
    let set = 0;
    for (let p = 0, bits = processes; bits !== 0; p++, bits >>>= 1) if ((bits & 1) !== 0) set |= 1 << this.seatOf(p);
    return set;
  }

  /** The inverse of `canonical`, in the last state. */
  actual(canonical: number): number {
    let set = 0;
    for (let p = 0; p < this.seats.length; p++) if ((canonical & (1 << this.seatOf(p))) !== 0) set |= 1 << p;
    return set;
  }

  /** Interchangeable processes in the same role are of one kind. */
  crewOf(process: number): number {
    return this.seats[process]?.[0] ?? process;
  }

  /** A process's own cell and the corresponding cell of another process have different numbers. */
  keyFor(process: number, cell: number): number {
    this.classifyNew();
    const first = this.keys[cell] ?? cell;
    return this.isOwn(process, cell) ? 2 * first : 2 * first + 1;
  }

  /** For a process, its own cell and another process's cell are different kinds of cell; for the latter, so is access by its owner. */
  rivalKeys(process: number, cell: number): readonly number[] {
    this.classifyNew();
    const first = this.keys[cell] ?? cell;
    const rivals = (this.rivals[first] ??= { ofOwn: [2 * first + 1], ofOthers: [2 * first, 2 * first + 1] });
    return this.isOwn(process, cell) ? rivals.ofOwn : rivals.ofOthers;
  }

  private isOwn(process: number, cell: number): boolean {
    const member = this.membersOf[process]!;
    return member !== NOBODY && this.owners[cell] === member;
  }

  private seatOf(process: number): number {
    const seats = this.seats[process];
    if (!seats) return process;
    const member = this.membersOf[process]!;
    return seats[this.ranks[member]! - this.offsets[this.kindOf[member]!]!]!;
  }

  /** What a cell with this value adds to the graph; null if it counts by its name, like any cell that belongs to no member and mentions none. */
  private shareOf({ loc, owner, keyA, keyB, mask }: Watched, value: Value): Share | null {
    const initial = this.store.initialOf(loc);
    if (value === initial) return null;
    const named = this.store.difference(loc, initial, value);
    if (mask >= 0) {
      let rest = value as number;
      const edges: Share['edges'][number][] = [];
      for (const [i, member] of this.membersIn(mask)) {
        const bit = 1 << (i + (this.kinds[mask]!.firstBit ?? 0));
        if ((rest & bit) === 0) continue;
        rest &= ~bit;
        edges.push({ to: member, a: keyA, b: keyB });
      }
      return { named, ownA: mix(rest ^ keyA, 0x85ebca6b), ownB: mix(rest ^ keyB, 0x9e3779b1), edges };
    }
    if (mask === NUMBER) {
      if (value !== this.numbers.get(loc)) throw new Error(`machine bug: ${this.store.nameOf(loc)} is declared to be a number by which something is known, and it changes`);
      return { named, ownA: 0, ownB: 0, edges: [] };
    }
    if (typeof value === 'number' && (value | 0) === value) {
      return owner === NOBODY ? null : { named, ownA: mix(value ^ keyA, 0x85ebca6b), ownB: mix(value ^ keyB, 0x9e3779b1), edges: [] };
    }
    const { a, b, mentions } = this.profileOf(value);
    if (owner === NOBODY && mentions.length === 0) return null;
    const edges = mentions.map((to, i) => ({ to, a: keyA + Math.imul(i, 0x27d4eb2f), b: keyB + Math.imul(i, 0x165667b1) }));
    return { named, ownA: mix(a ^ keyA, 0xcc9e2d51), ownB: mix(b ^ keyB, 0x1b873593), edges };
  }

  private membersIn(kind: number): IterableIterator<[number, number]> {
    const first = this.offsets[kind]!;
    return this.kinds[kind]!.members.map((_, i) => first + i).entries();
  }

  /** Classifies the new cells: those of members are watched from the start. */
  private classifyNew(): void {
    for (; this.classified < this.store.size; this.classified++) {
      const loc = this.classified;
      if (this.isWatched[loc] || this.store.isGhost(loc)) continue;
      const name = this.store.nameOf(loc);
      const owned = this.ownerOf(name);
      const mask = this.masks.get(name) ?? this.masks.get(name.slice(name.lastIndexOf('.') + 1)) ?? -1;
      if (owned !== null) this.watchOwned(loc, owned, mask);
      else if (mask >= 0) this.watch(loc, NOBODY, name, mask);
    }
  }

  private watchOwned(loc: number, { part, field }: { part: Part; field: string }, mask: number): void {
    const kind = this.kindOf[part.member]!;
    const key = `${kind} ${part.role} ${field}`;
    if (this.kinds[kind]!.numbers?.includes(field.slice(1))) {
      this.numbers.set(loc, this.store.peek(loc));
      this.watch(loc, part.member, key, NUMBER);
      return;
    }
    const initial = this.store.initialOf(loc);
    if (!this.initials.has(key)) this.initials.set(key, initial);
    else if (!sameValue(this.initials.get(key), initial)) throw new Error(`machine bug: the ${this.kinds[kind]!.kind} are declared interchangeable, but ${this.store.nameOf(loc)} is made with another value than the others'`);
    if (!this.firsts.has(key)) this.firsts.set(key, loc);
    this.keys[loc] = this.firsts.get(key)!;
    this.owners[loc] = part.member;
    this.watch(loc, part.member, key, mask);
  }

  private watch(loc: number, owner: number, key: string, mask = -1): void {
    const digest = digestOfString(key);
    this.isWatched[loc] = true;
    this.watched.push({ loc, owner, keyA: digest.hashA, keyB: digest.hashB, mask });
  }

  /** The member to which a cell belongs, by its name: `cpu0.cr3` belongs to `cpu0`. */
  private ownerOf(name: string): { part: Part; field: string } | null {
    for (let end = 0; end <= name.length; end++) {
      if (end < name.length && name[end] !== '.' && name[end] !== '[') continue;
      const part = this.parts.get(name.slice(0, end));
      if (part) return { part, field: name.slice(end) };
    }
    return null;
  }

  /** Watches a cell that belongs to no member, once it first mentions one. */
  private noteMention(loc: number): void {
    this.classifyNew();
    const value = this.store.peek(loc);
    if (this.isWatched[loc] || typeof value !== 'object' || value === null || this.store.isGhost(loc)) return;
    if (this.profileOf(value).mentions.length > 0) this.watch(loc, NOBODY, this.store.nameOf(loc));
  }

  private profileOf(value: Value): Profile {
    if (typeof value === 'string') {
      let known = this.texts.get(value);
      if (!known) this.texts.set(value, known = plain(digestOf(value)));
      return known;
    }
    if (typeof value !== 'object' || value === null) return plain(digestOf(value));
    let known = this.profiles.get(value);
    if (!known) this.profiles.set(value, known = this.takeProfile(value));
    return known;
  }

  private takeProfile(value: object & Value): Profile {
    if (value instanceof Entity) {
      const part = this.parts.get(value.name);
      if (!part) return plain(value);
      const digest = digestOfString(`${this.kindOf[part.member]!} ${part.role}`);
      return { a: digest.hashA, b: digest.hashB, mentions: [part.member] };
    }
    if (isHashed(value)) return value.parts ? this.composed('parts', value.parts, value) : plain(value);
    if (Array.isArray(value)) return this.composed('array', value as readonly Value[], value);
    const record = value as { readonly [key: string]: Value };
    return this.composed('record', Object.keys(record).sort().flatMap((key): Value[] => [key, record[key]]), value);
  }

  private composed(kind: string, parts: readonly Value[], whole: Value): Profile {
    const profiles = parts.map((part) => this.profileOf(part));
    if (profiles.every(({ mentions }) => mentions.length === 0)) return plain(digestOf(whole));
    let { hashA, hashB } = digestOfString(kind);
    for (const { a, b } of profiles) {
      hashA = mix(Math.imul(hashA, 31) + a, 0x85ebca6b);
      hashB = mix(Math.imul(hashB, 37) + b, 0x9e3779b1);
    }
    return { a: hashA, b: hashB, mentions: profiles.flatMap(({ mentions }) => mentions) };
  }
}

function plain({ hashA, hashB }: Hashed): Profile {
  return { a: hashA, b: hashB, mentions: [] };
}
