Feature: A kernel path does its work
  Most scenarios ask whether anything goes wrong. A path that does nothing does nothing wrong, so here each path runs alone on a small
  machine, and afterwards its purpose must have been achieved.

  Rule: A flush drops what it is meant to drop, and nothing else

    Scenario: flush_tlb_page() drops one translation
      When "flush_tlb_page() on one CPU" has run alone
      Then it has had these effects
        | before | the page, the next page |
        | after  | the next page           |

    Scenario: A CPU that unmaps a page alone keeps its translation of the next one
      When "munmap() of one of two pages of 4.14" has run alone
      Then it has had these effects
        | before | the page, the next page |
        | after  | the next page           |

    Scenario Outline: <flush> makes a lazy CPU give up the page tables that it borrowed
      When "<flush> on a lazy CPU on Xen" has run alone
      Then it has had these effects
        | before      | borrowed            |
        | after       | those of the kernel |
        | in the mask | no                  |

      Examples:
        | flush                 |
        | a flush of everything |
        | a flush of one page   |

  Rule: The task that should run does run

    Scenario: The tick of an idle CPU takes no lock
      When "the timer of an idle CPU whose run queue another CPU has locked" has run alone
      Then it has had these effects
        | the idle task should give way | yes |

    Scenario: An idle CPU switches to a task when its timer interrupts it
      When "an idle CPU whose timer finds a task to run" has run alone
      Then it has had these effects
        | who ran | kthread |

    Scenario: A reschedule that is requested while page faults are off happens when they are on again
      When "kunmap_atomic() when a reschedule is due" has run alone
      Then it has had these effects
        | order | mapped, another task, unmapped |

    Scenario: Two softirqs that were raised both run once
      When "do_softirq() with two softirqs raised" has run alone
      Then it has had these effects
        | done | net_rx, tasklet |

  Rule: An address space is exchanged, moved and given back as a whole

    Scenario: execve() leaves a task on its new address space
      When "execve() on Xen" has run alone
      Then it has had these effects
        | mm                   | bprm.mm |
        | active_mm            | bprm.mm |
        | page tables          | its own |
        | users of the old one | 1       |

    Scenario: A kernel thread that becomes a program gives back what it borrowed
      When "execve() by a kernel thread on Xen" has run alone
      Then it has had these effects
        | references to what it borrowed | 1 |

    Scenario Outline: <what> moves the entry
      When "<what>" has run alone
      Then it has had these effects
        | old address | empty         |
        | new address | maps the page |

      Examples:
        | what                      |
        | mremap() on Xen           |
        | mremap() in a lazy region |

    Scenario: Nothing is left of the entry of a page that was swapped out
      When "munmap() of a page that was swapped out" has run alone
      Then it has had these effects
        | before | 100 |
        | after  | 0   |

    Scenario: exit() takes every page off its page tables
      When "exit() on Xen" has run alone
      Then it has had these effects
        | mapped before      | 1 and 1 |
        | mapped after       | 0 and 0 |
        | page tables        | 2       |
        | of them given back | 2       |

    Scenario: Before the reverse map existed, exit() frees pages and their tables, including the first of a directory and of a table
      When "exit() of a process with pages in two tables" has run alone
      Then it has had these effects
        | free before | 0 |
        | free after  | 4 |

    Scenario Outline: <what> fills both entries and no third one
      When "<what>" has run alone
      Then it has had these effects
        | first  | <first>  |
        | second | <second> |
        | third  | 0        |

      Examples:
        | what                                | first    | second   |
        | zeromap_pte_range() over two pages  | 1001     | 1001     |
        | remap_pte_range() over two pages    | fe000003 | fe001003 |

    Scenario Outline: Page reclaim <does> a page that <was> used lately
      When "reclaim of a page that <was> used lately" has run alone
      Then it has had these effects
        | before | 2       |
        | after  | <users> |

      Examples:
        | does  | was     | users |
        | keeps | was     | 2     |
        | takes | was not | 0     |

    Scenario: The reverse map asks every address space, even after one that no longer maps the page
      When "the use of a page that one of two still maps" has run alone
      Then it has had these effects
        | used lately      | yes |
        | flags afterwards | 5   |

    Scenario: Write-back makes a page clean and read-only, and leaves no lock behind
      When "write-back of a page, twice" has run alone
      Then it has had these effects
        | before          | 67  |
        | after           | 25  |
        | came back twice | yes |

    Scenario: A function that all CPUs are to call runs only on the others
      When "a function call on all CPUs on Xen" has run alone
      Then it has had these effects
        | called on | cpu1 |
        | came back | yes  |

    Scenario: A fault at an address that init_mm does not know either is an oops
      When "a fault at an address that init_mm does not know" has run alone
      Then it has had these effects
        | oops | Unable to handle kernel paging request a |

    Scenario: A write that the entry refuses is an oops, although init_mm knows the address
      When "a write to a page of the kernel that is read-only" has run alone
      Then it has had these effects
        | oops | Unable to handle kernel paging request a |

    Scenario: A fault at an address of the user is repaired behind paravirt_ops too
      When "a fault at an address of the user, behind paravirt_ops" has run alone
      Then it has had these effects
        | flags | 27   |
        | oops  | none |

    Scenario Outline: A page in lowmem is mapped already: kmap_atomic(), <which>, gives its address there
      When "kmap_atomic() of a page in lowmem, <which>" has run alone
      Then it has had these effects
        | the page is | in the direct mapping |

      Examples: Until 2.6.22, and since
        | which                        |
        | which looks for a slot first |
        | which looks for no slot      |

    Scenario: An address space of two pages ends behind the second one
      When "the address space of a lazy situation" has run alone
      Then it has had these effects
        | range  | 0x8048000 to 0x804a000 |
        | flags  | 67                     |
        | frames | 2                      |

    Scenario: A CPU that has to leave an address space has left it, although its calls to Xen are queued
      When "drop_other_mm_ref() on a CPU whose calls to Xen are queued" has run alone
      Then it has had these effects
        | before | borrowed            |
        | after  | those of the kernel |

    Scenario: The pte pages of a process are found in every gibibyte of its addresses
      When "a process on Xen with a page in each gibibyte" has run alone
      Then it has had these effects
        | pte pages | 8000000, 40200000, bfe00000 |

    Scenario Outline: On x86-64, the processor finds each page where <release> has mapped it
      When "a task of x86-64 with pages far apart, of <release>" has run alone
      Then it has had these effects
        | read | 1, 2, 3 |

      Examples: With three levels, and with four
        | release |
        | 2.6.10  |
        | 2.6.11  |

    Scenario: The first page tables of x86-64 map the first gibibyte twice, the fixmap, and nothing else
      When "head_64.S" has run alone
      Then it has had these effects
        | entries | 3; 1 and 1; 512 and 1; 0 |

  Rule: Memory that was allocated has one owner

    Scenario: After boot, no page table lies in memory that can still be allocated
      When "the boot of a PC" has run alone
      Then it has had these effects
        | outcome                                       | boots    |
        | cr0                                           | 80010011 |
        | page tables outside reserved memory           | 0        |
        | some lie in the range that was found for them | yes      |
        | some were made after bootmem                  | yes      |
        | early mappings that are left                  | 0        |

  Rule: What keeps preemption, softirqs or interrupts off does so, and only until its end

    Scenario Outline: <pair> on <kernel>
      When a task on <kernel> has <pair> around something
      Then it sees
        | before | preempt count 0, interrupts on               |
        | inside | preempt count <count>, interrupts <inside>   |
        | after  | preempt count 0, interrupts <after>          |

      Examples: A softirq counts 100h; local_irq_restore() gives back what was before, local_irq_enable() gives interrupts whatever was before
        | pair                                    | kernel        | count | inside | after |
        | preempt_disable()                       | the processor | 1     | on     | on    |
        | local_bh_disable()                      | the processor | 100   | on     | on    |
        | local_irq_disable()                     | the processor | 0     | off    | on    |
        | local_irq_save()                        | the processor | 0     | off    | on    |
        | local_irq_save() with interrupts off    | the processor | 0     | off    | off   |
        | local_irq_disable() with interrupts off | the processor | 0     | off    | on    |
        | local_bh_disable()                      | paravirt_ops  | 100   | on     | on    |
        | local_irq_disable()                     | paravirt_ops  | 0     | off    | on    |
        | local_irq_save()                        | paravirt_ops  | 0     | off    | on    |
        | local_irq_save() with interrupts off    | paravirt_ops  | 0     | off    | off   |
        | local_irq_disable() with interrupts off | paravirt_ops  | 0     | off    | on    |
        | local_irq_disable()                     | VMI           | 0     | off    | on    |
        | local_irq_save()                        | VMI           | 0     | off    | on    |
        | local_irq_save() with interrupts off    | VMI           | 0     | off    | off   |
        | local_bh_disable()                      | Xen           | 100   | on     | on    |
        | local_irq_disable()                     | Xen           | 0     | off    | on    |
        | local_irq_save()                        | Xen           | 0     | off    | on    |
        | local_irq_save() with interrupts off    | Xen           | 0     | off    | off   |
        | local_irq_disable() with interrupts off | Xen           | 0     | off    | on    |

    Scenario Outline: <what>
      When "<what>" has happened
      Then it sees
        | order | <order> |

      Examples: What was raised while softirqs were off is done when they are on again; a lock that was not taken is not released
        | what                                               | order                                                             |
        | a softirq that is raised inside local_bh_disable() | inside; softirq; after                                            |
        | spin_trylock() of a lock that is free              | taken: mine, preempt count 1; released: free, preempt count 0     |
        | spin_trylock() of a lock that another CPU has      | not taken: cpu1, preempt count 0; released: cpu1, preempt count 0 |

  Rule: A CPU is in the mask of the address space that it is on, and leaves both together

    Scenario Outline: <cpus>: <calls><patch>
      When the CPU of the editor, <cpus>, calls "<calls>" on 2.6.10<patch>
      Then it is on these page tables, in these masks: "<states>"

      Examples: switch_mm() and enter_lazy_tlb() of asm-i386/mmu_context.h, leave_mm() of i386/kernel/smp.c: one state after each call
        | cpus         | patch            | calls                                | states |
        | one of two   |                  | switch to browser, switch to editor  | browser in browser OK of browser; editor in editor OK of editor |
        | one of two   |                  | touch, switch to browser             | editor in editor OK of editor cached; browser in browser OK of browser |
        | one of two   |                  | touch, lazy, resume editor           | editor in editor OK of editor cached; editor in editor LAZY of editor cached; editor in editor OK of editor cached |
        | one of two   |                  | touch, lazy, leave, resume editor    | editor in editor OK of editor cached; editor in editor LAZY of editor cached; init_mm in none LAZY of editor; editor in editor OK of editor |
        | one of two   |                  | lazy, switch to browser              | editor in editor LAZY of editor; browser in browser OK of browser |
        | one of two   |                  | lazy, leave, switch to browser       | editor in editor LAZY of editor; init_mm in none LAZY of editor; browser in browser OK of browser |
        | the only one |                  | switch to browser, switch to editor  | browser in browser; editor in editor |
        | the only one |                  | touch, lazy, resume editor           | editor in editor cached; editor in editor cached; editor in editor cached |
        | the only one | , with the patch | touch, lazy, resume editor           | editor in editor cached; editor in editor cached; editor in editor |
