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
