@seed:000 @patch:vmi-lazy @i386 @near-miss
Feature: Wrong fixes for lazy mode under interrupts are rejected
  Each resembles one of the two correct fixes: to allow no interrupt while an update
  is queued, or to have nothing queued once a handler has mapped its page.

  Background:
    Given a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor
    And a process that unmaps two pages in lazy MMU mode
    And a RAID controller whose handler fills a highmem page

  Rule: A handler that maps a page reaches that page

    Scenario Outline: <fix> leaves the mapping in the queue
      Given the kernel with the variant "<variant>"
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"

      Examples:
        | fix                                               | variant          |
        | Turning interrupts off after the mode was entered | save-late        |
        | Writing the function without installing it        | not-installed    |
        | Saving the state without turning interrupts off   | book-keeping     |
        | Flushing in kmap_atomic() before the entry is set | flush-early      |
        | Flushing in kunmap_atomic() alone                 | kunmap-only      |
        | Turning interrupts off in kmap_atomic()           | irqs-off-in-kmap |

    Scenario: Flushing in kunmap_atomic() before the entry is cleared leaves the entry in the table
      Given the kernel with the variant "flush-early-in-kunmap"
      And each request of the RAID has two segments
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "twa_interrupt()": "BUG_ON(!pte_none(*(kmap_pte-idx)))"

  Rule: Entering and leaving a lazy mode always alternate

    @claim:000.9 @counter:000.13
    Scenario: Leaving the mode for good in kmap_atomic() makes the region leave it twice
      This is the mail's "better fix", taken literally. Together with the BUG_ONs of the
      same mail it kills every handler that is not in lazy mode.

      Given the kernel with the variant "leave-in-kmap"
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "editor": "BUG_ON(!new_mode && !per_cpu(mode, cpu))"
      And some interleaving ends in a BUG of "twa_interrupt()": "BUG_ON(!new_mode && !per_cpu(mode, cpu))"

    Scenario: Restoring interrupts before Linux's own variable changes lets a handler enter twice
      Given the kernel with the variant "restore-before-mode"
      And the device is "grant" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a BUG of "map_grant_in_interrupt()": "BUG_ON(per_cpu(mode, cpu) && new_mode)"

    @claim:000.10
    Scenario: With one variable for all CPUs, two CPUs in lazy mode look like one that enters it twice
      Given two threads of a process on two CPUs: one moves a page in lazy MMU mode, the other reclaims one
      And the second thread "is of another process and unmaps"
      And the kernel with the variant "one-for-all"
      When both threads run in every interleaving
      Then some interleaving ends in a BUG of "editor": "BUG_ON(per_cpu(mode, cpu) && new_mode)"
