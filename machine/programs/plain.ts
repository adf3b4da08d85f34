import { compile, type Op } from './plain-code';
import { FIRST_KEY, hasCaches, IPI_LINE, listsOf, LOCKS, messageOf, nameOfClaim, REARMS, STARTS, twinsIn, WORDS, type ScriptedProgram } from './script';

// The meaning of a script, written a second time and plainly: a machine is a
// simple object that is copied before each step. No store, no paths, no undo,
// nothing that the engines share. Acts become a list of instructions with
// jumps; the state of a processor is a stack of positions in such lists.

interface Frame {
  readonly code: string;
  at: number;
  /** What has been seen so far, and what was loaded for later. */
  seen: string;
  loaded: number;
}

interface PlainProcessor {
  /** The stack of each of its tasks, and which of them runs. */
  stacks: readonly [Frame[], Frame[]];
  running: 0 | 1;
  enabled: boolean;
  ipi: boolean;
  awake: boolean;
  starts: number;
  arrived: boolean[];
  rearms: number;
  masked: boolean[];
  /** The value of the first word in its cache; null if it is not cached. */
  cached: number | null;
  buffer: (readonly [number, number])[];
  readings: string;
  /** All of the above as text, once it has been requested. */
  text: string | null;
}

/** Everything that can change. */
export interface PlainState {
  words: number[];
  locks: number[];
  table: Record<string, number>;
  next: number;
  assertion: string;
  processors: PlainProcessor[];
}

/** Something that may happen, by its name in schedules. */
export interface PlainMove {
  readonly process: number;
  readonly label: string;
  readonly isInterrupt: boolean;
}

export class PlainMachine {
  private readonly code = new Map<string, readonly Op[]>();
  private readonly twins: readonly (readonly number[])[];
  private readonly hasCaches: boolean;

  constructor(private readonly program: ScriptedProgram) {
    this.twins = twinsIn(program);
    this.hasCaches = hasCaches(program);
    program.processors.forEach((script, p) => {
      for (const [name, acts] of listsOf(script)) this.code.set(`${p} ${name}`, compile(acts, name, program.processors.length));
    });
  }

  beginning(): PlainState {
    const { program } = this;
    const state: PlainState = {
      words: Array<number>(WORDS).fill(0), locks: Array<number>(LOCKS).fill(0), table: {}, next: FIRST_KEY, assertion: '',
      processors: program.processors.map(({ interrupts }) => ({
        stacks: [[], []], running: 0, enabled: true, ipi: false, awake: false, starts: 0, arrived: interrupts.map(() => false), rearms: 0,
        masked: Array<boolean>(IPI_LINE + 1).fill(false), cached: null, buffer: [], readings: '', text: null,
      })),
    };
    program.processors.forEach(({ isLate, second }, p) => {
      if (isLate !== true) this.push(state, p, 'body');
      if (second) state.processors[p]!.stacks[1].push(begun(`${p} second`));
    });
    return state;
  }

  moves(state: PlainState): PlainMove[] {
    const moves: PlainMove[] = [];
    state.processors.forEach((me, process) => {
      const op = this.pending(me);
      const name = `cpu${process}`;
      if (op !== null && this.isReady(state, me, op)) {
        const choices = op.op === 'choose' || (op.op === 'pick' && this.load(state, me, op.a!) !== 0) ? ['=one', '=two'] : op.op === 'pick' ? ['=one'] : [''];
        for (const choice of choices) moves.push({ process, label: name + choice, isInterrupt: false });
      }
      if (me.buffer.length > 0) moves.push({ process, label: `drain@${name}`, isInterrupt: true });
      if (this.hasCaches && me.cached === null) moves.push({ process, label: `fill@${name}`, isInterrupt: true });
      if (!me.enabled) return;
      if (isInterrupted(me)) moves.push({ process, label: `ipi@${name}`, isInterrupt: this.program.hasCertainIpis !== true });
      if (op === null && this.program.comesAtRest !== true) return;
      me.arrived.forEach((hasArrived, n) => { if (!hasArrived && !me.masked[n]) moves.push({ process, label: `irq${n}@${name}`, isInterrupt: true }); });
    });
    return moves;
  }

  /** No processor has work left; HLT is not work. */
  isIdle(state: PlainState): boolean {
    return state.processors.every((me) => {
      const op = this.pending(me);
      return (op === null || op.op === 'hlt') && me.buffer.length === 0 && !isInterrupted(me);
    });
  }

  /** Which processors have work left in a state, and what each is about to do. */
  stuck(state: PlainState): string {
    return state.processors.flatMap((me, p) => {
      const op = this.pending(me);
      const isBusy = (op !== null && op.op !== 'hlt') || me.buffer.length > 0 || isInterrupted(me);
      return isBusy ? [`cpu${p} at "${op?.text ?? 'ended'}"`] : [];
    }).join('; ');
  }

  /** The state after a move; the given one stays as it is. */
  after(before: PlainState, { process, label }: PlainMove): PlainState {
    const op = label.includes('@') ? null : this.pending(before.processors[process]!);
    const state = copy(before, process, op !== null && ON_ANOTHER.has(op.op) ? op.a! : process);
    const me = state.processors[process]!;
    const [what] = label.split('@');
    if (op !== null) {
      this.step(state, process, label.endsWith('=two') ? 2 : 1);
    } else if (what === 'drain') {
      const [word, value] = me.buffer.shift()!;
      state.words[word] = value;
    } else if (what === 'fill') {
      me.cached = state.words[0]!;
    } else if (what === 'ipi') {
      me.ipi = false;
      this.interrupt(state, process, 'ipi');
    } else {
      me.arrived[Number(what!.slice(3))] = true;
      this.interrupt(state, process, what!);
    }
    return state;
  }

  /** What is violated, with its message; null if nothing is. */
  violation({ words, locks, table, assertion }: PlainState): string | null {
    if (assertion !== '') return `assertion: ${assertion}`;
    for (const claim of this.program.claims ?? []) {
      const isBroken = claim.claim === 'never both' ? words[claim.word] === claim.value && words[claim.other] === claim.otherValue
        : claim.claim === 'at most' ? Object.keys(table).length > claim.keys
        : words[claim.word] === claim.value && locks[claim.lock] !== 0;
      if (isBroken) return `${nameOfClaim(claim)}: ${messageOf(claim)}`;
    }
    return null;
  }

  outcome({ words, table, processors }: PlainState): string {
    const texts = processors.map(({ readings }) => readings);
    for (const group of this.twins) group.map((p) => texts[p]!).sort().forEach((text, n) => { texts[group[n]!] = text; });
    const keys = Object.keys(table).sort((one, other) => Number(one) - Number(other)).map((key) => `${key}=${table[key]}`).join();
    return [...words, keys, ...texts].join('|');
  }

  private pending(me: PlainProcessor): Op | null {
    const frame = me.stacks[me.running].at(-1);
    return frame === undefined ? null : this.code.get(frame.code)![frame.at]!;
  }

  private load(state: PlainState, me: PlainProcessor, word: number): number {
    for (let i = me.buffer.length - 1; i >= 0; i--) if (me.buffer[i]![0] === word) return me.buffer[i]![1];
    return state.words[word]!;
  }

  private put(state: PlainState, me: PlainProcessor, word: number, value: number): void {
    if (this.program.isBuffered) me.buffer.push([word, value]);
    else state.words[word] = value;
  }

  private isReady(state: PlainState, me: PlainProcessor, { op, a, b }: Op): boolean {
    switch (op) {
      case 'lock': return me.buffer.length === 0 && state.locks[a!] === 0;
      case 'unlock': case 'mfence': case 'add': case 'swap': return me.buffer.length === 0;
      case 'await': return this.load(state, me, a!) === b;
      case 'hlt': return me.awake;
      case 'answered': return !state.processors[a!]!.ipi;
      default: return op.startsWith('both ') ? this.load(state, me, a!) === b && this.load(state, me, Number(op.slice(5))) === b : true;
    }
  }

  /** Pushes one of a processor's lists on its stack. */
  private push(state: PlainState, p: number, list: string): void {
    const me = state.processors[p]!;
    me.stacks[me.running].push(begun(`${p} ${list}`));
    this.goOn(state, p);
  }

  private interrupt(state: PlainState, p: number, list: string): void {
    state.processors[p]!.enabled = false;
    state.processors[p]!.awake = true;
    this.push(state, p, list);
  }

  /** Pops finished lists of a task, and does what belongs to the previous instruction, if the task is the running one. */
  private goOn(state: PlainState, p: number, task = state.processors[p]!.running): void {
    const me = state.processors[p]!;
    const stack = me.stacks[task];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const op = this.code.get(frame.code)![frame.at];
      if (op === undefined) stack.pop();
      else if (op.op === 'quiet' && task === me.running) this.see(frame, op, this.load(state, me, op.a!));
      else return;
    }
  }

  /** Continues after `op`, whose result is `value`. */
  private see(frame: Frame, op: Op, value: number | string): void {
    if (op.keep !== undefined) {
      frame.seen += ` ${op.keep === 'value' ? value : op.keep === 'remembered' ? frame.loaded : 0}`;
      frame.loaded = 0;
    }
    frame.at++;
  }

  private step(state: PlainState, p: number, choice: number): void {
    const me = state.processors[p]!;
    const task = me.running;
    const frame = me.stacks[task].at(-1)!;
    const op = this.pending(me)!;
    const { a = 0, b = 0 } = op;
    let value: number | string = 0;
    switch (op.op) {
      case 'load': value = this.load(state, me, a); break;
      case 'remember': frame.loaded = this.load(state, me, a); break;
      case 'second': value = `${frame.loaded},${this.load(state, me, a)}`; break;
      case 'store': this.put(state, me, a, b); break;
      case 'store one more': this.put(state, me, a, frame.loaded + 1); break;
      case 'add': state.words[a]! += 1; break;
      case 'swap': {
        const [expected, wanted] = [b, Number(op.goTo)];
        value = state.words[a] === expected ? 1 : 0;
        if (value === 1) state.words[a] = wanted;
        break;
      }
      case 'lock': state.locks[a] = 1; break;
      case 'unlock': state.locks[a] = 0; break;
      case 'check':
        frame.at++; // to the failure, or past it
        if (this.load(state, me, a) === b) return;
        break;
      case 'fail': state.assertion = `word${a} is ${b}`; break;
      case 'choose': case 'pick': this.put(state, me, a, choice); break;
      case 'cli': me.enabled = false; break;
      case 'sti': case 'iret': me.enabled = true; break;
      case 'ipi': state.processors[a]!.ipi = true; break;
      case 'hlt': me.awake = false; break;
      case 'wake': state.processors[a]!.awake = true; break;
      case 'start': {
        const other = state.processors[a]!;
        if (other.stacks[other.running].length > 0 || other.starts >= STARTS) break;
        other.starts++;
        this.push(state, a, 'body');
        break;
      }
      case 'abandon': if (a !== p) state.processors[a]!.stacks[state.processors[a]!.running].length = 0; break;
      case 'enter':
        if (b === 0) delete state.table[a];
        else state.table[a] = b;
        break;
      case 'count': value = Object.keys(state.table).length; break;
      case 'alloc': value = state.next++; state.table[value] = 1; break;
      case 'spin':
        value = this.load(state, me, a);
        if (value !== b) return;
        break;
      case 'again?':
        if (this.load(state, me, a) !== b) break;
        frame.at = op.goTo!;
        this.goOn(state, p);
        return;
      case 'access':
        if (this.load(state, me, a) !== 0) break;
        this.push(state, p, 'fault');
        return;
      case 'trap':
        if (this.load(state, me, a) !== 0) break;
        this.see(frame, op, 1);
        this.push(state, p, 'fault');
        return;
      case 'mask': case 'unmask': state.processors[a]!.masked[b] = op.op === 'mask'; break;
      case 'rearm':
        if (me.arrived[a] !== true || me.rearms >= REARMS) break;
        me.arrived[a] = false;
        me.rearms++;
        break;
      case 'switch': if (this.program.processors[p]!.second) me.running = task === 0 ? 1 : 0; break;
      case 'look': value = me.cached ?? this.load(state, me, 0); break;
      case 'flush': me.cached = null; break;
      case 'quiet': value = this.load(state, me, a); break; // for a task that was just switched to
      case 'report': me.readings += `${frame.seen};`; break;
      default: break; // waits that are over
    }
    this.see(frame, op, value);
    this.goOn(state, p, task);
  }
}

function begun(code: string): Frame {
  return { code, at: 0, seen: '', loaded: 0 };
}

/** Whether an interrupt from another processor is pending and would be taken. */
function isInterrupted({ enabled, ipi, masked }: PlainProcessor): boolean {
  return enabled && ipi && !masked[IPI_LINE];
}

/** Instructions that change another processor; all others change only their own. */
const ON_ANOTHER: ReadonlySet<string> = new Set(['ipi', 'wake', 'start', 'abandon', 'mask', 'unmask']);

/** The whole state as one text: equal texts mean equal states. */
export function textOf({ words, locks, table, next, assertion, processors }: PlainState): string {
  let text = `${words.join()} ${locks.join()} ${next} ${assertion}`;
  for (const key in table) text += ` ${key}=${table[key]}`;
  for (const me of processors) text += (me.text ??= textOfProcessor(me));
  return text;
}

function textOfProcessor({ stacks, running, enabled, ipi, awake, starts, arrived, rearms, masked, cached, buffer, readings }: PlainProcessor): string {
  let text = `|${running} ${enabled} ${ipi} ${awake} ${starts} ${arrived.join()} ${rearms} ${masked.join()} ${cached} ${buffer.join()} ${readings}`;
  for (const stack of stacks) {
    text += '/';
    for (const { code, at, seen, loaded } of stack) text += `${code} ${at} ${loaded}${seen};`;
  }
  return text;
}

/** A copy in which two processors may be changed, or one, if it is given twice. */
function copy(state: PlainState, one: number, other: number): PlainState {
  return {
    ...state, words: [...state.words], locks: [...state.locks], table: { ...state.table },
    processors: state.processors.map((me, p) => (p !== one && p !== other ? me : {
      ...me, stacks: [me.stacks[0].map((frame) => ({ ...frame })), me.stacks[1].map((frame) => ({ ...frame }))],
      arrived: [...me.arrived], masked: [...me.masked], buffer: [...me.buffer], text: null,
    })),
  };
}
