import type { Cpu } from '../../hardware/cpu';
import { instruction, path, type Path } from '../../path';
import { get, printk, set, type BootKernel } from './boot-kernel';
import { PAGE_KERNEL } from './entries';
import { indexOf } from './fixmap';
import { fixup_early_ioremap } from './ioremap';
import { vmallocParameter } from './layout';
import { __set_fixmap, reserve_top_address } from './pgtable-fixmap';

// parse_early_param and the handlers that change the address space, or use it
// before it is ready.

/** lib/cmdline.c, memparse(): a number with K, M or G. */
export function memparse(text: string): number {
  const match = /^(0x[0-9a-f]+|[0-9]+)([kmg]?)/i.exec(text);
  if (!match) return 0;
  return Number(match[1]) * { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[match[2]!.toLowerCase()]!;
}

const copyCommandLine = instruction('strlcpy(tmp_cmdline, boot_command_line)', (_cpu: Cpu, k: BootKernel) => k.boot.boot_command_line);

/**
 * init/main.c:504-516 (2.6.27), parse_early_param(): the handlers run in the order of the command line.
 * Model: leaves out parse_args, done: the command line is split into words once.
 */
export const parse_early_param = path(function* parse_early_param(k: BootKernel): Path {
  const line = yield* copyCommandLine(k);
  for (const word of line.split(' ').filter((one) => one !== '')) {
    const [name = '', value = ''] = word.split(/=(.*)/s);
    yield* do_early_param(k, name, value);
  }
});

/**
 * init/main.c:485-501 (2.6.27), do_early_param().
 * Model: leaves out early, strcmp, str, setup_func: the set-up functions are called directly.
 * Model: adds parse_vmalloc, parse_reservetop, setup_early_serial8250_console, setup_early_printk, parse_vmi: the set-up functions that the table names.
 */
const do_early_param = path(function* do_early_param(k: BootKernel, name: string, value: string): Path {
  switch (name) {
    case 'vmalloc': return yield* parse_vmalloc(k, value);
    case 'reservetop': return yield* parse_reservetop(k, value);
    case 'earlycon': return yield* setup_early_serial8250_console(k, value);
    case 'earlyprintk': return yield* setup_early_printk(k, value);
    case 'vmi': return yield* parse_vmi(k, value);
    default: return undefined;
  }
});

/** arch/x86/kernel/setup_32.c:311-318 (2.6.26), parse_vmalloc(); arch/x86/mm/pgtable_32.c:121-128 (2.6.27), parse_vmalloc(); arch/x86/mm/pgtable_32.c:121-129 (2.6.28), parse_vmalloc(): it assigns, so what was added before is lost. */
const parse_vmalloc = path(function* parse_vmalloc(k: BootKernel, value: string): Path {
  yield* set(k, '__VMALLOC_RESERVE', vmallocParameter(k.layout.formula, memparse(value)));
});

/** arch/x86/mm/pgtable_32.c:136-146 (2.6.27), parse_reservetop(): moves the fixmap as for a hypervisor, though there is none. */
const parse_reservetop = path(function* parse_reservetop(k: BootKernel, value: string): Path {
  yield* reserve_top_address(k, memparse(value));
  if (k.after('vmi-boot/fixup')) yield* fixup_early_ioremap(k);
});

/**
 * drivers/serial/8250_early.c:215-235 (2.6.27), setup_early_serial8250_console(): a memory-mapped console is mapped through the fixmap at once.
 * Model: leaves out strstr, strchr, early_serial8250_setup, register_console: it ends in early_serial8250_setup(), of which only the mapping is modelled.
 * Model: adds __set_fixmap: the mapping that it makes.
 */
const setup_early_serial8250_console = path(function* setup_early_serial8250_console(k: BootKernel, value: string): Path {
  const match = /^uart(?:8250)?,mmio,(0x[0-9a-f]+)/i.exec(value);
  if (!match || !k.since('2.6.26')) return; // 2.6.21 has no such fixmap entry
  yield* __set_fixmap(k, indexOf(k.fixmap, 'FIX_EARLYCON_MEM_BASE'), Number(match[1]), PAGE_KERNEL);
  yield* printk(k, 'Early serial console at MMIO');
});

/**
 * arch/x86/kernel/early_printk.c:213-253 (2.6.27), setup_early_printk(): the debug port likewise.
 * Model: leaves out early_console_initialized, strstr, keep_early, strncmp, early_serial_init, early_console, screen_info, orig_video_isVGA, max_xpos, orig_video_cols, max_ypos,
 * orig_video_lines, current_ypos, orig_y, simnow_init, flags, register_console: only the console that maps something is modelled.
 * Model: adds __set_fixmap: the mapping that it makes.
 */
const setup_early_printk = path(function* setup_early_printk(k: BootKernel, value: string): Path {
  if (!value.startsWith('dbgp') || !k.since('2.6.26')) return;
  yield* __set_fixmap(k, indexOf(k.fixmap, 'FIX_DBGP_BASE'), 0xfed00000, PAGE_KERNEL);
  yield* printk(k, 'Early debug port');
});

/**
 * arch/x86/kernel/vmi_32.c:986-1012 (2.6.27), parse_vmi(): only notes what activation is to leave alone.
 * Model: leaves out strcmp, clear_cpu_cap, disable_pge, disable_pse, disable_sep, disable_tsc, disable_mtrr, disable_vmi_timer, disable_noidle: each option sets a flag, in one instruction.
 */
const parse_vmi = path(function* parse_vmi(k: BootKernel, value: string): Path {
  const flags = yield* get(k, 'vmi_flags');
  yield* set(k, 'vmi_flags', [...flags, value]);
});
