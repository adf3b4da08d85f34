Feature: No sequence of hypercalls breaks a rule of Xen, and each rule is needed
  Two domains with three processors make up calls: alone, in lists with a fault in the middle, in multicalls, and in
  short ploys. They prepare a table, leave a stale translation, give away what is still in use, are interrupted at
  every point and go on or do something else. A third domain hands frames back and forth. What leads to a new combination of
  call, frame, refusal and interruption is kept and varied. After each call everything that it has written is judged: the
  counts against the tables in memory, and whatever processors and devices can reach.
  `npx paravirt-spec fuzz` runs for as long as you like.

  Rule: Every rule holds after each call

    Scenario Outline: Hostile guests break no rule, on <shape> page tables
      Given a Xen with "<shape>" page tables
      When hostile guests make 4000 calls, from seed <seed>
      Then every rule holds after each of them
      And at least 50 percent of the calls were accepted
      And that seed always gives <guests>
      And everything was checked after 15 of the calls, and only what they had written after the others

      Examples:
        | shape         | seed | guests                                                                                |
        | 2-level       | 1    | 61 guests, 4036 turns, 2475 accepted, 57 interrupted, 567 combinations, 57 scripts kept |
        | PAE           | 2    | 62 guests, 4071 turns, 2591 accepted, 30 interrupted, 622 combinations, 58 scripts kept |
        | PAE on 64-bit | 3    | 58 guests, 3992 turns, 2277 accepted, 217 interrupted, 987 combinations, 57 scripts kept |
        | 64-bit        | 4    | 59 guests, 3993 turns, 2249 accepted, 198 interrupted, 870 combinations, 57 scripts kept |

    Scenario: A seed always produces the same turns, so its findings can be found again
      Then 30 times from seed 1, on "2-level", "PAE" and "64-bit" page tables, hostile guests make these turns, known by their digests
        | asked for             | 2-level | digest   | PAE | digest   | 64-bit | digest   |
        | makeTable             | 97      | 5cfa277e | 97  | 9a68927d | 97     | d7b2ddb5 |
        | restore               | 60      | 47dfcd87 | 60  | 44468657 | 60     | 44468657 |
        | stale                 | 90      | 1950e9ff | 90  | 91f7813f | 90     | 91f7813f |
        | giveAway              | 88      | 29aa4de7 | 88  | 29aa4de7 | 88     | 29aa4de7 |
        | linear                | 49      | ed4597a9 | 47  | 9bff22e9 | 45     | 694709f3 |
        | chain                 | 180     | ef78bc05 | 180 | 269b0015 | 180    | d313ed95 |
        | flip                  | 30      | fd8e426c | 30  | df37250f | 30     | c6d7d7bc |
        | throughLinear         | 81      | f6dabe90 | 81  | d91efad4 | 81     | 85acf63e |
        | newRoot               | 97      | 3ea2184c | 126 | 9c9c63fa | 97     | caa041e0 |
        | switchTable           | 210     | 8402a18c | 265 | 807fd2da | 305    | fe05b310 |
        | ownSlot               | 72      | 28832bda | 114 | 47c789e7 | 72     | 05ca03d7 |
        | halves                | 51      | 15a02338 | 51  | b360b54c | 51     | b360b54c |
        | fromProgram           | 30      | 93250913 | 30  | a5198a47 | 30     | 1665799f |
        | reverseMap            | 30      | 7ddadcf3 | 30  | 20e96f0a | 30     | 20e96f0a |
        | refusedFlush          | 60      | 29dc05de | 60  | 88e99d42 | 60     | f530bfa8 |
        | many                  | 240     | 80507f39 | 240 | 80507f39 | 240    | 80507f39 |
        | grow                  | 697     | 038ee75e | 685 | b7875500 | 644    | f0486730 |
        | chainInParts          | 321     | f9ed3f61 | 321 | 3d7d3c40 | 321    | 502cae70 |
        | longList              | 140     | 198b466f | 140 | ffb7077b | 140    | ffb7077b |
        | longBelow             | 30      | b98d6dab | 568 | ea306f1b | 568    | 423b127d |
        | secondRoot            | 211     | 3c8b38bd | 271 | cea3f21b | 211    | 070635d7 |
        | rootEntry             | 30      | b98d6dab | 240 | 313c47f4 | 240    | a405bee1 |
        | behindFourth          | 30      | b98d6dab | 184 | f1bcd0bc | 30     | d4b4fda6 |
        | thirdShown            | 30      | b98d6dab | 120 | b5340420 | 30     | d4b4fda6 |
        | giveUpPinned          | 430     | b4ea7328 | 430 | 8d3c83a3 | 430    | 8d3c83a3 |
        | meanwhile             | 266     | 8b542207 | 266 | ef5d839f | 266    | ef5d839f |
        | faultBelow            | 30      | b98d6dab | 328 | 61f51d98 | 412    | 29d6b557 |
        | grant                 | 149     | 782d6edf | 149 | 57194548 | 149    | 57194548 |
        | grantTwice            | 120     | 7918b07c | 120 | da44d9ec | 120    | da44d9ec |
        | grantEntry            | 82      | ac6bb0d4 | 82  | 52c3ada2 | 82     | 52c3ada2 |
        | replaceGrant          | 90      | df735725 | 90  | 3491e301 | 90     | 3491e301 |
        | grantOften            | 173     | 34e20424 | 173 | d8239028 | 173    | d8239028 |
        | copyGrants            | 151     | de0ba496 | 151 | c464e2ed | 151    | c464e2ed |
        | transitive            | 185     | 67a8dcf7 | 185 | b7a726a9 | 185    | b7a726a9 |
        | grantForDevices       | 180     | 15f8873e | 180 | 9bd45e3a | 180    | 9bd45e3a |
        | deviceGrant           | 133     | 6fcebef5 | 133 | e11ac41b | 133    | e11ac41b |
        | forgottenGrant        | 202     | e3c46cb9 | 202 | e3c46cb9 | 202    | e3c46cb9 |
        | othersTable           | 152     | 8eadbc8d | 152 | 1eb5a718 | 152    | 1eb5a718 |
        | status                | 106     | 2fc6a269 | 106 | 2fc6a269 | 106    | 2fc6a269 |
        | transfer              | 119     | 5ebb9cbd | 119 | 5ebb9cbd | 119    | 5ebb9cbd |
        | fresh                 | 92      | 2defff43 | 92  | 342f70ab | 92     | ff065390 |
        | tooHigh               | 210     | ca7f1d80 | 210 | ca7f1d80 | 210    | ca7f1d80 |
        | exchangeTo            | 60      | 1828d92d | 60  | 77979114 | 60     | a9ab2c63 |
        | target                | 195     | 6436f2e6 | 195 | 0ddccdbe | 195    | 0ddccdbe |
        | descriptors           | 153     | ebda371b | 153 | ebda371b | 153    | ebda371b |
        | longTable             | 145     | 8d9a5a00 | 145 | 4b7113db | 145    | 4b7113db |
        | localTable            | 173     | 65e378ce | 173 | e5dac37e | 173    | e5dac37e |
        | descriptor            | 89      | da341064 | 89  | c85f9868 | 89     | c85f9868 |
        | device                | 185     | 06f2fb7f | 185 | 57cb36a9 | 185    | 57cb36a9 |
        | behindCaches          | 180     | 045e01ed | 180 | 3374ac16 | 180    | e0fdd840 |
        | leaveKernel           | 30      | 16b63879 | 30  | 8ddac235 | 30     | 8ddac235 |
        | ring                  | 111     | 3fbdcd47 | 111 | 3fbdcd47 | 111    | 3fbdcd47 |
        | fill                  | 30      | 2a904a2b | 30  | a6bf2969 | 30     | a6bf2969 |
        | teardown              | 695     | 9d35f9e2 | 560 | 95914a93 | 557    | 929a810c |
        | foreign               | 165     | 24521e28 | 165 | 85589ba6 | 165    | 21bfb5bc |
        | forTranslated         | 60      | d928378b | 60  | 84e1faa4 | 60     | 84e1faa4 |
        | contended             | 751     | fd1be451 | 708 | c180a90e | 708    | 5e78be94 |
        | linearHalfDone        | 625     | 45bc74d2 | 625 | 8bb1a6bd | 625    | 8c65b011 |
        | userRoot              | -       | -        | -   | -        | 253    | d506b882 |
        | staleProgram          | -       | -        | -   | -        | 192    | e72fa435 |
        | kernelsOwn            | -       | -        | -   | -        | 177    | 012c26d8 |
        | endOfPrograms         | -       | -        | -   | -        | 314    | 09216a8f |
        | one call              | 240     | 562c65ef | 240 | 13fd28ab | 240    | eed35256 |
        | a list                | 90      | c1975167 | 90  | bb8cf3e3 | 90     | cd58199a |
        | whatever comes        | 201     | e2c5739d | 176 | 3296d7a8 | 209    | 3f9e06e6 |
        | a kept script, varied | 250     | 5b76dc06 | 250 | b1794e6c | 254    | bfa3d35d |

    Scenario: A judgement of only the cells that were written agrees with a judgement of everything
      Given a Xen with "PAE on 64-bit" page tables
      When hostile guests make 1500 calls, from seed 4, and everything is checked after each
      Then every rule holds after each of them

  Rule: The fuzzer finds a hypervisor that does not keep a rule

    Scenario: Dropping any rule that sequential calls can break is exposed within 50,000 calls, on every shape to which the rule applies
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

  Rule: A record is replaced only by one that is at least as good

    Scenario: A short run that finds nothing leaves the record as it is, and says so
      Given a record of "grant-owner-checked" from runs of 5000 calls, in which one script no longer exposes the rule
      When it is recorded again with at most 2 calls
      Then the record is as it was
      And 3 searches are said to have found nothing

    Scenario: A recorded script that no longer exposes its rule is replaced once each seed has found one that does
      Given a record of "pin-references" from runs of 5000 calls, in which one script no longer exposes the rule
      When it is recorded again with at most 2000 calls
      Then every script of the record exposes its rule, each found from 3 seeds
      And the record is still one of 5000 calls

    Scenario: If no record is missing, nothing is searched
      Given a record of "pin-references" from runs of 5000 calls
      When it is recorded again with at most 10 calls
      Then the record is as it was
      And no search was made

    Scenario: Two runs that record at once each keep what the other one has found
      Given a file with a record of "pin-references" on "PAE"
      When a run that began before that keeps what it found of "pin-references" on "2-level", and then a better script on "PAE"
      Then the file has "2-level" and "PAE" of it, and the better script

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
        | paravirt-spec fuzz --tables 5-level           | no page tables \"5-level\"; there are 2-level, PAE, PAE on 64-bit, 64-bit |
        | paravirt-spec fuzz --without gravity          | no rule \"gravity\" of the hypervisor; there are exclusive-types |
        | paravirt-spec fuzz --calls none               | --calls \"none\" is not a whole number from 1 to 9007199254740991 |
        | paravirt-spec fuzz --minutes soon             | --minutes \"soon\" is not a whole number from 1 to 9007199254740991 |
        | paravirt-spec fuzz --corpus package.json      | the corpus \"package.json\" cannot be used: it is not a folder |
        | paravirt-spec fuzz --rules --corpus scripts   | --corpus cannot be combined with --rules |
