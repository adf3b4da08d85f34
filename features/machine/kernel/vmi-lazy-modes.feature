Feature: A VMI hypervisor applies page-table updates when the interface says
  All descriptions agree on what happens outside lazy mode. They differ on what is
  deferred in lazy mode and what ends the deferral; those points are parameters.

  Background:
    Given a VMI guest with one registered page table

  Rule: In lazy MMU mode, updates are deferred until the mode changes

    Scenario Outline: After "<calls>" the table says "<seen>" and an access reaches "<reached>"
      Given the guest sees its own queued updates "<writes>"
      When the guest does "<calls>"
      Then its table says "<seen>" and an access reaches "<reached>"

      Examples: A hypervisor whose hardware walks the guest's tables
        | writes       | calls                         | seen | reached |
        | when drained | set                           | new  | new     |
        | when drained | enter MMU, set                | old  | old     |
        | when drained | enter MMU, set, leave         | new  | new     |
        | when drained | enter MMU, set, enter CPU     | new  | new     |
        | when drained | enter MMU, set, enter MMU     | old  | old     |
        | when drained | enter CPU, set                | new  | new     |

      Examples: A hypervisor that keeps a shadow
        | writes  | calls                           | seen | reached |
        | at once | set                             | new  | new     |
        | at once | enter MMU, set                  | new  | old     |
        | at once | enter MMU, set, leave           | new  | new     |
        | at once | store                           | new  | old     |
        | at once | store, update                   | new  | new     |
        | at once | enter MMU, store, update        | new  | old     |
        | at once | enter MMU, store, update, leave | new  | new     |

  Rule: A deferred update may wait for an invalidation, in lazy mode or not

    Scenario Outline: After "<calls>" an access reaches "<reached>"
      When the guest does "<calls>"
      Then its table says "<seen>" and an access reaches "<reached>"

      Examples:
        | calls                    | seen | reached |
        | set deferred             | old  | old     |
        | set deferred, invalidate | new  | new     |
        | set deferred, flush      | new  | new     |

  Rule: A translation stays until it is invalidated, and invalidations may be deferred too

    Scenario Outline: With invalidations that "<invalidations>", after "<calls>" an access reaches "<reached>"
      Given invalidations "<invalidations>" in lazy mode
      When the guest does "<calls>"
      Then its table says "<seen>" and an access reaches "<reached>"

      Examples:
        | invalidations   | calls                                   | seen | reached |
        | join the queue  | touch, set                              | new  | old     |
        | join the queue  | touch, set, invalidate                  | new  | new     |
        | join the queue  | touch, enter MMU, set, invalidate       | old  | old     |
        | join the queue  | touch, enter MMU, set, flush            | old  | old     |
        | join the queue  | touch, enter MMU, set, invalidate, leave | new | new     |
        | drain the queue | touch, enter MMU, set, invalidate       | new  | new     |
        | drain the queue | touch, enter MMU, set, flush            | new  | new     |

  Rule: Only registered pages are page tables

    Scenario: An update of a page that was released has no effect
      When the guest does "release, set"
      Then its table says "old" and an access reaches "old"

  Rule: A call that sets IF delivers a pending interrupt before it returns

    Scenario: SetInterruptMask delivers a pending interrupt before it returns
      When an interrupt has come while IF was clear, and the guest sets it by "SetInterruptMask"
      Then the handler begins before the call returns

    Scenario: After POPF, which is not a call, a pending interrupt comes at the next boundary
      When an interrupt has come while IF was clear, and the guest sets it by "POPF"
      Then the handler begins at the next boundary, and nothing else can
