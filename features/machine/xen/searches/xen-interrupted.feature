Feature: A hypercall that is interrupted halfway neither loses nor gains a reference
  Validating a tree of tables can take long, so a 64-bit Xen can be interrupted between
  two entries and continue later. Another virtual CPU may continue in its place, or undo
  its work. Here Xen is interrupted after every entry, and every interleaving of two
  virtual CPUs is tried.

  Rule: The counts are balanced at every point, and the same at the end as at the beginning

    Scenario Outline: The counts are balanced if one CPU does "<A0>" while the other does "<A1>"
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "<A0>" while A1 does "<A1>", in every interleaving
      Then no rule is broken, and every interleaving was seen
      And no call was refused

      Examples:
        | A0                    | A1                     |
        | pin root, unpin root  | pin lower, unpin lower |
        | load root, load first | pin lower, unpin lower |

    Scenario: A refused root is left half done if another processor is working on the table in its slot 3
      Given a Xen with "PAE on 64-bit" page tables
      When a guest plays "A1 map va=0x8000 mfn=0x10b bits=0x65 flush=0x0; A1 store va=0x4018 mfn=0x108 bits=0x1 user=0x0; A1 store va=0x5018 mfn=0x108 bits=0x1 user=0x0; A1 map va=0x4000 mfn=0x104 bits=0x65 flush=0x1; A1 map va=0x5000 mfn=0x105 bits=0x65 flush=0x0; A1 pin level=0x3 mfn=0x104; A1 pin level=0x3 mfn=0x105; A0 unpin mfn=0x104; A0 contend times=0x2; A1 unpin mfn=0x107"
      Then its last call answers "-85", and nothing is broken

    Scenario: A root that turns out to be invalid at its last entry is released in parts
      Given a 64-bit Xen that is interrupted after each entry
      And the last entry of the root leads to another domain
      When A0 does "pin root" while A1 does "pin lower, unpin lower", in every interleaving
      Then no rule is broken, and every interleaving was seen
      And "A0" is refused each time: "MMUEXT_PIN_L3_TABLE(pin root) = -EINVAL"

    Scenario Outline: Two CPUs that both do "<deeds>" may undo each other's work forever, but lose no reference
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "<deeds>" while A1 does "<deeds>", in every interleaving
      Then no rule is broken, but some run never ends

      Examples:
        | deeds                 |
        | pin root, unpin root  |
        | load root, load first |

    Scenario Outline: A Xen that does not keep "<rule>" is found
      Given a 64-bit Xen that is interrupted after each entry, and does not keep "<rule>"
      When A0 does "pin root, unpin root" while A1 does "pin lower, unpin lower", in every interleaving
      Then "xenCountsBalanced" is broken by a run of <steps> steps: "<words>"

      Examples:
        | rule                          | steps | words                                                |
        | partial-holds-reference       | 2     | a general count of 2, but 3 references               |
        | partial-entry-keeps-reference | 2     | a general count of 3, but 4 references               |
        | partial-flag-cleared          | 3     | a general count of 3, but 4 references               |
        | partial-cleanup-told          | 7     | a type count (l2) of 1, but 2 references             |

  Rule: A table cannot be written after it has been checked

    Scenario: A table cannot be written through a translation from before the check
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "pin data, unpin data" while A1 does "map data writable, write to data, map data read-only, write to data", in every interleaving
      Then no rule is broken, and every interleaving was seen

    Scenario: Xen carries out no store of the guest to a table that is still being validated
      Given a 64-bit Xen that is interrupted after each entry
      When A0 does "pin data, unpin data" while A1 does "clear data", in every interleaving
      Then no rule is broken, and every interleaving was seen

    Scenario: If Xen carried out such a store, it would drop a reference that the scan has not taken yet
      Given a 64-bit Xen that is interrupted after each entry, and does not keep "ptwr-validated"
      When A0 does "pin data, unpin data" while A1 does "clear data", in every interleaving
      Then "xenCountsBalanced" is broken by a run of 2 steps: "mfn 264 has a type count"

    Scenario: If Xen flushes before it takes the type, the frame can be mapped, written and unmapped once more
      Given a 64-bit Xen that is interrupted after each entry, and does not keep "flush-after-reference"
      When A0 does "pin data" while A1 does "map data writable, write to data, map data read-only", in every interleaving
      Then "xenGuestsIsolated" is broken by a run of 5 steps: "still caches 0x7000 writable to mfn 263, which is in use as l1"

  Rule: A call made by the event handler during another call is complete in itself

    Scenario Outline: The counts are balanced if A0 does "<A0>" and its event handler does "<handler>"
      Given a 64-bit Xen that is interrupted after each entry
      And an event whose handler on A0 does "<handler>"
      When A0 does "<A0>" while A1 does "ring", in every interleaving
      Then no rule is broken, and every interleaving was seen
      And no call was refused

      Examples:
        | A0                    | handler                |
        | pin root, unpin root  | pin lower, unpin lower |
        | load root, load first | pin lower, unpin lower |
