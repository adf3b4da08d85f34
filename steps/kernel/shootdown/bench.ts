// Two CPUs of one release, and a way to run one call on one of them from its beginning to its end.

import { Context } from '../../../machine/context';
import type { Move } from '../../../machine/explorer/system';
import type { Cpu } from '../../../machine/hardware/cpu';
import { hlt } from '../../../machine/hardware/instructions';
import type { Kernel } from '../../../machine/kernel/kernel';
import type { Mm } from '../../../machine/kernel/task';
import { path, type Call, type Path } from '../../../machine/path';
import type { Store } from '../../../machine/state/store';

export const PAGE = 0x08048000;
/** Two pages side by side, and one that lies beyond the longest range that is flushed page by page. */
export const PAGES = { first: PAGE, second: PAGE + 0x1000, far: PAGE + 0x40000 } as const;
export const EVERYTHING = 'everything';

export type Stance = 'owns it' | 'has borrowed it' | 'is elsewhere' | 'is elsewhere, and still in the mask';

/** Two CPUs of one release, and how it flushes. */
export interface Bench {
  readonly store: Store;
  readonly cpus: readonly Cpu[];
  readonly mm: Mm;
  readonly other: Mm;
  readonly kernel: Kernel;
  stand(cpu: Cpu, stance: Stance): void;
  call(what: string): Call<unknown>;
  mask(): number;
  /** The other CPU returns to the address space. */
  back?(): Call<unknown>;
  /** The other CPU goes idle on the address space. */
  idles?(): Call<unknown>;
  /** A CPU that has caught up with the second of three generations is asked for a flush of one page, of this generation. */
  answers?(cpu: Cpu, generation: number): Call<unknown>;
  /** What a flush that has ended must not leave behind. */
  leftovers(): readonly string[];
  /** The CPUs that the last call has interrupted. */
  readonly interrupted: Set<string>;
}

export const idle = path(function* idle(): Path { yield* hlt(); });

function stepOf(cpu: Cpu): Move | undefined {
  const moves: Move[] = [];
  cpu.moves(moves);
  return moves.find(({ kind }) => kind === 'step');
}

/** Runs a call on `cpu` to its end, and then restores the context of each CPU. */
export function runOn({ store, cpus, interrupted }: Bench, cpu: Cpu, call: Call<unknown>): void {
  interrupted.clear();
  const kept = cpus.map(({ context, cpl, IF }) => ({ context, cpl, IF }));
  cpus.forEach((each, i) => {
    const context = new Context(store, `alone ${runs.next().value}`);
    Object.assign(each, { context, cpl: 0, IF: true });
    context.start(each === cpu ? call : idle(), cpus[i]!);
  });
  const { context } = cpu;
  for (let events = 0; !context!.ended; events++) {
    const step = stepOf(cpu) ?? cpus.map(stepOf).find((one) => one !== undefined);
    if (!step || events > 10_000) throw new Error(`the call waits at "${context!.pending?.text ?? 'its end'}"`);
    if (step.label.includes('@')) interrupted.add(step.label.split('@')[1]!);
    step.perform();
  }
  // The others leave their handlers.
  for (const other of cpus) for (let step = stepOf(other); step && other.context!.inHandler; step = stepOf(other)) step.perform();
  cpus.forEach((each, i) => Object.assign(each, kept[i]));
}

function* numbers(): Generator<number, never> {
  for (let i = 0; ; i++) yield i;
}
const runs = numbers();

/** Uses each page in user mode, in the address space that is loaded. */
export function touch(cpu: Cpu): void {
  const { cpl } = cpu;
  cpu.cpl = 3;
  for (const va of Object.values(PAGES)) cpu.translate('read', va);
  cpu.cpl = cpl;
}
