@seed:002 @patch:flush-tlb @i386
Feature: How often a preempted flush does harm depends on the kind of lock that is held
  Most flushes by kernel threads are made under a spinlock, and therefore with
  preemption off. The exception is a driver that maps a device at run time. Under
  PREEMPT_RT those locks are sleeping locks, their holders can be preempted, and
  every flush is exposed. The runs are drawn at random from a fixed seed.

  Rule: A flush under a spinlock is never preempted, but one under a sleeping lock may be

    @before @claim:002.12
    Scenario: In the released kernel, a kernel thread that only unmaps memory does no harm
      Given a kernel thread that unmaps kernel memory 1 time under a lock that "spin"s
      And the kernel without the patch
      When it works in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @before @claim:002.12
    Scenario: Under PREEMPT_RT, a kernel thread that only unmaps memory can do harm
      Given a kernel thread that unmaps kernel memory 1 time under a lock that "sleep"s
      And the kernel without the patch
      When it works in every interleaving
      Then "browser" can end up on the page tables of "editor"

    @requirement @after @claim:002.7 @hunk:flush-tlb/i386-global
    Scenario: Under PREEMPT_RT with the patch, a kernel thread that only unmaps memory does no harm
      Given a kernel thread that unmaps kernel memory 1 time under a lock that "sleep"s
      And the kernel under review
      When it works in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

  Rule: If both kernels can fail, the one with sleeping locks fails far more often

    @before @claim:002.12
    Scenario: If the thread also maps a device, random runs fail at least four times as often with sleeping locks
      Given a kernel without the patch, in which a kernel thread unmaps memory 3 times and then maps a device
      When 2000 random runs are drawn with each kind of lock, with an interrupt at one boundary in 10
      Then some runs go wrong with spinning locks
      And at least 4 times as many go wrong with sleeping locks
