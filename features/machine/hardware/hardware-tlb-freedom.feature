Feature: A processor may cache a translation or an upper table entry at any time
  A processor may load translations speculatively, before an instruction uses them. So a kernel that changes an entry must
  flush it even if it never touched the page, and one that frees a table must flush before the frame is reused. Both
  freedoms can be switched on for claims that depend on them.

  Rule: A translation can be in the TLB although no instruction has used it

    Scenario: If processors cache only what is used, a page that was never touched needs no flush
      Given the page "here" leads to the old frame
      And a processor that runs "remap here new; nop; touch here"
      When every interleaving is explored
      Then what was noted is one of "new"

    Scenario: If processors load translations speculatively, a page that was never touched needs a flush
      Given the page "here" leads to the old frame
      And the processors may load the translation of "here" at any time
      And a processor that runs "remap here new; nop; touch here"
      When every interleaving is explored
      Then what was noted is one of "old, new"

    Scenario: With speculative loads, a flush after the change is enough
      Given the page "here" leads to the old frame
      And the processors may load the translation of "here" at any time
      And a processor that runs "remap here new; invlpg here; touch here"
      When every interleaving is explored
      Then what was noted is one of "new"

    Scenario: With speculative loads, a flush before the change does not help
      Given the page "here" leads to the old frame
      And the processors may load the translation of "here" at any time
      And a processor that runs "invlpg here; remap here new; touch here"
      When every interleaving is explored
      Then what was noted is one of "old, new"

  Rule: INVLPG flushes only the TLB of its own processor

    Scenario: After a change that only one of two processors flushes, the other still uses the old translation
      Given the page "here" leads to the old frame
      And a processor that runs "remap here new; invlpg here"
      And a processor that runs "touch here; touch here"
      When every interleaving is explored
      Then what was noted is one of "old old, new new"

  Rule: A page walk reads memory, not the store buffer of another processor

    Scenario: While an entry is in the store buffer, another processor's walk does not see it
      Given the page "here" leads to the old frame
      And the stores of the processors wait in buffers
      And a processor that runs "remap here new; note stored; nop"
      And a processor that runs "nop; touch here"
      When every interleaving is explored
      Then some run notes "stored old"

    Scenario: A processor's own walk sees an entry in its store buffer
      Given the page "here" leads to the old frame
      And the stores of the processors wait in buffers
      And a processor that runs "remap here new; touch here"
      When every interleaving is explored
      Then what was noted is one of "new"

  Rule: An upper entry can be cached outside the TLB

    Scenario: After a table is replaced, the old one can still be walked, even for a page that was never in the TLB
      Given the page "here" leads to the old frame
      And the processors keep upper table entries apart
      And a processor that runs "touch beside; retable; touch here"
      When every interleaving is explored
      Then what was noted is one of "old old"

    Scenario: Without a cache of upper entries, the old table is not walked
      Given the page "here" leads to the old frame
      And a processor that runs "touch beside; retable; touch here"
      When every interleaving is explored
      Then what was noted is one of "old new"

    Scenario Outline: <flush> drops the upper entries
      Given the page "here" leads to the old frame
      And the processors keep upper table entries apart
      And a processor that runs "touch beside; retable; <flush>; touch here"
      When every interleaving is explored
      Then what was noted is one of "old new"

      Examples:
        | flush         |
        | cr3           |
        | invlpg beside |
        | invlpg here   |

  Rule: A walk can begin at a cached upper entry that is no longer in the tables

    Before 2ff6ddf19c0e (2018) a lazy CPU, which only borrows the page tables, was not told when some of them were freed. It
    does not access user addresses, but it may load translations speculatively.

    Scenario: If a table is freed and reused without telling a lazy CPU, a walk can write to the new contents
      When a table is freed while a lazy CPU is told "nothing" after its entry was cleared, with "early fills, upper entries"
      Then some interleaving shows that a walk has set the A bit in the new data

    Scenario Outline: If the lazy CPU is told "<told>", its upper entries are gone
      When a table is freed while a lazy CPU is told "<told>" after its entry was cleared, with "early fills, upper entries"
      Then it does no harm in any interleaving

      Examples:
        | told              |
        | to leave          |
        | to flush all      |
        | to flush the page |

    Scenario: Telling the lazy CPU to flush before the entry is cleared is too early
      When a table is freed while a lazy CPU is told "to flush all" before its entry was cleared, with "early fills, upper entries"
      Then some interleaving shows that a walk has set the A bit in the new data

    Scenario: Telling the lazy CPU to leave before the entry is cleared is early enough
      When a table is freed while a lazy CPU is told "to leave" before its entry was cleared, with "early fills, upper entries"
      Then it does no harm in any interleaving

    Scenario Outline: With only "<freedoms>", a freed table does no harm
      When a table is freed while a lazy CPU is told "nothing" after its entry was cleared, with "<freedoms>"
      Then it does no harm in any interleaving

      Examples:
        | freedoms      |
        | early fills   |
        | upper entries |
        | none          |

    Scenario: If only a page is freed, the lazy CPU need not be told
      When only a page is freed while a lazy CPU is told "nothing", with "early fills, upper entries"
      Then it does no harm in any interleaving

  Rule: A TLB can hold a small and a large translation of one address

    Before ad5ca55f6bdb (2008) the kernel split a large page and changed one of the small pages before it flushed.

    Scenario Outline: If the other CPU is told "<told>" only after the change, two translations can differ
      When a large page is split and the other CPU is told "<told>" after the change, with "early fills, two sizes"
      Then some interleaving shows that cpu0 has two translations of 0x8048000 that differ

      Examples:
        | told         |
        | nothing      |
        | to flush all |

    Scenario: A flush of every CPU between the split and the change prevents the conflict
      When a large page is split and the other CPU is told "to flush all" before the change, with "early fills, two sizes"
      Then it does no harm in any interleaving

    Scenario: A flush of only one CPU between the split and the change does not prevent the conflict
      When a large page is split and the other CPU is told "nothing" before the change, with "early fills, two sizes"
      Then some interleaving shows that cpu1 has two translations of 0x8048000 that differ

    Scenario Outline: With only "<freedoms>", there is no conflict
      When a large page is split and the other CPU is told "nothing" after the change, with "<freedoms>"
      Then it does no harm in any interleaving

      Examples:
        | freedoms    |
        | early fills |
        | two sizes   |

  Rule: Any processor that walks the tables may set A and D, at any time

    Background:
      Given the page "here" leads to the old frame

    Scenario: A write by another processor sets D in the entry
      Given a processor that runs "entry here; nop; entry here"
      And a processor that runs "write here"
      When every interleaving is explored
      Then what was noted is one of "clear clear, clear A+D, A+D A+D"

    Scenario: A speculative load sets A in the entry
      Given the processors may load the translation of "here" at any time
      And a processor that runs "entry here"
      When every interleaving is explored
      Then what was noted is one of "clear, A"

    Scenario: A plain read-modify-write of the entry can lose a bit that was set in between
      Given a processor that runs "age here; entry here"
      And a processor that runs "write here"
      When every interleaving is explored
      Then what was noted is one of "clear, A+D"
      And some run notes "clear"

    Scenario: A first write through a cached translation rereads the entry, and faults if it was cleared
      Given the handler of vector 14 runs "note fault; stop"
      And a processor that runs "touch here; write here; note written; stop"
      And a processor that runs "clear here; entry here"
      When every interleaving is explored
      Then some run notes "old absent fault"
      And no run notes "old fault absent+A+D"

    Scenario: Some processors set A and D even in an entry that was cleared
      Given the processors may mark an entry that was cleared
      And the handler of vector 14 runs "note fault; stop"
      And a processor that runs "touch here; write here; note written; stop"
      And a processor that runs "clear here; entry here"
      When every interleaving is explored
      Then some run notes "old fault absent+A+D"

  Rule: A walk is a load, and can pass a store that is still in the buffer

    Scenario Outline: A processor stores an entry, and before the walk comes <between>
      Given the page "here" leads to the old frame
      And the stores of the processors wait in buffers
      And the walks of the processors pass stores that are still in the buffer
      And a processor that runs "remap here new; <between>; touch here"
      When every interleaving is explored
      Then what was noted is one of "<noted>"

      Examples:
        | between     | noted    |
        | nop         | old, new |
        | mfence      | new      |
        | invlpg here | new      |

  Rule: Every freedom can be switched on separately

    Scenario: The reading guide lists every freedom
      Then the hardware's reading guide names each freedom with its source
