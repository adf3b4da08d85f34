@seed:002 @patch:flush-tlb @i386
Feature: A TLB flush is not preempted between its two instructions
  A kernel thread runs on the page tables of whichever task had the CPU before it. A
  flush reads cr3 and writes the same value back. A preemption between the two can
  give the thread other page tables to borrow, and the value that it then writes is
  out of date. The scheduler compares mms and never looks at cr3, so at the next
  switch it sees no reason to load the right one.
  Found under PREEMPT_RT by Ingo Molnar in November 2004.

  Background:
    Given an i386 kernel for one CPU, with CONFIG_PREEMPT
    And the user tasks "editor" and "browser", each with a page of its own
    And a kernel thread that borrows the address space of the task that ran before it

  Rule: A task in user mode runs on its own page tables

    @before @claim:002.1
    Scenario: Without the patch, a kernel thread can reload page tables that it no longer borrows
      Given the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving leaves "kthread" on the page tables of "editor" while it borrows those of "browser"
      And that interleaving interrupts "kthread" between "movl %cr3, reg" and "movl reg, %cr3"
      And it takes 1 interrupt

    @before @claim:002.3
    Scenario: Without the patch, the next task can run with another task's page tables in cr3
      Given the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"
      And in that interleaving the last switch to "browser" loads no cr3
      And it takes 2 interrupts

    @before @claim:002.4
    Scenario: Without the patch, the next access can fault forever
      Given the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving ends in an endless page fault of "browser"
      And nothing in that loop loads cr3

    @before @claim:002.4
    Scenario: Without the patch, a write can fault forever although its page is present and writable
      Given the kernel without the patch
      And the user tasks write
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving ends in an endless page fault of "browser"

    @before @counter:002.4
    Scenario: Without the patch, the next access can silently reach another task's page
      If the outdated page tables happen to map the address, the access does not fault.
      The task reads the other task's data.

      Given the kernel without the patch
      And both user tasks keep their page at the same address
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving lets "browser" read the page of "editor"

    @before @claim:002.5
    Scenario: The window is one instruction boundary wide
      Given the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then a user task ends up on wrong page tables only if an interrupt falls between "movl %cr3, reg" and "movl reg, %cr3"
      And no interrupt is needed at any other boundary

    @requirement @after @claim:002.7 @hunk:flush-tlb/i386
    Scenario: With the patch, no timer tick at any boundary does harm
      Given the kernel under review
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And no interleaving leaves the kernel thread on page tables that it does not borrow
      And the search was complete

    @requirement @after @claim:002.7 @hunk:flush-tlb/i386
    Scenario: With the patch, several flushes and accesses are safe
      Given the kernel under review
      And each user task touches its page 2 times
      When the kernel thread performs "__flush_tlb()" 2 times in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @before @claim:002.8
    Scenario: Without the patch, the global flush has the same window
      Given the kernel without the patch
      When the kernel thread performs "__flush_tlb_global()" in every interleaving
      Then "browser" can end up on the page tables of "editor"
      And that interleaving interrupts "kthread" between "movl %cr3, reg" and "movl reg, %cr3"

    @requirement @after @claim:002.8 @hunk:flush-tlb/i386-global
    Scenario: With the patch, the global flush is safe too
      Given the kernel under review
      When the kernel thread performs "__flush_tlb_global()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @claim:002.13
    Scenario Outline: If preemption is already off, the flush needs no guard of its own
      Given the kernel without the patch
      When the kernel thread performs "<flush>" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

      Examples:
        | flush                                 |
        | __flush_tlb() under preempt_disable() |
        | __flush_tlb() with interrupts off     |

  Rule: The page directory in cr3 exists

    @before @counter:002.2
    Scenario: Without the patch, the kernel thread can reload a page directory that was freed
      While the thread waits in the window, it loses its reference to the address space.
      If the owner has exited, that was the last reference. The harm is immediate: the
      CPU walks a page that may by now hold anything.

      Given the kernel without the patch
      And "editor" exits
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving leaves "kthread" on the page directory of "editor" after it was freed

    @before @claim:002.2
    Scenario: As long as no task exits, the kernel thread itself comes to no harm
      Given the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no interleaving leaves any task on a freed page directory
      And in no interleaving does the kernel thread fault or die
      And the search was complete

    @requirement @after @claim:002.7 @hunk:flush-tlb/i386
    Scenario: With the patch, no task runs on a freed page directory
      Given the kernel under review
      And "editor" exits
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no interleaving leaves any task on a freed page directory
      And the search was complete
