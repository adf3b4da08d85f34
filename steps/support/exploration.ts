// The question of a scenario to the explorer, and the answer. Given-steps build the
// question in the words of machine/situations/check.

import { expect } from 'chai';
import { LONG, smallestBreach } from './brief';
import { breachOrVerdict } from './hasty';
import { sizeOfRun } from '../../reports/static/words';
import type { World } from '@cucumber/cucumber';
import type { Finding, Verdict, Witness } from '../../machine/explorer/explore';
import { replay, type TraceEvent } from '../../machine/explorer/verdict/replay';
import { formatSchedule, parseSchedule } from '../../machine/explorer/verdict/schedule';
import type { Search } from '../../machine/explorer/stateful/search';
import { movesOf, type Violation } from '../../machine/explorer/system';
import { compareQuestion, type Question } from '../../machine/situations/orders';
import type { MachineParameters } from './world';
import { answersTo, evidenceOf, prepare, type Prepared, type Request } from '../../machine/situations/check';
import { answering, attachKernel, countBrief, isCostBounded, isSearched, keep } from './searches';

/** Media type of the evidence that a scenario attaches. */
export const EVIDENCE = 'application/vnd.paravirt-spec.evidence+json';

/** Media type of a question that was asked under both memory orders. */
export const ORDERS = 'application/vnd.paravirt-spec.orders+json';

/** If several scenarios ask about one kernel, the whole search answers them all. */
const OFTEN = 2;

type Draft = { -readonly [K in keyof Request]: Request[K] };

export class Exploration {
  private readonly draft: Draft = { situation: '', patches: 'all', parameters: {} };
  private asked = false;
  private readonly consulted: string[] = [];
  /** Set for a scenario that leaves the patched code out on purpose. */
  controls = false;
  private lastWitness: Witness | undefined;
  private verdict: Verdict | undefined;
  /** The question of the last verdict, if that is about a single run. */
  private unsearched: Request | undefined;

  /** @param run settings; see `MachineParameters` */
  constructor(private readonly world: World, private readonly underReview: string, private run: Pick<MachineParameters, 'brief' | 'challenge' | 'hasty' | 'orders' | 'unclaimed'>) {}

  /** The scenario is evidence for no claim. */
  supportsNoClaim(): void {
    this.run = { ...this.run, ...this.run.unclaimed };
  }

  situation(id: string): void {
    this.draft.situation = id;
  }

  /** Which hunks are on, in the grammar of `patches/selection`. */
  patches(selection: string): void {
    this.draft.patches = selection;
  }

  /** The kernel that the run was started for: PATCHES, or the world parameter `patches`. */
  reviewed(): void {
    this.draft.patches = this.underReview;
  }

  set(parameter: string, value: string | number | boolean): void {
    this.draft.parameters = { ...this.draft.parameters, [parameter]: value };
  }

  /** Sets a parameter that no Given-step has set. */
  suggest(parameter: string, value: string | number | boolean): void {
    if (!(parameter in (this.draft.parameters ?? {}))) this.set(parameter, value);
  }

  unset(parameter: string): void {
    this.draft.parameters = Object.fromEntries(Object.entries(this.draft.parameters ?? {}).filter(([name]) => name !== parameter));
  }

  /** Restricts the search to runs with at most this many switches: turns to another CPU although the first could continue. */
  atMost(switches: number): void {
    this.draft.bounds = { switches };
  }

  /** Ends the set-up: the question can no longer be changed. */
  ask(): void {
    prepare(this.draft);
    this.asked = true;
  }

  /** The verdict about `invariants`; deadlocks and livelocks are always searched for. */
  about(...invariants: string[]): Verdict {
    return this.look(invariants);
  }

  /** @param isWanted what must be found, if a run to it is all that is asked for */
  private look(invariants: readonly string[], isWanted?: (violation: Violation) => boolean): Verdict {
    this.expectAsked();
    const request = { ...this.draft, invariants };
    const prepared = prepare(request);
    const short = isWanted && this.run.brief ? this.briefly(prepared, isWanted) : null;
    const verdict = short ?? this.answer(request);
    this.unsearched = short === null ? undefined : request;
    this.verdict = verdict;
    this.consulted.push(...verdict.consulted);
    void this.world.attach(Buffer.from(JSON.stringify(evidenceOf(request, prepared, verdict))), EVIDENCE);
    if (this.run.orders !== undefined) void this.world.attach(JSON.stringify(askedUnderBothOrders(request, this.run.orders)), ORDERS);
    return verdict;
  }

  private expectAsked(): void {
    if (!this.asked) throw new Error('nothing was explored yet in this scenario');
  }

  /** The answer to any request, from the one search of its kernel. */
  answer(request: Request): Verdict {
    const prepared = prepare(request);
    const isFirst = !isSearched(prepared);
    const verdict = answering(prepared).about(prepared.choice.invariants, this.run.challenge);
    if (isFirst) attachKernel(this.world, prepared);
    return verdict;
  }

  /** The smallest run to what is wanted, if the whole search takes long and no other scenario needs it; otherwise null. */
  private briefly(prepared: Prepared, isWanted: (violation: Violation) => boolean): Verdict | null {
    if (isSearched(prepared) || isCostBounded(prepared)) return null;
    const times = countBrief(prepared);
    if (times >= OFTEN) return null;
    if (times > 0) return smallestBreach(prepared, isWanted);
    let found: Verdict | null | undefined;
    const answers = answersTo(prepared, prepared.situation.invariants, ({ events }) => {
      if (events > LONG && found === undefined) found = smallestBreach(prepared, isWanted);
      return found ? 'stop' : 'go on';
    });
    if (!found) keep(prepared, answers);
    return found ?? null;
  }

  /** What the search has seen up to where `invariant` is first broken. */
  until(invariant: string): Search {
    return answering(prepare({ ...this.draft, invariants: [invariant] })).until(invariant);
  }

  /** The last verdict that a Then-step looked at, of the whole search. */
  get last(): Verdict {
    if (!this.verdict) throw new Error('no property was looked at yet in this scenario');
    return this.unsearched === undefined ? this.verdict : this.about(...this.unsearched.invariants!);
  }

  /** Refuses a scenario about a patch if no explored path ever asked for its hunks: such a scenario would pass for any patch. */
  expectConsulted(patch: string): void {
    if (!this.verdict || this.controls) return;
    const isAsked = (hunk: string): boolean => hunk.startsWith(`${patch}/`);
    if (this.consulted.some(isAsked) || (this.unsearched !== undefined && this.answer(this.unsearched).consulted.some(isAsked))) return;
    throw new Error(`no path that was explored asks for a hunk of ${patch}, so this scenario says nothing about it`);
  }

  /** Expects a finding about `invariant` (or a deadlock, or a livelock) whose message has all of `words`; its witness is then "that interleaving". */
  expectSome(invariant: string, ...words: string[]): Finding {
    const isWanted = (candidate: { readonly invariant: string; readonly message: string }): boolean => candidate.invariant === invariant && words.every((word) => candidate.message.includes(word));
    const verdict = isEnding(invariant) ? this.about() : this.look([invariant], isWanted);
    const finding = verdict.findings.find(isWanted);
    expect(finding, `${this.describe(verdict)}\nno interleaving of these has: ${[invariant, ...words].join(', ')}`).to.not.equal(undefined);
    this.lastWitness = finding!.witness;
    return finding!;
  }

  /** Expects a complete search without any finding about `invariants`. */
  expectNone(...invariants: string[]): void {
    const violable = invariants.filter((name) => !isEnding(name));
    const verdict = this.run.hasty ? this.hastily(violable) : this.about(...violable);
    const findings = verdict.findings.filter(({ invariant }) => invariants.includes(invariant));
    if (findings.length > 0) throw new Error(this.report(findings));
    if (!verdict.complete) throw new Error('undecided: the search found nothing, but it ended before it had seen everything');
  }

  /** The verdict about `invariants` if no run is to be shown. Throws at the first breach. */
  private hastily(invariants: readonly string[]): Verdict {
    this.expectAsked();
    const prepared = prepare({ ...this.draft, invariants });
    if (isSearched(prepared)) return this.about(...invariants);
    const verdict = breachOrVerdict(prepared);
    if (typeof verdict === 'string') throw new Error(verdict);
    this.verdict = verdict;
    this.consulted.push(...verdict.consulted);
    return verdict;
  }

  /** The witness of the last `expectSome`. */
  get witness(): Witness {
    if (!this.lastWitness) throw new Error('no interleaving was found yet in this scenario');
    return this.lastWitness;
  }

  /** The events of one round of the loop that `schedule` has reached: the plain steps until the same state comes again. */
  loopAfter(schedule: string): TraceEvent[] {
    const { situation, choice } = prepare({ ...this.draft, invariants: [] });
    const system = situation.build(choice);
    replay(system, parseSchedule(schedule));
    const states = [`${system.store.a} ${system.store.b}`];
    const labels: string[] = [];
    const mark = system.store.mark();
    while (states.indexOf(states.at(-1)!) === states.length - 1) {
      const step = movesOf(system).find((move) => move.kind === 'step');
      if (!step || states.length > 10_000) throw new Error('the run does not return to a state that it was in');
      labels.push(step.label);
      step.perform();
      states.push(`${system.store.a} ${system.store.b}`);
    }
    const begin = states.indexOf(states.at(-1)!);
    system.store.undo(mark);
    return replay(system, parseSchedule(formatSchedule(labels))).events.slice(begin);
  }

  private describe(verdict: Verdict): string {
    return verdict.findings.length === 0 ? 'nothing was found' : verdict.findings.map(({ invariant, message }) => `${invariant}: ${message}`).join('\n');
  }

  /** Everything that was found, and last the shortest run with the line that replays it. */
  private report(findings: readonly Finding[]): string {
    const [finding] = findings as [Finding];
    const parameters = Object.entries(this.draft.parameters ?? {}).map(([name, value]) => ` --set '${name}=${String(value)}'`).join('');
    const checked = isEnding(finding.invariant) ? '' : ` --invariant ${finding.invariant}`;
    return [
      ...findings.map(({ invariant, message }) => `${invariant}: ${message}`),
      `the shortest run: ${sizeOfRun(finding.witness)}`,
      `npx paravirt-spec replay ${this.draft.situation} '${finding.witness.schedule}' --patches '${this.draft.patches}'${parameters}${checked}`,
    ].join('\n');
  }
}

/** The same question under SC and TSO, from one search of each kernel. */
function askedUnderBothOrders(request: Request, states: number): Question {
  return compareQuestion(request, (each) => {
    const prepared = prepare({ ...each, bounds: { ...each.bounds, states }, challenge: 0 });
    return answering(prepared).about(prepared.choice.invariants, prepared.challenge);
  });
}

function isEnding(invariant: string): boolean {
  return invariant === 'deadlock' || invariant === 'livelock';
}

