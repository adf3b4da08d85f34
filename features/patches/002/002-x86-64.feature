@seed:002 @patch:flush-tlb @x86_64
Feature: On x86-64 the flush needs the same guard from 2.6.11 on, where a task switch loads cr3
  Up to 2.6.10 a task switch on x86-64 never changes cr3. Each CPU has its own
  top-level page, and a switch rewrites the first slot of that page and flushes. So
  the value that the flush writes back to cr3 is always the right one. Since 2.6.11
  each address space has its own top level, a switch loads cr3, and the pair of
  instructions is as dangerous as on i386.

  Background:
    Given a uniprocessor x86-64 kernel with CONFIG_PREEMPT
    And the editor, the browser and the lazy kernel thread in long mode

  Rule: A task in user mode runs on its own page tables

    @before @claim:002.9 @hunk:flush-tlb/x86-64
    Scenario: Without the patch, a task of 2.6.11 can run on another task's page tables
      Given release "2.6.11"
      And the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"
      And that interleaving interrupts "kthread" between "movl %cr3, reg" and "movl reg, %cr3"
      And it takes 2 interrupts

    @before @claim:002.9
    Scenario: Without the patch, a task of 2.6.11 can fault forever
      Given release "2.6.11"
      And the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving ends in an endless page fault of "browser"

    @before @claim:002.9 @hunk:flush-tlb/x86-64-global
    Scenario: Without the patch, the flush of global pages in 2.6.11 has the same window
      Given release "2.6.11"
      And the kernel without the patch
      When the kernel thread performs "__flush_tlb_global()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

    @requirement @after @claim:002.9 @hunk:flush-tlb/x86-64
    Scenario: With the patch, every task of 2.6.11 runs on its own page tables
      Given release "2.6.11"
      And the kernel under review
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @requirement @after @claim:002.9 @hunk:flush-tlb/x86-64-global
    Scenario: With the patch, the flush of global pages in 2.6.11 is safe too
      Given release "2.6.11"
      And the kernel under review
      When the kernel thread performs "__flush_tlb_global()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @near-miss @claim:002.9
    Scenario: The i386 guard alone does not protect x86-64
      Given release "2.6.11"
      And the kernel with the patch except "flush-tlb/x86-64"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

  Rule: If a task switch never changes cr3, cr3 cannot be out of date

    @before @counter:002.9
    Scenario Outline: On 2.6.10-rc2, for which the patch was made, <flush> cannot fail on one CPU
      Given release "2.6.10-rc2"
      And the kernel without the patch
      When the kernel thread performs "<flush>" in every interleaving
      Then no interleaving leaves the kernel thread on page tables that it does not borrow
      And the search was complete

      Examples:
        | flush                |
        | __flush_tlb()        |
        | __flush_tlb_global() |
