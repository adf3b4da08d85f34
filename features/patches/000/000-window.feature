@seed:000 @patch:vmi-lazy @i386
Feature: The window in which an interrupt does harm, as a number
  The thread calls the window small. Counted in instruction boundaries of one system
  call at which an interrupt can come, it covers most of the loop. It grows with the
  number of entries that are changed under one lock: up to the 1024 of a page table,
  except that with CONFIG_PREEMPT unmapping gives up the lock after eight pages.

  Background:
    Given a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor
    And a process that unmaps two pages in lazy MMU mode
    And a RAID controller whose handler fills a highmem page

  Rule: The size of the window is counted, not estimated

    @before @claim:000.5
    Scenario: Less than a third of a call that unmaps one page is exposed
      Given the kernel without the patch
      And the process changes 1 entries
      When the interrupt comes at any moment
      Then it does harm at 4 of 13 boundaries of the system call

    @before @counter:000.5
    Scenario Outline: A call that changes <entries> entries in <region> is exposed at <harmful> of <all> boundaries
      Given the kernel without the patch
      And the process is in "<region>" instead
      And the process changes <entries> entries
      When the interrupt comes at any moment
      Then it does harm at <harmful> of <all> boundaries of the system call

      Examples: Unmapping
        | region        | entries | harmful | all |
        | zap_pte_range | 4       | 13      | 22  |
        | zap_pte_range | 8       | 25      | 34  |
        | zap_pte_range | 16      | 50      | 65  |
        | zap_pte_range | 32      | 100     | 127 |

      Examples: A fork
        | region         | entries | harmful | all |
        | copy_pte_range | 4       | 17      | 25  |
        | copy_pte_range | 32      | 129     | 137 |

    @before @counter:000.5
    Scenario: Without CONFIG_PREEMPT, 32 pages are unmapped under one lock
      Given an i386 kernel for one CPU, without CONFIG_PREEMPT
      And the kernel without the patch
      And the process changes 32 entries
      When the interrupt comes at any moment
      Then it does harm at 97 of 102 boundaries of the system call

    @after @take:posted @counter:000.7
    Scenario: With the patch as posted the window is wider, since a pending interrupt is delivered on the way out
      Given the kernel with the variant "posted"
      When the interrupt comes at any moment
      Then it does harm at 11 of 23 boundaries of the system call

    @before
    Scenario: Without the patch, an interrupt does harm at four boundaries fewer than with the patch as posted
      Given the kernel without the patch
      When the interrupt comes at any moment
      Then it does harm at 7 of 16 boundaries of the system call

    @after @claim:000.7
    Scenario: With the order corrected, an interrupt does no harm at any boundary
      Given the kernel with the variant "corrected"
      When the interrupt comes at any moment
      Then it does harm at 0 of 23 boundaries of the system call

  Rule: With a flush in kmap_atomic(), only the order of state variable and mode can leave a window

    @claim:000.13
    Scenario Outline: In <release> a handler's first mapping is never lost
      Given the kernel with the variant "<release>"
      When the interrupt comes at any moment
      Then it does harm at 0 of 20 boundaries of the system call

      Examples:
        | release |
        | 2.6.21  |
        | 2.6.22  |
        | 2.6.23  |

    @open @counter:000.13
    Scenario: From 2.6.24 on, one boundary is open again, because Linux's variable is cleared first
      Given the kernel with the variant "2.6.24"
      When the interrupt comes at any moment
      Then it does harm at 1 of 20 boundaries of the system call

    @open @counter:000.13
    Scenario: In 2.6.31 most of the loop is exposed if the guest queues updates by itself
      Given the kernel with the variant "2.6.31"
      When the interrupt comes at any moment
      Then it does harm at 7 of 20 boundaries of the system call
