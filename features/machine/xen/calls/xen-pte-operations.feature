@seed:004
Feature: A guest changes entries by hypercalls or stores, and Xen carries out the stores that fault
  If a page table is still ordinary memory, the processor carries out the store. If it is
  pinned, the pte page is read-only, so each store faults and Xen carries it out.
  set_pte_at() is a hypercall only on the task's own address space; set_pmd() always is.

  Rule: An operation executes the same instructions on any page table, but their effect differs

    Scenario Outline: The stores and hypercalls of <operation> on a <table> page table, with PAE
      When a CPU performs "<operation>" on an entry of a <table> page table with PAE
      Then it makes the hypercalls "<hypercalls>"
      And it stores <stores> times, and Xen carries out <emulated> of these stores

      Examples: not pinned, or pinned and of another address space
        | operation                                 | table          | hypercalls | stores | emulated |
        | xen_set_pte()                             | plain          |            | 2      | 0        |
        | xen_set_pte()                             | pinned foreign |            | 2      | 2        |
        | xen_set_pte_at()                          | plain          |            | 2      | 0        |
        | xen_set_pte_at()                          | pinned foreign |            | 2      | 2        |
        | xen_pte_clear()                           | plain          |            | 2      | 0        |
        | xen_pte_clear()                           | pinned foreign |            | 2      | 2        |
        | ptep_clear_flush()                        | plain          |            | 2      | 0        |
        | ptep_clear_flush()                        | pinned foreign |            | 2      | 2        |
        | ptep_clear_flush_young() of a young entry | pinned foreign |            | 1      | 1        |
        | ptep_clear_flush_young() of an old entry  | pinned foreign |            | 0      | 0        |
        | ptep_set_wrprotect()                      | pinned foreign |            | 1      | 1        |
        | xen_set_pmd()                             | plain          | mmu_update | 0      | 0        |
        | xen_set_pmd()                             | pinned foreign | mmu_update | 0      | 0        |

      Examples: pinned, and in use by the task
        | operation            | table         | hypercalls          | stores | emulated |
        | xen_set_pte()        | pinned loaded |                     | 2      | 2        |
        | xen_set_pte_at()     | pinned loaded | update_va_mapping   | 0      | 0        |
        | ptep_get_and_clear() | pinned loaded |                     | 2      | 2        |
        | ptep_clear_flush()   | pinned loaded | MMUEXT_INVLPG_LOCAL | 2      | 2        |
        | xen_set_pmd()        | pinned loaded | mmu_update          | 0      | 0        |

    Scenario Outline: Without PAE an entry is one word, so <operation> is one store, on a <table> page table
      When a CPU performs "<operation>" on an entry of a <table> page table without PAE
      Then it makes the hypercalls ""
      And it stores 1 times, and Xen carries out <emulated> of these stores

      Examples:
        | operation            | table          | emulated |
        | xen_set_pte()        | plain          | 0        |
        | ptep_get_and_clear() | plain          | 0        |
        | ptep_get_and_clear() | pinned foreign | 1        |

    Scenario Outline: A cleared <level> entry of a <table> page table maps the page no longer
      When a CPU performs "<operation>" on an entry of a <table> page table <pae> PAE
      Then the page is no longer mapped

      Examples:
        | operation            | level        | table          | pae     |
        | xen_pte_clear()      | first-level  | plain          | with    |
        | ptep_get_and_clear() | first-level  | pinned loaded  | without |
        | xen_set_pmd()        | second-level | plain          | with    |
        | xen_set_pmd()        | second-level | pinned foreign | without |

    Scenario: In lazy MMU mode, the hypercall stays in the queue
      When a CPU performs "xen_set_pte_at() in lazy MMU mode" on an entry of a pinned loaded page table with PAE
      Then it makes the hypercalls ""
      And it leaves 1 call in its queue
