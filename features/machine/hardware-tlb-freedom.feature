Feature: A processor may cache a translation at any time, and upper table entries too
  A processor looks ahead: it loads translations that no instruction has asked for. So a kernel that changes an entry must
  flush it even if it never touched the page, and one that frees a table must flush before the frame is used again. Both
  freedoms are options, for claims that depend on them.

  Rule: A translation can be in the TLB though nothing has used it

    Scenario: A page that nobody has touched needs no flush, if processors only cache what is used
      Given the page "here" leads to the old frame
      And a processor that runs "remap here new; nop; touch here"
      When every interleaving is explored
      Then what was noted is one of "new"

    Scenario: If they look ahead, the missing flush shows
      Given the page "here" leads to the old frame
      And the processors may load the translation of "here" at any time
      And a processor that runs "remap here new; nop; touch here"
      When every interleaving is explored
      Then what was noted is one of "old, new"

    Scenario: With the flush it does not
      Given the page "here" leads to the old frame
      And the processors may load the translation of "here" at any time
      And a processor that runs "remap here new; invlpg here; touch here"
      When every interleaving is explored
      Then what was noted is one of "new"

    Scenario: A flush before the change is no flush
      Given the page "here" leads to the old frame
      And the processors may load the translation of "here" at any time
      And a processor that runs "invlpg here; remap here new; touch here"
      When every interleaving is explored
      Then what was noted is one of "old, new"

  Rule: Another processor's TLB is not flushed by INVLPG here

    Scenario: A change that only one of two processors flushed
      Given the page "here" leads to the old frame
      And a processor that runs "remap here new; invlpg here"
      And a processor that runs "touch here; touch here"
      When every interleaving is explored
      Then what was noted is one of "old old, new new"

  Rule: A page walk reads memory as it is, not what waits in another processor's buffer

    Scenario: The entry was stored, but the walk of the other processor misses it
      Given the page "here" leads to the old frame
      And the stores of the processors wait in buffers
      And a processor that runs "remap here new; note stored; nop"
      And a processor that runs "nop; touch here"
      When every interleaving is explored
      Then some run notes "stored old"

    Scenario: A processor's own walks see its waiting store
      Given the page "here" leads to the old frame
      And the stores of the processors wait in buffers
      And a processor that runs "remap here new; touch here"
      When every interleaving is explored
      Then what was noted is one of "new"

  Rule: An upper entry can be cached apart from the TLB

    Scenario: The replaced table is walked once more, for a page that was never in the TLB
      Given the page "here" leads to the old frame
      And the processors keep upper table entries apart
      And a processor that runs "touch beside; retable; touch here"
      When every interleaving is explored
      Then what was noted is one of "old old"

    Scenario: Without such a cache it is not
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

  Rule: A walk can begin at an upper entry that the tables no longer have

    Before 2ff6ddf19c0e (2018) a CPU that only borrows the tables was not told when some were freed. It uses no address of
    theirs, but it may look ahead.

    Scenario: A table is freed and reused, and a lazy CPU is not told
      When a table is freed while a lazy CPU is told "nothing" after its entry was cleared, with "early fills, upper entries"
      Then some interleaving shows that a walk has set the A bit in somebody's data

    Scenario Outline: If the lazy CPU is told "<told>", its upper entries are gone
      When a table is freed while a lazy CPU is told "<told>" after its entry was cleared, with "early fills, upper entries"
      Then it harms nobody in any interleaving

      Examples:
        | told              |
        | to leave          |
        | to flush all      |
        | to flush the page |

    Scenario: To tell it before the entry is cleared is too early, as it looks ahead once more
      When a table is freed while a lazy CPU is told "to flush all" before its entry was cleared, with "early fills, upper entries"
      Then some interleaving shows that a walk has set the A bit in somebody's data

    Scenario: Unless it leaves the tables for good
      When a table is freed while a lazy CPU is told "to leave" before its entry was cleared, with "early fills, upper entries"
      Then it harms nobody in any interleaving

    Scenario Outline: With "<freedoms>" alone the bug cannot be seen
      When a table is freed while a lazy CPU is told "nothing" after its entry was cleared, with "<freedoms>"
      Then it harms nobody in any interleaving

      Examples:
        | freedoms      |
        | early fills   |
        | upper entries |
        | none          |

    Scenario: Where only a page is freed nobody need be told
      When only a page is freed while a lazy CPU is told "nothing", with "early fills, upper entries"
      Then it harms nobody in any interleaving

  Rule: A small and a large translation of one address can be there at once

    Before ad5ca55f6bdb (2008) a large page was split and one of its small pages changed before anything was flushed.

    Scenario Outline: The flush comes after the change, and the other CPU is told "<told>"
      When a large page is split and the other CPU is told "<told>" after the change, with "early fills, two sizes"
      Then some interleaving shows that cpu0 has two translations of 0x8048000 that differ

      Examples:
        | told         |
        | nothing      |
        | to flush all |

    Scenario: A flush of every CPU between the split and the change prevents it
      When a large page is split and the other CPU is told "to flush all" before the change, with "early fills, two sizes"
      Then it harms nobody in any interleaving

    Scenario: A flush here alone does not
      When a large page is split and the other CPU is told "nothing" before the change, with "early fills, two sizes"
      Then some interleaving shows that cpu1 has two translations of 0x8048000 that differ

    Scenario Outline: With "<freedoms>" alone the conflict cannot be seen
      When a large page is split and the other CPU is told "nothing" after the change, with "<freedoms>"
      Then it harms nobody in any interleaving

      Examples:
        | freedoms    |
        | early fills |
        | two sizes   |

  Rule: A and D are set by whoever walks, at any time

    Background:
      Given the page "here" leads to the old frame

    Scenario: Another processor's write shows in the entry
      Given a processor that runs "entry here; nop; entry here"
      And a processor that runs "write here"
      When every interleaving is explored
      Then what was noted is one of "clear clear, clear A+D, A+D A+D"

    Scenario: A processor that looks ahead marks the entry as used
      Given the processors may load the translation of "here" at any time
      And a processor that runs "entry here"
      When every interleaving is explored
      Then what was noted is one of "clear, A"

    Scenario: A read, a change and a write of the entry lose what was set in between
      Given a processor that runs "age here; entry here"
      And a processor that runs "write here"
      When every interleaving is explored
      Then what was noted is one of "clear, A+D"
      And some run notes "clear"

    Scenario: A write through a translation that is not known to be dirty finds the entry cleared, and faults
      Given the handler of vector 14 runs "note fault; stop"
      And a processor that runs "touch here; write here; note written; stop"
      And a processor that runs "clear here; entry here"
      When every interleaving is explored
      Then some run notes "old absent fault"
      And no run notes "old fault absent+A+D"

    Scenario: Some processors mark the cleared entry all the same
      Given the processors may mark an entry that was cleared
      And the handler of vector 14 runs "note fault; stop"
      And a processor that runs "touch here; write here; note written; stop"
      And a processor that runs "clear here; entry here"
      When every interleaving is explored
      Then some run notes "old fault absent+A+D"

  Rule: A walk is a load, and can pass over a store that waits

    Scenario Outline: The entry was stored by the same processor, and then <between>
      Given the page "here" leads to the old frame
      And the stores of the processors wait in buffers
      And the walks of the processors pass over stores that wait
      And a processor that runs "remap here new; <between>; touch here"
      When every interleaving is explored
      Then what was noted is one of "<noted>"

      Examples:
        | between     | noted    |
        | nop         | old, new |
        | mfence      | new      |
        | invlpg here | new      |

  Rule: Every freedom is an option

    Scenario: The reading guide lists them
      Then the hardware's reading guide names each freedom with its source
