Feature: No two hypercalls of two virtual CPUs race
  Since 3.4 Xen changes page tables without a lock of the domain: two virtual CPUs are inside it at once, and the counts
  of a frame are all that keeps them apart. Here two virtual CPUs make one call each about one frame: any two of the
  calls that touch references, from every state of the frame, of a table that shows others of its level, of the root in use, of a
  frame that one domain grants to another, in every interleaving of locked instructions, accesses to
  tables and flushes. In the middle of the calls no count may be too small, and no processor may reach a frame that
  is not its guest's; at the end every rule holds.

  Rule: Every pair of calls keeps the rules in every interleaving

    Scenario Outline: Of all pairs of calls about a frame that is <state>, none fails
      Given a frame that is "<state>"
      When two virtual CPUs make any two of 20 calls about it, in every interleaving
      Then each of <pairs> pairs keeps the rules, in <states> states

      Examples:
        | state              | pairs | states |
        | writable           | 210   | 18370  |
        | read-only          | 210   | 33663  |
        | unmapped           | 210   | 32424  |
        | pinned             | 210   | 24647  |
        | linked             | 210   | 23974  |
        | pinned and linked  | 210   | 23335  |
        | a descriptor table | 400   | 28673  |
        | granted            | 210   | 20097  |
        | in a pinned tree   | 210   | 21128  |

    Scenario Outline: Of all pairs of calls about <state>, none fails
      Given a frame that is "<state>"
      When two virtual CPUs make any two of 8 calls about it, in every interleaving
      Then each of <pairs> pairs keeps the rules, in <states> states

      Examples:
        | state                            | pairs | states |
        | an unused table                  | 36    | 6115   |
        | a pinned table                   | 36    | 5984   |
        | a table that the one in use maps | 36    | 4185   |
        | a table that another maps        | 36    | 4517   |
        | a table that maps the one in use | 36    | 7051   |

    Scenario Outline: Of all pairs of calls about the root in use and a second-level table that is <state>, none fails
      Given a frame that is "<state>"
      When two virtual CPUs make any two of 6 calls about it, in every interleaving
      Then each of <pairs> pairs keeps the rules, in <states> states

      Examples:
        | state                  | pairs | states |
        | below no root          | 21    | 3087   |
        | below the root         | 21    | 3480   |
        | pinned, below no root  | 21    | 3211   |
        | pinned, below the root | 21    | 2794   |

    Scenario Outline: Of all pairs of calls of two domains about a frame that is <state>, none fails
      Given a frame that is "<state>"
      When its owner makes any of 18 calls about it, and another domain any of 3, in every interleaving
      Then each of <pairs> pairs keeps the rules, in <states> states

      Examples:
        | state                         | pairs | states |
        | granted to another domain     | 54    | 6121   |
        | granted and read-only         | 54    | 9060   |
        | mapped by another domain      | 54    | 9767   |
        | only mapped by another domain | 54    | 11665  |

    Scenario: A call made step by step, alone, has the same effect as in one piece
      Then each of 37 calls changes the same step by step as in one piece, from each of 22 states

    Scenario: A missing step is noticed by that comparison
      Then without "validated-at-type-change", "writable-counted" and "tables-devalidated" some call changes something else

  Rule: Races that released versions had, or that a missing rule opens, are found

    Scenario Outline: Without "<rule>", "<A0>" races with "<A1>"
      Given a frame that is "<state>", and a Xen that does not keep "<rule>"
      When A0 does "<A0>" and A1 does "<A1>" at once, in every interleaving
      Then the calls break "<invariant>" in a run of <steps> steps

      Examples:
        | rule | state | A0 | A1 | invariant | steps |
        | entries-locked | unmapped | map it writable | unmap it | xenCountsBalanced | 21 |
        | unlock-never-last | pinned | update its entry | unpin it | xenCountsBalanced | 18 |
        | stolen-as-freed | unmapped | exchange it | map it writable | xenCountsBalanced | 20 |
        | stamped-before-dropped | writable | unmap it | pin it | xenGuestsIsolated | 23 |
        | validation-awaited | read-only | pin it | link it | xenReferencesHeld | 26 |
        | ptwr-validated | read-only | pin it | store to it | xenReferencesHeld | 14 |
        | pin-tested-and-set | read-only | pin it | pin it | xenCountsBalanced | 23 |
        | allocated-tested-and-cleared | unmapped | free it | free it | xenReferencesHeld | 13 |
        | flush-after-reference | read-only | pin it | map it writable, write to it, map it read-only | xenGuestsIsolated | 42 |
        | linear-tested-and-counted | a pinned table | pin the table that maps it | have it map the one in use | xenLinearChainsShort | 43 |
        | linear-validated | an unused table | pin the table that maps it | pin the table | xenReferencesHeld | 48 |
        | third-slot-not-looked-at-again | below no root | have the root lead to it | clear an entry beside Xen's | xenLives | 37 |
        | grant-unmap-flushed | only mapped by another domain | pin it | unmap the grant | xenGuestsIsolated | 20 |

    Scenario: The same sequence does not race if the flush comes after the reference
      Given a frame that is "read-only"
      When A0 does "pin it" and A1 does "map it writable, write to it, map it read-only" at once, in every interleaving
      Then the calls break nothing
