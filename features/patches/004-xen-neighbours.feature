@seed:004 @patch:xen-pte-lock @i386
Feature: Two neighbours of the pinning race
  The patch stands in a series, and did not end the list. Before it, 2.6.24 learned
  which page table Xen has really loaded. After it, 2.6.25 learned that a fault may
  come from a translation that is out of date.

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
