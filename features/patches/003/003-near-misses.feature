@seed:003 @patch:vmi-boot @i386
Feature: Wrong fixes for the VMI boot crash are rejected, and each hunk is needed
  A fix that follows the thread's explanation to the letter changes nothing. Others
  hide the crash, or trade it for a loss that shows only later. One line that was
  not proposed in 2008 would have been enough.

  Background:
    Given a PC with 2048 MiB of RAM
    And a hypervisor that keeps the last 64 MiB of addresses

  Rule: A kernel boots under the hypervisor, and nothing is lost on the way

    @near-miss @counter:003.4
    Scenario: Announcing the page table to the hypervisor does not prevent the crash
      When the kernel "2.6.28-rc8 with announce-bm-pte" boots
      Then the boot ends in a page fault at fbe00000
      And the hypervisor dropped nothing
      And the page directory is empty at entry 1007

    @near-miss
    Scenario: Moving the DMI scan back to where it was lets the kernel use memory that the BIOS overwrites
      When the kernel "2.6.28-rc8 with dmi-late" boots
      Then the kernel boots
      And "bootLowMemoryAvoided" is broken: "in the 64 KiB that this BIOS overwrites"

    @near-miss
    Scenario: Refusing early mappings after the move loses the DMI data, and corrupts low memory
      A kernel that finds no DMI data is still judged by the BIOS that the machine
      really has.

      When the kernel "2.6.28-rc8 with give-up" boots
      Then the kernel boots
      And it runs under the hypervisor
      And "bootLowMemoryAvoided" is broken: "in the 64 KiB that this BIOS overwrites"

    @near-miss
    Scenario: A mapping made before the move is used in the hypervisor's part of the address space
      When the 2.6.28-rc8 with the variant "map-before" boots, and each step is judged
      Then "bootLeavesTheHole" is broken on the way: "the kernel has a read at 0xffe00000"

    @near-miss
    Scenario: Moving the DMI scan back to where it was still crashes with setup_data
      Given the boot loader passes short setup_data
      When the kernel "2.6.28-rc8 with dmi-late" boots
      Then the boot ends in a page fault at fbe00000

    Scenario Outline: Linking the page table again is enough, even if the hypervisor <reads>
      Given the boot loader passes long setup_data
      And the hypervisor <reads>
      When the kernel "2.6.28-rc8 with relink" boots
      Then the kernel boots
      And it runs under the hypervisor

      Examples:
        | reads                                          |
        | takes over the tables that it finds            |
        | knows only the page tables that were announced |
        | drops no update                                |

  Rule: The patch needs each of its hunks but one

    @hunk:vmi-boot/init-first
    Scenario: Without the early call of vmi_init(), the hypervisor is never found
      When the kernel "2.6.28" boots without "vmi-boot/init-first"
      Then the kernel boots
      And it runs natively
      And "bootUnderHypervisor" is broken: "was never activated"

    @hunk:vmi-boot/activate
    Scenario: Without the call of vmi_activate(), the hypervisor is found but never activated
      When the kernel "2.6.28" boots without "vmi-boot/activate"
      Then the kernel boots
      And it runs natively
      And "bootUnderHypervisor" is broken: "was never activated"

    @hunk:vmi-boot/split
    Scenario: Without the split of vmi_init(), the kernel does not link
      When the kernel "2.6.28" boots without "vmi-boot/split"
      Then it does not link, because "vmi_activate" is missing
      And "bootLinksEitherWay" is broken: "nothing provides vmi_activate()"

    @hunk:vmi-boot/stubs-inline
    Scenario Outline: Without the stubs, a kernel built <without> does not link
      Given kernels built <without>
      When the kernel "2.6.28" boots without "vmi-boot/stubs-inline"
      Then it does not link, because "<function>" is missing

      Examples:
        | without            | function     |
        | without CONFIG_VMI | vmi_init     |
        | without CONFIG_VMI | vmi_activate |
        | without CONFIG_VMI | vmi_bringup  |
        | for x86-64         | vmi_init     |

    @hunk:vmi-boot/bringup
    Scenario: The change in smpboot.c is not needed, since the #ifdef there does what the stub does
      Given kernels built without CONFIG_VMI
      When the kernel "2.6.28" boots without "vmi-boot/bringup"
      Then it links
      And the kernel boots

  Rule: No interrupt is handled while only half of the operations have been switched to the hypervisor

    Scenario: setup_arch runs with interrupts off, so no interrupt comes during activation
      Given a kernel that activates the hypervisor, with the patch
      When a timer may tick at every boundary
      Then no interrupt is handled during activation

    Scenario: Activation itself turns interrupts off as well
      Given a kernel that activates the hypervisor, with the patch
      And setup_arch is entered with interrupts on
      When a timer may tick at every boundary
      Then no interrupt is handled during activation

    @near-miss
    Scenario: If activation leaves interrupts on and is called with interrupts on, a tick comes in the middle
      Given a kernel that activates the hypervisor, with the variant "irqs-on"
      And setup_arch is entered with interrupts on
      When a timer may tick at every boundary
      Then some interrupt is handled during activation
