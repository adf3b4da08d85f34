// What a C compiler makes of the ways to write a stub, and of the takes of
// thread 003 with and without CONFIG_VMI.

import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { missingFunctions } from '../../machine/kernel/boot/build';
import { kernelNamed } from '../../machine/situations/boot/kernels';
import { BootMachine } from '../../machine/situations/boot/machine';
import { cCompiler, linkC } from '../support/c-compiler';
import { askCompiler, FORMS, QUESTIONS, RECORDED, type Answers } from '../support/stub-forms';
import { macroOf, SKELETON } from '../support/vmi-skeleton';
import type { MachineWorld } from '../support/world';

const asked = new WeakMap<MachineWorld, Readonly<Record<string, Answers>>>();
const links = new WeakMap<MachineWorld, readonly string[]>();

When('a C compiler is asked about each form', function (this: MachineWorld) {
  const compiler = cCompiler();
  if (compiler === null) this.log('There is no C compiler on this machine: what follows is what gcc said when it was recorded.');
  else this.log(`Asked ${compiler}.`);
  const answers = Object.keys(FORMS).map((form) => [form, compiler === null ? RECORDED[form]! : askCompiler(form)] as const);
  asked.set(this, Object.fromEntries(answers));
});

Then('it answers:', function (this: MachineWorld, table: DataTable) {
  const answers = asked.get(this)!;
  const found = Object.entries(answers).map(([form, answer]) => [form, ...QUESTIONS.map((question) => (answer[question] ? 'yes' : 'no'))]);
  expect(table.raw()[0]!.slice(1)).to.deep.equal([...QUESTIONS]);
  expect(found).to.deep.equal(table.rows());
});

Then('that is what was recorded', function (this: MachineWorld) {
  expect(asked.get(this)).to.deep.equal(RECORDED);
});

/** Whether the kernel links, according to the model, and to the compiler if there is one. */
function judge(release: string, hunks: ReadonlySet<string>, VMI: boolean): { readonly model: boolean; readonly compiler: boolean | null } {
  const { kernel } = new BootMachine({ release, hunks, config: { VMI } });
  const defines = [...[...hunks].map(macroOf), ...(VMI ? ['CONFIG_VMI'] : [])];
  return { model: missingFunctions(kernel).length === 0, compiler: cCompiler() === null ? null : linkC(SKELETON, defines).ok };
}

/** Builds variants of one kernel, with and without CONFIG_VMI; reports which do not link. */
function build(world: MachineWorld, name: string, takeOut: boolean): void {
  const { release, hunks } = kernelNamed(name);
  const all = [['whole', hunks] as const, ...[...hunks].map((out) => [`without ${out}`, new Set([...hunks].filter((hunk) => hunk !== out))] as const)];
  const variants = takeOut ? all : all.slice(0, 1);
  const failing = variants.flatMap(([what, some]) => [true, false].flatMap((VMI) => {
    const { model, compiler } = judge(release, some, VMI);
    if (compiler !== null && compiler !== model) throw new Error(`${name} ${what}, CONFIG_VMI ${VMI ? 'on' : 'off'}: the model says it ${model ? 'links' : 'does not link'}, the compiler says otherwise`);
    return model ? [] : [`${what}, CONFIG_VMI ${VMI ? 'on' : 'off'}`];
  }));
  if (cCompiler() === null) world.log('There is no C compiler on this machine: this is what the model says.');
  links.set(world, failing);
}

When('{string} is built with CONFIG_VMI and without', function (this: MachineWorld, name: string) {
  build(this, name, false);
});

When('{string} is built with CONFIG_VMI and without, whole and with each hunk removed', function (this: MachineWorld, name: string) {
  build(this, name, true);
});

Then('with all its hunks it links both ways', function (this: MachineWorld) {
  expect(links.get(this)!.filter((line) => line.startsWith('whole'))).to.deep.equal([]);
});

Then('only these do not link:', function (this: MachineWorld, table: DataTable) {
  expect([...links.get(this)!].sort()).to.deep.equal(table.raw().map(([line]) => line!).sort());
});
