@seed:003 @patch:vmi-boot @i386
Feature: How a boot ends is known for every configuration
  There is little to interleave in setup_arch; what there is to exhaust is how
  kernels are built and started. Each combination boots on the machine, and each
  ends as reasoning on paper says, which knows no page tables. What nobody wrote
  in the thread came out of the rows where the two disagreed at first.

  Rule: The machine and the reasoning agree on every row

    Scenario: Every kernel, hole, reading and command line, with and without PAE and setup_data
      When every essential combination boots
      Then each of the 2520 boots ends as predicted
      And 0 rows are contradicted by a second look at the same machine

    Scenario Outline: With <what> the cut is made elsewhere and the agreement stays
      When every essential combination boots with <what>
      Then each boot ends as predicted

      Examples:
        | what                             |
        | 32 CPUs and a hole of 4 MiB      |
        | 4 GiB of RAM and long setup_data |
        | CONFIG_VMI switched off          |

    Scenario: The comparison finds a row that was tampered with
      When every essential combination boots, and one row is turned round
      Then exactly 1 row is not as predicted

  Rule: The whole table is a command away

    Scenario: One kernel of it
      When the user types "paravirt-spec boots --kernel '2.6.28' --rows"
      Then it exits with 0
      And it prints "2.6.28, NR_CPUS 8, 2048 MiB, hole 64 MiB (adopting): boots"
      And it prints "0 not as predicted"

    Scenario: A kernel that is not in it
      When the user types "paravirt-spec boots --kernel 2.6.29"
      Then it exits with 2

  Rule: On the merged kernels the patch leaves nothing open but what is named

    @after
    Scenario: Under a hypervisor of 64 MiB 2.6.28 boots with every command line of the table
      When every essential combination of "2.6.28" boots, adopting, with a hole of 64 MiB
      Then every row boots

    @after @counter:003.12
    Scenario: 2.6.27.10 boots with all but a small vmalloc=
      When every essential combination of "2.6.27.10" boots, adopting, with a hole of 64 MiB
      Then these command lines do not boot:
        | command line |
        | vmalloc=64M  |

    @open
    Scenario: Without a hypervisor, reservetop= is what 2.6.28 does not boot with
      When every essential combination of "2.6.28" boots, adopting, with a hole of 0 MiB
      Then these command lines do not boot:
        | command line   |
        | reservetop=64M |

    @before
    Scenario: 2.6.28-rc8 boots with none
      When every essential combination of "2.6.28-rc8" boots, adopting, with a hole of 64 MiB
      Then no command line boots

  Rule: The check in reserve_top_address() sees the wrong users of the fixmap

    Background:
      Given a PC with 2048 MiB of RAM
      And a hypervisor that keeps the last 64 MiB of addresses

    @before
    Scenario: The check in reserve_top_address() does not see the window of early_ioremap
      Given the boot loader passes short setup_data
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a page fault
      And fixmaps_set was still 0

    @before
    Scenario Outline: The check in reserve_top_address() sees <parameter>, which has harmed nobody until then
      Given the command line "<parameter>"
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a BUG of "reserve_top_address": "fixmaps_set > 0"

      Examples:
        | parameter                         |
        | earlycon=uart8250,mmio,0xd0000000 |
        | earlyprintk=dbgp                  |

    @after
    Scenario Outline: In the merged order <parameter> finds the fixmap where it will stay
      Given the command line "<parameter>"
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs under the hypervisor

      Examples:
        | parameter                         |
        | earlycon=uart8250,mmio,0xd0000000 |
        | earlyprintk=dbgp                  |

    @open
    Scenario Outline: With PAE and 32 CPUs <parameter> finds no page table there
      Given kernels built with CONFIG_X86_PAE
      And kernels built for 32 CPUs
      And the command line "<parameter>"
      When the kernel "2.6.28" boots
      Then the boot ends in a BUG of "set_pte_vaddr": "pmd_none"

      Examples:
        | parameter                         |
        | earlycon=uart8250,mmio,0xd0000000 |
        | earlyprintk=dbgp                  |

    @control
    Scenario: Natively it does, since head_32.S left one under the last entry
      Given no hypervisor
      And kernels built with CONFIG_X86_PAE
      And kernels built for 32 CPUs
      And the command line "earlyprintk=dbgp"
      When the kernel "2.6.28" boots
      Then the kernel boots

  Rule: What was linked under the old place stays there

    Background:
      Given a PC with 2048 MiB of RAM
      And a hypervisor that keeps the last 1 MiB of addresses
      And kernels built with CONFIG_X86_PAE

    @before
    Scenario: A small hole under PAE leaves the APIC on a page table that was given back
      When the kernel "2.6.27" boots
      Then the boot ends in a page fault at ffefb020
      And "init_apic_mappings" takes the fault
      And the first update that the hypervisor dropped was one of bm_pte

    @after
    Scenario: With the fixmap in its place from the start nothing is left behind
      When the kernel "2.6.28" boots
      Then the kernel boots
      And the hypervisor dropped nothing

    Scenario: Linking the page table again leaves the old link too
      When the kernel "2.6.28-rc8 with relink" boots
      Then the boot ends in a page fault at ffefb020
      And the first update that the hypervisor dropped was one of bm_pte

    @open
    Scenario: reservetop= smaller than the hole can even go unnoticed
      Given the command line "reservetop=512K"
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs under the hypervisor
      And "bootBelowTheHole" is broken: "the kernel uses addresses up to 0xfff7f000"

    @open
    Scenario: reservetop= smaller than the hole moves the fixmap back into it
      Given a hypervisor that keeps the last 168 MiB of addresses
      And the command line "reservetop=64M"
      When the kernel "2.6.28-rc8 with fixup" boots
      Then the boot ends in a BUG of "one_page_table_init": "the entry does not lead to the new table"
