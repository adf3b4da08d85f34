// More paths that are run alone, as in effects.steps.ts: the reverse map, function calls on other CPUs, and what set-ups lay out.

import { movesOf, type System } from '../../machine/explorer/system';
import type { Cpu } from '../../machine/hardware/cpu';
import { load, store } from '../../machine/hardware/instructions';
import { PAGE_OFFSET } from '../../machine/kernel/kernel';
import { zap_page_range } from '../../machine/kernel/linux-2.6/lazy-regions';
import { kmap_atomic } from '../../machine/kernel/linux-2.6/mm/highmem';
import { _PAGE_PSE, _PAGE_RW, pteEntry } from '../../machine/kernel/linux-2.6/mm/pgtable';
import { page_mkclean, page_referenced } from '../../machine/kernel/linux-2.6/mm/rmap';
import { unmap_page_range } from '../../machine/kernel/linux-4.14/memory';
import { declareGathers, MmuGather, tlb_finish_mmu, tlb_gather_mmu } from '../../machine/kernel/linux-4.14/mmu-gather';
import { declareBatched } from '../../machine/kernel/linux-4.14/rmap';
import { flush_tlb_func_remote, switch_mm_irqs_off, type FlushTlbInfo } from '../../machine/kernel/linux-4.14/tlb';
import type { Mm } from '../../machine/kernel/task';
import { drop_other_mm_ref } from '../../machine/kernel/xen/drop-mm-ref';
import { xen_smp_call_function_mask } from '../../machine/kernel/xen/smp';
import { path, silently, type Call, type Path } from '../../machine/path';
import { Background, int80 } from '../../machine/situations/flush-tlb/background';
import { BootMachine } from '../../machine/situations/boot/machine';
import { GuestMachine } from '../../machine/situations/lazy/machine';
import { SmpScene } from '../../machine/situations/scenes/smp';
import { XenBackground } from '../../machine/situations/xen/background';
import { mapFile, sharedFile } from '../../machine/situations/xen/cast';

export type Found = Readonly<Record<string, string>>;

/** Runs the first process that can continue, until none can; an interrupt comes only where none can. */
export function runThrough(system: System): void {
  for (let events = 0; events < 10_000; events++) {
    const moves = movesOf(system);
    const next = moves.find(({ kind }) => kind === 'step') ?? moves[0];
    if (!next) return;
    next.perform();
  }
  throw new Error('the machine does not come to rest');
}

const OPTIONS = { hunks: new Set<string>(), ram: 1024, backend: 'bare metal', reading: { writes: 'when drained', faults: 'reach the guest', invalidations: 'join the queue' } } as const;

const onXen = (cpus = 1): XenBackground => new XenBackground({ release: '2.6.24', pae: true, cpus, hunks: new Set() });

/** The place of the entry of a page: frame of the table, and slot. */
function placeOf({ kernel }: XenBackground, mm: Mm, address: number): readonly [mfn: number, slot: number] {
  return [kernel.pfn_to_mfn(kernel.ptePage(kernel.pgdPage(mm), address)!), (address >>> 12) & 0x1ff];
}

/** Calls a path, and then notes that it has returned. */
const thenNote = (noted: string[], ...calls: readonly (() => Call<unknown>)[]): Call<unknown> => path(function* program(): Path {
  for (const call of calls) yield* call();
  yield* silently('note', () => { noted.push('yes'); })();
})();

/** Whether a page was used lately, if the second of two address spaces still maps it and has used it. */
export function useOfWhatOneStillMaps(): Found {
  const background = onXen();
  const { kernel, xen } = background;
  const file = sharedFile(background, 1);
  const [first, second] = ['editor.mm', 'browser.mm'].map((name) => background.pinned(mapFile(background, name, file, true))) as [Mm, Mm];
  xen.poke(...placeOf(background, first, file.populated[0]!), 0);
  const [page] = file.pages;
  page!.page._mapcount--;
  const noted: string[] = [];
  const asking = path(function* asking(): Path {
    const isUsed = yield* page_referenced(kernel, page!);
    yield* silently('note', () => { noted.push(isUsed ? 'yes' : 'no'); })();
  });
  background.task('kswapd', background.cpus[0]!, null, () => asking(), kernel.mms[0]);
  runThrough(background.system([]));
  return { 'used lately': noted.join(), 'flags afterwards': (Number(xen.entryAt(...placeOf(background, second, file.populated[0]!))) % 4096).toString(16) };
}

/** A page of a shared file that is written back, twice. */
export function writeBack(): Found {
  const background = onXen();
  const { kernel, xen } = background;
  const file = sharedFile(background, 1, { mapping: 'shared' });
  const mm = background.pinned(mapFile(background, 'editor.mm', file, true));
  const flags = (): string => (Number(xen.entryAt(...placeOf(background, mm, file.populated[0]!))) % 4096).toString(16);
  const before = flags();
  const noted: string[] = [];
  background.task('pdflush', background.cpus[0]!, null, () => thenNote(noted, () => page_mkclean(kernel, file.pages[0]!), () => page_mkclean(kernel, file.pages[0]!)), mm);
  runThrough(background.system([]));
  return { before, after: flags(), 'came back twice': noted.join() || 'no' };
}

/** A function call on a set of CPUs that includes the caller; gives the CPUs whose TLBs were emptied. */
export function callOfAllCpus(): Found {
  const background = onXen(2);
  const { kernel, cpus } = background;
  const mm = background.pinned(background.addressSpace('editor.mm', []));
  const noted: string[] = [];
  const fill = silently('all have something in the TLB', () => {
    for (const cpu of cpus) cpu.tlb.fill(0x1000, { out: 'ok', pa: 0x1000, pageSize: 4096, writable: true, user: true, noExecute: false, global: false, dirty: true, entries: [] }, false, false);
  });
  background.task('editor', cpus[0]!, mm, () => thenNote(noted, path(function* filling(): Path { yield* fill(); }), () => xen_smp_call_function_mask(kernel, cpus, 'do_flush_tlb_all', null)));
  background.task('browser', cpus[1]!, mm, () => path(function* idle(): Path { yield* silently('nothing', (_cpu: Cpu) => undefined)(); })());
  runThrough(background.system([]));
  return { 'called on': cpus.filter(({ tlb }) => tlb.entries().length === 0).map(({ name }) => name).join(', '), 'came back': noted.join() || 'no' };
}

/** The address space that the situations about lazy modes give a task. */
export function lazyAddressSpace(): Found {
  const machine = new GuestMachine({ ...OPTIONS, release: '2.6.21' });
  const at = 0x08048000;
  const mm = machine.addressSpace('editor.mm', at, 2);
  const entries = [at, at + 0x1000].map((va) => machine.memory.read32(pteEntry(machine.kernel, mm, va)!));
  return {
    range: mm.vmas.map(({ start, end }) => `0x${start.toString(16)} to 0x${end.toString(16)}`).join(), flags: [...new Set(entries.map((entry) => (entry & 0xfff).toString(16)))].join(', '),
    frames: String(new Set(entries.map((entry) => entry >>> 12)).size),
  };
}

/** A kernel thread that touches an address for which init_mm has no table. */
export function faultThatNothingCures(): Found {
  const machine = new GuestMachine({ ...OPTIONS, release: '2.6.21' });
  const task = machine.task('kthread', null, () => path(function* program(): Path { yield* load(0xfe400000); })());
  machine.running(task);
  runThrough(machine.system([]));
  return { oops: task.oops?.slice(0, 40) ?? 'none' };
}

/** A kernel thread that writes to a page that init_mm maps read-only: it is mapped, but that does not help. */
export function writeThatIsRefused(): Found {
  const machine = new GuestMachine({ ...OPTIONS, release: '2.6.21' });
  const { kernel, memory } = machine;
  const at = kernel.vmallocPage(0);
  const pte = pteEntry(kernel, kernel.init_mm, at)!;
  memory.write32(pte, memory.read32(pte) & ~_PAGE_RW);
  const task = machine.task('kthread', null, () => path(function* program(): Path { yield* store(at, 5); })());
  machine.running(task);
  runThrough(machine.system([]));
  return { oops: task.oops?.slice(0, 40) ?? 'none' };
}

/** A task that touches a page of its own that is not there yet. */
export function faultOfAUser(): Found {
  const machine = new GuestMachine({ ...OPTIONS, release: '2.6.21' });
  const at = 0x08048000;
  const mm = machine.addressSpace('editor.mm', at, 1);
  const pte = pteEntry(machine.kernel, mm, at)!;
  machine.memory.write32(pte, 0);
  const task = machine.task('editor', mm, () => path(function* program(): Path { yield* load(at); })());
  machine.running(task);
  runThrough(machine.system([]));
  return { flags: (machine.memory.read32(pte) & 0xfff).toString(16), oops: task.oops ?? 'none' };
}

/** What a CPU still translates after it has unmapped one of two pages, while no other one unmaps anything. */
export function unmappingAlone(): Found {
  const [first, second] = [0x08048000, 0x08049000] as const;
  const scene = new SmpScene({ cpus: 1, release: '4.14', hunks: new Set(), config: { X86_64: true } });
  const { kernel, store } = scene;
  const cpu = scene.cpus[0]!;
  const mm = scene.mm('editor.mm');
  const page = scene.page('the page', 0x01d, { mm, va: first });
  scene.page('the next page', 0x01e, { mm, va: second });
  const { t, q } = scene.calls((k, info: FlushTlbInfo) => flush_tlb_func_remote(k, info));
  declareGathers(kernel);
  declareBatched(kernel);
  const known = (): string => [first, second].filter((va) => cpu.tlb.translationsOf(va).length > 0).map((va) => (va === first ? 'the page' : 'the next page')).join(', ');
  const noted: string[] = [];
  const gather = new MmuGather(store, 'tlb', mm, { room: 8 });
  const program = path(function* program(): Path {
    yield* switch_mm_irqs_off(kernel, t, mm);
    for (const va of [first, second]) yield* load(va);
    yield* silently('note', () => { noted.push(known()); })();
    yield* tlb_gather_mmu(kernel, gather);
    yield* unmap_page_range(kernel, q, t, gather, [{ va: first, ptl: scene.ptl(mm, first), page }]);
    yield* tlb_finish_mmu(kernel, q, t, gather);
    yield* silently('note', () => { noted.push(known()); })();
  });
  scene.task(cpu as never, 'editor', () => program(), { mm });
  runThrough(scene.system([], () => ''));
  return { before: noted[0] ?? '', after: noted[1] ?? '' };
}

/** The page tables of a CPU that is asked to leave an address space while its calls to Xen are queued, before and after. */
export function leavingInLazyMode(): Found {
  const background = onXen(2);
  const { kernel } = background;
  const cpu = background.cpus[1]!;
  const mm = background.pinned(background.addressSpace('editor.mm', []));
  const uses = (): string => (cpu.cr3 === kernel.pfn_to_mfn(kernel.pgdPage(mm)) * 4096 ? 'borrowed' : 'those of the kernel');
  const noted: string[] = [];
  const program = path(function* program(): Path {
    yield* silently('arch_enter_lazy_cpu_mode()', () => { kernel.percpu(cpu).lazy_mode = 'PARAVIRT_LAZY_CPU'; })();
    yield* silently('note', () => { noted.push(uses()); })();
    yield* drop_other_mm_ref(kernel, mm);
    yield* silently('note', () => { noted.push(uses()); })();
  });
  background.task('kthread', cpu, null, () => program(), mm);
  runThrough(background.system([]));
  return { before: noted[0] ?? '', after: noted[1] ?? '' };
}

/** The entry of a page that was swapped out, after its range is unmapped. */
export function unmappingOfSwap(): Found {
  const machine = new GuestMachine({ ...OPTIONS, release: '2.6.21' });
  const { kernel, memory } = machine;
  const at = 0x08048000;
  const mm = machine.addressSpace('editor.mm', at, 0);
  machine.entry(mm, at, 1 << 8);
  kernel.swap_map = kernel.vmallocPage(2);
  const pte = pteEntry(kernel, mm, at)!;
  const before = memory.read32(pte);
  const program = path(function* program(): Path {
    yield* int80();
    yield* zap_page_range(kernel, { mm, start: at, end: at + 0x1000 });
  });
  machine.running(machine.task('editor', mm, () => program()));
  runThrough(machine.system([]));
  return { before: before.toString(16), after: memory.read32(pte).toString(16) };
}

/** What a task of x86-64 reads in pages of different gibibytes, by whether the processor finds the tables where the kernel has put them. */
export function pagesOf64(release: string): Found {
  const background = new Background({ release, hunks: new Set(), config: { X86_64: true } });
  const places = [0x08048000, 0x60001000, 0x140201000];
  const mm = background.addressSpace('editor.mm', places.map((va, i) => ({ va, content: i + 1 })));
  const noted: number[] = [];
  const program = path(function* program(): Path {
    for (const va of places) {
      const word = yield* load(va);
      yield* silently('note', () => { noted.push(word); })();
    }
  });
  background.running(background.task('editor', mm, () => program()));
  runThrough(background.system([]));
  return { read: noted.join(', ') };
}

/** How many entries are set in each table of x86-64, from the root downwards, when the kernel is about to start. */
export function firstTables64(): Found {
  const { memory, cpu } = new BootMachine({ release: '2.6.28', hunks: new Set(), config: { X86_64: true } });
  const counts: number[][] = [];
  for (let tables = [cpu.cr3]; tables.length > 0;) {
    const entries = tables.map((table) => Array.from({ length: 512 }, (_, i) => memory.read32(table + 8 * i)).filter((entry) => entry !== 0));
    counts.push(entries.map(({ length }) => length));
    tables = [...new Set(entries.flat().filter((entry) => (entry & _PAGE_PSE) === 0).map((entry) => entry & ~0xfff))];
  }
  return { entries: counts.map((level) => level.join(' and ')).join('; ') };
}

/** The first address of each pte page of a process with a page in each gibibyte. */
export function pagesInEachGibibyte(): Found {
  const background = onXen();
  const { kernel } = background;
  const page = background.page('page');
  const mm = background.addressSpace('editor.mm', [0x08048000, 0x40201000, 0xbffff000].map((address) => ({ address, page, flags: 5 })));
  return { 'pte pages': kernel.userPtePages(kernel.pgdPage(mm)).map(({ first }) => first.toString(16)).join(', ') };
}

/** A page of the direct mapping, where a slot is looked for first or not at all. */
export function mappingOfALowPage(...hunks: readonly string[]): Found {
  const machine = new GuestMachine({ ...OPTIONS, release: '2.6.22', hunks: new Set(hunks) });
  const { kernel } = machine;
  const noted: string[] = [];
  const page = kernel.allocPage('page', 1, 'lowmem');
  const program = path(function* program(): Path {
    const address = yield* kmap_atomic(kernel, page, 'USER0');
    yield* silently('note', () => { noted.push(address === PAGE_OFFSET + page * 4096 ? 'in the direct mapping' : `at 0x${address.toString(16)}`); })();
  });
  machine.running(machine.task('kmapper', null, () => program()));
  runThrough(machine.system([]));
  return { 'the page is': noted.join() };
}
