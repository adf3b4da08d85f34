import { path, type Path } from '../../../path';
import type { Entity } from '../../../state/hash';
import { isTable, type FrameType, type page_info } from '../frames/frames';
import { alloc_page_type, free_page_type } from './tables';
import {
  cmpxchgType, countIn, decCount, decLinearEntries, decLinearUses, dropType, flushOn, freeFrame, incCount, isValidatedIn, readOwner, readType, readTypeFor, stamp, storeType, takeType, typeIn, unflushed, VALIDATED,
  type TypeWord,
} from './words';

// References and types (arch/x86/mm.c of 4.13.5), which frames/frames.ts and
// frames/page-type.ts do in one piece.
//
// Model: nothing is interrupted here, so no type is ever partial;
// for that see frames/page-type.ts and xen-interrupted.feature. No devices. An
// upper table that is refused is released at once. Xen leaves it half done
// (current->arch.old_guest_table) until it continues the call, and another
// processor may complete it meanwhile; xen-interrupted-pairs.feature explores that.

/** xen/arch/x86/mm.c:2606-2623 (Xen 4.13.5), get_page() with page_get_owner_and_reference(): takes the reference first, and drops it again if the frame has another owner. Model: leaves out type_info: for a message. */
export const get_page = path(function* get_page(page: page_info, domain: Entity): Path<boolean> {
  if (!(yield* incCount(page))) return false;
  const owner = yield* readOwner(page);
  if (owner === domain) return true;
  if (owner !== null) yield* put_page(page);
  return false;
});

/** xen/arch/x86/mm.c:2560-2579 (Xen 4.13.5), put_page(): the last reference frees the frame. */
export const put_page = path(function* put_page(page: page_info): Path {
  if ((yield* decCount(page)) === 0) yield* freeFrame(page);
});

/**
 * xen/arch/x86/mm.c:2934-3164 (Xen 4.13.5), _get_page_type(). All processors see a change of type before TLBs are flushed and the contents are checked.
 * Model: leaves out page_get_owner: the domain whose processors flush, and whether it is shadowed. Model: leaves out _put_page_type: for a device's table that cannot follow. Model: leaves out get_gpfn_from_mfn: for a message.
 */
export const get_page_type = path(function* _get_page_type(page: page_info, type: FrameType): Path<boolean> {
  const was = page.xen.keeps('flush-after-reference') ? yield* takeType(page, type) : yield* takeFlushed(page, type);
  if (was === null) return false;
  if (countIn(was) > 0) return true;
  const isChange = typeIn(was) !== type;
  if (isChange && page.xen.keeps('flush-after-reference')) yield* flushUsers(page, typeIn(was));
  if (!isChange && isValidatedIn(was)) return true;
  const isGood = type === 'writable' || (yield* alloc_page_type(page, type));
  if (isGood) yield* storeType(page, (yield* readType(page)) + VALIDATED);
  else yield* storeType(page, 0);
  return isGood;
});

/** Ours: _get_page_type() as it was until 4.13.5. The flush comes first, and afterwards the word only has to look as before (XSA-401). */
const takeFlushed = path(function* takeFlushed(page: page_info, type: FrameType): Path<TypeWord | null> {
  for (;;) {
    const was = yield* readTypeFor(page, type);
    const isChange = countIn(was) === 0 && typeIn(was) !== type;
    if (!isChange) return yield* takeType(page, type);
    yield* flushUsers(page, typeIn(was));
    if (yield* cmpxchgType(page, was, changed(page, was, type))) return was;
  }
});

/** Ours: the word after the first reference as another type. */
function changed(page: page_info, was: TypeWord, type: FrameType): TypeWord {
  const kept = isValidatedIn(was) ? was - VALIDATED : was;
  const step = 2 ** 24;
  const order: readonly FrameType[] = ['none', 'l1', 'l2', 'l2x', 'l3', 'gdt', 'writable'];
  return kept + 1 + (order.indexOf(type) - order.indexOf(typeIn(was))) * step;
}

/**
 * Ours: each processor that may still have the frame cached from its old use flushes, one after the other.
 * Model: a frame without a type has not been mapped writable since it was flushed, so nothing is flushed for it here; Xen flushes, which only drops more.
 */
const flushUsers = path(function* flushUsers(page: page_info, before: FrameType): Path {
  if (before === 'none' || !page.xen.keeps('flush-at-type-change')) return;
  const mask = yield* unflushed(page);
  for (const { cpu } of page.xen.vcpus) if ((mask & (1 << cpu.id)) !== 0) yield* flushOn(page, cpu.id);
});

/**
 * xen/arch/x86/mm.c:2825-2931 (Xen 4.13.5), _put_page_type(). Dropping the last reference to a table first clears its validated bit, so that others wait or fail meanwhile. Model: leaves out page_get_owner: an assertion.
 * `ptpg` is the table whose entry held the reference, or null.
 */
export const put_page_type = path(function* _put_page_type(page: page_info, ptpg: page_info | null): Path {
  for (;;) {
    const [was, isDropped] = yield* dropType(page);
    if (isDropped) return yield* noLongerShown(page, was, ptpg);
    if (isTable(typeIn(was)) && isValidatedIn(was)) {
      if (yield* cmpxchgType(page, was, was - VALIDATED)) return yield* putFinal(page, was, ptpg);
      continue;
    }
    const isEarly = page.xen.keeps('stamped-before-dropped');
    if (isEarly) yield* stamp(page);
    if (!(yield* cmpxchgType(page, was, was - 1))) continue;
    if (!isEarly) yield* stamp(page);
    return;
  }
});

/** Ours: PGT_type_equal(), and the two counts of linear entries, if a table of the same level mapped the page. */
const noLongerShown = path(function* noLongerShown(page: page_info, was: TypeWord, ptpg: page_info | null): Path {
  if (ptpg === null || !isSecond(typeIn(was)) || !isSecond(typeIn(yield* readType(ptpg)))) return;
  yield* decLinearUses(page);
  yield* decLinearEntries(ptpg);
});

const isSecond = (type: FrameType): boolean => type === 'l2' || type === 'l2x';

/** xen/arch/x86/mm.c:2785-2822 (Xen 4.13.5), _put_final_page_type(). Model: leaves out page_get_owner: an assertion. */
const putFinal = path(function* _put_final_page_type(page: page_info, was: TypeWord, ptpg: page_info | null): Path {
  yield* free_page_type(page, typeIn(was));
  yield* noLongerShown(page, was, ptpg);
  const isEarly = page.xen.keeps('stamped-before-dropped');
  if (isEarly) yield* stamp(page);
  yield* storeType(page, (yield* readType(page)) - 1);
  if (!isEarly) yield* stamp(page);
});

/** xen/arch/x86/mm.c:1038-1097 (Xen 4.13.5), get_page_and_type_from_mfn(): both references, or neither. */
export const get_page_and_type = path(function* get_page_and_type(page: page_info, domain: Entity, type: FrameType): Path<boolean> {
  if (!(yield* get_page(page, domain))) return false;
  if (yield* get_page_type(page, type)) return true;
  yield* put_page(page);
  return false;
});

/** Ours: put_page_and_type() of asm-x86/mm.h, which is inline. */
export const put_page_and_type = path(function* put_page_and_type(page: page_info): Path {
  yield* put_page_type(page, null);
  yield* put_page(page);
});
