@seed:004 @patch:xen-pte-lock @i386
Feature: Pte pages that join or leave a pinned page table are pinned and unpinned like the others
  A page table grows and shrinks while it is pinned. Unpinning expects every pte page
  to have its own pin, so a page that joins must be pinned, and a page that leaves
  must be unpinned first.

  Background:
    Given an i386 kernel "2.6.24" on Xen with PAE
    And the kernel is built for 8 CPUs

  Rule: A pte page of a pinned page table is read-only and pinned until it is unpinned and released

    @after @claim:004.9 @hunk:xen-pte-lock/alloc-pt
    Scenario Outline: With the patch, a pte page joins and leaves <how>
      Given the kernel with the patch
      And 1 other CPU uses the reverse mapping to "reclaim" one page
      When an editor touches a new page and <ending>, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And Xen keeps its rules in every interleaving
      And the search was complete

      Examples:
        | how       | ending    |
        | by munmap | unmaps it |
        | by exit   | exits     |

    @requirement @after @claim:004.9 @hunk:xen-pte-lock/alloc-pt @hunk:xen-pte-lock/release-pt @hunk:xen-pte-lock/unpin-l1
    Scenario: With the patch, one pte page joins and leaves, and another joins and stays until exit
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel under review
      And 1 other CPU uses the reverse mapping to "reclaim" one page
      When an editor touches two new pages, unmaps one and exits, in every interleaving
      Then no interleaving makes a write to an entry fault
      And no interleaving makes Xen refuse anything
      And the search was complete

    @before @claim:004.9
    Scenario: Without the patch, pte pages have no pins of their own and need none
      Given the kernel without the patch
      When an editor touches a new page and exits, in every interleaving
      Then no interleaving makes Xen refuse anything
      And the search was complete

    @near-miss @claim:004.9 @hunk:xen-pte-lock/alloc-pt
    Scenario: A pte page that joined without a pin cannot be unpinned at exit
      Given the kernel with the variant "alloc-without-pin"
      When an editor touches a new page and exits, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "refused by do_mmuext_op(): Mfn"

    @near-miss @claim:004.9 @hunk:xen-pte-lock/release-pt
    Scenario: A pte page that is still pinned cannot be made writable for its next use
      Given the kernel with the variant "release-without-unpin"
      When an editor touches a new page and unmaps it, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "refused by get_page_type(): Bad type (saw 38000001 != exp e0000000)"

    @near-miss @claim:004.9
    Scenario: A pte page that is not read-only cannot be pinned
      Given the kernel with the variant "alloc-writable"
      When an editor touches a new page and unmaps it, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "Bad type (saw e8000001 != exp 20000000)"

  Rule: A high pte page has no kernel mapping when it joins

    @claim:004.9
    Scenario: Stray kernel mappings of high pages are flushed before the page joins
      Given the kernel with the patch
      And the new pte page is in highmem and still has a kernel mapping
      When an editor touches a new page, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And Xen keeps its rules in every interleaving
      And the search was complete

    @after @claim:004.9
    Scenario: A high pte page was never pinned as one, so it is ordinary memory as soon as the page directory is unpinned
      Given the kernel with the patch
      And the new pte page is in highmem and still has a kernel mapping
      When an editor touches a new page and exits, until the page is mapped to be emptied, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And the search was complete

    @near-miss @claim:004.9
    Scenario: Xen refuses a page that still has a stray kernel mapping
      Given the kernel with the variant "no-kmap-flush"
      And the new pte page is in highmem and still has a kernel mapping
      When an editor touches a new page, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "refused by get_l2_linear_pagetable(): Attempt to create linear p.t. with write perms"
