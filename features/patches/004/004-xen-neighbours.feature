@seed:004 @patch:xen-pte-lock @i386
Feature: Neighbours of the pinning race
  The patch stands in a series, and did not end the list. Before it, 2.6.24 learned
  which page table Xen has really loaded. After it, 2.6.25 learned that a fault may
  come from a translation that is out of date, and that a table which comes and goes
  must be unpinned only if it was pinned.

  Background:
    Given the kernel with the patch

  Rule: A page table is taken back only when no CPU has it loaded

    @before
    Scenario: 2.6.23 can take back a page table that a CPU still has loaded
      A context switch on the other CPU has noted the new page table, and has not had
      Xen load it yet. That CPU is no longer in the mask of those to ask.

      Given an i386 kernel "2.6.23" on Xen with PAE
      When an editor exits while another CPU switches away from its page table, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "Bad type (saw 48000001 != exp e0000000)"

    @after
    Scenario Outline: 2.6.24 asks every CPU that has it loaded in Xen
      Given an i386 kernel "2.6.24" on Xen <with> PAE
      When an editor exits while another CPU switches away from its page table, in every interleaving
      Then no interleaving makes Xen refuse anything
      And Xen keeps its rules in every interleaving
      And the search was complete

      Examples:
        | with    |
        | with    |
        | without |

  Rule: A fault that the entry does not explain is no reason to die

    @before
    Scenario Outline: Until 2.6.24, unpinning can kill whoever comes by the reverse mapping, <how>
      Given an i386 kernel "<release>" on Xen with PAE
      And the kernel with the variant "<variant>"
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" on a translation that is out of date

      Examples:
        | how                   | release | variant  |
        | with the stop-gap too | 2.6.23  | stop-gap |
        | whatever holds which  | 2.6.24  | stop-gap |

    @after
    Scenario: 2.6.25 looks at the entry again and goes on
      Given an i386 kernel "2.6.25" on Xen with PAE
      When an editor exits in every interleaving
      Then no interleaving oopses anybody on a translation that is out of date
      And no interleaving makes a write to an entry fault
      And the search was complete

  Rule: Only what was pinned is unpinned, also between the pte pages and the top

    @before @hunk:xen-pte-lock/pmd-unpin
    Scenario: While middle tables were treated like pte pages, unmapping one page ended in a BUG
      The page lies at 0x40000000, alone in its gigabyte. So its middle table goes
      with it. The walk that pinned the page table had made that table read-only and
      left the pin to the entry above.

      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel with the variant "dynamic-pmds"
      When an editor maps a page in a gigabyte of its own and unmaps it, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "not pinned"
      And it stands in "arch/x86/xen/enlighten.c", and "EIP is at xen_release_pt"

    @near-miss @hunk:xen-pte-lock/pmd-pin
    Scenario: Without the unpin, a middle table that came back cannot leave again
      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel with the variant "pmd-pin-only"
      When an editor maps a page in a gigabyte of its own and unmaps it, twice, and exits, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "Bad type (saw 58000001 != exp e0000000)"

    @after
    Scenario Outline: 2.6.25 pins no middle table, and unpins none, <with> PAE
      Given an i386 kernel "2.6.25" on Xen <with> PAE
      And 1 other CPU comes by the reverse mapping to "reclaim" one page each
      When an editor maps a page in a gigabyte of its own and unmaps it, twice, and exits, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And Xen keeps its rules in every interleaving
      And the search was complete

      Examples:
        | with    |
        | with    |
        | without |
