@seed:004 @patch:xen-pte-lock @i386 @near-miss
Feature: Wrong fixes for the pinning race are rejected
  Each of these is close to the patch and has an argument in its favour. Each fails
  in some interleaving, or for some size of address space.

  Background:
    Given an i386 kernel "2.6.25" on Xen with PAE
    And the kernel is built for 8 CPUs
    And 1 other CPU uses the reverse mapping to "reclaim" one page

  Rule: A write to an entry never faults: the processor or Xen carries it out

    Scenario Outline: <fix> leaves a window in fork
      Given the kernel with the variant "<variant>"
      When a shell forks in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "child.pte0"

      Examples:
        | fix                                     | variant          |
        | Removing the stop-gap alone             | kconfig-alone    |
        | Unlocking once the calls are queued     | unlock-at-once   |
        | Running the callbacks before the batch  | callback-first   |
        | Pinning each page without locking it    | no-lock          |
        | Locking nothing while no task runs yet  | private-unlocked |

    Scenario Outline: <fix> leaves a window in exit
      Given the kernel with the variant "<variant>"
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "editor.mm.pte0"

      Examples:
        | fix                                    | variant        |
        | Locking while pinning only             | pin-only       |
        | Unlocking once the calls are queued    | unlock-at-once |
        | Running the callbacks before the batch | callback-first |
        | Pinning each page without locking it   | no-lock        |

    Scenario: Locking each page and pinning only the top is safe as long as everything fits into one batch
      This hides the mistake from anyone who tests with a small program.

      Given the kernel with the variant "no-own-pin"
      And the mappings need 24 pte pages
      When a shell calls execve() in every interleaving
      Then no interleaving makes a write to an entry fault
      And the search was complete

    Scenario: Locking each page and pinning only the top leaves a window if there is a second batch
      Given the kernel with the variant "no-own-pin"
      And the mappings need 28 pte pages
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "bprm.mm.pte27"

    Scenario: Locking each page and pinning only the top leaves a window in exit too: the top is unpinned first, and every page with it
      Given the kernel with the variant "no-own-pin"
      And the mappings need 32 pte pages
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "editor.mm.pte31"

    Scenario: Queueing the unlock before the pin leaves a window if a page's two calls are in different batches
      Given the kernel with the variant "unlock-before-pin"
      And the mappings need 16 pte pages
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "bprm.mm.pte15"

    Scenario: Queueing the unlock before the page is writable leaves a window if a second middle table shifts the batches
      With a single middle table, the two calls that unpin a page are never in different batches.

      Given the kernel with the variant "unlock-before-rw"
      And the mappings need 15 pte pages
      And its pte pages lie below two middle tables
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "editor.mm.pte14"

  Rule: Xen refuses no call of the kernel

    Scenario Outline: <fix> is refused when a page table is pinned
      Given the kernel with the variant "<variant>"
      When a shell calls execve() in every interleaving
      Then some interleaving ends in a BUG, because Xen says "<words>"

      Examples:
        | fix                             | variant       | words                                   |
        | Pinning before making read-only | pin-before-ro | Bad type (saw e8000001 != exp 20000000) |

    Scenario Outline: <fix> is refused when a page table is unpinned
      Given the kernel with the variant "<variant>"
      When an editor exits in every interleaving
      Then some interleaving ends in a BUG, because Xen says "<words>"

      Examples:
        | fix                                   | variant            | words                                   |
        | Making writable before unpinning      | rw-before-unpin    | Bad type (saw 38000001 != exp e0000000) |
        | Pinning a page and never unpinning it | walk-without-unpin | Bad type (saw 38000001 != exp e0000000) |
        | Unpinning the top page last           | unpin-pgd-last     | Bad type (saw 48000001 != exp e0000000) |

    @hunk:xen-pte-lock/pin-l1
    Scenario: A page that was never pinned on its own cannot be unpinned on its own
      Given the kernel with the patch except "xen-pte-lock/pin-l1"
      When an editor exits in every interleaving
      Then some interleaving ends in a BUG, because Xen says "not pinned"
