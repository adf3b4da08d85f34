// switch_mm() of 2.6.10 and related functions, call by call: whose page tables the CPU has loaded, in whose masks it is, and the
// state that it keeps for CPUs that want to flush it.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { movesOf } from '../../machine/explorer/system';
import type { Cpu } from '../../machine/hardware/cpu';
import { load } from '../../machine/hardware/instructions';
import type { Kernel } from '../../machine/kernel/kernel';
import { enter_lazy_tlb, switch_mm } from '../../machine/kernel/linux-2.6/mm/mmu_context';
import { leave_mm } from '../../machine/kernel/linux-2.6/smp-flush';
import type { Mm, Task } from '../../machine/kernel/task';
import { path, silently, type Call, type Path } from '../../machine/path';
import { Background, int80 } from '../../machine/situations/flush-tlb/background';
import type { MachineWorld } from '../support/world';

const AT = 0x08048000;

interface Scene {
  readonly k: Kernel;
  readonly editor: Mm;
  readonly browser: Mm;
  readonly task: Task;
}

const CALLS: Readonly<Record<string, (scene: Scene) => Path>> = {
  * touch() { yield* load(AT); },
  * 'switch to browser'({ k, editor, browser }) { yield* switch_mm(k, editor, browser); },
  * 'switch to editor'({ k, editor, browser }) { yield* switch_mm(k, browser, editor); },
  * 'resume editor'({ k, editor }) { yield* switch_mm(k, editor, editor); },
  * lazy({ k, editor, task }) { yield* enter_lazy_tlb(k, editor, task); },
  * leave({ k }) { yield* leave_mm(k); },
};

const found = new WeakMap<MachineWorld, string>();

When(/^the CPU of the editor, (the only one|one of two), calls "([^"]*)" on 2\.6\.10(, with the patch)?$/, function (this: MachineWorld, cpus: string, words: string, patched: string | null) {
  const background = new Background({ release: '2.6.10', hunks: new Set(patched ? ['flush-tlb/reload-after-lazy'] : []), config: { PREEMPT: false } }, cpus === 'one of two' ? 2 : 1);
  const { kernel: k } = background;
  const editor = background.addressSpace('editor', [{ va: AT, content: 1 }]);
  const browser = background.addressSpace('browser', []);
  const states: string[] = [];
  const note = silently('note', (cpu: Cpu) => {
    const onTables = [editor, browser, k.init_mm].find(({ pgd }) => pgd === cpu.cr3)?.name ?? 'nothing known';
    const masks = [editor, browser].filter(({ cpu_vm_mask }) => (cpu_vm_mask & (1 << cpu.id)) !== 0).map(({ name }) => name).join('+') || 'none';
    const told = k.config.SMP ? ` ${k.tlbstate(cpu).state.replace('TLBSTATE_', '')} of ${k.tlbstate(cpu).active_mm?.name ?? 'none'}` : '';
    states.push(`${onTables} in ${masks}${told}${cpu.tlb.translationsOf(AT).length > 0 ? ' cached' : ''}`);
  });
  const program = path(function* program(): Path {
    yield* int80();
    for (const word of words.split(', ')) {
      yield* CALLS[word]!({ k, editor, browser, task });
      yield* note();
    }
  });
  const task: Task = background.task('editor', editor, () => program() as Call<unknown>);
  background.running(task);
  if (k.config.SMP) k.tlbstate(background.cpus[0]!).active_mm = editor;
  const system = background.system([]);
  for (let events = 0; events < 300 && states.length < words.split(', ').length && task.oops === null; events++) movesOf(system).find(({ kind, process }) => kind === 'step' && process.name === 'cpu0')?.perform();
  found.set(this, [...states, ...(task.oops === null ? [] : [task.oops])].join('; '));
});

Then('it is on these page tables, in these masks: {string}', function (this: MachineWorld, states: string) {
  expect(found.get(this)).to.equal(states);
});
