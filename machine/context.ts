import type { Call} from './path';
import { RESTART, takeDormant, type Operation, type Path, type Step } from './path';
import { checked, digestOf, digestOfString, Digest, Entity, exactText, frozen, isHashed, mix, type Hashed, type Value } from './state/hash';
import { PathMistake } from './state/mistake';
import type { Store } from './state/store';
import { Cell } from './state/tracked';

// A context is a thread of control: a stack of paths, each at some point. The
// point is kept as a Frame, an immutable node that says which path was called
// and what its instructions have returned so far. Frames form a tree, so each
// path becomes an automaton that is discovered once: wherever the explorer
// returns to, the next instruction is a look-up, and a generator is only run
// where no run has been before.

/** Bounds what the states of one context remember together: a long search may pass through any number of them. */
class Memory {
  private readonly learned: { forget(): void }[] = [];

  note(state: { forget(): void }): void {
    if (this.learned.length >= REMEMBERED) {
      for (const known of this.learned) known.forget();
      this.learned.length = 0;
    }
    this.learned.push(state);
  }

  get size(): number {
    return this.learned.length;
  }
}

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

/** Steps of one context's automaton: some 20 megabytes. */
export const REMEMBERED = 1 << 16;

/** On this many other stacks one point is recognised. */
const STACKS = 1 << 10;

/** A state of an automaton: remembers where each input led, with the last one kept ready. Most states have one successor. */
abstract class Node<To> {
  private lastInput: Value = undefined;
  private last: To | undefined = undefined;
  private others: Map<unknown, To> | null = null;

  /** Where `input` led before; undefined if it is new. */
  protected before(input: Value): To | undefined {
    if (typeof input === 'number' && (input === 0 || input !== input)) checked(input);
    if (this.last === undefined || this.lastInput === input) return this.last;
    if (this.others === null) return undefined;
    const found = this.others.get(keyOf(input));
    if (found !== undefined) {
      this.lastInput = input;
      this.last = found;
    }
    return found;
  }

  protected learn(input: Value, to: To, memory: Memory): To {
    memory.note(this);
    if (this.last !== undefined) {
      this.others ??= new Map([[keyOf(this.lastInput), this.last]]);
      this.others.set(keyOf(input), to);
    }
    this.lastInput = input;
    this.last = to;
    return to;
  }

  /** Forgets what it remembers: it will be found again. */
  forget(): void {
    this.last = undefined;
    this.others = null;
  }
}

function keyOf(value: Value): unknown {
  if (typeof value === 'string') return `"${value}`; // no key of an object begins like this
  if (typeof value !== 'object' || value === null || value instanceof Entity) return value;
  const digest = digestOf(value);
  return `object ${digest.hashA} ${digest.hashB}`;
}

/** One point in one path. */
class Frame extends Node<Frame> implements Hashed {
  readonly hashA: number;
  readonly hashB: number;
  /** What the path yields here; null when it has returned. */
  operation: Operation | null = null;
  /** What it returned, where it has. */
  result: Value = undefined;
  /** A number for the place in the code: which path, and how many instructions into it. */
  readonly position: number;
  /** The beginning of the path that is called here, once it was called. */
  callee: Root | null = null;
  private lastStack: Stack | null = null;
  private stacks: Map<Stack | null, Stack> | null = null;
  private text: string | null = null;

  constructor(readonly root: Root, readonly previous: Frame | null, readonly input: Value, digest: Digest) {
    super();
    this.hashA = digest.hashA;
    this.hashB = digest.hashB;
    this.position = previous === null ? digestOfString(root.call.text).hashA : mix(previous.position + 0x9e3779b1, 0x85ebca6b);
  }

  /** The point that is reached when the operation here returns `value`. */
  after(value: Value, { store, memory }: Context): Frame {
    const known = this.before(value);
    if (known !== undefined) return known;
    const child = new Frame(this.root, this, frozen(value), new Digest(this.hashA, this.hashB).then(value));
    this.root.advance(this, child, store);
    return this.learn(value, child, memory);
  }

  /** The call and all of its inputs so far: this point, in words. */
  override toString(): string {
    this.text ??= this.previous === null ? this.root.toString() : `${this.previous.toString()} ${exactText(this.input)}`;
    return this.text;
  }

  get parts(): readonly Value[] {
    return this.previous === null ? [this.root.call.text, ...this.root.call.operands] : [this.previous, this.input];
  }

  /** This point on top of `below`: as long as it is remembered, the same stack, so that a cell which holds it can be seen to hold the same. */
  on(below: Stack | null, isHandler: boolean): Stack {
    const last = this.lastStack;
    if (last !== null && last.below === below && last.isHandler === isHandler) return last;
    const known = this.stacks?.get(below);
    if (known?.isHandler === isHandler) return (this.lastStack = known);
    const stack = new Stack(this, below, isHandler);
    if (last !== null) {
      if (this.stacks === null || this.stacks.size === STACKS) this.stacks = new Map([[last.below, last]]);
      this.stacks.set(below, stack);
    }
    return (this.lastStack = stack);
  }

  override forget(): void {
    super.forget();
    this.stacks = null;
  }
}

/** The beginning of a call, and the generator that ran furthest from it last. */
class Root {
  readonly entry: Frame;
  private generator: Path<Value> | null = null;
  private at: Frame | null = null;

  constructor(readonly call: Call, store: Store) {
    let digest = digestOfString(`path ${call.text}`);
    for (const operand of call.operands) digest = digest.then(frozen(operand));
    this.entry = new Frame(this, null, undefined, digest);
    this.advance(null, this.entry, store);
  }

  toString(): string {
    return `${this.call.text}(${this.call.operands.map(exactText).join(', ')})`;
  }

  /** Finds what the path yields at `to`, one input after `from`. */
  advance(from: Frame | null, to: Frame, store: Store): void {
    store.outsideInstructions(() => {
      if (from === null || this.generator === null || this.at !== from) this.rebuild(from);
      takeDormant();
      const { value, done } = this.generator!.next(to.input);
      const asleep = takeDormant();
      if (asleep.length > 0) {
        throw new PathMistake(`${this.call.text} makes ${asleep.map((operation) => `"${operation.text}"`).join(', ')} and never reaches it; a yield* is missing`);
      }
      if (done) {
        digestOf(value as Value);
        to.result = frozen(value as Value);
        this.generator = null;
        this.at = null;
      } else {
        to.operation = value as Operation;
        this.at = to;
      }
    });
  }

  private rebuild(until: Frame | null): void {
    const generator = this.call.body(...this.call.operands) as Path<Value>;
    const inputs: Value[] = [];
    for (let frame = until; frame !== null; frame = frame.previous) inputs.push(frame.input);
    while (inputs.length > 0) generator.next(inputs.pop());
    takeDormant();
    this.generator = generator;
  }
}

/** A place whose text is made only on demand: at each step, invariants look only at the paths. */
class Standing implements Place {
  private words: string | null = null;

  constructor(readonly paths: readonly string[], private readonly operation: Operation | null) {}

  get text(): string {
    return (this.words ??= this.operation?.text ?? 'return');
  }
}

/** A frame on top of others. `below` waits for its return; a handler's `below` does not notice it. */
class Stack extends Node<Stack | null> implements Hashed {
  readonly hashA: number;
  readonly hashB: number;
  readonly depth: number;
  readonly position: number;
  private known: Place | null = null;

  constructor(readonly frame: Frame, readonly below: Stack | null, readonly isHandler: boolean) {
    super();
    this.depth = below === null ? 1 : below.depth + 1;
    const seed = isHandler ? 0x5bd1 : 0;
    this.position = below === null ? frame.position : mix(Math.imul(below.position, 31) + frame.position + seed, 0x85ebca6b);
    this.hashA = below === null ? frame.hashA : mix(Math.imul(below.hashA, 31) + frame.hashA + seed, 0x85ebca6b);
    this.hashB = below === null ? frame.hashB : mix(Math.imul(below.hashB, 37) + frame.hashB + seed, 0x9e3779b1);
  }

  get parts(): readonly Value[] {
    return this.below === null ? [this.frame] : [this.isHandler, this.frame, this.below];
  }

  /** The stack when the operation on top has returned `value`: at once, before any path below goes on. */
  returned(value: Value, context: Context): Stack {
    return this.frame.after(value, context).on(this.below, this.isHandler);
  }

  /** The next stack that is about to perform an instruction when this one's has returned `value`; null if the context ends. */
  after(value: Value, context: Context): Stack | null {
    const known = this.before(value);
    return known !== undefined ? known : this.learn(value, context.resolve(this.returned(value, context)), context.memory);
  }

  /** Where this is, for a reader: the same object each time. */
  get place(): Place {
    if (this.known === null) {
      const paths = [...(this.below?.place.paths ?? []), this.frame.root.call.text];
      this.known = new Standing(paths, this.frame.operation);
    }
    return this.known;
  }

  override toString(): string {
    return `${this.frame.toString()}${this.isHandler ? ' over ' : ' < '}${this.below?.toString() ?? ''}`;
  }
}

/** A processor as a context sees it: the one that performs the instructions. */
export interface Performer {
  /** Which of an instruction's choices the explorer took, while it acts. */
  chosen: number;
  /** The context that it runs now. Another one's silent instructions wait until it is back. */
  readonly context: Context | null;
}

/** Where in its code a context is, for a reader. */
export interface Place {
  /** Names of the paths, outermost first. */
  readonly paths: readonly string[];
  /** The pending instruction's text. */
  readonly text: string;
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

  /** Puts a handler on top: what is pending below stays pending, and comes again when the handler returns. */
  interrupt(call: Call<unknown>, me: Performer): void {
    this.cell.value = this.resolve(this.handlerOf(call).entry.on(this.cell.value, true));
    this.goOnSilently(me);
  }

  /** Drops whatever it was doing, as a task that never runs again. */
  abandon(): void {
    this.cell.value = null;
  }

  /** The instruction that would be performed next; null when the context has ended. */
  get pending(): Step | null {
    const stack = this.cell.value;
    return stack === null ? null : (stack.frame.operation as Step);
  }

  /** The point that it is at, the same object whenever it is there; null when it has ended. */
  get point(): object | null {
    return this.cell.value?.frame ?? null;
  }

  /** A number for where it is in its code, whatever the values that led it there; 0 when it has ended. */
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

  /** Performs the pending instruction, and what silently belongs to it. */
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
    // The instruction put a handler on top (an interrupt delivered inside it): that runs before what follows.
    this.cell.value = rebase(now, before, before.returned(value, this));
    if (now === null) throw new Error(`machine bug: "${step.text}" ended the context it runs in`);
  }

  /** Performs what silently belongs to the instruction before. */
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

  /** The root of a handler's call: it comes with a new frame of the same few values each time, which need no digest to be known again. */
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

  /** Everything that the paths of this context were ever called with: what an audit of plain fields must look into. */
  get operands(): readonly Value[] {
    return [...this.roots.values()].flatMap((root) => root.call.operands);
  }

  /** Where the context is; null when it has ended. */
  place(): Place | null {
    return this.cell.value?.place ?? null;
  }
}

/** What went wrong in an instruction, in our words where it is that it changes a value that belongs to the past too. */
function explained(error: unknown, { text }: Step): unknown {
  if (!(error instanceof TypeError) || !/object is not extensible|read only property|Cannot (delete|redefine) property/.test(error.message)) return error;
  return new PathMistake(`"${text}" changes a value in place that the state or a path holds; make a new one instead (${error.message})`);
}

/** `stack` with the level `from` under it replaced by `to`. */
function rebase(stack: Stack | null, from: Stack, to: Stack): Stack {
  if (stack === null || stack === from) return to;
  return stack.frame.on(rebase(stack.below, from, to), stack.isHandler);
}
