import { Context } from '../../../context';
import type { Program } from '../../../explorer/program';
import type { Invariant, System } from '../../../explorer/system';
import type { Cpu } from '../../../hardware/cpu';
import { access } from '../../../hardware/mmu';
import type { Release } from '../../../hypervisors/xen/releases/release';
import type { RuleName } from '../../../hypervisors/xen/rules';
import type { Vcpu, Xen } from '../../../hypervisors/xen/xen';
import { xenOwnSlotsIntact, xenGuestsIsolated } from '../../../invariants/xen/guests-isolated';
import { xenKeepsItsRules } from '../../../invariants/xen/keeps-its-rules';
import { xenLives } from '../../../invariants/xen/lives';
import { xenReferencesHeld } from '../../../invariants/xen/references-held';
import { xenDescriptorsHarmless } from '../../../invariants/xen/tables-harmless';
import { instruction, path, silently, type Path } from '../../../path';
import { TrackedTable } from '../../../state/tracked';
import { AnyCall } from '../any-call';
import { ACROSS, OTHERS_KINDS, OWNERS_KINDS } from './domains';
import { KINDS, PAGES, PairScene, STATES, type Kind } from './frames';
import { ROOT_KINDS, ROOT_STATES } from './roots';
import { TABLE_KINDS, TABLE_STATES } from './tables';

// Two virtual CPUs of domain A inside Xen at once: each makes a call about one
// frame, and every interleaving of their steps is explored; or one virtual CPU of
// A and one of B, to which A grants the frame. The calls are those of
// hypervisors/xen/stepwise/; each of them, made alone, has the same result as the
// same call in one piece.

/** What a pair can be about: its possible states before, and the calls of each virtual CPU. */
interface Topic {
  readonly states: Readonly<Record<string, (scene: PairScene) => void>>;
  readonly kinds: readonly [Readonly<Record<string, Kind>>, Readonly<Record<string, Kind>>];
  /** Whether the second virtual CPU belongs to another domain. */
  readonly isAcross: boolean;
}

const TOPICS: readonly Topic[] = [
  { states: STATES, kinds: [KINDS, KINDS], isAcross: false },
  { states: TABLE_STATES, kinds: [TABLE_KINDS, TABLE_KINDS], isAcross: false },
  { states: ROOT_STATES, kinds: [ROOT_KINDS, ROOT_KINDS], isAcross: false },
  { states: ACROSS, kinds: [OWNERS_KINDS, OTHERS_KINDS], isAcross: true },
];

/** The states in which it matters which processor makes which call: one of them has the frame as its descriptor table. */
const DIFFERENT: readonly string[] = ['a descriptor table'];

/** Every state for which there are pairs. */
export const ALL_STATES: readonly string[] = TOPICS.flatMap(({ states }) => Object.keys(states));

function topicOf(state: string): Topic {
  return TOPICS.find(({ states }) => state in states)!;
}

/** What each virtual CPU can do with a frame in a state. */
export function kindsIn(state: string): Topic['kinds'] {
  return topicOf(state).kinds;
}

/** A store by the guest itself, for effects that take more than two calls. */
const write = instruction('the guest writes to it', (cpu: Cpu, xen: Xen) => {
  const reached = access(cpu, 'write', PAGES.frame * 4096 + 0xff8, 0, false, 4);
  if (reached.out === 'ok') xen.memory.write32(reached.pa, 0);
});

/** For each virtual CPU, the results of its calls. */
class Results extends TrackedTable<number, string> {}

const note = silently('what became of the call', (cpu: Cpu, results: Results, kind: string, rc: number) => { results.set(cpu.id, `${results.get(cpu.id)}${kind}: ${rc === 0 ? 'done' : 'refused'}. `); });

const caller = (scene: PairScene, results: Results, chosen: AnyCall, vcpu: Vcpu, kinds: Readonly<Record<string, Kind>>, deeds: readonly string[]) => path(function* caller(): Path {
  for (const deed of deeds) {
    const kind = deed === ANY ? yield* chosen.choose(Object.keys(kinds)) : deed;
    if (kind === 'write to it') yield* write(scene.xen);
    else yield* note(results, kind, yield* kinds[kind]!.steps(scene, vcpu));
  }
});

/** A call of any kind. */
export const ANY = 'any call';

export interface Pair {
  /** What each virtual CPU does, one call after the other; usually just one. */
  readonly deeds: readonly [readonly string[], readonly string[]];
  readonly state: string;
  readonly without?: ReadonlySet<RuleName>;
  readonly release?: Release;
}

/** What must hold even in the middle of calls. */
function always(xen: Xen): readonly Invariant[] {
  return [xenLives(xen), xenReferencesHeld(xen), xenGuestsIsolated(xen), xenOwnSlotsIntact(xen), xenDescriptorsHarmless(xen)];
}

/** The program in which two virtual CPUs of A make their calls at once. */
export function pair({ deeds, state, without, release }: Pair): Program {
  return () => {
    const scene = sceneIn(state, without, release);
    const { store } = scene.ground;
    const results = new Results(store, 'results', '');
    const { kinds, isAcross } = topicOf(state);
    const chosen = new AnyCall(store, isAcross || DIFFERENT.includes(state));
    const cpus = scene.vcpus.map(({ cpu }) => cpu);
    scene.vcpus.forEach((vcpu, i) => {
      vcpu.cpu.context = new Context(store, `${vcpu.domain.name}${vcpu.id}`);
      vcpu.cpu.context.start(caller(scene, results, chosen, vcpu, kinds[i]!, deeds[i]!)(), vcpu.cpu);
    });
    store.settle();
    const isOver = (): boolean => cpus.every((cpu) => !cpu.busy());
    const atRest = xenKeepsItsRules(scene.xen).map(({ name, check }): Invariant => ({ name, check: () => (isOver() ? check() : null) }));
    const system: System = {
      store, processes: cpus, invariants: [...always(scene.xen), ...atRest], runsOut: true,
      outcome: () => cpus.map(({ id }) => results.get(id).trim()).join(' '),
    };
    return system;
  };
}

/** The frame in one of its states, and its Xen. The rules are dropped only after that. */
export function sceneIn(state: string, without?: ReadonlySet<RuleName>, release?: Release): PairScene {
  const { states, isAcross } = topicOf(state);
  const scene = new PairScene(isAcross, undefined, release);
  states[state]!(scene);
  if (without) scene.xen.forget(without);
  return scene;
}
