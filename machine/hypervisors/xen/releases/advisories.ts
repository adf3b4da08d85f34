import { CHANGES, type ChangeName } from './changes';
import { CLOSED } from './holes';
import { parseVersion } from './version';
import type { RuleName } from '../rules';

// Published advisories about page tables, references, grants, TLBs and calls that
// take long: what was wrong, the promise of rules.ts that was broken, and the
// shortest script of calls that does damage if the promise is not kept. Scripts
// are in the fuzzer's format and run in situations/xen/playground.ts; releases and
// commits are in holes.ts and changes.ts.

export interface Advisory {
  /** `XSA-182` */
  readonly id: string;
  readonly what: string;
  /** The promise, or, if a release changed what it offers, that change. */
  readonly rule?: RuleName;
  readonly change?: ChangeName;
  /** The invariant that a guest breaks. */
  readonly breaks: string;
  /** Calls, one after the other; empty if it takes two virtual CPUs in the middle of a call. */
  readonly script: readonly string[];
  /** What two virtual CPUs do, in that case; in the form of situations/xen/pairs/pairs.ts. */
  readonly deeds?: readonly [readonly string[], readonly string[]];
  /** The state of their frame before that. */
  readonly state?: string;
  /** The last release with the hole and the first without, if a hole of another advisory hides it in the newest branch. */
  readonly between?: readonly [string, string];
}

/** Makes the mappings of pages 6 and 7 read-only, as those of tables have to be. */
const readOnly = (...pages: readonly number[]): string[] => pages.map((page) => `A0 map va=0x${page.toString(16)}000 mfn=0x10${page.toString(16)} bits=0x65 flush=0x0`);
const store = (page: number, slot: number, mfn: number, bits: number): string => `A0 store va=0x${(page * 4096 + slot * 8).toString(16)} mfn=0x${mfn.toString(16)} bits=0x${bits.toString(16)} user=0x0`;
const pin = (level: number, page: number, who = 'A0'): string => `${who} pin level=0x${level} mfn=0x10${page.toString(16)}`;
const patience = 'A0 patience entries=0x1';
/** The root that A runs on, its second-level tables and its lowest-level one. */
const ROOT = 0x100;
const MIDDLE = 0x101;
const TABLE = 0x103;

export const ADVISORIES: readonly Advisory[] = [
  {
    id: 'XSA-26', rule: 'status-frame-returned', breaks: 'xenOwnMemoryKept',
    what: 'each change to version 2 of grant tables takes a frame of Xen, which the change back does not free',
    script: ['A0 version number=0x2', 'A0 version number=0x1'],
  },
  {
    id: 'XSA-29', rule: 'exchange-result-checked', breaks: 'xenOwnMemoryKept',
    what: 'XENMEM_exchange writes its result wherever the guest says, even into Xen',
    script: ['A0 map va=0xd000 mfn=0x10c bits=0x65 flush=0x2', 'A0 exchange-to mfn=0x10d va=0xf6000000 done=0x0'],
  },
  {
    id: 'XSA-45', change: 'preemptible', breaks: 'xenHeedsInterrupts',
    what: 'validating a tree of tables takes as long as the guest has made it, and nothing can interrupt it',
    script: [patience, ...[0, 1, 2, 3, 4, 5, 6].map((slot) => store(6, slot, TABLE, 0x67)), ...readOnly(6), pin(2, 6)],
  },
  {
    id: 'XSA-109', rule: 'others-tables-paravirtualised', breaks: 'xenLives',
    what: 'a domain that emulates the devices of a fully virtualised one changes a page table of the latter: Xen follows a pointer that is not set',
    script: ['B0 target on=0x1', 'B0 update-for table=0x400 slot=0x0 mfn=0x0 bits=0x0 kind=0x0 dom=0x37ff0'],
  },
  {
    id: 'XSA-113', rule: 'm2p-reference-returned', breaks: 'refusedChangesNothing',
    what: 'a change of the reverse map that is refused for a fully virtualised domain does not give its reference back',
    script: ['B0 target on=0x1', 'B0 update-for table=0x400 slot=0x0 mfn=0x0 bits=0x0 kind=0x1 dom=0x2'],
  },
  {
    id: 'XSA-148', rule: 'large-pages-forbidden', breaks: 'xenGuestsIsolated',
    what: 'an update that only adds the large-page bit is not checked: the guest can write to two megabytes of any memory',
    script: [`A0 update table=0x${MIDDLE.toString(16)} slot=0x0 mfn=0x${TABLE.toString(16)} bits=0xe7 kind=0x0`],
  },
  {
    id: 'XSA-182', rule: 'update-rechecks-write', breaks: 'xenGuestsIsolated',
    what: 'an update that only adds the write bit is not checked: a table that maps itself becomes writable',
    script: [`A0 update table=0x${MIDDLE.toString(16)} slot=0x1 mfn=0x${MIDDLE.toString(16)} bits=0x65 kind=0x0`, `A0 update table=0x${MIDDLE.toString(16)} slot=0x1 mfn=0x${MIDDLE.toString(16)} bits=0x67 kind=0x0`],
  },
  {
    id: 'XSA-185', rule: 'root-not-linear', breaks: 'xenGuestsIsolated',
    what: 'a root of a 32-bit guest may map itself, and a 64-bit Xen links it writable',
    script: [`A0 update table=0x${ROOT.toString(16)} slot=0x2 mfn=0x${ROOT.toString(16)} bits=0x1 kind=0x0`],
  },
  {
    id: 'XSA-212', rule: 'exchange-offset-checked', breaks: 'xenOwnMemoryKept',
    what: 'XENMEM_exchange checks where its list begins, but not where it continues after the part that the guest says is done',
    script: ['A0 map va=0xd000 mfn=0x10c bits=0x65 flush=0x2', 'A0 exchange-to mfn=0x10d va=0x5000 done=0x1ec00000'],
  },
  {
    id: 'XSA-213', rule: 'multicall-ends-with-iret', breaks: 'usersCallNothing',
    what: 'a multicall continues after an entry that has left the kernel, so that a program makes its remaining calls',
    script: ['A0 iret-and-map va=0x5000 mfn=0x106 bits=0x65'],
  },
  {
    id: 'XSA-214', rule: 'transfer-clears-type', breaks: 'xenDescriptorsHarmless',
    what: 'a transferred frame keeps its type, so what was checked for the giver is not checked again for the taker',
    script: [
      ...readOnly(8, 9), 'A0 gdt mfn=0x109', 'A0 gdt mfn=0x108', 'A0 map va=0x9000 mfn=0x10a bits=0x65 flush=0x2', 'H0 accept ref=0x0 dom=0x0', 'A0 transfer mfn=0x109 dom=0x2',
      'H0 write-own mfn=0x109 offset=0x4 word=0x8e00', 'A0 accept ref=0x1 dom=0x2', 'H0 transfer mfn=0x109 dom=0x0', 'A0 gdt mfn=0x109',
    ],
  },
  {
    id: 'XSA-217', rule: 'hvm-keeps-its-frames', breaks: 'xenGuestsIsolated',
    what: 'a fully virtualised domain gives away a frame that is still in a TLB of the domain that emulates its devices',
    script: [
      'B0 target on=0x1', 'B0 update-for table=0x203 slot=0xd mfn=0x400 bits=0x67 kind=0x0 dom=0x2', 'B0 store va=0xd000 mfn=0x0 bits=0x0 user=0x0',
      'B0 update table=0x203 slot=0xd mfn=0x0 bits=0x0 kind=0x0', 'A0 accept ref=0x0 dom=0x2', 'H0 transfer mfn=0x400 dom=0x0',
    ],
  },
  {
    id: 'XSA-224', rule: 'device-grant-unmapped-once', breaks: 'xenCountsBalanced',
    what: "an unmap that does not name the devices' part of a grant drops the references of that part all the same, each time it is made",
    script: ['A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0', 'B0 map-grant-device va=0xb000 ref=0x0 dom=0x0 ro=0x0', 'B0 unmap-grant va=0x0 handle=0x0'],
  },
  {
    id: 'XSA-226', rule: 'transitive-released-each-time', breaks: 'xenGrantsInUse',
    what: 'a copy from and to a grant that leads to another one leaves the latter pinned: its owner never gets it back',
    script: ['B0 version number=0x2', 'A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0', 'B0 grant-transitive ref=0x0 dom=0x0 ro=0x0 of=0x0 its=0x0', 'A0 copy-grant from=0x0 fdom=0x1 to=0x0 tdom=0x1 offset=0x0 len=0x8'],
  },
  {
    id: 'XSA-227', rule: 'grant-entry-aligned', breaks: 'xenGuestsIsolated',
    what: 'a grant can be mapped at any byte address, across two entries',
    script: ['A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0', 'B0 map-grant-pte pa=0x20306c ref=0x0 dom=0x0 ro=0x0'],
  },
  {
    id: 'XSA-234', rule: 'grant-unmap-matches', breaks: 'xenCountsBalanced',
    what: 'if a grant is mapped twice, once writable and once read-only, unmapping one drops the references of the other',
    script: ['A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0', 'B0 map-grant va=0xb000 ref=0x0 dom=0x0 ro=0x1', 'B0 map-grant va=0xc000 ref=0x0 dom=0x0 ro=0x0', 'B0 unmap-grant va=0xc000 handle=0x0'],
  },
  {
    id: 'XSA-236', rule: 'copy-checks-owner', breaks: 'xenCountsBalanced',
    what: 'Xen trusts a grant in use to keep its frame, even if a guest has dropped the entry by other means and the frame is gone: a copy then uses the frame without a reference',
    script: [
      'A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0', 'B0 map-grant va=0xd000 ref=0x0 dom=0x0 ro=0x1', 'B0 map va=0xd000 mfn=0x0 bits=0x0 flush=0x2', 'A0 map va=0xa000 mfn=0x0 bits=0x0 flush=0x2', 'A0 free mfn=0x10a',
      'B0 copy-grant from=0x0 fdom=0x0 to=0x20a tdom=0x7ff0 offset=0x0 len=0x8',
    ],
  },
  {
    id: 'XSA-240', rule: 'linear-chains-refused', breaks: 'xenLinearChainsShort',
    what: 'tables that map tables of their own level form chains, and giving up a chain recurses without bound',
    script: [...readOnly(6, 7), pin(2, 6), pin(2, 7), 'A0 update table=0x106 slot=0x0 mfn=0x107 bits=0x65 kind=0x0', `A0 update table=0x${MIDDLE.toString(16)} slot=0x5 mfn=0x106 bits=0x65 kind=0x0`],
  },
  {
    id: 'XSA-242', rule: 'unlock-never-last', breaks: 'xenCountsBalanced',
    what: 'a table that is unpinned while one of its entries is being changed is given up by the unlock, which does not drop the references of its entries',
    script: [], state: 'pinned', deeds: [['update its entry'], ['unpin it']],
  },
  {
    id: 'XSA-252', rule: 'unpinned-by-hand', breaks: 'xenHeedsInterrupts',
    what: 'giving a frame back also unpins it, and so gives up a tree of tables in a call that cannot be interrupted',
    script: [...[0, 1, 2, 3, 4, 5, 6].map((slot) => store(6, slot, TABLE, 0x67)), ...readOnly(6), pin(2, 6), patience, 'A0 free mfn=0x106'],
  },
  {
    id: 'XSA-255', rule: 'status-frame-unmapped', breaks: 'xenGuestsIsolated',
    what: 'the frame that shows which grants are in use is freed while the guest still has it mapped',
    script: ['A0 version number=0x2', 'A0 map va=0x9000 mfn=0x300 bits=0x65 flush=0x0', 'A0 version number=0x1'],
  },
  {
    id: 'XSA-275', rule: 'iommu-tlb-flushed', breaks: 'xenGuestsIsolated',
    what: "a device continues to use what it has cached of the IOMMU's tables, and writes to a frame that has become a page table",
    script: ['A0 device on=0x1', ...readOnly(6), pin(1, 6)],
  },
  {
    id: 'XSA-279', rule: 'refused-flush-skipped', breaks: 'refusedChangesNothing',
    what: 'a refused update flushes an address that was never checked',
    script: ['A0 read va=0xa000', `A0 map va=0xa000 mfn=0x${ROOT.toString(16)} bits=0x67 flush=0x1`],
  },
  {
    id: 'XSA-284', rule: 'transfer-copy-counted', breaks: 'xenCountsBalanced',
    what: 'if a transferred frame is too high for the taker, the copy that replaces it has no reference, and is freed while it is in use',
    script: ['B0 highest frame=0x301', 'A0 alloc', 'A0 alloc', 'A0 alloc', 'A0 free mfn=0x300', 'B0 accept ref=0x0 dom=0x0', 'A0 transfer mfn=0x302 dom=0x1'],
  },
  {
    id: 'XSA-286', rule: 'linear-map-flushed', breaks: 'updatesChangeTheEntryInUse',
    what: 'Xen accesses the tables through stale translations, and changes an entry of another table',
    script: [...readOnly(6), pin(1, 6), 'A0 map va=0xa000 mfn=0x10a bits=0x65 flush=0x0', `A0 update table=0x${MIDDLE.toString(16)} slot=0x0 mfn=0x106 bits=0x67 kind=0x0`, 'A0 map va=0xb000 mfn=0x10b bits=0x65 flush=0x0'],
  },
  {
    id: 'XSA-287', rule: 'stolen-as-freed', breaks: 'xenCountsBalanced',
    what: "a frame that is exchanged has a count but no owner for a while: a reference that is taken then is not given back",
    script: [], state: 'unmapped', deeds: [['exchange it'], ['map it writable']],
  },
  {
    id: 'XSA-288', rule: 'iommu-only-writable', breaks: 'xenGuestsIsolated',
    what: 'devices can reach a frame as soon as the guest has it, and still can when it has become a table without ever being writable',
    script: ['A0 device on=0x1', 'A0 alloc', 'A0 pin level=0x1 mfn=0x300'],
  },
  {
    id: 'XSA-290', rule: 'upper-scans-look', breaks: 'xenHeedsInterrupts',
    what: 'a second-level table below a root is validated in one piece, and nothing can interrupt it',
    script: [patience, ...[0, 1, 2, 3, 4, 5].map((slot) => store(6, slot, TABLE, 0x67)), store(7, 0, 0x106, 1), ...readOnly(6, 7), pin(3, 7)],
  },
  {
    id: 'XSA-291', rule: 'iommu-failure-drops-type', breaks: 'refusedChangesNothing',
    what: 'if the IOMMU has no memory to follow a change of type, a reference is left over',
    script: ['A0 device on=0x1', ...readOnly(6), 'A0 iommu-fails on=0x1', pin(1, 6)],
  },
  {
    id: 'XSA-292', rule: 'base-switch-flushes', breaks: 'xenGuestsIsolated',
    what: 'a processor that has loaded another root still uses translations of the old one',
    script: [
      store(6, 3, 0x107, 1), ...readOnly(6, 7), pin(3, 6), 'A0 store va=0x9000 mfn=0x0 bits=0x0 user=0x0', ...readOnly(9), 'A0 base mfn=0x106', pin(1, 9),
    ],
  },
  {
    id: 'XSA-298', rule: 'local-limit-checked', breaks: 'xenDescriptorsHarmless',
    what: 'an instruction that Xen carries out may name a descriptor beyond the limit of the local table: a frame of the guest becomes part of that table',
    script: ['A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2', 'A0 selector index=0xc00 emulated=0x1'],
  },
  {
    id: 'XSA-299', rule: 'partial-holds-reference', breaks: 'xenCountsBalanced',
    what: 'a table that is left half done has no reference of its own, and can be freed in that state',
    script: [patience, store(6, 0, TABLE, 0x67), store(6, 1, TABLE, 0x67), ...readOnly(6), pin(2, 6)],
  },
  {
    id: 'XSA-309', rule: 'linear-count-kept', breaks: 'xenLinearChainsShort',
    what: 'a scan that continues after an interruption forgets which linear entries it has counted, and allows a chain',
    between: ['4.11.3', '4.11.4'],
    script: [store(6, 0, 0x107, 0x65), store(6, 1, TABLE, 0x67), ...readOnly(6, 7), pin(2, 7), patience, pin(2, 6), pin(2, 6), `A0 update table=0x${MIDDLE.toString(16)} slot=0x5 mfn=0x106 bits=0x65 kind=0x0`],
  },
  {
    id: 'XSA-310', rule: 'destroyed-base-left-over', breaks: 'xenCountsBalanced',
    what: 'when a domain is torn down, giving up its base pointer can be interrupted: the table is half given up but still the base pointer, so the next attempt takes it for a whole table, and Xen dies',
    between: ['4.11.3', '4.11.4'],
    script: ['A0 unpin mfn=0x100', patience, 'A0 destroy'],
  },
  {
    id: 'XSA-316', rule: 'grant-refusal-negative', breaks: 'grantsAreMapped',
    what: 'a grant that was not mapped is reported by a positive number, which the guest takes for a handle',
    script: ['A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x1', 'B0 map-grant va=0xb000 ref=0x0 dom=0x0 ro=0x0'],
  },
  {
    id: 'XSA-394', rule: 'device-grants-counted-once', breaks: 'xenLives',
    what: "each successful unmap subtracts a grant from those that the guest's devices reach, even if nothing was left to unmap: when the count falls below zero, Xen dies",
    script: ['B0 device on=0x1', 'A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0', 'B0 map-grant va=0xd000 ref=0x0 dom=0x0 ro=0x0', 'B0 unmap-grant va=0x0 handle=0x0', 'B0 unmap-grant va=0x0 handle=0x0'],
  },
  {
    id: 'XSA-401', rule: 'flush-after-reference', breaks: 'xenGuestsIsolated',
    what: 'the flush before a frame becomes a table comes too early: afterwards, the frame can be mapped, written and unmapped once more',
    script: [], state: 'read-only', deeds: [['pin it'], ['map it writable', 'write to it', 'map it read-only']],
  },
  {
    id: 'XSA-402', rule: 'caches-flushed-before-scan', breaks: 'xenCountsBalanced',
    what: 'the scan sees what is in the caches, but the processor later sees what was written to memory behind them',
    script: ['A0 device on=0x1', 'A0 map va=0x6000 mfn=0x106 bits=0xe7 flush=0x2', store(6, 0, 0x206, 0x67), 'A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2', pin(1, 6), 'A0 evict mfn=0x106'],
  },
  {
    id: 'XSA-500', rule: 'copy-to-frame-in-use', breaks: 'xenCountsBalanced',
    what: 'a guest that renames the frame of a grant in use makes Xen check one frame and copy to the other, which is a page table',
    script: ['A0 grant ref=0x0 mfn=0x103 dom=0x1 ro=0x0', 'B0 map-grant va=0xd000 ref=0x0 dom=0x0 ro=0x1', 'A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0', 'B0 copy-grant from=0x20a fdom=0x7ff0 to=0x0 tdom=0x0 offset=0x0 len=0x8'],
  },
];

/** First release of each branch without the hole, and the commit. */
export function closedBy({ id, rule, change }: Advisory): { readonly in: readonly string[]; readonly commit: string } {
  const closed = rule !== undefined ? CLOSED[rule] : undefined;
  if (closed) return { in: closed.in, commit: closed.commit };
  if (change !== undefined) return { in: CHANGES[change].since, commit: CHANGES[change].commit };
  throw new Error(`machine bug: nothing says when ${id} was closed`);
}

/** The last release with the hole and the first without, on the newest branch that had both. */
export function lastAndFirst(advisory: Advisory): { readonly last: string; readonly first: string } {
  if (advisory.between) return { last: advisory.between[0], first: advisory.between[1] };
  const { in: firsts } = closedBy(advisory);
  const first = [...firsts].reverse().find((name) => parseVersion(name)!.point > 0) ?? firsts[firsts.length - 1]!;
  const { major, minor, point } = parseVersion(first)!;
  return { last: point > 0 ? `${major}.${minor}.${point - 1}` : `${major}.${minor - 1}.0`, first };
}
