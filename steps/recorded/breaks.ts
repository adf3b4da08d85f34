// What invariants say of states that are wrong, in lines: in a few states of each kernel, one cell after the other is changed.

import { hostileGround } from '../../machine/cli/fuzz/fuzzer';
import { nextTurns } from '../../machine/cli/fuzz/guest';
import { Umpire } from '../../machine/cli/fuzz/judge/umpire';
import { Random } from '../../machine/cli/fuzz/random';
import type { Invariant } from '../../machine/explorer/system';
import { LAYOUTS } from '../../machine/hypervisors/xen/rules';
import { xenKeepsItsRules } from '../../machine/invariants/xen/keeps-its-rules';
import { SITUATIONS } from '../../machine/situations';
import { prepare } from '../../machine/situations/check';
import type { Value } from '../../machine/state/hash';
import type { Store } from '../../machine/state/store';
import { drawn } from './graphs';
import { digest, orRefusal, type Lines, type Recording } from './recording';

/** After how many events of a run the cells of a kernel are changed. */
const EVENTS = [0, 12, 40, 100] as const;

/** How many cells of a state are changed at most. */
const CELLS = 90;

const XEN = 'Xen on ';

/** The invariants of each situation, and those of Xen after some calls of a random guest. */
export const breaks: Recording = { name: 'breaks', parts: [...SITUATIONS.map(({ id }) => id), ...LAYOUTS.map(({ name }) => `${XEN}${name}`)], linesOf: (part) => (part.startsWith(XEN) ? ofXen(part.slice(XEN.length)) : ofSituation(part)) };

function ofSituation(id: string): Lines {
  const lines = new Said();
  for (const patches of ['none', 'all']) {
    const { situation: { build }, choice } = prepare({ situation: id, patches, parameters: {} });
    for (const [seed, events] of EVENTS.entries()) {
      const system = build(choice);
      drawn(system, seed + 1, events);
      lines.add(system.store, system.invariants);
    }
  }
  return lines.all;
}

function ofXen(tables: string): Lines {
  const lines = new Said();
  const ground = hostileGround({ layout: LAYOUTS.find(({ name }) => name === tables)! });
  const umpire = new Umpire(ground);
  const random = new Random(11);
  umpire.reset();
  for (let portion = 0; portion < 4; portion++) {
    lines.add(ground.store, xenKeepsItsRules(ground.xen));
    for (let turn = 0; turn < 12; turn++) for (const next of nextTurns(ground, random)) umpire.play(next);
  }
  return lines.all;
}

/** What each invariant has said. */
class Said {
  private states = 0;
  private readonly of = new Map<string, { asked: number; readonly messages: string[] }>();

  /** Changes one cell after the other, and asks the invariants each time. */
  add(store: Store, invariants: readonly Invariant[]): void {
    const stride = Math.max(1, Math.floor(store.size / CELLS));
    for (let loc = this.states++ % stride; loc < store.size; loc += stride) {
      for (const value of othersThan(store.peek(loc))) {
        const { length } = store.mark();
        const isSet = orRefusal(() => (store.set(loc, value), ''));
        if (isSet === '') for (const { name, check } of invariants) this.note(name, orRefusal(() => check() ?? ''), store.nameOf(loc));
        store.undoTo(length);
      }
    }
  }

  private note(name: string, message: string, cell: string): void {
    let said = this.of.get(name);
    if (!said) this.of.set(name, said = { asked: 0, messages: [] });
    said.asked++;
    if (message !== '') said.messages.push(`${cell}: ${message}`);
  }

  get all(): Lines {
    return Object.fromEntries([...this.of].map(([name, { asked, messages }]) => [name, `${messages.length} of ${asked} changes break it${messages.length === 0 ? '' : `, with ${new Set(messages).size} messages, ${digest(messages)}; one is ${JSON.stringify(messages[0]!.slice(0, 160))}`}`]));
  }
}

/** Some other values of the same kind: of a list, those without its first item and those in which that is another; of a record, those in which one field is another. */
function othersThan(value: Value): readonly Value[] {
  switch (typeof value) {
    case 'boolean': return [!value];
    case 'number': return [value + 1, value ^ 2, value === 0 ? 3 : 0];
    case 'string': return [''];
    case 'object': {
      if (value === null) return [1];
      if (Array.isArray(value)) return value.length === 0 ? [[1]] : [value.slice(1), ...othersThan((value as readonly Value[])[0]!).map((first) => [first, ...value.slice(1) as readonly Value[]])];
      if (Object.getPrototypeOf(value) !== Object.prototype) return [null];
      return Object.entries(value as Readonly<Record<string, Value>>).flatMap(([key, field]) => othersThan(field).map((other) => ({ ...value, [key]: other })));
    }
    default: return [];
  }
}
