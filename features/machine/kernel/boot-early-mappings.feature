@i386
Feature: Memory is mapped early through four slots of 64 pages
  Before the kernel has its own page tables, early_ioremap maps what the firmware left behind. It uses one static page
  table, without a walk, and hands its mappings over to the normal page tables once these work.

  Background:
    Given a PC with 2048 MiB of RAM
    And no hypervisor

  Rule: A mapping that fits a slot is made at the start of the slot, and a larger one is refused

    Scenario Outline: <kernel>: slot <n> begins at <address>
      When <n> pages are mapped early one after the other, on "<kernel>"
      Then the last of them is at <address>

      Examples:
        | kernel | n | address  |
        | 2.6.27 | 1 | ffe00000 |
        | 2.6.27 | 2 | ffe40000 |
        | 2.6.27 | 3 | ffe80000 |
        | 2.6.27 | 4 | ffec0000 |
        | 2.6.28 | 4 | ffec0000 |

    Scenario Outline: <kernel> refuses <what>
      When <what> is mapped early, on "<kernel>"
      Then it is refused

      Examples:
        | kernel | what                        |
        | 2.6.27 | a fifth page                |
        | 2.6.28 | a fifth page                |
        | 2.6.27 | nothing at all              |
        | 2.6.28 | one byte more than 64 pages |

    Scenario Outline: <kernel> maps <pages> pages for 4097 bytes from the start of a page
      When 4097 bytes are mapped early, on "<kernel>"
      Then <pages> pages of the slot are in use

      Examples:
        | kernel   | pages |
        | 2.6.27   | 1     |
        | 2.6.27.2 | 2     |
        | 2.6.28   | 2     |

    Scenario: In 2.6.28 slots are released by address, in any order
      When the first of two early mappings is released, on "2.6.28"
      Then the second is still mapped

    Scenario: In 2.6.27 the last slot is released, whichever one was meant
      When the first of two early mappings is released, on "2.6.27"
      Then the second is no longer mapped

  Rule: An early mapping that is still in use survives the change to the kernel's own page tables

    Scenario Outline: <kernel> maps the page again in the normal page tables
      When a page is mapped early and the page tables are made, on "<kernel>"
      Then the page is mapped where it was

      Examples:
        | kernel |
        | 2.6.27 |
        | 2.6.28 |

  Rule: The entries that a boot loader passes reach the memory map

    Scenario Outline: With <size> setup_data, <kernel> adds <lines> lines to the memory map
      Given the boot loader passes <size> setup_data
      When the kernel "<kernel>" boots
      Then the kernel boots
      And the memory map has <lines> lines that come only from setup_data

      Examples:
        | size  | kernel | lines |
        | no    | 2.6.28 | 0     |
        | short | 2.6.28 | 1     |
        | long  | 2.6.28 | 240   |
        | long  | 2.6.27 | 240   |
        | long  | 2.6.26 | 0     |

    Scenario Outline: <function> goes through the list, and leaves no mapping behind
      Given these words are in memory, as a boot loader lays out a list of setup_data
        | at      | words                                                      |
        | 1f00000 | 1f08000 0 1 28 fed40000 0 1000 0 2 0 1 100000 0 1          |
        | 1f08000 | 0 0 3 10                                                   |
      When "<kernel>" calls <function> with the list that begins at 1f00000, by boot protocol <protocol>
      Then it has "<what>"
      And nothing is mapped early any more

      Examples: struct setup_data of asm/bootparam.h is next, type, len, bytes; 28h bytes are two lines of a memory map, the second above 4 GiB; type 3 is none
        | function                 | kernel | protocol | what                                                                         |
        | parse_setup_data         | 2.6.28 | 209      | fed40000-fed41000 reserved, 100000000-100100000 RAM                          |
        | parse_setup_data         | 2.6.28 | 208      | nothing                                                                      |
        | parse_setup_data         | 2.6.27 | 20a      | fed40000-fed41000 reserved, 100000000-100100000 RAM                          |
        | reserve_early_setup_data | 2.6.28 | 209      | 1f00000-1f00038 setup data, 1f08000-1f08020 setup data                       |
        | e820_reserve_setup_data  | 2.6.28 | 209      | 1f00000-1f00038 kernel data, 1f08000-1f08020 kernel data                     |

  Rule: Each check of a boot can fail

    Scenario Outline: <check> fails once <how>
      When a boot of "2.6.28" ends, and then <how>
      Then "<check>" is broken: "<words>"

      Examples:
        | check                | how                                        | words                |
        | bootLowmemMapped     | an entry of lowmem is cleared              | is not mapped        |
        | bootLowmemMapped     | an entry of lowmem leads to the wrong page | it should lead       |
        | bootSetupDataHeard   | setup_data turns up                        | still free memory    |
        | bootGoesThrough      | a BUG is hit                               | should reach the end |
        | bootLowMemoryAvoided | page tables are found low                  | in the 64 KiB        |
