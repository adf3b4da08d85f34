import type { Patch } from './types';

// Thread 001: Zachary Amsden, 23 August 2007, withdrawn on 5 September.

export const preemptibleLazy: Patch = {
  id: 'preemptible-lazy',
  thread: '001',
  title: 'No flush of lazy mode can be preempted',
  author: 'Zachary Amsden',
  mail: { subject: '[PATCH] Fix preemptible lazy mode bug', messageId: '1189036175.21516.31.camel@bodhitayantram.eng.vmware.com' },
  date: '2007-08-23',
  against: '2.6.23-rc3',
  quote: 'A flush of lazy mode in the page-fault handler might be preempted and then use another CPU\'s state, so the patch disables preemption around it. It turned out that preemption is already off everywhere.',
  story: [
    'The fix of the vmalloc fault (8b14cb9953c6) made the page-fault handler flush lazy MMU mode. VMI and Xen both keep the mode in per-CPU variables. If the handler could be preempted between looking up the CPU and flushing, it might flush the wrong CPU, so a patch disabled preemption there.',
    'Rusty Russell answered that the patch changes nothing: a preemptible task could move to another CPU between the update and the flush with it or without it, and vmalloc faults are repaired before interrupts are enabled. The author agreed and went through the whole argument in four points and four letters. Nothing was merged.',
    'Eighteen months later the same guard was merged after all (d85cf93da669, 2.6.29), since by then page-attribute changes flushed from preemptible code.',
  ],
  hunks: [
    { id: 'preemptible-lazy/vmalloc', file: 'arch/i386/mm/fault.c', where: 'vmalloc_sync_one()', does: 'Disables preemption around the flush.' },
    { id: 'preemptible-lazy/kmap', file: 'arch/i386/mm/highmem.c', where: 'kmap_atomic(), kunmap_atomic()', does: 'The same around the flushes in these functions.' },
    { id: 'preemptible-lazy/cpa', file: 'arch/x86/mm/pageattr.c', where: 'change_page_attr_set_clr()', does: 'The same around the flushes that page-attribute changes make since 2.6.29.' },
    { id: 'preemptible-lazy/cpa-whole', file: 'arch/x86/mm/pageattr.c', where: 'change_page_attr_set_clr()', does: 'Disables preemption from before the update until after the flush.' },
  ],
  whole: ['preemptible-lazy/vmalloc', 'preemptible-lazy/kmap', 'preemptible-lazy/cpa'],
  variants: [
    { id: 'around-the-update-too', kind: 'alternative', title: 'Preemption off from the update to the end of the flush', hunks: ['preemptible-lazy/vmalloc', 'preemptible-lazy/kmap', 'preemptible-lazy/cpa', 'preemptible-lazy/cpa-whole'], about: 'Rusty Russell\'s answer implies this: a guard around only the flush comes too late.' },
  ],
  citations: [
    { source: 'Zachary Amsden, 5 Sep 2007', says: 'agrees that the patch is a no-op, and gives the argument' },
    { source: '8b14cb9953c6 (2.6.23-rc4)', says: 'the flush in the vmalloc fault, which is what the patch was about' },
    { source: '2.6.23, 2.6.24', says: 'no guard around the flush: the patch was not merged' },
    { source: 'd85cf93da669, 34b0900d3231 (2.6.29)', says: 'the guard is added for page-attribute changes' },
    { source: '4f06b0436b2d (2.6.29)', says: 'slab allocation in an interrupt handler changes kernel mappings under CONFIG_DEBUG_PAGEALLOC' },
    { source: '7ad9de6ac83b (2.6.29)', says: 'moves the first of its two flushes up into change_page_attr_set_clr(), beside the second; kernel_map_pages() does not go through that function' },
    { source: '570a335b8e22 (2.6.33)', says: 'full swap counts continue in a page that is mapped with kmap_atomic() inside the copy and the unmap loop' },
  ],
  notModelled: ['the text of the patch, which is not known; the model follows the thread\'s description: preemption off around the flush, in each place that flushes'],
};
