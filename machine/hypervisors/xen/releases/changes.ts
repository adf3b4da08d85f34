import { hasReached, type Version } from './version';

// How releases differ where neither is wrong: what the interface offers, which
// error number a refusal returns, what is tidied up. Holes are in rules.ts.
// Each row names the first release that has it and the commit in xen.git.

export interface Change {
  /** What a hypervisor with the change does. */
  readonly says: string;
  /** First release of each branch; the last applies to all that follow. */
  readonly since: readonly string[];
  readonly commit: string;
}

export const CHANGES = {
  'preemptible': { says: 'turning frames into tables, and back, can be interrupted, and continues when the call is made again', since: ['4.1.6', '4.2.3', '4.3.0'], commit: '6cdc9be2a5' },
  'error-numbers': { says: 'each kind of refusal has its own error number: -EBUSY for a frame in another use, -EPERM for something that is not memory', since: ['4.2.0'], commit: '541ce4766e' },
  'former-table-takes-stores': { says: 'mmu_update of a former table is a plain store; in earlier releases, the frame becomes that table again if it is valid', since: ['3.4.0'], commit: '2d0557c5cb' },
  'own-entries-at-once': { says: "the second-level table that holds Xen's entries gets them when it is validated, not with its root", since: ['3.4.0'], commit: '76596d0d07' },
  'superpage-option': { says: 'PSE in a second-level entry is not a forbidden flag, but is refused unless large pages are allowed', since: ['3.4.0'], commit: 'bd1cd81d64' },
  'tables-of-others': { says: "the upper half of an update's domain names the owner of the tables", since: ['4.0.0'], commit: 'c6b8bdfe3b' },
  'foreign-upper-refused': { says: 'an upper entry is never filled on behalf of another domain', since: ['4.11.0'], commit: '7993e3be68' },
  'otherdomain-for-guests': { says: 'update_va_mapping_otherdomain is not restricted to privileged domains', since: ['3.3.0'], commit: '47fcfcb75b' },
  'foreign-refused-by-policy': { says: 'naming another domain is refused with -EPERM by the policy, not with -ESRCH', since: ['4.3.0'], commit: 'aaba7a677d' },
  'superpage-marks': { says: 'MMUEXT_MARK_SUPER and MMUEXT_UNMARK_SUPER are known, but not supported', since: ['4.10.0'], commit: '56fff3e5e9' },
  'preserve-ad': { says: 'MMU_PT_UPDATE_PRESERVE_AD keeps the accessed and the dirty bit', since: ['3.3.0'], commit: '2a34bc2edd' },
  'no-translate': { says: 'MMU_PT_UPDATE_NO_TRANSLATE is known', since: ['4.11.0'], commit: 'd3e69e89a2' },
  'clear-and-copy': { says: 'MMUEXT_CLEAR_PAGE and MMUEXT_COPY_PAGE are known', since: ['3.4.0'], commit: '043e01a4f8' },
  'cache-flushed-globally': { says: 'MMUEXT_FLUSH_CACHE_GLOBAL is known', since: ['4.1.0'], commit: 'c499509ef2' },
  'flush-not-when-freed': { says: 'a table is not flushed when it is given up, but when the frame takes its next type', since: ['3.4.0'], commit: '178c9c3991' },
  'grant-tables-2': { says: 'grant tables have a second version', since: ['4.0.0'], commit: 'a98dc13703' },
  'passthrough': { says: 'a paravirtualised guest can have a device behind an IOMMU', since: ['3.3.0'], commit: '806da17f3d' },
  'third-slot-checked-once': { says: 'an update of a root does not check again whether the table in its slot 3 is shared', since: ['4.14.0'], commit: 'a4cde0266d' },
  'copy-names-bad-page': { says: 'a copy of grants fails with GNTST_bad_page, not GNTST_general_error, if a frame is not available', since: ['4.2.0'], commit: 'd8cbecb1ee' },
  'root-entries-accessed': { says: "the accessed bit of a fourth-level entry is always set", since: ['4.7.5', '4.8.3', '4.9.2', '4.10.1', '4.11.0'], commit: 'bd61fe94be' },
} as const satisfies Readonly<Record<string, Change>>;

export type ChangeName = keyof typeof CHANGES;

/** For each change whether a version has it. */
export function changesOf(version: Version): Readonly<Record<ChangeName, boolean>> {
  return Object.fromEntries(Object.entries(CHANGES).map(([name, { since }]) => [name, hasReached(version, since)])) as Record<ChangeName, boolean>;
}
