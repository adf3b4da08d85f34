import { PAGE_SIZE } from '../../../hardware/memory';
import type { page_info } from './frames';
import type { XenState } from '../state';

// Stores through a write-combining mapping go to memory past the caches. If a
// cache still holds an older, unmodified value of the line, all processors read
// that until the line is dropped, which can happen at any time (XSA-402).
//
// Model: the machine's memory is what the caches contain; `xen.behind` is what
// memory contains if that differs.

/** A store that goes past the caches. */
export function storeBehind(xen: XenState, pa: number, word: number): void {
  xen.behind.set(pa, word);
}

/** A processor drops the lines of a frame, as it may at any time: the contents of memory appear. */
export function dropLines(page: page_info): void {
  for (const pa of behindIn(page)) {
    page.xen.memory.write32(pa, page.xen.behind.get(pa));
    page.xen.behind.delete(pa);
  }
}

/** arch/x86/flushtlb.c, cache_flush(): Xen makes processors drop them before it reads. */
export function flushCaches(page: page_info): void {
  dropLines(page);
  page.non_coherent = false;
}

/** The frame is overwritten through the caches; what was behind them is replaced when the lines are written back. */
export function overwriteCaches(page: page_info): void {
  for (const pa of behindIn(page)) page.xen.behind.delete(pa);
}

function behindIn(page: page_info): readonly number[] {
  return page.xen.behind.keys().filter((pa) => Math.floor(pa / PAGE_SIZE) === page.mfn);
}
