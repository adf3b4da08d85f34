Feature: An access reaches the memory to which the page tables map it, or faults as the manual says
  Every claim about a page fault rests on this: which accesses fault, with which error code, and which bits the processor
  sets in the tables. The rules are those of the Intel manual, volume 3A, chapter 4. The same code is checked against
  accesses recorded on two emulators. Here the rules are written so that they can be compared with the manual.

  Rule: The permissions of a page and a few control bits decide every access

    Scenario: Every access is decided by one row of the permission table
      Then exactly one row of the permission table decides about each access

    Scenario Outline: Ring <ring> <accesses> a page that is <page>, with <control>
      Given a processor with PAE paging
      And a page that is "<page>"
      And the control bits "<control>"
      When ring <ring> <accesses> the page
      Then the access reaches the page

      Examples: The kernel may do almost anything
        | ring | accesses       | page                           | control             |
        | 0    | reads          | supervisor read-only           | WP=1 SMEP=1 SMAP=1  |
        | 0    | writes         | supervisor read-only           | WP=0                |
        | 0    | writes         | supervisor writable            | WP=1                |
        | 0    | fetches from   | supervisor read-only           | SMEP=1              |
        | 0    | reads          | user read-only                 | SMAP=0 AC=0         |
        | 0    | reads          | user read-only                 | SMAP=1 AC=1         |
        | 0    | writes         | user read-only                 | WP=0 SMAP=0         |
        | 0    | exchanges with | user writable                  | WP=1 SMAP=1 AC=1    |
        | 0    | fetches from   | user read-only                 | SMEP=0              |

      Examples: User mode may do what the page allows
        | ring | accesses       | page                           | control             |
        | 3    | reads          | user read-only no-execute      | WP=1 SMEP=1 SMAP=1  |
        | 3    | writes         | user writable                  | WP=1                |
        | 3    | exchanges with | user writable                  | WP=0                |
        | 3    | fetches from   | user read-only                 | SMEP=1              |

    Scenario Outline: Refused: ring <ring> <accesses> a page that is <page>, with <control>
      Given a processor with PAE paging
      And a page that is "<page>"
      And the control bits "<control>"
      When ring <ring> <accesses> the page
      Then it faults with error code "<error code>"

      Examples: What stops the kernel
        | ring | accesses       | page                           | control             | error code |
        | 0    | writes         | supervisor read-only           | WP=1                | P W        |
        | 0    | writes         | user read-only                 | WP=1 SMAP=0         | P W        |
        | 0    | exchanges with | supervisor read-only           | WP=1                | P W        |
        | 0    | fetches from   | supervisor writable no-execute | SMEP=0              | P ID       |
        | 0    | fetches from   | user writable                  | SMEP=1              | P ID       |
        | 0    | reads          | user writable                  | SMAP=1 AC=0         | P          |
        | 0    | writes         | user writable                  | SMAP=1 AC=0 WP=0    | P W        |

      Examples: What stops user mode
        | ring | accesses       | page                           | control             | error code |
        | 3    | reads          | supervisor writable            | WP=0                | P U        |
        | 3    | writes         | supervisor writable            | WP=0                | P W U      |
        | 3    | writes         | user read-only                 | WP=0                | P W U      |
        | 3    | exchanges with | user read-only                 | WP=1                | P W U      |
        | 3    | fetches from   | supervisor read-only           | WP=1                | P U ID     |
        | 3    | fetches from   | user writable no-execute       | WP=1                | P U ID     |

      Examples: What neither may do
        | ring | accesses       | page                           | control             | error code |
        | 0    | reads          | absent                         | WP=0                | none       |
        | 3    | writes         | absent                         | WP=0                | W U        |
        | 3    | fetches from   | absent                         | WP=0                | U ID       |
        | 0    | reads          | user writable bit 40           | WP=0                | P RSVD     |
        | 3    | writes         | user writable bit 40           | WP=0                | P W U RSVD |
        | 0    | reads          | user writable large bit 13     | WP=0                | P RSVD     |
        | 3    | reads          | user writable no-execute       | NXE=0               | P U RSVD   |

    Scenario: Without no-execute and SMEP, the error code does not say that the access was a fetch
      Given a processor with PAE paging
      And a page that is "supervisor writable"
      And the control bits "NXE=0 SMEP=0"
      When ring 3 fetches from the page
      Then it faults with error code "P U"

  Rule: The processor marks in the tables which pages were accessed and written

    Scenario Outline: A page that ring 3 <accesses> is marked <marks>
      Given a processor with <paging> paging
      And a page that is "user writable"
      When ring 3 <accesses> the page
      Then its entry has "<marks>" set

      Examples:
        | paging  | accesses       | marks |
        | 32-bit  | reads          | A     |
        | 32-bit  | writes         | A D   |
        | PAE     | fetches from   | A     |
        | PAE     | exchanges with | A D   |
        | 4-level | writes         | A D   |

    Scenario: A refused access leaves the page unmarked
      Given a processor with 32-bit paging
      And a page that is "user read-only"
      When ring 3 writes the page
      Then its entry has "none" set

  Rule: An access across two pages needs both pages

    Scenario: An access across two pages succeeds when both are mapped
      Given a processor with 32-bit paging
      And a page that is "user writable"
      And a next page that is "user writable"
      When ring 3 reads the last 2 bytes of the page and the first of the next
      Then the access reaches 0x10400ffe and 0x10800000

    Scenario: An access across two pages faults at the start of the second page if that is missing
      Given a processor with 32-bit paging
      And a page that is "user writable"
      And a next page that is "absent"
      When ring 3 writes the last 2 bytes of the page and the first of the next
      Then it faults with error code "W U"
      And CR2 would hold the start of the next page

  Rule: Each paging mode has its own reserved bits

    Scenario Outline: In long mode, <address> is not a valid address
      Given a processor with 4-level paging
      When ring 0 reads address <address>
      Then it raises #GP

      Examples:
        | address               |
        | 0x0000_8000_0000_0000 |
        | 0xffff_7fff_ffff_ffff |

    Scenario Outline: MOV to CR3 refuses a PDPTE with <bit> set
      Given a processor with PAE paging
      When CR3 is loaded with a table whose first PDPTE has "<bit>" set
      Then the move raises #GP and loads nothing

      Examples:
        | bit   |
        | bit 1 |
        | bit 2 |
        | bit 5 |
        | bit 6 |
        | bit 7 |
        | bit 8 |
        | bit 40 |
        | bit 51 |
        | bit 52 |
        | bit 62 |
        | bit 63 |

    Scenario Outline: MOV to CR3 accepts a PDPTE with <what>
      Given a processor with PAE paging
      When CR3 is loaded with a table whose first PDPTE has "<what>" set
      Then the move goes through, and the register holds it

      Examples:
        | what               |
        | bit 3              |
        | bit 4              |
        | bit 9              |
        | bit 11             |
        | bit 39             |
        | bit 1 but not P    |
        | bit 63 but not P   |

    Scenario: The PDPTE registers keep what was loaded, even if memory changes or INVLPG is used
      Given a processor with PAE paging
      And a page that is "user writable"
      And the first PDPTE in memory is cleared
      And INVLPG has named "the page"
      When ring 3 reads the page
      Then the access reaches the page

    Scenario: MOV to CR3 reloads the PDPTE registers
      Given a processor with PAE paging
      And a page that is "user writable"
      And the first PDPTE in memory is cleared
      And the value of CR3 is written back
      When ring 3 reads the page
      Then it faults with error code "U"
