// One CPU of a situation runs its task alone from the beginning of the situation: the others only answer its
// interrupts. Gives what it performs, in words: each instruction as a function or an operation.

import type { Move } from '../../machine/explorer/system';
import type { Cpu } from '../../machine/hardware/cpu';
import { prepare } from '../../machine/situations/check';

/** Calls that have scenarios of their own: each is one word. */
const WHOLE: ReadonlySet<string> = new Set([
  'flush_tlb_mm_range', 'flush_tlb_mm', 'flush_tlb_page', 'switch_mm_irqs_off', 'switch_mm', 'leave_mm', 'on_each_cpu', 'smp_call_function', 'arch_tlbbatch_flush', 'schedule', 'do_page_fault', 'do_exit',
]);

const LONGEST = 20_000;

function stepOf(cpu: Cpu): Move | undefined {
  const moves: Move[] = [];
  cpu.moves(moves);
  return moves.find(({ kind }) => kind === 'step');
}

/** Runs the handler of a CPU that was interrupted, and no further. False if none was interrupted. */
function answer(others: readonly Cpu[]): boolean {
  const cpu = others.find(({ ipis, context }) => ipis.length > 0 && context !== null);
  const arrival = cpu && stepOf(cpu);
  if (!arrival) return false;
  arrival.perform();
  for (let step = stepOf(cpu); step && cpu.context!.inHandler; step = stepOf(cpu)) step.perform();
  return true;
}

/** `ptep_get_and_clear` for `ptep_get_and_clear(editor.mm, 0x8048000)`; an instruction that is not a call keeps its text, without comment and values. */
function wordOf(text: string): string {
  const called = /^(?:\w+ = )?(\w+)\(/.exec(text)?.[1];
  return called ?? text.split(/\s+[#:=]\s|\s\+=\s/)[0]!.replace(/0x[0-9a-f]+/g, '…').replaceAll('"', '').trim();
}

/** The words of one CPU of a situation, with repetitions counted, and the outcome of the run; `before` are CPUs that run to their ends first, in this order. */
export function straightRun(id: string, patches: string, parameters: Readonly<Record<string, string>>, number: number, before: readonly number[] = []): { readonly words: string; readonly outcome: string } {
  const { situation, choice } = prepare({ situation: id, patches, parameters });
  const system = situation.build(choice);
  const cpus = system.processes as unknown as readonly Cpu[];
  const named = (which: number): Cpu => {
    const cpu = cpus[which];
    if (!cpu) throw new Error(`${id} has ${cpus.length} CPUs, and none is number ${which}`);
    return cpu;
  };
  for (const earlier of before) wordsOf(named(earlier), cpus);
  return { words: wordsOf(named(number), cpus), outcome: system.outcome?.() ?? '' };
}

/** Runs a CPU to the end of its task. */
function wordsOf(cpu: Cpu, cpus: readonly Cpu[]): string {
  const { context } = cpu;
  const turns: { word: string; times: number }[] = [];
  let inside = '';
  const note = (word: string): void => {
    const last = turns.at(-1);
    if (last?.word === word) last.times++;
    else turns.push({ word, times: 1 });
  };
  for (let events = 0; events < LONGEST && !context!.ended; events++) {
    const step = stepOf(cpu);
    if (!step) {
      if (answer(cpus.filter((other) => other !== cpu))) continue;
      break;
    }
    if (!context!.inHandler) {
      const { paths, text } = context!.place()!;
      const at = paths.findIndex((name) => WHOLE.has(name));
      const call = at < 0 ? '' : paths.slice(0, at + 1).join(' ');
      if (at < 0) note(wordOf(text));
      else if (call !== inside) note(`${paths[at]!}()`);
      inside = call;
    }
    step.perform();
  }
  return turns.map(({ word, times }) => (times === 1 ? word : `${word} x${times}`)).join('; ');
}
