import { Store } from '../state/store';
import { Cpu, type CpuOptions } from './cpu';
import { Memory } from './memory';
import { access, setCr, setEfer, type AccessKind, type AccessResult } from './mmu';

// The machine against recordings of real accesses: one access on an empty TLB,
// or a sequence of accesses with changes of tables and control registers in
// between. A recording says what must happen, and in what processors may differ.

/** What an access led to. Numbers beyond 32 bits are `0x…` texts. */
export interface RecordedResult {
  readonly out: 'ok' | 'pf' | 'gp';
  readonly pa: string | null;
  readonly err: number | null;
  readonly cr2: string | null;
  /** The paging entries after the access, in the order of the case's `mem`. */
  readonly after: readonly string[];
  /** Bits of each entry on which processors may differ. */
  readonly opt: readonly string[];
}

/** One access of a recording. */
export interface RecordedAccess extends RecordedResult {
  readonly op: 'acc';
  readonly acc: keyof typeof KINDS;
  readonly cpl: number;
  readonly ac: number;
  readonly size: number;
  readonly la: string;
  /** Whether the manual determines the result: always, only if the previous access faulted here too, or not at all. */
  readonly must: boolean | 'ifPrevFaulted';
  readonly fresh?: RecordedResult;
}

/** One operation of a sequence. */
export type RecordedOperation =
  | RecordedAccess
  | { readonly op: 'set'; readonly pa: string; readonly val: string }
  | { readonly op: 'invlpg'; readonly la: string }
  | { readonly op: 'cr0' | 'cr3' | 'cr4'; readonly val: string };

/** One recording. */
export interface RecordedCase {
  readonly id: string;
  readonly set: string;
  readonly mode: keyof typeof ENTRY_BYTES;
  readonly cr0: string;
  readonly cr3: string;
  readonly cr4: string;
  readonly efer: string;
  /** Physical address and value of each paging entry that is not 0. */
  readonly mem: readonly (readonly [string, string])[];
  readonly ops: readonly RecordedOperation[];
  /** What the MOV to CR3 that ends the set-up must do; only if the case is about that. */
  readonly load?: 'ok' | 'gp';
  /** Recorded on a processor without pages of 1 GiB. */
  readonly no1g?: boolean;
}

/** How an access that the manual determines went. */
export interface Checked {
  readonly id: string;
  /** The mode and the set, as `pae/P4K`. */
  readonly set: string;
  /** What differs; empty when the machine agrees. */
  readonly differences: readonly string[];
}

const KINDS = { r: 'read', w: 'write', x: 'fetch', m: 'rmw' } as const satisfies Record<string, AccessKind>;
const ENTRY_BYTES = { legacy: 4, pae: 8, long: 8 } as const;
const OPERATIONS = ['acc', 'set', 'invlpg', 'cr0', 'cr3', 'cr4'];

/** A line of a recording that cannot be read; the message says why. */
export class RecordingError extends Error {}

/** Reads one line of a recording. Throws a `RecordingError` that names what is wrong with it. */
export function parseRecording(line: string): RecordedCase {
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new RecordingError('not JSON');
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new RecordingError('not a JSON object');
  if (!(String(raw.mode) in ENTRY_BYTES)) throw new RecordingError(`"mode" is ${JSON.stringify(raw.mode)}; it can be ${Object.keys(ENTRY_BYTES).join(', ')}`);
  for (const field of ['id', 'set', 'cr0', 'cr3', 'cr4', 'efer']) if (typeof raw[field] !== 'string') throw new RecordingError(`"${field}" is missing`);
  for (const field of ['cr0', 'cr3', 'cr4', 'efer']) numeral(raw[field], field);
  if (!Array.isArray(raw.mem)) throw new RecordingError('"mem" is missing');
  for (const entry of raw.mem as unknown[]) for (const part of Array.isArray(entry) && entry.length === 2 ? entry : [null]) numeral(part, 'mem');
  const size = (raw.mem as unknown[]).length;
  if (raw.op === 'mov-cr3') {
    if (raw.out !== 'ok' && raw.out !== 'gp') throw new RecordingError('"out" of a mov-cr3 can be ok or gp');
    return { ...raw, ops: [], load: raw.out } as unknown as RecordedCase;
  }
  const ops = (raw.ops ?? [{ ...raw, op: 'acc', must: true }]) as Record<string, unknown>[];
  if (!Array.isArray(ops)) throw new RecordingError('"ops" is not a list');
  ops.forEach((op, i) => checkOperation(op, raw.ops ? `ops[${i}]: ` : '', size));
  return { ...raw, ops } as unknown as RecordedCase;
}

function checkOperation(op: Record<string, unknown>, where: string, entries: number): void {
  if (typeof op !== 'object' || op === null || !OPERATIONS.includes(String(op.op))) throw new RecordingError(`${where}"op" can be ${OPERATIONS.join(', ')}`);
  const fields = { acc: ['la'], set: ['pa', 'val'], invlpg: ['la'], cr0: ['val'], cr3: ['val'], cr4: ['val'] }[String(op.op)] ?? [];
  for (const field of fields) numeral(op[field], `${where}${field}`);
  if (op.op !== 'acc') return;
  if (!(String(op.acc) in KINDS)) throw new RecordingError(`${where}"acc" can be ${Object.keys(KINDS).join(', ')}`);
  for (const field of ['cpl', 'ac', 'size']) if (typeof op[field] !== 'number') throw new RecordingError(`${where}"${field}" is missing`);
  if (op.must === true) checkResult(op, where, entries);
}

function checkResult(result: Record<string, unknown>, where: string, entries: number): void {
  if (!['ok', 'pf', 'gp'].includes(String(result.out))) throw new RecordingError(`${where}"out" can be ok, pf, gp`);
  if (result.out === 'ok') numeral(result.pa, `${where}pa`);
  if (result.out === 'pf') numeral(result.cr2, `${where}cr2`);
  if (result.out !== 'ok' && typeof result.err !== 'number') throw new RecordingError(`${where}"err" is missing`);
  for (const field of ['after', 'opt']) {
    const values = result[field];
    if (!Array.isArray(values) || values.length !== entries) throw new RecordingError(`${where}"${field}" must have one value for each entry of "mem"`);
    for (const value of values) numeral(value, `${where}${field}`);
  }
}

function numeral(value: unknown, field: string): void {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,16}$/i.test(value)) throw new RecordingError(`"${field}" is ${JSON.stringify(value) ?? 'missing'}; expected a number such as "0x1f"`);
}

/** A machine that replays recordings, each from the same initial state. */
export class RecordingPlayer {
  private readonly store = new Store();
  private readonly memory = new Memory(this.store);
  private readonly withGigabytePages: Cpu;
  private readonly withoutThem: Cpu;
  private cpu: Cpu;

  /** @param options what its processors have or may do in addition: what the manual determines does not depend on it */
  constructor(options: Pick<CpuOptions, 'structureCaches' | 'severalSizes' | 'pcids'> = {}) {
    this.withGigabytePages = new Cpu(this.store, 0, this.memory, options);
    this.withoutThem = new Cpu(this.store, 1, this.memory, { ...options, gigabytePages: false });
    this.cpu = this.withGigabytePages;
  }

  /** Replays `recording`; one result for each access that the manual determines. */
  play(recording: RecordedCase): Checked[] {
    const beginning = this.store.mark();
    try {
      return this.replay(recording);
    } finally {
      this.store.undo(beginning);
    }
  }

  private replay(recording: RecordedCase): Checked[] {
    const { id, mode } = recording;
    this.cpu = recording.no1g ? this.withoutThem : this.withGigabytePages;
    const set = `${mode}/${recording.set}`;
    const checked: Checked[] = [];
    const load = this.setUp(recording);
    if (recording.load) return [{ id, set, differences: load === recording.load ? [] : [`MOV to CR3 gives ${load}, not ${recording.load}`] }];
    if (load !== 'ok') return [{ id, set, differences: ['the registers of the case cannot be loaded: #GP'] }];
    let faulted = false;
    for (const op of recording.ops) {
      if (op.op !== 'acc') {
        this.perform(op, mode);
        continue;
      }
      const got = access(this.cpu, KINDS[op.acc], linear(op.la, mode), op.cpl, op.ac !== 0, op.size);
      if (op.must === true) checked.push({ id, set, differences: [...compare(got, op, mode), ...this.compareEntries(op, recording)] });
      if (op.must === 'ifPrevFaulted' && faulted && op.fresh) checked.push({ id, set: `${set} after a fault`, differences: compare(got, op.fresh, mode) });
      faulted = got.out === 'pf';
    }
    return checked;
  }

  private setUp(recording: RecordedCase): 'ok' | 'gp' {
    const { cpu } = this;
    for (const [pa, value] of recording.mem) this.write(pa, value, recording.mode);
    cpu.cr0 = 0x11;
    cpu.cr3 = 0;
    cpu.cr4 = 0;
    cpu.efer = 0;
    const faults = [
      setCr(cpu, 'cr4', Number(recording.cr4)),
      setEfer(cpu, Number(recording.efer)),
      setCr(cpu, 'cr0', Number(recording.cr0)),
      setCr(cpu, 'cr3', Number(recording.cr3)),
    ];
    return faults.every((fault) => fault === null) ? 'ok' : 'gp';
  }

  private perform(op: Exclude<RecordedOperation, RecordedAccess>, mode: RecordedCase['mode']): void {
    switch (op.op) {
      case 'set': return this.write(op.pa, op.val, mode);
      case 'invlpg': return this.cpu.tlb.invlpg(linear(op.la, mode));
      default: setCr(this.cpu, op.op, Number(op.val));
    }
  }

  private write(pa: string, value: string, mode: RecordedCase['mode']): void {
    if (ENTRY_BYTES[mode] === 4) this.memory.write32(Number(pa), Number(value));
    else this.memory.write64(Number(pa), BigInt(value));
  }

  private compareEntries(expected: RecordedResult, { mem, mode }: RecordedCase): string[] {
    return mem.flatMap(([pa], i) => {
      const is = ENTRY_BYTES[mode] === 4 ? BigInt(this.memory.read32(Number(pa))) : this.memory.read64(Number(pa));
      const differs = (is ^ BigInt(expected.after[i]!)) & ~BigInt(expected.opt[i]!);
      return differs === 0n ? [] : [`the entry at ${pa} is 0x${is.toString(16)}, not ${expected.after[i]!}`];
    });
  }
}

/** The address in the form that paging takes: in long mode the two's complement value. */
function linear(la: string, mode: RecordedCase['mode']): number {
  return mode === 'long' ? Number(BigInt.asIntN(64, BigInt(la))) : Number(la);
}

function compare(got: AccessResult, expected: RecordedResult, mode: RecordedCase['mode']): string[] {
  if (got.out !== expected.out) return [`it gives ${describe(got)}, not ${expected.out}${expected.err === null ? '' : ` with error code ${expected.err}`}`];
  const differences: string[] = [];
  if (got.out !== 'ok' && got.err !== expected.err) differences.push(`the error code is ${got.err}, not ${expected.err}`);
  if (got.out === 'pf' && got.cr2 !== linear(expected.cr2!, mode)) differences.push(`CR2 is 0x${(BigInt(got.cr2) & 0xffffffffffffffffn).toString(16)}, not ${expected.cr2}`);
  if (got.out === 'ok' && got.pa !== Number(expected.pa)) differences.push(`it reaches 0x${got.pa.toString(16)}, not ${expected.pa}`);
  return differences;
}

function describe(got: AccessResult): string {
  return got.out === 'ok' ? `ok at 0x${got.pa.toString(16)}` : `${got.out} with error code ${got.err}`;
}
