@seed:003 @patch:vmi-boot @i386
Feature: How a boot ends is known for every configuration
  There is little to interleave in setup_arch. Instead, every way to configure and start
  the kernels is tried: each combination boots on the machine, and must end as predicted by
  a separate calculation that does not use page tables. The first disagreements between
  the two led to findings that are not in the thread.

  Rule: The machine and the prediction agree on every row

    @suite
    Scenario: Every kernel, hole, reading and command line boots as predicted, with and without PAE and setup_data
      When every essential combination boots
      Then each of the 2520 boots ends as predicted
      And a second check of the same machine contradicts 0 rows

    Scenario Outline: With <what>, every boot also ends as predicted
      When every essential combination boots with <what>
      Then each boot ends as predicted

      Examples:
        | what                                                                       |
        | 32 CPUs and a hole of 4 MiB                                                |
        | a hole of 8 MiB, into which reservetop= moves the fixmap but not the pkmap |
        | 4 GiB of RAM and long setup_data                                           |
        | CONFIG_VMI switched off                                                    |

    @suite
    Scenario: The comparison finds a row that was tampered with
      When every essential combination boots, and one row is inverted
      Then exactly 1 row is not as predicted

  Rule: A command prints the whole table

    Scenario: The rows of one kernel are printed
      When the user types "paravirt-spec boots --kernel '2.6.28' --rows"
      Then it exits with 0
      And it prints "2.6.28, NR_CPUS 8, 2048 MiB, hole 64 MiB (adopting): boots"
      And it prints "0 not as predicted"

    Scenario: A kernel that is not in the table is refused
      When the user types "paravirt-spec boots --kernel 2.6.29"
      Then it exits with 2

  Rule: On the merged kernels every remaining failure is known by name

    @after
    Scenario: Under a hypervisor that keeps 64 MiB, 2.6.28 boots with every command line of the table
      When every essential combination of "2.6.28" boots, adopting, with a hole of 64 MiB
      Then every row boots

    @after @counter:003.12
    Scenario: Under a hypervisor that keeps 64 MiB, 2.6.27.10 boots unless vmalloc= is small
      When every essential combination of "2.6.27.10" boots, adopting, with a hole of 64 MiB
      Then these command lines do not boot:
        | command line |
        | vmalloc=64M  |

    @open
    Scenario: Without a hypervisor, 2.6.28 boots unless reservetop= is given
      When every essential combination of "2.6.28" boots, adopting, with a hole of 0 MiB
      Then these command lines do not boot:
        | command line   |
        | reservetop=64M |

    @before
    Scenario: Under a hypervisor that keeps 64 MiB, 2.6.28-rc8 boots with no command line of the table
      When every essential combination of "2.6.28-rc8" boots, adopting, with a hole of 64 MiB
      Then no command line boots

  Rule: The check in reserve_top_address() catches the wrong users of the fixmap

    Background:
      Given a PC with 2048 MiB of RAM
      And a hypervisor that keeps the last 64 MiB of addresses

    @before
    Scenario: The check in reserve_top_address() misses the window of early_ioremap
      Given the boot loader passes short setup_data
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a page fault
      And fixmaps_set was still 0

    @before
    Scenario Outline: The check in reserve_top_address() catches <parameter>, which has done no harm
      Given the command line "<parameter>"
      When the kernel "2.6.28-rc8" boots
      Then the boot ends in a BUG of "reserve_top_address": "fixmaps_set > 0"

      Examples:
        | parameter                         |
        | earlycon=uart8250,mmio,0xd0000000 |
        | earlyprintk=dbgp                  |

    @after
    Scenario Outline: In the merged order, <parameter> uses the fixmap only after it has moved
      Given the command line "<parameter>"
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs under the hypervisor

      Examples:
        | parameter                         |
        | earlycon=uart8250,mmio,0xd0000000 |
        | earlyprintk=dbgp                  |

    @open
    Scenario Outline: With PAE and 32 CPUs, <parameter> finds no page table where the fixmap has moved
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
    Scenario: With PAE and 32 CPUs but no hypervisor, earlyprintk=dbgp finds the page table that head_32.S set up
      Given no hypervisor
      And kernels built with CONFIG_X86_PAE
      And kernels built for 32 CPUs
      And the command line "earlyprintk=dbgp"
      When the kernel "2.6.28" boots
      Then the kernel boots

  Rule: A page table that was linked at the old place of the fixmap stays linked there

    Background:
      Given a PC with 2048 MiB of RAM
      And a hypervisor that keeps the last 1 MiB of addresses
      And kernels built with CONFIG_X86_PAE

    @before
    Scenario: With PAE and a small hole, the APIC is left on a page table that was freed
      When the kernel "2.6.27" boots
      Then the boot ends in a page fault at ffefb020
      And "init_apic_mappings" takes the fault
      And the first update that the hypervisor dropped was to bm_pte

    @after
    Scenario: If the fixmap is in its final place from the start, nothing is left behind
      When the kernel "2.6.28" boots
      Then the kernel boots
      And the hypervisor dropped nothing

    Scenario: Linking the page table again leaves the old link behind
      When the kernel "2.6.28-rc8 with relink" boots
      Then the boot ends in a page fault at ffefb020
      And the first update that the hypervisor dropped was to bm_pte

    @open
    Scenario: A reservetop= smaller than the hole can go unnoticed
      Given the command line "reservetop=512K"
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs under the hypervisor
      And "bootBelowTheHole" is broken: "the kernel uses addresses up to 0xfff7f000"

    @open
    Scenario: A reservetop= smaller than the hole moves the fixmap back into the hole
      Given a hypervisor that keeps the last 168 MiB of addresses
      And the command line "reservetop=64M"
      When the kernel "2.6.28-rc8 with fixup" boots
      Then the boot ends in a BUG of "one_page_table_init": "the entry does not lead to the new table"
