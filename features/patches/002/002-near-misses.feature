@seed:002 @patch:flush-tlb @i386 @near-miss
Feature: Wrong fixes of __flush_tlb() are rejected
  Each of these looks like the patch, and would pass a review by eye. Against
  every interleaving none of them holds, except the last, which is no near miss:
  it is the other right answer.

  Background:
    Given an i386 kernel for one CPU, with CONFIG_PREEMPT
    And the user tasks "editor" and "browser", each with a page of its own
    And a kernel thread that borrows the address space of whoever ran before it

  Rule: Whoever runs in user mode runs on page tables of its own

    Scenario Outline: <fix> leaves the window open
      Given the kernel with the variant "<variant>"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

      Examples:
        | fix                                        | variant          |
        | Guarding only the write of cr3             | guard-after-read |
        | Guarding only the read of cr3              | guard-read-only  |
        | Turning interrupts off after the read      | irqs-off-late    |
        | Taking the value from current->active_mm   | active-mm        |

    Scenario: Reloading cr3 after every lazy task protects the user tasks
      Given the kernel with the variant "reload-after-lazy"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    Scenario: Turning interrupts off around the pair holds
      Given the kernel with the variant "irqs-off"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @hunk:flush-tlb/i386
    Scenario: The guard of one flush does nothing for the other
      Given the kernel with the patch but for "flush-tlb/i386"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

    @hunk:flush-tlb/i386-global
    Scenario: The guard of the plain flush does nothing for the global one
      Given the kernel with the patch but for "flush-tlb/i386-global"
      When the kernel thread performs "__flush_tlb_global()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

  Rule: The page directory in cr3 exists

    Scenario: Reloading cr3 after every lazy task leaves the lazy task on freed page tables
      Given the kernel with the variant "reload-after-lazy"
      And "editor" exits
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving leaves "kthread" on the page directory of "editor" after it was freed
