@seed:002 @patch:flush-tlb @x86_64
Feature: On x86-64 the flush needs the same guard, from the release on in which a task switch loads cr3
  Up to 2.6.10 a task switch on x86-64 never changes cr3. Each CPU has a top-level
  page of its own, and a switch rewrites the first slot of that page and flushes.
  Whatever the flush read from cr3, it writes the same value back. Since 2.6.11
  each address space has its own top level, a switch loads cr3, and the pair of
  instructions is as dangerous as on i386.

  Background:
    Given a uniprocessor x86-64 kernel with CONFIG_PREEMPT
    And the editor, the browser and the lazy kernel thread in long mode

  Rule: Whoever runs in user mode runs on the tables of its own address space

    @before @claim:002.9 @hunk:flush-tlb/x86-64
    Scenario: Without the patch, 2.6.11 lets a task run on somebody else's page tables
      Given release "2.6.11"
      And the kernel without the patch
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"
      And that interleaving interrupts "kthread" between "movl %cr3, reg" and "movl reg, %cr3"
      And it takes 2 interrupts

    @before @claim:002.9
    Scenario: Without the patch, 2.6.11 can fault for ever
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
    Scenario: With the patch, 2.6.11 never does so
      Given release "2.6.11"
      And the kernel under review
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @requirement @after @claim:002.9 @hunk:flush-tlb/x86-64-global
    Scenario: With the patch, the flush of global pages never does so either
      Given release "2.6.11"
      And the kernel under review
      When the kernel thread performs "__flush_tlb_global()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @near-miss @claim:002.9
    Scenario: The guard of i386 alone leaves x86-64 as it was
      Given release "2.6.11"
      And the kernel with the patch but for "flush-tlb/x86-64"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

  Rule: Where a task switch never changes cr3, an outdated cr3 cannot exist

    @before @counter:002.9
    Scenario Outline: The kernel that the patch was made for cannot fail on one CPU: <flush>
      Given release "2.6.10-rc2"
      And the kernel without the patch
      When the kernel thread performs "<flush>" in every interleaving
      Then no interleaving leaves the kernel thread on page tables that it does not borrow
      And the search was complete

      Examples:
        | flush                |
        | __flush_tlb()        |
        | __flush_tlb_global() |
