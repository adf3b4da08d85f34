@seed:004 @patch:xen-pte-lock @i386
Feature: Every writer of entries can meet the window, and none meets it with the patch
  Whoever comes by the reverse mapping writes entries by plain or locked instructions
  on the direct mapping of the pte page: reclaim makes young entries old and takes old
  ones, and leaves where in swap an anonymous page went; writeback takes the write bit
  of shared mappings; truncation clears; of a nonlinear mapping, reclaim takes old
  entries whichever pages they map.

  Background:
    Given the kernel is built for 8 CPUs

  Rule: A write to an entry is always done, by the processor or by Xen

    @before @claim:004.2
    Scenario Outline: Fork, <with> PAE, a <mapping> mapping: <visit> oopses in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the mapping is <mapping>
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When a shell forks in every interleaving
      Then some interleaving oopses "<task>" in "<function>" at an entry of "child.pte0"

      Examples:
        | with    | mapping   | visit    | task      | function               |
        | with    | private   | reclaim  | kswapd    | try_to_unmap_one()     |
        | without | private   | reclaim  | kswapd    | try_to_unmap_one()     |
        | with    | private   | truncate | ftruncate | zap_pte_range()        |
        | without | private   | truncate | ftruncate | zap_pte_range()        |
        | with    | nonlinear | reclaim  | kswapd    | try_to_unmap_cluster() |
        | without | nonlinear | reclaim  | kswapd    | try_to_unmap_cluster() |

    @control @claim:004.2
    Scenario Outline: Fork copies no entries of a <mapping> mapping for <visit> to meet
      What a page fault will find again is left to it: all of a shared mapping. Writeback
      comes to nothing else.

      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the mapping is <mapping>
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When a shell forks in every interleaving
      Then no interleaving makes a write to an entry fault
      And the search was complete

      Examples:
        | mapping | visit     |
        | shared  | writeback |
        | shared  | reclaim   |
        | private | writeback |

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
        | with    | actor                  | age   | visit   | task   | function           | page         |
        | with    | a shell calls execve() | young | aging   | kswapd | try_to_unmap_one() | bprm.mm.pte0 |
        | without | a shell calls execve() | old   | reclaim | kswapd | xen_set_pte()      | bprm.mm.pte0 |

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
    Scenario Outline: Exit, <with> PAE, <age> entries of a <mapping> mapping: <visit> oopses in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the entries are <age>
      And the mapping is <mapping>
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When an editor exits in every interleaving
      Then some interleaving oopses "<task>" in "<function>" at an entry of "editor.mm.pte0"

      Examples:
        | with    | age   | mapping   | visit     | task      | function               |
        | with    | young | private   | reclaim   | kswapd    | page_referenced_one()  |
        | without | young | shared    | reclaim   | kswapd    | page_referenced_one()  |
        | with    | old   | shared    | reclaim   | kswapd    | try_to_unmap_one()     |
        | without | old   | private   | reclaim   | kswapd    | try_to_unmap_one()     |
        | with    | young | private   | aging     | kswapd    | try_to_unmap_one()     |
        | with    | old   | shared    | writeback | pdflush   | page_mkclean_one()     |
        | without | old   | shared    | writeback | pdflush   | page_mkclean_one()     |
        | with    | old   | private   | truncate  | ftruncate | zap_pte_range()        |
        | without | old   | shared    | truncate  | ftruncate | zap_pte_range()        |
        | with    | young | nonlinear | reclaim   | kswapd    | try_to_unmap_cluster() |
        | without | old   | nonlinear | reclaim   | kswapd    | try_to_unmap_cluster() |

    @before @claim:004.3
    Scenario: Exit: writeback has cleared a shared entry, and can no longer put it back without its write bit
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the mapping is shared
      And 1 other CPU comes by the reverse mapping to "writeback" one page each
      And the TLB of the other CPU may once lose what it has
      When an editor exits in every interleaving
      Then some interleaving oopses "pdflush" in "xen_set_pte()" at an entry of "editor.mm.pte0"

    @before @claim:004.3
    Scenario: Exit: an anonymous page is taken, and where it went in swap can no longer be noted
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the pages are anonymous
      And 1 other CPU comes by the reverse mapping to "reclaim" one page each
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "xen_set_pte()" at an entry of "editor.mm.pte0"

    @requirement @after @claim:004.4
    Scenario Outline: With the patch, none of that happens in <event>, <with> PAE, by <visit> of a <mapping> mapping
      Given an i386 kernel "2.6.25" on Xen <with> PAE, whose pte locks are split all the same
      And the kernel under review
      And the mapping is <mapping>
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault, nor oopses anybody on a translation that is out of date
      And the search was complete

      Examples:
        | with    | event | mapping   | visit     | actor           |
        | without | fork  | private   | reclaim   | a shell forks   |
        | with    | fork  | nonlinear | reclaim   | a shell forks   |
        | without | fork  | private   | truncate  | a shell forks   |
        | with    | exit  | shared    | aging     | an editor exits |
        | without | exit  | shared    | writeback | an editor exits |
        | with    | exit  | private   | truncate  | an editor exits |
        | without | exit  | nonlinear | reclaim   | an editor exits |

    @requirement @after @claim:004.4
    Scenario Outline: With the patch, none of that happens in exec, <with> PAE, by <visit> of the anonymous stack
      Given an i386 kernel "2.6.25" on Xen <with> PAE, whose pte locks are split all the same
      And the kernel under review
      And 1 other CPU comes by the reverse mapping to "<visit>" one page each
      When a shell calls execve() in every interleaving
      Then no interleaving makes a write to an entry fault, nor oopses anybody on a translation that is out of date
      And the search was complete

      Examples:
        | with    | visit   |
        | with    | aging   |
        | without | reclaim |

    @requirement @after @claim:004.4
    Scenario Outline: With the patch, the swap entries of anonymous pages are written too, in <event>
      Given an i386 kernel "2.6.25" on Xen with PAE, whose pte locks are split all the same
      And the kernel under review
      And 1 other CPU comes by the reverse mapping to "aging" one page each
      And the pages are anonymous
      And the TLB of the other CPU may once lose what it has
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |
