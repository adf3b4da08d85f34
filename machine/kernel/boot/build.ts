import type { BootKernel } from './boot-kernel';

// Whether a kernel can be built at all: which of the three functions of
// vmi_32.c its sources call, and which of them something provides. vmi_32.c is
// compiled with CONFIG_VMI only, which exists on 32 bits only.

/** One of the functions, and the file that calls it. */
export interface MissingFunction {
  readonly caller: 'setup.c' | 'smpboot.c';
  readonly callee: 'vmi_init' | 'vmi_activate' | 'vmi_bringup';
}

/** What the linker would complain about, with CONFIG_VMI on or off; empty if the kernel builds. */
export function missingFunctions(k: BootKernel, VMI = hasVmi(k)): MissingFunction[] {
  return calls(k, VMI).filter(({ callee }) => !provided(k, VMI).has(callee));
}

/** Kconfig: VMI depends on X86_32. */
const hasVmi = (k: BootKernel): boolean => k.config.VMI && !k.config.X86_64;

/** arch/x86/kernel/setup.c and smpboot.c: the calls that are compiled in. */
function calls(k: BootKernel, VMI: boolean): MissingFunction[] {
  const ifdefDrops = k.after('vmi-boot/ifdef') && !VMI;
  const found: MissingFunction[] = [];
  if (k.after('vmi-boot/init-first') && !ifdefDrops) found.push({ caller: 'setup.c', callee: 'vmi_init' });
  if (k.before('vmi-boot/activate') && VMI) found.push({ caller: 'setup.c', callee: 'vmi_init' });
  if (k.after('vmi-boot/activate') && !ifdefDrops) found.push({ caller: 'setup.c', callee: 'vmi_activate' });
  if (k.before('vmi-boot/bringup') && VMI) found.push({ caller: 'smpboot.c', callee: 'vmi_bringup' });
  if (k.after('vmi-boot/bringup')) found.push({ caller: 'smpboot.c', callee: 'vmi_bringup' });
  return found;
}

/** arch/x86/include/asm/vmi.h and arch/x86/kernel/vmi_32.c: what there is to call. */
function provided(k: BootKernel, VMI: boolean): ReadonlySet<string> {
  const hasStubs = k.after('vmi-boot/stubs-inline') || k.after('vmi-boot/stubs-macro');
  if (!VMI) return new Set(hasStubs ? ['vmi_init', 'vmi_activate', 'vmi_bringup'] : []);
  return new Set(k.after('vmi-boot/split') ? ['vmi_init', 'vmi_activate', 'vmi_bringup'] : ['vmi_init', 'vmi_bringup']);
}
