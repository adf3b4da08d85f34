// The promises that keep a guest from reaching what is not its own; each can be
// left out by name. A hypervisor without one of them has a seeded bug: the fuzzer
// must find it, or, if it takes two virtual CPUs in the middle of a hypercall, the
// explorer. The groups are:
//
//   R1  no frame is a table or a descriptor table and writable at once
//   R2  a domain maps only frames that it owns, or that were granted to it
//   R3  the contents of a table are checked when it becomes one, and at each update
//   R4  pinned means: a validated table with a count of at least one, pinned once
//   R5  the base pointer holds a reference to a root table
//   R6  references are taken before a change, dropped after it, and balanced on failure
//   R7  a refused operation changes nothing, and only a guest's kernel can request one
//   R8  no frame changes hands while references to it remain
//   E   an event that was sent reaches its guest
// L   Xen stays alive: nothing that a guest asks for crashes it, or keeps it busy for
// long
//
// releases/holes.ts says from which release on each is kept.

import { COMPAT, isCompat, LONG, PAE, TWO_LEVEL, type Layout } from './public/layout';

export interface Rule {
  readonly group: 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8' | 'E' | 'L';
  /** What Xen does, and a hypervisor without the rule does not do. */
  readonly says: string;
  /** `64-bit` if it means nothing to 3.2, the 32-bit Xen, which is not preemptible, ignores rights in a root, and has no devices of guests. `PAE` if it needs roots of four entries, `PAE on 64-bit` if both apply, `64-bit guests` if it needs a guest with two roots. */
  readonly on?: '64-bit' | 'PAE' | 'PAE on 64-bit' | '64-bit guests';
  /** The first release to which it applies, if that is later than the default release for the page tables. */
  readonly release?: string;
  /** Another rule that hides this one: the fuzzer leaves both out, and looks for damage that only this one prevents. */
  readonly beside?: string;
  /** `explorer` if calls made one after the other cannot break it; `pairs` if it takes two calls at once, step by step. */
  readonly foundBy?: 'explorer' | 'pairs';
}

export const RULES = {
  'exclusive-types': { group: 'R1', says: 'get_page_type refuses a type other than the one in use' },
  'flush-at-type-change': { group: 'R1', says: 'get_page_type flushes the TLBs before a frame takes another type' },
  'flush-reaches-all': { group: 'R1', says: 'the flush at a change of type reaches every processor that may have the frame cached, not only the one that makes the call' },
  'flush-after-reference': { group: 'R1', on: '64-bit', foundBy: 'explorer', says: 'the flush at a change of type comes after the type is taken, not before' },
  'writable-counted': { group: 'R1', says: 'a writable mapping takes a writable type reference, not only a general one' },
  'filled-as-writable': { group: 'R1', on: '64-bit', says: 'Xen clears a frame, or copies to it, only if it can take the frame as writable' },
  'descriptor-write-typed': { group: 'R1', says: 'a descriptor is written only to a descriptor table or to a writable frame' },
  'plain-store-typed': { group: 'R1', says: 'an update of a frame that is not a table is a store, for which the frame must be writable' },
  'iommu-only-writable': { group: 'R1', on: '64-bit', says: 'devices of a domain can reach one of its frames only after it was first mapped writable' },
  'iommu-tlb-flushed': { group: 'R1', on: '64-bit', says: "when an entry of the IOMMU's tables is removed, a device's cached copy of it is flushed" },
  'iommu-follows-type': { group: 'R1', on: '64-bit', says: 'devices can no longer write to a frame when it takes a type other than writable' },
  'owner-checked': { group: 'R2', says: 'get_page refuses a frame of another domain' },
  'foreign-only-target': { group: 'R2', says: 'a domain maps frames of another one only if it emulates the devices of that one' },
  'm2p-owner-checked': { group: 'R2', says: 'a domain changes the reverse map only for its own frames' },
  'm2p-left-with-domain': { group: 'R2', says: 'a frame that leaves its domain leaves the reverse map' },
  'iommu-left-with-domain': { group: 'R2', on: '64-bit', says: "a domain's devices can no longer write to a frame that has left the domain" },
  'exchange-result-checked': { group: 'R2', says: "an exchange writes its result only to the guest's addresses" },
  'exchange-offset-checked': { group: 'R2', says: 'the check of where an exchange writes its result also takes into account the frames that were exchanged before' },
  'grant-owner-checked': { group: 'R2', says: 'a domain can only grant frames of its own' },
  'grant-permission-checked': { group: 'R2', says: 'a frame that is granted read-only is not mapped writable' },
  'grant-entry-aligned': { group: 'R2', says: 'a grant is mapped by one entry of a table, not across two' },
  'grant-entry-in-table': { group: 'R3', says: 'a grant is mapped only in a lowest-level table that is in use' },
  'grant-unmap-matches': { group: 'R1', says: 'a grant is unmapped only if the entry that maps it has the same rights' },
  'grant-unmap-same-frame': { group: 'R6', says: 'a grant is unmapped only if the entry maps its frame' },
  'grant-unpinned': { group: 'R6', says: 'a grant that is unmapped is no longer pinned' },
  'grant-marked': { group: 'R6', says: 'a grant that is in use is marked for its owner to see' },
  'grant-marks-cleared-last': { group: 'R6', says: 'the marks of a grant are cleared with its last use, not with the first' },
  'stolen-entry-moves': { group: 'R6', says: 'an entry that replaces the mapping of a grant is removed from its old place' },
  'stolen-entry-dropped': { group: 'R6', says: 'an entry that cannot replace the mapping of a grant gives its references back' },
  'copy-writes-writable': { group: 'R1', says: 'Xen copies only to a frame that is in use as writable, or not in use' },
  'copy-within-page': { group: 'R2', says: 'a copy stays within a page' },
  'copy-to-frame-in-use': { group: 'R1', says: 'the frame that is copied to is the one to which the references were taken, whatever the entry of the grant says in the meantime' },
  'copy-checks-owner': { group: 'R8', says: 'a grant that is in use is copied to only while its owner still has the frame' },
  'transitive-released-each-time': { group: 'R6', on: '64-bit', says: 'each use of a grant that leads to another one pins and unpins both' },
  'transitive-once': { group: 'L', on: '64-bit', says: 'a grant may lead to another one, but not further' },
  'device-grants-counted-once': { group: 'L', on: '64-bit', says: "a grant is subtracted from those that a domain's devices reach only once, when all of it is unmapped" },
  'iommu-follows-grants': { group: 'R1', on: '64-bit', says: 'when a frame takes another type, devices of a domain with a grant of it can no longer write to it' },
  'grant-unmap-flushed': { group: 'R2', says: 'the TLBs are flushed before an unmapped grant gives its references back' },
  'forbidden-flags': { group: 'R3', says: 'an entry with PSE, GLOBAL, PWT or PCD is refused' },
  'validated-at-type-change': { group: 'R3', says: 'a frame that becomes a table is scanned' },
  'caches-flushed-before-scan': { group: 'R3', on: '64-bit', says: 'the caches are flushed before Xen scans a frame that was written past them' },
  'descriptors-checked': { group: 'R3', says: 'a frame that becomes a descriptor table is scanned' },
  'validated-at-update': { group: 'R3', says: 'the new contents of a lowest-level entry are checked and referenced at an update' },
  'same-entry-same-frame': { group: 'R3', says: 'an update is skipped as one that changes nothing only if the frame stays the same' },
  'mapping-in-lowest-table': { group: 'R3', says: 'update_va_mapping changes only an entry of a lowest-level table, even if a table maps itself' },
  'upper-validated-at-update': { group: 'R3', says: 'the new contents of an upper entry are checked and referenced at an update' },
  'update-rechecks-write': { group: 'R3', says: 'an update that only adds the write bit is checked like any other' },
  'linear-map-flushed': { group: 'R3', says: 'an update of an upper entry flushes what Xen itself has cached of the tables' },
  'own-slots-closed': { group: 'R3', says: 'a guest cannot change the entries that map Xen' },
  'own-slots-installed': { group: 'R3', says: 'a root table gets the entries that map Xen when it is validated' },
  'linear-read-only': { group: 'R3', says: 'a table entry that points at a table of its own level must be read-only' },
  'linear-validated': { group: 'R3', says: 'a table entry that points at a table of its own level must point at one that is already validated' },
  'linear-chains-refused': { group: 'R3', says: 'a table at which a table of its own level points has no such entry itself' },
  'root-not-linear': { group: 'R3', on: 'PAE', says: 'the root of a 32-bit guest cannot have an entry that points at a root: a 64-bit Xen links it writable, and a 32-bit one has not checked it beyond its fourth entry' },
  'large-pages-forbidden': { group: 'R3', on: '64-bit', says: 'an update that only adds the large-page bit is refused like any other entry for a large page' },
  'ptwr-checks-entry': { group: 'R3', says: 'an emulated write checks the entry that it makes, as an update does' },
  'ptwr-only-tables': { group: 'R3', says: 'only writes to lowest-level tables of the domain are emulated' },
  'ptwr-validated': { group: 'R3', on: '64-bit', says: 'a write to a table that is just being validated, or half given up, is not emulated' },
  'ptwr-kernel-only': { group: 'R3', says: 'a write from user mode is never emulated' },
  'pin-once': { group: 'R4', says: 'a second pin is refused and drops its references' },
  'unpin-needs-pin': { group: 'R4', says: 'unpinning a frame that is not pinned is refused' },
  'pin-references': { group: 'R4', says: 'a pin holds a type reference' },
  'base-references': { group: 'R5', says: 'the base pointer holds a type reference' },
  'base-root-type': { group: 'R5', says: 'a new base pointer must be a root table' },
  'base-switch-flushes': { group: 'R5', on: '64-bit', says: 'a processor that loads another base pointer flushes what it has cached under the old one' },
  'user-base-references': { group: 'R5', on: '64-bit guests', says: 'the base pointer for programs holds a type reference' },
  'user-base-root-type': { group: 'R5', on: '64-bit guests', says: 'a new base pointer for programs must be a root table' },
  'old-user-base-dropped': { group: 'R6', on: '64-bit guests', says: 'a base pointer for programs that is replaced gives its reference back' },
  'user-base-given-back': { group: 'R6', on: '64-bit guests', says: 'a domain that is torn down gives back its base pointers for programs too' },
  'mode-switch-no-flush': { group: 'R1', on: '64-bit guests', says: "a change between the guest's kernel and its programs does not count as a flush, because global translations stay" },
  'kernel-pages-local': { group: 'R3', on: '64-bit guests', says: "a page that only the guest's kernel may use is not made global, or its programs would still reach it" },
  'base-kept-on-failure': { group: 'R5', says: 'a refused base pointer leaves the old one in place' },
  'old-base-dropped': { group: 'R6', says: 'a base pointer that is replaced gives its reference back' },
  'old-entry-dropped': { group: 'R6', says: 'an update drops the references of the entry that it replaces' },
  'grant-replaces-entry': { group: 'R6', says: 'a grant that is mapped over an entry drops the references of that entry' },
  'refused-gdt-unwound': { group: 'R6', says: 'a descriptor table that is refused at one of its frames gives back those before it' },
  'old-gdt-dropped': { group: 'R6', says: 'a new descriptor table gives back the frames of the old one' },
  'local-frames-given-back': { group: 'R6', says: 'a new local descriptor table, or a new base pointer, gives back the frames that the processor has taken of the old table' },
  'local-table-typed': { group: 'R1', says: 'a frame of a local descriptor table takes that type when the processor first reads it' },
  'local-limit-checked': { group: 'R3', says: 'an instruction that Xen carries out reads no descriptor beyond the limit of the local table' },
  'tables-devalidated': { group: 'R6', says: 'a table whose count falls to zero drops the references of its entries' },
  'failed-scan-unwound': { group: 'R6', says: 'a scan that fails drops the references that it took' },
  'counts-bounded': { group: 'R6', says: 'a count at its maximum is never incremented' },
  'iommu-failure-drops-type': { group: 'R6', on: '64-bit', says: 'if the IOMMU cannot follow, the frame keeps its old type and no reference is left over' },
  'device-grant-unmapped-once': { group: 'R6', on: '64-bit', says: "an unmap that does not name the devices' part of a grant keeps the references of that part" },
  'm2p-reference-returned': { group: 'R6', says: 'a change of the reverse map that is refused for a fully virtualised domain gives its reference back' },
  'linear-count-kept': { group: 'R6', on: '64-bit', says: 'a scan that continues after an interruption keeps its count of linear entries' },
  'entries-locked': { group: 'R6', on: '64-bit', foundBy: 'pairs', says: 'the entries of a table are changed by one processor at a time' },
  'unlock-never-last': { group: 'R6', on: '64-bit', foundBy: 'pairs', says: 'while a processor holds the lock of a table, no other one drops the last reference besides that of the lock' },
  'stamped-before-dropped': { group: 'R1', on: '64-bit', foundBy: 'pairs', says: 'the time at which a type was last in use is noted before the type is given up, not after' },
  'validation-awaited': { group: 'R3', on: '64-bit', foundBy: 'pairs', says: 'a processor that wants a type which another one is validating waits for it' },
  'pin-tested-and-set': { group: 'R4', on: '64-bit', foundBy: 'pairs', says: 'whether a table is pinned is tested and changed by one instruction' },
  'linear-tested-and-counted': { group: 'R3', on: '64-bit', foundBy: 'pairs', says: 'whether a table points at others of its level, or one of them points at it, is tested and counted by one instruction' },
  'allocated-tested-and-cleared': { group: 'R8', on: '64-bit', foundBy: 'pairs', says: "whether a frame still has its owner's reference is tested and changed by one instruction" },
  'stolen-as-freed': { group: 'R8', on: '64-bit', foundBy: 'pairs', says: 'a frame that is taken from its domain has no reference until it has an owner again' },
  'partial-holds-reference': { group: 'R6', on: '64-bit', says: 'a table that is half done holds a general reference to itself' },
  'partial-entry-keeps-reference': { group: 'R6', on: '64-bit', says: 'the entry at which a scan was stopped keeps its general reference' },
  'partial-flag-cleared': { group: 'R6', on: '64-bit', says: 'a scan that stops between two entries notes that none of them is half done' },
  'third-slot-given-back': { group: 'R6', on: 'PAE on 64-bit', release: '4.17.7', says: 'a root that is refused because its slot 3 is shared gives back what that slot has taken' },
  'partial-cleanup-told': { group: 'R6', on: '64-bit', says: 'cleaning up a table that was left half done does nothing once another processor has completed it' },
  'left-over-keeps-reference': { group: 'R6', on: '64-bit', says: 'a table that could not be taken, and is left to be cleaned up, keeps the reference with which it was tried' },
  'refused-entry-kept': { group: 'R6', on: '64-bit', says: 'if an entry that was half done is refused, the failing scan records that it is still half done' },
  'failed-table-below-kept': { group: 'R6', on: '64-bit', says: 'if a table is left to be cleaned up, the table above takes over the clean-up' },
  'first-entry-passed-on': { group: 'R6', on: '64-bit guests', says: 'if a table is left to be cleaned up, the table two levels above takes over the clean-up too, even if it was the first entry of the table in between' },
  'retaken-entry-counted-once': { group: 'R6', on: '64-bit', says: 'an entry that points at a table of its own level, was half given up, and is taken again has only one reference' },
  'contended-entry-kept': { group: 'R6', on: '64-bit', says: 'an entry that is half done stays so if another processor is working on its table' },
  'contended-edge-kept': { group: 'R6', on: '64-bit', says: 'the first entry of a table that is taken, and the last one of a table that is given up, stay half done if another processor is working on their table' },
  'refused-flush-skipped': { group: 'R7', says: 'a refused update_va_mapping flushes nothing' },
  'grant-refusal-negative': { group: 'R7', says: 'a grant that was not mapped is reported as an error, not as a handle' },
  'refused-leaves-entry': { group: 'R7', says: 'a refused update leaves the old entry in its slot' },
  'multicall-ends-with-iret': { group: 'R7', says: "a multicall ends with an entry that leaves the guest's kernel" },
  'freed-when-unreferenced': { group: 'R8', says: 'a frame goes back to the heap only with its last reference' },
  'flush-at-reuse': { group: 'R8', says: 'stale translations of a freed frame are flushed before another domain gets it' },
  'stolen-only-unused': { group: 'R8', says: 'a frame is exchanged or transferred only when nothing but its owner refers to it' },
  'stolen-only-own': { group: 'R8', says: 'a domain exchanges or transfers only frames of its own' },
  'dying-gets-nothing': { group: 'R8', says: 'a domain that is torn down is given no frame' },
  'grants-released-at-death': { group: 'R6', says: 'a domain that is torn down gives back what it has mapped by grants' },
  'dead-tables-broken': { group: 'R8', on: '64-bit', says: 'a table of a domain that is torn down is given up by force if it is half done, or refers to itself through others' },
  'dead-tables-counted': { group: 'R6', on: '64-bit', beside: 'linear-chains-refused', says: 'a table that is given up by force, part by part, has a type reference meanwhile' },
  'destroyed-base-left-over': { group: 'R5', on: '64-bit', says: 'when a domain is torn down, its base pointer is cleared as soon as the table begins to be given up' },
  'half-done-not-pinned': { group: 'R4', on: '64-bit', says: 'a table of a domain that is torn down is no longer pinned once it is half given up' },
  'shared-frame-stays': { group: 'R8', on: '64-bit', says: 'a domain does not free a frame that Xen shares with it' },
  'flush-at-transfer': { group: 'R8', says: 'stale translations of a transferred frame are flushed' },
  'grantees-flushed-at-transfer': { group: 'R8', says: 'stale translations of a transferred frame are also flushed in a domain that still uses a grant of it' },
  'transfer-copy-counted': { group: 'R6', says: "if a transferred frame is too high for the taker, the copy that replaces it has its owner's reference" },
  'hvm-keeps-its-frames': { group: 'R8', says: 'a frame of a fully virtualised domain is neither transferred nor exchanged' },
  'transfer-clears-type': { group: 'R8', beside: 'hvm-keeps-its-frames', says: 'a transferred frame arrives without a type, so that its contents are checked again' },
  'status-frame-returned': { group: 'R8', on: '64-bit', says: 'the frame that shows which grants are in use is given back when it is no longer needed' },
  'status-frame-unmapped': { group: 'R8', on: '64-bit', says: 'the frame that shows which grants are in use stays while it is mapped' },
  'unpinned-by-hand': { group: 'R4', on: '64-bit', says: 'a frame that is given back stays pinned until its guest unpins it' },
  'third-slot-not-looked-at-again': { group: 'L', on: 'PAE', says: 'an update of a root does not rely on its slot 3 being as it was when the root was taken' },
  'upper-scans-look': { group: 'L', on: '64-bit', says: 'a second-level table below a root is also scanned in parts' },
  'lists-look': { group: 'L', says: 'between two operations of a list, Xen checks whether other work is waiting' },
  'refusal-looks-nowhere': { group: 'L', says: 'a refused UNPIN does not look up the owner of a frame that does not exist' },
  'others-tables-paravirtualised': { group: 'L', on: '64-bit', says: "a domain that acts for a fully virtualised one cannot change the latter's page tables, which Xen does not manage" },
  'unmask-announces': { group: 'E', says: 'an event that came while its port was masked is announced when the port is unmasked' },
  'events-looked-for': { group: 'E', foundBy: 'explorer', says: 'on its way back from a hypercall, Xen looks for events that are no longer masked' },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

/** Whether a rule applies to the Xen with these page tables. */
export function appliesTo(rule: RuleName, layout: Layout): boolean {
  const { on }: Rule = RULES[rule];
  return on === undefined || (on === '64-bit guests' ? layout.levels === 4 : on === 'PAE on 64-bit' ? isCompat(layout) : on === 'PAE' ? layout.levels === 3 : layout.hostLevels === 4);
}

/** All layouts of page tables, and so all hypervisors. */
export const LAYOUTS: readonly Layout[] = [TWO_LEVEL, PAE, COMPAT, LONG];

/** The rule called `name`. If there is none, throws an error with the legal names. */
export function ruleNamed(name: string): RuleName {
  if (name in RULES) return name as RuleName;
  throw new Error(`no rule "${name}" of the hypervisor; there are ${Object.keys(RULES).join(', ')}`);
}
