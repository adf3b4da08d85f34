import * as beside from './beside';
import { claims000 } from './claims/000';
import { claims001 } from './claims/001';
import { claims002 } from './claims/002';
import { claims003 } from './claims/003';
import { claims004 } from './claims/004';
import { claims100 } from './claims/100';
import { claims101 } from './claims/101';
import { claims102 } from './claims/102';
import { claims103 } from './claims/103';
import { claims104 } from './claims/104';
import { claims105 } from './claims/105';
import { claims106 } from './claims/106';
import { claims107 } from './claims/107';
import { claims108 } from './claims/108';
import { claims109 } from './claims/109';
import { claims110 } from './claims/110';
import { claims111 } from './claims/111';
import { claims112 } from './claims/112';
import { claims113 } from './claims/113';
import { claims114 } from './claims/114';
import { claims115 } from './claims/115';
import { claims116 } from './claims/116';
import { batchedFlush } from './later/batched-flush';
import { cr4Pge } from './later/cr4-pge';
import { dropMmRef } from './later/drop-mm-ref';
import { flushPending } from './later/flush-pending';
import { freedTables } from './later/freed-tables';
import { gupFast } from './later/gup-fast';
import { largePageSplit } from './later/large-page-split';
import { lazyMmuNesting } from './later/lazy-mmu-nesting';
import { modifyProt } from './later/modify-prot';
import { mremapFlush } from './later/mremap-flush';
import { nestedMadvise } from './later/nested-madvise';
import { skippedFlush } from './later/skipped-flush';
import { tornPmd } from './later/torn-pmd';
import { uffdWp } from './later/uffd-wp';
import { vmallocLazy } from './later/vmalloc-lazy';
import { zapDirty } from './later/zap-dirty';
import { flushTlb } from './flush-tlb';
import { preemptibleLazy } from './preemptible-lazy';
import { switchMmBarrier } from './switch-mm-barrier';
import type { Claim, Patch } from './types';
import { vmiBoot } from './vmi-boot';
import { vmiLazy } from './vmi-lazy';
import { xenPteLock } from './xen-pte-lock';

// The catalogue: every patch, and every statement that its thread makes.

export const PATCHES: readonly Patch[] = [vmiLazy, preemptibleLazy, flushTlb, vmiBoot, xenPteLock, switchMmBarrier, skippedFlush, mremapFlush, batchedFlush, flushPending, vmallocLazy, freedTables, dropMmRef, cr4Pge, tornPmd, largePageSplit, zapDirty, gupFast, modifyProt, lazyMmuNesting, nestedMadvise, uffdWp, ...beside.PATCHES];

export const CLAIMS: readonly Claim[] = [...claims000, ...claims001, ...claims002, ...claims003, ...claims004, ...claims100, ...claims101, ...claims102, ...claims103, ...claims104, ...claims105, ...claims106, ...claims107, ...claims108, ...claims109, ...claims110, ...claims111, ...claims112, ...claims113, ...claims114, ...claims115, ...claims116, ...beside.CLAIMS];

/** What a report is about: the chapters of a project that keeps its own beside this package, or else the ones here. */
export const REVIEWED: { readonly patches: readonly Patch[]; readonly claims: readonly Claim[] } = beside.PATCHES.length + beside.CLAIMS.length > 0
  ? { patches: beside.PATCHES, claims: beside.CLAIMS }
  : { patches: PATCHES, claims: CLAIMS };

/** The claims of one thread, in order. */
export function claimsOf(thread: string): readonly Claim[] {
  return CLAIMS.filter(({ id }) => id.startsWith(`${thread}.`));
}
