@i386
Feature: A booting kernel finds memory in its map, and computes the rest of its layout
  How arch/x86/kernel/e820.c changes a memory map, which values enum fixed_addresses has under every option, and what
  asm/pgtable_32.h and asm/highmem.h compute from the top of the address space. Numbers that are not decimal are in hexadecimal.
  Until 2.6.29 a range that begins within a stretch of RAM also shortens the end of that stretch.

  Rule: Only RAM can be turned into another type of memory

    Scenario Outline: <start> to <end> becomes kernel data
      Given the memory map "0-9fc00 RAM, 9fc00-a0000 reserved, 100000-8000000 RAM"
      When <start> to <end> becomes kernel data
      Then the memory map is "<map>"

      Examples:
        | start   | end     | map                                                                                                          |
        | 200000  | 201000  | 0-9fc00 RAM, 9fc00-a0000 reserved, 100000-200000 RAM, 200000-201000 kernel data, 201000-7fff000 RAM          |
        | 100000  | 101000  | 0-9fc00 RAM, 9fc00-a0000 reserved, 100000-101000 kernel data, 101000-8000000 RAM                             |
        | 7fff000 | 8000000 | 0-9fc00 RAM, 9fc00-a0000 reserved, 100000-7fff000 RAM, 7fff000-8000000 kernel data                           |
        | 7fff000 | 8002000 | 0-9fc00 RAM, 9fc00-a0000 reserved, 100000-7fff000 RAM, 7fff000-8000000 kernel data                           |
        | 9f000   | 101000  | 0-9f000 RAM, 9f000-9fc00 kernel data, 9fc00-a0000 reserved, 100000-101000 kernel data, 101000-8000000 RAM    |
        | 0       | 9000000 | 0-9fc00 kernel data, 9fc00-a0000 reserved, 100000-8000000 kernel data                                        |
        | a0000   | 100000  | 0-9fc00 RAM, 9fc00-a0000 reserved, 100000-8000000 RAM                                                        |
        | 8000000 | 8001000 | 0-9fc00 RAM, 9fc00-a0000 reserved, 100000-8000000 RAM                                                        |

  Rule: The lowest free stretch of RAM is found, at the beginning of a page

    Scenario Outline: <size> bytes between <start> and <end> are found at <found>
      Given the memory map "0-9fc00 RAM, 9fc00-a0000 reserved, 100000-8000000 RAM"
      And "7000-8000, 100000-1ff800" are reserved early
      When <size> bytes between <start> and <end> are looked for
      Then they are found at "<found>"

      Examples:
        | size    | start   | end     | found   |
        | 1000    | 0       | 100000  | 0       |
        | 7000    | 0       | 100000  | 0       |
        | 7001    | 0       | 100000  | 8000    |
        | 1000    | 7000    | 100000  | 8000    |
        | 1000    | 7800    | 100000  | 8000    |
        | 10000   | 90000   | 100000  | nowhere |
        | fc00    | 90000   | 100000  | 90000   |
        | fc01    | 90000   | 8000000 | 200000  |
        | 1000    | 100000  | 8000000 | 200000  |
        | 1000    | 300800  | 8000000 | 301000  |
        | 7e00000 | 0       | 8000000 | 200000  |
        | 7e00001 | 0       | 8000000 | nowhere |
        | 1000    | 7fff000 | 8000000 | 7fff000 |
        | 1001    | 7fff000 | 8000000 | nowhere |

    Scenario Outline: The last page of RAM in "<map>" is before frame <frame>, <pae> PAE
      Given the memory map "<map>"
      When the end of RAM is looked for <pae> PAE
      Then it is frame <frame>

      Examples: Page tables without PAE reach 4 GiB
        | map                                                | pae     | frame  |
        | 0-9fc00 RAM, 100000-8000000 RAM                    | without | 8000   |
        | 0-9fc00 RAM, 100000-80007ff RAM                    | without | 8000   |
        | 100000-8000000 RAM, 8000000-9000000 reserved       | without | 8000   |
        | 100000-8000000 RAM, 0-9fc00 RAM                    | without | 8000   |
        | 100000-e0000000 RAM, 100000000-140000000 RAM       | without | 100000 |
        | 100000-e0000000 RAM, 100000000-140000000 RAM       | with    | 140000 |
        | 0-9fc00 reserved                                   | without | 0      |

  Rule: Each option puts its pages where the enumeration has them

    Scenario Outline: The whole fixmap of <text> with <options>
      When the whole fixmap of <text> is enumerated for 8 CPUs with <options>
      Then the fixmap is "<names>"

      Examples: asm/fixmap_32.h and asm/fixmap_64.h
        | text          | options      | names |
        | 2.6.21        | every option | FIX_HOLE 0, FIX_VDSO 1, FIX_APIC_BASE 2, FIX_IO_APIC_BASE 3-66, FIX_VISWS 67-70, FIX_F00F_IDT 71, FIX_CYCLONE_TIMER 72, FIX_KMAP 73-288, FIX_ACPI 289-292, FIX_PCIE_MCFG 293, FIX_BTMAP 294-309, FIX_WP_TEST 310 |
        | 2.6.21        | no option    | FIX_HOLE 0, FIX_VDSO 1, FIX_BTMAP 2-17, FIX_WP_TEST 18 |
        | 2.6.26        | every option | FIX_HOLE 0, FIX_VDSO 1, FIX_DBGP_BASE 2, FIX_EARLYCON_MEM_BASE 3, FIX_APIC_BASE 4, FIX_IO_APIC_BASE 5-68, FIX_VISWS 69-72, FIX_F00F_IDT 73, FIX_CYCLONE_TIMER 74, FIX_KMAP 75-290, FIX_ACPI 291-294, FIX_PCIE_MCFG 295, FIX_PARAVIRT_BOOTMAP 296, FIX_BTMAP 512-767, FIX_WP_TEST 768, FIX_OHCI1394_BASE 769 |
        | 2.6.26        | no option    | FIX_HOLE 0, FIX_VDSO 1, FIX_DBGP_BASE 2, FIX_EARLYCON_MEM_BASE 3, FIX_BTMAP 512-767, FIX_WP_TEST 768 |
        | 2.6.27        | every option | FIX_HOLE 0, FIX_VDSO 1, FIX_DBGP_BASE 2, FIX_EARLYCON_MEM_BASE 3, FIX_APIC_BASE 4, FIX_IO_APIC_BASE 5-68, FIX_VISWS 69-72, FIX_F00F_IDT 73, FIX_CYCLONE_TIMER 74, FIX_KMAP 75-290, FIX_PCIE_MCFG 291, FIX_PARAVIRT_BOOTMAP 292, FIX_BTMAP 512-767, FIX_WP_TEST 768, FIX_ACPI 769-772, FIX_OHCI1394_BASE 773 |
        | 2.6.27        | no option    | FIX_HOLE 0, FIX_VDSO 1, FIX_DBGP_BASE 2, FIX_EARLYCON_MEM_BASE 3, FIX_BTMAP 256-511, FIX_WP_TEST 512 |
        | 2.6.28        | every option | FIX_HOLE 0, FIX_VDSO 1, FIX_DBGP_BASE 2, FIX_EARLYCON_MEM_BASE 3, FIX_APIC_BASE 4, FIX_IO_APIC_BASE 5-68, FIX_VISWS 69-72, FIX_F00F_IDT 73, FIX_CYCLONE_TIMER 74, FIX_KMAP 75-290, FIX_PCIE_MCFG 291, FIX_PARAVIRT_BOOTMAP 292, FIX_BTMAP 512-767, FIX_WP_TEST 768, FIX_ACPI 769-772, FIX_OHCI1394_BASE 773 |
        | 2.6.28        | no option    | FIX_HOLE 0, FIX_VDSO 1, FIX_DBGP_BASE 2, FIX_EARLYCON_MEM_BASE 3, FIX_KMAP 4-107, FIX_BTMAP 256-511, FIX_WP_TEST 512 |
        | x86_64 2.6.27 | every option | VSYSCALL 0-2047, VSYSCALL_HPET 2048, FIX_DBGP_BASE 2049, FIX_EARLYCON_MEM_BASE 2050, FIX_APIC_BASE 2051, FIX_IO_APIC_BASE 2052-2179, FIX_EFI_IO_MAP 2180-2279, FIX_PARAVIRT_BOOTMAP 2280, FIX_ACPI 2281-2284, FIX_OHCI1394_BASE 2285, FIX_BTMAP 2560-2815 |
        | x86_64 2.6.27 | no option    | VSYSCALL 0-2047, VSYSCALL_HPET 2048, FIX_DBGP_BASE 2049, FIX_EARLYCON_MEM_BASE 2050, FIX_APIC_BASE 2051, FIX_IO_APIC_BASE 2052-2179, FIX_EFI_IO_MAP 2180-2279, FIX_BTMAP 2560-2815 |
        | x86_64 2.6.28 | every option | VSYSCALL 0-2047, VSYSCALL_HPET 2048, FIX_DBGP_BASE 2049, FIX_EARLYCON_MEM_BASE 2050, FIX_APIC_BASE 2051, FIX_IO_APIC_BASE 2052-2179, FIX_EFI_IO_MAP 2180-2279, FIX_PARAVIRT_BOOTMAP 2280, FIX_BTMAP 2304-2559 |

  Rule: Lowmem, vmalloc and pkmap follow from the top, the reserve and the RAM

    Scenario Outline: <text> with <ram> MiB, <pages>, below <top>, with a reserve of <reserve> MiB
      When the addresses of <text> are laid out for <ram> MiB, with <pages>, below <top>, with a reserve of <reserve> MiB
      Then pkmap begins at <pkmap>, vmalloc lies from <start> to <end>, and lowmem ends at <high>

      Examples: Until 2.6.27 the reserve is taken off the whole address space, then off what lies below VMALLOC_END
        | text   | ram  | pages              | top      | reserve | pkmap    | start    | end      | high     |
        | 2.6.27 | 2048 | HIGHMEM            | fffff000 | 128     | ff800000 | f8800000 | ff7fe000 | f8000000 |
        | 2.6.27 | 2048 | HIGHMEM and PAE    | fffff000 | 128     | ffa00000 | f8800000 | ff9fe000 | f8000000 |
        | 2.6.28 | 2048 | HIGHMEM            | fffff000 | 128     | ff800000 | f7ffe000 | ff7fe000 | f77fe000 |
        | 2.6.28 | 2048 | HIGHMEM and PAE    | fffff000 | 128     | ffa00000 | f81fe000 | ff9fe000 | f79fe000 |
        | 2.6.27 | 512  | HIGHMEM            | fffff000 | 128     | ff800000 | e0800000 | ff7fe000 | e0000000 |
        | 2.6.28 | 512  | HIGHMEM            | fffff000 | 128     | ff800000 | e0800000 | ff7fe000 | e0000000 |
        | 2.6.27 | 2048 | HIGHMEM            | fffff000 | 256     | ff800000 | f0800000 | ff7fe000 | f0000000 |
        | 2.6.27 | 2048 | HIGHMEM            | fbfff000 | 192     | fb800000 | f4800000 | fb7fe000 | f4000000 |
        | 2.6.27 | 512  | no HIGHMEM         | fffff000 | 128     | ff800000 | e0800000 | fffb6000 | e0000000 |
