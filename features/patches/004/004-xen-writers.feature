@seed:004 @patch:xen-pte-lock @i386
Feature: Every writer of entries can hit the window without the patch, and none with it
  Everything that uses the reverse mapping writes entries by plain or locked
  instructions through the direct mapping of the pte page. Reclaim clears the accessed
  bit of young entries, clears old entries, and stores the swap location of anonymous
  pages. Writeback clears the write bit of shared mappings. Truncation clears entries.
  In a nonlinear mapping, reclaim clears old entries whichever pages they map.

  Background:
    Given the kernel is built for 8 CPUs

  Rule: A write to an entry never faults: the processor or Xen carries it out

    @before @claim:004.2
    Scenario Outline: In fork, <with> PAE, <visit> of a <mapping> mapping can oops in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the mapping is <mapping>
      And 1 other CPU uses the reverse mapping to "<visit>" one page
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
    Scenario Outline: In fork, <visit> is safe for a <mapping> mapping, since its entries are not copied
      Fork does not copy entries that a page fault can restore, which includes every entry
      of a shared mapping. Writeback touches only shared mappings.

      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the mapping is <mapping>
      And 1 other CPU uses the reverse mapping to "<visit>" one page
      When a shell forks in every interleaving
      Then no interleaving makes a write to an entry fault
      And the search was complete

      Examples:
        | mapping | visit     |
        | shared  | writeback |
        | shared  | reclaim   |
        | private | writeback |

    @before @claim:004.2
    Scenario Outline: In exec, <with> PAE, <visit> of <age> entries of the anonymous stack can oops in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the entries are <age>
      And 1 other CPU uses the reverse mapping to "<visit>" one page
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "<function>" at an entry of "bprm.mm.pte0"

      Examples:
        | with    | age   | visit   | function              |
        | with    | young | reclaim | page_referenced_one() |
        | without | young | reclaim | page_referenced_one() |
        | with    | old   | reclaim | try_to_unmap_one()    |
        | without | old   | reclaim | try_to_unmap_one()    |

    @before @claim:004.2
    Scenario Outline: The second write of <visit> can oops too, once the CPU has lost the translation of the first
      The first write was made while the page was writable, and left a writable
      translation in the TLB. As long as that is there, the next write succeeds.

      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the entries are <age>
      And 1 other CPU uses the reverse mapping to "<visit>" one page
      And the TLB of the other CPU may once lose its translations
      When <actor> in every interleaving
      Then some interleaving oopses "<task>" in "<function>" at an entry of "<page>"

      Examples:
        | with    | actor                  | age   | visit   | task   | function           | page         |
        | with    | a shell calls execve() | young | aging   | kswapd | try_to_unmap_one() | bprm.mm.pte0 |
        | without | a shell calls execve() | old   | reclaim | kswapd | xen_set_pte()      | bprm.mm.pte0 |

    @control @claim:004.2
    Scenario: While the CPU still has a writable translation, the second write succeeds
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the entries are old
      And 1 other CPU uses the reverse mapping to "reclaim" one page
      When a shell calls execve() in every interleaving
      Then some interleaving oopses "kswapd" in "try_to_unmap_one()" at an entry of "bprm.mm.pte0"
      And no interleaving oopses it in "xen_set_pte()"

    @before @claim:004.3
    Scenario Outline: In exit, <with> PAE, <visit> of <age> entries of a <mapping> mapping can oops in <function>
      Given an i386 kernel "2.6.23-rc9" on Xen <with> PAE
      And the kernel without the patch
      And the entries are <age>
      And the mapping is <mapping>
      And 1 other CPU uses the reverse mapping to "<visit>" one page
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
    Scenario: In exit, writeback can oops after it has cleared a shared entry, before it stores it without the write bit
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the mapping is shared
      And 1 other CPU uses the reverse mapping to "writeback" one page
      And the TLB of the other CPU may once lose its translations
      When an editor exits in every interleaving
      Then some interleaving oopses "pdflush" in "xen_set_pte()" at an entry of "editor.mm.pte0"

    @before @claim:004.3
    Scenario: In exit, reclaim can oops after it has cleared an anonymous entry, before it stores the swap location
      Given an i386 kernel "2.6.23-rc9" on Xen with PAE
      And the kernel without the patch
      And the pages are anonymous
      And 1 other CPU uses the reverse mapping to "reclaim" one page
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" in "xen_set_pte()" at an entry of "editor.mm.pte0"

    @requirement @after @claim:004.4
    Scenario Outline: With the patch, <visit> of a <mapping> mapping is safe during <event>, <with> PAE
      Given an i386 kernel "2.6.25" on Xen <with> PAE, whose pte locks are split all the same
      And the kernel under review
      And the mapping is <mapping>
      And 1 other CPU uses the reverse mapping to "<visit>" one page
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault or oopses any task on an outdated translation
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
    Scenario Outline: With the patch, <visit> of the anonymous stack is safe during exec, <with> PAE
      Given an i386 kernel "2.6.25" on Xen <with> PAE, whose pte locks are split all the same
      And the kernel under review
      And 1 other CPU uses the reverse mapping to "<visit>" one page
      When a shell calls execve() in every interleaving
      Then no interleaving makes a write to an entry fault or oopses any task on an outdated translation
      And the search was complete

      Examples:
        | with    | visit   |
        | with    | aging   |
        | without | reclaim |

    @requirement @after @claim:004.4
    Scenario Outline: With the patch, storing the swap locations of anonymous pages is safe during <event>
      Given an i386 kernel "2.6.25" on Xen with PAE, whose pte locks are split all the same
      And the kernel under review
      And 1 other CPU uses the reverse mapping to "aging" one page
      And the pages are anonymous
      And the TLB of the other CPU may once lose its translations
      When <actor> in every interleaving
      Then no interleaving makes a write to an entry fault

      Examples:
        | event | actor                  |
        | fork  | a shell forks          |
        | exec  | a shell calls execve() |
        | exit  | an editor exits        |
