// What no document of the interface settles about lazy mode, as three named
// parameters. The proposal of March 2006, the comment in Linux's
// asm-generic/pgtable.h of September 2006 and the mail of thread 000 cannot all
// be right; so each verdict names the reading under which it holds.

/** One way to understand the interface. */
export interface LazyReading {
  /**
   * When the guest sees its own queued SetPxE in memory. `when drained`: the tables are the hardware's own, and the hypervisor
   * writes them. `at once`: the hypervisor keeps a shadow, and only the shadow waits.
   */
  readonly writes: 'when drained' | 'at once';
  /**
   * What the hypervisor does about a page fault of the guest. `reach the guest`: nothing. `drain the queue`: it drains, and the access is tried
   * again. `fill the shadow`: it first checks whether the guest's own tables allow the access (this differs only if there is a shadow).
   */
  readonly faults: 'reach the guest' | 'drain the queue' | 'fill the shadow';
  /** What InvalPage and FlushTLB do in lazy mode: wait in the queue like everything else, or drain it and act. */
  readonly invalidations: 'join the queue' | 'drain the queue';
}

/** As the mail of thread 000 must be read: faults are fatal, and only leaving the mode drains. */
export const THREAD_READING: LazyReading = { writes: 'when drained', faults: 'reach the guest', invalidations: 'join the queue' };
