Feature: A frame can be given away only by its owner, and only if it has no other use
  Domains exchange frames with Xen, transfer them to each other, and let each other
  map them by grants. A mapping by a grant counts like any other, and must be undone
  in the way it was made.

  Rule: A frame is exchanged or transferred only if it has no other use

    Scenario Outline: A frame that is <state> is not <done with>
      Given two domains A and B on a "2-level" Xen
      And A has done: <first>
      And A has done: B0: wait for a frame of A
      When A tries to: <call>
      Then Xen answers "<answer>"
      And Xen says "Bad page"
      And nothing has changed

      Examples:
        | state                  | done with   | first                                          | call               | answer         |
        | mapped                 | exchanged   | read data                                      | trade data in      | -EINVAL        |
        | a pinned table         | exchanged   | make data read-only, then pin data as L1       | trade data in      | -EINVAL        |
        | mapped                 | transferred | read data                                      | transfer data to B | GNTST_bad_page |
        | a descriptor table     | transferred | make data read-only, then use data as GDT      | transfer data to B | GNTST_bad_page |

    Scenario: A frame of another domain can be neither exchanged nor transferred
      Given two domains A and B on a "2-level" Xen
      And A has done: B0: wait for a frame of A
      When A tries to: trade B's in
      Then Xen answers "-EINVAL"
      And nothing has changed

    Scenario: A frame can be transferred only to a domain that waits for one
      Given two domains A and B on a "2-level" Xen
      And A has done: map other read-only at data
      When A tries to: transfer data to B
      Then Xen answers "GNTST_bad_gntref"
      And nothing has changed

    Scenario: An unused frame can be exchanged for another one
      Given two domains A and B on a "PAE" Xen
      And A has done: map other read-only at data
      When A tries to: trade data in
      Then Xen answers "0"
      And "data" is free
      And every rule holds

    Scenario: An unused frame can be transferred, and no processor has it cached afterwards
      Given two domains A and B on a "PAE" Xen
      And A has done: A1: read data, then map other read-only at data, then B0: wait for a frame of A
      When A tries to: transfer data to B
      Then Xen answers "0"
      And "data" still belongs to "B"
      And every rule holds

    Scenario Outline: A domain that dropped a grant's entry without a flush cannot reach the frame after a transfer, on <mode> page tables
      Given two domains A and B on a "<mode>" Xen
      And A has done: grant data to B writable, then B0: map A's grant writable at third, then B0: write to third, then B0: map B's read-only at third
      And A has done: map other read-only at data, then H0: wait for a frame of A
      When A tries to: transfer data to H
      Then Xen answers "0"
      And every rule holds

      Examples:
        | mode          |
        | 2-level       |
        | PAE           |
        | PAE on 64-bit |

    Scenario: If only the giver is flushed, as in every released Xen, the domain can still reach the frame
      Given two domains A and B on a "PAE on 64-bit" Xen that does not keep "grantees-flushed-at-transfer"
      And A has done: grant data to B writable, then B0: map A's grant writable at third, then B0: write to third, then B0: map B's read-only at third
      And A has done: map other read-only at data, then H0: wait for a frame of A
      When A tries to: transfer data to H
      Then Xen has broken "xenGuestsIsolated": "still caches"

    Scenario: A descriptor table is checked again after a transfer
      Given two domains A and B on a "2-level" Xen that does not keep "hvm-keeps-its-frames"
      And A has done: make data read-only, then use data as GDT, then use other as nothing, then map other read-only at data
      And A has done: H0: wait for a frame of A, then transfer data to H, then H0: write a gate into data, then wait for a frame of H, then H0: transfer data to A
      When A tries to: use data as GDT
      Then Xen answers "-EINVAL"
      And Xen says "Error while validating"
      And every rule holds

    Scenario: If a descriptor table is not checked again after a transfer, it can contain a gate into Xen
      Given two domains A and B on a "2-level" Xen that does not keep "hvm-keeps-its-frames and transfer-clears-type"
      And A has done: make data read-only, then use data as GDT, then use other as nothing, then map other read-only at data
      And A has done: H0: wait for a frame of A, then transfer data to H, then H0: write a gate into data, then wait for a frame of H, then H0: transfer data to A
      When A tries to: use data as GDT
      Then Xen has broken "xenDescriptorsHarmless": "high word 0x8e00"

  Rule: A grant is mapped only with the rights that were granted

    Scenario: While a granted frame is mapped, its owner cannot make a table of it
      Given two domains A and B on a "2-level" Xen
      And A has done: make data read-only, then grant data to B writable, then B0: map A's grant writable at third
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen says "Bad type (saw e8000001"
      And every rule holds

    Scenario Outline: <what> is refused
      Given two domains A and B on a "PAE" Xen
      And A has done: <first>
      When A tries to: B0: map A's grant <rights> at third
      Then Xen answers "<answer>"
      And nothing has changed

      Examples:
        | what                                   | first                      | rights    | answer              |
        | Writing where reading was granted      | grant data to B read-only  | writable  | GNTST_general_error |
        | A grant to another domain              | grant data to H writable   | writable  | GNTST_general_error |
        | A grant of a frame that is not its own | grant Xen's to B read-only | read-only | GNTST_general_error |
        | A writable grant of a page table       | grant table to B writable  | writable  | GNTST_general_error |

    Scenario Outline: A grant is not mapped by an unaligned entry at byte <byte>, on <mode> page tables
      Given two domains A and B on a "<mode>" Xen
      And A has done: grant data to B read-only
      When A tries to: B0: map A's grant read-only by the entry at byte <byte> of table
      Then Xen answers "GNTST_general_error"
      And Xen says "not aligned"
      And nothing has changed

      Examples:
        | mode    | byte |
        | 2-level | 46   |
        | PAE     | 84   |

    Scenario: A grant mapped by an entry across two entries would be checked in neither
      Given two domains A and B on a "PAE" Xen that does not keep "grant-entry-aligned"
      And A has done: grant data to B writable
      When A tries to: B0: map A's grant writable by the entry at byte 84 of table
      Then Xen has broken "xenGuestsIsolated": "B.vcpu0 maps"

    Scenario Outline: A grant cannot be unmapped at an address where <where>
      Given two domains A and B on a "PAE" Xen
      And A has done: grant data to B writable, then B0: map A's grant read-only at third, then B0: map A's grant writable at fourth
      When A tries to: B0: unmap the first grant at <at>
      Then Xen answers "GNTST_general_error"
      And nothing has changed

      Examples:
        | where                        | at     |
        | it is mapped with more rights | fourth |
        | something else is mapped     | other  |

    Scenario: If a grant could be unmapped anywhere, a writable entry would remain without a reference
      Given two domains A and B on a "PAE" Xen that does not keep "grant-unmap-matches"
      And A has done: grant data to B writable, then B0: map A's grant read-only at third, then B0: map A's grant writable at fourth
      When A tries to: B0: unmap the second grant at third
      Then Xen has broken "xenCountsBalanced": "a type count (writable) of"

    Scenario: Once a grant is unmapped, no processor has it cached, and the owner can make a table of the frame
      Given two domains A and B on a "PAE" Xen
      And A has done: make data read-only, then grant data to B writable, then B0: map A's grant writable at third, then B0: write to third, then B0: unmap the first grant at third
      When A tries to: pin data as L1
      Then Xen answers "0"
      And every rule holds

  Rule: A frame that Xen shares with a guest is not freed while the guest has it mapped

    Scenario: The status frame of version 2 is not freed while it is mapped
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: use version 2 of grant tables, then map status writable at data
      When A tries to: use version 1 of grant tables
      Then Xen answers "-EBUSY"
      And nothing has changed
      And every rule holds

    Scenario: The status frame of version 2 is freed once it is no longer mapped
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: use version 2 of grant tables, then map status writable at data, then map other read-only at data
      When A tries to: use version 1 of grant tables
      Then Xen answers "0"
      And every rule holds

    Scenario Outline: The guest cannot <do> the status frame
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: use version 2 of grant tables
      When A tries to: <call>
      Then Xen answers "-EINVAL"
      And nothing has changed

      Examples:
        | do                | call             |
        | make a table of   | pin status as L1 |
        | give back         | give status back |
        | exchange          | trade status in  |
