// No instruction touches several words that others use; see one-word/touched.ts.

import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { System } from '../../machine/explorer/system';
import type { Cpu } from '../../machine/hardware/cpu';
import { hlt } from '../../machine/hardware/instructions';
import { READ_ONCE, WRITE_ONCE } from '../../machine/kernel/words/access';
import type { Word } from '../../machine/kernel/words/layout';
import { u32 } from '../../machine/kernel/words/widths';
import { instruction, path, type Path } from '../../machine/path';
import { SITUATIONS } from '../../machine/situations';
import { prepare } from '../../machine/situations/check';
import { choicesOf } from '../../machine/situations/orders';
import { SmpScene } from '../../machine/situations/scenes/smp';
import type { MachineWorld } from '../support/world';
import { ALLOWED } from './one-word/allowed';
import { severalAtOnce, type Several } from './one-word/touched';

interface Looking {
  system?: System;
  found?: readonly Several[];
}

const lookings = new WeakMap<MachineWorld, Looking>();

function lookingOf(world: MachineWorld): Looking {
  const looking = lookings.get(world) ?? {};
  lookings.set(world, looking);
  return looking;
}

const bothAtOnce = instruction('sum = first + second', (cpu: Cpu, first: Word<number>, second: Word<number>) => first.get(cpu.memory) + second.get(cpu.memory));

const readsAtOnce = path(function* readsAtOnce(first: Word<number>, second: Word<number>): Path {
  yield* bothAtOnce(first, second);
  yield* hlt();
});

const readsEach = path(function* readsEach(first: Word<number>, second: Word<number>): Path {
  yield* READ_ONCE(first);
  yield* READ_ONCE(second);
  yield* hlt();
});

const stores = path(function* stores(first: Word<number>, second: Word<number>): Path {
  yield* WRITE_ONCE(first, 1);
  yield* WRITE_ONCE(second, 1);
  yield* hlt();
});

Given('a CPU that reads two words {string}, while another one stores to both', function (this: MachineWorld, how: string) {
  const scene = new SmpScene({ cpus: 2, release: '6.1' });
  const first = scene.kernel.words.declare('first', u32);
  const second = scene.kernel.words.declare('second', u32);
  const active = scene.kernel.init_mm;
  scene.task(scene.cpus[0]!, 'reader', () => (how === 'at once' ? readsAtOnce : readsEach)(first, second), { mm: null, active });
  scene.task(scene.cpus[1]!, 'writer', () => stores(first, second), { mm: null, active });
  lookingOf(this).system = scene.system([], () => 'done');
});

When('its instructions are examined in {int} random runs', function (this: MachineWorld, runs: number) {
  const looking = lookingOf(this);
  looking.found = severalAtOnce(looking.system!, runs);
});

When('the instructions of every situation with several CPUs are examined in {int} random runs each', function (this: MachineWorld, runs: number) {
  const all = new Map<string, Several>();
  for (const situation of SITUATIONS) {
    for (const choice of choicesOf(situation)) {
      const system = situation.build(prepare({ situation: situation.id, ...choice }).choice);
      if (system.processes.length < 2) continue;
      for (const several of severalAtOnce(system, runs)) all.set(JSON.stringify(several), several);
    }
  }
  lookingOf(this).found = [...all.values()];
});

Then('this one touches several words that others use: {string}, {string}', function (this: MachineWorld, instruction: string, words: string) {
  expect(lookingOf(this).found!.map((several) => [several.instruction, several.words.join(', ')])).to.deep.equal([[instruction, words]]);
});

Then('none of them touches several words that others use', function (this: MachineWorld) {
  expect(lookingOf(this).found).to.deep.equal([]);
});

Then('each that touches several words is allowed to, with its reason', function (this: MachineWorld) {
  const refused = lookingOf(this).found!.filter((several) => !ALLOWED.some(({ instructions, words }) => instructions.test(several.instruction) && several.words.every((word) => words.test(word))));
  expect(refused.map(({ instruction, does, words }) => `${instruction} ${does} ${words.join(' and ')} at once`)).to.deep.equal([]);
});

Then('every reason is needed', function (this: MachineWorld) {
  const found = lookingOf(this).found!;
  expect(ALLOWED.filter(({ instructions }) => !found.some(({ instruction }) => instructions.test(instruction))).map(({ instructions }) => instructions.source)).to.deep.equal([]);
});
