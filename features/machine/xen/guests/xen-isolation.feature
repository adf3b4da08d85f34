Feature: Xen keeps a guest away from frames that it does not own, and from writing its own tables
  Two counts for each frame keep guests apart. The 32-bit Xen is 3.2, with one lock for
  each domain; the 64-bit one is 4.13.5, which can be interrupted. Both have all known
  holes closed. Each request of a guest is either carried out or refused as a whole.
  Domain A has its frames mapped one after the other; its root and tables are
  read-only, the rest writable.

  Rule: No frame is both a table and mapped writable

    Scenario Outline: A <table> is never mapped writable, on <mode> page tables
      Given two domains A and B on a "<mode>" Xen
      When A tries to: map <table> writable at data
      Then Xen answers "<answer>"
      And Xen says "Bad type (saw <saw>"
      And nothing has changed
      And every rule holds

      Examples:
        | mode          | table         | saw     | answer  |
        | 2-level       | table         | 2800000 | -EINVAL |
        | 2-level       | root          | 5800000 | -EINVAL |
        | PAE           | table         | 2800000 | -EINVAL |
        | PAE           | middle        | 4800000 | -EINVAL |
        | PAE           | kernel middle | 4c00000 | -EINVAL |
        | PAE           | root          | 7800000 | -EINVAL |
        | PAE on 64-bit | table         | 2800000 | -EBUSY  |
        | PAE on 64-bit | root          | 7800000 | -EBUSY  |

    Scenario: A frame that is mapped writable cannot become a table
      Given two domains A and B on a "PAE" Xen
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen says "Bad type (saw e8000001 != exp 20000000)"
      And nothing has changed

    Scenario: A table of one level cannot become a table of another level
      Given two domains A and B on a "PAE" Xen
      And A has done: make data read-only, then pin data as L1
      When A tries to: pin data as L2
      Then Xen answers "-EINVAL"
      And Xen says "Bad type (saw 38000001 != exp 40000000)"
      And nothing has changed

    Scenario: A descriptor table cannot be mapped writable
      Given two domains A and B on a "2-level" Xen
      And A has done: make data read-only, then use data as GDT
      When A tries to: make data writable
      Then Xen answers "-EINVAL"
      And nothing has changed

    Scenario: A processor that still caches the writable mapping cannot use it once the frame is a table
      Given two domains A and B on a "2-level" Xen
      And A has done: A1: write to data, then A0: make data read-only, then A0: pin data as L1
      When A tries to: A1: write to data
      Then Xen answers "done"
      And every rule holds

    Scenario Outline: A processor that loads a base pointer drops global translations too, on <mode> page tables
      Given a Xen with "<mode>" page tables
      When a guest plays "A0 update table=0x103 slot=0xc mfn=0x10c bits=0x167 kind=0x0; A1 read va=0xc000; A1 map va=0xc000 mfn=0x10c bits=0x65 flush=0x0; A1 base mfn=0x100; A1 pin level=0x1 mfn=0x10c"
      Then its last call answers "0", and nothing is broken

      Examples:
        | mode          |
        | PAE on 64-bit |
        | 64-bit        |

    Scenario: A root that is in use cannot be made writable, even if it is no longer pinned
      Given two domains A and B on a "PAE" Xen
      And A has done: unpin root
      When A tries to: make root writable
      Then Xen answers "-EINVAL"
      And nothing has changed

  Rule: A domain can map only frames that it owns

    Scenario Outline: A mapping of <whose> frame is refused
      Given two domains A and B on a "2-level" Xen
      When A tries to: map <whose> read-only at data
      Then Xen answers "-EINVAL"
      And nothing has changed

      Examples:
        | whose  |
        | B's    |
        | Xen's  |
        | no     |
        | a free |

    Scenario Outline: A table with an entry for <whose> frame is refused
      Given two domains A and B on a "PAE" Xen
      And A has done: put other read-only into slot 1 of data, then put <whose> read-only into slot 2 of data, then make data read-only
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen says "Error while validating"
      And nothing has changed
      And every rule holds

      Examples:
        | whose  |
        | B's    |
        | a free |
        | no     |

    Scenario Outline: Any other call on a frame of another domain is refused: <call>
      Given two domains A and B on a "2-level" Xen
      When A tries to: <call>
      Then Xen answers "-EINVAL"
      And nothing has changed

      Examples:
        | call                             |
        | unpin B's                        |
        | load B's                         |
        | set slot 0 of B's to data present |
        | give B's back                    |

  Rule: A descriptor is harmful if it leads into Xen's privilege
    The requirement xenDescriptorsHarmless judges the two words of each descriptor in use by what the processor does with them.

    Scenario Outline: <what> is <judged>
      When a descriptor table in use has the words <low> and <high>
      Then the descriptor is judged <judged>

      Examples:
        | what                                               | low        | high       | judged   |
        | a descriptor that is not present                   | 0x00000000 | 0x00001b00 | harmless |
        | code of ring 0                                     | 0x0000ffff | 0x00cf9b00 | harmful  |
        | code of ring 1                                     | 0x0000ffff | 0x00cfbb00 | harmless |
        | data of ring 2                                     | 0x0000ffff | 0x00cfd300 | harmless |
        | data of ring 0                                     | 0x0000ffff | 0x00cf9300 | harmful  |
        | a call gate into a segment of the guest's          | 0x00610000 | 0x0000ec00 | harmless |
        | a call gate into the last segment of the guest's   | 0xdff80000 | 0x0000ec00 | harmless |
        | a call gate into Xen's first segment               | 0xe0000000 | 0x0000ec00 | harmful  |
        | the same gate, with privilege 1 in its selector    | 0xe0010000 | 0x0000ec00 | harmful  |
        | a call gate into a segment of the local table      | 0xe00c0000 | 0x0000ec00 | harmless |
        | a task-state segment                               | 0x00000067 | 0x00008900 | harmful  |
        | a present descriptor of no kind                    | 0x00000000 | 0x00008000 | harmless |

  Rule: A frame does not change its owner while references to it remain

    Scenario: A frame that is still mapped stays with its domain when it is given back
      Given two domains A and B on a "2-level" Xen
      When A tries to: give data back
      Then Xen answers "0"
      And "data" still belongs to "A"
      And every rule holds

    Scenario: A frame that was given back leaves its domain when its last mapping goes
      Given two domains A and B on a "2-level" Xen
      And A has done: give data back
      When A tries to: map other read-only at data
      Then Xen answers "0"
      And "data" is free

    Scenario: A processor that cached a frame cannot reach it once another domain owns it
      Given two domains A and B on a "PAE" Xen
      And A has done: A1: read data, then A0: map other read-only at data, then A0: give data back
      When A tries to: B0: ask for a frame
      Then Xen answers "0"
      And every rule holds
