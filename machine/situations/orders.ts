import type { Verdict } from '../explorer/explore';
import { Cpu } from '../hardware/cpu';
import type { MemoryOrder } from '../hardware/store-buffer';
import { checkPrepared, prepare, type Request } from './check';
import type { Situation } from './types';

// One situation under both orders of memory: which requirements fail, and how
// large the search is. A verdict that differs is a bug that only store buffers
// can show, or one that they hide.

/** The result of a search under one order. */
export interface Searched {
  /** The requirements that fail, `deadlock` and `livelock` among them, each once. */
  readonly failing: readonly string[];
  readonly states: number;
  /** False if it was given up at that many states. */
  readonly complete: boolean;
}

/** One choice of a situation's parameters, with all of its patches or none, under both orders. */
export interface Compared {
  readonly situation: string;
  readonly processors: number;
  readonly patches: 'all' | 'none';
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly SC: Searched;
  readonly TSO: Searched;
}

/** One question, as in a scenario, under both orders. */
export interface Question {
  readonly situation: string;
  readonly patches: string;
  readonly parameters: Compared['parameters'];
  readonly invariants: readonly string[];
  /** The most changes of processor that a run may have, if the scenario bounds them. */
  readonly switches?: number;
  readonly SC: Searched;
  readonly TSO: Searched;
}

/**
 * Asks one question under both orders.
 *
 * @param answer makes the search
 */
export function compareQuestion(request: Request, answer: (request: Request) => Verdict): Question {
  const { situation, patches, parameters: given = {}, bounds } = request;
  const invariants = request.invariants ?? [];
  const parameters = Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'order'));
  const under = (order: MemoryOrder): Searched => searched(answer({ ...request, parameters: { ...parameters, order } }));
  return { situation, patches, parameters, invariants, ...(bounds?.switches === undefined ? {} : { switches: bounds.switches }), SC: under('SC'), TSO: under('TSO') };
}

/** The choices in which the requirements of a situation are judged. */
export function choicesOf(situation: Situation): { readonly patches: 'all' | 'none'; readonly parameters: Compared['parameters'] }[] {
  return (['all', 'none'] as const).flatMap((patches) => (situation.reviewed ?? [{}]).map((parameters) => ({ patches, parameters })));
}

/** Searches one choice under both orders; gives each up at `states`. */
export function compareOrders(situation: Situation, { patches, parameters }: Pick<Compared, 'patches' | 'parameters'>, states: number): Compared {
  const under = (order: MemoryOrder): Searched => {
    const prepared = prepare({ situation: situation.id, patches, parameters: { ...parameters, order }, bounds: { states }, challenge: 0 });
    return searched(checkPrepared(prepared));
  };
  const { processes } = situation.build(prepare({ situation: situation.id, patches, parameters: { ...parameters } }).choice);
  const processors = processes.filter((process) => process instanceof Cpu).length;
  return { situation: situation.id, processors, patches, parameters, SC: under('SC'), TSO: under('TSO') };
}

function searched({ findings, states, complete }: Verdict): Searched {
  return { failing: [...new Set(findings.map(({ invariant }) => invariant))].sort(), states, complete };
}

/** What TSO changes: the requirements that fail under one order alone. Null if a search was given up. */
export function changedByTso({ SC, TSO }: Pick<Compared, 'SC' | 'TSO'>): readonly string[] | null {
  if (!SC.complete || !TSO.complete) return null;
  const either = new Set([...SC.failing, ...TSO.failing]);
  return [...either].filter((name) => SC.failing.includes(name) !== TSO.failing.includes(name)).sort();
}
