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

  Rule: The contents of a table are checked when the frame becomes a table, and at each update

    Scenario Outline: A table that maps <what> writable is refused
      Given two domains A and B on a "2-level" Xen
      And A has done: put other read-only into slot 0 of data, then put <what> writable into slot 1 of data, then make data read-only
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen says "Error while validating"
      And nothing has changed

      Examples:
        | what  |
        | data  |
        | table |
        | root  |

    Scenario: A table that maps itself read-only is accepted
      Given two domains A and B on a "2-level" Xen
      And A has done: put data read-only into slot 1 of data, then make data read-only
      When A tries to: pin data as L1
      Then Xen answers "0"
      And "data" is pinned
      And every rule holds

    Scenario Outline: Forbidden flags are refused: <flags>
      Given two domains A and B on a "2-level" Xen
      When A tries to: <call>
      Then Xen answers "-EINVAL"
      And Xen says "flags"
      And nothing has changed

      Examples:
        | flags    | call                              |
        | global   | map other global at data          |
        | uncached | map other uncached at data        |
        | write-through | map other write-through at data |
        | of another memory type | map other write-combining at data |
        | large    | set slot 5 of root to other large |

    Scenario: In the root entries of PAE, nearly all flags are reserved
      Given two domains A and B on a "PAE" Xen
      When A tries to: set slot 1 of root to middle writable
      Then Xen answers "-EINVAL"
      And Xen says "Bad L3 flags"
      And nothing has changed

    Scenario Outline: In the PAE root entries of a 64-bit Xen, a guest may set permissions but not <flags>
      Given two domains A and B on a "PAE on 64-bit" Xen
      When A tries to: set slot 1 of root to middle <flags>
      Then Xen answers "-EINVAL"
      And Xen says "Bad L3 flags"
      And nothing has changed

      Examples:
        | flags    |
        | large    |
        | global   |
        | uncached |

    Scenario Outline: A guest cannot change the entries that map Xen, on <mode> page tables: <call>
      Given two domains A and B on a "<mode>" Xen
      When A tries to: <call>
      Then Xen answers "-EINVAL"
      And nothing has changed

      Examples:
        | mode    | call                                                |
        | 2-level | set Xen's slot of root to table writable            |
        | PAE     | set Xen's slot of kernel middle to table writable   |
        | PAE     | set slot 3 of root to middle present                |
        | PAE     | set slot 428 of root to middle present              |

    Scenario: An update of an ordinary frame is a plain store
      Given two domains A and B on a "2-level" Xen
      When A tries to: set slot 3 of data to B's writable
      Then Xen answers "0"
      And every rule holds

    Scenario: An update of a descriptor table is refused
      Given two domains A and B on a "2-level" Xen
      And A has done: make data read-only, then use data as GDT
      When A tries to: set slot 3 of data to other writable
      Then Xen answers "-EINVAL"
      And nothing has changed

  Rule: A pinned frame is a validated table, and its pin holds one reference

    Scenario: A second pin is refused
      Given two domains A and B on a "PAE" Xen
      And A has done: make data read-only, then pin data as L1
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen says "already pinned"
      And nothing has changed

    Scenario: A frame that is not pinned cannot be unpinned
      Given two domains A and B on a "PAE" Xen
      When A tries to: unpin table
      Then Xen answers "-EINVAL"
      And Xen says "not pinned"
      And nothing has changed

    Scenario Outline: A pin at a level that does not exist is ignored but reported as a success: <call>
      Given two domains A and B on a "<mode>" Xen
      And A has done: make data read-only
      When A tries to: <call>
      Then Xen answers "0"
      And "data" is not pinned
      And nothing has changed

      Examples:
        | mode    | call           |
        | 2-level | pin data as L3 |
        | 2-level | pin data as L4 |
        | PAE     | pin data as L4 |

    Scenario: A root that is in use remains a table when it is unpinned
      Given two domains A and B on a "2-level" Xen
      When A tries to: unpin root
      Then Xen answers "0"
      And "root" is not pinned
      And every rule holds

  Rule: The base pointer names a valid root table

    Scenario Outline: <what> is not loaded
      Given two domains A and B on a "PAE" Xen
      When A tries to: load <frame>
      Then Xen answers "-EINVAL"
      And nothing has changed
      And every rule holds

      Examples:
        | what                       | frame |
        | A frame that is writable   | data  |
        | A table of the lowest level | table |
        | A frame of another domain  | B's   |

    Scenario: A root whose tables are not acceptable is not loaded
      Given two domains A and B on a "2-level" Xen
      And A has done: put B's writable into slot 0 of data, then make data read-only
      When A tries to: load data
      Then Xen answers "-EINVAL"
      And Xen says "Error while installing new baseptr"
      And nothing has changed
      And every rule holds

  Rule: A refused call changes nothing

    Scenario Outline: An update at Xen's own address is refused and flushes nothing: <call>
      Given two domains A and B on a "PAE" Xen
      And A has done: read data
      When A tries to: <call>
      Then Xen answers "-EINVAL"
      And nothing has changed
      And no TLB was flushed

      Examples:
        | call                                             |
        | map data read-only at Xen's address              |
        | map data read-only at Xen's address with an invlpg |

    Scenario: A multicall ends when the guest's kernel is left
      Given two domains A and B on a "2-level" Xen
      When A tries to: return to a program and map other read-only at data, in one multicall
      Then Xen answers "0"
      And nothing but the privilege has changed

    Scenario: If a multicall did not end there, a user program could change an entry
      Given two domains A and B on a "2-level" Xen that does not keep "multicall-ends-with-iret"
      When A tries to: return to a program and map other read-only at data, in one multicall
      Then Xen answers "0, 0"

    Scenario Outline: A call that Xen does not know is refused: <call>
      Given two domains A and B on a "2-level" Xen
      When A tries to: <call>
      Then Xen answers "<answer>"
      And nothing has changed

      Examples:
        | call                                  | answer  |
        | send an unknown command               | -ENOSYS |
        | send an unknown kind of update to data | -ENOSYS |
        | nest a multicall                      | -EINVAL |

    Scenario: A reference count at its maximum is not incremented
      Given two domains A and B on a "2-level" Xen whose counts end at 7
      And A has done: make data read-only, then map data read-only at other, then map data read-only at third, then map data read-only at fourth, then set slot 9 of table to data read-only, then set slot 10 of table to data read-only
      When A tries to: set slot 11 of table to data read-only
      Then Xen answers "-EINVAL"
      And nothing has changed

    Scenario: A type count at its maximum is not incremented
      Given two domains A and B on a "2-level" Xen whose type counts end at 4
      And A has done: map data writable at other, then map data writable at third, then map data writable at fourth
      When A tries to: set slot 9 of table to data writable
      Then Xen answers "-EINVAL"
      And nothing has changed

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
