Feature: A kernel is not searched again if its search would be the same
  To see which hunks of a patch are needed, many choices of hunks are tried. Two choices that agree on every
  hunk that a search has asked for make the same search. So do two that agree on what was asked for after the set-up,
  if their set-ups end in the same state: boot code that asks for a hunk often ends in the same state with it and without it.

  Rule: What a search would have found is known from another one

    Scenario Outline: In <situation>, <searches> searches answer for <choices> choices of hunks
      When the hunks of its patch are tried in "<situation>"
      And each choice of hunks is searched by itself
      Then both find the same for each of <choices> choices
      And the first needs <searches> searches

      Examples:
        | situation            | choices | searches |
        | xen-pte-lock/pin     | 8       | 4        |
        | flush-tlb/after-boot | 4       | 4        |

    Scenario: What another process has searched is not searched again
      When the hunks of its patch are tried in "flush-tlb/after-boot"
      And they are tried again by another process that was told of these searches
      Then both find the same
      And the second needs 0 searches

  Rule: A search that may be another one is made

    Scenario: A set-up that keeps its decision where the explorer cannot see it is noticed
      When a machine whose set-up hides what it asked for is searched without its hunk and with it
      Then only the second is found to fail
      And it was searched by itself

    Scenario: A machine that copies its hunks may ask for any of them later
      When a machine that copies its hunks is searched without its hunk and with it
      Then only the second is found to fail
      And it was searched by itself
