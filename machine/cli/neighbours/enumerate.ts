// All fixes within one edit of a patch, each once.

import { PATCHES } from '../../patches';
import { selectHunks, wholeOf } from '../../patches/selection';
import type { HunkId, Patch, Variant } from '../../patches/types';
import { conditionChanged, constantChanged, leftAsItWas } from './conditions';
import type { KernelSource } from './kernel-source';
import { exchanged, leftOut, movedInto, movedIntoCalled, movedOut, movedToCallers, movedWithin } from './moves';
import type { Neighbour, Operator, Proposal, Twin } from './neighbour';
import { Reading } from './reading';
import { callReplaced, exclusionsReplaced, locksReplaced } from './relatives';
import { PatchedSource } from './statements';

const OPERATORS: readonly Operator[] = [leftOut, movedWithin, movedOut, movedInto, movedToCallers, movedIntoCalled, exchanged, conditionChanged, constantChanged, callReplaced];
const WHOLE: readonly ((patched: PatchedSource) => readonly Proposal[])[] = [exclusionsReplaced, locksReplaced, leftAsItWas];

/** The kernels for which patches were written, if it is not the one without any of them. */
const BASES: Readonly<Record<string, string>> = { 'preemptible-lazy': 'none,+vmi-lazy@2.6.23,+vmi-lazy/cpa-flush' };

/** A patch, or one version of it. */
export interface Subject {
  readonly patch: Patch;
  readonly variant: Variant | null;
  readonly hunks: ReadonlySet<HunkId>;
  /** The hunks of the kernel to which it is applied. */
  readonly base: ReadonlySet<HunkId>;
}

export function subjectOf(patch: Patch, variant: Variant | null): Subject {
  return { patch, variant, hunks: new Set(variant?.hunks ?? wholeOf(patch)), base: selectHunks(PATCHES, BASES[patch.id] ?? 'none') };
}

/** `flush-tlb`, `vmi-lazy@corrected` */
export const nameOf = ({ patch, variant }: Subject): string => (variant === null ? patch.id : `${patch.id}@${variant.id}`);

/** Cached results for each kernel: pages and tables ask repeatedly. */
const enumerated = new WeakMap<KernelSource, Map<string, readonly Neighbour[]>>();

/** The neighbours of a subject, in the order of the source. Two that read the same in the patched kernel count once. */
export function neighboursOf(kernel: KernelSource, subject: Subject): readonly Neighbour[] {
  const key = [nameOf(subject), ...[...subject.hunks].sort(), 'on', ...[...subject.base].sort()].join(' ');
  let known = enumerated.get(kernel);
  if (known === undefined) enumerated.set(kernel, known = new Map());
  let found = known.get(key);
  if (found === undefined) known.set(key, found = enumerate(kernel, subject));
  return found;
}

function enumerate(kernel: KernelSource, subject: Subject): readonly Neighbour[] {
  const patched = new PatchedSource(kernel, subject.hunks, subject.base);
  const proposals = [...patched.own.flatMap((statement) => OPERATORS.flatMap((operator) => operator(patched, statement))), ...WHOLE.flatMap((operator) => operator(patched))];
  const readings = new Map<string, Reading>();
  const known = new Map<string, Twin[] | null>();
  const ids = new Set<string>();
  const found = proposals.flatMap(({ of, edits, ...rest }): Neighbour[] => {
    const { source, file, name } = of.declaration;
    let asItIs = readings.get(file);
    if (asItIs === undefined) {
      readings.set(file, asItIs = new Reading(source, patched.on));
      known.set(`${file}\n${asItIs.with([])}`, null);
    }
    const reading = `${file}\n${asItIs.with(edits)}`;
    const alike = known.get(reading);
    if (rest.distance !== undefined) alike?.push({ line: of.line, statement: of.text, distance: rest.distance });
    if (alike !== undefined) return [];
    const twins: Twin[] = [];
    known.set(reading, twins);
    return [{ id: distinct(`${file.split('/').at(-1)!}, ${name}(): ${of.text}: ${rest.change}`, ids), file, path: name, line: of.line, statement: of.text, edits, ...rest, twins }];
  });
  return [...hunksLeftOut(subject), ...found, ...nearMisses(subject)];
}

/** Each hunk left out in turn, if there is more than one. */
function hunksLeftOut({ hunks, patch }: Subject): Neighbour[] {
  if (hunks.size < 2) return [];
  return [...hunks].filter((hunk) => patch.hunks.find(({ id }) => id === hunk)?.notModelled === undefined).map((hunk): Neighbour => ({
    id: `${hunk}: not applied`, file: '', edits: [], kind: 'left as it was', path: patch.hunks.find(({ id }) => id === hunk)!.where, line: 0, statement: hunk, change: 'not applied', without: hunk,
  }));
}

/** The wrong fixes in the catalogue. */
function nearMisses({ patch, variant }: Subject): Neighbour[] {
  if (variant !== null) return [];
  return patch.variants.filter(({ kind }) => kind === 'near-miss').map(({ id, title }): Neighbour => ({
    id: `${patch.id}@${id}: in place of the patch`, file: '', edits: [], kind: 'near miss', path: title, line: 0, statement: `${patch.id}@${id}`, change: 'in place of the patch', instead: id,
  }));
}

function distinct(id: string, taken: Set<string>): string {
  let name = id;
  for (let n = 2; taken.has(name); n++) name = `${id} (${n})`;
  taken.add(name);
  return name;
}
