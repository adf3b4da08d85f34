import type { Context } from './context';
import { Node } from './context-memory';
import { takeDormant, type Call, type Operation, type Path } from './path';
import { digestOf, digestOfString, Digest, exactText, frozen, mix, type Hashed, type Value } from './state/hash';
import { PathMistake } from './state/mistake';
import type { Store } from './state/store';

// The points of paths, and the stacks that they form. A point is kept as a
// Frame, an immutable node that says which path was called and what its
// instructions have returned so far. Frames form a tree, so each path becomes an
// automaton that is discovered once: wherever the explorer returns, the next
// instruction is a look-up, and a generator only runs for new inputs.

/** How many stacks below are remembered for one point. */
const STACKS = 1 << 10;

/** Where in its code a context is, for a reader. */
export interface Place {
  /** Names of the paths, outermost first. */
  readonly paths: readonly string[];
  /** The pending instruction's text. */
  readonly text: string;
}

/** One point in one path. */
export class Frame extends Node<Frame> implements Hashed {
  readonly hashA: number;
  readonly hashB: number;
  /** What the path yields here; null when it has returned. */
  operation: Operation | null = null;
  /** What it returned, if it has. */
  result: Value = undefined;
  /** A number for the place in the code: which path, and how many instructions into it. */
  readonly position: number;
  /** The beginning of the path that is called here, once it has been called. */
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

  /** The call and all of its inputs so far: this point as text. */
  override toString(): string {
    this.text ??= this.previous === null ? this.root.toString() : `${this.previous.toString()} ${exactText(this.input)}`;
    return this.text;
  }

  get parts(): readonly Value[] {
    return this.previous === null ? [this.root.call.text, ...this.root.call.operands] : [this.previous, this.input];
  }

  /** This point on top of `below`: the same stack each time, as long as it is remembered, so that an unchanged cell is recognised as unchanged. */
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

/** The beginning of a call, and the generator that has run furthest from it. */
export class Root {
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

/** A place whose text is made only on demand: at each step, invariants use only the paths. */
class Standing implements Place {
  private words: string | null = null;

  constructor(readonly paths: readonly string[], private readonly operation: Operation | null) {}

  get text(): string {
    return (this.words ??= this.operation?.text ?? 'return');
  }
}

/** A frame on top of others. `below` waits for its return; the `below` of a handler does not notice it. */
export class Stack extends Node<Stack | null> implements Hashed {
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

  /** The stack right after the operation on top has returned `value`, before any path below continues. */
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
