@seed:107 @patch:drop-mm-ref
Feature: A CPU that answers drop_mm_ref() rereads whether it is still lazy
  When the last thread of a program exits on Xen, CPUs that have borrowed its page tables are asked to load others. The
  request can arrive while a kernel thread is in execve() with interrupts on, between two stores: it is no longer
  lazy, but the dying address space is still active, and leave_mm() ends in BUG(). Fixed by Kevin Tian in May 2011.

  Background:
    Given the situation "drop-mm-ref/exit"
    And "pae" is "false"

  Rule: leave_mm() is called only on a lazy CPU, and Xen is never asked to unpin a page table that is loaded

    @before @claim:107.1 @claim:107.4 @counter:107.5
    Scenario: Without the patch, the answer can come between the two stores of switch_mm(), and ends in BUG()
      Given the kernel without the patch
      When it runs in every interleaving
      Then some interleaving ends in a BUG in "leave_mm"
      And at that moment "kthread" is between "cpu_tlbstate.state = TLBSTATE_OK" and "cpu_tlbstate.active_mm = helper.mm"
      And the search was complete

    @before @counter:107.3
    Scenario: In 2.6.37, where the bit of the mask is cleared first, the same run ends in the same BUG()
      The request also goes to each CPU that has the dying tables in CR3, whatever the mask says.

      Given the kernel without the patch
      And a kernel of "2.6.37"
      When it runs in every interleaving
      Then some interleaving ends in a BUG in "leave_mm"
      And at that moment "kthread" is between "cpu_tlbstate.state = TLBSTATE_OK" and "cpu_tlbstate.active_mm = helper.mm"

    @before @control
    Scenario: The scheduler makes the same stores with interrupts off, and no answer comes between them
      Given the kernel without the patch
      And "by" is "the scheduler"
      When it runs in every interleaving
      Then no interleaving makes Xen refuse anything
      And the search was complete

    @after @claim:107.2 @claim:107.6
    Scenario Outline: With the patch, a kernel of <release> that switches address spaces by <by> runs into no BUG()
      Given the kernel under review
      And a kernel of "<release>"
      And "by" is "<by>"
      When it runs in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And Xen keeps its rules in every interleaving

      @requirement @hunk:drop-mm-ref/lazy-only
      Examples: What fails without the patch
        | release | by       |
        | 2.6.38  | execve() |
        | 2.6.37  | execve() |

      Examples: What does not fail without it
        | release | by            |
        | 2.6.38  | the scheduler |

    @after
    Scenario: Forbidding interrupts in exec_mmap(), as all kernels since 5.10 do, is enough as well
      Given the kernel with the variant "irqs-off"
      When it runs in every interleaving
      Then no interleaving makes Xen refuse anything
      And the search was complete

  Rule: Neither the mask nor active_mm can replace the state as the test

    @near-miss @claim:107.2
    Scenario: A test of the bit in the mask finds it still set
      Given the kernel with the variant "mask-only"
      When it runs in every interleaving
      Then some interleaving ends in a BUG in "leave_mm"

    @near-miss @control
    Scenario: In 2.6.37 a test of the bit would be enough, since it is cleared before the state changes
      Given the kernel with the variant "mask-only"
      And a kernel of "2.6.37"
      When it runs in every interleaving
      Then no interleaving makes Xen refuse anything
      And the search was complete

    @near-miss @claim:107.1
    Scenario: A test of active_mm misses a CPU that still has the dying tables loaded
      Given the kernel with the variant "ask-active"
      When it runs in every interleaving
      Then some interleaving ends in a BUG, because Xen says "multicall(s) failed"
