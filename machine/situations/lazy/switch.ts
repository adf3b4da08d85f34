import { TIMER_VECTOR } from '../../kernel/linux-2.6/irq/entry';
import { zap_page_range } from '../../kernel/linux-2.6/lazy-regions';
import { Steps, system_call } from '../flush-tlb/background';
import { connectDevice } from './devices';
import { invariantsOf, LAZY_INVARIANTS, PAGES_AT, READING_PARAMETERS, readingOf } from './kmap';
import { BACKENDS, GuestMachine } from './machine';
import { thenRest, Work } from './smp';
import type { Choice, Situation } from '../types';

// Lazy MMU mode and lazy CPU mode in turn: processes that each unmap a page, and
// a timer that takes the CPU from one and gives it to another.

export const lazySwitch: Situation = {
  id: 'vmi-lazy/switch',
  patch: 'vmi-lazy',
  title: 'Processes that unmap pages in lazy MMU mode share a CPU under a timer, while another CPU does the same.',
  parameters: {
    cpus: { about: 'how many CPUs', legal: [1, 2], initially: 2 },
    ticks: { about: 'how often the timer interrupts the first CPU at most', legal: [0, 1, 2], initially: 1 },
    device: { about: 'which device interrupts the first CPU', legal: ['none', 'raid', 'network'], initially: 'none' },
    backend: { about: 'what the kernel runs on', legal: BACKENDS, initially: 'VMI' },
    ...READING_PARAMETERS,
  },
  invariants: Object.keys(LAZY_INVARIANTS),
  requirements: ['switchWithInterruptsOff', 'noHandlerAmongUpdates'],
  bounds: {},
  leavesOut: ['an address space that two CPUs share (vmi-lazy/smp has one)', 'more than one page for each process', 'a timer on the second CPU, and task switches there', 'priorities: any runnable task may be picked'],
  build: buildSwitch,
};

function buildSwitch(choice: Choice) {
  const { parameters } = choice;
  const machine = new GuestMachine({
    release: '2.6.21-rc5', hunks: choice.hunks, ram: 2048, cpus: parameters['cpus'] as number,
    backend: parameters['backend'] as (typeof BACKENDS)[number], reading: readingOf(parameters),
  });
  const { kernel, cpus } = machine;
  connectDevice(machine, parameters['device'] as 'none' | 'raid' | 'network', { limit: 1, segments: 1, zone: 'highmem' });
  const unmapping = (name: string) => {
    const mm = machine.addressSpace(`${name}.mm`, PAGES_AT, 1);
    const unmap = () => zap_page_range(kernel, { mm, start: PAGES_AT, end: PAGES_AT + 0x1000 });
    return { mm, work: () => system_call(kernel, new Steps(name, 1, unmap)) };
  };
  const [first, second] = [unmapping('editor'), unmapping('browser')];
  const editor = machine.task('editor', first.mm, first.work);
  machine.task('browser', second.mm, second.work);
  machine.running(editor);
  if (cpus[1]) {
    const { mm, work } = unmapping('compiler');
    machine.running(machine.task('compiler', mm, () => thenRest(new Work('compiler', work)), cpus[1]), cpus[1]);
  }
  cpus[0]!.connect({ name: 'timer', vector: TIMER_VECTOR, limit: parameters['ticks'] as number });
  return machine.system(invariantsOf(choice, machine));
}
