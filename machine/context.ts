import { Memory } from './context-memory';
import { Root, type Place, type Stack } from './context-frames';
import { RESTART, type Call, type Step } from './path';
import { digestOfString, Entity, isHashed, type Value } from './state/hash';
import { PathMistake } from './state/mistake';
import type { Store } from './state/store';
import { Cell } from './state/tracked';

// A context is a thread of control: a stack of paths, each of them at some
// point (context-frames.ts).

/** Calls of handlers, recognised by identity. */
const HANDLERS = 8;

/** Whether two calls have the same arguments; plain records are compared by content. A negative answer does not prove that they differ. */
function isAlike(ones: readonly Value[], others: readonly Value[]): boolean {
  if (ones.length !== others.length) return false;
  for (let i = 0; i < ones.length; i++) if (ones[i] !== others[i] && !isTwin(ones[i], others[i])) return false;
  return true;
}

function isTwin(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null || isHashed(one) || isHashed(other) || Array.isArray(one) || Array.isArray(other)) return false;
  const [record, twin] = [one, other] as readonly { readonly [key: string]: Value }[];
  const [keys, twins] = [Object.keys(record!), Object.keys(twin!)];
  return keys.length === twins.length && keys.every((key, i) => twins[i] === key && record![key] === twin![key]);
}

/** A processor as a context sees it: the one that performs the instructions. */
export interface Performer {
  /** Which of an instruction's choices the explorer took, while it acts. */
  chosen: number;
  /** The context that it runs now. The silent instructions of another context wait until that one runs again. */
  readonly context: Context | null;
}

const SILENT_LIMIT = 100_000;

/** A thread of control that can be suspended at any instruction. */
export class Context extends Entity {
  private readonly cell: Cell<Stack | null>;
  private readonly roots = new Map<string, Root>();
  private readonly handlers: Root[] = [];
  readonly memory = new Memory();

  /** @param maySilently whether its paths may have silent instructions */
  constructor(readonly store: Store, name: string, private readonly maySilently = true) {
    super(name);
    this.cell = new Cell<Stack | null>(store, `${name}.stack`, null);
  }

  /** Begins `call` on the empty context, up to its first instruction. */
  start(call: Call<unknown>, me: Performer): void {
    if (this.cell.value !== null) throw new Error(`machine bug: ${this.name} is started while it still runs ${this.place()?.text ?? 'a path'}`);
    this.cell.value = this.resolve(this.rootOf(call).entry.on(null, false));
    this.goOnSilently(me);
  }

  /** Pushes a handler: what is pending below stays pending, and resumes when the handler returns. */
  interrupt(call: Call<unknown>, me: Performer): void {
    this.cell.value = this.resolve(this.handlerOf(call).entry.on(this.cell.value, true));
    this.goOnSilently(me);
  }

  /** Drops whatever it was doing, like a task that never runs again. */
  abandon(): void {
    this.cell.value = null;
  }

  /** The instruction that would be performed next; null when the context has ended. */
  get pending(): Step | null {
    const stack = this.cell.value;
    return stack === null ? null : (stack.frame.operation as Step);
  }

  /** The point where it is, always the same object for the same point; null when it has ended. */
  get point(): object | null {
    return this.cell.value?.frame ?? null;
  }

  /** A number for its place in the code, whatever values led there; 0 when it has ended. */
  get position(): number {
    return this.cell.value?.position ?? 0;
  }

  /** Whether every path has returned. */
  get ended(): boolean {
    return this.cell.value === null;
  }

  /** How many paths are on the stack. */
  get depth(): number {
    return this.cell.value?.depth ?? 0;
  }

  /** Whether a handler is on the stack. */
  get inHandler(): boolean {
    for (let stack = this.cell.value; stack !== null; stack = stack.below) if (stack.isHandler) return true;
    return false;
  }

  /** Whether the pending instruction could be performed now. */
  isReady(me: Performer): boolean {
    return this.pending?.isReady(me) ?? false;
  }

  /** Performs the pending instruction, and the silent ones that belong to it. */
  perform(me: Performer): void {
    const before = this.cell.value;
    if (before === null) throw new Error(`machine bug: ${this.name} has ended and cannot go on`);
    const step = before.frame.operation as Step;
    let value: Value | typeof RESTART;
    try {
      value = step.act(me) as Value | typeof RESTART;
    } catch (error) {
      throw explained(error, step);
    }
    if (value === RESTART) return;
    const now = this.cell.value;
    if (now === before) {
      this.cell.value = before.after(value, this);
      this.goOnSilently(me);
      return;
    }
    // The instruction pushed a handler (an interrupt delivered inside it), which runs before what follows.
    this.cell.value = rebase(now, before, before.returned(value, this));
    if (now === null) throw new Error(`machine bug: "${step.text}" ended the context it runs in`);
  }

  /** Performs the silent instructions that belong to the previous one. */
  private goOnSilently(me: Performer): void {
    for (let count = 0; count < SILENT_LIMIT; count++) {
      const stack = this.cell.value;
      if (stack === null) return;
      const step = stack.frame.operation as Step;
      if (step.instruction.silent !== true || me.context !== this) return;
      this.store.onSilent?.(step.text);
      const value = step.act(me) as Value | typeof RESTART;
      if (value === RESTART) throw new PathMistake(`the silent "${step.text}" cannot be restarted`);
      this.cell.value = stack.after(value, this);
    }
    throw this.endless();
  }

  /** Follows calls and returns from `stack` to the next instruction; null if there is none. */
  resolve(stack: Stack | null): Stack | null {
    for (let count = 0; count < SILENT_LIMIT; count++) {
      if (stack === null) return null;
      const { operation } = stack.frame;
      if (operation === null) {
        stack = this.popped(stack);
      } else if (operation.kind === 'call') {
        stack.frame.callee ??= this.rootOf(operation);
        stack = stack.frame.callee.entry.on(stack, false);
      } else {
        if (operation.instruction.silent === true && !this.maySilently) throw new PathMistake(`the silent "${operation.text}" is in a path of ${this.name}, which is to have none`);
        return stack;
      }
    }
    throw this.endless();
  }

  private endless(): Error {
    return new PathMistake(`${this.name} does not reach an instruction; a path loops over silent ones (${this.place()?.paths.join(' > ') ?? ''})`);
  }

  private popped(stack: Stack): Stack | null {
    const { below } = stack;
    if (below === null || stack.isHandler) return below;
    const call = below.frame.operation as Call;
    if (call.repeats && stack.frame.result === true) return below.frame.callee!.entry.on(below, false);
    return below.returned(stack.frame.result, this);
  }

  /** The root of a handler's call: each time it has a new frame with the same few values, which can be recognised without a digest. */
  private handlerOf(call: Call<unknown>): Root {
    for (const root of this.handlers) if (root.call.body === call.body && root.call.text === call.text && isAlike(root.call.operands, call.operands)) return root;
    const root = this.rootOf(call);
    if (this.handlers.length === HANDLERS) this.handlers.length = 0;
    this.handlers.push(root);
    return root;
  }

  private rootOf(call: Call<unknown>): Root {
    let digest = digestOfString(call.text);
    for (const operand of call.operands) digest = digest.then(operand);
    const key = `${call.text} ${digest.hashA} ${digest.hashB}`;
    let root = this.roots.get(key);
    if (!root) {
      call.started = true;
      root = new Root(call, this.store);
      this.roots.set(key, root);
    } else if (root.call.body !== call.body) {
      throw new PathMistake(`two paths are called ${call.text} and take the same operands, so their states could not be told apart; rename one`);
    }
    return root;
  }

  /** All arguments with which the paths of this context were ever called: an audit of plain fields must look into them. */
  get operands(): readonly Value[] {
    return [...this.roots.values()].flatMap((root) => root.call.operands);
  }

  /** Where the context is; null when it has ended. */
  place(): Place | null {
    return this.cell.value?.place ?? null;
  }
}

/** The error of an instruction; explained in our words if the instruction changes a value that also belongs to the past. */
function explained(error: unknown, { text }: Step): unknown {
  if (!(error instanceof TypeError) || !/object is not extensible|read only property|Cannot (delete|redefine) property/.test(error.message)) return error;
  return new PathMistake(`"${text}" changes a value in place that the state or a path holds; make a new one instead (${error.message})`);
}

/** `stack` with the level `from` under it replaced by `to`. */
function rebase(stack: Stack | null, from: Stack, to: Stack): Stack {
  if (stack === null || stack === from) return to;
  return stack.frame.on(rebase(stack.below, from, to), stack.isHandler);
}
