import { load } from '../../hardware/instructions';
import type { Cpu } from '../../hardware/cpu';
import { noStaleEntry, taskOnOwnPageTables } from '../../invariants/page-tables';
import type { Kernel } from '../../kernel/kernel';
import { _PAGE_GLOBAL, _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, setPte } from '../../kernel/linux-2.6/mm/pgtable';
import type { Mm } from '../../kernel/task';
import { flush_tlb_all, flush_tlb_mm } from '../../kernel/linux-2.6/tlbflush';
import { instruction, path, type Path } from '../../path';
import { Background, inTurn, Steps, system_call } from './background';
import type { Situation } from '../types';

// The comment that thread 002 adds to flush_tlb_mm(): being preempted between
// the test and the flush does no harm. A task changes a page-table entry and
// flushes; from its return on, no CPU may use the old translation. The same for
// a page of the kernel, whose translations are global: a load of cr3 keeps them.

const PAGE = 0x08048000;
/** In the range of vmalloc() and ioremap(). */
const KERNEL_PAGE = 0xc8000000;

const USER_PAGE = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER;
const GLOBAL_PAGE = _PAGE_PRESENT | _PAGE_RW | _PAGE_GLOBAL;

const addressIn = (k: Kernel, mm: Mm): number => (mm === k.init_mm ? KERNEL_PAGE : PAGE);

const changePte = instruction(
  (k: Kernel, mm: Mm) => `set_pte(): ${mm.name} maps another page at 0x${addressIn(k, mm).toString(16)}`,
  (_cpu: Cpu, k: Kernel, mm: Mm) => {
    setPte(k, mm, addressIn(k, mm), k.frames.alloc() | (mm === k.init_mm ? GLOBAL_PAGE : USER_PAGE));
  },
);

const flushed = instruction((k: Kernel, mm: Mm) => `${mm === k.init_mm ? 'flush_tlb_all()' : 'flush_tlb_mm()'} has returned`, (_cpu: Cpu, k: Kernel, mm: Mm) => {
  k.flushedSince.value = { mm, va: addressIn(k, mm) };
});

const changeAndFlush = path(function* changeAndFlush(k: Kernel, mm: Mm, forget: boolean): Path {
  if (mm === k.init_mm) yield* load(KERNEL_PAGE);
  yield* changePte(k, mm);
  if (!forget && mm !== k.init_mm) yield* flush_tlb_mm(k, mm);
  if (!forget && mm === k.init_mm) yield* flush_tlb_all(k);
  yield* flushed(k, mm);
});

const INVARIANTS = { noStaleEntry, taskOnOwnPageTables };

export const flushTlbMm: Situation = {
  id: 'flush-tlb/flush_tlb_mm',
  patch: 'flush-tlb',
  title: 'A task changes a page-table entry and flushes: one of an address space by flush_tlb_mm(), or a global one of the kernel by flush_tlb_all().',
  parameters: {
    flusher: { about: 'who changes the entry: a lazy kernel thread, or the owner itself', legal: ['kernel thread', 'editor'], initially: 'kernel thread' },
    forget: { about: 'leave the flush out, to see that it matters', legal: [false, true], initially: false },
    entry: { about: 'which entry is changed', legal: ['of the editor', 'global, of the kernel'], initially: 'of the editor' },
    accesses: { about: 'how often the editor reads its page', legal: [1, 2, 3, 4], initially: 2 },
  },
  invariants: Object.keys(INVARIANTS),
  bounds: {},
  leavesOut: ['address-space identifiers: every load of cr3 drops all entries that are not global', 'more than one CPU'],
  build: (choice) => {
    const background = new Background({ release: '2.6.10-rc2', hunks: choice.hunks });
    const { kernel } = background;
    const { flusher, forget, accesses } = choice.parameters;
    const isGlobal = choice.parameters['entry'] === 'global, of the kernel';
    if (isGlobal) setPte(kernel, kernel.init_mm, KERNEL_PAGE, kernel.frames.alloc() | GLOBAL_PAGE);
    const mm = background.addressSpace('editor.mm', [{ va: PAGE, content: 0xed170 }]);
    const changed = isGlobal ? kernel.init_mm : mm;
    const reads = () => inTurn(new Steps('editor reads', accesses as number, () => load(PAGE)));
    const editor = background.task('editor', mm, flusher === 'editor'
      ? () => inTurn(new Steps('editor', 2, (i) => (i === 0 ? reads() : system_call(kernel, new Steps('change', 1, () => changeAndFlush(kernel, changed, forget as boolean))))))
      : reads);
    background.task('browser', background.addressSpace('browser.mm', [{ va: 0x08050000, content: 0xb20 }]), () => inTurn(new Steps('browser', 1, () => load(0x08050000))));
    if (flusher !== 'editor') background.task('kthread', null, () => changeAndFlush(kernel, changed, forget as boolean));
    background.running(editor);
    background.timer();
    return background.system(choice.invariants.map((name) => INVARIANTS[name as keyof typeof INVARIANTS](kernel)));
  },
};
