Feature: Every chapter's verdict also holds on processors that use all the freedom of the manuals
  A fix that works on a processor that loads translations only on demand may fail on one that loads them speculatively.
  So one situation of each thread is explored again on processors with every freedom that the manuals allow: translations
  and upper entries loaded at any time, two sizes of one page, late A and D bits, and walks that pass stores.

  Scenario Outline: Thread <thread>: without the patch, the same requirements fail
    When "<situation>" of the kernel without the patch is explored with every freedom, and with none
    Then the same requirements fail in both, and at least one fails
    And the freedoms have added states

    Examples:
      | thread | situation            |
      | 000    | vmi-lazy/kmap        |
      | 002    | flush-tlb/after-boot |
      | 003    | vmi-boot/activation  |
      | 004    | xen-pte-lock/pin     |
      | 100    | switch-mm-barrier    |
      | 101    | skipped-flush        |
      | 102    | mremap-flush         |

  Scenario Outline: Thread <thread>: with the patch, every requirement still holds
    When "<situation>" of the kernel with the patch is explored with every freedom, and with none
    Then the same requirements hold in both
    And the freedoms have added states

    Examples:
      | thread | situation               |
      | 000    | vmi-lazy/kmap           |
      | 001    | preemptible-lazy/callers |
      | 002    | flush-tlb/after-boot    |
      | 003    | vmi-boot/activation     |
      | 004    | xen-pte-lock/pin        |
      | 100    | switch-mm-barrier       |
      | 101    | skipped-flush           |
      | 102    | mremap-flush            |

  Scenario: Thread 001: without the patch, which changes nothing, every requirement holds too
    When "preemptible-lazy/callers" of the kernel without the patch is explored with every freedom, and with none
    Then the same requirements hold in both
