import { load } from '../../hardware/instructions';
import type { Cpu } from '../../hardware/cpu';
import { noStaleEntry, taskOnOwnPageTables } from '../../invariants/page-tables';
import type { Kernel } from '../../kernel/kernel';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, setPte } from '../../kernel/linux-2.6/mm/pgtable';
import type { Mm } from '../../kernel/task';
import { flush_tlb_mm } from '../../kernel/linux-2.6/tlbflush';
import { instruction, path, type Path } from '../../path';
import { Background, inTurn, Steps, system_call } from './background';
import type { Situation } from '../types';

// The comment that thread 002 adds to flush_tlb_mm(): being preempted between
// the test and the flush does no harm. A task changes a page-table entry and
// flushes; from its return on, no CPU may use the old translation.

const PAGE = 0x08048000;

const changePte = instruction(
  (_k: Kernel, mm: Mm) => `set_pte(): ${mm.name} maps another page at 0x${PAGE.toString(16)}`,
  (_cpu: Cpu, k: Kernel, mm: Mm) => {
    setPte(k, mm, PAGE, k.frames.alloc() | _PAGE_PRESENT | _PAGE_RW | _PAGE_USER);
  },
);

const flushed = instruction('flush_tlb_mm() has returned', (_cpu: Cpu, k: Kernel, mm: Mm) => {
  k.flushedSince.value = { mm, va: PAGE };
});

const changeAndFlush = path(function* changeAndFlush(k: Kernel, mm: Mm, forget: boolean): Path {
  yield* changePte(k, mm);
  if (!forget) yield* flush_tlb_mm(k, mm);
  yield* flushed(k, mm);
});

const INVARIANTS = { noStaleEntry, taskOnOwnPageTables };

export const flushTlbMm: Situation = {
  id: 'flush-tlb/flush_tlb_mm',
  patch: 'flush-tlb',
  title: 'A task changes a page-table entry of an address space and calls flush_tlb_mm() for it.',
  parameters: {
    flusher: { about: 'who changes the entry: a lazy kernel thread, or the owner itself', legal: ['kernel thread', 'editor'], initially: 'kernel thread' },
    forget: { about: 'leave the flush out, to see that it matters', legal: [false, true], initially: false },
    accesses: { about: 'how often the editor reads its page', legal: [1, 2, 3, 4], initially: 2 },
  },
  invariants: Object.keys(INVARIANTS),
  bounds: {},
  leavesOut: ['address-space identifiers: every load of cr3 drops all entries that are not global', 'more than one CPU'],
  build: (choice) => {
    const background = new Background({ release: '2.6.10-rc2', hunks: choice.hunks });
    const { kernel } = background;
    const { flusher, forget, accesses } = choice.parameters;
    const mm = background.addressSpace('editor.mm', [{ va: PAGE, content: 0xed170 }]);
    const reads = () => inTurn(new Steps('editor reads', accesses as number, () => load(PAGE)));
    const editor = background.task('editor', mm, flusher === 'editor'
      ? () => inTurn(new Steps('editor', 2, (i) => (i === 0 ? reads() : system_call(kernel, new Steps('change', 1, () => changeAndFlush(kernel, mm, forget as boolean))))))
      : reads);
    background.task('browser', background.addressSpace('browser.mm', [{ va: 0x08050000, content: 0xb20 }]), () => inTurn(new Steps('browser', 1, () => load(0x08050000))));
    if (flusher !== 'editor') background.task('kthread', null, () => changeAndFlush(kernel, mm, forget as boolean));
    background.running(editor);
    background.timer();
    return background.system(choice.invariants.map((name) => INVARIANTS[name as keyof typeof INVARIANTS](kernel)));
  },
};
