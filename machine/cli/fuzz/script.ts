// What guests do, in words: one turn of a virtual CPU per line. A turn is one
// entry into Xen: a single deed, a list of deeds for one hypercall (`pin … +
// unpin …`), or a multicall of those (`pin … | map …`). A script replays
// exactly.

/** The verbs, with the numbers that each needs. */
export const VERBS = {
  pin: ['level', 'mfn'],
  unpin: ['mfn'],
  base: ['mfn'],
  /** The root for the programs of a 64-bit guest. */
  'user-base': ['mfn'],
  /** A 64-bit guest continues in a program, or in its kernel again. */
  mode: ['user'],
  map: ['va', 'mfn', 'bits', 'flush'],
  update: ['table', 'slot', 'mfn', 'bits', 'kind'],
  /** On behalf of another domain. */
  'update-for': ['table', 'slot', 'mfn', 'bits', 'kind', 'dom'],
  store: ['va', 'mfn', 'bits', 'user'],
  'store-half': ['va', 'word', 'user'],
  read: ['va'],
  gdt: ['mfn'],
  /** Names a local descriptor table. */
  ldt: ['va', 'entries'],
  /** A selector of that table is loaded; `emulated`: by Xen, for an instruction that it emulates. */
  selector: ['index', 'emulated'],
  descriptor: ['pa', 'low', 'high'],
  clear: ['mfn'],
  copy: ['mfn', 'from'],
  assist: ['on'],
  free: ['mfn'],
  alloc: [],
  exchange: ['mfn'],
  'exchange-to': ['mfn', 'va', 'done'],
  command: ['number', 'mfn'],
  bind: ['vcpu'],
  send: ['port'],
  'mask-port': ['port'],
  'unmask-port': ['port'],
  grant: ['ref', 'mfn', 'dom', 'ro'],
  accept: ['ref', 'dom'],
  'map-grant': ['va', 'ref', 'dom', 'ro'],
  'map-grant-pte': ['pa', 'ref', 'dom', 'ro'],
  'map-grant-device': ['va', 'ref', 'dom', 'ro'],
  'unmap-grant': ['va', 'handle'],
  /** The devices' part too: `bus` is their address of the frame. */
  'unmap-grant-device': ['va', 'handle', 'bus'],
  /** What is mapped at `new` replaces the grant. */
  'replace-grant': ['va', 'handle', 'new'],
  /** Grants a grant: that of domain `of`, its number `its`. */
  'grant-transitive': ['ref', 'dom', 'ro', 'of', 'its'],
  /** Frames by their numbers if the domain is 0x7ff0, else grants. */
  'copy-grant': ['from', 'fdom', 'to', 'tdom', 'offset', 'len'],
  version: ['number'],
  transfer: ['mfn', 'dom'],
  'iret-and-map': ['va', 'mfn', 'bits'],
  /** Continues the call in which the virtual CPU was interrupted. */
  again: [],
  /** By the fully virtualised domain, to a frame of its own. */
  'write-own': ['mfn', 'offset', 'word'],
  // The guest cannot do this, but it may happen to it at any time.
  /** B emulates devices for the fully virtualised domain, and may map its frames. */
  target: ['on'],
  /** The domain cannot have higher frames. */
  highest: ['frame'],
  /** The domain is domain 0. */
  privileged: [],
  /** The toolstack tears the domain down, or continues after an interruption. */
  destroy: [],
  /** At this attempt to take an upper table's type, another processor is working on the table. */
  contend: ['times'],
  device: ['on'],
  'iommu-fails': ['on'],
  evict: ['mfn'],
  patience: ['entries'],
} as const;

export type Verb = keyof typeof VERBS;

/** One thing that a guest does: the virtual CPU, the verb, and its numbers. */
export interface Deed {
  /** `A0`: domain and virtual CPU. */
  readonly who: string;
  readonly verb: Verb;
  readonly numbers: Readonly<Record<string, number>>;
}

/** The deeds that one hypercall takes as a list; most take one. */
export type Call = readonly Deed[];

/** One entry into Xen: a call, or the calls of a multicall. All by one virtual CPU. */
export type Turn = readonly Call[];

/** The verbs that one hypercall accepts in one list. */
const LISTS: readonly (readonly Verb[])[] = [['pin', 'unpin', 'base', 'user-base', 'command', 'clear', 'copy'], ['update'], ['gdt'], ['copy-grant']];

/** Verbs that are not hypercalls, and so cannot be part of a multicall. */
const OUTSIDE: ReadonlySet<Verb> = new Set<Verb>(['mode', 'store', 'store-half', 'read', 'mask-port', 'grant', 'grant-transitive', 'accept', 'iret-and-map', 'again', 'write-own', 'target', 'highest', 'device', 'privileged', 'destroy', 'contend', 'iommu-fails', 'evict', 'patience']);

/** Whether `second` can be in one list with `first`. */
export function joins(first: Verb, second: Verb): boolean {
  return LISTS.some((list) => list.includes(first) && list.includes(second));
}

/** Whether it can be in a multicall. */
export function isHypercall(verb: Verb): boolean {
  return !OUTSIDE.has(verb);
}

function formatDeed({ verb, numbers }: Deed): string {
  return [verb, ...VERBS[verb].map((name) => `${name}=0x${numbers[name]!.toString(16)}`)].join(' ');
}

export function formatTurn(turn: Turn): string {
  return `${turn[0]![0]!.who} ${turn.map((call) => call.map(formatDeed).join(' + ')).join(' | ')}`;
}

/** Reads one line of a script. Throws an error with the word that cannot be read. */
export function parseTurn(line: string): Turn {
  const [who = '', ...rest] = line.trim().split(/\s+/);
  if (!/^(A[01]|B0|H0)$/.test(who)) throw new Error(`"${who}" is not a virtual CPU; there are A0, A1, B0 and H0`);
  const turn = rest.join(' ').split(' | ').map((call) => call.split(' + ').map((words) => parseDeed(who, words)));
  for (const call of turn) {
    const [first, ...others] = call;
    const odd = others.find(({ verb }) => !joins(first!.verb, verb));
    if (odd) throw new Error(`"${odd.verb}" cannot be in one list with "${first!.verb}"; lists are of ${LISTS.map((list) => list.join(', ')).join('; ')}`);
    if (turn.length > 1 && OUTSIDE.has(first!.verb)) throw new Error(`"${first!.verb}" is not a hypercall, and cannot be in a multicall`);
  }
  return turn;
}

function parseDeed(who: string, text: string): Deed {
  const [verb = '', ...words] = text.trim().split(' ');
  if (!(verb in VERBS)) throw new Error(`"${verb}" is not an operation of a guest; there are ${Object.keys(VERBS).join(', ')}`);
  const numbers: Record<string, number> = {};
  for (const name of VERBS[verb as Verb]) {
    const word = words.find((candidate) => candidate.startsWith(`${name}=`));
    const value = word === undefined ? NaN : Number(word.slice(name.length + 1));
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`"${text.trim()}" lacks ${name}=number`);
    numbers[name] = value;
  }
  const odd = words.find((word) => !VERBS[verb as Verb].some((name) => word.startsWith(`${name}=`)));
  if (odd !== undefined) throw new Error(`"${odd}" is not an argument of ${verb}, which takes ${VERBS[verb as Verb].join(', ') || 'nothing'}`);
  return { who, verb: verb as Verb, numbers };
}
