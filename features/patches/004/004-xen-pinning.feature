@seed:004 @patch:xen-pte-lock @i386
Feature: No page-table entry is written while its page is read-only but not yet a page table
  A guest on Xen builds a page table in ordinary memory. To pin it, the guest maps
  each page read-only and then asks Xen to accept them all. Before that, writing an
  entry is a plain store; afterwards, the store faults and Xen carries it out. In
  between, it faults and Xen does not help. Other CPUs find the entries through the
  reverse mapping and hold only the lock of that one pte page. Fixed by Jeremy
  Fitzhardinge in October 2007.

  Background:
    Given an i386 kernel "2.6.23-rc9" on Xen with PAE
    And the kernel is built for 8 CPUs
    And 1 other CPU uses the reverse mapping to "reclaim" one page

  Rule: A write to an entry never faults: the processor or Xen carries it out

    @before @claim:004.2
    Scenario: Without the patch, reclaim can oops on the page table of a child that is being forked
      The child's entries are copied with the accessed bit clear, so the first write that
      reclaim makes is the one that unmaps the page.

      Given the kernel without the patch
      When a shell forks in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "child.pte0"
      And at that moment "child.pte0" is read-only, and Xen does not know it as a page table
      And "shell" has made "update_va_mapping(page, RO)" and not yet "MMUEXT_PIN_L3_TABLE"

    @before @claim:004.2
    Scenario Outline: Without the patch, kswapd prints the oops of <release>
      The address is that of the entry, in the direct mapping. Error code 3 means a write
      by the kernel to a page that is present. On Xen the dump of the page tables stops
      at the first entry, since that holds a machine frame number.

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
    Scenario: Without the patch, clearing the accessed bit of a young entry is enough to oops
      Given the kernel without the patch
      And the entries are young
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "page_referenced_one()" at an entry of "bprm.mm.pte0"
      And at that moment "bprm.mm.pte0" is read-only, and Xen does not know it as a page table

    @before @claim:004.3
    Scenario: Without the patch, reclaim can oops on the page table of a task that exits
      Unpinning the page directory unpins every page below it at once. Each of these
      pages stays read-only until the walk reaches it.

      Given the kernel without the patch
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "editor.mm.pte0"
      And at that moment "editor.mm.pte0" is read-only, and Xen does not know it as a page table
      And "editor" has made "MMUEXT_UNPIN_TABLE" and not yet "update_va_mapping(page, RW)"

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/pin-lock
    Scenario Outline: With the patch, reclaim is safe during <event>
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
    Scenario Outline: With the patch, <visit> by two CPUs on two pte pages is safe
      Given the kernel under review
      And the mappings need 2 pte pages
      And the mapping is shared
      And 2 other CPUs use the reverse mapping to "<visit>" one page each
      When an editor exits in every interleaving
      Then no interleaving makes a write to an entry fault
      And the search was complete

      Examples:
        | visit     |
        | reclaim   |
        | writeback |
        | truncate  |

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/pin-l1 @hunk:xen-pte-lock/unpin-l1
    Scenario Outline: With the patch, an address space that takes two batches is safe during <event>
      One pte page has its two calls in different batches, and the last pages are not yet
      locked when the first batch is issued.

      Given an address space that takes several batches, which is the default of the situation
      And an i386 kernel "2.6.25" on Xen with PAE, whose pte locks are split all the same
      And the kernel under review
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault or oopses any task on an outdated translation
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | event | actor                  |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |

    @requirement @after @claim:004.4 @hunk:xen-pte-lock/unpin-lock
    Scenario: With the patch, two CPUs that write to any of the pages are safe
      Given the kernel under review
      And the mappings need 2 pte pages
      And 2 other CPUs use the reverse mapping to "truncate" one page each
      And they visit any of the pages
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
    Scenario: With the patch, 2.6.24 can still oops on an outdated translation while it unpins
      Before it takes the lock, the reverse mapping reads the entry. If the pte page is
      read-only at that moment, the CPU now has a read-only translation of it in its TLB.
      Making the page writable flushes no other CPU. So once the lock is taken,
      the write faults although the entry allows it. 2.6.25 rereads the entry and retries.

      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" on an outdated translation
      And no interleaving makes a write to an entry fault

    @after @claim:004.4
    Scenario Outline: With the patch, 2.6.25 does not oops during <event>
      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel with the patch
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault
      And no interleaving oopses any task on an outdated translation
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |

    @after
    Scenario: Pinning leaves no outdated translation that matters, since no page becomes writable
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When a shell forks in every interleaving
      Then no interleaving oopses any task on an outdated translation
      And the search was complete

  Rule: The reverse mapping can find an address space before it is pinned and after it is unpinned

    @before @claim:004.1
    Scenario: Another CPU can lock a child's entries before the child's page table is pinned
      Given the kernel without the patch
      When a shell forks in every interleaving
      Then some interleaving lets "kswapd" hold "the pte lock of child.pte0" while "child.mm" is not pinned

    @before @claim:004.1
    Scenario: Another CPU can lock the entries of an exiting task while its page table is unpinned
      Given the kernel without the patch
      When an editor exits in every interleaving
      Then some interleaving lets "kswapd" hold "the pte lock of editor.mm.pte0" while "editor.mm" is not pinned

    @after @claim:004.1
    Scenario: With the patch too, another CPU can lock a child's entries before its page table is pinned
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When a shell forks in every interleaving
      Then some interleaving lets "kswapd" hold "the pte lock of child.pte0" while "child.mm" is not pinned

  Rule: Xen refuses no call of the kernel

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
    Scenario: A failed execve() frees its page table without unpinning it
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the patch
      When a shell calls execve() and the file is not a program, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And the search was complete

    @control @claim:004.13
    Scenario: Xen refuses to unpin the page table of a failed execve()
      Given an i386 kernel "2.6.24" on Xen with PAE
      And the kernel with the variant "no-exit-check"
      When a shell calls execve() and the file is not a program, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "not pinned"
