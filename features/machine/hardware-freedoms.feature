Feature: No chapter's verdict depends on what its processors do not do
  A fix that holds on a processor which loads a translation only when an instruction asks for it may fail on one that looks
  ahead. So one situation of each thread is explored once more on processors with every freedom of the manuals: translations
  and upper entries loaded at any time, two sizes of one page, late A and D bits, walks that pass over stores.

  Scenario Outline: Thread <thread>: without the patch, the same requirements fail
    When "<situation>" of the kernel without the patch is explored with every freedom, and with none
    Then the same requirements fail in both, and there are some
    And the freedoms have added states

    Examples:
      | thread | situation            |
      | 000    | vmi-lazy/kmap        |
      | 002    | flush-tlb/after-boot |
      | 003    | vmi-boot/activation  |
      | 004    | xen-pte-lock/pin     |
      | 100    | switch-mm-barrier    |

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

  Scenario: Thread 001: without the patch, which does nothing, they hold too
    When "preemptible-lazy/callers" of the kernel without the patch is explored with every freedom, and with none
    Then the same requirements hold in both
