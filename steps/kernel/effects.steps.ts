// What is different after a kernel path has run: each path on the smallest machine that it can run on,
// alone, with no choice in it. The scenarios that explore ask what goes wrong; these ask whether it does its work.

import { Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Cpu } from '../../machine/hardware/cpu';
import { load } from '../../machine/hardware/instructions';
import type { Kernel } from '../../machine/kernel/kernel';
import { do_execve, exec_mmap } from '../../machine/kernel/linux-2.6/mm/exec';
import { exit_mm as exit_mm_2_6_10 } from '../../machine/kernel/linux-2.6/mm/exit';
import { exit_mm } from '../../machine/kernel/linux-2.6/mm/exit-mmap';
import { kmap_atomic, kunmap_atomic } from '../../machine/kernel/linux-2.6/mm/highmem';
import { do_softirq, raise_softirq_irqoff } from '../../machine/kernel/linux-2.6/irq/softirq';
import { move_ptes as movePtesLazily, remap_pte_range, zeromap_pte_range } from '../../machine/kernel/linux-2.6/lazy-regions';
import { move_ptes } from '../../machine/kernel/linux-2.6/mm/memory';
import { shrink_page_list } from '../../machine/kernel/linux-2.6/mm/vmscan';
import { set_need_resched } from '../../machine/kernel/linux-2.6/sched/preempt';
import { _PAGE_PRESENT, _PAGE_PSE, pteEntry } from '../../machine/kernel/linux-2.6/mm/pgtable';
import { flush_tlb_page } from '../../machine/kernel/linux-2.6/tlbflush';
import type { Mm } from '../../machine/kernel/task';
import type { XenKernel } from '../../machine/kernel/xen/guest';
import { do_flush_tlb_all, flush_tlb_page as flush_tlb_page_on_xen } from '../../machine/kernel/xen/tlb';
import { path, silently, type Call, type Path, type Step } from '../../machine/path';
import { Background, int80 } from '../../machine/situations/flush-tlb/background';
import { BootMachine, PLAIN_CASE } from '../../machine/situations/boot/machine';
import { GuestMachine } from '../../machine/situations/lazy/machine';
import { XenBackground } from '../../machine/situations/xen/background';
import { mapFile, sharedFile } from '../../machine/situations/xen/cast';
import { callOfAllCpus, faultOfAUser, faultThatNothingCures, firstTables64, lazyAddressSpace, leavingInLazyMode, mappingOfALowPage, pagesInEachGibibyte, pagesOf64, runThrough, unmappingAlone, unmappingOfSwap, useOfWhatOneStillMaps, writeBack, writeThatIsRefused, type Found } from './further-effects';

/** Notes something between two instructions. There is only one run, so a plain list is enough. */
const noting = (into: string[]) => (what: (cpu: Cpu) => string): Step => silently('note', (cpu: Cpu) => { into.push(what(cpu)); })();

const AT = 0x08048000;

function flushOfOnePage(): Found {
  const background = new Background({ release: '2.6.10', hunks: new Set(), config: { PREEMPT: true } });
  const { kernel } = background;
  const mm = background.addressSpace('editor.mm', [{ va: AT, content: 1 }, { va: AT + 0x1000, content: 2 }]);
  const noted: string[] = [];
  const note = noting(noted);
  const known = (cpu: Cpu): string => [AT, AT + 0x1000].filter((va) => cpu.tlb.translationsOf(va).length > 0).map((va) => (va === AT ? 'the page' : 'the next page')).join(', ');
  const program = path(function* program(k: Kernel): Path {
    yield* load(AT);
    yield* load(AT + 0x1000);
    yield* note(known);
    yield* int80();
    yield* flush_tlb_page(k, mm, AT);
    yield* note(known);
  });
  background.running(background.task('editor', mm, () => program(kernel)));
  runThrough(background.system([]));
  return { before: noted[0]!, after: noted[1]! };
}

function wakeUpOfAnIdleCpu(): Found {
  const background = new Background({ release: '2.6.10', hunks: new Set(), config: { PREEMPT: false } });
  const noted: string[] = [];
  const note = noting(noted);
  const program = path(function* program(): Path { yield* note(({ context }) => context!.name); });
  background.task('kthread', null, () => program());
  background.timer(1);
  runThrough(background.system([]));
  return { 'who ran': noted.join(', ') || 'none' };
}

function timerOfAnIdleCpu(): Found {
  const background = new Background({ release: '2.6.10', hunks: new Set(), config: { PREEMPT: false } }, 2);
  const [cpu, other] = background.cpus as [Cpu, Cpu];
  const queue = background.kernel.rq(cpu) as unknown as { lock: Cpu | null };
  queue.lock = other;
  background.timer(1);
  runThrough(background.system([]));
  return { 'the idle task should give way': background.kernel.rq(cpu).idle!.need_resched ? 'yes' : 'no' };
}

const onXen = (cpus = 1): XenBackground => new XenBackground({ release: '2.6.24', pae: true, cpus, hunks: new Set() });

/** Where the page tables of an address space are in the machine's memory. */
const cr3Of = (k: XenKernel, mm: Mm): number => k.pfn_to_mfn(k.pgdPage(mm)) * 4096;

function execve(): Found {
  const background = onXen();
  const { kernel } = background;
  const shell = background.pinned(background.addressSpace('shell.mm', []));
  const stack = sharedFile(background, 1, { mapping: 'anonymous' });
  const bprm = mapFile(background, 'bprm.mm', stack, false);
  shell.mm_users = 2;
  const task = background.task('shell', background.cpus[0]!, shell, () => do_execve(kernel, bprm, [stack.map], [], true));
  runThrough(background.system([]));
  return { mm: task.mm?.name ?? 'none', active_mm: task.active_mm?.name ?? 'none', 'page tables': background.cpus[0]!.cr3 === cr3Of(kernel, bprm) ? 'its own' : 'not its own', 'users of the old one': String(shell.mm_users) };
}

function execOfAKernelThread(): Found {
  const background = onXen();
  const { kernel } = background;
  const borrowed = background.pinned(background.addressSpace('editor.mm', []));
  const bprm = background.addressSpace('bprm.mm', []);
  borrowed.mm_count = 2; // the owner, on another CPU, and the thread
  background.task('kthread', background.cpus[0]!, null, () => exec_mmap(kernel, bprm, []), borrowed);
  runThrough(background.system([]));
  return { 'references to what it borrowed': String(borrowed.mm_count) };
}

function mremapOnXen(): Found {
  const background = onXen();
  const { kernel } = background;
  const file = sharedFile(background, 2);
  const mm = background.pinned(mapFile(background, 'editor.mm', file, false));
  const [from, to] = [file.populated[0]!, file.populated[1]! + 0x1000];
  const entryAt = (address: number): string => String(background.xen.entryAt(kernel.pfn_to_mfn(kernel.ptePage(kernel.pgdPage(mm), address)!), (address >>> 12) & 0x1ff));
  const before = entryAt(from);
  background.task('editor', background.cpus[0]!, mm, () => move_ptes(kernel, mm, file.map, from, to));
  runThrough(background.system([]));
  return { 'old address': entryAt(from) === '0' ? 'empty' : 'maps the page', 'new address': before !== '0' && entryAt(to) === before ? 'maps the page' : 'empty' };
}

function mremapInLazyMode(): Found {
  const machine = new GuestMachine({ release: '2.6.21', hunks: new Set(), ram: 1024, backend: 'bare metal', reading: { writes: 'when drained', faults: 'reach the guest', invalidations: 'join the queue' } });
  const { kernel } = machine;
  const to = AT + 0x400000;
  const mm = machine.addressSpace('editor.mm', AT, 1);
  machine.entry(mm, to);
  const entryAt = (address: number): number => machine.memory.read32(pteEntry(kernel, mm, address)!);
  const before = entryAt(AT);
  const program = path(function* program(): Path {
    yield* int80();
    yield* movePtesLazily(kernel, { mm, start: AT, end: AT + 0x1000 }, to);
  });
  machine.running(machine.task('editor', mm, () => program()));
  runThrough(machine.system([]));
  return { 'old address': entryAt(AT) === 0 ? 'empty' : 'maps the page', 'new address': before !== 0 && entryAt(to) === before ? 'maps the page' : 'empty' };
}

function preemptionAfterKunmap(): Found {
  const machine = new GuestMachine({ release: '2.6.23', hunks: new Set(), ram: 1024, config: { PREEMPT: true }, backend: 'bare metal', reading: { writes: 'when drained', faults: 'reach the guest', invalidations: 'join the queue' } });
  const { kernel } = machine;
  const noted: string[] = [];
  const note = noting(noted);
  const page = kernel.allocPage('page', 1);
  const mapper = path(function* mapper(): Path {
    const vaddr = yield* kmap_atomic(kernel, page, 'USER0');
    yield* set_need_resched(kernel);
    yield* note(() => 'mapped');
    yield* kunmap_atomic(kernel, vaddr, 'USER0');
    yield* note(() => 'unmapped');
  });
  const other = path(function* other(): Path { yield* note(() => 'another task'); });
  machine.running(machine.task('kmapper', null, () => mapper()));
  machine.task('kthread', null, () => other());
  runThrough(machine.system([]));
  return { order: noted.join(', ') };
}

function exit(): Found {
  const background = onXen();
  const file = sharedFile(background, 2);
  const mm = background.pinned(mapFile(background, 'editor.mm', file, false));
  const mapped = (): string => file.pages.map(({ page }) => page._mapcount).join(' and ');
  const before = mapped();
  const { kernel } = background;
  const tables = kernel.userPtePages(kernel.pgdPage(mm)).map(({ page }) => page);
  background.task('editor', background.cpus[0]!, mm, () => exit_mm(kernel, [file.map]));
  runThrough(background.system([]));
  return { 'mapped before': before, 'mapped after': mapped(), 'page tables': String(tables.length), 'of them given back': String(tables.filter((page) => kernel.freePages.value.includes(page)).length) };
}

/** A flush by a kernel thread on an address space that it has borrowed. */
function flushWhileLazy(flush: (k: XenKernel, mm: Mm) => Call<unknown>): Found {
  const background = onXen(2);
  const { kernel } = background;
  const cpu = background.cpus[1]!;
  const mm: Mm = background.pinned(background.addressSpace('editor.mm', []));
  background.task('kthread', cpu, null, () => flush(kernel, mm), mm);
  const uses = (): string => (cpu.cr3 === cr3Of(kernel, mm) ? 'borrowed' : 'those of the kernel');
  const before = uses();
  runThrough(background.system([]));
  return { before, after: uses(), 'in the mask': (mm.cpu_vm_mask & 2) === 0 ? 'no' : 'yes' };
}

/** Page tables of the kernel's half, by where they lie: in reserved memory, or in memory that can still be allocated. */
function bootOfAPc(): Found {
  const machine = new BootMachine({ release: '2.6.28', hunks: new Set(), config: {} });
  machine.prepare(PLAIN_CASE);
  runThrough({ store: machine.store, processes: [machine.cpu], invariants: [], outcome: () => '' });
  const { boot } = machine.kernel;
  const directory = machine.cpu.cr3;
  const entries = Array.from({ length: 256 }, (_, i) => machine.memory.read32(directory + 4 * (768 + i)));
  const tables = entries.filter((entry) => (entry & _PAGE_PRESENT) !== 0 && (entry & _PAGE_PSE) === 0).map((entry) => entry & ~0xfff);
  const loose = tables.filter((table) => !boot.early_res.some(({ start, end }) => start <= table && table < end));
  const early = tables.some((table) => boot.table_start * 4096 <= table && table < boot.table_end * 4096);
  const later = boot.early_res.some(({ name }) => name === 'bootmem');
  return { outcome: machine.result().outcome, cr0: machine.cpu.cr0.toString(16), 'page tables outside reserved memory': String(loose.length), 'some lie in the range that was found for them': early ? 'yes' : 'no', 'some were made after bootmem': later ? 'yes' : 'no', 'early mappings that are left': String(boot.prev_map.filter((address) => address !== 0).length) };
}

const aLazyMachine = (): GuestMachine => new GuestMachine({ release: '2.6.21', hunks: new Set(), ram: 1024, backend: 'bare metal', reading: { writes: 'when drained', faults: 'reach the guest', invalidations: 'join the queue' } });

/** The entries of three pages after `fill` has run over the first two. */
function filled(fill: typeof zeromap_pte_range): Found {
  const machine = aLazyMachine();
  const { kernel } = machine;
  const mm = machine.addressSpace('editor.mm', AT, 0);
  const places = { first: AT, second: AT + 0x1000, third: AT + 0x2000 };
  machine.entry(mm, AT);
  const program = path(function* program(): Path {
    yield* int80();
    yield* fill(kernel, { mm, start: AT, end: AT + 0x2000 });
  });
  machine.running(machine.task('editor', mm, () => program()));
  runThrough(machine.system([]));
  return Object.fromEntries(Object.entries(places).map(([name, address]) => [name, machine.memory.read32(pteEntry(kernel, mm, address)!).toString(16)]));
}

function twoSoftirqs(): Found {
  const machine = aLazyMachine();
  const { kernel } = machine;
  const noted: string[] = [];
  const note = noting(noted);
  const action = path(function* action(_k: Kernel, name: string): Path { yield* note(() => name); });
  for (const name of ['tasklet', 'net_rx']) kernel.softirqActions.set(name, () => action(kernel, name));
  const program = path(function* program(): Path {
    yield* raise_softirq_irqoff(kernel, 'tasklet');
    yield* raise_softirq_irqoff(kernel, 'net_rx');
    yield* raise_softirq_irqoff(kernel, 'tasklet');
    yield* do_softirq(kernel);
    yield* do_softirq(kernel);
  });
  machine.running(machine.task('kthread', null, () => program()));
  runThrough(machine.system([]));
  return { done: noted.join(', ') };
}

/** Reclaim of a page that two address spaces map, whose entries are young or old. */
function reclaim(young: boolean): Found {
  const background = onXen();
  const { kernel } = background;
  const file = sharedFile(background, 1);
  for (const name of ['editor.mm', 'browser.mm']) background.pinned(mapFile(background, name, file, young));
  const [page] = file.pages;
  const users = (): string => String(page!.page._mapcount);
  const before = users();
  background.task('kswapd', background.cpus[0]!, null, () => shrink_page_list(kernel, page!), kernel.mms[0]);
  runThrough(background.system([]));
  return { before, after: users() };
}

/** What a process that exits gives back: all but the top directory, which goes with the last reference. */
function exitOfAProcess(): Found {
  const background = new Background({ release: '2.6.10', hunks: new Set(), config: {} });
  const { kernel } = background;
  const mm = background.addressSpace('editor.mm', [{ va: 0x1000, content: 1 }, { va: 0x08000000, content: 2 }]);
  const frames = [0x1000, 0x08000000].flatMap((va) => {
    const pte = pteEntry(kernel, mm, va)!;
    return [kernel.memory.read32(pte) & ~0xfff, pte & ~0xfff].map((frame) => frame >>> 0);
  });
  const free = (): string => String(frames.filter((frame) => kernel.frames.isFree(frame)).length);
  const before = free();
  const program = path(function* program(): Path {
    yield* int80();
    yield* exit_mm_2_6_10(kernel, task);
  });
  const task = background.task('editor', mm, () => program());
  background.running(task);
  runThrough(background.system([]));
  return { 'free before': before, 'free after': free() };
}

const EFFECTS: Readonly<Record<string, () => Found>> = {
  'flush_tlb_page() on one CPU': flushOfOnePage,
  'an idle CPU whose timer finds a task to run': wakeUpOfAnIdleCpu,
  'the timer of an idle CPU whose run queue another CPU has locked': timerOfAnIdleCpu,
  'execve() on Xen': execve,
  'execve() by a kernel thread on Xen': execOfAKernelThread,
  'mremap() on Xen': mremapOnXen,
  'mremap() in a lazy region': mremapInLazyMode,
  'kunmap_atomic() when a reschedule is due': preemptionAfterKunmap,
  'exit() on Xen': exit,
  'the boot of a PC': bootOfAPc,
  'zeromap_pte_range() over two pages': () => filled(zeromap_pte_range),
  'remap_pte_range() over two pages': () => filled(remap_pte_range),
  'do_softirq() with two softirqs raised': twoSoftirqs,
  'reclaim of a page that was used lately': () => reclaim(true),
  'reclaim of a page that was not used lately': () => reclaim(false),
  'exit() of a process with pages in two tables': exitOfAProcess,
  'a flush of everything on a lazy CPU on Xen': () => flushWhileLazy((k) => do_flush_tlb_all(k)),
  'a flush of one page on a lazy CPU on Xen': () => flushWhileLazy((k, mm) => flush_tlb_page_on_xen(k, mm, AT)),
  'the use of a page that one of two still maps': useOfWhatOneStillMaps,
  'write-back of a page, twice': writeBack,
  'a function call on all CPUs on Xen': callOfAllCpus,
  'a fault at an address that init_mm does not know': faultThatNothingCures,
  'a write to a page of the kernel that is read-only': writeThatIsRefused,
  'a fault at an address of the user, behind paravirt_ops': faultOfAUser,
  'kmap_atomic() of a page in lowmem, which looks for a slot first': () => mappingOfALowPage(),
  'kmap_atomic() of a page in lowmem, which looks for no slot': () => mappingOfALowPage('vmi-lazy/vmalloc-flush'),
  'the address space of a lazy situation': lazyAddressSpace,
  'drop_other_mm_ref() on a CPU whose calls to Xen are queued': leavingInLazyMode,
  'munmap() of a page that was swapped out': unmappingOfSwap,
  'head_64.S': firstTables64,
  'a task of x86-64 with pages far apart, of 2.6.10': () => pagesOf64('2.6.10'),
  'a task of x86-64 with pages far apart, of 2.6.11': () => pagesOf64('2.6.11'),
  'munmap() of one of two pages of 4.14': unmappingAlone,
  'a process on Xen with a page in each gibibyte': pagesInEachGibibyte,
};

const found = new WeakMap<object, Found>();

When('{string} has run alone', function (this: object, name: string) {
  const effect = EFFECTS[name];
  if (!effect) throw new Error(`nothing is called "${name}"; there are ${Object.keys(EFFECTS).join(', ')}`);
  found.set(this, effect());
});

Then('it has had these effects', function (this: object, table: DataTable) {
  expect(found.get(this)).to.deep.equal(table.rowsHash());
});
