// The promises that keep a guest from touching what is not its own, each of
// which can be left out by name. A hypervisor without one of them is a seeded
// bug: the fuzzer must find it. The numbers R1 to R8 group them:
//
//   R1  no frame is a table or a descriptor table and writable at once
//   R2  a domain maps only frames that it owns
//   R3  the contents of a table are checked when it becomes one, and at each update
//   R4  pinned means: a validated table with a count of at least one, pinned once
//   R5  the base pointer holds a reference to a root table
//   R6  references are taken before a change, dropped after it, and balanced on failure
//   R7  a refused operation changes nothing
//   R8  no frame changes hands while references to it remain

export interface Rule {
  readonly group: 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8';
  /** What Xen does, and what the fuzzed hypervisor without the rule does not. */
  readonly says: string;
}

export const RULES = {
  'exclusive-types': { group: 'R1', says: 'get_page_type refuses a type other than the one in use' },
  'flush-at-type-change': { group: 'R1', says: 'get_page_type flushes the TLBs before a frame takes another type' },
  'writable-counted': { group: 'R1', says: 'a writable mapping takes a writable type reference, not only a general one' },
  'owner-checked': { group: 'R2', says: 'get_page refuses a frame of another domain' },
  'forbidden-flags': { group: 'R3', says: 'an entry with PSE, GLOBAL, PWT or PCD is refused' },
  'validated-at-type-change': { group: 'R3', says: 'a frame that becomes a table is scanned' },
  'validated-at-update': { group: 'R3', says: 'the new contents of a lowest-level entry are checked and referenced at an update' },
  'upper-validated-at-update': { group: 'R3', says: 'the new contents of an upper entry are checked and referenced at an update' },
  'update-rechecks-write': { group: 'R3', says: 'an update that only adds the write bit is checked like any other' },
  'own-slots-closed': { group: 'R3', says: 'a guest cannot change the entries that map Xen' },
  'own-slots-installed': { group: 'R3', says: 'a root table gets the entries that map Xen when it is validated' },
  'linear-read-only': { group: 'R3', says: 'a table entry that points at a table of its own level must be read-only' },
  'linear-validated': { group: 'R3', says: 'such an entry may only point at an already validated table' },
  'ptwr-checks-entry': { group: 'R3', says: 'an emulated write checks the entry it makes, as an update does' },
  'ptwr-only-tables': { group: 'R3', says: 'only writes to lowest-level tables of the domain are emulated' },
  'ptwr-kernel-only': { group: 'R3', says: 'a write from user mode is never emulated' },
  'pin-once': { group: 'R4', says: 'a second pin is refused and drops its references' },
  'unpin-needs-pin': { group: 'R4', says: 'unpinning a frame that is not pinned is refused' },
  'pin-references': { group: 'R4', says: 'a pin holds a type reference' },
  'base-references': { group: 'R5', says: 'the base pointer holds a type reference' },
  'base-root-type': { group: 'R5', says: 'a new base pointer must be a root table' },
  'base-kept-on-failure': { group: 'R5', says: 'a refused base pointer leaves the old one in place' },
  'old-entry-dropped': { group: 'R6', says: 'an update drops the references of the entry that it replaces' },
  'tables-devalidated': { group: 'R6', says: 'a table whose count falls to zero drops the references of its entries' },
  'failed-scan-unwound': { group: 'R6', says: 'a scan that fails drops the references that it took' },
  'counts-bounded': { group: 'R6', says: 'a count at its maximum is never incremented' },
  'refused-flush-skipped': { group: 'R7', says: 'a refused update_va_mapping flushes nothing' },
  'refused-leaves-entry': { group: 'R7', says: 'a refused update leaves the old entry in its slot' },
  'freed-when-unreferenced': { group: 'R8', says: 'a frame goes back to the heap only with its last reference' },
  'flush-at-reuse': { group: 'R8', says: 'stale translations of a freed frame are flushed before another domain gets it' },
  'm2p-owner-checked': { group: 'R2', says: 'a domain changes the reverse map only for its own frames' },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

/** The rule called `name`. Throws with the legal names. */
export function ruleNamed(name: string): RuleName {
  if (name in RULES) return name as RuleName;
  throw new Error(`no rule "${name}" of the hypervisor; there are ${Object.keys(RULES).join(', ')}`);
}
