import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { toUserMode, toKernelMode, SmpScene } from '../scenes/smp';
import { FreedTable, pmdEntry, switchToKernelThread, switchToTask, tlb_called, unmap_region, type Called } from '../../kernel/linux-4.14/free-tables';
import { MmuGather, tlb_remove_table_rcu } from '../../kernel/linux-4.14/mmu-gather';
import { Rcu, rcu_do_batch } from '../../kernel/linux-4.14/rcu';
import { leave_mm, switch_mm_irqs_off } from '../../kernel/linux-4.14/tlb';
import { pteEntry } from '../../kernel/linux-2.6/mm/pgtable';
import { CallQueues, installCallFunction } from '../../kernel/linux-6/smp';
import { TlbStates } from '../../kernel/linux-6/tlbstate';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { instruction, path, type Path } from '../../path';
import type { Value } from '../../state/hash';
import { reuse, userRead, type Page, type Pages } from '../scenes/pages';
import type { Choice, Situation } from '../types';

// Thread 106: one CPU unmaps the last page of a table and frees both, while
// another one, which has used the page, runs a kernel thread.

const PAGE = 0x08048000;
/** The next address, in the same table, at which nothing is mapped. */
const BESIDE = PAGE + 0x1000;
/** What the next user stores in the frame of the table: read as an entry, it leads to a page that belongs to no task here. */
const DATA = 0x00bad005;

/** What the owner unmaps, and what will free it. */
interface Unmapped {
  readonly [key: string]: Value;
  readonly tlb: MmuGather;
  readonly rcu: Rcu;
  readonly page: Page;
  readonly table: FreedTable;
  readonly frees: boolean;
}

/** Ours: munmap(), the softirq that runs the RCU callbacks, and the next owner of the page. */
const munmap = path(function* munmap(k: Kernel, q: CallQueues, t: TlbStates, { tlb, rcu, page, table, frees }: Unmapped): Path {
  yield* unmap_region(k, q, t, tlb, PAGE, page, table, frees);
  yield* rcu_do_batch(k, rcu);
  yield* reuse(page, 0x5ec7e7);
});

/** What the kernel thread does is unimportant. But its doing something lets interrupts in, which wait for one more instruction after STI. */
const runKernelThread = instruction('the kernel thread runs', () => undefined);

/** The other CPU: a kernel thread borrows the address space of the task, which may continue later. */
const borrow = path(function* borrow(k: Kernel, t: TlbStates, mm: Mm, pages: Pages, returns: boolean, sleeps: boolean): Path {
  yield* toKernelMode();
  yield* switchToKernelThread(k, t);
  yield* runKernelThread();
  if (sleeps) yield* leave_mm(k, t); // intel_idle()
  if (!returns) return;
  yield* switchToTask(k, t, mm);
  yield* toUserMode();
  yield* userRead(pages, PAGE);
});

/** What the other CPU did before: it ran a thread of the editor, which read the page. */
const ranBefore = path(function* ranBefore(k: Kernel, t: TlbStates, mm: Mm, pages: Pages): Path {
  yield* switch_mm_irqs_off(k, t, mm);
  yield* userRead(pages, PAGE);
});

/** No processor walks a table that was freed: a walk sets the A bit in whatever it takes for an entry. */
function noFreedTableWalked({ cpus, memory }: SmpScene, table: FreedTable): Invariant {
  return {
    name: 'noFreedTableWalked',
    check: () => {
      if (table.state !== 'used by another owner') return null;
      const marked = table.entries.map((entry) => memory.read32(entry)).find((word) => word !== DATA);
      const walker = cpus.find(({ tlb }) => tlb.entries().some(({ frame }) => frame === (DATA & ~0xfff)));
      return marked === undefined && !walker ? null : `${walker?.name ?? 'a CPU'} has walked ${table.name} when that was used by another owner: 0x${DATA.toString(16)} there has become 0x${(marked ?? DATA).toString(16)}`;
    },
  };
}

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { release, users, memory, frees, structures, fills, returns, sleeps, pcids } = parameters;
  const scene = new SmpScene({
    cpus: 2, release: release as string, hunks, config: { X86_64: true },
    processor: { structureCaches: structures as boolean, earlyFills: fills ? [PAGE, BESIDE] : [], pcids: pcids as boolean },
  });
  const { kernel, pages, store } = scene;
  const [owner, other] = scene.cpus as [Cpu, Cpu];
  const mm = scene.mm('editor.mm');
  mm.mm_users = users as number;
  const page = scene.page('the page', 0x01d, { mm, va: PAGE });
  const table = new FreedTable(store, [PAGE, BESIDE].map((va) => pteEntry(kernel, mm, va)!), pmdEntry(kernel, mm, PAGE), DATA);
  const t = new TlbStates(kernel);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: Called) => tlb_called(k, info)) as never);
  installCallFunction(kernel, q);
  const rcu = new Rcu(kernel, store, ((k: Kernel, head: FreedTable) => tlb_remove_table_rcu(k, head)) as never);
  const tlb = new MmuGather(store, 'tlb', mm, { room: 8, rcu: memory ? rcu : null });
  scene.killOnFault();
  for (const cpu of scene.cpus) scene.before(cpu, ranBefore(kernel, t, mm, pages));
  scene.task(owner, 'owner', () => munmap(kernel, q, t, { tlb, rcu, page, table, frees: frees === 'the table too' }), { mm });
  scene.task(other, 'borrower', () => borrow(kernel, t, mm, pages, returns as boolean, sleeps as boolean), { mm });
  Object.assign(owner, { cpl: 0, IF: true });
  Object.assign(other, { cpl: 3, IF: true });
  const all = [noFreedTableWalked(scene, table), pages.freedPageUnreached];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => `the table is ${table.state}`);
}

export const freedTablesSituations: readonly Situation[] = [{
  id: 'freed-tables/munmap',
  patch: 'freed-tables',
  title: 'A thread of "editor" unmaps the last page of a table and frees both, while another CPU continues with a kernel thread that borrows the address space.',
  parameters: {
    release: { about: 'the kernel: 4.20 does not flush lazy CPUs, 4.14 and 4.19 do; 4.14 frees tables by RCU', legal: ['4.20', '4.19', '4.14'], initially: '4.20' },
    users: { about: 'users of the address space: with one, 4.14 frees a table at once', legal: [2, 1], initially: 2 },
    memory: { about: 'whether there is memory for a batch of tables, if RCU frees them', legal: [true, false], initially: true },
    frees: { about: 'what munmap() frees: the page alone, or the table too', legal: ['the table too', 'the page'], initially: 'the table too' },
    structures: { about: 'whether processors cache upper entries separately', legal: [true, false], initially: true },
    fills: { about: 'whether processors speculatively load translations of the address of the page and of the one beside it', legal: [true, false], initially: true },
    returns: { about: 'whether the other CPU returns to its task, which reads the page', legal: [false, true], initially: false },
    sleeps: { about: 'whether the other CPU goes to a deep sleep, for which the idle driver leaves the address space', legal: [false, true], initially: false },
    pcids: { about: 'whether processors tag their translations', legal: [false, true], initially: false },
  },
  invariants: ['noFreedTableWalked', 'freedPageUnreached'],
  reviewed: [{}, { returns: true }],
  ownHunksOnly: true,
  bounds: {},
  leavesOut: ['mmap_sem and the lock of the page table, which nothing else takes', 'several pages and tables in one batch'],
  build,
}];
