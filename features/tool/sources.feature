Feature: Every path names its place in the C source, and is compared with it
  The docstring of a path names file, lines, release and function. If a git history
  of Linux or Xen is available, this is checked, and the names that the C uses are
  compared with those that the path uses.

  Rule: A path that names no place in the C source is noticed

    Scenario: The command sources lists the place of every path
      When the user types "paravirt-spec sources"
      Then it exits with 0
      And it prints "arch/i386/mm/highmem.c:55-77 (2.6.22 to 2.6.30), kunmap_atomic"
      And it prints " 0 do not say"

    Scenario: The command sources lists the paths of one chapter
      When the user types "paravirt-spec sources --chapter 102"
      Then it exits with 0
      And it prints "linux-4.14/mremap.ts"
      And it prints nothing of "machine/kernel/xen/"

    Scenario: A chapter that does not exist is refused
      When the user types "paravirt-spec sources --chapter 007"
      Then it exits with 2
      And it complains in one line that "no chapter is called"

  Rule: A git history confirms the place or contradicts it

    Scenario: The function is at that place and uses the same names
      Given a git history in which "kunmap_atomic" of "arch/i386/mm/highmem.c" in 2.6.22 is on lines 55 to 77 and calls "smp_processor_id, kpte_clear_flush, arch_flush_lazy_mmu_mode, pagefault_enable"
      When it is asked about "highmem.ts:kunmap_atomic"
      Then it exits with 0
      And it prints "1 path compared: 1 agree by name"

    Scenario: The comparison can be printed as JSON
      Given a git history in which "kunmap_atomic" of "arch/i386/mm/highmem.c" in 2.6.22 is on lines 55 to 77 and calls "pagefault_enable"
      When it is asked about "highmem.ts:kunmap_atomic" as JSON
      Then what it prints is JSON in the format "sources-compared/1"

    Scenario: The function is on other lines
      Given a git history in which "kunmap_atomic" of "arch/i386/mm/highmem.c" in 2.6.22 is on lines 55 to 80 and calls "kpte_clear_flush, arch_flush_lazy_mmu_mode, pagefault_enable"
      When it is asked about "highmem.ts:kunmap_atomic"
      Then it exits with 1
      And it prints "kunmap_atomic of 2.6.22 is at 55-80 of arch/i386/mm/highmem.c"

    Scenario: The function is not in that file
      Given a git history in which "kunmap_atomicity" of "arch/i386/mm/highmem.c" in 2.6.22 is on lines 55 to 77 and calls "pagefault_enable"
      When it is asked about "highmem.ts:kunmap_atomic"
      Then it exits with 1
      And it prints "arch/i386/mm/highmem.c of 2.6.22 does not define kunmap_atomic"

    Scenario: A revision may be a commit that has no tag
      Given a git history in which "kunmap_atomic" of "arch/i386/mm/highmem.c" in 2.6.22 is on lines 55 to 77 and calls "pagefault_enable"
      Then it knows the commit of 2.6.22 by its first 12 digits, and not by 11
      And it knows the commit of Xen 2.6.22 by the tag of the release, and that of Xen staging by a tag of this name

    Scenario: A history that has none of the releases decides nothing
      Given a git history in which "kunmap_atomic" of "arch/i386/mm/highmem.c" in 1.3.7 is on lines 55 to 77 and calls "pagefault_enable"
      When it is asked about "highmem.ts:kunmap_atomic"
      Then it exits with 4
      And it complains that "Nothing was compared"

    Scenario: A folder without a git history is refused
      When the user types "paravirt-spec sources --against nowhere"
      Then it exits with 2
      And it complains in one line that "is not a git directory"

  Rule: Names that only one side uses are marked

    Scenario Outline: <what>
      Given a git history in which "kunmap_atomic" of "arch/i386/mm/highmem.c" in 2.6.22 is on lines 55 to 77 and calls "<calls>"
      When it is asked about "highmem.ts:kunmap_atomic"
      Then it exits with 0
      And it prints "<mark>"

      Examples:
        | what                                           | calls                                                                     | mark                        |
        | The C makes a call that the path does not make | kpte_clear_flush, arch_flush_lazy_mmu_mode, pagefault_enable, give_to_cat | only in the C: give_to_cat  |
        | The path makes a call that the C does not make | arch_flush_lazy_mmu_mode, pagefault_enable                                | only here: kpte_clear_flush |
        | The C takes a lock                             | kpte_clear_flush, arch_flush_lazy_mmu_mode, pagefault_enable, spin_lock   | only in the C: spin_lock    |

    Scenario: A name that only prints or leaves out what Xen does for others is not marked in the C of Xen
      Given a git history in which "put_page" of "xen/arch/x86/mm.c" in 4.13.5 is on lines 2560 to 2579 and calls "cmpxchg, cleanup_page_mappings, free_domheap_page, gdprintk, give_to_cat"
      When it is asked about "stepwise/types.ts:put_page"
      Then it exits with 0
      And it prints "only in the C: give_to_cat"

    Scenario: A name that is left unmarked in the C of Xen is marked in that of Linux
      Given a git history in which "kunmap_atomic" of "arch/i386/mm/highmem.c" in 2.6.22 is on lines 55 to 77 and calls "kpte_clear_flush, arch_flush_lazy_mmu_mode, pagefault_enable, cleanup_page_mappings, gdprintk"
      When it is asked about "highmem.ts:kunmap_atomic"
      Then it exits with 0
      And it prints "only in the C: cleanup_page_mappings, gdprintk"
