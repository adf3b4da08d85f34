@seed:004 @patch:xen-pte-lock @i386
Feature: Every writer of entries can meet the window, and none meets it with the patch
  Whoever comes by the reverse mapping writes entries by plain or locked instructions
  on the direct mapping of the pte page: reclaim makes young entries old and takes old
  ones, and leaves where in swap an anonymous page went; writeback takes the write bit;
  truncation clears; a nonlinear mapping loses every old entry of a pte page.

  Background:
    Given the kernel is built for 8 CPUs

  Rule: A write to an entry is always done, by the processor or by Xen

    @before @claim:004.2
    Scenario Outline: Fork, <with> PAE: <visit> oopses in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When a shell forks in every interleaving
      Then some interleaving oopses "<task>" in "<function>" at an entry of "child.pte0"

      Examples:
        | with    | visit     | task      | function               |
        | with    | reclaim   | kswapd    | try_to_unmap_one()     |
        | without | reclaim   | kswapd    | try_to_unmap_one()     |
        | with    | writeback | pdflush   | page_mkclean_one()     |
        | without | writeback | pdflush   | page_mkclean_one()     |
        | with    | truncate  | ftruncate | zap_pte_range()        |
        | without | truncate  | ftruncate | zap_pte_range()        |
        | with    | nonlinear | kswapd    | try_to_unmap_cluster() |
        | without | nonlinear | kswapd    | try_to_unmap_cluster() |

    @before @claim:004.2
    Scenario Outline: Exec, <with> PAE, <age> entries: <visit> of the anonymous stack oopses in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the entries are <age>
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "<function>" at an entry of "bprm.mm.pte0"

      Examples:
        | with    | age   | visit   | function              |
        | with    | young | reclaim | page_referenced_one() |
        | without | young | reclaim | page_referenced_one() |
        | with    | old   | reclaim | try_to_unmap_one()    |
        | without | old   | reclaim | try_to_unmap_one()    |

    @before @claim:004.2
    Scenario Outline: A second write of the same visitor can meet it too, once the CPU has lost the translation of the first
      The first write was made while the page was writable, and left a writable
      translation in the TLB. As long as it is there, the next write goes through it.

      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the entries are <age>
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      And the TLB of the other CPU may once lose what it has
      When <actor> in every interleaving
      Then some interleaving oopses "<task>" in "<function>" at an entry of "<page>"

      Examples:
        | with    | actor                  | age   | visit     | task    | function           | page         |
        | with    | a shell forks          | old   | writeback | pdflush | xen_set_pte()      | child.pte0   |
        | with    | a shell calls execve() | young | aging     | kswapd  | try_to_unmap_one() | bprm.mm.pte0 |
        | without | a shell calls execve() | old   | reclaim   | kswapd  | xen_set_pte()      | bprm.mm.pte0 |

    @control @claim:004.2
    Scenario: While it has the translation, the second write is done
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the entries are old
      And 1 other CPU comes by the reverse mapping to "reclaim" one page each
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "bprm.mm.pte0"
      And none oopses it in "xen_set_pte()"

    @before @claim:004.3
    Scenario Outline: Exit, <with> PAE, <age> entries: <visit> oopses in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the entries are <age>
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When an editor exits in every interleaving
      Then some interleaving oopses "<task>" in "<function>" at an entry of "editor.mm.pte0"

      Examples:
        | with    | age   | visit     | task      | function               |
        | with    | young | reclaim   | kswapd    | page_referenced_one()  |
        | without | young | reclaim   | kswapd    | page_referenced_one()  |
        | with    | old   | reclaim   | kswapd    | try_to_unmap_one()     |
        | without | old   | reclaim   | kswapd    | try_to_unmap_one()     |
        | with    | young | aging     | kswapd    | try_to_unmap_one()     |
        | with    | old   | writeback | pdflush   | page_mkclean_one()     |
        | without | old   | writeback | pdflush   | page_mkclean_one()     |
        | with    | old   | truncate  | ftruncate | zap_pte_range()        |
        | without | old   | truncate  | ftruncate | zap_pte_range()        |
        | with    | young | nonlinear | kswapd    | try_to_unmap_cluster() |
        | without | old   | nonlinear | kswapd    | try_to_unmap_cluster() |

    @before @claim:004.3
    Scenario: Exit: an anonymous page is taken, and where it went in swap can no longer be noted
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the pages are anonymous
      And 1 other CPU comes by the reverse mapping to "reclaim" one page each
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "xen_set_pte()" at an entry of "editor.mm.pte0"

    @requirement @after @claim:004.4
    Scenario Outline: With the patch, none of that happens in <event>, <with> PAE, by <visit>
      Given an i386 kernel "2.6.25" on Xen <with> PAE
      And the kernel under review
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault
      And no interleaving oopses anybody on a translation that is out of date
      And the search was complete

      Examples:
        | with    | event | visit     | actor                  |
        | without | fork  | reclaim   | a shell forks          |
        | with    | fork  | writeback | a shell forks          |
        | without | fork  | truncate  | a shell forks          |
        | with    | fork  | nonlinear | a shell forks          |
        | with    | exec  | aging     | a shell calls execve() |
        | without | exec  | reclaim   | a shell calls execve() |
        | with    | exit  | aging     | an editor exits        |
        | without | exit  | writeback | an editor exits        |
        | with    | exit  | truncate  | an editor exits        |
        | without | exit  | nonlinear | an editor exits        |

    @requirement @after @claim:004.4
    Scenario Outline: With the patch, the swap entries of anonymous pages are written too, in <event>
      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel under review
      And the pages are anonymous
      And 1 other CPU comes by the reverse mapping to "aging" one page each
      And the TLB of the other CPU may once lose what it has
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |
