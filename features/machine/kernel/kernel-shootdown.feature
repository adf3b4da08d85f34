Feature: A flush drops the translations that it names, on every CPU that may have them
  Each release has its own way to notify the CPUs in the mask of an address space, and treats a CPU that
  only borrows it differently from one that runs a task of it. Every CPU here has used three pages:
  the first and the second lie side by side, the far one beyond what is flushed page by page.

  Rule: Until 4.4, a CPU that has borrowed the address space gives it up when it is flushed

    Scenario Outline: On <release>, <call> by a CPU that <first>, when the other <second>
      Given CPUs of Linux <release>, of which the first <first> and the second <second>
      When the first CPU calls "<call>"
      Then the first keeps "<here>", the second keeps "<there>", and the mask is <mask>
      And nothing of the flush is left

      Examples: arch/i386/kernel/smp.c, 2.6.10
        | release        | call             | first           | second                              | here                | there                          | mask |
        | 2.6.10 on i386 | flush_tlb_page() | owns it         | owns it                             | second, far         | second, far                    | 3    |
        | 2.6.10 on i386 | flush_tlb_page() | owns it         | has borrowed it                     | second, far         | no page on init_mm             | 1    |
        | 2.6.10 on i386 | flush_tlb_page() | owns it         | is elsewhere                        | second, far         | first, second, far on browser.mm | 1  |
        | 2.6.10 on i386 | flush_tlb_page() | owns it         | is elsewhere, and still in the mask | second, far         | first, second, far on browser.mm | 3  |
        | 2.6.10 on i386 | flush_tlb_page() | has borrowed it | owns it                             | no page on init_mm  | second, far                    | 2    |
        | 2.6.10 on i386 | flush_tlb_page() | is elsewhere    | owns it                             | first, second, far on browser.mm | second, far       | 2    |
        | 2.6.10 on i386 | flush_tlb_mm()   | owns it         | owns it                             | no page             | no page                        | 3    |
        | 2.6.10 on i386 | flush_tlb_mm()   | owns it         | has borrowed it                     | no page             | no page on init_mm             | 1    |
        | 2.6.10 on i386 | flush_tlb_mm()   | has borrowed it | owns it                             | no page on init_mm  | no page                        | 2    |
        | 2.6.10 on i386 | flush_tlb_mm()   | is elsewhere    | owns it                             | first, second, far on browser.mm | no page           | 2    |

      Examples: On x86-64, leave_mm() of 2.6.10 only flushes
        | release          | call             | first           | second          | here        | there       | mask |
        | 2.6.10 on x86-64 | flush_tlb_page() | owns it         | owns it         | second, far | second, far | 3    |
        | 2.6.10 on x86-64 | flush_tlb_page() | owns it         | has borrowed it | second, far | no page     | 1    |
        | 2.6.10 on x86-64 | flush_tlb_page() | has borrowed it | owns it         | no page     | second, far | 2    |
        | 2.6.10 on x86-64 | flush_tlb_mm()   | has borrowed it | owns it         | no page     | no page     | 2    |

      Examples: 2.6.21, with its operations behind paravirt_ops
        | release | call             | first           | second                              | here                             | there                            | mask |
        | 2.6.21  | flush_tlb_page() | owns it         | owns it                             | second, far                      | second, far                      | 3    |
        | 2.6.21  | flush_tlb_page() | owns it         | has borrowed it                     | second, far                      | no page on init_mm               | 1    |
        | 2.6.21  | flush_tlb_page() | owns it         | is elsewhere                        | second, far                      | first, second, far on browser.mm | 1    |
        | 2.6.21  | flush_tlb_page() | owns it         | is elsewhere, and still in the mask | second, far                      | first, second, far on browser.mm | 3    |
        | 2.6.21  | flush_tlb_page() | has borrowed it | owns it                             | no page on init_mm               | second, far                      | 2    |
        | 2.6.21  | flush_tlb_page() | is elsewhere    | owns it                             | first, second, far on browser.mm | second, far                      | 2    |
        | 2.6.21  | flush_tlb_mm()   | owns it         | owns it                             | no page                          | no page                          | 3    |
        | 2.6.21  | flush_tlb_mm()   | owns it         | has borrowed it                     | no page                          | no page on init_mm               | 1    |
        | 2.6.21  | flush_tlb_mm()   | has borrowed it | owns it                             | no page on init_mm               | no page                          | 2    |
        | 2.6.21  | flush_tlb_mm()   | is elsewhere    | has borrowed it                     | first, second, far on browser.mm | no page on init_mm               | 0    |

      Examples: arch/x86/mm/tlb.c, 4.4, where up to 33 pages are dropped one by one, if the first CPU owns the address space
        | release | call                                     | first           | second                              | here                             | there                            | mask |
        | 4.4     | flush_tlb_page()                         | owns it         | owns it                             | second, far                      | second, far                      | 3    |
        | 4.4     | flush_tlb_page()                         | owns it         | has borrowed it                     | second, far                      | no page on init_mm               | 1    |
        | 4.4     | flush_tlb_page()                         | has borrowed it | owns it                             | no page on init_mm               | second, far                      | 2    |
        | 4.4     | flush_tlb_page()                         | is elsewhere    | owns it                             | first, second, far on browser.mm | second, far                      | 2    |
        | 4.4     | flush_tlb_page()                         | owns it         | is elsewhere, and still in the mask | second, far                      | first, second, far on browser.mm | 3    |
        | 4.4     | flush_tlb_mm_range() of 1 page           | owns it         | owns it                             | second, far                      | second, far                      | 3    |
        | 4.4     | flush_tlb_mm_range() of 1 page           | has borrowed it | owns it                             | no page on init_mm               | no page                          | 2    |
        | 4.4     | flush_tlb_mm_range() of 1 page           | is elsewhere    | owns it                             | first, second, far on browser.mm | no page                          | 2    |
        | 4.4     | flush_tlb_mm_range() of 1 page           | owns it         | has borrowed it                     | second, far                      | no page on init_mm               | 1    |
        | 4.4     | flush_tlb_mm_range() of 2 pages          | owns it         | is elsewhere                        | far                              | first, second, far on browser.mm | 1    |
        | 4.4     | flush_tlb_mm_range() of 33 pages         | owns it         | owns it                             | far                              | far                              | 3    |
        | 4.4     | flush_tlb_mm_range() of 34 pages         | owns it         | owns it                             | no page                          | no page                          | 3    |
        | 4.4     | everything                               | owns it         | owns it                             | no page                          | no page                          | 3    |
        | 4.4     | everything                               | is elsewhere    | owns it                             | first, second, far on browser.mm | no page                          | 2    |

    Scenario Outline: On one CPU of <release>, <call> by a task that <first>
      Given CPUs of Linux <release> with one CPU, of which the first <first>
      When the first CPU calls "<call>"
      Then it keeps "<here>"

      Examples: What asm/tlbflush.h does without CONFIG_SMP: nothing unless the address space is loaded
        | release        | call             | first           | here                             |
        | 2.6.10 on i386 | flush_tlb_page() | owns it         | second, far                      |
        | 2.6.10 on i386 | flush_tlb_page() | has borrowed it | second, far                      |
        | 2.6.10 on i386 | flush_tlb_page() | is elsewhere    | first, second, far on browser.mm |
        | 2.6.21         | flush_tlb_page() | owns it         | second, far                      |
        | 2.6.21         | flush_tlb_page() | has borrowed it | second, far                      |
        | 2.6.21         | flush_tlb_page() | is elsewhere    | first, second, far on browser.mm |
        | 2.6.21         | flush_tlb_mm()   | owns it         | no page                          |
        | 2.6.21         | flush_tlb_mm()   | has borrowed it | no page                          |
        | 2.6.21         | flush_tlb_mm()   | is elsewhere    | first, second, far on browser.mm |

    Scenario Outline: On <release>, <call> by the second CPU, which <second>, when the first <first>
      Given CPUs of Linux <release>, of which the first <first> and the second <second>
      When the second CPU calls "<call>"
      Then the first keeps "<here>", the second keeps "<there>", and the mask is <mask>
      And nothing of the flush is left

      Examples: It makes no difference which of the two flushes
        | release          | call                           | first           | second       | here               | there                            | mask |
        | 2.6.10 on i386   | flush_tlb_page()               | owns it         | owns it      | second, far        | second, far                      | 3    |
        | 2.6.10 on i386   | flush_tlb_mm()                 | has borrowed it | owns it      | no page on init_mm | no page                          | 2    |
        | 2.6.10 on x86-64 | flush_tlb_page()               | has borrowed it | owns it      | no page            | second, far                      | 2    |
        | 2.6.21           | flush_tlb_page()               | owns it         | is elsewhere | second, far        | first, second, far on browser.mm | 1    |
        | 2.6.21           | flush_tlb_mm()                 | has borrowed it | owns it      | no page on init_mm | no page                          | 2    |
        | 4.4              | flush_tlb_page()               | has borrowed it | owns it      | no page on init_mm | second, far                      | 2    |
        | 4.4              | flush_tlb_mm_range() of 1 page | owns it         | owns it      | second, far        | second, far                      | 3    |
        | 4.14             | a range of 1 page              | owns it         | owns it      | second, far        | second, far                      | 3    |
        | 4.14             | a range of 1 page              | owns it         | is elsewhere | second, far        | first, second, far on browser.mm | 1    |
        | 4.20             | everything, freed tables       | has borrowed it | owns it      | no page on init_mm | no page                          | 2    |
        | 6.12             | a range of 1 page              | owns it         | owns it      | second, far        | second, far                      | 3    |
        | 6.14             | a range of 1 page              | owns it         | owns it      | second, far        | second, far                      | 3    |
        | 6.14             | everything                     | owns it         | is elsewhere | no page            | first, second, far on browser.mm | 3    |
        | 6.14             | a range of 1 page              | is elsewhere    | owns it      | first, second, far on browser.mm | second, far                      | 3    |

    Scenario Outline: On <release>, a CPU that is not asked for a flush makes none, though the interrupt comes
      Given CPUs of Linux <release>, of which the first owns it and the second <second>
      When an interrupt to flush everything comes to the second CPU while only the first is asked
      Then the second keeps "first, second, far"
      And the interrupt was taken, and the first is still asked

      Examples: smp_invalidate_interrupt() looks for its own bit first
        | release          | second          |
        | 2.6.10 on i386   | owns it         |
        | 2.6.10 on i386   | has borrowed it |
        | 2.6.10 on x86-64 | owns it         |

  Rule: Since 4.14, a CPU that was not told of a flush catches up when it returns

    Scenario Outline: On <release>, <call> by a CPU that <first>, when the other <second>, which then returns
      Given CPUs of Linux <release>, of which the first <first> and the second <second>
      When the first CPU calls "<call>"
      Then the first keeps "<here>", the second keeps "<there>", and the mask is <mask>
      And once the second has returned to the address space it keeps "<back>", and the mask is <then>
      And nothing of the flush is left
      And once more, without a flush, it keeps everything

      Examples: Up to 33 pages are dropped one by one
        | release | call                | first        | second  | here                             | there       | mask | back        | then |
        | 4.14    | a range of 1 page   | owns it      | owns it | second, far                      | second, far | 3    | second, far | 3    |
        | 4.14    | a range of 2 pages  | owns it      | owns it | far                              | far         | 3    | far         | 3    |
        | 4.14    | a range of 33 pages | owns it      | owns it | far                              | far         | 3    | far         | 3    |
        | 4.14    | a range of 34 pages | owns it      | owns it | no page                          | no page     | 3    | no page     | 3    |
        | 4.14    | everything          | owns it      | owns it | no page                          | no page     | 3    | no page     | 3    |
        | 4.14    | a range of 1 page   | is elsewhere | owns it | first, second, far on browser.mm | second, far | 2    | second, far | 2    |
        | 6.14    | a range of 1 page   | owns it      | owns it | second, far                      | second, far | 3    | second, far | 3    |
        | 6.14    | a range of 2 pages  | owns it      | owns it | far                              | far         | 3    | far         | 3    |
        | 6.14    | a range of 33 pages | owns it      | owns it | far                              | far         | 3    | far         | 3    |
        | 6.14    | a range of 34 pages | owns it      | owns it | no page                          | no page     | 3    | no page     | 3    |
        | 6.14    | everything          | owns it      | owns it | no page                          | no page     | 3    | no page     | 3    |

      Examples: A CPU that has borrowed the address space is told until 4.19, and since then only if tables are freed
        | release | call                           | first   | second          | here        | there              | mask | back    | then |
        | 4.14    | a range of 1 page              | owns it | has borrowed it | second, far | no page on init_mm | 1    | no page | 3    |
        | 4.19    | a range of 1 page              | owns it | has borrowed it | second, far | no page on init_mm | 1    | no page | 3    |
        | 4.20    | a range of 1 page              | owns it | has borrowed it | second, far | first, second, far | 3    | no page | 3    |
        | 4.20    | a range of 1 page, freed tables | owns it | has borrowed it | second, far | no page on init_mm | 1   | no page | 3    |
        | 6.12    | a range of 1 page              | owns it | has borrowed it | second, far | first, second, far | 3    | no page | 3    |
        | 6.12    | a range of 1 page, freed tables | owns it | has borrowed it | second, far | no page on init_mm | 1   | no page | 3    |
        | 6.14    | a range of 1 page              | owns it | has borrowed it | second, far | first, second, far | 3    | no page | 3    |
        | 6.14    | a range of 1 page, freed tables | owns it | has borrowed it | second, far | no page on init_mm | 3   | no page | 3    |

      Examples: A CPU that is elsewhere has left the mask until 6.13, and since then leaves it when it is told of freed tables
        | release | call                            | first   | second       | here        | there                            | mask | back    | then |
        | 4.14    | a range of 1 page               | owns it | is elsewhere | second, far | first, second, far on browser.mm | 1    | no page | 3    |
        | 4.20    | a range of 1 page, freed tables | owns it | is elsewhere | second, far | first, second, far on browser.mm | 1    | no page | 3    |
        | 6.12    | a range of 1 page, freed tables | owns it | is elsewhere | second, far | first, second, far on browser.mm | 1    | no page | 3    |
        | 6.14    | a range of 1 page               | owns it | is elsewhere | second, far | first, second, far on browser.mm | 3    | no page | 3    |
        | 6.14    | a range of 1 page, freed tables | owns it | is elsewhere | second, far | first, second, far on browser.mm | 1    | no page | 3    |

    Scenario Outline: On <release>, a CPU that was idle and has come back is told of a flush
      Given CPUs of Linux <release>, of which the first owns it and the second owns it
      When the second CPU goes idle and comes back
      And the first CPU calls "a range of 1 page"
      Then it has interrupted "cpu1"
      And the first keeps "second, far", the second keeps "second, far", and the mask is 3

      Examples:
        | release |
        | 4.14    |
        | 4.20    |
        | 6.12    |
        | 6.14    |

    Scenario Outline: On <release>, where PCIDs keep translations, <call> by a CPU that <first>, when the other <second>
      Given CPUs of Linux <release>, of which the first <first> and the second <second>
      When the first CPU calls "<call>"
      Then the first keeps "<here>", the second keeps "<there>", and the mask is <mask>
      And once the second has returned to the address space it keeps "<back>", and the mask is <then>

      Examples: With PCIDs, a CPU that returns drops what it has missed, and keeps the rest
        | release         | call              | first   | second          | here        | there                            | mask | back    | then |
        | 4.14 with PCIDs | a range of 1 page | owns it | is elsewhere    | second, far | first, second, far on browser.mm | 1    | no page | 3    |
        | 4.14 with PCIDs | a range of 1 page | owns it | has borrowed it | second, far | no page on init_mm               | 1    | no page | 3    |
        | 6.14 with PCIDs | a range of 1 page | owns it | is elsewhere    | second, far | first, second, far on browser.mm | 3    | no page | 3    |
        | 6.14 with PCIDs | a range of 1 page | owns it | has borrowed it | second, far | first, second, far               | 3    | no page | 3    |

    Scenario Outline: On <release>, a CPU that returns without a flush in between keeps what its PCID has kept
      Given CPUs of Linux <release>, of which the first owns it and the second <second>
      Then once the second has returned to the address space it keeps "<back>", and the mask is 3

      Examples:
        | release         | second          | back               |
        | 4.14            | is elsewhere    | no page            |
        | 4.14 with PCIDs | is elsewhere    | first, second, far |
        | 4.14 with PCIDs | has borrowed it | first, second, far |
        | 4.20            | has borrowed it | first, second, far |
        | 6.14            | is elsewhere    | no page            |
        | 6.14 with PCIDs | is elsewhere    | first, second, far |
        | 6.14            | has borrowed it | first, second, far |

    Scenario Outline: On <release>, a CPU at generation 2 of 3 that is asked for generation <generation>
      Given CPUs of Linux <release>, of which the first owns it and the second owns it
      When the second CPU, which has caught up with generation 2 of 3, is asked for a flush of generation <generation>
      Then the second keeps "<kept>"

      Examples: What it was asked for is one page. It flushes everything that it may have missed; 6.x skips what it has already done.
        | release | generation | kept               |
        | 4.14    | 2          | no page            |
        | 4.14    | 3          | second, far        |
        | 6.14    | 2          | first, second, far |
        | 6.14    | 3          | second, far        |

    Scenario Outline: On <release>, a batch of a CPU that <first>, when the other <second>
      Given CPUs of Linux <release>, of which the first <first> and the second <second>
      When the first CPU calls "a batch"
      Then the first keeps "<here>", the second keeps "<there>", and the mask is <mask>
      And nothing of the flush is left

      Examples: arch_tlbbatch_flush()
        | release | first        | second          | here                             | there              | mask |
        | 4.14    | owns it      | owns it         | no page                          | no page            | 3    |
        | 4.14    | is elsewhere | owns it         | first, second, far on browser.mm | no page            | 2    |
        | 4.14    | owns it      | is elsewhere    | no page                          | first, second, far on browser.mm | 1 |
        | 4.14    | owns it      | has borrowed it | no page                          | no page on init_mm | 1    |
        | 4.20    | owns it      | has borrowed it | no page                          | first, second, far | 3    |

  Rule: A flush interrupts only the CPUs that it has to

    Scenario Outline: On <release>, <call> when the other CPU <second> interrupts <interrupted>
      Given CPUs of Linux <release>, of which the first owns it and the second <second>
      When the first CPU calls "<call>"
      Then it has interrupted "<interrupted>"

      Examples:
        | release        | call              | second          | interrupted |
        | 2.6.10 on i386 | flush_tlb_page()  | owns it         | cpu1        |
        | 2.6.10 on i386 | flush_tlb_mm()    | is elsewhere    | no CPU      |
        | 2.6.21         | flush_tlb_page()  | owns it         | cpu1        |
        | 2.6.21         | flush_tlb_mm()    | is elsewhere    | no CPU      |
        | 4.4            | flush_tlb_page()  | has borrowed it | cpu1        |
        | 4.4            | everything        | is elsewhere    | no CPU      |
        | 4.14           | a range of 1 page | owns it         | cpu1        |
        | 4.19           | a range of 1 page | has borrowed it | cpu1        |
        | 4.20           | a range of 1 page | has borrowed it | no CPU      |
        | 6.12           | a range of 1 page | has borrowed it | no CPU      |
        | 6.14           | a range of 1 page | is elsewhere    | no CPU      |
        | 6.14           | a range of 1 page, freed tables | is elsewhere | cpu1 |

  Rule: Only a flush that asks for it drops global translations

    Scenario Outline: On <release>, <flush> leaves a global page <what>
      Given CPUs of Linux <release>, of which the first owns it
      And the first CPU has used a global page as well
      When the first CPU performs "<flush>"
      Then it keeps "no page"
      And the global page is <what>, and CR4 allows global pages

      Examples:
        | release                        | flush                       | what        |
        | 2.6.10 on i386 with one CPU    | __flush_tlb()               | still known |
        | 2.6.10 on i386 with one CPU    | __flush_tlb_global()        | gone        |
        | 2.6.10 on x86-64 with one CPU  | __flush_tlb()               | still known |
        | 2.6.10 on x86-64 with one CPU  | __flush_tlb_global()        | gone        |
        | 2.6.21 with one CPU            | flush_tlb_user()            | still known |
        | 2.6.21 with one CPU            | flush_tlb_kernel()          | gone        |
        | 2.6.21 on VMI with one CPU     | flush_tlb_user()            | still known |
        | 2.6.21 on VMI with one CPU     | flush_tlb_kernel()          | gone        |
        | 4.4                            | __native_flush_tlb_global() | gone        |
