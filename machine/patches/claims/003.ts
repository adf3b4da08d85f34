import type { Claim } from '../types';

/** What thread 003 says, each statement on its own. */
export const claims003: readonly Claim[] = [
  { id: '003.1', says: 'Kernels with VMI fault on a page while they boot.' },
  {
    id: '003.2', says: 'Initialising VMI can move the fixmap; early_ioremap, if it was set up earlier, is broken from then on.',
    hypothesis: 'the hypervisor takes so much of the top that the window comes to lie under another entry of the page directory; a hole of one mebibyte does not',
  },
  {
    id: '003.3', says: 'Early mappings lie so low that their addresses collide with nobody\'s.',
    hypothesis: 'the hypervisor takes less than 2 MiB (less than 3 MiB with 32 CPUs), or the area is looked for where it lies after the move',
  },
  {
    id: '003.4', says: 'The cause is that the page tables came into being without VMI: the hypervisor takes what is written to them for irrelevant, and drops it.',
    hypothesis: 'the hypervisor drops writes to all that was never announced, and the fixmap stays under the same directory entry; then, however, the merged patch cures nothing',
  },
  { id: '003.5', says: 'All that precedes vmi_init is plain memory access, collecting the memory map and the processor\'s capabilities, and the early parameters; vmi_init depends on them.',
    hypothesis: 'there is no setup_data, and of the two halves of vmi_init activation is meant' },
  { id: '003.6', says: 'Nothing uses early_ioremap before DMI.', hypothesis: 'the boot loader passes no setup_data' },
  { id: '003.7', says: 'VMI needs the early boot parameters.', hypothesis: 'activation is meant; detection and the move of the fixmap need none' },
  { id: '003.8', says: 'With early_ioremap_init moved behind vmi_init, as take 1 does, the crash is gone.', hypothesis: 'the boot loader passes no setup_data' },
  { id: '003.9', says: 'parse_setup_data uses early_ioremap before that place, so take 1 breaks it.' },
  { id: '003.10', says: 'If VMI is detected before ioremap and activated behind the early parameters, nothing crashes and parse_setup_data goes on working.',
    hypothesis: 'VMI_Init takes over the page tables that it can reach from CR3 below its own addresses' },
  { id: '003.11', says: 'Since take 2, what reserve_top_address adds to __VMALLOC_RESERVE is lost to vmalloc=, which assigns.' },
  { id: '003.12', says: 'In practice the loss of vmalloc space to reserve_top_address hurts nobody.', hypothesis: 'the kernel has the formula of 2.6.28, or vmalloc= is large enough for the hole, or there is little RAM' },
  { id: '003.13', says: 'The loss of vmalloc space would not happen if reserve_top_address were two functions.' },
  { id: '003.14', says: 'If the fixmap had a fixed place low in the kernel\'s addresses, nothing would have to be moved, and no order kept.' },
  { id: '003.15', says: 'Where CONFIG_VMI is off, stubs let the calls compile and have no effect. Inline functions check types; empty macros check none; macros of the form ((void)(x)) evaluate their arguments and check none either.' },
  {
    id: '003.16', says: 'Backports in 2.6.27.4 brought the regression, and the candidates of 2.6.28 have it as well.',
    recorded: [
      { source: '5c371b31be32', says: 'The backport that exposes the defect is in 2.6.27.6; nothing between 2.6.27.3 and 2.6.27.4 touches the files concerned.' },
      { source: '2216d199b143', says: 'Its original is in 2.6.28-rc1.' },
      { source: 'Zachary Amsden, 10 December 2008', says: 'Reproduced on mainline of that day.' },
    ],
  },
];
