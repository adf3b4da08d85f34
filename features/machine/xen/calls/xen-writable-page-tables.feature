Feature: Xen carries out a guest's own stores to its page tables
  Linux writes most entries as if it were on bare hardware. The page is read-only, so
  the store faults, and Xen carries it out for the guest after checking it like any
  update. It does so under exact conditions; if one is not met, the guest gets the fault.

  Rule: Xen carries out a guest's store to its tables only if it would accept the same update

    Scenario: A store to a lowest-level table is carried out
      Given two domains A and B on a "2-level" Xen
      When A tries to: put other read-only into slot 9 of table
      Then Xen answers "done"
      And every rule holds

    Scenario Outline: <store> is not carried out
      Given two domains A and B on a "2-level" Xen
      And A has done: make data read-only
      When A tries to: <call>
      Then A gets a page fault, because "<why>"
      And nothing has changed

      Examples:
        | store                                   | call                                              | why                                |
        | A store to an upper table               | put other read-only into slot 9 of root           | no lowest-level table              |
        | A store to a page that is only read-only | put other read-only into slot 9 of data           | no page table                      |
        | A store that maps a table writable      | put table writable into slot 9 of table           | the entry it makes is refused      |
        | A store that maps another's frame       | put B's read-only into slot 9 of table            | the entry it makes is refused      |
        | A store that is not aligned             | put a word at byte 6 of table                     | not aligned                        |
        | A store across the end of the page      | put a word at byte 4094 of table                  | not aligned                        |
        | A store from user mode                  | from user mode put other read-only into slot 9 of table | user mode                    |

    Scenario: No store is carried out for a domain that has turned this off
      Given two domains A and B on a "2-level" Xen
      And A has done: turn writable page tables off
      When A tries to: put other read-only into slot 9 of table
      Then A gets a page fault, because "not asked for writable page tables"
      And nothing has changed

    Scenario: A page that was a table and is now only read-only does not count as a table
      Given two domains A and B on a "PAE" Xen
      And A has done: make data read-only, then pin data as L1, then unpin data
      When A tries to: put other read-only into slot 0 of data
      Then A gets a page fault, because "its type count is 0"
      And nothing has changed

    Scenario: If half a PAE entry would map another domain's frame, it is stored without its present bit
      Given two domains A and B on a "PAE" Xen
      When A tries to: put the upper half of data into slot 4 of table
      Then Xen answers "done"
      And every rule holds
