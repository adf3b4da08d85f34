// Shards that hand states over in a folder, run through the command line.

import { After, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exploreCommand, mergeCommand } from '../../machine/cli/commands/explore';
import { exchange } from '../../machine/cli/search/exchange';
import { subjectOf } from '../../machine/cli/search/subject';
import { assemble, type DoneRound } from '../../machine/explorer/shared/assemble';
import { ownersAmong } from '../../machine/explorer/shared/owners';
import { ShardRound, type Round } from '../../machine/explorer/shared/round';
import { programNamed } from '../../machine/programs/named';
import { jsonSchema, violations } from '../support/json-schema';
import type { MachineWorld } from '../support/world';

/** More rounds than any search here needs. */
const MOST_ROUNDS = 100;

class Exchange {
  readonly folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  subject = '';
  printed = '';
  code: number | undefined;
  complaint = '';
  explored = 0;
  rounds: readonly DoneRound[] = [];

  private readonly output = { stdout: (text: string) => { this.printed += text; }, stderr: (text: string) => { this.printed += text; } };

  async call(index: number, count: number, options: object = {}): Promise<number> {
    this.printed = '';
    try {
      return this.code = await exploreCommand(this.subject, { patches: 'all', shard: `${index}/${count}`, exchange: this.folder, ...options }, this.output);
    } catch (error) {
      this.complaint = (error as Error).message;
      return -1;
    }
  }

  async all(count: number): Promise<void> {
    const explored = new Map<number, number>();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      for (let index = 1; index <= count; index++) {
        await this.call(index, count, { json: true });
        const told = JSON.parse(this.printed) as { readonly became: string; readonly all?: number };
        expect(violations(jsonSchema(), told)).to.deep.equal([]);
        const { became, all } = told;
        if (all !== undefined) explored.set(index, all);
        if (became === 'finished' && index === count) {
          this.explored = [...explored.values()].reduce((sum, one) => sum + one, 0);
          return;
        }
      }
    }
    throw new Error(`${MOST_ROUNDS} rounds are not enough`);
  }

  merge(options: object = {}): string {
    this.printed = '';
    this.code = mergeCommand([this.folder], options, this.output);
    return this.printed;
  }

  async alone(): Promise<string> {
    this.printed = '';
    await exploreCommand(this.subject, { patches: 'all', engine: 'stateful', json: true }, this.output);
    return this.printed;
  }
}

const known = new WeakMap<MachineWorld, Exchange>();

function exchangeOf(world: MachineWorld): Exchange {
  const one = known.get(world) ?? new Exchange();
  known.set(world, one);
  return one;
}

After(function (this: MachineWorld) {
  const one = known.get(this);
  if (one) rmSync(one.folder, { recursive: true, force: true });
});

When('{string} is explored by {int} shards that hand states over', async function (this: MachineWorld, subject: string, count: number) {
  const one = exchangeOf(this);
  one.subject = subject;
  await one.all(count);
});

Then('merging their folder prints what one search prints', async function (this: MachineWorld) {
  const one = exchangeOf(this);
  const merged = JSON.parse(one.merge({ json: true })) as object;
  expect(merged).to.deep.equal(JSON.parse(await one.alone()));
});

Then('the shards have explored as many states as it has', function (this: MachineWorld) {
  const one = exchangeOf(this);
  const { states } = JSON.parse(one.merge({ json: true })) as { states: number };
  expect(one.explored).to.equal(states);
});

Given('shard {int} of {int} has done a round of {string}', async function (this: MachineWorld, index: number, count: number, subject: string) {
  const one = exchangeOf(this);
  one.subject = subject;
  expect(await one.call(index, count)).to.equal(4);
  expect(one.printed).to.contain('round 1: ');
});

When('shard {int} of {int} is called again', async function (this: MachineWorld, index: number, count: number) {
  await exchangeOf(this).call(index, count);
});

When('shard {int} of {int} is called again, for JSON', async function (this: MachineWorld, index: number, count: number) {
  await exchangeOf(this).call(index, count, { json: true });
});

Then('the JSON says {string}, in the format of a round', function (this: MachineWorld, became: string) {
  const told = JSON.parse(exchangeOf(this).printed) as object;
  expect(told).to.include({ format: 'round/1', became });
  expect(violations(jsonSchema(), told)).to.deep.equal([]);
});

When('shard {int} of {int} is called for {string}', async function (this: MachineWorld, index: number, count: number, subject: string) {
  const one = exchangeOf(this);
  one.subject = subject;
  await one.call(index, count);
});

When('the folder is merged', function (this: MachineWorld) {
  exchangeOf(this).merge();
});

When('the first round of shard {int} of {int} of {string} is stopped', async function (this: MachineWorld, index: number, count: number, subject: string) {
  const one = exchangeOf(this);
  one.subject = subject;
  const turn = await exchange(subjectOf(subject, { patches: 'all', engine: 'stateful' }), { index, count }, one.folder, () => 'SIGINT');
  expect(turn).to.deep.equal({ became: 'stopped', round: 1, why: 'SIGINT' });
});

When('shard {int} of {int} of {string} is called for runs with at most {int} interrupt', async function (this: MachineWorld, index: number, count: number, subject: string, interrupts: number) {
  const one = exchangeOf(this);
  const bounded = { ...subjectOf(subject, { patches: 'all', engine: 'stateful' }), bounds: { interrupts } };
  one.complaint = await exchange(bounded, { index, count }, one.folder, () => null).then(() => '', (error: Error) => error.message);
});

When('two shards that disagree about who owns a state of {string} have done their rounds', function (this: MachineWorld, subject: string) {
  const program = programNamed(subject);
  exchangeOf(this).rounds = [0, 1].map((me): DoneRound => {
    const round = new ShardRound(program(), () => me, { me, shards: 2, earlier: [], handed: [] });
    while (round.advance(1000)) continue;
    return { ...(round.result() satisfies Round), shard: me };
  });
});

When('shard {int} of {int} of {string} has done its first round', function (this: MachineWorld, index: number, shards: number, subject: string) {
  const program = programNamed(subject);
  const round = new ShardRound(program(), ownersAmong(shards, program), { me: index - 1, shards, earlier: [], handed: [] });
  while (round.advance(1000)) continue;
  exchangeOf(this).rounds = [{ ...round.result(), shard: index - 1 }];
});

Then('its round alone has {int} states in which no process can go on by itself, and claims no deadlock', function (this: MachineWorld, waiting: number) {
  const { rounds } = exchangeOf(this);
  expect(rounds[0]!.portion.waiting).to.have.length(waiting);
  expect(assemble(rounds, false).endings.deadlock).to.deep.equal([]);
});

Then('the call says {string}', function (this: MachineWorld, words: string) {
  expect(exchangeOf(this).printed).to.contain(words);
});

Then('the call exits with code {int}', function (this: MachineWorld, code: number) {
  expect(exchangeOf(this).code).to.equal(code);
});

Then('the call is refused with {string}', function (this: MachineWorld, words: string) {
  expect(exchangeOf(this).complaint).to.contain(words);
});

Then('the folder of the shards is empty', function (this: MachineWorld) {
  expect(readdirSync(exchangeOf(this).folder)).to.deep.equal([]);
});

Then('the same round, done again, explores {int} states', async function (this: MachineWorld, states: number) {
  const one = exchangeOf(this);
  await one.call(1, 1, { json: true });
  expect(JSON.parse(one.printed)).to.include({ became: 'round', round: 1, states, all: states });
});

Then('putting them together fails with {string}', function (this: MachineWorld, words: string) {
  const { rounds } = exchangeOf(this);
  expect(() => assemble(rounds, true)).to.throw(words);
});
