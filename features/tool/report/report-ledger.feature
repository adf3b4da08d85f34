Feature: The verdict on a claim is computed from the results of its scenarios
  The tags of a scenario name the claim and the side: `@claim` supports it, `@counter` contradicts it, and `@open` shows that
  what is known allows both answers. A scenario counts if it passes. No verdict is written by hand.

  Rule: Each verdict follows from the results in exactly one way

    Scenario Outline: The verdict after <scenarios> is "<verdict>"
      Given the claim "000.1"
      And these scenarios were run: <scenarios>
      When the ledger is drawn up
      Then the verdict on "000.1" is "<verdict>", because "<reason>"

      Examples:
        | scenarios                                      | verdict         | reason                     |
        | none                                           | not yet decided | no scenario is about it   |
        | @claim:000.1 passed                            | confirmed       | one scenario shows it      |
        | @claim:000.1 passed, @claim:000.1 passed       | confirmed       | 2 scenarios show it        |
        | @counter:000.1 passed                          | refuted         | one scenario contradicts it |
        | @claim:000.1 failed                            | undecided       | one scenario failed        |
        | @claim:000.1 passed, @counter:000.1 failed     | undecided       | one scenario failed        |
        | @claim:000.1 passed, @counter:000.1 passed     | undecided       | names no hypothesis        |

    Scenario: A claim that is both supported and contradicted is conditional on the hypothesis in the catalogue
      Given the claim "000.1", with the hypothesis "the page is a highmem page"
      And these scenarios were run: @claim:000.1 passed, @counter:000.1 passed
      When the ledger is drawn up
      Then the verdict on "000.1" is "conditional", because "true only if the page is a highmem page"

    Scenario Outline: A claim for which the catalogue says what would decide it, with <scenarios>, is "<verdict>"
      Given the claim "000.1", which "the source of the ROM" would decide
      And these scenarios were run: <scenarios>
      When the ledger is drawn up
      Then the verdict on "000.1" is "<verdict>", because "<reason>"

      Examples:
        | scenarios                                      | verdict   | reason                                      |
        | none                                           | open      | what would decide it: the source of the ROM |
        | @claim:000.1 passed, @open:000.1 passed        | open      | what is known allows both answers           |
        | @claim:000.1 passed                            | confirmed | one scenario shows it                       |

    Scenario: The verdict on a claim about history is based on its citations
      Given the claim "000.1", recorded in "2.6.28-rc2"
      And these scenarios were run: none
      When the ledger is drawn up
      Then the verdict on "000.1" is "recorded", because "history: 2.6.28-rc2"

  Rule: A tag must name a claim that exists

    Scenario Outline: The tag <tag> is refused
      Given the claim "000.1"
      And these scenarios were run: <tag> passed
      When the ledger is drawn up
      Then it is refused, saying '<complaint>'

      Examples:
        | tag              | complaint                         |
        | @claim:000.2     | no claim "000.2" (@claim:000.2 of |
        | @counter:0.1     | did you mean 000.1?               |
        | @open:confirmed  | no claim "confirmed"              |
