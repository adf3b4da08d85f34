@seed:109 @patch:torn-pmd
Feature: An entry of two halves is read low half first, and the high half only if the low one is set
  With PAE an entry has 64 bits and is copied by two loads. mincore() and others read it without its lock, so a page fault
  can fill it between the loads; a table above 4 GiB is then looked for below (CVE-2012-2373). The first fix used a locked
  instruction that writes, which crashes under Xen; Andrea Arcangeli replaced it by an order of the loads in June 2012.

  Background:
    Given the situation "torn-pmd/mincore"

  Rule: No path walks a page table that does not exist

    @before @claim:109.1
    Scenario: Without the patch, a reader that loads the high half first looks for the table below 4 GiB
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving lets mincore() walk a table at "0x23456000" and not at "0x123456000"
      And the search was complete

    @before @claim:109.1
    Scenario: After a large page is removed, the high half can also be that of the large page
      Given the kernel without the patch
      And "meanwhile" is "madvise() and a fault"
      When it runs in every interleaving
      Then some interleaving lets mincore() walk a table at "0x323456000" and not at "0x123456000"

    @before @counter:109.1
    Scenario: No reader is led astray if the compiler loads the low half first
      Given the kernel without the patch
      And "compiler" is "low half first"
      And "meanwhile" is "madvise() and a fault"
      When it runs in every interleaving
      Then no interleaving lets mincore() walk a table where there is none
      And the search was complete

    @before @control @claim:109.2
    Scenario: Below 4 GiB all high halves are the same
      Given the kernel without the patch
      And "memory" is "below 4 GiB"
      And "meanwhile" is "madvise() and a fault"
      When it runs in every interleaving
      Then no interleaving lets mincore() walk a table where there is none
      And the search was complete

    @after @claim:109.3 @claim:109.7 @counter:109.4
    Scenario Outline: With the patch, no reader is led astray by <meanwhile>, whatever the compiler does (<compiler>)
      Given the kernel under review
      And "meanwhile" is "<meanwhile>"
      And "compiler" is "<compiler>"
      When it runs in every interleaving
      Then no interleaving lets mincore() walk a table where there is none
      And the search was complete

      @requirement @hunk:torn-pmd/low-first
      Examples: What fails without the patch
        | meanwhile             | compiler        |
        | a fault               | high half first |
        | madvise() and a fault | high half first |

      Examples: What does not fail without it
        | meanwhile                              | compiler        |
        | madvise() and a fault of a large page  | high half first |
        | madvise() and a fault                  | low half first  |

    @after
    Scenario: With the patch, a table that has been there all along is found
      Given the kernel under review
      And "meanwhile" is "nothing"
      When it runs in every interleaving
      Then no interleaving lets mincore() miss a table
      And no interleaving lets mincore() walk a table where there is none
      And the search was complete

    @after
    Scenario: A barrier after the test would be enough as well, since an entry that leads to a table no longer changes
      Given the kernel with the variant "barrier"
      And "meanwhile" is "madvise() and a fault"
      When it runs in every interleaving
      Then no interleaving lets mincore() walk a table where there is none
      And the search was complete

    @near-miss
    Scenario: With the halves exchanged, the high half of a large page is combined with a table
      Given the kernel with the variant "high-first"
      And "meanwhile" is "madvise() and a fault"
      When it runs in every interleaving
      Then some interleaving lets mincore() walk a table at "0x323456000" and not at "0x123456000"

    @near-miss
    Scenario: With the halves exchanged, a table below 4 GiB is missed
      Given the kernel with the variant "high-first"
      And "memory" is "below 4 GiB"
      And "meanwhile" is "nothing"
      When it runs in every interleaving
      Then some interleaving lets mincore() miss a table

    @near-miss
    Scenario: Reading the low half again does not notice that the high half is old
      Given the kernel with the variant "low-again"
      When it runs in every interleaving
      Then some interleaving lets mincore() walk a table at "0x23456000" and not at "0x123456000"

  Rule: The patch guarantees less than a single read of 64 bits does

    @after @claim:109.4 @counter:109.5
    Scenario: With the patch, a reader can see a large page that was never mapped
      A large page is removed one half after the other, and another one is mapped. The caller asks only whether it is large.

      Given the kernel with the patch
      And "meanwhile" is "madvise() and a fault of a large page"
      When it runs in every interleaving
      Then some interleaving lets mincore() take the entry for "0x2:0x400000e7", which it never was

    @after @claim:109.3
    Scenario: If no large pages come and go, the reader always sees an entry that was really there
      Given the kernel with the patch
      When it runs in every interleaving
      Then no interleaving lets mincore() take the entry for one that never was
      And the search was complete

    @after @claim:109.4
    Scenario: A locked read of 64 bits always sees an entry that was really there
      Given the kernel with the variant "cmpxchg8b"
      And "meanwhile" is "madvise() and a fault of a large page"
      When it runs in every interleaving
      Then no interleaving lets mincore() take the entry for one that never was
      And the search was complete

  Rule: Under Xen, no path writes to a table in order to read it

    @before @claim:109.6
    Scenario: The locked read of the first fix is a write, which Xen does not do for a guest at this level
      Given the situation "torn-pmd/xen"
      And the kernel with the variant "cmpxchg8b"
      When it runs in every interleaving
      Then some interleaving oopses "mincore" in "pmd_none_or_trans_huge_or_clear_bad()" at an entry of "editor.mm.pmd0"

    @after @claim:109.6
    Scenario: With the patch, the entry is read under Xen
      Given the situation "torn-pmd/xen"
      And the kernel under review
      When it runs in every interleaving
      Then no interleaving makes a write to an entry fault
      And no interleaving lets mincore() walk a table where there is none
      And the search was complete
