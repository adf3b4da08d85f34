import type { Cpu } from '../../hardware/cpu';
import { load } from '../../hardware/instructions';
import { instruction, path, type Path } from '../../path';
import { get, printk, set, type BootKernel, type E820Entry, type EarlyReservation } from './boot-kernel';
import { early_ioremap, early_iounmap } from './ioremap';
import { readWords } from './memcpy';

// arch/x86/kernel/e820.c and the setup_data part of setup.c: which memory there
// is, which of it is in use, and the list in which a boot loader passes more than
// fits into boot_params. Each node of that list is read through early_ioremap.

const PAGE = 4096;

/** struct setup_data: next (8 bytes), type, len, then data. */
export const SETUP_DATA_HEADER = 16;
export const SETUP_E820_EXT = 1;
/** One line of an extended map in memory: address and size of 8 bytes each, type. */
export const E820_ENTRY_SIZE = 20;

/**
 * arch/x86/kernel/e820.c:1357-1365 (2.6.27), setup_memory_map(): the map as boot_params has it.
 * Model: leaves out memory_setup, memcpy, e820_print_map: the map is what the boot loader says, and is not printed line by line.
 */
export const setup_memory_map = path(function* setup_memory_map(k: BootKernel): Path {
  const map = yield* get(k, 'boot_params_e820');
  yield* set(k, 'e820', map);
  yield* printk(k, `BIOS-provided physical RAM map: ${map.length} lines`);
});

/** Whether the loader left a list: the protocol version that has the field, and a list in it. */
const firstNode = instruction('pa_data = boot_params.hdr.setup_data', (_cpu: Cpu, k: BootKernel) => (k.boot.hdr_version < 0x0209 ? 0 : k.boot.hdr_setup_data));

interface Node {
  readonly [key: string]: number;
  readonly next: number;
  readonly type: number;
  readonly len: number;
}

/**
 * arch/x86/kernel/setup.c:370-390 (2.6.27), parse_setup_data().
 * Model: leaves out version, type: the caller checks the version and the type.
 */
const readNode = path(function* readNode(_k: BootKernel, address: number): Path<Node> {
  const next = yield* load(address);
  const type = yield* load(address + 8);
  const len = yield* load(address + 12);
  return { next, type, len };
});

/** arch/x86/kernel/setup.c:370-390 (2.6.27), parse_setup_data(). */
export const parse_setup_data = path(function* parse_setup_data(k: BootKernel): Path {
  let pa = yield* firstNode(k);
  while (pa !== 0) pa = yield* parseNode(k, pa);
});

/** arch/x86/kernel/setup.c:370-390 (2.6.27), parse_setup_data(). */
const parseNode = path(function* parseNode(k: BootKernel, pa: number): Path<number> {
  const address = yield* early_ioremap(k, pa, PAGE);
  const node = yield* readNode(k, address);
  if (node.type === SETUP_E820_EXT) yield* parse_e820_ext(k, address, pa, node.len);
  yield* early_iounmap(k, address, PAGE);
  return node.next;
});

/**
 * arch/x86/kernel/e820.c:614-631 (2.6.27), parse_e820_ext(): a node that runs past its page is mapped a second time, whole.
 * Model: leaves out data, __append_e820_map, sanitize_e820_map, nr_map, e820_print_map: the entries are added to the map in one instruction, sorted, and not printed.
 */
const parse_e820_ext = path(function* parse_e820_ext(k: BootKernel, mapped: number, pa: number, len: number): Path {
  const size = len + SETUP_DATA_HEADER;
  const address = size > PAGE ? yield* early_ioremap(k, pa, size) : mapped;
  const words = yield* readWords(address + SETUP_DATA_HEADER, Math.floor(len / 4));
  const map = yield* get(k, 'e820');
  const more: E820Entry[] = [];
  for (let at = 0; at + 5 <= words.length; at += 5) {
    more.push({ addr: words[at]! + words[at + 1]! * 2 ** 32, size: words[at + 2]! + words[at + 3]! * 2 ** 32, type: words[at + 4] === 1 ? 'RAM' : 'reserved' });
  }
  yield* set(k, 'e820', [...map, ...more]);
  if (size > PAGE) yield* early_iounmap(k, address, size);
  yield* printk(k, `extended physical RAM map: ${more.length} lines more`);
});

/**
 * arch/x86/kernel/setup.c:392-416 (2.6.27), e820_reserve_setup_data(): the nodes' memory belongs to the kernel.
 * Model: leaves out version, sanitize_e820_map, map, nr_map, memcpy, e820_print_map: the protocol is new enough, the map is kept sorted, and not printed.
 * Model: adds readNode: the loads of one node.
 */
export const e820_reserve_setup_data = path(function* e820_reserve_setup_data(k: BootKernel): Path {
  let pa = yield* firstNode(k);
  while (pa !== 0) pa = yield* reserveNode(k, pa);
});

/**
 * arch/x86/kernel/setup.c:392-416 (2.6.27), e820_reserve_setup_data().
 * Model: adds readNode: the loads of one node.
 */
const reserveNode = path(function* reserveNode(k: BootKernel, pa: number): Path<number> {
  const address = yield* early_ioremap(k, pa, SETUP_DATA_HEADER);
  const node = yield* readNode(k, address);
  yield* e820_update_range(k, pa, SETUP_DATA_HEADER + node.len, 'kernel data');
  yield* early_iounmap(k, address, SETUP_DATA_HEADER);
  return node.next;
});

/**
 * arch/x86/kernel/setup.c:418-434 (2.6.27), reserve_early_setup_data().
 * Model: leaves out version, sprintf, type: the protocol is new enough, and a reservation's name is its type.
 * Model: adds readNode: the loads of one node.
 */
export const reserve_early_setup_data = path(function* reserve_early_setup_data(k: BootKernel): Path {
  let pa = yield* firstNode(k);
  while (pa !== 0) pa = yield* reserveEarlyNode(k, pa);
});

/**
 * arch/x86/kernel/setup.c:418-434 (2.6.27), reserve_early_setup_data().
 * Model: adds readNode: the loads of one node.
 */
const reserveEarlyNode = path(function* reserveEarlyNode(k: BootKernel, pa: number): Path<number> {
  const address = yield* early_ioremap(k, pa, SETUP_DATA_HEADER);
  const node = yield* readNode(k, address);
  yield* reserve_early(k, pa, pa + SETUP_DATA_HEADER + node.len, 'setup data');
  yield* early_iounmap(k, address, SETUP_DATA_HEADER);
  return node.next;
});

/**
 * arch/x86/kernel/e820.c:458-462 (2.6.27), e820_update_range(): RAM in a range becomes `type`. Until 2.6.29, if the range begins inside a line of RAM, that line is shortened by
 * the size of the range, so the part of it above the range ends too early by that size.
 * Model: leaves out e820_update_range_map: it is the body of that function, for the one map that there is, with what sanitize_e820_map() makes of lines that overlap.
 */
export const e820_update_range = path(function* e820_update_range(k: BootKernel, start: number, size: number, type: E820Entry['type']): Path {
  const map = yield* get(k, 'e820');
  const end = start + size;
  const updated = map.flatMap((entry): E820Entry[] => {
    const entryEnd = entry.addr + entry.size;
    if (entry.type !== 'RAM' || entryEnd <= start || entry.addr >= end) return [entry];
    const from = Math.max(entry.addr, start);
    const to = Math.min(entryEnd, end);
    const lost = from > entry.addr ? to - from : 0;
    return [
      { ...entry, size: from - entry.addr },
      { addr: from, size: to - from, type },
      { ...entry, addr: to, size: entryEnd - lost - to },
    ].filter((part) => part.size > 0);
  });
  yield* set(k, 'e820', updated);
});

/**
 * arch/x86/kernel/e820.c:851-855 (2.6.27), reserve_early().
 * Model: leaves out drop_overlaps_that_are_ok, __reserve_early: nothing that overlaps is ever asked for here.
 */
export const reserve_early = path(function* reserve_early(k: BootKernel, start: number, end: number, name: string): Path {
  const early_res = yield* get(k, 'early_res');
  yield* set(k, 'early_res', [...early_res, { start, end, name }]);
});

/**
 * arch/x86/kernel/e820.c:1089-1092 (2.6.27), e820_end_of_ram_pfn(): the page frame after the last of RAM, as far as page tables can reach.
 * Model: leaves out e820_end_pfn: it is the body of that function.
 */
export const e820_end_of_ram_pfn = path(function* e820_end_of_ram_pfn(k: BootKernel): Path<number> {
  const map = yield* get(k, 'e820');
  const limit = k.config.X86_PAE ? 2 ** 24 : 2 ** 20;
  const ends = map.filter(({ type }) => type === 'RAM').map(({ addr, size }) => Math.floor((addr + size) / PAGE));
  return Math.min(limit, Math.max(0, ...ends));
});

/**
 * arch/x86/kernel/e820.c:954-981 (2.6.27), find_e820_area(): the lowest free stretch of RAM within `[start, end)`; -1 for none. Addresses in bytes.
 * Model: leaves out nr_map, map, type, round_up, addr, size, bad_addr, last: the map is a value that the instruction searches at once.
 */
export const find_e820_area = path(function* find_e820_area(k: BootKernel, start: number, end: number, size: number): Path<number> {
  const map = yield* get(k, 'e820');
  const early_res = yield* get(k, 'early_res');
  return freeArea(map, early_res, start, end, size);
});

function freeArea(map: readonly E820Entry[], reserved: readonly EarlyReservation[], start: number, end: number, size: number): number {
  for (const entry of map) {
    if (entry.type !== 'RAM') continue;
    const limit = Math.min(end, entry.addr + entry.size);
    let at = Math.ceil(Math.max(start, entry.addr) / PAGE) * PAGE;
    for (;;) {
      const clash = reserved.find((area) => area.start < at + size && at < area.end);
      if (!clash) break;
      at = Math.ceil(clash.end / PAGE) * PAGE;
    }
    if (at + size <= limit) return at;
  }
  return -1;
}
