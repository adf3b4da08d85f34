@seed:003 @patch:vmi-boot @i386
Feature: A kernel finds its hypervisor before it maps anything early
  A kernel under VMI gives up the top of its address space and moves the fixmap
  down. By then early_ioremap had already linked its page table at the old place, so
  the first early mapping after the move hit an empty page-directory entry. Since
  2.6.27.6 that first mapping is the scan for DMI data. The fourth take of Zachary
  Amsden's patch of December 2008 looks for the hypervisor before anything is mapped.

  Background:
    Given a PC with 2048 MiB of RAM
    And a hypervisor that keeps the last 64 MiB of addresses

  Rule: A kernel boots with and without a hypervisor

    @before @claim:003.1 @claim:003.2
    Scenario: Without the patch, the first read of the DMI area faults
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a page fault at fbe00000
      And the early handler prints "BUG: Int 14: CR2 fbe00000"
      And "dmi_present" takes the fault, in "dmi_scan_machine"
      And the page directory is empty at entry 1007

    @before @claim:003.1
    Scenario Outline: Without the patch, the first read of the DMI area also faults <where>
      Given kernels built <how>
      When the kernel "<kernel>" boots
      Then the boot ends in a page fault at <address>
      And the page directory is empty at entry <entry>

      Examples:
        | where                             | how                 | kernel     | address  | entry |
        | in the stable series              | for 8 CPUs          | 2.6.27.9   | fbe00000 | 1007  |
        | in the first release with the bug | for 8 CPUs          | 2.6.27.6   | fbe00000 | 1007  |
        | with 32 CPUs                      | for 32 CPUs         | 2.6.28-rc8 | fbd00000 | 1007  |
        | with PAE                          | with CONFIG_X86_PAE | 2.6.28-rc8 | fbe00000 | 479   |

    @before
    Scenario: The mapping went into a page table that was never announced to the hypervisor
      When the kernel "2.6.28-rc8" boots
      Then "bootNothingDropped" is broken: "the first of page frame 0x5f3"
      And the first update that the hypervisor dropped was to bm_pte

    @before
    Scenario: The mapping was written, but into a page table that is linked elsewhere
      Given the hypervisor drops no update
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a page fault at fbe00000
      And bm_pte is linked at entry 1023
      And bm_pte has an entry for the first page of the area

    @after @claim:003.10
    Scenario Outline: With detection first and activation later, <kernel> boots
      Given the boot loader passes long setup_data
      When the kernel "<kernel>" boots
      Then the kernel boots
      And it runs under the hypervisor
      And the hypervisor dropped nothing
      And the memory map has 240 lines that come only from setup_data

      Examples:
        | kernel                 |
        | 2.6.28                 |
        | 2.6.27.10              |
        | 2.6.28-rc8 with take-2 |
        | 2.6.28-rc8 with take-3 |
        | 2.6.28-rc8 with take-4 |

    @after @requirement @hunk:vmi-boot/init-first @hunk:vmi-boot/activate @hunk:vmi-boot/split @hunk:vmi-boot/stubs-inline
    Scenario: The kernel under review links, and boots under the hypervisor
      Of the five hunks, only the one in smpboot.c is not needed: the #ifdef that it
      removes does what the stub does.

      Given the boot loader passes short setup_data
      When the 2.6.28-rc8 under review boots
      Then the kernel boots
      And it runs under the hypervisor
      And it links with CONFIG_VMI and without

    @after @claim:003.15
    Scenario: Without CONFIG_VMI the kernel boots natively on the same machine
      Given kernels built without CONFIG_VMI
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs natively

    @control
    Scenario Outline: Before the DMI scan was moved, <kernel> booted despite the wrong order
      When the kernel "<kernel>" boots
      Then the kernel boots
      And it runs under the hypervisor

      Examples:
        | kernel |
        | 2.6.21 |
        | 2.6.26 |
        | 2.6.27 |

    @control @counter:003.16
    Scenario: The regression is not in 2.6.27.5, so it did not come with 2.6.27.4
      When the kernel "2.6.27.5" boots
      Then the kernel boots
      And it runs under the hypervisor

    @before @claim:003.16
    Scenario: 2.6.28-rc1 already has the regression
      When the kernel "2.6.28-rc1" boots
      Then the boot ends in a page fault at fbe00000

  Rule: Moving the fixmap after early_ioremap is initialised breaks early_ioremap

    @before @claim:003.2 @counter:003.4
    Scenario: The move alone is enough for the crash, without a hypervisor
      Given no hypervisor
      And the command line "reservetop=64M"
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a page fault at fbe00000
      And the page directory is empty at entry 1007

    @counter:003.4
    Scenario: The kernel also crashes if the hypervisor drops no update
      Given the hypervisor drops no update
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a page fault at fbe00000
      And the hypervisor dropped nothing

    @claim:003.4
    Scenario: Dropped updates alone are enough for the crash, even if the move does no harm
      Given a hypervisor that keeps the last 1 MiB of addresses
      And the hypervisor knows only the page tables that were announced
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a page fault at ffd00000
      And the page directory has a table at entry 1023, which is empty at entry 256
      And the first update that the hypervisor dropped was to bm_pte

    @counter:003.2
    Scenario: A move within one page-directory entry does no harm
      Given a hypervisor that keeps the last 1 MiB of addresses
      When the kernel "2.6.28-rc8" boots
      Then the kernel boots
      And it runs under the hypervisor

    @counter:003.4 @counter:003.10
    Scenario: If only announced page tables counted, the merged patch would not prevent the crash
      Given the hypervisor knows only the page tables that were announced
      When the kernel "2.6.28" boots
      Then the boot ends in a page fault at fbe00000
      And the page directory has a table at entry 1007, which is empty at entry 512

    @claim:003.8
    Scenario: If only announced page tables counted, take 1 would prevent the crash
      Given the hypervisor knows only the page tables that were announced
      When the kernel "2.6.28-rc8 with take-1" boots
      Then the kernel boots
      And it runs under the hypervisor

    @open
    Scenario: The merged patch does not fix reservetop=
      Given no hypervisor
      And the command line "reservetop=64M"
      When the kernel "2.6.28" boots
      Then the boot ends in a page fault at fbe00000

    Scenario: With the fix of 2010, the kernel boots with reservetop=
      Given no hypervisor
      And the command line "reservetop=64M"
      When the kernel "2.6.28-rc8 with fixup" boots
      Then the kernel boots

  Rule: setup_data is read before the command line, so it needs early_ioremap

    @take:1 @after @claim:003.8
    Scenario: Take 1 prevents the crash if there is no setup_data
      When the kernel "2.6.28-rc8 with take-1" boots
      Then the kernel boots
      And it runs under the hypervisor

    @take:1 @counter:003.8 @claim:003.9
    Scenario: Take 1 cannot read setup_data under the hypervisor
      Given the boot loader passes short setup_data
      When the kernel "2.6.28-rc8 with take-1" boots
      Then the boot ends in a page fault at ffe00000
      And "parseNode" takes the fault, in "parse_setup_data"
      And the page directory has a table at entry 1023, which is empty at entry 512

    @take:1 @claim:003.9
    Scenario: Take 1 cannot read setup_data on bare metal either
      Given no hypervisor
      And the boot loader passes short setup_data
      When the kernel "2.6.28-rc8 with take-1" boots
      Then the boot ends in a page fault at ffe00000

    @take:1 @claim:003.9 @x86_64
    Scenario: Take 1 cannot read setup_data even on x86-64, which has no VMI
      Given no hypervisor
      And kernels built for x86-64
      And the boot loader passes short setup_data
      When the kernel "2.6.28-rc8 with take-1" boots
      Then the boot ends in a page fault 12 MiB below the top of the address space
      And the page directory has a table at entry 506, which is empty at entry 0

    @control @x86_64
    Scenario: With the merged order, x86-64 reads setup_data
      Given no hypervisor
      And kernels built for x86-64
      And the boot loader passes long setup_data
      When the kernel "2.6.28" boots
      Then the kernel boots
      And the memory map has 240 lines that come only from setup_data

    @before
    Scenario: With setup_data, even the kernels that are said to work did not boot
      Given the boot loader passes short setup_data
      When the kernel "2.6.27" boots
      Then the boot ends in a page fault at fbe00000
      And "reserveEarlyNode" takes the fault, in "reserve_early_setup_data"

  Rule: Each step of setup_arch comes after the steps that it needs

    @claim:003.5 @claim:003.6
    Scenario: Without setup_data, the DMI scan makes the first early mapping
      When the order of "2.6.28-rc8" is examined
      Then "setup_memory_map, early_cpu_init, parse_early_param" come before "vmi_init"
      And the first early mapping is made by "dmi_scan_machine"

    @counter:003.5 @counter:003.6
    Scenario: With setup_data, there are early mappings before vmi_init and before the DMI scan
      Given the boot loader passes short setup_data
      When the order of "2.6.28-rc8" is examined
      Then the first early mapping is made by "parse_setup_data"
      And "parse_setup_data" comes before "vmi_init"

    @counter:003.5 @claim:003.10
    Scenario: The merged order finds the hypervisor before any early mapping, and loses nothing
      Given the boot loader passes short setup_data
      When the order of "2.6.28" is examined
      Then "vmi_init" comes before "early_ioremap_init"
      And "vmi_init" comes before "setup_memory_map, parse_early_param"
      And "parse_early_param" comes before "vmi_activate"

    @claim:003.7 @near-miss
    Scenario: Activation before the command line is parsed ignores its options
      Given the command line "vmi=disable_pge vmalloc=64M"
      When the kernel "2.6.28-rc8 with activate-early" boots
      Then the kernel boots
      And "bootVmiFlagsHeeded" is broken: "vmi=disable_pge was parsed after activation"
      And "bootLinearMappingCoversLowmem" is broken: "the hypervisor was told of"

    @counter:003.7
    Scenario: Detection before the command line is parsed ignores no option
      Given the command line "vmi=disable_pge vmalloc=64M"
      When the kernel "2.6.28" boots
      Then every requirement of a boot holds

    Scenario: The drawing shows what moved between 2.6.28-rc8 and 2.6.28
      Given the boot loader passes short setup_data
      When the orders of "2.6.28-rc8" and "2.6.28" are drawn
      Then the drawing shows that "vmi_init" moved

    Scenario Outline: The drawing shows what moved between <one> and <other>
      Given no hypervisor
      When the orders of "<one>" and "<other>" are drawn
      Then the drawing shows that "<moved>" moved

      Examples:
        | one                    | other                  | moved              |
        | 2.6.28-rc8             | 2.6.28                 | vmi_init           |
        | 2.6.27.5               | 2.6.27.6               | dmi_scan_machine   |
        | 2.6.28-rc8 with take-1 | 2.6.28-rc8 with take-2 | early_ioremap_init |
        | 2.6.28-rc8             | 2.6.28-rc8 with take-1 | early_ioremap_init |
