@seed:002 @patch:flush-tlb @i386
Feature: The race of __flush_tlb() needs every one of its conditions
  To show that a condition is necessary, remove it and keep all the others: a
  complete search must then find no failure.

  Background:
    Given an i386 kernel for one CPU, with CONFIG_PREEMPT
    And the user tasks "editor" and "browser", each with a page of its own
    And a kernel thread that borrows the address space of the task that ran before it
    And the kernel without the patch

  Rule: With any condition removed, no task runs on the wrong page tables

    @control @claim:002.6
    Scenario: Without CONFIG_PREEMPT, nothing fails
      Given an i386 kernel for one CPU, without CONFIG_PREEMPT
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @control @claim:002.6
    Scenario: Without interrupts, nothing fails
      Given no interrupt comes
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @control @claim:002.6
    Scenario: With a flusher that has its own address space, nothing fails
      Given "editor" flushes instead of the kernel thread
      When "editor" calls "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @control @claim:002.6
    Scenario: Without a second address space to borrow, nothing fails
      Given there is no "browser"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @control @claim:002.6
    Scenario: Without a flush, nothing fails
      When the kernel thread performs "__flush_tlb()" 0 times in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @before @claim:002.6
    Scenario: Two address spaces are enough for the failure if one of them is init_mm
      Given the kernel thread has borrowed the page tables of boot
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "init_mm"
      And some interleaving ends in an endless page fault of "browser"

  Rule: A flush needs no guard if its caller cannot be preempted or owns what it flushes

    @before @claim:002.11
    Scenario Outline: A driver's ioremap() can hit the window where it is preemptible
      Given the user tasks "editor" and "browser", each with a page of its own
      When the kernel thread performs "<caller>" in every interleaving
      Then "browser" can end up on the page tables of "editor"

      Examples:
        | caller                         |
        | ioremap()                      |
        | ioremap() under a sleeping BKL |

    @before @counter:002.11
    Scenario: ioremap() during boot cannot hit the window while the big kernel lock is a spinlock
      When the kernel thread performs "ioremap() under a spinning BKL" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @before @counter:002.11
    Scenario: copy_mm() is preemptible but harmless, since it flushes its own address space
      Given "editor" flushes instead of the kernel thread
      When "editor" calls "copy_mm()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

  Rule: After flush_tlb_mm() has returned, the old translation is not used

    @after @claim:002.10
    Scenario Outline: Preempting flush_tlb_mm() between its test and its flush does no harm
      Given the kernel with the patch
      And "<flusher>" changes a page-table entry of "editor"
      When it calls flush_tlb_mm() in every interleaving
      Then no interleaving lets a CPU use the old translation
      And the search was complete

      Examples:
        | flusher       |
        | kernel thread |
        | editor        |

    @control @claim:002.10
    Scenario Outline: Without the flush, the old translation is used
      Given the kernel with the patch
      And "<flusher>" changes a page-table entry of "editor"
      When it calls nothing in every interleaving
      Then some interleaving lets a CPU use the old translation

      Examples:
        | flusher       |
        | kernel thread |
        | editor        |
