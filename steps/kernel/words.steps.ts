// Variables of the kernel as words of memory: how they are laid out, and the results of a few lines on a few
// CPUs. Lines are written as in C, with the names that the kernel's paths use.

import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Context } from '../../machine/context';
import { explore, type Verdict } from '../../machine/explorer/explore';
import type { Invariant, System } from '../../machine/explorer/system';
import { parseSchedule } from '../../machine/explorer/verdict/schedule';
import { replay } from '../../machine/explorer/verdict/replay';
import { Cpu } from '../../machine/hardware/cpu';
import { Memory } from '../../machine/hardware/memory';
import type { MemoryOrder } from '../../machine/hardware/store-buffer';
import * as access from '../../machine/kernel/words/access';
import * as atomic from '../../machine/kernel/words/atomic';
import * as bitops from '../../machine/kernel/words/bitops';
import { Words, type Place } from '../../machine/kernel/words/layout';
import * as rwsem from '../../machine/kernel/words/rwsem';
import * as spinlock from '../../machine/kernel/words/spinlock';
import { bool, s64, u16, u32, u8, WordError, type Width } from '../../machine/kernel/words/widths';
import { path, silently, type Operation, type Path } from '../../machine/path';
import { Entity, type Value } from '../../machine/state/hash';
import { Store } from '../../machine/state/store';
import { Cell } from '../../machine/state/tracked';
import type { MachineWorld } from '../support/world';

interface Variable {
  readonly name: string;
  readonly width: string;
  readonly of: string;
  readonly at: number | undefined;
  readonly initially: string | undefined;
}

const calls: Readonly<Record<string, (...operands: never[]) => Operation>> = { ...access, ...atomic, ...bitops, ...spinlock, ...rwsem } as never;

/** A few CPUs with variables, and the lines that they run. */
class Lines {
  readonly variables: Variable[] = [];
  readonly programs: string[] = [];
  order: MemoryOrder = 'SC';
  words!: Words;
  memory!: Memory;
  verdict: Verdict | undefined;
  mistake: string | undefined;

  /** @param never what must not be noted: a run that notes it is a finding */
  build(never: string | null = null): System {
    const store = new Store();
    this.memory = new Memory(store);
    const cpus = Array.from({ length: Math.max(1, this.programs.length) }, (_, id) => new Cpu(store, id, this.memory, { order: this.order }));
    const words = this.words = new Words(store, this.memory, cpus);
    const mms = new Map(['editor.mm', 'browser.mm'].map((name) => [name, new Entity(name)]));
    const widths: Readonly<Record<string, Width<never>>> = { u8, u16, u32, s64, bool, pointer: words.pointers.width() } as never;
    for (const { name, width, of, at, initially } of this.variables) {
      const declared = widths[width]! as Width<Value>;
      const value = initially === undefined ? {} : { initially: (mms.get(initially) ?? Number(initially)) as Value };
      if (of === 'each CPU') words.declarePerCpu(name, declared, value.initially);
      else if (of === 'all') words.declare(name, declared, { ...value, ...(at !== undefined && { at }) });
      else words.declareField(mms.get(of)!, name, declared, value.initially);
    }
    const noted = new Cell<readonly string[]>(store, 'noted', []);
    const note = silently((what: string) => `note ${what}`, (_cpu: Cpu, what: string) => {
      noted.value = [...noted.value, what];
    });
    const perCpu = new Set(this.variables.filter(({ of }) => of === 'each CPU').map(({ name }) => name));
    const operand = (text: string): Value | Place => {
      if (/^-?\d+$/.test(text)) return Number(text);
      return mms.get(text) ?? (text === 'NULL' ? null : perCpu.has(text) ? words.perCpu(text) : words.word(text));
    };
    const run = path(function* run(code: string): Path {
      for (const line of code.split(';').map((part) => part.trim()).filter((part) => part !== '')) {
        const [, isNoted, name, operands] = /^(note )?(\w+)\((.*)\)$/.exec(line) ?? [];
        if (!name || !calls[name]) throw new Error(`cannot read "${line}"`);
        const step = calls[name](...(operands!.split(/,\s*/).filter((text) => text !== '').map(operand) as never[]));
        const result = yield* step as Iterable<Operation> & { [Symbol.iterator](): Iterator<Operation, Value> };
        if (isNoted) yield* note(result === null ? 'NULL' : String(result));
      }
    });
    this.programs.forEach((code, i) => {
      const cpu = cpus[i]!;
      cpu.context = new Context(store, `P${i}`);
      cpu.context.start(run(code), cpu);
    });
    store.settle();
    const invariants: Invariant[] = never === null ? [] : [{ name: 'neverNoted', check: () => (noted.value.join(' ') === never ? `"${never}" was noted` : null) }];
    return { store, processes: cpus, invariants, outcome: () => noted.value.join(' ') || 'nothing' };
  }
}

const all = new WeakMap<MachineWorld, Lines>();

function linesOf(world: MachineWorld): Lines {
  const lines = all.get(world) ?? new Lines();
  all.set(world, lines);
  return lines;
}

Given('the kernel variables:', function (this: MachineWorld, table: DataTable) {
  for (const { name, width, of, at, initially } of table.hashes()) {
    linesOf(this).variables.push({ name: name!, width: width ?? 'u32', of: of ?? 'all', at: at ? Number(at) : undefined, initially: initially === '' ? undefined : initially });
  }
});

Given('a CPU that runs {string}', function (this: MachineWorld, code: string) {
  linesOf(this).programs.push(code);
});

When('every interleaving of these lines is explored under {word}', function (this: MachineWorld, order: MemoryOrder) {
  const lines = linesOf(this);
  lines.order = order;
  try {
    lines.verdict = explore(() => lines.build());
  } catch (error) {
    if (!(error instanceof WordError)) throw error;
    lines.mistake = error.message;
  }
});

When('the variables are laid out', function (this: MachineWorld) {
  const lines = linesOf(this);
  try {
    lines.build();
  } catch (error) {
    if (!(error instanceof WordError)) throw error;
    lines.mistake = error.message;
  }
});

Then('the possible results are {string}', function (this: MachineWorld, list: string) {
  const { complete, findings, outcomes } = linesOf(this).verdict!;
  expect(findings.map(({ message }) => message)).to.deep.equal([]);
  expect(complete).to.equal(true);
  expect([...outcomes]).to.have.members(list.split(', '));
});

Then('the mistake is {string}', function (this: MachineWorld, message: string) {
  expect(linesOf(this).mistake).to.equal(message);
});

Then('{string} lies at {word}', function (this: MachineWorld, name: string, address: string) {
  expect(linesOf(this).mistake).to.equal(undefined);
  expect(`0x${linesOf(this).words.word(name).address.toString(16).padStart(8, '0')}`).to.equal(address);
});

Then('the words from {string} on are called {string} and {string}', function (this: MachineWorld, name: string, first: string, second: string) {
  const { words, memory } = linesOf(this);
  const { address } = words.word(name);
  expect([address, address + 4].map((at) => memory.nameOf(at))).to.deep.equal([first, second]);
});

Then('a deadlock over {string} is found', function (this: MachineWorld, told: string) {
  const { findings } = linesOf(this).verdict!;
  expect(findings.map(({ kind }) => kind)).to.deep.equal(['deadlock']);
  expect(findings[0]!.message).to.contain(told);
});

Then('a run that ends with {string} shows these changes:', function (this: MachineWorld, outcome: string, table: DataTable) {
  const lines = linesOf(this);
  const { findings } = explore(() => lines.build(outcome));
  const { witness } = findings.find(({ kind }) => kind === 'violation')!;
  const { events } = replay(lines.build(outcome), parseSchedule(witness.schedule));
  const shown = events.flatMap(({ text, changes }) => changes.filter(({ cell }) => cell !== 'noted').map(({ cell, before, after }) => `${text} | ${cell} | ${String(before)} | ${String(after)}`));
  expect(shown).to.deep.equal(table.raw().map((row) => row.join(' | ')));
});
