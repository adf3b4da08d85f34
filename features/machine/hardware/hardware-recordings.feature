Feature: The machine agrees with recorded processors
  The rules in the other features come from manuals, and a manual can be misread. Here the same code replays what two
  emulators did, access by access, and computes every outcome of published litmus tests. Where a processor is free to do
  either of two things, both are accepted. The command also accepts larger recordings in the same format.

  Rule: The machine does what was recorded wherever the manual leaves no choice

    Scenario: Single accesses on an empty TLB are as recorded
      When "mmu.jsonl.gz" is checked as "mmu"
      Then nothing differs in 6421 checks
      And these sets were checked: "legacy/L4K, legacy/L4M, legacy/L4Mrsv, legacy/Lnoise, legacy/Lnxe, legacy/Lsm4K, legacy/Lsm4M, legacy/rmw, legacy/cross, pae/P4K, pae/P2M, pae/P2Mrsv, pae/Prsvbit, pae/Prsvpair, pae/Ppdpte0, pae/Psm4K, pae/Psm2M, pae/Pnoise, pae/rmw, pae/cross, long/X4K, long/X2M, long/X1G, long/Xall, long/Xnoise, long/Xrsvbit, long/Xsm4K, long/Xsmup, long/Xsm2M, long/Xnoncanon, long/rmw, long/cross"

    Scenario: Sequences of accesses, changes and flushes are as recorded
      When "tlb.jsonl.gz" is checked as "tlb"
      Then nothing differs in 6906 checks
      And these sets were checked: "legacy/twice, legacy/tlb, legacy/tlb after a fault, legacy/ctl, legacy/fuzz, pae/twice, pae/tlb, pae/tlb after a fault, pae/ctl, pae/fuzz, long/twice, long/tlb, long/tlb after a fault, long/ctl, long/fuzz"

    Scenario: Litmus tests have every recorded final state and no other, under both memory orders
      When "tso.jsonl.gz" is checked as "tso"
      Then nothing differs in 389 checks
      And these sets were checked: "litmus"

  Rule: What the manual determines does not depend on what a processor may keep

    Scenario Outline: A processor that keeps more than it must agrees with "<file>" as well
      When "<file>" is replayed on processors that keep upper entries apart, keep two sizes, and have PCIDs
      Then nothing differs in <checks> checks

      Examples:
        | file         | checks |
        | mmu.jsonl.gz | 6421   |
        | tlb.jsonl.gz | 6905   |

  Rule: A recording names the processor that it comes from

    Scenario Outline: An entry of 1 GiB is judged for a processor <which>
      Given a file with the line '{"id":"1","set":"X1G","mode":"long","cr0":"0x80010011","cr3":"0x400000","cr4":"0x20","efer":"0x500","cpl":0,"ac":0,"acc":"r","size":4,"la":"0x40000abc","mem":[["0x400000","0x401001"],["0x401008","0x81"]],<result>}'
      When the file is checked as "mmu"
      Then the check ends with status 0, saying "none differs"

      Examples:
        | which                  | result                                                                                                                  |
        | with pages of 1 GiB    | "out":"ok","pa":"0xabc","err":null,"cr2":null,"after":["0x401021","0xa1"],"opt":["0x0","0x0"]                           |
        | without pages of 1 GiB | "no1g":true,"out":"pf","pa":null,"err":9,"cr2":"0x40000abc","after":["0x401001","0x81"],"opt":["0x20","0x20"]           |

  Rule: A difference is found and reported with its line

    Scenario Outline: A changed recording is found to differ: <what>
      Given the first recording of "<file>" with <changed> instead of <recorded>
      When the file is checked as "<kind>"
      Then the check ends with status 1, saying <told>

      Examples:
        | what                  | file         | kind | recorded                      | changed                       | told                                                            |
        | The outcome           | mmu.jsonl.gz | mmu  | '"out":"pf"'                  | '"out":"gp"'                  | "it gives pf with error code 4, not gp"                         |
        | The error code        | mmu.jsonl.gz | mmu  | '"err":4'                     | '"err":5'                     | "the error code is 4, not 5"                                    |
        | The faulting address  | mmu.jsonl.gz | mmu  | '"cr2":"0xd16aa004"'          | '"cr2":"0xd16aa000"'          | "CR2 is 0xd16aa004, not 0xd16aa000"                             |
        | The physical address  | tlb.jsonl.gz | tlb  | '"pa":"0x812abc"'             | '"pa":"0x813abc"'             | "it reaches 0x812abc, not 0x813abc"                             |
        | An accessed bit       | tlb.jsonl.gz | tlb  | '"0x403021"'                  | '"0x403001"'                  | "the entry at 0x400ffc is 0x403021, not 0x403001"               |
        | An outcome left out   | tso.jsonl.gz | tso  | '"states_tso":[[0,0],[0,1],'  | '"states_tso":[[0,0],'        | "under TSO the machine reaches 0,1, which is not allowed"       |
        | An outcome added      | tso.jsonl.gz | tso  | '"states_sc":[[0,0],'         | '"states_sc":[[0,0],[1,0],'   | "under SC the machine never reaches 1,0, which is allowed"      |

  Rule: A line that could not be checked is reported, and the check does not succeed

    Scenario Outline: A line that is <what> is reported
      Given a file whose line 2 is '<line>'
      When the file is checked as "mmu"
      Then the check ends with status 2, saying '<told>'

      Examples:
        | what                | line           | told                                                            |
        | cut off             | {"id":"2c04    | line 2 cannot be read: not JSON                                 |
        | of another mode     | {"mode":"real"} | line 2 cannot be read: "mode" is "real"; it can be legacy, pae, long |

    Scenario: A compressed file that ends too early is reported
      Given the first 50000 bytes of "mmu.jsonl.gz"
      When the file is checked as "mmu"
      Then the check ends with status 2, saying "the compressed data end too early, after line"

    Scenario: An empty file is reported
      Given an empty file
      When the file is checked as "tso"
      Then the check ends with status 2, saying "it is empty"

    Scenario: A file that does not exist is reported
      When a file that does not exist is checked as "mmu"
      Then the check ends with status 2, saying "there is no such file"

    Scenario: A command without a file is refused
      When no file is named to be checked as "tlb"
      Then the check ends with status 2, saying "usage: paravirt-spec conform tlb FILE"

    Scenario: A kind of recording that does not exist is refused
      When no file is named to be checked as "cache"
      Then the check ends with status 2, saying 'cannot check "cache"; it can be mmu, tlb, tso, xen'
