import type { Cpu } from '../../hardware/cpu';
import { hlt, iret, movFromCr4, movToCr4 } from '../../hardware/instructions';
import type { TrapFrame } from '../../hardware/interrupts';
import { CR4 } from '../../hardware/paging';
import type { Invariant } from '../../explorer/system';
import { __native_flush_tlb_global } from '../../kernel/linux-2.6.25/tlbflush';
import { CallQueues, installCallFunction, smp_call_function_single } from '../../kernel/linux-6/smp';
import type { Kernel } from '../../kernel/kernel';
import type { Mm } from '../../kernel/task';
import { instruction, path, silently, type Path } from '../../path';
import { Cell } from '../../state/tracked';
import { put_page, reuse, userRead, type Page, type Pages } from '../scenes/pages';
import { set_pte, SmpScene } from '../scenes/smp';
import type { Choice, Situation } from '../types';

// Thread 108: one CPU flushes its global translations, and another one
// interrupts it meanwhile, to make it flush too or switch virtualisation on.

/** In the kernel's half, where entries have the G bit. */
const VA = 0xf8800000;
const KERNEL_GLOBAL = 0x163;
const DEVICE = 0x31;

const hardware_enable = path(function* hardware_enable(): Path {
  const cr4 = yield* movFromCr4();
  yield* movToCr4(cr4 | CR4.VMXE);
});

const returned = silently('the function returns', (cpu: Cpu, strayed: Cell<string | null>) => {
  if (cpu.IF) strayed.value ??= `a function that ${cpu.name} was called for returns with interrupts enabled, into a handler that has them off`;
});

/** The function of the call: virt/kvm/kvm_main.c (2.6.25), hardware_enable(); arch/x86/kernel/smp_32.c (2.6.25), do_flush_tlb_all(). */
const called = path(function* called(k: Kernel, info: string, strayed: Cell<string | null>): Path {
  if (info === 'vmx') yield* hardware_enable();
  else yield* __native_flush_tlb_global(k);
  yield* returned(strayed);
});

const kvmIsOn = instruction('kvm: every CPU has VMXE', (_cpu: Cpu, isOn: Cell<boolean>) => { isOn.value = true; });

/** virt/kvm/kvm_main.c (2.6.25), on_each_cpu(hardware_enable). */
const kvm_init = path(function* kvm_init(k: Kernel, q: CallQueues, flusher: Cpu, isOn: Cell<boolean>): Path {
  yield* smp_call_function_single(k, q, flusher, 'vmx');
  yield* kvmIsOn(isOn);
});

/** A page is replaced by another one, and is freed when every CPU has flushed: mm/vmalloc.c and arch/x86/mm/pageattr.c do this. */
const replace = path(function* replace(k: Kernel, q: CallQueues, flusher: Cpu, mm: Mm, old: Page, fresh: Page): Path {
  yield* set_pte(k, mm, VA, fresh.frame | KERNEL_GLOBAL);
  yield* smp_call_function_single(k, q, flusher, 'flush');
  yield* put_page(old);
  yield* reuse(old, 0x5ec7e7);
});

/** A device's interrupt, whose handler uses the page. */
const device = path(function* device(pages: Pages, frame: TrapFrame): Path {
  yield* userRead(pages, VA);
  yield* iret(frame);
});

const flushAndRest = path(function* flushAndRest(k: Kernel): Path {
  yield* __native_flush_tlb_global(k);
  yield* hlt();
});

function vmxeIsKept(cpu: Cpu, isOn: Cell<boolean>): Invariant {
  return { name: 'vmxeIsKept', check: () => (isOn.value && (cpu.cr4 & CR4.VMXE) === 0 ? `kvm has switched virtualisation on, and ${cpu.name} has lost CR4.VMXE: the next VMX instruction is an undefined opcode` : null) };
}

function build({ hunks, parameters, invariants }: Choice): ReturnType<SmpScene['system']> {
  const { release, call, interrupts } = parameters;
  const scene = new SmpScene({ cpus: 2, release: release as string, hunks });
  const { kernel, pages, store, cpus: [cpu0, cpu1] } = scene;
  const mm = kernel.init_mm;
  const old = scene.page('the old page', 0x01d, { mm, va: VA, flags: KERNEL_GLOBAL });
  const fresh = scene.page('the new page', 0x2e3);
  const strayed = new Cell<string | null>(store, 'a handler with interrupts enabled', null, true);
  const q = new CallQueues(kernel, store, ((k: Kernel, info: string) => called(k, info, strayed)) as never);
  installCallFunction(kernel, q);
  cpu0!.idt.set(DEVICE, { kind: 'interrupt', handler: (frame) => device(pages, frame) });
  cpu0!.connect({ name: 'device', vector: DEVICE, limit: interrupts as number });
  const isOn = new Cell<boolean>(store, 'kvm is on', false);
  scene.task(cpu0!, 'flusher', () => flushAndRest(kernel), { mm: null, active: mm });
  scene.task(cpu1!, 'caller', () => (call === 'VMXE' ? kvm_init(kernel, q, cpu0!, isOn) : replace(kernel, q, cpu0!, mm, old, fresh)), { mm: null, active: mm });
  for (const cpu of scene.cpus) Object.assign(cpu, { cpl: 0, IF: true });
  const all: readonly Invariant[] = [pages.freedPageUnreached, vmxeIsKept(cpu0!, isOn), { name: 'interruptsStayOff', check: () => strayed.value }];
  return scene.system(all.filter(({ name }) => invariants.includes(name)), () => `VMXE ${(cpu0!.cr4 & CR4.VMXE) !== 0 ? 'set' : 'clear'}, PGE ${(cpu0!.cr4 & CR4.PGE) !== 0 ? 'set' : 'clear'}`);
}

export const cr4PgeSituations: readonly Situation[] = [{
  id: 'cr4-pge/call',
  patch: 'cr4-pge',
  title: 'A CPU flushes its global translations while another one calls it to do the same, or to switch virtualisation on.',
  parameters: {
    release: { about: 'the kernel: before 2.6.21 the flush writes what a variable says, and does not read CR4', legal: ['2.6.25', '2.6.20'], initially: '2.6.25' },
    call: { about: 'what the other CPU asks it to do: set CR4.VMXE, or flush, after which a page that was mapped is freed', legal: ['VMXE', 'flush'], initially: 'VMXE' },
    interrupts: { about: 'how often a device interrupts; its handler uses the page', legal: [2, 0, 1], initially: 2 },
  },
  invariants: ['vmxeIsKept', 'freedPageUnreached', 'interruptsStayOff'],
  reviewed: [{ call: 'VMXE', interrupts: 0 }, { call: 'flush' }],
  bounds: {},
  leavesOut: ['preemption of the flusher, which does the same as an interrupt', 'the tasks that use kvm'],
  build,
}];
