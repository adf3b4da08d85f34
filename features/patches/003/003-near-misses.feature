@seed:003 @patch:vmi-boot @i386
Feature: Wrong fixes of the VMI boot crash are rejected, and each hunk is needed
  A fix that takes the thread's explanation at its word changes nothing. Others
  hide the crash, or trade it for a loss that nobody sees at once. One line that
  nobody proposed in 2008 would have done.

  Background:
    Given a PC with 2048 MiB of RAM
    And a hypervisor that keeps the last 64 MiB of addresses

  Rule: A kernel boots under the hypervisor, and nothing is lost on the way

    @near-miss @counter:003.4
    Scenario: Announcing the page table to the hypervisor cures nothing
      When the kernel "2.6.28-rc8 with announce-bm-pte" boots
      Then the boot ends in a page fault at fbe00000
      And the hypervisor dropped nothing
      And the page directory is empty at entry 1007

    @near-miss
    Scenario: Scanning for DMI late again lets the kernel use memory that the BIOS spoils
      When the kernel "2.6.28-rc8 with dmi-late" boots
      Then the kernel boots
      And "bootLowMemoryAvoided" is broken: "in the 64 KiB that this BIOS overwrites"

    @near-miss
    Scenario: Mapping nothing early once the top has moved loses the DMI data, and low memory with it
      The kernel that finds no DMI data is not judged by what it knows, but by the BIOS
      that the machine has.

      When the kernel "2.6.28-rc8 with give-up" boots
      Then the kernel boots
      And it runs under the hypervisor
      And "bootLowMemoryAvoided" is broken: "in the 64 KiB that this BIOS overwrites"

    @near-miss
    Scenario: A mapping from before the move is used in the hypervisor's part of the address space
      When the 2.6.28-rc8 with the variant "map-before" boots, and each step is judged
      Then "bootLeavesTheHole" is broken on the way: "the kernel has a read at 0xffe00000"

    @near-miss
    Scenario: Scanning for DMI late again leaves setup_data to crash
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

  Rule: Without any one of its hunks the patch does not work

    @hunk:vmi-boot/init-first
    Scenario: Without the call in front, the hypervisor is never found
      When the kernel "2.6.28" boots without "vmi-boot/init-first"
      Then the kernel boots
      And it runs natively
      And "bootUnderHypervisor" is broken: "was never activated"

    @hunk:vmi-boot/activate
    Scenario: Without the call behind, it is found twice and never activated
      When the kernel "2.6.28" boots without "vmi-boot/activate"
      Then the kernel boots
      And it runs natively
      And "bootUnderHypervisor" is broken: "was never activated"

    @hunk:vmi-boot/split
    Scenario: Without the split there is nothing to call
      When the kernel "2.6.28" boots without "vmi-boot/split"
      Then it does not link, for want of "vmi_activate"
      And "bootLinksEitherWay" is broken: "nothing provides vmi_activate()"

    @hunk:vmi-boot/stubs-inline
    Scenario Outline: Without the stubs a kernel <without> does not link
      Given kernels built <without>
      When the kernel "2.6.28" boots without "vmi-boot/stubs-inline"
      Then it does not link, for want of "<function>"

      Examples:
        | without            | function     |
        | without CONFIG_VMI | vmi_init     |
        | without CONFIG_VMI | vmi_activate |
        | without CONFIG_VMI | vmi_bringup  |
        | for x86-64         | vmi_init     |

    @hunk:vmi-boot/bringup
    Scenario: Without the change in smpboot.c the kernel is as good, since an #ifdef does what the stub does
      Given kernels built without CONFIG_VMI
      When the kernel "2.6.28" boots without "vmi-boot/bringup"
      Then it links
      And the kernel boots

  Rule: No interrupt is handled while half of the operations are the hypervisor's

    Scenario: setup_arch runs with interrupts off, so none can come
      Given a kernel that activates the hypervisor, with the patch
      When a timer may tick at every boundary
      Then no interrupt is handled during activation

    Scenario: Activation turns interrupts off by itself as well
      Given a kernel that activates the hypervisor, with the patch
      And setup_arch is entered with interrupts on
      When a timer may tick at every boundary
      Then no interrupt is handled during activation

    @near-miss
    Scenario: Without that, one tick falls into the middle once somebody calls it with interrupts on
      Given a kernel that activates the hypervisor, with the variant "irqs-on"
      And setup_arch is entered with interrupts on
      When a timer may tick at every boundary
      Then some interrupt is handled during activation
