@i386
Feature: The addresses of the fixmap follow from its enumeration
  The names in the fixmap depend on the release, the configuration and the number of CPUs. They determine where the window
  of early_ioremap lies, and so the address at which a boot faults. The model computes all numbers from the enumeration;
  the rows here were read from the kernels of the time.

  Rule: Indices grow downward from FIXADDR_TOP, in the order of the enumeration

    Scenario Outline: The indices of <text> with <cpus> CPUs
      When the fixmap of <text> is enumerated for <cpus> CPUs
      Then these names have these indices:
        | name          | indices |
        | FIX_KMAP      | <kmap>  |
        | FIX_ACPI      | <acpi>  |
        | FIX_PCIE_MCFG | <mcfg>  |
        | FIX_BTMAP     | <btmap> |
        | FIX_WP_TEST   | <wp>    |
      And <permanent> indices are permanent, of <total> in all
      And below fffff000 FIXADDR_START is <start> and FIXADDR_BOOT_START is <boot>

      Examples:
        | text   | cpus | start    | boot     | total | permanent | wp  | btmap   | mcfg | acpi    | kmap   |
        | 2.6.21 | 8    | fff4f000 | fff3e000 | 193   | 176       | 192 | 176-191 | 175  | 171-174 | 67-170 |
        | 2.6.21 | 32   | ffe17000 | ffe06000 | 505   | 488       | 504 | 488-503 | 487  | 483-486 | 67-482 |
        | 2.6.26 | 8    | fff4c000 | ffcfe000 | 769   | 179       | 768 | 512-767 | 177  | 173-176 | 69-172 |
        | 2.6.26 | 32   | ffe14000 | ffcfe000 | 769   | 491       | 768 | 512-767 | 489  | 485-488 | 69-484 |
        | 2.6.27 | 8    | fff50000 | ffdfa000 | 517   | 175       | 512 | 256-511 | 173  | 513-516 | 69-172 |
        | 2.6.27 | 32   | ffe18000 | ffcfa000 | 773   | 487       | 768 | 512-767 | 485  | 769-772 | 69-484 |
        | 2.6.28 | 8    | fff50000 | ffdfa000 | 517   | 175       | 512 | 256-511 | 173  | 513-516 | 69-172 |
        | 2.6.28 | 32   | ffe18000 | ffcfa000 | 773   | 487       | 768 | 512-767 | 485  | 769-772 | 69-484 |

    Scenario: Paravirtual kernels since 2.6.26 have one more page
      When the fixmap of 2.6.26 is enumerated for 8 CPUs
      Then these names have these indices:
        | name                  | indices |
        | FIX_PARAVIRT_BOOTMAP  | 178     |
        | FIX_DBGP_BASE         | 2       |
        | FIX_EARLYCON_MEM_BASE | 3       |

    Scenario: Guard pages between the kmap slots more than double their number
      When the fixmap of 2.6.27 is enumerated for 8 CPUs with DEBUG_HIGHMEM
      Then these names have these indices:
        | name     | indices |
        | FIX_KMAP | 69-284  |

  Rule: The window of early_ioremap moves with FIXADDR_TOP

    Scenario Outline: The window below <top> with <cpus> CPUs
      When the fixmap of 2.6.27 is enumerated for <cpus> CPUs
      Then below <top> the window is at <from> to <to>
      And below <top> the window begins at entry <pte> of table <pmd>, with PAE at entry <pae pte> of table <pae pmd>

      Examples:
        | cpus | top      | from     | to       | pmd  | pte | pae pmd | pae pte |
        | 8    | fffff000 | ffe00000 | ffefffff | 1023 | 512 | 511     | 0       |
        | 32   | fffff000 | ffd00000 | ffdfffff | 1023 | 256 | 510     | 256     |
        | 8    | fbfff000 | fbe00000 | fbefffff | 1007 | 512 | 479     | 0       |
        | 32   | fbfff000 | fbd00000 | fbdfffff | 1007 | 256 | 478     | 256     |

  Rule: A 2.6.27 kernel without a hypervisor has the documented layout

    Scenario: Lowmem gets 896 MiB, and everything else 128 MiB
      Given a PC with 2048 MiB of RAM
      When the kernel "2.6.27" boots
      Then the address space is this, from the top:
        | name        | from     | to       |
        | fixmap      | fff50000 | ffffefff |
        | boot fixmap | ffdfa000 | fff4ffff |
        | pkmap       | ff800000 | ffbfffff |
        | vmalloc     | f8800000 | ff7fdfff |
        | guard       | f8000000 | f87fffff |
        | lowmem      | c0000000 | f7ffffff |
      And the address space is drawn to scale
