Feature: Linear page tables give a guest no write access to its tables
  An entry of a table may point to a table of its own level. The guest then sees its
  tables as memory, one level further down. Xen allows this only read-only, only for
  tables that it has already checked, and never in a chain. Xen itself also reads the
  tables in this way, and must not use an outdated view.

  Rule: A linear entry is read-only, not part of a chain, and within one domain

    Scenario: A table may map itself read-only as a linear table
      Given two domains A and B on a "2-level" Xen
      When A tries to: set slot 5 of root to root read-only
      Then Xen answers "0"
      And every rule holds

    Scenario Outline: <how> is refused
      Given two domains A and B on a "2-level" Xen
      And A has done: <first>
      When A tries to: <call>
      Then Xen answers "-EINVAL"
      And Xen says "<why>"
      And nothing has changed

      Examples:
        | how                                  | first                                                     | call | why |
        | Showing itself writable              | make data read-only                                       | set slot 5 of root to root writable | write perms |
        | Adding the write bit later           | set slot 5 of root to root read-only                      | set slot 5 of root to root writable | write perms |
        | Showing a frame that is not a table  | write to data                                             | set slot 5 of root to data read-only | not validated |
        | Showing another table writable       | make data read-only, then pin data as L2                  | set slot 5 of root to data writable | write perms |
        | Showing a table that was not checked | make data read-only, then pin data as L2, then unpin data | set slot 5 of root to data read-only | not validated |
        | Showing the root of another domain   | make data read-only                                       | set slot 5 of root to B's root read-only | od=B |

    Scenario: A linear entry for another table that has been checked is allowed
      Given two domains A and B on a "2-level" Xen
      And A has done: make data read-only, then pin data as L2
      When A tries to: set slot 5 of root to data read-only
      Then Xen answers "0"
      And every rule holds

    Scenario Outline: A chain of three tables is refused if the last call is "<call>"
      Given two domains A and B on a "2-level" Xen
      And A has done: make data read-only, then pin data as L2, then make other read-only, then pin other as L2, then <first>
      When A tries to: <call>
      Then Xen answers "-EINVAL"
      And Xen says "would make a chain"
      And nothing has changed

      Examples:
        | first                                  | call                                   |
        | set slot 5 of data to other read-only  | set slot 5 of root to data read-only   |
        | set slot 5 of root to data read-only   | set slot 5 of data to other read-only  |

    Scenario: Without the check, a chain of three tables is possible
      Given two domains A and B on a "2-level" Xen that does not keep "linear-chains-refused"
      And A has done: make data read-only, then pin data as L2, then make other read-only, then pin other as L2, then set slot 5 of data to other read-only
      When A tries to: set slot 5 of root to data read-only
      Then Xen has broken "xenLinearChainsShort": "maps another table of its level"

  Rule: The root of a 32-bit guest on a 64-bit Xen has no linear entry

    Scenario: A root that maps itself is refused
      Given two domains A and B on a "PAE on 64-bit" Xen
      When A tries to: set slot 1 of root to root present
      Then Xen answers "-EINVAL"
      And Xen says "Bad type"
      And nothing has changed

    Scenario: If a root could map itself, the guest would have its tables writable, because of how Xen links a root
      Given two domains A and B on a "PAE on 64-bit" Xen that does not keep "root-not-linear"
      When A tries to: set slot 1 of root to root present
      Then Xen answers "0"
      And Xen has broken "xenGuestsIsolated": "which is in use as l1"

  Rule: Xen does not use an outdated view of the tables

    Scenario: After a table is replaced, an update changes the new one
      Given two domains A and B on a "PAE" Xen
      And A has done: make data read-only, then pin data as L1, then make other read-only, then pin other as L1
      And A has done: set slot 1 of middle to data writable, then map third read-only at slot 0 of the stretch behind, then set slot 1 of middle to other writable
      When A tries to: map fourth read-only at slot 7 of the stretch behind
      Then Xen answers "0"
      And slot 7 of "other" leads to "fourth"
      And every rule holds

    Scenario: With an outdated view, an update changes the old table
      Given two domains A and B on a "PAE" Xen that does not keep "linear-map-flushed"
      And A has done: make data read-only, then pin data as L1, then make other read-only, then pin other as L1
      And A has done: set slot 1 of middle to data writable, then map third read-only at slot 0 of the stretch behind, then set slot 1 of middle to other writable
      When A tries to: map fourth read-only at slot 7 of the stretch behind
      Then Xen answers "0"
      And slot 7 of "data" leads to "fourth"
