@seed:003 @patch:vmi-boot @i386
Feature: What vmalloc= loses when it is parsed after the fixmap has moved
  Moving the fixmap adds the hypervisor's hole to __VMALLOC_RESERVE, while vmalloc=
  assigns to it. From take 2 on, the assignment comes last. Yinghai Lu pointed this
  out; the answer was that it is not a problem in practice. Whether that is true
  depends on the release: between 2.6.27 and 2.6.28 the formula for the end of
  lowmem changed.

  Background:
    Given a PC with 2048 MiB of RAM

  Rule: The layout of the address space follows from the command line and the order of the boot

    Scenario Outline: The layout of <kernel> with a hole of <hole> MiB and the command line "<line>"
      Given a hypervisor that keeps the last <hole> MiB of addresses
      And the command line "<line>"
      When the kernel "<kernel>" boots
      Then the reserve is <reserve> MiB and lowmem has <lowmem> MiB
      And high_memory is <high> and vmalloc begins at <start>
      And vmalloc has <vmalloc> MiB
      And the address space is drawn to scale

      Examples: Without a hypervisor
        | kernel | hole | line         | vmalloc | start    | high     | lowmem | reserve |
        | 2.6.27 | 0    |              | 111.99  | f8800000 | f8000000 | 896    | 128     |
        | 2.6.27 | 0    | vmalloc=256M | 239.99  | f0800000 | f0000000 | 768    | 256     |
        | 2.6.28 | 0    |              | 120     | f7ffe000 | f77fe000 | 887.99 | 128     |
        | 2.6.28 | 0    | vmalloc=256M | 256     | ef7fe000 | eeffe000 | 751.99 | 264     |

      Examples: The parameter first, then the move
        | kernel                 | hole | line         | vmalloc | start    | high     | lowmem | reserve |
        | 2.6.27                 | 64   |              | 111.99  | f4800000 | f4000000 | 832    | 192     |
        | 2.6.27                 | 64   | vmalloc=256M | 239.99  | ec800000 | ec000000 | 704    | 320     |
        | 2.6.27                 | 64   | vmalloc=64M  | 47.99   | f8800000 | f8000000 | 896    | 128     |
        | 2.6.28-rc8 with relink | 64   |              | 184     | efffe000 | ef7fe000 | 759.99 | 192     |
        | 2.6.28-rc8 with relink | 64   | vmalloc=256M | 320     | e77fe000 | e6ffe000 | 623.99 | 328     |

      Examples: The move first, then the parameter
        | kernel    | hole | line         | vmalloc | start    | high     | lowmem | reserve |
        | 2.6.27.10 | 64   |              | 111.99  | f4800000 | f4000000 | 832    | 192     |
        | 2.6.27.10 | 64   | vmalloc=256M | 175.99  | f0800000 | f0000000 | 768    | 256     |
        | 2.6.28    | 64   |              | 184     | efffe000 | ef7fe000 | 759.99 | 192     |
        | 2.6.28    | 64   | vmalloc=256M | 256     | eb7fe000 | eaffe000 | 687.99 | 264     |
        | 2.6.28    | 64   | vmalloc=64M  | 64      | f77fe000 | f6ffe000 | 879.99 | 72      |

    Scenario Outline: PAE moves pkmap up by 2 MiB: <kernel>, with a hole of <hole> MiB
      Given kernels built with CONFIG_X86_PAE
      And a hypervisor that keeps the last <hole> MiB of addresses
      When the kernel "<kernel>" boots
      Then PKMAP begins at <pkmap>
      And vmalloc has <vmalloc> MiB
      And the reserve is <reserve> MiB and lowmem has <lowmem> MiB

      Examples:
        | kernel    | hole | pkmap    | vmalloc | reserve | lowmem |
        | 2.6.27    | 0    | ffa00000 | 113.99  | 128     | 896    |
        | 2.6.27.10 | 64   | fba00000 | 113.99  | 192     | 832    |
        | 2.6.28    | 0    | ffa00000 | 120     | 128     | 889.99 |
        | 2.6.28    | 64   | fba00000 | 184     | 192     | 761.99 |

  Rule: vmalloc= gives as much as it asks for

    @take:2 @claim:003.11 @counter:003.12
    Scenario: In 2.6.27.10 a large vmalloc= gives less, by the size of the hole
      Given a hypervisor that keeps the last 64 MiB of addresses
      And the command line "vmalloc=256M"
      When the kernel "2.6.27.10" boots
      Then the kernel boots
      And "bootVmallocAsAsked" is broken: "vmalloc has 175.99 MiB"

    @claim:003.11 @counter:003.12
    Scenario: 2.6.27.10 does not boot with a small vmalloc=
      Given a hypervisor that keeps the last 64 MiB of addresses
      And the command line "vmalloc=64M"
      When the kernel "2.6.27.10" boots
      Then the boot ends in a BUG of "mem_init": "VMALLOC_START > VMALLOC_END"
      And the reserve is 64 MiB and lowmem has 960 MiB
      And the address space is drawn to scale
      And the drawing shows that "lowmem runs into fixmap"

    @control @claim:003.12
    Scenario Outline: The kernel boots with a small vmalloc= given <case>
      Given a PC with <ram> MiB of RAM
      And a hypervisor that keeps the last <hole> MiB of addresses
      And the command line "<line>"
      When the kernel "<kernel>" boots
      Then the kernel boots

      Examples:
        | case                      | ram  | hole | line        | kernel    |
        | the formula of 2.6.28     | 2048 | 64   | vmalloc=64M | 2.6.28    |
        | little RAM                | 512  | 64   | vmalloc=64M | 2.6.27.10 |
        | enough of it for the hole | 2048 | 64   | vmalloc=88M | 2.6.27.10 |
        | no hypervisor             | 2048 | 0    | vmalloc=64M | 2.6.27.10 |

    @claim:003.12
    Scenario: In 2.6.28 vmalloc= gives exactly what it asks for
      Given a hypervisor that keeps the last 64 MiB of addresses
      And the command line "vmalloc=256M"
      When the kernel "2.6.28" boots
      Then every requirement of a boot holds
      And vmalloc has 256 MiB

    Scenario Outline: The smallest vmalloc= with which <kernel> boots is <least>M, with a hole of <hole> MiB
      Given a hypervisor that keeps the last <hole> MiB of addresses
      When the kernel "<kernel>" boots with every fourth vmalloc= from 4M to 256M
      Then the smallest that boots is <least>M

      Examples:
        | kernel    | hole | least |
        | 2.6.27.10 | 64   | 88    |
        | 2.6.27    | 64   | 24    |
        | 2.6.27.10 | 0    | 24    |
        | 2.6.28    | 64   | 4     |
        | 2.6.27.10 | 168  | 192   |

    @claim:003.13
    Scenario Outline: With reserve_top_address() split in two, 2.6.27.9 keeps "<line>"
      Given a hypervisor that keeps the last 64 MiB of addresses
      And the command line "<line>"
      When the kernel "2.6.27.9 with reserve-split" boots
      Then every requirement of a boot holds
      And vmalloc has <vmalloc> MiB

      Examples:
        | line         | vmalloc |
        | vmalloc=256M | 239.99  |
        | vmalloc=64M  | 47.99   |
        |              | 111.99  |

    Scenario: In 2.6.28 the split would count the hole twice even if vmalloc= is given
      Given a hypervisor that keeps the last 64 MiB of addresses
      And the command line "vmalloc=256M"
      When the kernel "2.6.28-rc8 with reserve-split" boots
      Then "bootHoleCountedOnce" is broken: "vmalloc has 320.00 MiB where 256 were asked for"

  Rule: The hypervisor's hole is subtracted from lowmem exactly once

    @open
    Scenario: 2.6.28 counts the hole twice unless vmalloc= is given
      Given a hypervisor that keeps the last 64 MiB of addresses
      When the kernel "2.6.28" boots
      Then every requirement of a boot holds but "bootHoleCountedOnce"
      And "bootHoleCountedOnce" is broken: "vmalloc has 184.00 MiB where 128 were asked for"

    Scenario: With the addition removed, as in 2009, the hole is counted once
      Given a hypervisor that keeps the last 64 MiB of addresses
      When the kernel "2.6.28-rc8 with no-double-count" boots
      Then every requirement of a boot holds
      And vmalloc has 120 MiB

    Scenario: Up to 2.6.26 lowmem was sized before the move, so the addition came too late
      Given a hypervisor that keeps the last 64 MiB of addresses
      When the kernel "2.6.26" boots
      Then the kernel boots
      And the reserve is 192 MiB and lowmem has 896 MiB
      And vmalloc has 47.99 MiB

  Rule: If the fixmap does not move, the order does not matter

    @claim:003.14
    Scenario Outline: With the fixmap in a fixed low place, <kernel> <with> boots under the hypervisor
      Given kernels built <with>
      And a hypervisor that keeps the last 64 MiB of addresses
      And the fixmap has a fixed place below PAGE_OFFSET
      And the boot loader passes long setup_data
      When the kernel "<kernel>" boots
      Then the kernel boots under the hypervisor
      And vmalloc has <vmalloc> MiB

      Examples:
        | kernel     | with                | vmalloc |
        | 2.6.27.9   | for 8 CPUs          | 111.99  |
        | 2.6.28-rc8 | for 8 CPUs          | 184     |
        | 2.6.27.10  | for 32 CPUs         | 111.99  |
        | 2.6.28     | for 8 CPUs          | 184     |
        | 2.6.27.9   | with CONFIG_X86_PAE | 113.99  |
        | 2.6.28-rc8 | with CONFIG_X86_PAE | 184     |
