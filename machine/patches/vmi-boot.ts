import type { Patch } from './types';

// Thread 003: where in setup_arch the hypervisor is found, and where it is
// activated. The landed patch, its four takes, and the fixes that look right.

const SETUP = 'arch/x86/kernel/setup.c';
const VMI_C = 'arch/x86/kernel/vmi_32.c';
const VMI_H = 'arch/x86/include/asm/vmi.h';

/** The order that every later take and the landed patch share. */
const ORDER = ['vmi-boot/init-first', 'vmi-boot/activate', 'vmi-boot/split'] as const;

/** The patch as it was merged for 2.6.28 and 2.6.27.10; the fourth take. */
export const LANDED_HUNKS = [...ORDER, 'vmi-boot/stubs-inline', 'vmi-boot/bringup'] as const;

export const vmiBoot: Patch = {
  id: 'vmi-boot',
  thread: '003',
  title: 'A page table that is linked before the fixmap moves is linked in the wrong place',
  author: 'Zachary Amsden',
  mail: { subject: '[PATCH] Fix VMI crash on boot in 2.6.27+ kernels' },
  date: '2008-12-09',
  against: '2.6.28-rc8',
  story: [
    'A kernel that finds a VMI ROM gives up the top of its address space and moves the fixmap down. early_ioremap uses the fixmap, and had already linked its page table at the old place.',
    'This did no harm while nothing was mapped early between the move and the creation of the kernel\'s page tables. Then the DMI scan was moved forward, to protect low memory from bad BIOSes, and its first read faulted.',
    'The patch looks for the ROM before anything else, so the fixmap is in its final place before anything uses it. It activates the hypervisor after the command line has been parsed. Three earlier takes met with objections about setup_data, vmalloc=, #ifdefs, and macros instead of functions.',
    'It was merged for 2.6.28-rc9 and 2.6.27.10. The objection about vmalloc= was never addressed in code, and the same defect remained for reservetop= until 2010.',
  ],
  quote: 'The mail blames a hypervisor that drops updates. But moving the fixmap after its page table has been linked is enough: reservetop= causes the same crash on bare metal, and so does a hypervisor that drops nothing.',
  hunks: [
    { id: 'vmi-boot/init-first', file: SETUP, where: 'setup_arch', does: 'Calls vmi_init() before early_cpu_init() and early_ioremap_init().' },
    { id: 'vmi-boot/activate', file: SETUP, where: 'setup_arch', does: 'Calls vmi_activate() after the early parameters, where vmi_init() was called before.' },
    { id: 'vmi-boot/split', file: VMI_C, where: 'vmi_init, vmi_activate', does: 'Leaves detection and the move of the fixmap in vmi_init(), and moves activation to a separate function.' },
    { id: 'vmi-boot/stubs-inline', file: VMI_H, where: 'vmi_init, vmi_activate, vmi_bringup', does: 'Gives kernels without CONFIG_VMI empty static inline functions.' },
    { id: 'vmi-boot/bringup', file: 'arch/x86/kernel/smpboot.c', where: 'start_secondary', does: 'Drops the #ifdef around vmi_bringup().' },
    { id: 'vmi-boot/ioremap-late', file: SETUP, where: 'setup_arch', does: 'Moves early_ioremap_init() after vmi_init().' },
    { id: 'vmi-boot/ifdef', file: SETUP, where: 'setup_arch', does: 'Puts an #ifdef CONFIG_VMI around each call.' },
    { id: 'vmi-boot/stubs-macro', file: VMI_H, where: 'vmi_init, vmi_activate, vmi_bringup', does: 'Gives kernels without CONFIG_VMI function-like macros that expand to nothing.' },
    { id: 'vmi-boot/reserve-split', file: 'arch/x86/mm/pgtable_32.c', where: 'reserve_top_address', does: 'Moves the fixmap at once and adds to __VMALLOC_RESERVE only at activation.' },
    { id: 'vmi-boot/no-double-count', file: 'arch/x86/mm/pgtable_32.c', where: 'reserve_top_address', does: 'Leaves __VMALLOC_RESERVE alone.' },
    { id: 'vmi-boot/fixup', file: 'arch/x86/mm/ioremap.c', where: 'fixup_early_ioremap', does: 'Links bm_pte again after reservetop= has moved the fixmap.' },
    { id: 'vmi-boot/relink', file: VMI_C, where: 'vmi_init', does: 'Calls early_ioremap_init() again at the end of vmi_init().' },
    { id: 'vmi-boot/announce-bm-pte', file: VMI_C, where: 'vmi_init', does: 'Announces bm_pte to the hypervisor after activation.' },
    { id: 'vmi-boot/dmi-late', file: SETUP, where: 'setup_arch', does: 'Moves the DMI scan back to after init_memory_mapping().' },
    { id: 'vmi-boot/activate-early', file: SETUP, where: 'setup_arch', does: 'Calls vmi_activate() right after early_ioremap_init().' },
    { id: 'vmi-boot/low-fixmap', file: 'arch/x86/include/asm/fixmap_32.h', where: '__FIXADDR_TOP', does: 'Gives the fixmap a fixed place below PAGE_OFFSET.' },
    { id: 'vmi-boot/give-up', file: 'arch/x86/mm/ioremap.c', where: 'early_ioremap', does: 'Returns NULL once the top of the address space has moved.' },
    { id: 'vmi-boot/map-before', file: SETUP, where: 'setup_arch', does: 'Maps the DMI area before vmi_init(), and keeps the mapping for the scan after it.' },
    { id: 'vmi-boot/irqs-on', file: VMI_C, where: 'vmi_activate', does: 'Activates without turning interrupts off.' },
  ],
  whole: LANDED_HUNKS,
  variants: [
    { id: 'take-1', kind: 'take', title: 'early_ioremap_init() moves after vmi_init()', hunks: ['vmi-boot/ioremap-late'], about: 'Zachary Amsden, 9 December 2008. One line moves. Yinghai Lu: parse_setup_data maps earlier than that.' },
    { id: 'take-2', kind: 'take', title: 'Detection first, activation after the parameters', hunks: [...ORDER, 'vmi-boot/ifdef'], about: 'Zachary Amsden, 10 December 2008. Yinghai Lu: vmalloc= overwrites the reserve. Greg Kroah-Hartman: no #ifdef in a .c file.' },
    { id: 'take-3', kind: 'take', title: 'The same with empty macros', hunks: [...ORDER, 'vmi-boot/stubs-macro', 'vmi-boot/bringup'], about: 'Zachary Amsden, 11 December 2008. Greg Kroah-Hartman: static inline. H. Peter Anvin: if it must be a macro, then one that is an expression.' },
    { id: 'take-4', kind: 'take', title: 'The same with static inline functions', hunks: LANDED_HUNKS, about: 'Zachary Amsden, 12 December 2008; merged as ae8d04e2ecbb and feb374144807.' },
    { id: 'reserve-split', kind: 'alternative', title: 'reserve_top_address() in two halves', hunks: [...LANDED_HUNKS, 'vmi-boot/reserve-split'], about: 'What Yinghai Lu asked for on 11 December 2008; never merged.' },
    { id: 'no-double-count', kind: 'alternative', title: 'No addition to __VMALLOC_RESERVE', hunks: [...LANDED_HUNKS, 'vmi-boot/no-double-count'], about: 'Jan Beulich, 30 July 2009, 6abf65510944 in 2.6.31-rc6. Right with the formula of 2.6.28 only.' },
    { id: 'fixup', kind: 'alternative', title: 'Link the page table again after reservetop=', hunks: [...LANDED_HUNKS, 'vmi-boot/fixup'], about: 'Liang Li, 30 April 2010, e67a807f3d9a in 2.6.34-rc7.' },
    { id: 'relink', kind: 'alternative', title: 'Link the page table again after vmi_init()', hunks: ['vmi-boot/relink'], about: 'The fix of 2010, applied in 2008; it was not proposed in the thread.' },
    { id: 'low-fixmap', kind: 'alternative', title: 'A fixmap that never moves', hunks: ['vmi-boot/low-fixmap'], about: 'H. Peter Anvin, 10 December 2008; accepted in principle, but too large for a release candidate.' },
    { id: 'announce-bm-pte', kind: 'near-miss', title: 'Announce the page table to the hypervisor', hunks: ['vmi-boot/announce-bm-pte'], about: 'Addresses exactly the cause that the first mail gives, but the page-directory entry for the new place stays empty.' },
    { id: 'dmi-late', kind: 'near-miss', title: 'Scan for DMI late again', hunks: ['vmi-boot/dmi-late'], about: 'Undoes the change that exposed the defect. The crash remains with setup_data, and low memory is unprotected again.' },
    { id: 'give-up', kind: 'near-miss', title: 'Map nothing early once the top has moved', hunks: ['vmi-boot/give-up'], about: 'Returning NULL is allowed, and the DMI scan copes with it. But the kernel then does not recognise the BIOS, and low memory is overwritten.' },
    { id: 'map-before', kind: 'near-miss', title: 'Map the DMI area before the move', hunks: ['vmi-boot/map-before'], about: 'An existing mapping does not depend on where the fixmap moves. But it lies in the part of the address space that was just given up.' },
    { id: 'activate-early', kind: 'near-miss', title: 'Detect and activate before everything', hunks: [...LANDED_HUNKS, 'vmi-boot/activate-early'], about: 'Simpler, and much like 2.6.27-rc3. But the command line has not been parsed yet.' },
    { id: 'irqs-on', kind: 'near-miss', title: 'Activate with interrupts as they are', hunks: [...LANDED_HUNKS, 'vmi-boot/irqs-on'], about: 'setup_arch runs with interrupts off anyway, so the pair looks superfluous.' },
  ],
  citations: [
    { source: 'ae8d04e2ecbb', says: 'The patch in mainline, first in 2.6.28-rc9.' },
    { source: 'feb374144807', says: 'The same in 2.6.27.10.' },
    { source: '5c371b31be32', says: 'The stable backport, in 2.6.27.6, that moved the DMI scan forward; upstream 2216d199b143, 2.6.28-rc1.' },
    { source: '0947b2f31ca1, 551889a6e2a2', says: 'early_ioremap on 32 bits and its place in setup_arch, 2.6.25-rc1.' },
    { source: '31343d8a5079, 3a6ddd5f1840', says: 'Two moves of vmi_init() during 2.6.27-rc, one for the page tables and one for the command line.' },
    { source: 'e621bd18958e', says: 'MAXMEM counts from VMALLOC_END since 2.6.28-rc1.' },
    { source: '6abf65510944', says: 'The addition to __VMALLOC_RESERVE is dropped in 2.6.31-rc6, since it counts the hole twice.' },
    { source: 'e67a807f3d9a', says: 'reservetop= gets its own fix in 2.6.34-rc7.' },
  ],
  notModelled: ['secondary processors', 'EFI', 'EDD, screen and other fields copied from boot_params', 'the timer operations of VMI', 'highmem= and mem='],
};
