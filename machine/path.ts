import type { Value } from './state/hash';

// All modelled code is paths: generator functions that yield instructions by
// `yield*`. Before an instruction is performed anything else may happen. An
// instruction is a plain description until a processor performs it.
//
//   const tmpreg = yield* movFromCr3();   // movl %%cr3, %0
//   yield* movToCr3(tmpreg);              // movl %0, %%cr3
//
// A path's locals depend on its arguments and on what its instructions
// returned, and on nothing else. That is what lets the explorer go back in
// time: it keeps those values instead of the generator. So a path must not
// read tracked state between its instructions (the store refuses), must not
// depend on time or chance, and takes and returns immutable values.

/** The body of a path, or of one instruction, as `yield*` sees it. */
export type Path<T = void> = Generator<Operation, T, unknown>;

/** What a path may yield: an instruction, or a call of another path. */
export type Operation<T = unknown> = Step<T> | Call<T>;

/** Returned by an instruction that did not complete: it stays pending, below the handler that it raised. */
export const RESTART: unique symbol = Symbol('restart');

/** What an instruction waits for, and which processes could end the wait. Processes are given by name. */
export type Awaited =
  /** A lock. Without `holder`, it is held by the last writer of the cell called `name`. */
  | { readonly kind: 'lock'; readonly name: string; readonly holder?: string }
  /** Each of these must answer; `unless` says what keeps a process from answering. */
  | { readonly kind: 'answers'; readonly of: readonly { readonly process: string; readonly unless?: string | undefined }[] }
  /** Something that any process may cause, worded to follow "waits for". */
  | { readonly kind: 'condition'; readonly text: string };

/** An instruction, without its operands. `Me` is the processor that performs it. */
export interface Instruction<Me, A extends readonly Value[], T> {
  /** Its text in a trace: the C line or the mnemonic. */
  readonly text: string | ((...operands: A) => string);
  /** What it does, all at once. */
  readonly act: (me: Me, ...operands: A) => T | typeof RESTART;
  /** While this is false the instruction waits: a lock that is held, a flag that is awaited. */
  readonly when?: (me: Me, ...operands: A) => boolean;
  /** For a reader, while `when` is false: what it waits for. */
  readonly awaits?: (me: Me, ...operands: A) => Awaited;
  /** Never waits, and always touches the same cells, whatever their values: seeing it once is enough to know what it touches. */
  readonly steady?: boolean;
  /** Every earlier store of the processor is in memory before it, and its own when it is done: a LOCK prefix, or XCHG with memory. */
  readonly locked?: boolean;
  /** Part of the instruction before it: no other CPU can notice the boundary between them. */
  readonly silent?: boolean;
  /** Waits without having work to do, like HLT: it is not a deadlock if it waits forever. */
  readonly idle?: boolean;
  /** The choices, each of which the explorer must try; `act` gets the index as `me.chosen`. */
  readonly choices?: (me: Me, ...operands: A) => readonly string[];
}

/** Operations that were created and not yet started; see `takeDormant`. */
const dormant: Operation[] = [];

/**
 * The operations that were created since the last call and never reached by a
 * `yield*`. A forgotten `yield*` silently does nothing; the code that resumes a
 * path calls this after each boundary and reports what it finds.
 */
export function takeDormant(): Operation[] {
  const asleep = dormant.filter((operation) => !operation.started);
  dormant.length = 0;
  return asleep;
}

abstract class Yielded<T> {
  started = false;
  private resumed = false;

  constructor() {
    dormant.push(this as unknown as Operation);
  }

  [Symbol.iterator](): Iterator<Operation, T, unknown> {
    this.started = true;
    return this as unknown as Iterator<Operation, T, unknown>;
  }

  next(value: unknown): IteratorResult<Operation, T> {
    if (this.resumed) return { done: true, value: value as T };
    this.resumed = true;
    return { done: false, value: this as unknown as Operation };
  }
}

/** One instruction with its operands, ready to be performed. */
export class Step<T = unknown> extends Yielded<T> {
  readonly kind = 'step';

  constructor(readonly instruction: Instruction<never, readonly Value[], T>, readonly operands: readonly Value[]) {
    super();
  }

  /** Whether `me` need not wait to perform it. */
  isReady(me: unknown): boolean {
    const { when } = this.instruction;
    if (when === undefined) return true;
    const { operands } = this;
    switch (operands.length) {
      case 1: return when(me as never, operands[0]);
      case 2: return when(me as never, operands[0], operands[1]);
      default: return when(me as never, ...operands);
    }
  }

  /** Lets `me` perform it. The usual numbers of operands are written out, because passing a list is several times slower. */
  act(me: unknown): T | typeof RESTART {
    if (this.instruction.locked !== true) return this.actPlainly(me);
    const { drain } = me as { drain: () => void };
    drain.call(me);
    const result = this.actPlainly(me);
    drain.call(me);
    return result;
  }

  private actPlainly(me: unknown): T | typeof RESTART {
    const { act } = this.instruction;
    const { operands } = this;
    switch (operands.length) {
      case 1: return act(me as never, operands[0]);
      case 2: return act(me as never, operands[0], operands[1]);
      case 3: return act(me as never, operands[0], operands[1], operands[2]);
      default: return act(me as never, ...operands);
    }
  }

  get text(): string {
    const { text } = this.instruction;
    return typeof text === 'string' ? text : text(...this.operands);
  }
}

/** What a pending step waits for; null when it can continue, or cannot tell. */
export function awaitedBy(step: Step | null, me: unknown): Awaited | null {
  if (step === null) return null;
  const { when, awaits } = step.instruction;
  if (awaits === undefined || when?.(me as never, ...step.operands) !== false) return null;
  return awaits(me as never, ...step.operands);
}

/** A call of a path. The caller resumes with the path's return value; nothing else of the callee remains. */
export class Call<T = unknown> extends Yielded<T> {
  readonly kind = 'call';
  /** Called again each time it returns true. */
  repeats = false;

  constructor(readonly body: (...operands: readonly Value[]) => Path<T>, readonly operands: readonly Value[], readonly text: string) {
    super();
  }
}

/**
 * A loop without a fixed bound: calls the path repeatedly while it returns true. A
 * `while` in a path would keep every round in its history, so that no state would
 * ever recur; this one forgets the rounds, as a processor does.
 */
export function repeatWhile(round: Call<boolean>): Call<unknown> {
  round.repeats = true;
  return round as Call<unknown>;
}

/**
 * Declares an instruction. The result is called inside paths as
 * `yield* name(operands)`.
 *
 * @param text its text in a trace
 * @param act what it does; `me` is the processor that performs it
 * @param options see `Instruction`
 */
export function instruction<Me, A extends readonly Value[], T>(
  text: NoInfer<Instruction<Me, A, T>['text']>,
  act: Instruction<Me, A, T>['act'],
  options: Omit<Instruction<Me, A, T>, 'text' | 'act'> = {},
): (...operands: A) => Step<T> {
  const declared = { text, act, ...options } as unknown as Instruction<never, readonly Value[], T>;
  return (...operands) => new Step<T>(declared, operands);
}

/**
 * Declares an instruction that belongs to the one before it: nothing can
 * happen between them. For reading what only this processor's own thread can
 * change, and for making choices.
 */
export function silently<Me, A extends readonly Value[], T>(
  text: NoInfer<Instruction<Me, A, T>['text']>,
  act: Instruction<Me, A, T>['act'],
): (...operands: A) => Step<T> {
  return instruction<Me, A, T>(text, act, { silent: true });
}

/** Declares a path, named after its generator function. */
export function path<A extends readonly Value[], T>(body: (...operands: A) => Path<T>): (...operands: A) => Call<T> {
  return (...operands) => new Call<T>(body as unknown as (...operands: readonly Value[]) => Path<T>, operands, body.name);
}
