Feature: The verdict on a claim is computed from what its scenarios showed
  A scenario says by a tag which claim it speaks to, and on which side: `@claim` supports, `@counter` contradicts, `@open` shows
  that what is known allows both answers. It speaks by passing. Nobody writes a verdict down.

  Rule: Each verdict has one way to arise

    Scenario Outline: Of <scenarios>, <verdict>
      Given the claim "000.1"
      And these scenarios were run: <scenarios>
      When the ledger is drawn up
      Then the verdict on "000.1" is "<verdict>", because "<reason>"

      Examples:
        | scenarios                                      | verdict         | reason                     |
        | none                                           | not yet decided | no scenario speaks to it   |
        | @claim:000.1 passed                            | confirmed       | one scenario shows it      |
        | @claim:000.1 passed, @claim:000.1 passed       | confirmed       | 2 scenarios show it        |
        | @counter:000.1 passed                          | refuted         | one scenario shows the contrary |
        | @claim:000.1 failed                            | undecided       | one scenario failed        |
        | @claim:000.1 passed, @counter:000.1 failed     | undecided       | one scenario failed        |
        | @claim:000.1 passed, @counter:000.1 passed     | undecided       | names no hypothesis        |

    Scenario: A claim that is shown from both sides is conditional on what the catalogue names
      Given the claim "000.1", with the hypothesis "the page is a highmem page"
      And these scenarios were run: @claim:000.1 passed, @counter:000.1 passed
      When the ledger is drawn up
      Then the verdict on "000.1" is "conditional", because "true only if the page is a highmem page"

    Scenario Outline: A claim that the catalogue knows how to decide, with <scenarios>
      Given the claim "000.1", which "the source of the ROM" would decide
      And these scenarios were run: <scenarios>
      When the ledger is drawn up
      Then the verdict on "000.1" is "<verdict>", because "<reason>"

      Examples:
        | scenarios                                      | verdict   | reason                                      |
        | none                                           | open      | what would decide it: the source of the ROM |
        | @claim:000.1 passed, @open:000.1 passed        | open      | what is known allows both answers           |
        | @claim:000.1 passed                            | confirmed | one scenario shows it                       |

    Scenario: A claim about history rests on its citations
      Given the claim "000.1", recorded in "2.6.28-rc2"
      And these scenarios were run: none
      When the ledger is drawn up
      Then the verdict on "000.1" is "recorded", because "history: 2.6.28-rc2"

  Rule: A tag names a claim that exists

    Scenario Outline: <tag> names none
      Given the claim "000.1"
      And these scenarios were run: <tag> passed
      When the ledger is drawn up
      Then it is refused, saying '<complaint>'

      Examples:
        | tag              | complaint                         |
        | @claim:000.2     | no claim "000.2" (@claim:000.2 of |
        | @counter:0.1     | did you mean 000.1?               |
        | @open:confirmed  | no claim "confirmed"              |
