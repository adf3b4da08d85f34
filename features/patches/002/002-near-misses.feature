@seed:002 @patch:flush-tlb @i386 @near-miss
Feature: Wrong fixes for __flush_tlb() are rejected
  Each of these resembles the patch and could pass a review. A search of every
  interleaving rejects them, with one exception: turning interrupts off around the
  pair is a second correct fix.

  Background:
    Given an i386 kernel for one CPU, with CONFIG_PREEMPT
    And the user tasks "editor" and "browser", each with a page of its own
    And a kernel thread that borrows the address space of the task that ran before it

  Rule: A task in user mode runs on its own page tables

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

    Scenario: Turning interrupts off around the pair protects the user tasks
      Given the kernel with the variant "irqs-off"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then no user task ever runs on the page tables of another
      And the search was complete

    @hunk:flush-tlb/i386
    Scenario: The guard of the global flush does not protect the plain one
      Given the kernel with the patch except "flush-tlb/i386"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

    @hunk:flush-tlb/i386-global
    Scenario: The guard of the plain flush does not protect the global one
      Given the kernel with the patch except "flush-tlb/i386-global"
      When the kernel thread performs "__flush_tlb_global()" in every interleaving
      Then "browser" can end up on the page tables of "editor"

  Rule: A task that has been told to give way does so as soon as it can be preempted

    Scenario: Enabling preemption without asking whether to reschedule keeps another task waiting
      Given the kernel with the variant "no-resched"
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving lets "kthread" go on although it has been told to give way
      And no user task ever runs on the page tables of another

    @after
    Scenario Outline: With the patch, "<flush>" ends by asking
      Given the kernel with the patch
      When the kernel thread performs "<flush>" in every interleaving
      Then every task gives way as soon as it can be preempted
      And the search was complete

      Examples:
        | flush                |
        | __flush_tlb()        |
        | __flush_tlb_global() |

  Rule: The page directory in cr3 exists

    Scenario: Reloading cr3 after every lazy task leaves the lazy task on freed page tables
      Given the kernel with the variant "reload-after-lazy"
      And "editor" exits
      When the kernel thread performs "__flush_tlb()" in every interleaving
      Then some interleaving leaves "kthread" on the page directory of "editor" after it was freed

  Rule: After flush_tlb_all() has returned, no CPU has an old translation of a page of the kernel

    Scenario: A flush that leaves CR4.PGE alone keeps global translations
      Given the kernel with the variant "pge-stays"
      And the kernel thread changes a global page-table entry of the kernel
      When it calls flush_tlb_all() in every interleaving
      Then some interleaving lets a CPU use the old translation

    @after
    Scenario: With the patch, a global translation does not survive
      Given the kernel with the patch
      And the kernel thread changes a global page-table entry of the kernel
      When it calls flush_tlb_all() in every interleaving
      Then no interleaving lets a CPU use the old translation
      And the search was complete
