import type { Cpu } from '../../../hardware/cpu';
import { instruction } from '../../../path';
import type { Entity } from '../../../state/hash';
import type { Domain, Vcpu } from '../domain';
import { hex, type FrameType, type page_info } from '../frames/frames';
import { leaveDomain } from '../grants/iommu';
import type { Mfn } from '../public/xen';

// The two words of a frame that processors change with locked instructions:
// count_info and type_info (asm-x86/mm.h). Each of these is one instruction, and
// other processors can act between any two of them.
//
// Model: a loop that reads the word and retries a CMPXCHG has no effect before
// it succeeds, and then has the effect of one locked instruction; so it is one
// here, unless Xen does something in between.

const TYPES: readonly FrameType[] = ['none', 'l1', 'l2', 'l2x', 'l3', 'gdt', 'writable'];

/** The word `type_info` as a number: the state of a frame as bits, to compare and to keep in a local variable. */
export type TypeWord = number;

const COUNT = 2 ** 20;
const LOCKED = COUNT;
const PARTIAL = 2 * COUNT;
export const VALIDATED = 4 * COUNT;
const PINNED = 8 * COUNT;
const TYPE = 16 * COUNT;

/** PGT_count_mask */
export const countIn = (word: TypeWord): number => word % COUNT;
export const typeIn = (word: TypeWord): FrameType => TYPES[Math.floor(word / TYPE)]!;
export const isValidatedIn = (word: TypeWord): boolean => Math.floor(word / VALIDATED) % 2 === 1;

export function wordOf({ type, type_count, locked, partial, validated, pinned }: page_info): TypeWord {
  return type_count + (locked ? LOCKED : 0) + (partial ? PARTIAL : 0) + (validated ? VALIDATED : 0) + (pinned ? PINNED : 0) + TYPES.indexOf(type) * TYPE;
}

function setWord(page: page_info, word: TypeWord): void {
  const before = wordOf(page);
  if (before === word) return;
  const has = (bit: number): boolean => Math.floor(word / bit) % 2 === 1;
  if (countIn(before) !== countIn(word)) page.type_count = countIn(word);
  if (typeIn(before) !== typeIn(word)) page.type = typeIn(word);
  if (page.locked !== has(LOCKED)) page.locked = has(LOCKED);
  if (page.partial !== has(PARTIAL)) page.partial = has(PARTIAL);
  if (page.validated !== has(VALIDATED)) page.validated = has(VALIDATED);
  if (page.pinned !== has(PINNED)) page.pinned = has(PINNED);
}

const of = (what: string) => (page: page_info): string => `${what} of mfn ${hex(page.mfn)}`;
/** Waits for the processor that is about to change the word. */
const untilChanged = (page: page_info) => ({ kind: 'lock', name: `mfn ${hex(page.mfn)}.locked` }) as const;

/** page_get_owner_and_reference(), the count: false for a frame that is free. */
export const incCount = instruction(of('take a reference: count_info + 1'), (_cpu: Cpu, page: page_info) => {
  const { xen } = page;
  if (page.count === 0 || page.count >= xen.maximumCount) return false;
  page.count += 1;
  return true;
}, { locked: true });

/** page_get_owner() */
export const readOwner = instruction(of('page_get_owner()'), (_cpu: Cpu, page: page_info): Entity | null => page.owner);

/** The count after it. */
export const decCount = instruction(of('drop a reference: count_info - 1'), (_cpu: Cpu, page: page_info) => page.count -= 1, { locked: true });

/** spin_lock(&d->page_alloc_lock) */
export const spin_lock = instruction((vcpu, name) => `spin_lock(${name} of ${String(vcpu.domain)})`, (_cpu: Cpu, { domain }: Vcpu, _name: 'page_alloc_lock') => { domain.pagesLocked = true; }, {
  locked: true, when: (_cpu, { domain }) => !domain.pagesLocked, awaits: (_cpu, { domain }) => ({ kind: 'lock', name: `${domain.name}.pagesLocked` }),
});
export const spin_unlock = instruction((vcpu, name) => `spin_unlock(${name} of ${String(vcpu.domain)})`, (_cpu: Cpu, { domain }: Vcpu, _name: 'page_alloc_lock') => { domain.pagesLocked = false; });

/** common/page_alloc.c, free_domheap_pages(), under that lock of the owner: back to the heap. */
export const freeFrame = instruction(of('free_domheap_page()'), (_cpu: Cpu, page: page_info) => {
  leaveDomain(page);
  page.owner = null;
  page.allocated = false;
}, { when: (_cpu, { owner }) => !(owner as Domain | null)?.pagesLocked });

/** test_and_clear_bit(_PGC_allocated) */
export const clearAllocated = instruction(of('test_and_clear_bit(_PGC_allocated)'), (_cpu: Cpu, page: page_info) => {
  const was = page.allocated;
  page.allocated = false;
  return was;
}, { locked: true });

/** The same as two instructions, as test_bit() and clear_bit() are. */
export const isAllocated = instruction(of('test_bit(_PGC_allocated)'), (_cpu: Cpu, page: page_info) => page.allocated);

/** test_and_set_bit(_PGT_pinned) or test_and_clear_bit(_PGT_pinned): what it was. */
export const exchangePinned = instruction((page, to) => `${to ? 'test_and_set_bit' : 'test_and_clear_bit'}(_PGT_pinned) of mfn ${hex(page.mfn)}`, (_cpu: Cpu, page: page_info, to: boolean) => {
  const was = page.pinned;
  page.pinned = to;
  return was;
}, { locked: true });

export const isPinned = instruction(of('test_bit(_PGT_pinned)'), (_cpu: Cpu, page: page_info) => page.pinned);

export const readType = instruction(of('read type_info'), (_cpu: Cpu, page: page_info): TypeWord => wordOf(page));

/** A plain store, when no other processor can change the word. */
export const storeType = instruction(of('store type_info'), (_cpu: Cpu, page: page_info, word: TypeWord) => setWord(page, word));

/** CMPXCHG: returns whether the word was still what was read before. */
export const cmpxchgType = instruction(of('cmpxchg type_info'), (_cpu: Cpu, page: page_info, was: TypeWord, word: TypeWord) => {
  if (wordOf(page) !== was) return false;
  setWord(page, word);
  return true;
}, { locked: true });

/** The word after one more reference as `type`: null if it is refused, and `wait` while another processor validates the frame. */
export function withReference(page: page_info, type: FrameType): TypeWord | 'wait' | null {
  const { xen } = page;
  const word = wordOf(page);
  if (page.type_count >= xen.maximumTypeCount) return null;
  if (page.type_count === 0 && page.type !== type) return 1 + TYPES.indexOf(type) * TYPE + (page.pinned ? PINNED : 0);
  if (page.type_count > 0 && page.type !== type && xen.keeps('exclusive-types')) return null;
  if (page.type_count > 0 && !page.validated && xen.keeps('validation-awaited')) return 'wait';
  return word + 1;
}

/** The loop of _get_page_type(): the word as it was, or null for a refusal. Waits while another processor validates the frame. */
export const takeType = instruction((page, type) => `take mfn ${hex(page.mfn)} as ${type}: type_info + 1`, (_cpu: Cpu, page: page_info, type: FrameType): TypeWord | null => {
  const was = wordOf(page);
  const word = withReference(page, type);
  if (typeof word === 'number') setWord(page, word);
  return word === null ? null : was;
}, { locked: true, when: (_cpu, page, type) => withReference(page, type) !== 'wait', awaits: (_cpu, page) => untilChanged(page) });

/** A read of the word in that loop. Waits as above. */
export const readTypeFor = instruction((page, type) => `read type_info of mfn ${hex(page.mfn)}, to take it as ${type}`, (_cpu: Cpu, page: page_info, _type: FrameType): TypeWord => wordOf(page), {
  when: (_cpu, page, type) => withReference(page, type) !== 'wait', awaits: (_cpu, page) => untilChanged(page),
});

/** Whether the last reference but one would be dropped while a processor holds the lock, which would then drop the last one (XSA-242). */
const mustWait = (page: page_info): boolean => page.locked && page.type_count === 2 && page.xen.keeps('unlock-never-last');

/** The loop of _put_page_type(), as long as the reference is not the last: the word, and whether it was dropped. Waits if the lock would then hold the last one. */
export const dropType = instruction(of('drop a type: type_info - 1'), (_cpu: Cpu, page: page_info): readonly [TypeWord, boolean] => {
  const was = wordOf(page);
  if (page.type_count <= 1) return [was, false];
  setWord(page, was - 1);
  return [was, true];
}, { locked: true, when: (_cpu, page) => !mustWait(page), awaits: (_cpu, page) => untilChanged(page) });

/** inc_linear_entries(): false for a table that others map. */
export const incLinearEntries = instruction(of('inc_linear_entries()'), (_cpu: Cpu, page: page_info) => {
  if (page.linear_pt_count < 0 && page.xen.keeps('linear-chains-refused')) return false;
  page.linear_pt_count += 1;
  return true;
}, { locked: true });
/** inc_linear_uses(): false for a table that maps others. */
export const incLinearUses = instruction(of('inc_linear_uses()'), (_cpu: Cpu, page: page_info) => {
  if (page.linear_pt_count > 0 && page.xen.keeps('linear-chains-refused')) return false;
  page.linear_pt_count -= 1;
  return true;
}, { locked: true });
/** The count that both of them test, and a change of it, as two instructions. */
export const readLinear = instruction(of('read linear_pt_count'), (_cpu: Cpu, page: page_info) => page.linear_pt_count);
export const addLinear = instruction((page, by) => `linear_pt_count of mfn ${hex(page.mfn)} ${by > 0 ? '+' : '-'} 1`, (_cpu: Cpu, page: page_info, by: number) => { page.linear_pt_count += by; });
export const decLinearEntries = instruction(of('dec_linear_entries()'), (_cpu: Cpu, page: page_info) => { page.linear_pt_count -= 1; }, { locked: true });
export const decLinearUses = instruction(of('dec_linear_uses()'), (_cpu: Cpu, page: page_info) => { page.linear_pt_count += 1; }, { locked: true });

/** The loop of get_l2_linear_pagetable(): one more reference to an already validated table. */
export const takeLinear = instruction(of('take as a linear table: type_info + 1'), (_cpu: Cpu, page: page_info) => {
  const isFit = page.validated && (page.type === 'l2' || page.type === 'l2x') && page.type_count < page.xen.maximumTypeCount;
  if (!isFit && page.xen.keeps('linear-validated')) return false;
  setWord(page, wordOf(page) + 1);
  return true;
}, { locked: true });

/** page_lock(): false unless the frame is validated and in use, and its count has room. Waits while another processor has the lock. */
export const lock = instruction(of('page_lock()'), (_cpu: Cpu, page: page_info) => {
  if (!page.validated || page.type_count === 0 || page.type_count >= page.xen.maximumTypeCount) return false;
  if (page.xen.keeps('entries-locked')) setWord(page, wordOf(page) + 1 + LOCKED);
  return true;
}, { locked: true, when: (_cpu, page) => !page.locked, awaits: (_cpu, page) => untilChanged(page) });

/** page_unlock(), which does no clean-up. */
export const unlock = instruction(of('page_unlock()'), (_cpu: Cpu, page: page_info) => {
  if (page.xen.keeps('entries-locked')) setWord(page, wordOf(page) - 1 - LOCKED);
}, { locked: true });

/** set_tlbflush_timestamp() */
export const stamp = instruction(of('set_tlbflush_timestamp()'), (_cpu: Cpu, page: page_info) => page.xen.stamp(page));

/** tlbflush_filter(): the processors that have not flushed since, as a bit set. */
export const unflushed = instruction(of('tlbflush_filter()'), (_cpu: Cpu, page: page_info) => page.notFlushed);

/** One processor of flush_tlb_mask(), which waits for all. */
export const flushOn = instruction((_page, id) => `flush the TLB of cpu${id}`, (_cpu: Cpu, page: page_info, id: number) => {
  for (const vcpu of page.xen.vcpus) if (vcpu.cpu.id === id) page.xen.flush(vcpu);
});

/** The frame of that number; not part of the state. */
export function frameOf(page: page_info, mfn: Mfn): page_info | undefined {
  return page.xen.pageOf(mfn);
}
