Feature: The small parts of the modelled Xen and of its judge do what they are meant to do
  A hypercall that is interrupted continues where it stopped; a script of hostile guests is shortened before it is shown. Each part is tried alone here.

  Rule: A hypercall that was interrupted continues where it stopped, and no other one does

    Scenario: The progress of a hypercall is noted for each depth of the guest's code
      "1 from 3" notes at depth 1 that three operations are done; "1" asks.

      Then continuations gives
        | of | gives |
        | ["1"] | 0 |
        | ["1 from 3","1"] | 3 |
        | ["1 from 3","2","1"] | 0, 3 |
        | ["1 from 3","2 from 5","2","1"] | 5, 0 |
        | ["1 from 3","2 from 5","1","2"] | 0, 5 |
        | ["1 from 3","2 from 5","1 from 4","2","1"] | 0, 4 |
        | ["1 from 3","1 from 0","1"] | 0 |
        | ["1 from 0 with -22","1","2"] | 0 with -EINVAL, 0 |
        | ["1 from 3","2 from 0","1"] | 3 |
        | ["0 from 2","1 from 1","2 from 4","1 from 0","0","1","2"] | 2, 0, 0 |

    Scenario: Others come in only during a hypercall that can be interrupted, if something waits or the call continues with a table
      Then begun gives
        | of | gives |
        | ["4.13.5","PAE on 64-bit",0,true,false] | as one, never interrupted |
        | ["4.13.5","PAE on 64-bit",0,true,true] | others can come in, never interrupted |
        | ["4.13.5","PAE on 64-bit",0,false,false] | as one, never interrupted |
        | ["4.13.5","PAE on 64-bit",0,false,true] | as one, never interrupted |
        | ["4.13.5","PAE on 64-bit",3,true,false] | others can come in, interrupted at look 3 |
        | ["4.13.5","PAE on 64-bit",3,true,true] | others can come in, interrupted at look 3 |
        | ["4.13.5","PAE on 64-bit",3,false,false] | as one, never interrupted |
        | ["4.13.5","PAE on 64-bit",3,false,true] | as one, never interrupted |
        | ["3.2.0","PAE",3,true,false] | others can come in, interrupted at look 3 |

    Scenario: Only a hypercall that can be interrupted finds another processor at the type of an upper table
      Then contended gives
        | of | gives |
        | ["4.13.5","PAE on 64-bit",2,true] | free, in use, free, free; 0 left |
        | ["4.13.5","PAE on 64-bit",0,true] | free, free, free, free; 0 left |
        | ["4.13.5","PAE on 64-bit",1,true] | in use, free, free, free; 0 left |
        | ["4.13.5","PAE on 64-bit",2,false] | free, free, free, free; 2 left |
        | ["3.2.0","PAE",2,true] | free, free, free, free; 2 left |

  Rule: A script is as short as it can be made by leaving things out

    Scenario: A script that breaks something is shortened to the operations that it needs for that
      Then shrunk gives
        | of | gives |
        | [["A0 alloc", "A0 pin level=0x1 mfn=0x104", "B0 unpin mfn=0x105", "A1 free mfn=0x106"], "pin"] | A0 pin level=0x1 mfn=0x104 (5 tried) |
        | [["A0 alloc", "A0 pin level=0x1 mfn=0x104", "B0 unpin mfn=0x105", "A1 free mfn=0x106"], "level", "free"] | A0 pin level=0x1 mfn=0x104; A1 free mfn=0x106 (9 tried) |
        | [["A0 alloc", "A0 alloc", "A0 alloc", "A0 alloc", "A0 alloc", "A0 pin level=0x1 mfn=0x104", "A0 alloc", "A0 alloc", "A0 alloc"], "pin"] | A0 pin level=0x1 mfn=0x104 (8 tried) |
        | [["A0 alloc \| pin level=0x1 mfn=0x104 \| alloc"], "pin"] | A0 pin level=0x1 mfn=0x104 (6 tried) |
        | [["A0 alloc", "A0 pin level=0x1 mfn=0x104 + unpin mfn=0x105 + pin level=0x2 mfn=0x106"], "0x106"] | A0 pin level=0x2 mfn=0x106 (6 tried) |
        | [["A0 pin level=0x1 mfn=0x104 + unpin mfn=0x105 \| alloc", "B0 free mfn=0x106 \| alloc"], "unpin", "free"] | A0 unpin mfn=0x105; B0 free mfn=0x106 (11 tried) |
        | [["A0 pin level=0x1 mfn=0x104", "A0 alloc \| free mfn=0x101 \| free mfn=0x102"], "0x102"] | A0 free mfn=0x102 (6 tried) |
        | [["A0 alloc", "A0 pin level=0x1 mfn=0x104"], "pin", "alloc"] | A0 alloc; A0 pin level=0x1 mfn=0x104 (4 tried) |

    Scenario: Each turn of a script is judged, and each call of a multicall
      Then judged gives
        | of | gives |
        | ["PAE", "base-kept-on-failure", "A0 base mfn=0x107"] | breaks refusedChangesNothing |
        | ["PAE", "base-kept-on-failure", "A0 base mfn=0x107 \| alloc"] | breaks refusedChangesNothing |
        | ["PAE", "base-kept-on-failure", "A0 alloc \| base mfn=0x107", "A0 alloc"] | breaks refusedChangesNothing, breaks xenCountsBalanced |
        | ["PAE", null, "A0 base mfn=0x107 \| alloc", "A0 alloc \| base mfn=0x107"] | 768, -22: Error while installing new baseptr 0x107: Bad type (saw e8000001 != exp 60000000) for mfn 0x107 |
        | ["PAE", "unpin-needs-pin", "A1 unpin mfn=0x107", "A0 alloc"] | breaks xenCountsBalanced, breaks xenCountsBalanced |

  Rule: A TLB is emptied as often as requested, and an invariant of a situation sees what Xen counts

    Scenario: A TLB is emptied exactly as often as requested
      Then evictions gives
        | of | gives |
        | [0] | 0 |
        | [1] | 1 |
        | [3] | 3 |

    Scenario: A count of Xen that is one too high is noticed in every situation that asks for Xen's rules
      Then objection gives
        | of | gives |
        | ["drop-mm-ref/exit", "xenKeepsItsRules", "^mfn 0x[0-9a-f]+\\\\.count$", 77] | nothing; mfn 1 has a general count of 77, but 1 references: 1 allocated |
        | ["xen-pte-lock/grow", "xenKeepsItsRules", "^mfn 0x[0-9a-f]+\\\\.count$", 77] | nothing; xenCountsBalanced: mfn 1 has a general count of 77, but 1 references: 1 allocated |
        | ["xen-pte-lock/mmap", "xenKeepsItsRules", "^mfn 0x[0-9a-f]+\\\\.count$", 77] | nothing; xenCountsBalanced: mfn 1 has a general count of 77, but 1 references: 1 allocated |
        | ["xen-pte-lock/boot", "xenKeepsItsRules", "^mfn 0x[0-9a-f]+\\\\.count$", 77] | nothing; xenCountsBalanced: mfn 1 has a general count of 77, but 1 references: 1 allocated |
        | ["xen-pte-lock/pin", "xenKeepsItsRules", "^mfn 0x[0-9a-f]+\\\\.count$", 77] | nothing; xenCountsBalanced: mfn 1 has a general count of 77, but 1 references: 1 allocated |
        | ["xen-pte-lock/two-locks", "xenKeepsItsRules", "^mfn 0x[0-9a-f]+\\\\.count$", 77] | nothing; xenCountsBalanced: mfn 1 has a general count of 77, but 1 references: 1 allocated |

  Rule: What is recorded is not searched for again

    Scenario: A search is made only where the rule applies and nothing is recorded
      Then searchesFor gives
        | of | gives |
        | ["own-slots-closed", "PAE", 3, 0] | 3, 3 in vain |
        | ["own-slots-closed", "PAE", 3, 3] | 0, 0 in vain |
        | ["own-slots-closed", "PAE", 3, 2] | 1, 1 in vain |
        | ["partial-holds-reference", "PAE", 3, 0] | 0, 0 in vain |
        | ["partial-holds-reference", "2-level", 1, 0] | 0, 0 in vain |

    Scenario: The summary says what was recorded, and what was not found
      Then recordedInWords gives
        | of | gives |
        | [{"limit": 50000}, 50000, 0, []] | "the record is complete: it has every rule from each seed, and each script still exposes its rule\\n" |
        | [{"limit": 50000}, 50000, 2, []] | "recorded what each of 2 searches found\\n" |
        | [{"limit": 50000}, 50000, 1, []] | "recorded what each of 1 search found\\n" |
        | [{"limit": 50000}, 20000, 3, ["a on PAE from seed 1", "b on PAE from seed 2"]] | "not found within 20000 calls (the record allows 50,000); unchanged in the record: a on PAE from seed 1; b on PAE from seed 2\\n" |
        | [{"limit": 50000}, 50000, 1, ["a on PAE from seed 1"]] | "not found within 50000 calls; unchanged in the record: a on PAE from seed 1\\n" |

    Scenario: A record begins with three seeds, and fails while something is not found
      Then firstTable gives
        | of | gives |
        | [5, 30] | {"seeds":[5,6,7],"limit":30,"rows":[]} |
      And recordingCode gives
        | of | gives |
        | [[]] | 0 |
        | [["a on PAE from seed 1"]] | 1 |

  Rule: A descriptor is harmless if it does not give its user the privilege of Xen

    Scenario: Of present system descriptors only call gates into the guest's own segments are harmless; of code and data, all but those of the highest privilege
      Then harmless gives
        | of | gives |
        | [0, 0] | 0123456789abcdef |
        | [0, 4096] | 0123456789abcdef |
        | [0, 36864] | "" |
        | [0, 45056] | 0123456789abcdef |
        | [0, 53248] | 0123456789abcdef |
        | [0, 32768] | 0c |
        | [3757572096, 32768] | 0c |
        | [3758096384, 32768] | 0 |
        | [3758358528, 32768] | 0c |
        | [3758620672, 32768] | 0 |

  Rule: Each guest of the playground has its frames

    Scenario: Xen, A, B and a translated guest have frames of their own, and some are free
      Then frames gives
        | of | gives |
        | ["2-level", false] | xen: 2, A: 14, B: 14, H: 2, free: 3 |
        | ["PAE", false] | xen: 2, A: 14, B: 14, H: 2, free: 3 |
        | ["PAE on 64-bit", false] | xen: 2, A: 14, B: 14, H: 2, free: 3 |
        | ["PAE", true] | xen: 2, A: 14, free: 3 |

    Scenario: A store to an entry finds the whole old entry, whatever its size
      Then stored gives
        | of | gives |
        | ["PAE", 8, 5, 7] | found 30064771077; then 6 7 |
        | ["PAE", 4, 5, 7] | found 5; then 6 7 |
        | ["2-level", 4, 9, 7] | found 9; then 10 7 |
