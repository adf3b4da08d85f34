Feature: No sequence of hypercalls breaks a rule of Xen, and each rule is needed
  Two domains with three processors make random calls, single ones and short sequences
  that prepare a table, leave a stale translation, give away a frame that is still in
  use, or are interrupted. A third domain passes frames back and forth. After each call
  the counts are recomputed from memory, and everything that the processors can reach
  is walked as the hardware would. `npx paravirt-spec fuzz` runs for as long as you
  like.

  Rule: Every rule holds after each call

    Scenario Outline: Hostile guests break no rule, on <shape> page tables
      Given a Xen with "<shape>" page tables
      When hostile guests make 5000 calls, from seed <seed>
      Then every rule holds after each of them
      And at least 50 percent of the calls were accepted

      Examples:
        | shape   | seed |
        | 2-level | 1    |
        | PAE     | 2    |
        | PAE on 64-bit | 3 |

  Rule: The fuzzer finds a hypervisor that does not keep a rule

    Scenario: Every rule is needed: without it, something breaks
      Given a Xen with "PAE" page tables
      When each rule is left out in turn, for 20000 calls at most
      Then each of them is missed, on every shape of page tables on which it means anything
      And no shortened script has more than 11 calls

    Scenario Outline: Without "<rule>", a short script that replays breaks <invariant>
      Given a Xen with "<shape>" page tables
      And it does not keep the rule "<rule>"
      When hostile guests make 20000 calls, from seed 1
      Then "<invariant>" is broken
      And the shortened script has at most 10 calls
      And its replay breaks the same rule
      And none of its calls can be left out

      Examples:
        | shape         | rule                    | invariant             |
        | PAE           | flush-at-type-change    | xenGuestsIsolated     |
        | PAE           | pin-once                | xenCountsBalanced     |
        | PAE           | own-slots-closed        | xenOwnSlotsIntact     |
        | PAE           | refused-flush-skipped   | refusedChangesNothing |
        | PAE           | m2p-owner-checked       | changesOnlyItsOwn     |
        | PAE           | base-kept-on-failure    | refusedChangesNothing |
        | PAE           | m2p-left-with-domain    | xenReverseMapOwned    |
        | PAE           | unmask-announces        | xenEventsAnnounced    |
        | PAE           | ptwr-kernel-only        | usersChangeNoTable    |
        | PAE           | linear-map-flushed      | updatesChangeTheEntryInUse |
        | PAE           | multicall-ends-with-iret | usersCallNothing     |
        | PAE on 64-bit | partial-cleanup-told    | xenCountsBalanced     |

    Scenario: A change to another domain's page number in the reverse map is noticed
      Given a Xen with "PAE" page tables
      And it does not keep the rule "m2p-owner-checked"
      When a guest plays "A0 update table=0x206 slot=0x0 mfn=0x0 bits=0x29 kind=0x1"
      Then that breaks "changesOnlyItsOwn"

  Rule: A mistake on the command line is named, with the legal values

    Scenario Outline: "<line>" is refused
      When the user types "<line>"
      Then it exits with 2
      And it complains in one line that "<words>"

      Examples:
        | line                            | words                                                       |
        | paravirt-spec fuzz --tables 5-level           | no page tables are \"5-level\"; there are 2-level, PAE, PAE on 64-bit |
        | paravirt-spec fuzz --without gravity          | no rule \"gravity\" of the hypervisor; there are exclusive-types |
        | paravirt-spec fuzz --calls none               | --calls \"none\" is not a whole number above 0 |
