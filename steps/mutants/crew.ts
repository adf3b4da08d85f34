// The processes that run scenarios against mutants. If a process stops answering, or dies, its mutant counts
// as killed, and the next one starts in a new process.

import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Covered } from './coverage';
import type { Task, Told } from './inside';

/** A scenario that takes this many times longer than without a mutant is stopped. Steps are limited separately, so this concerns scenarios that only wait. */
const TIMES_LONGER = 30;
const AT_LEAST = 120;
/** Seconds for what happens between scenarios, when no mutant runs: loading takes long on a busy machine. */
const BETWEEN = 1800;
const TASKS_OF_A_PROCESS = 200;

export interface Ending {
  readonly killedBy: string | null;
  readonly why: string;
  readonly ran: number;
}

const STOPPED = 'stopped';
/** The state of a process before its first scenario. */
const NOWHERE = 'its start';

type Ended = Extract<Told, { ended: string }>;

export class Crew {
  private readonly all: readonly Member[];
  private readonly free: Member[];
  private readonly waiting: ((member: Member) => void)[] = [];

  constructor(size: number) {
    this.all = Array.from({ length: size }, () => new Member());
    this.free = [...this.all];
  }

  /** Runs a feature without a mutant, except for the scenarios that are known. */
  async measure(program: string, feature: string, known: readonly string[], note: (key: string, covered: Covered) => void): Promise<void> {
    await this.with(async (member) => {
      const { ended: last, complaint } = await member.work(program, { number: 0, apart: null, scenarios: [], feature, known }, () => 600, ({ ended, uri, passed, why, seconds, steps, seen, owners, children }) => {
        note(ended, { uri, passed, why, seconds, steps, seen, owners, children });
      });
      if (complaint !== null) throw new Error(`${feature} after "${last}": ${complaint}`);
    });
  }

  /** Runs scenarios with a mutant on until one fails, and that one again without it: if it fails then too, the process was in a bad state, and a new one tries again. */
  async try(program: string, task: Task, secondsOf: (key: string) => number): Promise<Ending> {
    return await this.with(async (member) => {
      for (let attempt = 0; ; attempt++) {
        let ran = 0;
        let failed: Ended | null = null;
        const patience = (key: string): number => Math.max(AT_LEAST, TIMES_LONGER * secondsOf(key));
        const { ended, complaint } = await member.work(program, task, patience, (told) => {
          ran++;
          if (!told.passed) failed ??= told;
        });
        // A process that reaches no scenario shows nothing, unless the mutant itself keeps the machine from being loaded.
        if (complaint !== null && ended === NOWHERE && (task.apart === null || complaint.startsWith(STOPPED))) {
          if (attempt < 2) continue;
          // Where a process without the mutant starts, it is the mutant that keeps the others from it.
          if (complaint.startsWith(STOPPED) || (await member.work(program, { ...task, number: 0, scenarios: [] }, patience, () => {})).complaint !== null) throw new Error(`a process with mutants reaches no scenario: ${complaint}`);
        }
        if (complaint !== null) return { killedBy: ended, why: complaint, ran };
        const failure = failed as Ended | null;
        if (failure === null) return { killedBy: null, why: '', ran };
        // If the whole machine was loaded for it alone, there is no state of an earlier mutant; see `failing`.
        const still = task.apart === null && (await failingWith(member, program, task.scenarios.filter(({ key }) => key === failure.ended), patience)).size > 0;
        if (!still) return { killedBy: failure.ended, why: failure.why, ran };
        member.close();
        if (attempt === 2) return { killedBy: null, why: `"${failure.ended}" fails without the mutant as well`, ran };
      }
    });
  }

  /** Those scenarios that fail without a mutant: determined once for all mutants for which the machine is loaded again, since each load takes seconds. */
  async failing(program: string, scenarios: Task['scenarios'], secondsOf: (key: string) => number): Promise<ReadonlySet<string>> {
    return await this.with((member) => failingWith(member, program, scenarios, (key) => Math.max(AT_LEAST, TIMES_LONGER * secondsOf(key))));
  }

  close(): void {
    for (const member of this.all) member.close();
  }

  private async with<T>(act: (member: Member) => Promise<T>): Promise<T> {
    const member = this.free.pop() ?? await new Promise<Member>((resolve) => { this.waiting.push(resolve); });
    try {
      return await act(member);
    } finally {
      const next = this.waiting.shift();
      if (next) next(member);
      else this.free.push(member);
    }
  }
}

async function failingWith(member: Member, program: string, scenarios: Task['scenarios'], patience: (key: string) => number): Promise<ReadonlySet<string>> {
  const failing = new Set<string>();
  await member.work(program, { number: 0, apart: null, scenarios }, patience, ({ ended, passed }) => void (passed || failing.add(ended)));
  return failing;
}

class Member {
  private child: ChildProcess | null = null;
  private program = '';
  private done = 0;

  /** Has the process do a task. If it did not end by itself, `complaint` says how it ended, and `ended` in which scenario. */
  async work(program: string, task: Task, patience: (key: string) => number, heard: (told: Ended) => void): Promise<{ ended: string; complaint: string | null }> {
    if (this.done >= TASKS_OF_A_PROCESS || this.program !== program) this.close();
    this.program = program;
    this.done++;
    const child = this.child ??= start(program);
    return await new Promise((resolve) => {
      let at = NOWHERE;
      let timer: NodeJS.Timeout | undefined;
      let late = 0;
      const finish = (complaint: string | null): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (complaint !== null) this.close();
        resolve({ ended: at, complaint });
      };
      const watch = (seconds: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => finish(`${STOPPED}: more than ${late} seconds`), 1000 * (late = seconds));
      };
      watch(task.apart === null ? BETWEEN : AT_LEAST);
      child.on('message', (told: Told) => {
        if ('begun' in told) watch(patience(at = told.begun));
        else if ('ended' in told) {
          heard(told);
          watch(BETWEEN);
        } else finish(null);
      });
      child.on('exit', (code, signal) => {
        this.child = null;
        finish(`the process ended (${signal ?? code})`);
      });
      child.send(task);
    });
  }

  close(): void {
    const { child } = this;
    this.child = null;
    this.done = 0;
    if (!child) return;
    child.removeAllListeners();
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  }
}

function start(program: string): ChildProcess {
  const preload = join(__dirname, 'preload.js');
  return fork(join(__dirname, 'inside.js'), [], {
    detached: true,
    execArgv: ['--max-old-space-size=3600'],
    env: { ...process.env, PARAVIRT_SPEC_MUTANTS: program, NODE_OPTIONS: `--require "${preload}"`, PATCHES: 'all' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
