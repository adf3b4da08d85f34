@seed:004 @patch:xen-pte-lock @i386
Feature: Nobody writes a page-table entry between "read-only" and "a page table"
  A guest on Xen builds a page table as ordinary memory. To pin it, it maps each
  page read-only and then asks Xen to accept the whole. Before, a change of an
  entry is a store; after, a fault that Xen turns into a store. In between it is a
  fault that nobody can handle. Others find the entries by the reverse mapping, and
  hold only the lock of the one pte page. Jeremy Fitzhardinge, October 2007.

  Background:
    Given an i386 kernel "2.6.23-rc9" on Xen with PAE
    And the kernel is built for 8 CPUs
    And 1 other CPU comes by the reverse mapping to "reclaim" one page each

  Rule: A write to an entry is always done, by the processor or by Xen

    @before @claim:004.2
    Scenario: Without the patch, reclaim can meet the page table of a child that is being forked
      The child's entries are copied as old ones, so the first write to them is the one
      that takes the page away.

      Given the kernel without the patch
      When a shell forks in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "child.pte0"
      And at that moment "child.pte0" is read-only, and Xen does not know it as a page table
      And "shell" has made "update_va_mapping(page, RO)" and not yet "MMUEXT_PIN_L3_TABLE"

    @before @claim:004.2
    Scenario Outline: What is left of kswapd is the oops of <release>
      The address is that of the entry, in the direct mapping. Error code 3 is a write
      by the kernel to a page that is present. On Xen the walk that should print the
      entries stops at the first, which has a machine frame number.

      Given an i386 kernel "<release>" on Xen with PAE
      And the kernel with the variant "kconfig-alone"
      When a shell forks in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "child.pte0"
      And it prints in this order:
        | BUG: unable to handle kernel paging request at virtual address c00 |
        | printing eip: try_to_unmap_one                                     |
        | *pdpt = 000000000100                                               |
        | <oops>                                                             |
        | CPU: 1                                                             |
        | EIP is at try_to_unmap_one                                         |

      Examples:
        | release    | oops                 |
        | 2.6.23-rc9 | Oops: 0003 [#1]; SMP |
        | 2.6.24     | Oops: 0003 [#1] SMP  |

    @before @claim:004.2
    Scenario: Without the patch, clearing the accessed bit of a young entry is enough
      Given the kernel without the patch
      And the entries are young
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "page_referenced_one()" at an entry of "bprm.mm.pte0"
      And at that moment "bprm.mm.pte0" is read-only, and Xen does not know it as a page table

    @before @claim:004.3
    Scenario: Without the patch, reclaim can meet the page table of a task that exits
      Unpinning the page directory drops every page below it at once. Each of them
      stays read-only until its own turn comes.

      Given the kernel without the patch
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "editor.mm.pte0"
      And at that moment "editor.mm.pte0" is read-only, and Xen does not know it as a page table
      And "editor" has made "MMUEXT_UNPIN_TABLE" and not yet "update_va_mapping(page, RW)"

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/pin-lock
    Scenario Outline: With the patch, <event> meets nobody
      Given the kernel under review
      And the entries are <age>
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | event | age   | actor                  |
        | fork  | old   | a shell forks          |
        | exec  | young | a shell calls execve() |
        | exit  | old   | an editor exits        |
        | exit  | young | an editor exits        |

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/unpin-lock
    Scenario Outline: With the patch, two pte pages and <visit> by two CPUs change nothing about it
      Given the kernel under review
      And what is mapped needs 2 pte pages
      And the mapping is shared
      And 2 other CPUs come by the reverse mapping to "<visit>" one page each
      When an editor exits in every interleaving
      Then no interleaving makes a write to an entry fault
      And the search was complete

      Examples:
        | visit     |
        | reclaim   |
        | writeback |
        | truncate  |

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/pin-l1 @hunk:xen-pte-lock/unpin-l1
    Scenario Outline: With the patch, the calls of an address space that take two batches change nothing about it in <event>
      One pte page has its two calls in different batches, and the last ones are not yet
      locked when the first batch is made.

      Given an address space that takes several batches, as the situation has it by default
      And an i386 kernel "2.6.25" on Xen with PAE, whose pte locks are split all the same
      And the kernel under review
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault, nor oopses anybody on a translation that is out of date
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | event | actor                  |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/unpin-lock
    Scenario: With the patch, two visitors come to whichever page they like
      Given the kernel under review
      And what is mapped needs 2 pte pages
      And 2 other CPUs come by the reverse mapping to "truncate" one page each
      And they come to any of the pages
      When an editor exits in every interleaving
      Then no interleaving makes a write to an entry fault
      And the search was complete

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/pin-l1
    Scenario: With the patch, two-level page tables are safe too
      Given an i386 kernel "2.6.23-rc9" on Xen without PAE
      And the kernel under review
      And the entries are young
      When a shell calls execve() in every interleaving
      Then no interleaving makes a write to an entry fault
      And the search was complete

    @after @open @counter:004.4
    Scenario: With the patch, 2.6.24 can still oops where it unpins, on a translation that is out of date
      Before it takes the lock, the reverse mapping looks at the entry. That leaves a
      read-only translation of the pte page in its TLB, if the page is read-only just
      then. Making the page writable flushes no other CPU. The lock comes, the write
      comes, and faults, although the entry allows it. 2.6.25 looks again and goes on.

      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" on a translation that is out of date
      And no interleaving makes a write to an entry fault

    @after @claim:004.4
    Scenario Outline: With the patch, 2.6.25 has neither fault in <event>
      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel with the patch
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault
      And no interleaving oopses anybody on a translation that is out of date
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |

    @after
    Scenario: Pinning leaves no such translation, for nothing becomes writable there
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When a shell forks in every interleaving
      Then no interleaving oopses anybody on a translation that is out of date
      And the search was complete

  Rule: The reverse mapping leads to an address space for longer than Xen guards it

    @before @claim:004.1
    Scenario: A child's entries can be locked by others before its page table is pinned
      Given the kernel without the patch
      When a shell forks in every interleaving
      Then some interleaving lets "kswapd" hold "the pte lock of child.pte0" while "child.mm" is not pinned

    @before @claim:004.1
    Scenario: The entries of a task that exits can be locked by others while its page table is unpinned
      Given the kernel without the patch
      When an editor exits in every interleaving
      Then some interleaving lets "kswapd" hold "the pte lock of editor.mm.pte0" while "editor.mm" is not pinned

    @after @claim:004.1
    Scenario: The patch does not change that
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When a shell forks in every interleaving
      Then some interleaving lets "kswapd" hold "the pte lock of child.pte0" while "child.mm" is not pinned

  Rule: Xen is asked for nothing that it refuses

    @after @claim:004.4
    Scenario Outline: With the patch, Xen keeps its own rules throughout <event>
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When <actor> in every interleaving
      Then Xen keeps its rules in every interleaving
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |

    @after @claim:004.13
    Scenario: A failed execve() throws its page table away without unpinning it
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When a shell calls execve() and the file is no program, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And the search was complete

    @control @claim:004.13
    Scenario: Unpinning it there is refused
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the variant "no-exit-check"
      When a shell calls execve() and the file is no program, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "not pinned"
