import type { Claim } from '../types';

/** What thread 003 says, each statement on its own. */
export const claims003: readonly Claim[] = [
  { id: '003.1', says: 'Kernels with VMI take a page fault while they boot.' },
  {
    id: '003.2', says: 'Initialising VMI can move the fixmap. If early_ioremap was set up before that, it no longer works.',
    hypothesis: 'the hypervisor takes so much of the top that another page-directory entry covers the window; a hole of 1 MiB is too small for that',
  },
  {
    id: '003.3', says: 'Early mappings lie so low that their addresses collide with nothing.',
    hypothesis: 'the hypervisor takes less than 2 MiB (3 MiB with 32 CPUs), or the claim is about the area after the move',
  },
  {
    id: '003.4', says: 'The cause is that the page tables were created without VMI: the hypervisor considers writes to them irrelevant, and drops them.',
    hypothesis: 'the hypervisor drops writes to every page that was never announced, and the fixmap stays under the same page-directory entry; but then the merged patch does not help',
  },
  { id: '003.5', says: 'Before vmi_init come only plain memory accesses, the collection of the memory map and of the processor\'s capabilities, and the early parameters; vmi_init depends on these.',
    hypothesis: 'there is no setup_data, and the claim is about the half of vmi_init that activates the hypervisor' },
  { id: '003.6', says: 'Nothing uses early_ioremap before the DMI scan.', hypothesis: 'the boot loader passes no setup_data' },
  { id: '003.7', says: 'VMI needs the early boot parameters.', hypothesis: 'the claim is about activation; detection and the move of the fixmap need no parameters' },
  { id: '003.8', says: 'Moving early_ioremap_init after vmi_init, as take 1 does, prevents the crash.', hypothesis: 'the boot loader passes no setup_data' },
  { id: '003.9', says: 'parse_setup_data uses early_ioremap before the place to which take 1 moves early_ioremap_init, so take 1 breaks parse_setup_data.' },
  { id: '003.10', says: 'If VMI is detected before early_ioremap_init and activated after the early parameters, nothing crashes and parse_setup_data still works.',
    hypothesis: 'VMI_Init takes over the page tables that it can reach from CR3 below its own addresses' },
  { id: '003.11', says: 'From take 2 on, vmalloc= overwrites what reserve_top_address has added to __VMALLOC_RESERVE.' },
  { id: '003.12', says: 'In practice the loss of vmalloc space to reserve_top_address is not a problem.', hypothesis: 'the kernel has the formula of 2.6.28, or vmalloc= is large enough for the hole, or there is little RAM' },
  { id: '003.13', says: 'Splitting reserve_top_address into two functions would avoid the loss of vmalloc space.' },
  { id: '003.14', says: 'If the fixmap had a fixed place low in the kernel\'s address space, nothing would have to move, and the order would not matter.' },
  { id: '003.15', says: 'If CONFIG_VMI is off, stubs let the calls compile without any effect. Inline functions check types; empty macros check none; macros of the form ((void)(x)) evaluate their arguments and check none either.' },
  {
    id: '003.16', says: 'Backports in 2.6.27.4 brought the regression, and the candidates of 2.6.28 have it as well.',
    recorded: [
      { source: '5c371b31be32', says: 'The backport that exposes the defect is in 2.6.27.6; nothing between 2.6.27.3 and 2.6.27.4 touches the files concerned.' },
      { source: '2216d199b143', says: 'Its original is in 2.6.28-rc1.' },
      { source: 'Zachary Amsden, 10 December 2008', says: 'Reproduced on mainline of that day.' },
    ],
  },
];
