// Requirements about the end of a run, which ask whether every task is done: with a scheduler and without.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { explore, type Verdict } from '../../machine/explorer/explore';
import type { Invariant, System } from '../../machine/explorer/system';
import { load } from '../../machine/hardware/instructions';
import type { Kernel } from '../../machine/kernel/kernel';
import { path, type Path } from '../../machine/path';
import { Background, inTurn, Steps } from '../../machine/situations/flush-tlb/background';
import { userRead, type Pages } from '../../machine/situations/scenes/pages';
import { SmpScene } from '../../machine/situations/scenes/smp';
import type { MachineWorld } from '../support/world';

const PAGE = 0x08048000;

/** The pages are present from the beginning, so nothing faults. */
const faultsAtTheEnd = (k: Kernel, wanted: number): Invariant => ({
  name: 'faultsAtTheEnd',
  check: () => {
    const faults = k.tasks.reduce((sum, { min_flt }) => sum + min_flt, 0);
    return k.tasks.every(({ isDone }) => isDone) && faults !== wanted ? `there were ${faults} faults, and not ${wanted}` : null;
  },
});

const readOnce = path(function* readOnce(pages: Pages): Path {
  yield* userRead(pages, PAGE);
});

function scheduled(wanted: number): System {
  const background = new Background({ release: '2.6.10', config: { PREEMPT: true }, hunks: new Set() });
  const [editor] = ['editor', 'browser'].map((name) => background.task(name, background.addressSpace(`${name}.mm`, [{ va: PAGE, content: 1 }]), () => inTurn(new Steps(name, 1, () => load(PAGE)))));
  background.running(editor!);
  background.timer(1);
  return background.system([faultsAtTheEnd(background.kernel, wanted)]);
}

function unscheduled(wanted: number): System {
  const scene = new SmpScene({ cpus: 2, release: '6.14', hunks: new Set(), config: { X86_64: true } });
  const mm = scene.mm('editor.mm');
  scene.page('the page', 1, { mm, va: PAGE });
  for (const cpu of scene.cpus) {
    cpu.cr3 = mm.pgd;
    scene.task(cpu, `reader on ${cpu.name}`, () => readOnce(scene.pages), { mm });
  }
  return scene.system([faultsAtTheEnd(scene.kernel, wanted)], () => 'the end');
}

const verdicts = new WeakMap<MachineWorld, Verdict>();

When(/^two tasks (under a scheduler|on a processor each) must have had (\d+) faults? in the end$/, function (this: MachineWorld, where: string, wanted: string) {
  verdicts.set(this, explore(() => (where === 'under a scheduler' ? scheduled : unscheduled)(Number(wanted))));
});

Then('the verdict says {string}', function (this: MachineWorld, words: string) {
  const { complete, findings } = verdicts.get(this)!;
  expect(complete).to.equal(true);
  expect(findings.map(({ message }) => message)).to.deep.equal(words === 'nothing' ? [] : [words]);
});
