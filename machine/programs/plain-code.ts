import type { Act } from './script';

// The acts of a script as instructions with jumps, for the plain interpreter.

/** One instruction. `goTo` is where a jump leads; `keep` says that its result counts as seen. */
export interface Op {
  readonly op: string;
  readonly text: string;
  readonly a?: number;
  readonly b?: number;
  readonly goTo?: number;
  readonly keep?: 'value' | 'nothing' | 'remembered';
}

/** A list of acts as instructions: at its end it reports what was seen, and returns from an interrupt. */
export function compile(acts: readonly Act[], name: string, processors: number): Op[] {
  const ops: Op[] = [];
  for (const act of acts) emit(ops, act, name !== 'fault', processors);
  if (name !== 'fault') ops.push({ op: 'report', text: 'report' });
  if (name === 'ipi' || name.startsWith('irq')) ops.push({ op: 'iret', text: 'iret' });
  return ops;
}

function emit(ops: Op[], act: Act, isKept: boolean, processors: number): void {
  const add = (op: string, text: string, rest: Partial<Op> = {}): void => void ops.push({ op, text, ...rest });
  const keep = (what: 'value' | 'nothing' | 'remembered'): Partial<Op> => (isKept ? { keep: what } : {});
  const w = 'word' in act ? `word${act.word}` : '';
  const target = 'target' in act ? act.target % processors : 0;
  switch (act.do) {
    case 'load': return add('load', `load ${w}`, { a: act.word, ...keep('value') });
    case 'store': return add('store', `store ${w} = ${act.value}`, { a: act.word, b: act.value, ...keep('nothing') });
    case 'copy':
      add('remember', `load ${w}`, { a: act.word });
      return add('store one more', `store word${act.to}`, { a: act.to, ...keep('remembered') });
    case 'add': return add('add', `lock add ${w}, 1`, { a: act.word, ...keep('nothing') });
    case 'swap': return add('swap', `lock cmpxchg ${w}, ${act.expected}, ${act.value}`, { a: act.word, b: act.expected, goTo: act.value, ...keep('value') });
    case 'await': return add('await', `await ${w} = ${act.value}`, { a: act.word, b: act.value, ...keep('nothing') });
    case 'await both': return add(`both ${act.other}`, `await ${w} = word${act.other} = ${act.value}`, { a: act.word, b: act.value, ...keep('nothing') });
    case 'locked':
      add('lock', `lock lock${act.lock}`, { a: act.lock });
      for (const inner of act.acts) emit(ops, inner, false, processors);
      return add('unlock', `unlock lock${act.lock}`, { a: act.lock, ...keep('nothing') });
    case 'forbid':
      add('check', `load ${w}`, { a: act.word, b: act.value, ...keep('nothing') });
      return add('fail', `fail: ${w} is ${act.value}`, { a: act.word, b: act.value });
    case 'choose': return add('choose', `choose ${w}`, { a: act.word, ...keep('nothing') });
    case 'pick': return add('pick', `pick ${w}`, { a: act.word, ...keep('nothing') });
    case 'cli': case 'sti': case 'mfence': return add(act.do, act.do, keep('nothing'));
    case 'ipi': return add('ipi', `IPI to cpu${target}`, { a: target, ...keep('nothing') });
    case 'call':
      add('ipi', `IPI to cpu${target}`, { a: target });
      return add('answered', `await the answer of cpu${target}`, { a: target, ...keep('nothing') });
    case 'hlt': return add('hlt', 'hlt', keep('nothing'));
    case 'wake': case 'start': case 'abandon': return add(act.do, `${act.do} cpu${target}`, { a: target, ...keep('nothing') });
    case 'put': return add('enter', `put ${act.key} = ${act.value}`, { a: act.key, b: act.value, ...keep('nothing') });
    case 'count': case 'alloc': return add(act.do, act.do, keep('value'));
    case 'spin': return add('spin', `spin ${w} = ${act.value}`, { a: act.word, b: act.value, ...keep('value') });
    case 'while': {
      const goTo = ops.length;
      for (const inner of act.acts) emit(ops, inner, false, processors);
      return add('again?', `load ${w}`, { a: act.word, b: act.value, goTo, ...keep('nothing') });
    }
    case 'access': return add('access', `access ${w}`, { a: act.word, ...keep('nothing') });
    case 'trap': return add('trap', `trap unless ${w}`, { a: act.word, ...keep('value') });
    case 'mask': case 'unmask': return add(act.do, `${act.do} line ${act.line} of cpu${target}`, { a: target, b: act.line, ...keep('nothing') });
    case 'rearm': return add('rearm', `rearm irq${act.line}`, { a: act.line, ...keep('nothing') });
    case 'switch': case 'flush': return add(act.do, act.do, keep('nothing'));
    case 'look': return add('look', 'look at word0', keep('value'));
    case 'quiet': return add('quiet', `quietly load ${w}`, { a: act.word, ...keep('value') });
    case 'pair':
      add('remember', `load ${w}`, { a: act.word });
      return add('second', `load word${act.other}`, { a: act.other, ...keep('value') });
  }
}
