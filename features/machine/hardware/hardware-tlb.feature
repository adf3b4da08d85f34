Feature: A translation stays in the TLB until something drops it
  A kernel that changes a page table must flush what processors have cached of it. The manual's section on invalidation says
  which flush drops what. Every missing or misplaced flush in the threads breaks one of these rows.

  Rule: A cached translation is used even if the tables have changed

    Background:
      Given a processor with 32-bit paging
      And a page called "here" that is "user writable"
      And a page called "there" that is "user writable"

    Scenario: A changed entry is not noticed without a flush
      Given ring 3 has read "here"
      And the entry of "here" now leads to the frame of "there"
      When ring 3 reads "here"
      Then the access reaches the frame of "here"

    Scenario: A changed entry is noticed after INVLPG
      Given ring 3 has read "here"
      And the entry of "here" now leads to the frame of "there"
      And INVLPG has named "here"
      When ring 3 reads "here"
      Then the access reaches the frame of "there"

    Scenario: A page that became read-only can still be written until it is flushed
      Given ring 3 has read "here"
      And ring 3 has written "here"
      And the entry of "here" now says "user read-only"
      When ring 3 writes "here"
      Then the access reaches the frame of "here"

    Scenario: An absent page is never cached, so making it present needs no flush
      Given the entry of "here" now says "absent"
      And ring 3 has read "here"
      And the entry of "here" now says "user writable"
      When ring 3 reads "here"
      Then the access reaches the frame of "here"

    Scenario: After permissions are extended, at most one access faults, since the fault drops the cached entry
      Given the entry of "here" now says "user read-only"
      And ring 3 has read "here"
      And the entry of "here" now says "user writable"
      When ring 3 writes "here" twice
      Then the access reaches the frame of "here"

    Scenario: The first write to a page that was only read walks again to set the dirty bit
      Given ring 3 has read "here"
      When ring 3 writes "here"
      Then the entry of "here" has "A D" set

    Scenario Outline: The control bits <control> apply at once to cached translations
      Given the entry of "here" now says "<page>"
      And ring 0 has read "here"
      And the control bits "<control>"
      When ring 0 <accesses> "here"
      Then it faults with error code "<error code>"

      Examples:
        | page           | control   | accesses     | error code |
        | user read-only | WP=1      | writes       | P W        |
        | user read-only | SMEP=1    | fetches from | P ID       |
        | user read-only | SMAP=1    | reads        | P          |

  Rule: Each event drops what the manual says, and no more

    Background:
      Given a processor with PAE paging
      And a page called "the plain page" that is "user writable"
      And a page called "the global page" that is "user writable global"
      And both pages have been read

    Scenario Outline: <register>: <control> leaves <held>
      When the control bits become "<control>"
      Then the TLB holds "<held>" of the two

      Examples: Moves to control registers that drop everything
        | register | control     | held                               |
        | CR4      | PGE=0       | none                               |
        | CR4      | PSE=1       | none                               |
        | CR4      | PAE=0       | none                               |
        | CR4      | SMEP=1      | none                               |
        | CR0      | PG=0        | none                               |
        | CR0      | PG=0 PG=1   | none                               |

      Examples: Moves to control registers that drop nothing
        | register | control     | held                               |
        | CR4      | PGE=1       | the plain page and the global page |
        | CR4      | SMAP=1      | the plain page and the global page |
        | CR4      | SMEP=0      | the plain page and the global page |
        | CR0      | WP=1        | the plain page and the global page |

    Scenario: MOV to CR3 keeps global pages and drops the others, even if it writes the same value
      When the value of CR3 is written back
      Then the TLB holds "the global page" of the two

    Scenario: INVLPG drops the page it names
      When INVLPG names "the plain page"
      Then the TLB holds "the global page" of the two

    Scenario: INVLPG drops a global page too
      When INVLPG names "the global page"
      Then the TLB holds "the plain page" of the two

    Scenario: A page fault drops the translation that caused it
      Given the control bits "SMAP=1"
      When ring 0 reads "the global page"
      Then the TLB holds "the plain page" of the two

    Scenario: Without CR4.PGE no page is global
      Given the control bits "PGE=0"
      And both pages have been read
      When the value of CR3 is written back
      Then the TLB holds "none" of the two

  Rule: Each event drops the cached upper entries that the manual lists

    Background:
      Given a processor with 4-level paging that keeps upper entries
      And a page called "here" that is "user writable"
      And a page called "gone" that is "absent"
      And ring 3 has read "here"

    Scenario: A walk leaves upper entries in the cache
      Then upper entries lead to "here"

    Scenario: A page fault drops the upper entries that lead to its address
      When ring 3 reads "gone"
      Then it faults with error code "U"
      And no upper entry leads to "gone"

    Scenario: INIT drops every translation and upper entry
      When INIT arrives
      Then no upper entry leads to "here"
      And the TLB has nothing
