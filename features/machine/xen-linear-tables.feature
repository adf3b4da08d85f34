Feature: Tables that show themselves as memory give a guest no write access to them
  An entry of a table may point at a table of its own level. The guest then sees
  its tables as memory, one level further down. Xen allows it read-only, towards
  tables that it has already checked, and never along a chain. It also looks at
  the tables that way itself, and must not look at an old view.

  Rule: Such an entry is read-only, at one step, within one domain

    Scenario: A table may show itself as memory, read-only
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
        | how                                  | first                                                             | call                                   | why         |
        | Showing itself writable              | make data read-only                                               | set slot 5 of root to root writable    | write perms |
        | Adding the write bit later           | set slot 5 of root to root read-only                              | set slot 5 of root to root writable    | write perms |
        | Showing a frame that is no table     | write to data                                                     | set slot 5 of root to data read-only   | not validated |
        | Showing another table writable       | make data read-only, then pin data as L2                          | set slot 5 of root to data writable    | write perms |
        | Showing a table nobody has checked   | make data read-only, then pin data as L2, then unpin data         | set slot 5 of root to data read-only   | not validated |
        | Showing the root of another domain   | make data read-only                                               | set slot 5 of root to B's root read-only | od=B      |

    Scenario: Showing another table that is checked is allowed
      Given two domains A and B on a "2-level" Xen
      And A has done: make data read-only, then pin data as L2
      When A tries to: set slot 5 of root to data read-only
      Then Xen answers "0"
      And every rule holds

    Scenario Outline: A chain of three is refused, whichever link comes last
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

    Scenario: A hypervisor that allows chains has one
      Given two domains A and B on a "2-level" Xen that does not keep "linear-chains-refused"
      And A has done: make data read-only, then pin data as L2, then make other read-only, then pin other as L2, then set slot 5 of data to other read-only
      When A tries to: set slot 5 of root to data read-only
      Then Xen has broken "xenLinearChainsShort": "shows another table of its level"

  Rule: The root of a 32-bit guest of a 64-bit Xen shows nothing

    Scenario: A root that shows itself is refused
      Given two domains A and B on a "PAE on 64-bit" Xen
      When A tries to: set slot 1 of root to root present
      Then Xen answers "-EINVAL"
      And Xen says "Bad type"
      And nothing has changed

    Scenario: If it could, the guest would have its tables writable, for Xen links a root so
      Given two domains A and B on a "PAE on 64-bit" Xen that does not keep "root-not-linear"
      When A tries to: set slot 1 of root to root present
      Then Xen answers "0"
      And Xen has broken "xenGuestsIsolated": "which is in use as l1"

  Rule: Xen does not look at the tables of a moment ago

    Scenario: After the table of a stretch is replaced, an update changes the new one
      Given two domains A and B on a "PAE" Xen
      And A has done: make data read-only, then pin data as L1, then make other read-only, then pin other as L1
      And A has done: set slot 1 of middle to data writable, then map third read-only at slot 0 of the stretch behind, then set slot 1 of middle to other writable
      When A tries to: map fourth read-only at slot 7 of the stretch behind
      Then Xen answers "0"
      And slot 7 of "other" leads to "fourth"
      And every rule holds

    Scenario: With an old view it changes the old one
      Given two domains A and B on a "PAE" Xen that does not keep "linear-map-flushed"
      And A has done: make data read-only, then pin data as L1, then make other read-only, then pin other as L1
      And A has done: set slot 1 of middle to data writable, then map third read-only at slot 0 of the stretch behind, then set slot 1 of middle to other writable
      When A tries to: map fourth read-only at slot 7 of the stretch behind
      Then Xen answers "0"
      And slot 7 of "data" leads to "fourth"
