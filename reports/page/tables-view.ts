// Page tables as trees: from each address space's top table down to the pages, as the words of
// physical memory have them. Two levels, or as many as the control registers of cpu0 ask for.

import { html, type Html } from '../html';
import type { State } from '../trace/state';
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
/** Of the kernel's half, which is alike in all address spaces, only what changes is drawn. */
const KERNEL = 0xc0000000n;
const MOST = 400;

export function tablesHtml(state: State): Html | null {
  const roots = rootsOf(state);
  if (roots.length === 0 || roots.length > 8) return null;
  const words = new Map([...state.cells].flatMap(([cell, value]) => {
    const match = /^memory\[(0x[0-9a-f]+)\]$/.exec(cell);
    return match ? [[BigInt(match[1]!), { cell, value: BigInt(value) & 0xffffffffn }] as const] : [];
  }));
  const cr4 = Number(state.get('cpu0.cr4') ?? 0);
  const levels = Number(state.get('cpu0.efer') ?? 0) & 0x400 ? LONG : cr4 & 0x20 ? PAE : TWO;
  const wide = levels !== TWO;

  const walk = (table: bigint, depth: number, base: bigint): Html | null => {
    const level = levels[depth]!;
    const rows: Html[] = [];
    let hidden = 0;
    for (let i = 0n; i < 1n << BigInt(level.bits) && rows.length < MOST; i++) {
      const at = table + i * (wide ? 8n : 4n);
      const low = words.get(at);
      if (!low) continue;
      const high = wide ? words.get(at + 4n)?.value ?? 0n : 0n;
      const entry = (high << 32n) | low.value;
      const address = base + (i << BigInt(level.shift));
      const changed = state.changed.has(low.cell);
      if (entry === 0n && !changed) continue;
      if (address >= KERNEL && levels !== LONG && !changed) {
        hidden++;
        continue;
      }
      const leaf = depth === levels.length - 1 || (entry & LARGE) !== 0n;
      const flags = FLAGS.filter((_, bit) => (entry & (1n << BigInt(bit))) !== 0n).join(' ');
      const inner = !leaf && (entry & PRESENT) !== 0n ? walk(entry & ADDRESS, depth + 1, address) : null;
      rows.push(html`<li>${valueHtml(state, low.cell, `${level.name} ${hex(address)} → ${hex(entry & ADDRESS)}`)} <small>${entry === 0n ? 'cleared' : flags}</small>${inner}</li>`);
    }
    if (hidden > 0) rows.push(html`<li><small>and ${hidden} of the kernel's</small></li>`);
    return rows.length > 0 ? html`<ul class="table-tree">${rows}</ul>` : null;
  };

  return html`${roots.map(({ name, at, loaded }) => html`<details ${loaded && html`open`}><summary><b>${name}</b> at ${hex(at)}${loaded && html` <span class="mark">in cr3</span>`}</summary>${walk(at, 0, 0n) ?? html`<p class="note">maps nothing</p>`}</details>`)}`;
}

interface Root {
  readonly name: string;
  readonly at: bigint;
  readonly loaded: boolean;
}

const NUMBER = /^(0x[0-9a-f]+|\d+)$/;

/** The top tables: of each address space, or, where those are known by the guest's own frame numbers, of each processor. */
function rootsOf(state: State): Root[] {
  const loaded = new Map([...state.cells].filter(([cell, value]) => /^cpu\d+\.cr3$/.test(cell) && NUMBER.test(value)).map(([cell, value]) => [BigInt(value), cell]));
  const spaces = state.having('pgd').filter((name) => state.get(`${name}.freed`) !== '1' && NUMBER.test(state.get(`${name}.pgd`) ?? ''))
    .map((name) => ({ name, at: BigInt(state.get(`${name}.pgd`)!), loaded: loaded.has(BigInt(state.get(`${name}.pgd`)!)) }));
  if (spaces.some((space) => space.loaded)) return spaces;
  return [...loaded].filter(([at]) => at !== 0n).map(([at, cell]) => ({ name: cell, at: at & ~0x1fn, loaded: true }));
}

const hex = (address: bigint): string => `0x${address.toString(16).padStart(8, '0')}`;
