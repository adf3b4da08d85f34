import type { Claim } from './types';

/** What thread 003 says, each statement on its own. */
export const claims003: readonly Claim[] = [
  { id: '003.1', says: 'A VMI kernel of that time ends in a page fault during boot.' },
  {
    id: '003.2', says: 'VMI initialisation may relocate the fixmap, and early_ioremap initialised before that malfunctions afterwards.',
    hypothesis: 'the hypervisor takes so much of the top that the window comes to lie under another entry of the page directory; a hole of one mebibyte does not',
  },
  {
    id: '003.3', says: 'The ioremap area is low enough that no addresses collide.',
    hypothesis: 'the hypervisor takes less than 2 MiB (less than 3 MiB with 32 CPUs), or the area is looked for where it lies after the move',
  },
  {
    id: '003.4', says: 'The crash comes from page tables that were not allocated under VMI, so that the hypervisor drops updates to them as irrelevant.',
    hypothesis: 'the hypervisor drops writes to all that was never announced, and the fixmap stays under the same directory entry; then, however, the merged patch cures nothing',
  },
  { id: '003.5', says: 'Before vmi_init there is only basic memory access, the memory map, CPU capabilities and early parameters, and vmi_init needs those.',
    hypothesis: 'there is no setup_data, and of the two halves of vmi_init activation is meant' },
  { id: '003.6', says: 'Nothing uses early_ioremap before DMI.', hypothesis: 'the boot loader passes no setup_data' },
  { id: '003.7', says: 'VMI needs the early boot parameters.', hypothesis: 'activation is meant; detection and the move of the fixmap need none' },
  { id: '003.8', says: 'Take 1, early_ioremap_init after vmi_init, cures the crash.', hypothesis: 'the boot loader passes no setup_data' },
  { id: '003.9', says: 'Take 1 breaks parse_setup_data, which maps through early_ioremap earlier.' },
  { id: '003.10', says: 'Detection before ioremap and activation after the early parameters cure the crash and keep parse_setup_data working.',
    hypothesis: 'VMI_Init takes over the page tables that it can reach from CR3 below its own addresses' },
  { id: '003.11', says: 'From take 2 on, vmalloc= overwrites what reserve_top_address added to __VMALLOC_RESERVE.' },
  { id: '003.12', says: 'That is no problem in practice.', hypothesis: 'the kernel has the formula of 2.6.28, or vmalloc= is large enough for the hole, or there is little RAM' },
  { id: '003.13', says: 'Splitting reserve_top_address in two would avoid it.' },
  { id: '003.14', says: 'A fixmap at a fixed low place would need no relocation, and so no ordering.' },
  { id: '003.15', says: 'Without CONFIG_VMI the stubs make the same calls compile and do nothing; static inline checks types, empty macros do not, and the ((void)(x)) forms keep side effects but not type safety.' },
  {
    id: '003.16', says: 'The regression came with patches backported into 2.6.27.4, and is present in 2.6.28-rc.',
    recorded: [
      { source: '5c371b31be32', says: 'The backport that exposes the defect is in 2.6.27.6; nothing between 2.6.27.3 and 2.6.27.4 touches the files concerned.' },
      { source: '2216d199b143', says: 'Its original is in 2.6.28-rc1.' },
      { source: 'Zachary Amsden, 10 December 2008', says: 'Reproduced on mainline of that day.' },
    ],
  },
];
