Feature: Xen validates a table before a processor uses it, and a refused call changes nothing
  A frame becomes a page table when it is pinned, loaded or entered into another table; from then on each
  update of it is checked. The domains, the two hypervisors and their names are those of xen-isolation.feature.

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

    Scenario: If a multicall went on after the guest's kernel is left, a user program could change an entry
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
