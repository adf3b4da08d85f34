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

    Scenario: Its own walks see it
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
