// Page tables as trees, from the top table of each address space down to the pages, read from the words of
// physical memory. Two levels, or as many as the control registers of cpu0 say.

import { html, type Html } from '../html';
import type { History, State } from '../trace/state';
import { valueHtml } from './state-view';

/** One level: how many bits of the address it takes, and how far they are shifted. */
interface Level {
  readonly name: string;
  readonly bits: number;
  readonly shift: number;
}

const TWO: readonly Level[] = [{ name: 'pde', bits: 10, shift: 22 }, { name: 'pte', bits: 10, shift: 12 }];
const PAE: readonly Level[] = [{ name: 'pdpte', bits: 2, shift: 30 }, { name: 'pde', bits: 9, shift: 21 }, { name: 'pte', bits: 9, shift: 12 }];
const LONG: readonly Level[] = [{ name: 'pgd', bits: 9, shift: 39 }, { name: 'pud', bits: 9, shift: 30 }, { name: 'pmd', bits: 9, shift: 21 }, { name: 'pte', bits: 9, shift: 12 }];

const FLAGS = ['present', 'rw', 'user', 'pwt', 'pcd', 'accessed', 'dirty', 'large', 'global'];
const PRESENT = 1n;
const LARGE = 0x80n;
const ADDRESS = 0x000ffffffffff000n;
/** The kernel's half is the same in all address spaces, so only what changes in it is drawn. */
const KERNEL = 0xc0000000n;
const MOST = 400;

export function tablesHtml(state: State): Html | null {
  const roots = rootsOf(state);
  if (roots.length === 0 || roots.length > 8) return null;
  const words = wordsOf(state.history);
  const valueAt = (at: bigint): bigint => {
    const cell = words.cells.get(at);
    return cell === undefined ? 0n : BigInt(state.get(cell)!) & 0xffffffffn;
  };
  const cr4 = Number(state.get('cpu0.cr4') ?? 0);
  const levels = Number(state.get('cpu0.efer') ?? 0) & 0x400 ? LONG : cr4 & 0x20 ? PAE : TWO;
  const wide = levels !== TWO;
  const size = wide ? 8n : 4n;

  const walk = (table: bigint, depth: number, base: bigint): Html | null => {
    const level = levels[depth]!;
    const rows: Html[] = [];
    let hidden = 0;
    let alike: Alike | null = null;
    const tell = (): void => {
      if (alike) rows.push(alikeHtml(state, level, alike));
      alike = null;
    };
    for (const i of slotsOf(words, table, level, size)) {
      if (rows.length >= MOST) break;
      const at = table + i * size;
      const low = words.cells.get(at)!;
      const entry = ((wide ? valueAt(at + 4n) : 0n) << 32n) | valueAt(at);
      const address = base + (i << BigInt(level.shift));
      const changed = state.was(low) !== undefined;
      if (entry === 0n && !changed) continue;
      if (address >= KERNEL && levels !== LONG && !changed) {
        hidden++;
        continue;
      }
      const leaf = depth === levels.length - 1 || (entry & LARGE) !== 0n;
      const flags = FLAGS.filter((_, bit) => (entry & (1n << BigInt(bit))) !== 0n).join(' ');
      if (leaf && !changed) {
        const to = entry & ADDRESS;
        if (alike && alike.flags === flags && address === alike.last + (1n << BigInt(level.shift)) && to === alike.to + (address - alike.first)) {
          alike.last = address;
          continue;
        }
        tell();
        alike = { cell: low, first: address, last: address, to, flags };
        continue;
      }
      tell();
      const inner = !leaf && (entry & PRESENT) !== 0n ? walk(entry & ADDRESS, depth + 1, address) : null;
      rows.push(html`<li>${valueHtml(state, low, `${level.name} ${hex(address)} → ${hex(entry & ADDRESS)}`)} <small>${entry === 0n ? 'cleared' : flags}</small>${inner}</li>`);
    }
    tell();
    if (hidden > 0) rows.push(html`<li><small>and ${hidden} entries of the kernel</small></li>`);
    return rows.length > 0 ? html`<ul class="table-tree">${rows}</ul>` : null;
  };

  return html`${roots.map(({ name, at, loaded }) => html`<details ${loaded && html`open`}><summary><b>${name}</b> at ${hex(at)}${loaded && html` <span class="mark">in cr3</span>`}</summary>${walk(at, 0, 0n) ?? html`<p class="note">maps nothing</p>`}</details>`)}`;
}

/** Consecutive entries of the lowest level that map consecutive frames with the same rights. */
interface Alike {
  readonly cell: string;
  readonly first: bigint;
  last: bigint;
  readonly to: bigint;
  readonly flags: string;
}

function alikeHtml(state: State, { name, shift }: Level, { cell, first, last, to, flags }: Alike): Html {
  const more = (last - first) >> BigInt(shift);
  const range = (start: bigint): string => (more === 0n ? hex(start) : `${hex(start)} to ${hex(start + last - first)}`);
  return html`<li>${valueHtml(state, cell, `${name} ${range(first)} → ${range(to)}`)} <small>${flags}${more > 0n && `; ${more + 1n} entries`}</small></li>`;
}

/** The cells of physical memory by address, and for each frame the addresses that have a cell, in order. */
interface Words {
  readonly cells: ReadonlyMap<bigint, string>;
  readonly frames: ReadonlyMap<bigint, readonly bigint[]>;
}

const known = new WeakMap<History, Words>();

function wordsOf(history: History): Words {
  const before = known.get(history);
  if (before) return before;
  const cells = new Map(history.cells.flatMap((cell) => {
    const match = /^memory\[(0x[0-9a-f]+)\]$/.exec(cell);
    return match ? [[BigInt(match[1]!), cell] as const] : [];
  }));
  const frames = new Map<bigint, bigint[]>();
  for (const at of [...cells.keys()].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))) (frames.get(at >> 12n) ?? frames.set(at >> 12n, []).get(at >> 12n)!).push(at);
  const words = { cells, frames };
  known.set(history, words);
  return words;
}

/** The slots of a table that have a cell. */
function slotsOf({ frames }: Words, table: bigint, { bits }: Level, size: bigint): readonly bigint[] {
  const end = table + (size << BigInt(bits));
  return (frames.get(table >> 12n) ?? []).filter((at) => at >= table && at < end && (at - table) % size === 0n).map((at) => (at - table) / size);
}

interface Root {
  readonly name: string;
  readonly at: bigint;
  readonly loaded: boolean;
}

const NUMBER = /^(0x[0-9a-f]+|\d+)$/;

/** The top tables: of each address space, or of each processor if address spaces are known by the guest's own frame numbers. */
function rootsOf(state: State): Root[] {
  const loaded = new Map(state.matching(/^cpu\d+\.cr3$/).filter((cell) => NUMBER.test(state.get(cell)!)).map((cell) => [BigInt(state.get(cell)!), cell]));
  const spaces = state.having('pgd').filter((name) => state.get(`${name}.freed`) !== '1' && NUMBER.test(state.get(`${name}.pgd`) ?? ''))
    .map((name) => ({ name, at: BigInt(state.get(`${name}.pgd`)!), loaded: loaded.has(BigInt(state.get(`${name}.pgd`)!)) }));
  if (spaces.some((space) => space.loaded)) return spaces;
  return [...loaded].filter(([at]) => at !== 0n).map(([at, cell]) => ({ name: cell, at: at & ~0x1fn, loaded: true }));
}

const hex = (address: bigint): string => `0x${address.toString(16).padStart(8, '0')}`;
