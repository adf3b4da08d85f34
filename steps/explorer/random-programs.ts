// Random programs that contain everything that situations use, and which of these features each program has.

import fc from 'fast-check';
import { actsOf, hasCaches, IPI_LINE, runsOut, twinsIn, type Act, type Claim, type Script, type ScriptedProgram } from '../../machine/programs/script';

const word = fc.nat({ max: 2 });
const value = fc.integer({ min: 1, max: 2 });
const target = fc.nat({ max: 2 });
const just = <const D extends string>(what: D): fc.Arbitrary<D> => fc.constant(what);

const threadAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: just('load'), word }),
  fc.record({ do: just('store'), word, value }),
  fc.record({ do: just('copy'), word, to: word }),
  fc.record({ do: just('add'), word }),
  fc.record({ do: just('swap'), word, expected: fc.nat({ max: 1 }), value }),
  fc.record({ do: just('await'), word, value: fc.nat({ max: 2 }) }),
  fc.record({ do: just('forbid'), word, value: fc.integer({ min: 2, max: 3 }) }),
);

/** Actions that do not affect the other processors, and that end. */
const plainAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 14, arbitrary: threadAct },
  { weight: 2, arbitrary: fc.record({ do: just('await both'), word, other: word, value: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: just('choose'), word }) },
  { weight: 1, arbitrary: fc.record({ do: just('pick'), word }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('cli' as const, 'sti' as const, 'mfence' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: just('put'), key: fc.nat({ max: 2 }), value: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('count' as const, 'alloc' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: just('quiet'), word }) },
  { weight: 1, arbitrary: fc.record({ do: just('pair'), word, other: word }) },
);

const lock = fc.nat({ max: 1 });
const locked = (inner: fc.Arbitrary<Act>): fc.Arbitrary<Act> => fc.record({ do: just('locked'), lock, acts: fc.array(inner, { maxLength: 2 }) });

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: plainAct },
  { weight: 3, arbitrary: locked(plainAct) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('ipi' as const, 'call' as const), target }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('wake' as const, 'abandon' as const), target }) },
  { weight: 1, arbitrary: fc.record({ do: just('start'), target }) },
  { weight: 1, arbitrary: fc.record({ do: just('hlt') }) },
  { weight: 1, arbitrary: fc.record({ do: just('access'), word }) },
  { weight: 1, arbitrary: fc.record({ do: just('trap'), word }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('mask' as const, 'unmask' as const), target, line: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: just('rearm'), line: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: just('switch') }) },
  { weight: 1, arbitrary: fc.record({ do: just('spin'), word, value: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: just('while'), word, value: fc.nat({ max: 1 }), acts: fc.array(threadAct.filter((one) => one.do !== 'add' && one.do !== 'copy'), { maxLength: 1 }) }) },
);

type Lists = fc.Arbitrary<readonly (readonly Act[])[]>;
const none: Lists = fc.constant([]);
const one: Lists = fc.tuple(fc.tuple(act));
const long: Lists = fc.tuple(fc.tuple(act, act));
const two: Lists = fc.tuple(fc.tuple(act), fc.tuple(act));

function scriptOf(acts: number, interrupts: Lists, isLate: fc.Arbitrary<boolean> = fc.constant(false)): fc.Arbitrary<Script> {
  return fc.record({
    acts: fc.array(act, { minLength: 1, maxLength: acts }), interrupts,
    onIpi: fc.array(plainAct, { maxLength: 1 }),
    onFault: fc.array(fc.oneof(fc.record({ do: just('store'), word, value }), plainAct), { maxLength: 1 }),
    isLate,
  });
}

/** A processor that must be started, and one that starts it. */
const started: fc.Arbitrary<readonly Script[]> = fc.tuple(scriptOf(2, none), scriptOf(2, fc.oneof(none, one), fc.constant(true)), fc.boolean())
  .map(([starter, late, isFirst]) => {
    const start: Act = { do: 'start', target: 1 };
    return [{ ...starter, acts: isFirst ? [start, ...starter.acts] : [...starter.acts, start] }, late];
  });

/** A processor with two interrupts, one of which may come during the other. */
const nested: fc.Arbitrary<Script> = scriptOf(1, fc.tuple(fc.tuple(fc.constant<Act>({ do: 'sti' }), act), fc.tuple(act)));

/** A processor that masks its own interrupt or that of the other, and one that may unmask it. */
const masked: fc.Arbitrary<readonly Script[]> = fc.tuple(scriptOf(2, one), scriptOf(1, none), target, fc.nat({ max: 1 }), fc.boolean())
  .map(([script, other, p, by, unmasks]) => [script, other].map((each, i): Script => ({
    ...each,
    acts: i === by ? [{ do: 'mask', target: 0, line: p === 2 ? 2 : 0 }, ...each.acts] : unmasks ? [...each.acts, { do: 'unmask', target: 0, line: p === 2 ? 2 : 0 }] : each.acts,
  })));

/** A processor with two tasks; the first switches to the other at least once. */
const switching: fc.Arbitrary<Script> = fc.tuple(scriptOf(2, fc.oneof({ weight: 3, arbitrary: none }, { weight: 1, arbitrary: one })), fc.array(act, { minLength: 1, maxLength: 2 }), fc.nat({ max: 1 }), fc.boolean())
  .map(([script, second, at, returns]) => ({
    ...script, acts: [...script.acts.slice(0, at), { do: 'switch' }, ...script.acts.slice(at)], second: returns ? [...second, { do: 'switch' }] : second,
  }));

/** A processor that interrupts another, and that other one: small, since each interrupt multiplies the number of states. */
const signalling: fc.Arbitrary<readonly Script[]> = fc.tuple(scriptOf(1, none), scriptOf(1, none), fc.constantFrom('ipi' as const, 'call' as const), fc.boolean(), fc.array(plainAct, { minLength: 1, maxLength: 1 }))
  .map(([sender, other, how, isFirst, onIpi]) => {
    const send: Act = { do: how, target: 1 };
    return [{ ...sender, acts: isFirst ? [send, ...sender.acts] : [...sender.acts, send] }, { ...other, onIpi }];
  });

const processors: fc.Arbitrary<readonly Script[]> = fc.oneof(
  { weight: 7, arbitrary: fc.tuple(scriptOf(3, none), scriptOf(3, none)) },
  { weight: 5, arbitrary: fc.tuple(scriptOf(2, none), scriptOf(2, none), scriptOf(1, none)) },
  { weight: 1, arbitrary: fc.tuple(scriptOf(1, none), scriptOf(1, none), scriptOf(1, none), scriptOf(1, none)) },
  { weight: 3, arbitrary: fc.tuple(scriptOf(2, fc.oneof(one, long)), scriptOf(2, none)) },
  { weight: 4, arbitrary: started },
  { weight: 1, arbitrary: fc.tuple(started, scriptOf(1, none)).map(([pair, other]) => [...pair, other]) },
  // Two equal processors, alone and beside another one.
  { weight: 2, arbitrary: scriptOf(3, none).map((script) => [script, script]) },
  { weight: 2, arbitrary: fc.tuple(scriptOf(2, none), scriptOf(1, none)).map(([script, other]) => [script, script, other]) },
  { weight: 1, arbitrary: scriptOf(1, one).map((script) => [script, script]) },
  { weight: 1, arbitrary: scriptOf(1, none).map((script) => [script, script, script]) },
  { weight: 2, arbitrary: fc.tuple(scriptOf(1, one), scriptOf(1, one)) },
  { weight: 2, arbitrary: fc.tuple(scriptOf(1, two), scriptOf(1, none)) },
  { weight: 1, arbitrary: fc.tuple(scriptOf(2, fc.oneof(one, two))) },
  { weight: 1, arbitrary: fc.tuple(nested, scriptOf(1, none)) },
  { weight: 1, arbitrary: fc.tuple(nested) },
  { weight: 2, arbitrary: masked },
  { weight: 9, arbitrary: signalling },
  { weight: 3, arbitrary: fc.tuple(switching, scriptOf(1, none)) },
  { weight: 1, arbitrary: switching.map((script) => [script, script]) },
);

const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({ claim: just('never both'), word, value, other: word, otherValue: value }),
  fc.record({ claim: just('at most'), keys: fc.nat({ max: 2 }) }),
  fc.record({ claim: just('not while'), word, value, lock }),
);
const claims = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(claim, { minLength: 1, maxLength: 2 }) });

const machines: fc.Arbitrary<ScriptedProgram> = fc.record({
  processors, claims, hasCertainIpis: fc.boolean(),
  isBuffered: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  comesAtRest: fc.boolean(),
});

/** The same program on processors with caches: loads of the first word go through the cache, and fences empty it. */
function withCaches(program: ScriptedProgram): ScriptedProgram {
  const cached = (acts: readonly Act[]): readonly Act[] => acts.map((one) => {
    if (one.do === 'load') return { do: 'look' };
    if (one.do === 'mfence') return { do: 'flush' };
    return 'acts' in one ? { ...one, acts: cached(one.acts) } : one;
  });
  const scripts = program.processors.map(({ acts, interrupts, onIpi, onFault = [], second, ...rest }) => ({
    ...rest, acts: cached(acts), interrupts: interrupts.map(cached), onIpi: cached(onIpi), onFault: cached(onFault), ...(second ? { second: cached(second) } : {}),
  }));
  return { ...program, processors: scripts };
}

const threads: fc.Arbitrary<ScriptedProgram> = fc.record({
  processors: fc.oneof(
    fc.tuple(threadOf(3), threadOf(3)), fc.tuple(threadOf(2), threadOf(2), threadOf(1)), threadOf(2).map((script) => [script, script]),
  ),
  claims, isBuffered: fc.constant(false), isThreads: fc.constant(true),
});

function threadOf(acts: number): fc.Arbitrary<Script> {
  return fc.record({ acts: fc.array(fc.oneof({ weight: 4, arbitrary: threadAct }, { weight: 1, arbitrary: locked(threadAct) }), { minLength: 1, maxLength: acts }), interrupts: fc.constant([]), onIpi: fc.constant([]) });
}

/** About how many instructions a list has. */
function lengthOf(acts: readonly Act[]): number {
  return acts.reduce((sum, one) => sum + ('acts' in one ? 2 + lengthOf(one.acts) : ['copy', 'forbid', 'call', 'pair'].includes(one.do) ? 2 : 1), 1);
}

/** About how many states a program can have. */
function sizeOf(program: ScriptedProgram): number {
  const acts = actsOf(program);
  const isInterrupted = (p: number): boolean => acts.some((one) => (one.do === 'ipi' || one.do === 'call') && one.target % program.processors.length === p);
  const starts = acts.filter((one) => one.do === 'start').length;
  const delayed = program.isBuffered ? acts.filter((one) => ['store', 'copy', 'choose', 'pick'].includes(one.do)).length : 0;
  const chosen = acts.filter((one) => one.do === 'choose' || one.do === 'pick').length;
  const caches = hasCaches(program) ? (2 + acts.filter((one) => one.do === 'flush').length) ** program.processors.length : 1;
  return program.processors.reduce((size, { acts: body, interrupts, onIpi, second = [] }, p) => {
    const handlers = [...interrupts, ...(isInterrupted(p) ? [onIpi, onIpi] : [])];
    return size * (lengthOf(body) + 1) * (second.length > 0 ? lengthOf(second) : 1) * handlers.reduce((product, handler) => product * (2 + lengthOf(handler)), 1);
  }, 1.7 ** delayed * 1.5 ** chosen * 2 ** starts * caches);
}

const anySize: fc.Arbitrary<ScriptedProgram> = fc.oneof({ weight: 12, arbitrary: machines }, { weight: 2, arbitrary: machines.map(withCaches).filter(hasCaches) }, { weight: 2, arbitrary: threads });
const ofAtMost = (size: number): fc.Arbitrary<ScriptedProgram> => anySize.filter((program) => sizeOf(program) <= size);

/** Small programs that contain every feature. */
export const richProgram = ofAtMost(250);

/** The same, but mostly smaller, for comparisons of many programs. */
export const smallerProgram: fc.Arbitrary<ScriptedProgram> = fc.oneof({ weight: 1, arbitrary: richProgram }, { weight: 3, arbitrary: ofAtMost(70) });

/** The features of a program, in words. */
export function featuresOf(program: ScriptedProgram): string[] {
  const acts = actsOf(program);
  const has = (...what: Act['do'][]): boolean => acts.some((one) => what.includes(one.do));
  const { processors: scripts, claims: said = [], isBuffered, comesAtRest, isThreads, hasCertainIpis } = program;
  const interrupts = scripts.flatMap((script) => script.interrupts);
  const features: Readonly<Record<string, boolean>> = {
    'several invariants': said.length > 0,
    'an invariant over cells that several write': said.some((one) => one.claim !== 'at most'),
    'scans of a table': has('count') || said.some((one) => one.claim === 'at most'),
    'a table that changes': has('put', 'alloc'),
    'allocation': has('alloc'),
    'a processor that is started': has('start'),
    'a processor that is woken': has('wake', 'hlt'),
    'a processor that is reset': has('abandon'),
    'HLT': has('hlt'),
    'interrupts': interrupts.length > 0,
    'interrupts that nest': scripts.some((script) => script.interrupts.length > 1 && script.interrupts.flat().some((one) => one.do === 'sti')),
    'interrupts at rest': interrupts.length > 0 && !runsOut(program),
    'interprocessor interrupts': has('ipi', 'call'),
    'interprocessor interrupts with waiting': has('call'),
    'store buffers': isBuffered,
    'store buffers with locked instructions or fences': isBuffered && has('add', 'swap', 'locked', 'mfence'),
    'choices': has('choose', 'pick'),
    'choices that depend on the state': has('pick'),
    'twins': twinsIn(program).length > 0,
    'loops by repeatWhile': has('while'),
    'instructions that restart': has('spin'),
    'faults': has('access'),
    'faults that do not restart': has('trap'),
    'lines that are masked': acts.some((one) => one.do === 'mask' && (one.line === IPI_LINE ? has('ipi', 'call') : interrupts.length > one.line)),
    'interrupts that are rearmed': has('rearm') && interrupts.length > 0,
    'tasks that are switched': has('switch') && scripts.some(({ second }) => second !== undefined),
    'caches that fill themselves': hasCaches(program),
    'interprocessor interrupts that are steps': has('ipi', 'call') && hasCertainIpis === true,
    'silent instructions': has('quiet'),
    'steady instructions': isThreads === true,
    'composite results': has('pair'),
    'locks': has('locked'),
    'waits for one word': has('await'),
    'waits for two words': has('await both'),
    'assertions': has('forbid'),
    'interrupts also at rest': comesAtRest === true && interrupts.length > 0,
  };
  return Object.entries(features).flatMap(([name, isThere]) => (isThere ? [name] : []));
}
