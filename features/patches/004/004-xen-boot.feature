@seed:004 @patch:xen-pte-lock @i386
Feature: The boot page table is pinned at the right level
  A copied line asked for a third-level pin even if page tables have two levels. Xen
  ignores a pin at a level that it does not have, and reports success. So nothing
  was pinned, and the mistake went unnoticed.

  Rule: After boot, swapper_pg_dir stays pinned

    @before @claim:004.10
    Scenario: Without the patch and without PAE, the boot pins nothing
      Given a guest "without" PAE
      And it has the hunks "none"
      When it boots
      Then Xen has not pinned its page directory, and has not complained
      And the page directory is a page table only while some CPU has it loaded

    @after @claim:004.10 @hunk:xen-pte-lock/boot-level
    Scenario: With the patch, the boot pins two-level page tables at the second level
      Given a guest "without" PAE
      And it has the hunks "xen-pte-lock/boot-level"
      When it boots
      Then Xen has pinned its page directory as "l2"

    @requirement @after @claim:004.10 @hunk:xen-pte-lock/boot-level
    Scenario: With the patch, a boot without PAE ends with a pinned page table
      Given an i386 kernel "2.6.24" on Xen without PAE
      And the kernel under review
      When the guest moves to a page table of its own
      Then Xen has pinned the page table of boot
      And no interleaving makes Xen refuse anything
      And the search was complete

    @control @claim:004.10
    Scenario Outline: With PAE, the level is right <how> the patch
      Given a guest "with" PAE
      And it has the hunks "<hunks>"
      When it boots
      Then Xen has pinned its page directory as "l3"

      Examples:
        | how     | hunks        |
        | without | none         |
        | with    | xen-pte-lock |

  Rule: The walk stays within the kernel's own entries

    @claim:004.12
    Scenario Outline: The pages of the kernel's page table are marked as pinned, and no others, <with> PAE
      Given a guest "<with>" PAE
      And it has the hunks "xen-pte-lock"
      When it boots
      Then PG_pinned is set for every page of its page table, and for no other page

      Examples:
        | with    |
        | with    |
        | without |

    @near-miss @claim:004.12
    Scenario Outline: A walk to the end of the address space, where Xen's entries have no struct page, stops itself with a BUG, <with> PAE
      Given a guest "<with>" PAE
      And it has the hunks "xen-pte-lock@walk-everything"
      When it boots
      Then the boot dies in "arch/x86/xen/mmu.c", because "pgd_walk() is asked to go beyond FIXADDR_TOP"

      Examples:
        | with    |
        | with    |
        | without |
