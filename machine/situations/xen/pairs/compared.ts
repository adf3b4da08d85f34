import { Context } from '../../../context';
import type { RuleName } from '../../../hypervisors/xen/rules';
import { kindsIn, sceneIn } from './pairs';
import type { Kind, PairScene } from './frames';

// Whether a call has the same result step by step as in one piece, if no other
// CPU does anything meanwhile.

/** More steps than any call takes. */
const STEPS = 2000;

/**
 * The differences between the two: results, frames, memory, processors, grants.
 *
 * @param id which of the two virtual CPUs makes the call
 * @param without rules that only the step-by-step Xen does not keep
 */
export function differences(state: string, kind: string, id: number, without?: ReadonlySet<RuleName>): readonly string[] {
  const [whole, stepwise] = [sceneIn(state), sceneIn(state, without)];
  const results = [kindsIn(state)[id]![kind]!.whole(whole, whole.vcpus[id]!) < 0 ? 'refused' : 'done', performed(stepwise, kindsIn(state)[id]![kind]!, kind, id)];
  const [one, other] = [describe(whole), describe(stepwise)];
  const places = [...new Set([...one.keys(), ...other.keys()])].filter((place) => one.get(place) !== other.get(place));
  const differs = places.map((place) => `${place}: ${one.get(place) ?? 'nothing'} in one piece, ${other.get(place) ?? 'nothing'} step by step`);
  return results[0] === results[1] ? differs : [`${results[0]!} in one piece, ${results[1]!} step by step`, ...differs];
}

function performed(scene: PairScene, { steps: path }: Kind, kind: string, id: number): string {
  const { store } = scene.ground;
  const vcpu = scene.vcpus[id]!;
  const { cpu } = vcpu;
  store.settle();
  cpu.context = new Context(store, 'alone');
  const results: number[] = [];
  cpu.context.start(scene.noting(() => path(scene, vcpu), results), cpu);
  for (let steps = 0; cpu.busy(); steps++) {
    const moves: Parameters<typeof cpu.moves>[0] = [];
    cpu.moves(moves);
    if (moves.length === 0 || steps === STEPS) throw new Error(`machine bug: "${kind}" does not come to its end by itself`);
    moves[0]!.perform();
  }
  return results[0]! < 0 ? 'refused' : 'done';
}

/** Everything that a call may change, by its place. The type of a frame without an owner is ignored. */
function describe({ xen }: PairScene): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const page of xen.pages) {
    const { owner, count, type, type_count, pinned, validated, allocated, locked, linear_pt_count, notFlushed } = page;
    found.set(String(page), owner === null ? `free, ${count}, ${allocated}` : [owner.toString(), count, type, type_count, pinned, validated, allocated, locked, linear_pt_count, notFlushed].join(', '));
    found.set(`name of ${String(page)}`, String(xen.machine_to_phys_mapping.get(page.mfn)));
    for (const pa of xen.memory.wordsOf(page.mfn as number)) if (xen.memory.read32(pa) !== 0) found.set(`memory 0x${pa.toString(16)}`, xen.memory.read32(pa).toString(16));
  }
  for (const vcpu of xen.vcpus) found.set(vcpu.name, JSON.stringify([vcpu.guest_table, vcpu.gdt_frames, vcpu.cpu.tlb.entries().map(({ base, frame, writable, dirty }) => [base, frame, writable, dirty])]));
  for (const { name, maptrack, grants, active } of xen.domains) found.set(name, JSON.stringify([maptrack, grants, active]));
  return found;
}
