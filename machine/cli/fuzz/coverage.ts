import type { FrameType, page_info } from '../../hypervisors/xen/frames/frames';
import type { Playground } from '../../situations/xen/playground';
import { mix } from '../../state/hash';
import type { Vcpu } from '../../hypervisors/xen/xen';
import type { Outcome } from './perform';
import type { Deed, Turn } from './script';

// Which combinations of a call, the state of the frame that it names, its
// outcome, and the interrupted virtual CPUs have been seen. A script that shows
// a new one is worth varying.

const TYPES: Readonly<Record<FrameType, number>> = { none: 0, l1: 1, l2: 2, l2x: 3, l3: 4, gdt: 5, writable: 6, l4: 7 };

/** The state of a frame, without its exact counts. */
function stateOf(page: page_info | undefined, { domain }: Vcpu): number {
  if (!page) return 0;
  const { owner, type, type_count, validated, partial, partial_set, pinned, linear_pt_count, count, xenHeap } = page;
  const whose = owner === null ? 0 : owner === domain ? 1 : owner === domain.target ? 2 : 3;
  const flags = (validated ? 1 : 0) | (partial ? 2 : 0) | (partial_set ? 4 : 0) | (pinned ? 8 : 0) | (xenHeap ? 16 : 0) | (count > type_count + 1 ? 32 : 0);
  return 1 + ((((whose * 8 + TYPES[type]) * 4 + Math.min(type_count, 3)) * 3 + Math.sign(linear_pt_count) + 1) * 64 + flags);
}

/** What is unfinished: of the virtual CPU, and of the others. */
function unfinished({ xen }: Playground, vcpu: Vcpu): number {
  let bits = xen.patience.value > 0 ? 1 : 0;
  for (const other of xen.vcpus) {
    const shift = other === vcpu ? 1 : 4;
    if (other.old_guest_table !== null) bits |= (other.old_guest_table_partial ? 2 : 1) << shift;
    if (other.in_flight !== null) bits |= 4 << shift;
  }
  return bits;
}

const named = ({ numbers }: Deed): number => numbers['table'] ?? numbers['mfn'] ?? -1;

export class Coverage {
  private readonly seen = new Set<number>();
  /** Numbers of outcomes, by the message of a call without its numbers. */
  private readonly outcomes = new Map<string, number>();
  private readonly words = new Map<string, number>();

  /** How many combinations were seen. */
  get size(): number {
    return this.seen.size;
  }

  /** The state before a turn, for `note`. */
  before(ground: Playground, turn: Turn): number {
    const call = turn[0]!;
    const vcpu = ground.vcpu(call[0]!.who);
    let key = unfinished(ground, vcpu) + 64 * Math.min(turn.length - 1, 1) + 128 * Math.min(call.length - 1, 2);
    for (const deed of call.slice(0, 2)) {
      const { xen } = ground;
      key = mix(key ^ Math.imul(stateOf(xen.pageOf(named(deed)), vcpu), 0x9e3779b1), 0x85ebca6b);
      const { table, mfn, bits = 0 } = deed.numbers;
      if (table !== undefined && mfn !== undefined) key = mix(key ^ Math.imul(stateOf(xen.pageOf(mfn), vcpu), 0x27d4eb2f) ^ (bits & 0x83), 0x85ebca6b);
    }
    return key;
  }

  /** Records the outcome of the turn. Returns whether that combination is new. */
  note(before: number, turn: Turn, { said, isInterrupted }: Outcome): boolean {
    const { verb } = turn[turn.length - 1]![0]!;
    const key = mix(before ^ Math.imul(this.outcome(said), 0x165667b1) ^ Math.imul(this.word(verb), 0x2545f491) ^ (isInterrupted ? 0x5bd1 : 0), 0xc2b2ae35);
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }

  private outcome(said: string): number {
    let outcome = this.outcomes.get(said);
    if (outcome === undefined) this.outcomes.set(said, outcome = this.word(/^\d+$/.test(said) ? '0' : said.replace(/0x[0-9a-f]+|\b[0-9a-f]{8}\b|\d+/g, '#')));
    return outcome;
  }

  private word(word: string): number {
    let number = this.words.get(word);
    if (number === undefined) this.words.set(word, number = this.words.size + 1);
    return number;
  }
}
