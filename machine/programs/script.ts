// Programs as data, which a generator of random programs can produce, and which
// can be printed, shrunk and stored. They contain everything that the explorer
// has to get right. Their meaning is written twice: scripted.ts turns them into
// paths, plain.ts runs them without any of the machinery.

/** One thing that a processor does. Words, locks and processors are given by number. */
export type Act =
  /** Loads a word, and has seen its value. For other acts with a result, the comment says what is seen. */
  | { readonly do: 'load'; readonly word: number }
  | { readonly do: 'store'; readonly word: number; readonly value: number }
  /** Loads one word, adds one, and stores that in another. */
  | { readonly do: 'copy'; readonly word: number; readonly to: number }
  /** Adds one in a locked instruction. */
  | { readonly do: 'add'; readonly word: number }
  /** Stores the value in a locked instruction if the word holds what is expected; has seen 1 if it did, else 0. */
  | { readonly do: 'swap'; readonly word: number; readonly expected: number; readonly value: number }
  /** Waits until a word has a value. */
  | { readonly do: 'await'; readonly word: number; readonly value: number }
  /** Waits until two words have a value at the same time. */
  | { readonly do: 'await both'; readonly word: number; readonly other: number; readonly value: number }
  | { readonly do: 'locked'; readonly lock: number; readonly acts: readonly Act[] }
  /** Fails the run if the word has the value. */
  | { readonly do: 'forbid'; readonly word: number; readonly value: number }
  /** Picks 1 or 2 and stores it. */
  | { readonly do: 'choose'; readonly word: number }
  /** The same if the word is not 0; else it stores 1. */
  | { readonly do: 'pick'; readonly word: number }
  | { readonly do: 'cli' | 'sti' | 'mfence' }
  | { readonly do: 'ipi'; readonly target: number }
  /** Interrupts another processor and waits until it has taken that. */
  | { readonly do: 'call'; readonly target: number }
  /** Waits, without having work, for an interrupt or to be woken. An earlier one counts. */
  | { readonly do: 'hlt' }
  | { readonly do: 'wake'; readonly target: number }
  /** Makes a processor that does nothing begin its acts, at most twice. */
  | { readonly do: 'start'; readonly target: number }
  /** Drops everything that another processor is doing. */
  | { readonly do: 'abandon'; readonly target: number }
  /** Enters a value in the table; 0 removes the key. */
  | { readonly do: 'put'; readonly key: number; readonly value: number }
  /** Has seen how many keys the table has. */
  | { readonly do: 'count' }
  /** Enters the next free key, and has seen it. */
  | { readonly do: 'alloc' }
  /** Spins until the word has the value. */
  | { readonly do: 'spin'; readonly word: number; readonly value: number }
  /** Does this, and repeats it as long as the word then has the value. */
  | { readonly do: 'while'; readonly word: number; readonly value: number; readonly acts: readonly Act[] }
  /** Faults while the word is 0: then the fault handler runs, and the access is tried again. */
  | { readonly do: 'access'; readonly word: number }
  /** The same, but it is not tried again: continues, and has seen whether it faulted. */
  | { readonly do: 'trap'; readonly word: number }
  /** Masks or unmasks one line of a processor: an interrupt by its number, or `IPI_LINE`. */
  | { readonly do: 'mask' | 'unmask'; readonly target: number; readonly line: number }
  /** Lets the interrupt with that number come once more; each processor can do so `REARMS` times. */
  | { readonly do: 'rearm'; readonly line: number }
  /** Continues with the other task of the processor, from where it was. */
  | { readonly do: 'switch' }
  /** Loads the first word through the processor's cache, which may have been filled at any time; or empties the cache. */
  | { readonly do: 'look' | 'flush' }
  /** Loads as part of the previous instruction. */
  | { readonly do: 'quiet'; readonly word: number }
  /** Loads both, one after the other, and has seen the pair. */
  | { readonly do: 'pair'; readonly word: number; readonly other: number };

/** What one processor runs, what may interrupt it (once each), and what it does on an IPI or a fault. */
export interface Script {
  readonly acts: readonly Act[];
  readonly interrupts: readonly (readonly Act[])[];
  readonly onIpi: readonly Act[];
  readonly onFault?: readonly Act[];
  /** What its other task does, once it is switched to. */
  readonly second?: readonly Act[];
  /** Does nothing until it is started. */
  readonly isLate?: boolean;
}

/** What must hold after every event. */
export type Claim =
  | { readonly claim: 'never both'; readonly word: number; readonly value: number; readonly other: number; readonly otherValue: number }
  | { readonly claim: 'at most'; readonly keys: number }
  | { readonly claim: 'not while'; readonly word: number; readonly value: number; readonly lock: number };

/** A whole program. */
export interface ScriptedProgram {
  readonly processors: readonly Script[];
  /** Whether stores wait in a buffer (x86-TSO) or reach memory at once. */
  readonly isBuffered: boolean;
  readonly claims?: readonly Claim[];
  /** Whether interrupts also come to a processor that has nothing to do. */
  readonly comesAtRest?: boolean;
  /** Whether an interrupt from another processor is a step: it will be taken sooner or later, and does not count as an outside event. */
  readonly hasCertainIpis?: boolean;
  /** Whether its processors are threads, which have no interrupts and whose instructions are steady. Only for acts that threads can do. */
  readonly isThreads?: boolean;
}

export const WORDS = 3;
export const LOCKS = 2;
/** How often a processor can be started. */
export const STARTS = 2;
/** How often a processor can have an interrupt come once more. */
export const REARMS = 1;
/** The line on which other processors interrupt a processor. */
export const IPI_LINE = 2;
/** The first key that `alloc` uses. */
export const FIRST_KEY = 10;

/** These lists of acts, and those nested in them. */
export function withNested(acts: readonly Act[]): (readonly Act[])[] {
  return [acts, ...acts.flatMap((act) => ('acts' in act ? withNested(act.acts) : []))];
}

/** Every act of a program, by any of its threads. */
export function actsOf({ processors }: ScriptedProgram): Act[] {
  const all: Act[] = [];
  const add = (acts: readonly Act[]): void => {
    for (const act of acts) {
      all.push(act);
      if ('acts' in act) add(act.acts);
    }
  };
  for (const script of processors) for (const [, acts] of listsOf(script)) add(acts);
  return all;
}

/** Every list of a processor by name: what it runs, and what interrupts it. */
export function listsOf({ acts, interrupts, onIpi, onFault = [], second }: Script): [string, readonly Act[]][] {
  const handlers = interrupts.map((handler, n): [string, readonly Act[]] => [`irq${n}`, handler]);
  return [['body', acts], ...(second ? [['second', second] as [string, readonly Act[]]] : []), ...handlers, ['ipi', onIpi], ['fault', onFault]];
}

/** Whether processors have caches that may be filled at any time. */
export function hasCaches(program: ScriptedProgram): boolean {
  return actsOf(program).some((act) => act.do === 'look' || act.do === 'flush');
}

/** Groups of processors that run the same script. Others refer to them by number. */
export function twinsIn(program: ScriptedProgram): number[][] {
  const { processors } = program;
  if (actsOf(program).some((act) => 'target' in act)) return [];
  const texts = processors.map((script) => JSON.stringify(script));
  return [...new Set(texts)].map((text) => texts.flatMap((other, i) => (other === text ? [i] : []))).filter(({ length }) => length > 1);
}

/** Whether nothing can come any more when all work is done. */
export function runsOut(program: ScriptedProgram): boolean {
  if (hasCaches(program)) return false;
  const hasInterrupts = program.processors.some(({ interrupts }) => interrupts.length > 0);
  return !hasInterrupts || (program.comesAtRest !== true && !actsOf(program).some((act) => act.do === 'hlt'));
}

/** The name of a claim. */
export function nameOfClaim(claim: Claim): string {
  return claim.claim;
}

export function messageOf(claim: Claim): string {
  switch (claim.claim) {
    case 'never both': return `word${claim.word} is ${claim.value} and word${claim.other} is ${claim.otherValue}`;
    case 'at most': return `the table has more than ${claim.keys} keys`;
    case 'not while': return `word${claim.word} is ${claim.value} while lock${claim.lock} is held`;
  }
}
