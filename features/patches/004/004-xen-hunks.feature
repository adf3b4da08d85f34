@seed:004 @patch:xen-pte-lock @i386
Feature: Each hunk of the patch is needed
  Without any one of its hunks, the patch oopses or makes Xen refuse a call. The
  Kconfig hunk is the exception: without it nothing goes wrong, because no pte page
  has its own lock.

  Background:
    Given an i386 kernel "2.6.25" on Xen with PAE
    And the kernel is built for 8 CPUs
    And 1 other CPU uses the reverse mapping to "reclaim" one page

  Rule: Without any one hunk, a write faults or Xen refuses a call

    @control
    Scenario Outline: Without <hunk>, a write to an entry can fault when <actor>
      Given the kernel with the patch except "xen-pte-lock/<hunk>"
      And the mappings need <pages> pte pages
      When <actor> in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "<page>"

      Examples:
        | hunk       | actor                  | pages | page           |
        | pin-lock   | a shell forks          | 1     | child.pte0     |
        | unpin-lock | an editor exits        | 1     | editor.mm.pte0 |
        | pin-l1     | a shell calls execve() | 28    | bprm.mm.pte27  |

    @control
    Scenario Outline: Without <hunk>, Xen refuses a call when an editor touches a new page and <ending>
      Given the kernel with the patch except "xen-pte-lock/<hunk>"
      When an editor touches a new page and <ending>, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "<words>"

      Examples:
        | hunk       | ending    | words                                   |
        | alloc-pt   | exits     | not pinned                              |
        | release-pt | unmaps it | Bad type (saw 38000001 != exp e0000000) |
        | unpin-l1   | exits     | Bad type (saw 38000001 != exp e0000000) |

    @control
    Scenario: Without boot-level, a two-level boot page table is not pinned
      Given a guest "without" PAE
      And it has the hunks "all,-xen-pte-lock/boot-level"
      When it boots
      Then Xen has not pinned its page directory, and has not complained

    @control
    Scenario: Without kconfig, nothing goes wrong, because no pte page has its own lock
      Given the kernel with the patch except "xen-pte-lock/kconfig"
      When an editor exits in every interleaving
      Then no interleaving makes a write to an entry fault
      And no pte page is ever locked on its own
      And the search was complete
