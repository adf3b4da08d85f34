import { RecordingError } from '../../../hardware/recorded';
import { MMUEXT } from '../../../hypervisors/xen/public/xen';

// A recorded script: calls that one guest made to a real Xen, in order, with
// the result of each. Frames have names, entries are `name:flags`; what each
// word means is in features/machine/data/README.md.

/** The result of one call of a multicall, or of a separate call. */
export interface RecordedResult {
  readonly rc?: number;
  /** How many operations of a list were done; absent if Xen did not say. */
  readonly done?: number;
}

export interface RecordedExtendedOp {
  readonly cmd: string;
  readonly frame?: string;
  readonly raw?: number;
  readonly va?: string | number;
  readonly src?: string;
  readonly arg2?: number;
}

export interface RecordedCall extends RecordedResult {
  readonly op: string;
  readonly reqs?: readonly (readonly [string, string])[];
  readonly ops?: readonly RecordedExtendedOp[];
  readonly calls?: readonly RecordedCall[];
  readonly results?: readonly RecordedResult[];
  readonly dom?: number;
  readonly va?: string | number;
  readonly val?: string;
  readonly half?: number;
  readonly flags?: number;
  readonly entries?: number;
  readonly frames?: readonly (string | number)[];
  readonly frame?: string;
  readonly frame_is?: string;
  readonly at?: string;
  readonly lo?: number;
  readonly hi?: number;
  readonly enable?: boolean;
  readonly write?: boolean | string;
  readonly read?: string;
  readonly fault?: string;
  /** By `table.slot`, the new value of each entry that changed. */
  readonly after?: Readonly<Record<string, string>>;
}

export interface RecordedScript {
  readonly id: string;
  readonly set: string;
  /** How Xen crashed; then nothing is known of the results. */
  readonly crash?: string;
  readonly calls: readonly RecordedCall[];
}

/** The operations that a script may have. */
export const OPERATIONS = [
  'mmu_update', 'update_va_mapping', 'update_va_mapping_otherdomain', 'mmuext_op', 'set_gdt', 'update_descriptor', 'multicall',
  'decrease', 'populate', 'vm_assist', 'store32', 'store64', 'probe', 'probes', 'unwatch',
] as const;

/** Reads one line. Throws a `RecordingError` that names what is wrong with it. */
export function parseScript(line: string): RecordedScript {
  let raw: Partial<RecordedScript> | null;
  try {
    raw = JSON.parse(line) as Partial<RecordedScript> | null;
  } catch {
    throw new RecordingError('not JSON');
  }
  if (typeof raw !== 'object' || raw === null) throw new RecordingError('not a JSON object');
  const { id, set, calls } = raw;
  if (typeof id !== 'string' || typeof set !== 'string') throw new RecordingError('no script: "id" and "set" are missing');
  if (!Array.isArray(calls) || calls.length === 0) throw new RecordingError('"calls" is not a list of calls');
  for (const call of calls as readonly RecordedCall[]) checkCall(call);
  return raw as RecordedScript;
}

function checkCall(call: RecordedCall): void {
  if (!(OPERATIONS as readonly string[]).includes(call.op)) throw new RecordingError(`"op" is "${call.op}"; it can be ${OPERATIONS.join(', ')}`);
  for (const list of ['reqs', 'ops', 'calls', 'frames', 'results'] as const) if (call[list] !== undefined && !Array.isArray(call[list])) throw new RecordingError(`"${list}" of ${call.op} is not a list`);
  for (const req of call.reqs ?? []) if (!Array.isArray(req) || req.length !== 2) throw new RecordingError('a request of "reqs" is not a pair of an entry and its value');
  for (const inner of call.calls ?? []) checkCall(inner);
  for (const { cmd } of call.ops ?? []) if (commandNumber(cmd) === null) throw new RecordingError(`"cmd" is "${cmd}"; it can be ${Object.keys(MMUEXT).join(', ')} or a number`);
}

/** The number of a command that is given by name or by number; null if it is neither. */
export function commandNumber(cmd: string): number | null {
  if (cmd in MMUEXT) return MMUEXT[cmd as keyof typeof MMUEXT];
  return /^\d+$/.test(cmd) ? Number(cmd) : null;
}
