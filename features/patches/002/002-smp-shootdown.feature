@seed:002 @patch:flush-tlb
Feature: On SMP a flush reaches every CPU of the address space, and can be preempted on only one path
  An address space keeps a set of the CPUs that may hold its translations. A CPU that
  changes an entry flushes its own TLB, interrupts the others, and waits until all
  have answered. A CPU that only borrows the page tables drops them instead of
  flushing. All of this runs with preemption off. On SMP the bug remains in the one
  caller that flushes directly, CONFIG_DEBUG_PAGEALLOC. There it is worse, since the
  task can resume on another CPU.

  Rule: Once flush_tlb_mm() has returned, no CPU uses the old translation

    Scenario Outline: The shootdown of <release> on <arch> leaves no stale entry
      Given an SMP <arch> kernel of "<release>" with CONFIG_PREEMPT
      And two threads of one address space, one on each CPU, and a kernel thread on the second
      And the kernel without the patch
      When one thread changes a page-table entry and calls "flush_tlb_mm()" in every interleaving
      Then no interleaving lets a CPU use the old translation
      And the search was complete

      Examples:
        | arch   | release    |
        | i386   | 2.6.10-rc2 |
        | x86-64 | 2.6.10-rc2 |
        | x86-64 | 2.6.11     |

    Scenario: The shootdown of 2.6.10-rc2 leaves no stale entry on processors that load translations speculatively
      Given an SMP i386 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And two threads of one address space, one on each CPU, and a kernel thread on the second
      And processors that may load any translation at any time
      When one thread changes a page-table entry and calls "flush_tlb_mm()" in every interleaving
      Then no interleaving lets a CPU use the old translation
      And the search was complete

    @control
    Scenario Outline: With <flush>, some CPU uses the old translation
      Given an SMP i386 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And two threads of one address space, one on each CPU, and a kernel thread on the second
      When one thread changes a page-table entry and calls "<flush>" in every interleaving
      Then some interleaving lets a CPU use the old translation

      Examples:
        | flush                |
        | the local flush only |
        | nothing              |

  Rule: A CPU that is skipped by flushes does not use the page tables

    Scenario: On i386 a lazy CPU that leaves an address space loads the kernel's own page tables
      Given an SMP i386 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And two threads of one address space, one on each CPU, and a kernel thread on the second
      When one thread changes a page-table entry and calls "flush_tlb_mm()" in every interleaving
      Then no interleaving leaves a CPU on an address space whose flushes would not reach it

    Scenario: On x86-64 until 2.6.10 a lazy CPU keeps the borrowed page tables, and is not told when they are freed
      Given an SMP x86-64 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And two threads of one address space, one on each CPU, and a kernel thread on the second
      When one thread changes a page-table entry and calls "flush_tlb_mm()" in every interleaving
      Then some interleaving leaves cpu1 with "kthread" on the address space of "editor", whose flushes would not reach it

    Scenario: On x86-64 from 2.6.11 on, a lazy CPU drops the borrowed page tables
      Given an SMP x86-64 kernel of "2.6.11" with CONFIG_PREEMPT
      And two threads of one address space, one on each CPU, and a kernel thread on the second
      When one thread changes a page-table entry and calls "flush_tlb_mm()" in every interleaving
      Then no interleaving leaves a CPU on an address space whose flushes would not reach it

  Rule: A flush that is preempted and resumes on another CPU writes the first CPU's cr3 there

    @before @i386 @claim:002.1
    Scenario: Without the patch, the kernel thread can move to another CPU between reading and writing cr3
      Given an SMP i386 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And a kernel thread on the first CPU, a task on each, and CONFIG_DEBUG_PAGEALLOC
      And the kernel without the patch
      When the kernel thread frees a page in every interleaving
      Then some interleaving leaves cpu1 with "kthread" on the address space of "editor", whose flushes would not reach it
      And that interleaving interrupts "kthread" between "movl %cr3, reg" and "movl reg, %cr3"

    @before @i386 @counter:002.11
    Scenario: ioremap() is safe on SMP, since every CPU flushes with preemption off
      Given an SMP i386 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And a kernel thread on the first CPU, a task on each, and CONFIG_DEBUG_PAGEALLOC
      And the kernel without the patch
      When the kernel thread performs "ioremap()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @before @i386 @claim:002.3
    Scenario: Without the patch, the next task can run on page tables from another CPU
      Given an SMP i386 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And a kernel thread on the first CPU, a task on each, and CONFIG_DEBUG_PAGEALLOC
      And the kernel without the patch
      When the kernel thread frees a page in every interleaving
      Then "browser" can end up on the page tables of "editor"

    @before @x86_64 @claim:002.9
    Scenario: On x86-64 until 2.6.10 without the patch, two CPUs can end up with one top-level page
      Given an SMP x86-64 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And a kernel thread on the first CPU, a task on each, and CONFIG_DEBUG_PAGEALLOC
      And the kernel without the patch
      When the kernel thread frees a page in every interleaving
      Then some interleaving leaves cpu1 on the top-level page of cpu0

    @requirement @after @i386 @claim:002.7 @hunk:flush-tlb/i386
    Scenario: With the patch, i386 never runs on page tables from another CPU
      Given an SMP i386 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And a kernel thread on the first CPU, a task on each, and CONFIG_DEBUG_PAGEALLOC
      And the kernel under review
      When the kernel thread frees a page in every interleaving
      Then no interleaving leaves a CPU on an address space whose flushes would not reach it
      And no user task ever runs on the page tables of another

    @requirement @after @x86_64 @claim:002.9 @hunk:flush-tlb/x86-64
    Scenario: With the patch, x86-64 until 2.6.10 never runs on page tables from another CPU
      Given an SMP x86-64 kernel of "2.6.10-rc2" with CONFIG_PREEMPT
      And a kernel thread on the first CPU, a task on each, and CONFIG_DEBUG_PAGEALLOC
      And the kernel under review
      When the kernel thread frees a page in every interleaving
      Then no interleaving leaves a CPU on the top-level page of another
      And no interleaving leaves a CPU on an address space whose flushes would not reach it
