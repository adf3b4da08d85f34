@seed:004 @patch:xen-pte-lock @i386
Feature: The pinning race needs split pte locks
  If all entries of an address space share one lock, pinning holds that lock anyway
  and there is no race. This is how 2.6.23 was released: ten days before the patch,
  the threshold for split locks was raised to 4096 CPUs in every kernel built with
  Xen support, even one that never runs on Xen. The patch reverts that.

  Background:
    Given an i386 kernel "2.6.23" on Xen with PAE
    And the kernel is built for 8 CPUs
    And 1 other CPU uses the reverse mapping to "reclaim" one page

  Rule: If pte locks are not split, the patch takes none and needs none

    @claim:004.7
    Scenario Outline: With <cpus> CPUs, <event> is safe without the patch
      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel is built for <cpus> CPUs
      And the kernel with the variant "kconfig-alone"
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault
      And no pte page is ever locked on its own
      And the search was complete

      Examples:
        | cpus | event | actor                  |
        | 2    | fork  | a shell forks          |
        | 3    | exec  | a shell calls execve() |
        | 3    | exit  | an editor exits        |

    @claim:004.7
    Scenario Outline: With 3 CPUs and the patch, no pte page is locked during <event>
      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel is built for 3 CPUs
      And the kernel with the patch
      When <actor> in every interleaving
      Then no pte page is ever locked on its own
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |

  Rule: The stop-gap of 2.6.23 prevents the race, and the patch makes it unnecessary

    @before @claim:004.8
    Scenario Outline: With the stop-gap, 2.6.23 does not have the race during <event>
      Given the kernel without the patch
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault
      And no pte page is ever locked on its own
      And the search was complete

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |

    @before @claim:004.8 @near-miss
    Scenario: Removing only the stop-gap brings the race back
      Given the kernel with the variant "kconfig-alone"
      When a shell forks in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "child.pte0"

    @requirement @after @claim:004.8 @hunk:xen-pte-lock/kconfig
    Scenario: With the patch, locks are split again and there is no race
      Given the kernel under review
      And the mappings need 2 pte pages
      And 2 other CPUs use the reverse mapping to "truncate" one page each
      When a shell forks in every interleaving
      Then some interleaving lets two CPUs hold the locks of two pte pages
      And no interleaving makes a write to an entry fault
      And the search was complete

    @hunk:xen-pte-lock/kconfig
    Scenario: Without its Kconfig hunk, the rest of the patch never locks a pte page
      Given the kernel with the patch except "xen-pte-lock/kconfig"
      And the mappings need 2 pte pages
      And 2 other CPUs use the reverse mapping to "truncate" one page each
      When a shell forks in every interleaving
      Then no interleaving lets two CPUs hold the locks of two pte pages
      And no interleaving makes a write to an entry fault
      And the search was complete
