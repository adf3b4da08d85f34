Feature: Every chapter's verdict is the same on processors that use every freedom the manuals allow
  A fix that works on a processor that loads translations only on demand may fail on one that loads them speculatively.
  So one situation of each thread is explored again on processors with every freedom that the manuals allow: translations
  and upper entries loaded at any time, two sizes of one page, late A and D bits, and walks that pass stores.

  Scenario Outline: Thread <thread>: without the patch, the same requirements fail
    When "<situation>" of the kernel without the patch is explored with every freedom, and with none
    Then the same requirements fail in both, and at least one fails
    And the freedoms have added states

    Examples:
      | thread | situation                  |
      | 000    | vmi-lazy/kmap              |
      | 002    | flush-tlb/after-boot       |
      | 003    | vmi-boot/activation        |
      | 004    | xen-pte-lock/pin           |
      | 100    | switch-mm-barrier          |
      | 101    | skipped-flush              |
      | 103    | batched-flush              |
      | 104    | flush-pending              |
      | 107    | drop-mm-ref/exit pae=false |
      | 108    | cr4-pge                    |
      | 110    | large-page-split           |
      | 111    | zap-dirty                  |
      | 115    | nested-madvise             |

  Scenario Outline: Thread <thread>: with the patch, every requirement still holds
    When "<situation>" of the kernel with the patch is explored with every freedom, and with none
    Then the same requirements hold in both
    And the freedoms have added states

    Examples:
      | thread | situation                  |
      | 000    | vmi-lazy/kmap              |
      | 001    | preemptible-lazy/callers   |
      | 002    | flush-tlb/after-boot       |
      | 003    | vmi-boot/activation        |
      | 004    | xen-pte-lock/pin           |
      | 100    | switch-mm-barrier          |
      | 101    | skipped-flush              |
      | 102    | mremap-flush               |
      | 103    | batched-flush              |
      | 104    | flush-pending              |
      | 105    | vmalloc-lazy               |
      | 107    | drop-mm-ref/exit pae=false |
      | 108    | cr4-pge                    |
      | 110    | large-page-split           |
      | 111    | zap-dirty                  |
      | 113    | modify-prot                |
      | 115    | nested-madvise             |
      | 116    | uffd-wp                    |

  Rule: A run that fails without freedoms fails with them

    Scenario Outline: Thread <thread>: without the patch, the run that fails is possible on any processor
      When the smallest failing run of "<situation>" without the patch is replayed with every freedom
      Then it breaks the same requirement

      Examples:
        | thread | situation    |
        | 102    | mremap-flush |
        | 116    | uffd-wp      |

  Rule: Some verdicts cannot change with more freedom
    In thread 106 the processors look ahead and keep upper entries in any case, since the bug needs both. In threads 109,
    112 and 114 software reads the page tables. In thread 105 the kernel of the guest oopses at its first access.

    Scenario Outline: Thread <thread>: without the patch, the same requirements fail in the same states
      When "<situation>" of the kernel without the patch is explored with every freedom, and with none
      Then the same requirements fail in both, and at least one fails
      And the freedoms have added no states

      Examples:
        | thread | situation        |
        | 105    | vmalloc-lazy     |
        | 106    | freed-tables     |
        | 109    | torn-pmd         |
        | 112    | gup-fast         |
        | 114    | lazy-mmu-nesting |

    Scenario Outline: Thread <thread>: with the patch, every requirement still holds in the same states
      When "<situation>" of the kernel with the patch is explored with every freedom, and with none
      Then the same requirements hold in both
      And the freedoms have added no states

      Examples:
        | thread | situation        |
        | 106    | freed-tables     |
        | 109    | torn-pmd         |
        | 112    | gup-fast         |
        | 114    | lazy-mmu-nesting |

  Rule: A patch that changes nothing without freedoms changes nothing with them

    Scenario Outline: Thread <thread>: without the patch, every requirement holds too
      When "<situation>" of the kernel without the patch is explored with every freedom, and with none
      Then the same requirements hold in both

      Examples:
        | thread | situation                |
        | 001    | preemptible-lazy/callers |
        | 113    | modify-prot              |

    Scenario: No chapter is left out
      Then each thread has a situation that can be explored with every freedom
