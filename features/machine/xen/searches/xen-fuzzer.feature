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
        | 2-level       | 1    | 60 guests, 3999 turns, 2471 accepted, 65 interrupted, 742 combinations, 59 scripts kept |
        | PAE           | 2    | 61 guests, 4008 turns, 2544 accepted, 54 interrupted, 726 combinations, 61 scripts kept |
        | PAE on 64-bit | 3    | 60 guests, 3999 turns, 2443 accepted, 253 interrupted, 1115 combinations, 60 scripts kept |
        | 64-bit        | 4    | 59 guests, 3998 turns, 2339 accepted, 243 interrupted, 1114 combinations, 59 scripts kept |

    Scenario: A seed always produces the same turns, so its findings can be found again
      Then 30 times from seed 1, on "2-level", "PAE" and "64-bit" page tables, hostile guests make these turns, known by their digests
        | asked for             | 2-level | digest   | PAE | digest   | 64-bit | digest   |
        | makeTable             | 104     | 97898279 | 104 | 4bc9d675 | 104    | 57aa12de |
        | restore               | 60      | 41912b2b | 60  | b1422a93 | 60     | b1422a93 |
        | stale                 | 90      | 7fa148b3 | 90  | 8585f803 | 90     | 8585f803 |
        | giveAway              | 88      | 29aa4de7 | 88  | 29aa4de7 | 88     | 29aa4de7 |
        | linear                | 50      | 50eb8c0e | 47  | 3a2c913a | 50     | ee9ab14a |
        | chain                 | 180     | 6c897e62 | 180 | 81f44fde | 180    | 49746e82 |
        | flip                  | 30      | 030cdb96 | 30  | df37250f | 30     | c6d7d7bc |
        | throughLinear         | 75      | 0af4632c | 75  | ef4fef95 | 75     | dcd5250b |
        | newRoot               | 101     | 2e1c1e09 | 128 | 625caedb | 101    | 69afbd07 |
        | switchTable           | 210     | d65c47e4 | 256 | 9661c369 | 248    | 0364a724 |
        | ownSlot               | 72      | 28832bda | 114 | 47c789e7 | 72     | 05ca03d7 |
        | halves                | 47      | 76a5c293 | 47  | c216ca97 | 47     | c216ca97 |
        | fromProgram           | 30      | cd66140f | 30  | d183bf60 | 51     | 8ecaa440 |
        | reverseMap            | 30      | cd144186 | 30  | fc8031d1 | 30     | fc8031d1 |
        | refusedFlush          | 60      | 29dc05de | 60  | 88e99d42 | 60     | f530bfa8 |
        | many                  | 240     | 80507f39 | 240 | 80507f39 | 240    | 80507f39 |
        | nowhere               | 116     | 863eef47 | 116 | 81c4d42c | 116    | 81c4d42c |
        | grow                  | 688     | 21d2b7ce | 664 | b55021df | 664    | 49de3931 |
        | chainInParts          | 312     | 435d5f7c | 312 | 4daf5160 | 312    | d15dc09c |
        | longList              | 140     | 198b466f | 140 | ffb7077b | 140    | ffb7077b |
        | longBelow             | 30      | 1d214420 | 699 | 821fd90c | 699    | 61708f44 |
        | secondRoot            | 216     | 6fbb2a19 | 276 | 807a36e3 | 216    | a210e3c1 |
        | rootEntry             | 30      | 1d214420 | 240 | 004ed45b | 240    | e6cfdeed |
        | behindFourth          | 30      | 1d214420 | 163 | 19174a28 | 30     | cbcd3d0f |
        | thirdShown            | 30      | 1d214420 | 120 | 03440637 | 30     | cbcd3d0f |
        | giveUpPinned          | 509     | c8b3ccca | 509 | a0959a75 | 509    | a0959a75 |
        | meanwhile             | 305     | fd492905 | 305 | 0ca71ba9 | 305    | e356524a |
        | faultBelow            | 30      | 1d214420 | 330 | b7689444 | 407    | 6427c9af |
        | grant                 | 151     | 744400a3 | 151 | d6b16ecc | 151    | d6b16ecc |
        | grantTwice            | 120     | cdd42d5e | 120 | c0c601de | 120    | c0c601de |
        | grantEntry            | 81      | 5124c1fe | 81  | 9038c01f | 81     | 9038c01f |
        | replaceGrant          | 90      | 31cc715e | 90  | a2a274ea | 90     | a2a274ea |
        | grantOften            | 178     | 4d7d050e | 178 | 4e0c96b2 | 178    | 4e0c96b2 |
        | copyGrants            | 137     | 42c5dbc5 | 137 | 1a334400 | 137    | 1a334400 |
        | transitive            | 182     | 00476f79 | 182 | ce1bedbd | 182    | ce1bedbd |
        | grantForDevices       | 180     | 9faa881e | 180 | 9db86a86 | 180    | 9db86a86 |
        | deviceGrant           | 141     | 9dea2247 | 141 | a8d9d463 | 141    | a8d9d463 |
        | forgottenGrant        | 202     | e3c46cb9 | 202 | e3c46cb9 | 202    | e3c46cb9 |
        | othersTable           | 149     | 99719e86 | 149 | e000ae6d | 149    | e000ae6d |
        | status                | 111     | ecb1fc7b | 111 | ecb1fc7b | 111    | ecb1fc7b |
        | transfer              | 133     | baf256b1 | 133 | baf256b1 | 133    | baf256b1 |
        | fresh                 | 99      | 60031017 | 99  | 3e63a4fd | 99     | 5bb753f1 |
        | tooHigh               | 210     | ca7f1d80 | 210 | ca7f1d80 | 210    | ca7f1d80 |
        | exchangeTo            | 60      | 045eefcb | 60  | 7b95be63 | 60     | c5a8b1fa |
        | target                | 195     | 6436f2e6 | 195 | 0ddccdbe | 195    | 0ddccdbe |
        | descriptors           | 162     | 4d1ed099 | 162 | 4d1ed099 | 162    | 4d1ed099 |
        | longTable             | 145     | 503dd9bc | 145 | e3204f65 | 145    | e3204f65 |
        | localTable            | 168     | 9e5e3c14 | 168 | 6d93c011 | 168    | 6d93c011 |
        | descriptor            | 91      | 57724521 | 91  | 37fa4da9 | 91     | 37fa4da9 |
        | device                | 193     | b1dcaeec | 193 | bcdd2606 | 193    | bcdd2606 |
        | behindCaches          | 180     | 02cc022a | 180 | e0ab4ee7 | 180    | fc38e3cb |
        | leaveKernel           | 30      | 123eee2b | 30  | 96809138 | 52     | 033c8ad3 |
        | ring                  | 111     | 3fbdcd47 | 111 | 3fbdcd47 | 111    | 3fbdcd47 |
        | fill                  | 30      | faacaef3 | 30  | d23e4e3e | 30     | d23e4e3e |
        | teardown              | 703     | e00af9f4 | 631 | 3ddb5b2b | 419    | 061ef9fa |
        | foreign               | 167     | e8b0720a | 177 | 1de669a7 | 177    | cb634792 |
        | forTranslated         | 60      | 798a87f5 | 60  | 724e3520 | 60     | 724e3520 |
        | contended             | 811     | a2f0a6eb | 778 | 99f5464b | 778    | 0bb834cb |
        | linearHalfDone        | 651     | de48aedc | 651 | f9e95c20 | 651    | b74a059d |
        | userRoot              | -       | -        | -   | -        | 259    | 3ed839dd |
        | staleProgram          | -       | -        | -   | -        | 209    | 79864024 |
        | kernelsOwn            | -       | -        | -   | -        | 185    | 87ddba6c |
        | endOfPrograms         | -       | -        | -   | -        | 349    | 88e3df52 |
        | one call              | 240     | 0f4e0afd | 240 | 0f3e07a7 | 240    | b265ca40 |
        | a list                | 90      | ce43b33f | 90  | f9cc74ea | 90     | ccc19b0b |
        | whatever comes        | 182     | 24009eb6 | 221 | e5d0951b | 158    | 5b219cff |
        | a kept script, varied | 248     | bcb39435 | 248 | a903ac85 | 249    | c5bbe6ec |

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
        | PAE on 64-bit | partial-holds-reference  | xenCountsBalanced          | 2    |

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

    Scenario: What is found for a rule of which nothing is recorded is written at once
      When "pin-references" is recorded on "PAE" for the first time, with at most 2000 calls
      Then it is written after each of 3 seeds

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
