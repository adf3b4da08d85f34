import type { TrapFrame } from '../../../hardware/cpu';
import { iret, load, store } from '../../../hardware/instructions';
import type { Pfn } from '../../../hardware/memory';
import { path, type Path } from '../../../path';
import { ret_from_intr } from './entry';
import { kmap, kmap_atomic, kunmap, kunmap_atomic } from '../mm/highmem';
import { apply_to_pte } from '../lazy-regions';
import { kernel_map_pages } from '../mm/pageattr';
import { add_preempt_count, HARDIRQ_OFFSET, sub_preempt_count } from '../sched/preempt';
import { do_softirq, raise_softirq_irqoff } from './softirq';
import { __va, type GuestKernel, type KmType } from '../../vmi/guest';

// Interrupts of the drivers that the thread names, and what each does with a
// page of another task: each maps it for a moment in a slot of its own kind.
// The sources that show which uses which: drivers/scsi/3w-9xxx.c,
// drivers/usb/mon, fs/aio.c, drivers/net/e1000, all 2.6.21.

/**
 * arch/i386/kernel/entry.S:621-627 (2.6.21), common_interrupt(); arch/i386/kernel/irq.c:68-145 (2.6.21), do_IRQ(), with irq_exit(). Model: every handler runs as with IRQF_DISABLED, so
 * interrupts are off.
 * Model: leaves out orig_eax, set_irq_regs, irqctx, tinfo, previous_esp, xchg, handle_irq: there is one stack, and one handler for each line.
 * Model: leaves out do_IRQ: its own name in the entry code.
 */
export const guest_interrupt = path(function* do_IRQ(k: GuestKernel, frame: TrapFrame): Path {
  yield* add_preempt_count(k, HARDIRQ_OFFSET); // irq_enter()
  yield* k.irqActions.get(frame.vector)!();
  yield* sub_preempt_count(k, HARDIRQ_OFFSET);
  yield* do_softirq(k); // irq_exit()
  yield* ret_from_intr(k, frame);
  yield* iret(frame);
});

/** Ours: what drivers do with a page that they have mapped: write a word. */
const write_page = path(function* write_page(k: GuestKernel, page: Pfn, type: KmType, word: number): Path {
  const vaddr = yield* kmap_atomic(k, page, type);
  yield* store(vaddr, word);
  yield* kunmap_atomic(k, vaddr, type);
});

/** Ours: what drivers do with a page that they have mapped: read a word. */
const read_page = path(function* read_page(k: GuestKernel, page: Pfn, type: KmType): Path {
  const vaddr = yield* kmap_atomic(k, page, type);
  yield* load(vaddr);
  yield* kunmap_atomic(k, vaddr, type);
});

/** Word number `segment` of what the disk sends. */
export const diskWord = (segment: number): number => 0xd15c0000 + segment;
/** What an I/O event says, and where the ring's tail stands after it. */
export const EVENT_WORD = 0xa10e0001;
export const RING_TAIL = 0xa1070001;

/**
 * drivers/scsi/3w-9xxx.c:1193-1349 (2.6.21), twa_interrupt() in part: each segment of the request gets its data.
 * Model: leaves out spin_lock, spin_unlock, host_lock, twa_scsiop_execute_scsi_complete: of the controller, only the copying of its data to the pages of a request is modelled.
 * Model: adds kmap_atomic, kunmap_atomic: that copying, in twa_scsiop_execute_scsi_complete().
 */
export const raid_interrupt = path(function* twa_interrupt(k: GuestKernel, segments: readonly Pfn[]): Path {
  for (const [i, page] of segments.entries()) yield* write_page(k, page, 'IRQ0', diskWord(i + 1));
});

/**
 * drivers/usb/mon/mon_dma.c:24-50 (2.6.21), mon_dmapeek(): reads the buffer of a finished transfer.
 * Model: leaves out phys_to_page, memcpy, local_irq_save, local_irq_restore: interrupts are off in this handler already.
 */
export const usb_interrupt = path(function* mon_dmapeek(k: GuestKernel, buffer: Pfn): Path {
  yield* read_page(k, buffer, 'IRQ0');
});

/**
 * fs/aio.c:923-1005 (2.6.21), aio_complete() in part: two slots at once, the ring and the event in it.
 * Model: leaves out spin_lock_irqsave, spin_unlock_irqrestore, ctx_lock, put_aio_ring_event, aio_ring_event: only the two mappings are modelled; the lock protects this context alone.
 */
export const aio_interrupt = path(function* aio_complete(k: GuestKernel, ring: Pfn, event: Pfn): Path {
  const ringVa = yield* kmap_atomic(k, ring, 'IRQ1');
  yield* write_page(k, event, 'IRQ0', EVENT_WORD);
  yield* store(ringVa, RING_TAIL);
  yield* kunmap_atomic(k, ringVa, 'IRQ1');
});

/** drivers/net/e1000/e1000_main.c:3816-3913 (2.6.21), e1000_intr() in part: leaves the work to NET_RX_SOFTIRQ. */
export const network_interrupt = path(function* e1000_intr(k: GuestKernel): Path {
  yield* raise_softirq_irqoff(k, 'NET_RX_SOFTIRQ');
});

/**
 * net/core/dev.c:1901-1957 (2.6.21), net_rx_action() in part. The receive softirq: looks at the header of a packet.
 * Model: leaves out poll, poll_list, local_irq_disable, local_irq_enable, __raise_softirq_irqoff: one packet, of one device.
 * Model: adds kmap_atomic, kunmap_atomic: what the protocol does with the fragment of a packet.
 */
export const net_rx_action = path(function* net_rx_action(k: GuestKernel, packet: Pfn): Path {
  yield* read_page(k, packet, 'SKB_DATA_SOFTIRQ');
});

/** mm/slab.c:3053-3106 (2.6.29), cache_alloc_debugcheck_after() in part. A driver that takes memory in its interrupt, under CONFIG_DEBUG_PAGEALLOC: the page is mapped first. */
export const slab_interrupt = path(function* kmem_cache_alloc_in_interrupt(k: GuestKernel, page: Pfn): Path {
  yield* kernel_map_pages(k, page, true);
  yield* store(__va(page * 4096), 0x51ab0001);
});

/** Ours: a driver that does what no driver may: it calls kmap() in its interrupt. */
export const kmap_interrupt = path(function* kmap_in_interrupt(k: GuestKernel, page: Pfn): Path {
  const vaddr = yield* kmap(k, page);
  yield* load(vaddr);
  yield* kunmap(k, page);
});

/** Ours: a driver that changes a page table in its interrupt through apply_to_page_range(), as Xen's grant tables did (b7dd0e350e0b). */
export const grant_interrupt = path(function* map_grant_in_interrupt(k: GuestKernel, page: Pfn): Path {
  yield* apply_to_pte(k, page);
});

/** Ours: any driver that is a module: it reads its own memory. */
export const module_interrupt = path(function* module_interrupt(address: number): Path {
  yield* load(address);
});

