@i386
Feature: Linux uses a VMI ROM only if it meets the requirements
  The ROM is in the area of option ROMs, and Linux looks for it through the direct map, without the fixmap. It requires two
  signatures, version 3 of the interface, a PCI header and the GPL. About an unknown PCI vendor it only prints a message.

  Background:
    Given a PC with 2048 MiB of RAM
    And a hypervisor that keeps the last 64 MiB of addresses

  Rule: A ROM that is refused changes nothing

    Scenario Outline: <what> is refused
      Given its ROM has <field> <value>
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs natively
      And the kernel does not print "Reserving virtual address space"

      Examples:
        | what                       | field           | value      |
        | Another option ROM         | rom_signature   | 0x55aa     |
        | A ROM of another kind      | vrom_signature  | 0x12345678 |
        | Version 2 of the interface | api_version_maj | 2          |
        | Version 4 of the interface | api_version_maj | 4          |
        | A ROM without a PCI header | pci             | none       |
        | A ROM without a licence    | license         | none       |
        | A proprietary ROM          | license         | VMware     |
        | The GPL in other words     | license         | GPL v3     |
        | A ROM off the 2 KiB grid   | at              | 0xc8400    |
        | A ROM beyond the ROM area  | at              | 0xe0000    |

    Scenario Outline: <what> is accepted
      Given its ROM has <field> <value>
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs under the hypervisor

      Examples:
        | what                  | field           | value   |
        | GPL v2 by name        | license         | GPL v2  |
        | A later minor version | api_version_min | 7       |
        | The first place       | at              | 0xc0000 |
        | The last place        | at              | 0xdf800 |

    Scenario: An unknown vendor is only reported
      Given its ROM has pci 0x8086
      When the kernel "2.6.28" boots
      Then it runs under the hypervisor
      And the kernel prints "unknown vendor or device"

    Scenario: The banner is printed before the licence is checked
      Given its ROM has license VMware
      When the kernel "2.6.28" boots
      Then it runs natively
      And the kernel prints "VMI: Found rom"
      And the kernel prints "Non GPL license"

  Rule: An operation that the ROM does not provide stays native

    Scenario: If the hypervisor refuses the guest, the kernel runs natively, but the hole stays reserved
      Given the hypervisor refuses the guest
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs natively
      And the kernel prints "VMI: initialization failed"
      And PKMAP begins at fb800000

    Scenario: Without SetPxE, the kernel writes its page tables itself
      Given its ROM lacks "SetPxE"
      When the kernel "2.6.28" boots
      Then the kernel boots
      And it runs under the hypervisor

  Rule: The hypervisor is told the largest direct map that lowmem can need

    Scenario Outline: <kernel> with "<line>" announces the right size
      Given the command line "<line>"
      When the kernel "<kernel>" boots
      Then the kernel boots
      And the hypervisor knows of <mib> MiB of direct map

      Examples:
        | kernel | line         | mib |
        | 2.6.26 |              | 896 |
        | 2.6.27 |              | 832 |
        | 2.6.28 |              | 759 |
        | 2.6.28 | vmalloc=256M | 687 |

  Rule: Under a ROM, a kernel changes a page table by a call that names the frame, the kind of table and the entry

    Scenario Outline: <what>, <config>
      When a kernel under a ROM does this <config>: <what>
      Then the ROM receives "<calls>"

      Examples: VMI_PAGE_L1 and L2 of asm/vmi.h: 41h and 42h, with PAE 51h and 52h; vmi_32.c in 2.6.27
        | config      | what                                                   | calls                                                                                                |
        | without PAE | the frame 5 becomes a page table                       | AllocatePage 5 41 0 0 0                                                                              |
        | with PAE    | the frame 5 becomes a page table                       | AllocatePage 5 51 0 0 0                                                                              |
        | without PAE | the frame 5 becomes a directory                        | AllocatePage 5 42 0 0 0                                                                              |
        | with PAE    | the frame 5 becomes a directory                        | AllocatePage 5 52 0 0 0                                                                              |
        | without PAE | the frame 5 is given back                             | ReleasePage 5 41                                                                                     |
        | with PAE    | the frame 5 is given back                             | ReleasePage 5 51                                                                                     |
        | without PAE | three entries of a page table from c0001008 on         | SetPxE 5163 c0001008 1, SetPxE 6163 c000100c 1, SetPxE 7163 c0001010 1                               |
        | with PAE    | three entries of a page table from c0001008 on         | SetPxELong 5163 c0001008 1, SetPxELong 6163 c0001010 1, SetPxELong 7163 c0001018 1                   |
        | without PAE | three entries of a directory from c0001008 on          | SetPxE 5163 c0001008 2, SetPxE 6163 c000100c 2, SetPxE 7163 c0001010 2                               |
        | with PAE    | three entries of a directory from c0001008 on          | SetPxELong 5163 c0001008 2, SetPxELong 6163 c0001010 2, SetPxELong 7163 c0001018 2                   |

    Scenario Outline: Without a ROM, <what>, <config>
      When a kernel under no ROM does this <config>: <what>
      Then these words are in memory: "<words>"

      Examples:
        | config      | what                                           | words                              |
        | without PAE | the frame 5 becomes a page table               | none                               |
        | without PAE | the frame 5 is given back                     | none                               |
        | without PAE | three entries of a page table from c0001008 on | 1008 5163, 100c 6163, 1010 7163    |
        | with PAE    | three entries of a page table from c0001008 on | 1008 5163, 1010 6163, 1018 7163    |
        | without PAE | three entries of a directory from c0001008 on  | 1008 5163, 100c 6163, 1010 7163    |
        | with PAE    | three entries of a directory from c0001008 on  | 1008 5163, 1010 6163, 1018 7163    |
