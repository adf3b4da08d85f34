import { access } from '../../../hardware/mmu';
import type { Checked } from '../../../hardware/recorded';
import { releaseNamed, type Release } from '../../../hypervisors/xen/releases/release';
import type { Mfn } from '../../../hypervisors/xen/public/xen';
import { performCall, type Came } from './perform';
import type { RecordedCall, RecordedResult, RecordedScript } from './script';
import { RecordedWorld } from './world';

// Compares the model of one release with what that release answered: results
// and error numbers, counts, faults, probes, and every entry that changed.

export class ScriptPlayer {
  private readonly world: RecordedWorld;
  private readonly start;

  constructor(readonly release: Release = releaseNamed('4.13.5')) {
    this.world = new RecordedWorld(release);
    this.start = this.world.store.mark();
  }

  /** Performs a script from the initial state and says what differs. */
  play(script: RecordedScript): Checked {
    const { id, set } = script;
    const differences = this.from(script, true);
    const isSame = differences.length === 0 || this.from(script, false).length === 0;
    return { id, set, differences: isSame ? [] : differences };
  }

  private from({ calls, crash }: RecordedScript, accessed: boolean): readonly string[] {
    const { world } = this;
    world.begin(accessed);
    try {
      return crash === undefined ? this.compareAll(calls) : this.untilItDies(calls, crash);
    } finally {
      world.store.undo(this.start);
    }
  }

  private compareAll(calls: readonly RecordedCall[]): readonly string[] {
    const { world } = this;
    const { xen, store } = world;
    for (const [i, call] of calls.entries()) {
      const before = store.mark();
      const known = world.compared;
      const came = performCall(world, call);
      if (xen.died.value !== '') return [`call ${i + 1}, ${call.op}: Xen dies (${xen.died.value})`];
      settle(world);
      const wrong = [...compare(call, came), ...compareEntries(world, known, call, changedWords(store.changesSince(before)))];
      if (wrong.length > 0) return wrong.map((what) => `call ${i + 1}, ${call.op}: ${what}`);
    }
    return [];
  }

  private untilItDies(calls: readonly RecordedCall[], crash: string): readonly string[] {
    const { world } = this;
    for (const call of calls) {
      performCall(world, call);
      const how = world.xen.died.value;
      if (how === '') continue;
      return isSameEnd(crash, how) ? [] : [`Xen dies of "${how}", not of "${crash}"`];
    }
    return [`Xen does not die of "${crash}"`];
  }
}

/** The recorder continues to run, through the entry of the root that maps it: the processor sets the accessed bit there. */
function settle(world: RecordedWorld): void {
  const { vcpu: { cpu }, recorderAddress } = world;
  cpu.tlb.invlpg(recorderAddress);
  access(cpu, 'read', recorderAddress, 1, false, 4);
}

/** Line numbers depend on the release, and the model names functions: `Xen BUG at mm.c:1552` matches any BUG. */
function isSameEnd(crash: string, how: string): boolean {
  return crash.includes('BUG') ? how.startsWith('BUG') : crash === how;
}

function compare(call: RecordedCall, came: Came): string[] {
  const wrong = compareResult(call, came);
  const differ = (what: string, here: unknown, there: unknown): void => {
    if (there !== undefined && here !== there) wrong.push(`${what} is ${String(here)}, not ${String(there)}`);
  };
  differ('the fault', came.fault, call.fault);
  if (call.op === 'probes') {
    differ('what can be read', came.read, call.read);
    differ('what can be written', came.write, call.write);
  }
  call.results?.forEach((result, i) => wrong.push(...compareResult(result, came.results?.[i] ?? {}).map((what) => `in call ${i + 1} of the list, ${what}`)));
  return wrong;
}

function compareResult(recorded: RecordedResult, { rc, done }: Came): string[] {
  const wrong: string[] = [];
  if (recorded.rc !== undefined && recorded.rc !== rc) wrong.push(`the result is ${rc}, not ${recorded.rc}`);
  if (recorded.done !== undefined && recorded.done !== done) wrong.push(`${done} operations are done, not ${recorded.done}`);
  return wrong;
}

/** Physical addresses of the words of memory that changed. */
function changedWords(changes: readonly { readonly cell: string }[]): readonly number[] {
  const words: number[] = [];
  for (const { cell } of changes) {
    const match = /^memory\[0x([0-9a-f]+)\]$/.exec(cell);
    if (match) words.push(parseInt(match[1]!, 16));
  }
  return words;
}

/** By `table.slot`, the place of each entry, for the words that changed in frames with a name. */
function placesOf(known: ReadonlyMap<Mfn, string>, words: readonly number[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const pa of words) {
    const table = Math.floor(pa / 4096);
    const slot = Math.floor((pa % 4096) / 8);
    const name = known.get(table);
    if (name !== undefined) places.set(`${name}.${slot}`, { table, slot });
  }
  return places;
}

interface Place {
  readonly table: Mfn;
  readonly slot: number;
}

function compareEntries(world: RecordedWorld, known: ReadonlyMap<Mfn, string>, { op, after = {} }: RecordedCall, words: readonly number[]): string[] {
  const wrong: string[] = [];
  const changed = op === 'probes' ? new Map<string, Place>() : placesOf(known, words);
  for (const [where, { table, slot }] of changed) {
    const entry = world.xen.entryAt(table, slot);
    const recorded = after[where];
    if (recorded === undefined) wrong.push(`${where} becomes ${world.describe(entry)}, and should not change`);
    else if (!world.isAs(recorded, entry) && !world.isNotedOnly(table, slot, recorded)) wrong.push(`${where} becomes ${world.describe(entry)}, not ${recorded}`);
  }
  for (const [where, recorded] of Object.entries(after)) {
    if (changed.has(where)) continue;
    const [name, slot] = where.split('.');
    if (!world.isNotedOnly(world.frame(name!), Number(slot), recorded)) wrong.push(`${where} does not change, and should become ${recorded}`);
  }
  return wrong;
}
