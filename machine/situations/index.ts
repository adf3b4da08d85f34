import * as beside from './beside';
import { declaring } from './declared';
import { bootActivation, bootDmiScan, bootSetupArch } from './boot/setup-arch';
import { flushTlbSituations } from './flush-tlb/flush-tlb';
import { flushTlb64 } from './flush-tlb/x86-64';
import { flushTlbLocks } from './flush-tlb/share';
import { flushTlbSmpSituations } from './flush-tlb/smp';
import { onFreeSilicon } from './freedoms';
import { lazyCallers, lazyMigration } from './lazy/callers';
import { lazyKmap } from './lazy/kmap';
import { lazyProcess } from './lazy/process';
import { lazySmp } from './lazy/smp';
import { lazySwitch } from './lazy/switch';
import { batchedFlushSituations } from './later/batched-flush';
import { freedTablesSituations } from './later/freed-tables';
import { flushPendingSituations } from './later/flush-pending';
import { uffdWpSituations } from './later/uffd-wp';
import { vmallocLazySituations } from './later/vmalloc-lazy';
import { mremapFlushSituations } from './later/mremap-flush';
import { skippedFlushSituations } from './later/skipped-flush';
import { switchMmBarrierSituations } from './switch-mm/barrier';
import { cr4PgeSituations } from './later/cr4-pge';
import { gupFastSituations } from './later/gup-fast';
import { lazyMmuNestingSituations } from './later/lazy-mmu-nesting';
import { nestedMadviseSituations } from './later/nested-madvise';
import { modifyProtSituations } from './later/modify-prot';
import { zapDirtySituations } from './later/zap-dirty';
import { tornPmdSituations } from './later/torn-pmd';
import { largePageSplitSituations } from './later/large-page-split';
import { dropMmRefSituation } from './xen/drop-mm-ref';
import { xenPinSituations } from './xen/pin';
import type { Situation } from './types';

// Every situation that can be named on the command line and in the page.

export const SITUATIONS: readonly Situation[] = [lazyKmap, lazyProcess, lazySmp, lazySwitch, lazyCallers, lazyMigration, ...flushTlbSituations, flushTlb64, ...flushTlbSmpSituations, flushTlbLocks, bootDmiScan, bootSetupArch, bootActivation, ...xenPinSituations, ...switchMmBarrierSituations, ...skippedFlushSituations, ...mremapFlushSituations, ...batchedFlushSituations, ...flushPendingSituations, ...vmallocLazySituations, ...freedTablesSituations, dropMmRefSituation, ...cr4PgeSituations, ...tornPmdSituations, ...largePageSplitSituations, ...zapDirtySituations, ...gupFastSituations, ...modifyProtSituations, ...lazyMmuNestingSituations, ...nestedMadviseSituations, ...uffdWpSituations, ...beside.SITUATIONS].map((situation) => declaring(onFreeSilicon(situation)));

/** The situations of one patch; the first is the one for which the name of the patch alone stands. */
export function situationsOf(patch: string): readonly Situation[] {
  return SITUATIONS.filter((situation) => situation.patch === patch);
}
