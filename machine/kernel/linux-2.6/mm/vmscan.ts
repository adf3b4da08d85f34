import { path, type Path } from '../../../path';
import { page_mapcount, type MappedPage } from './reverse-map';
import { page_referenced, try_to_unmap } from './rmap';
import type { XenKernel } from '../../xen/guest';

// mm/vmscan.c, 2.6.23: what page reclaim, in kswapd or on behalf of a
// task that needs memory, does to the entries of a page that it wants back.

/** mm/vmscan.c:441-612 (2.6.23), shrink_page_list() in part, for one mapped page: kept if it was used lately, else unmapped everywhere. */
export const shrink_page_list = path(function* shrink_page_list(k: XenKernel, page: MappedPage): Path {
  if (yield* page_referenced(k, page)) return; // goto activate_locked
  if ((yield* page_mapcount(page.page)) > 0) yield* try_to_unmap(k, page); // page_mapped(page)
});

/**
 * mm/vmscan.c:1062-1113 (2.6.23), shrink_zone() in part: shrink_active_list() keeps a page active while
 * it is in use, and makes its entries old in doing so; the next round finds
 * it unused, and shrink_page_list() takes it. Model: two rounds, as no task
 * touches the page in between.
 * Model: adds page_referenced, shrink_page_list: what shrink_active_list() and shrink_inactive_list() call.
 */
export const shrink_zone = path(function* shrink_zone(k: XenKernel, page: MappedPage): Path {
  const isUsed = yield* page_referenced(k, page);
  if (isUsed) yield* page_referenced(k, page);
  yield* shrink_page_list(k, page);
});
