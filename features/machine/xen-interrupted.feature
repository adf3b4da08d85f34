Feature: A hypercall that is interrupted halfway loses no reference and wins none
  Turning a tree of tables into tables can take long, so a 64-bit Xen lets itself be
  interrupted between two entries and goes on later; another virtual CPU may go on in
  its place, or in the opposite direction. Here it is interrupted after every entry,
  and every interleaving of two virtual CPUs is tried.

  Rule: Counts are balanced at every point, and at the end as at the beginning

    Scenario Outline: <A0>, while <A1>
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "<A0>" while A1 does "<A1>", in every interleaving
      Then no rule is broken, and every interleaving was seen
      And no call was refused

      Examples:
        | A0                    | A1                     |
        | pin root, unpin root  | pin lower, unpin lower |
        | load root, load first | pin lower, unpin lower |

    Scenario: A root that turns out to be bad at its last entry is given up by parts
      Given a 64-bit Xen that is interrupted after each entry
      And the last entry of the root leads to another domain
      When A0 does "pin root" while A1 does "pin lower, unpin lower", in every interleaving
      Then no rule is broken, and every interleaving was seen
      And "A0" is refused each time: "MMUEXT_PIN_L3_TABLE(pin root) = -EINVAL"

    Scenario Outline: Two that take and give up the same root may undo each other's work for ever, and lose nothing
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "<deeds>" while A1 does "<deeds>", in every interleaving
      Then no rule is broken, but some run goes round for ever

      Examples:
        | deeds                 |
        | pin root, unpin root  |
        | load root, load first |

    Scenario Outline: A Xen that does not keep "<rule>" is found out
      Given a 64-bit Xen that is interrupted after each entry, and does not keep "<rule>"
      When A0 does "pin root, unpin root" while A1 does "pin lower, unpin lower", in every interleaving
      Then "xenCountsBalanced" is broken by a run of <steps> steps: "<words>"

      Examples:
        | rule                          | steps | words                                                |
        | partial-holds-reference       | 2     | a general count of 2, but 3 references               |
        | partial-entry-keeps-reference | 2     | a general count of 3, but 4 references               |
        | partial-flag-cleared          | 3     | a general count of 3, but 4 references               |
        | partial-cleanup-told          | 7     | a type count (l2) of 1, but 2 references             |

  Rule: What is checked cannot be written any more

    Scenario: Nobody writes a table through a translation from before the check
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "pin data, unpin data" while A1 does "map data writable, write to data, map data read-only, write to data", in every interleaving
      Then no rule is broken, and every interleaving was seen

    Scenario: A table that is just being taken is no table that Xen stores to for its guest
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "pin data, unpin data" while A1 does "clear data", in every interleaving
      Then no rule is broken, and every interleaving was seen

    Scenario: If it did, it would let go what the scan has not taken yet
      Given a 64-bit Xen that is interrupted after each entry, and does not keep "ptwr-validated"
      When A0 does "pin data, unpin data" while A1 does "clear data", in every interleaving
      Then "xenCountsBalanced" is broken by a run of 2 steps: "mfn 264 has a type count"

    Scenario: A flush before the type is taken leaves time to map, write and unmap the frame once more
      Given a 64-bit Xen that is interrupted after each entry, and does not keep "flush-after-reference"
      When A0 does "pin data" while A1 does "map data writable, write to data, map data read-only", in every interleaving
      Then "xenGuestsIsolated" is broken by a run of 5 steps: "still caches 0x7000 writable to mfn 263, which is in use as l1"

  Rule: A call that comes in between is a call of its own

    Scenario Outline: A0 does "<A0>", and its handler of events "<handler>"
      Given a 64-bit Xen that is interrupted after each entry
      And a bell at which A0 does "<handler>"
      When A0 does "<A0>" while A1 does "ring", in every interleaving
      Then no rule is broken, and every interleaving was seen
      And no call was refused

      Examples:
        | A0                    | handler                |
        | pin root, unpin root  | pin lower, unpin lower |
        | load root, load first | pin lower, unpin lower |
