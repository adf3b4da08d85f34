Feature: No sequence of hypercalls breaks a rule of Xen, and each rule is needed
  Two domains with three processors make up calls: alone, in lists with a fault in the middle, in multicalls, and in
  ploys of a few. They prepare a table, leave a stale translation, give away what is still in use, are interrupted at
  every point and go on or do something else. A third domain hands frames to and fro. What leads to a new combination of
  call, frame, refusal and interruption is kept and varied. After each call everything that it has written is judged: the
  counts against the tables in memory, and whatever processors and devices can reach.
  `npx paravirt-spec fuzz` runs for as long as you like.

  Rule: Every rule holds after each call

    Scenario Outline: Hostile guests break no rule, on <shape> page tables
      Given a Xen with "<shape>" page tables
      When hostile guests make 4000 calls, from seed <seed>
      Then every rule holds after each of them
      And at least 50 percent of the calls were accepted
      And that seed stands for <guests>, everywhere and always
      And everything was looked at after 15 of the calls, and after the others only what they had written

      Examples:
        | shape         | seed | guests                                                                                |
        | 2-level       | 1    | 62 guests, 4017 turns, 2467 accepted, 23 interrupted, 654 combinations, 61 scripts kept |
        | PAE           | 2    | 60 guests, 3998 turns, 2570 accepted, 11 interrupted, 592 combinations, 55 scripts kept |
        | PAE on 64-bit | 3    | 61 guests, 3968 turns, 2495 accepted, 143 interrupted, 853 combinations, 57 scripts kept |

    Scenario: What is judged by what was written is judged as if everything were looked at
      Given a Xen with "PAE on 64-bit" page tables
      When hostile guests make 1500 calls, from seed 4, and everything is looked at after each
      Then every rule holds after each of them

  Rule: The fuzzer finds a hypervisor that does not keep a rule

    Scenario: Every rule that one call after the other can break was missed within 50,000 calls, on every shape on which it means anything
      Then the scripts that were found are of every rule on every shape, each found within 50000 calls
      And each script breaks what it broke, without its rule
      And with its rule it breaks nothing

    Scenario Outline: Without "<rule>", a short script that replays breaks <invariant>
      Given a Xen with "<shape>" page tables
      And it does not keep the rule "<rule>"
      When hostile guests make 20000 calls, from seed <seed>
      Then "<invariant>" is broken
      And the shortened script has at most 10 calls
      And its replay breaks the same rule
      And none of its calls can be left out

      Examples:
        | shape         | rule                     | invariant                  | seed |
        | PAE           | flush-at-type-change     | xenGuestsIsolated          | 1    |
        | PAE           | pin-once                 | xenCountsBalanced          | 1    |
        | PAE           | own-slots-closed         | xenOwnSlotsIntact          | 2    |
        | PAE           | base-kept-on-failure     | refusedChangesNothing      | 1    |
        | PAE           | m2p-left-with-domain     | xenReverseMapOwned         | 1    |
        | PAE           | linear-chains-refused    | xenLinearChainsShort       | 1    |
        | PAE           | lists-look               | xenHeedsInterrupts         | 1    |
        | PAE on 64-bit | partial-holds-reference  | xenCountsBalanced          | 1    |

    Scenario: A change to another domain's page number in the reverse map is noticed
      Given a Xen with "PAE" page tables
      And it does not keep the rule "m2p-owner-checked"
      When a guest plays "A0 update table=0x206 slot=0x0 mfn=0x0 bits=0x29 kind=0x1"
      Then that breaks "changesOnlyItsOwn"

  Rule: A corpus outlives a run, and a run that is stopped loses nothing

    Scenario: A run that is stopped has kept every script, and the next one begins with them
      Given a folder for scripts
      When hostile guests fill it and are stopped after 25 guests
      Then it exits with 4, and says "every rule held so far"
      And each script that it says it kept is a file of the folder, whole and readable
      And a second run, of no more calls than these scripts have, adds none

  Rule: A mistake on the command line is named, with the legal values

    Scenario Outline: "<line>" is refused
      When the user types "<line>"
      Then it exits with 2
      And it complains in one line that "<words>"

      Examples:
        | line                            | words                                                       |
        | paravirt-spec fuzz --tables 5-level           | no page tables are \"5-level\"; there are 2-level, PAE, PAE on 64-bit |
        | paravirt-spec fuzz --without gravity          | no rule \"gravity\" of the hypervisor; there are exclusive-types |
        | paravirt-spec fuzz --calls none               | --calls \"none\" is not a whole number from 1 to 9007199254740991 |
        | paravirt-spec fuzz --minutes soon             | --minutes \"soon\" is not a whole number from 1 to 9007199254740991 |
        | paravirt-spec fuzz --corpus package.json      | the corpus \"package.json\" cannot be used: it is not a folder |
        | paravirt-spec fuzz --rules --corpus scripts   | --corpus cannot be combined with --rules |
