Feature: A typed line is understood as it was meant, or refused with the wrong word named
  The same grammar chooses hunks on the command line, in the environment and on the page; scripts, recordings and litmus tests are read line by line.

  Rule: Hunks are chosen by name

    Scenario: Hunks are selected by the names of patches, hunks and variants
      Then selectHunks gives
        | of                      | gives |
        | ["all"]                 | ring/one, ring/two, drum/one, drum/two, drum/three |
        | ["none"]                | "" |
        | ["ring"]                | ring/one, ring/two |
        | ["drum"]                | drum/one, drum/two, drum/three |
        | ["none,+ring"]          | ring/one, ring/two |
        | ["all,-ring/one"]       | ring/two, drum/one, drum/two, drum/three |
        | ["all,-ring"]           | drum/one, drum/two, drum/three |
        | ["ring,-ring/two"]      | ring/one |
        | ["ring/three"]          | ring/three |
        | ["ring@wrong"]          | ring/three |
        | ["all,+ring@wrong"]     | ring/one, ring/two, drum/one, drum/two, drum/three, ring/three |
        | [" all , -drum "]       | ring/one, ring/two |
        | ["drum,none,ring"]      | ring/one, ring/two |
        | [""]                    | refuses: "" selects no hunks; legal: all, none, or a list such as all,-ring/one |
        | ["all,"]                | refuses: "all," selects no hunks; legal: all, none, or a list such as all,-ring/one |
        | ["all,-rang"]           | refuses: no patch "rang"; did you mean ring? legal: ring, drum |
        | ["ring/four"]           | refuses: no hunk "ring/four"; did you mean ring/one? legal: ring/one, ring/two, ring/three |
        | ["ring@right"]          | refuses: no variant "ring@right"; legal: ring@wrong |
        | ["drum@wrong,ring/one"] | drum/three, ring/one |
        | ["-ring"]               | "" |
        | ["ring,+ring/one"]      | ring/one, ring/two |

    Scenario: The word "all" can stand for the hunks of one patch
      Then selectOf gives
        | of            | gives |
        | ["all"]       | ring/one, ring/two |
        | ["all,+drum"] | ring/one, ring/two, drum/one, drum/two, drum/three |
        | ["drum"]      | drum/one, drum/two, drum/three |

    Scenario: An unknown word is refused with the nearest legal one
      Then unknown gives
        | of                                      | gives |
        | ["flush-tbl",["flush-tlb","vmi-boot"]]  | no patch "flush-tbl"; did you mean flush-tlb? legal: flush-tlb, vmi-boot |
        | ["flush-tlbb",["vmi-boot","flush-tlb"]] | no patch "flush-tlbb"; did you mean flush-tlb? legal: vmi-boot, flush-tlb |
        | ["fluhs-tlb",["flush-tlb"]]             | no patch "fluhs-tlb"; did you mean flush-tlb? legal: flush-tlb |
        | ["cat",["flush-tlb","vmi-boot"]]        | no patch "cat"; legal: flush-tlb, vmi-boot |
        | ["flus",["flush-tlb"]]                  | no patch "flus"; legal: flush-tlb |
        | ["flsh",["flush-tlb"]]                  | no patch "flsh"; legal: flush-tlb |
        | ["",["ab"]]                             | no patch ""; legal: ab |
        | ["x",[]]                                | no patch "x"; legal: (none) |
        | ["ba",["ab","cd"]]                      | no patch "ba"; did you mean ab? legal: ab, cd |
        | ["acb",["abc"]]                         | no patch "acb"; did you mean abc? legal: abc |
        | ["abcdef",["abc"]]                      | no patch "abcdef"; legal: abc |
        | ["abcde",["abc"]]                       | no patch "abcde"; did you mean abc? legal: abc |
        | ["vmi-bot",["vmi-lazy","vmi-boot"]]     | no patch "vmi-bot"; did you mean vmi-boot? legal: vmi-lazy, vmi-boot |
        | ["drmu",["ring","drum"]]                | no patch "drmu"; did you mean drum? legal: ring, drum |
        | ["a",["abc"]]                           | no patch "a"; did you mean abc? legal: abc |
        | ["a",["b"]]                             | no patch "a"; did you mean b? legal: b |

    Scenario: The options of a command make one request, or the wrong one is named
      Then asked gives
        | of                                                                     | gives |
        | [{}]                                                                   | {"situation":"ring","patches":"all","parameters":{},"bounds":{}} |
        | [{"patches":"none","without":["ring/one","ring"],"with":["drum"]}]     | {"situation":"ring","patches":"none,-ring/one,-ring,+drum","parameters":{},"bounds":{}} |
        | [{"set":["a=1","b=x=y"],"invariant":["holds"],"interrupts":"1","switches":"0","states":"9","challenge":"3"}] | {"situation":"ring","patches":"all","parameters":{"a":"1","b":"x=y"},"bounds":{"interrupts":1,"switches":0,"states":9},"invariants":["holds"],"challenge":3} |
        | [{"set":["a"]}]                                                        | refuses: --set "a" is not of the form name=value |
        | [{"set":["=1"]}]                                                       | refuses: --set "=1" is not of the form name=value |
        | [{"set":["a=1","a=2"]}]                                                | refuses: --set a is given twice |
        | [{"states":"x"}]                                                       | refuses: --states "x" is not a whole number from 0 to 9007199254740991, written in digits |
        | [{"interrupts":"-1"}]                                                  | refuses: --interrupts "-1" is not a whole number from 0 to 9007199254740991, written in digits |
        | [{"switches":"1.5"}]                                                   | refuses: --switches "1.5" is not a whole number from 0 to 9007199254740991, written in digits |
        | [{"challenge":"no"}]                                                   | refuses: --challenge "no" is not a whole number from 0 to 1000000, written in digits |

    Scenario: A shard is named by its number and the number of all shards
      Then parseShard gives
        | of        | gives |
        | ["1/1"]   | {"index":1,"count":1} |
        | ["2/5"]   | {"index":2,"count":5} |
        | ["5/5"]   | {"index":5,"count":5} |
        | ["0/5"]   | refuses: --shard "0/5" is not of the form 2/5, from 1/5 to 5/5 |
        | ["6/5"]   | refuses: --shard "6/5" is not of the form 2/5, from 1/5 to 5/5 |
        | ["2"]     | refuses: --shard "2" is not of the form 2/5, from 1/5 to 5/5 |
        | ["a/b"]   | refuses: --shard "a/b" is not of the form 2/5, from 1/5 to 5/5 |
        | ["2/5/6"] | refuses: --shard "2/5/6" is not of the form 2/5, from 1/5 to 5/5 |

  Rule: An error ends a command with the right code, and one line unless it is the program's own

    Scenario: Each error of a file, a disk or the program has its message and exit code
      Then ending gives
        | of                                                        | gives |
        | ["ENOENT",{"path":"a"}]                                   | 2: paravirt-spec: "a" cannot be used: there is no such file or folder |
        | ["EISDIR",{"path":"a"}]                                   | 2: paravirt-spec: "a" cannot be used: it is a folder |
        | ["ENOTDIR",{}]                                            | 2: paravirt-spec: a file cannot be used: part of the path is not a folder |
        | ["ENAMETOOLONG",{"path":"a"}]                             | 2: paravirt-spec: "a" cannot be used: the name is too long |
        | ["ELOOP",{"path":"a"}]                                    | 2: paravirt-spec: "a" cannot be used: it is a loop of links |
        | ["EACCES",{"path":"a"}]                                   | 2: paravirt-spec: "a" cannot be used: permission is denied |
        | ["EPERM",{"path":"a"}]                                    | 2: paravirt-spec: "a" cannot be used: permission is denied |
        | ["ENOSPC",{"path":"a"}]                                   | 3: paravirt-spec: "a" cannot be used: the disk is full |
        | ["ENOSPC",{"path":"a","kept":"it is on standard output"}] | 3: paravirt-spec: "a" cannot be used: the disk is full; it is on standard output |
        | ["EROFS",{"path":"a"}]                                    | 3: paravirt-spec: "a" cannot be used: the disk is read-only |
        | ["EIO",{}]                                                | 3: paravirt-spec: a file cannot be used: the disk reports an error |
        | ["EMFILE",{"path":"a"}]                                   | 3: paravirt-spec: "a" cannot be used: too many files are open |
        | ["EDQUOT",{"path":"a"}]                                   | 3: paravirt-spec: "a" cannot be used: the quota is used up |
        | ["EOTHER",{"path":"a"}]                                   | 3: paravirt-spec: a fault of this program: it broke\nthe stack |
        | ["",{}]                                                   | 3: paravirt-spec: a fault of this program: it broke\nthe stack |

    Scenario: A message stays on one line, whatever was typed
      Then inOneLine gives
        | of                   | gives |
        | ["ring"]             | no patch "ring" |
        | ["ring\\ndrum"]      | no patch "ring\\u000adrum" |
        | ["\\u001b[2J"]       | no patch "\\u001b[2J" |
        | ["1234567890",30]    | no patch "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789… |
        | ["päron, 梨",2]       | no patch "päron, 梨päron, 梨" |

  Rule: Scripts of hypercalls are read turn by turn

    Scenario: A line of a script is read as one turn, or refused with the wrong word
      Then turn gives
        | of                                                                     | gives |
        | ["A0 pin level=0x1 mfn=0x10"]                                          | A0 pin level=0x1 mfn=0x10 |
        | ["A1 alloc"]                                                           | A1 alloc |
        | ["B0 pin level=1 mfn=16 + unpin mfn=0x3"]                              | B0 pin level=0x1 mfn=0x10 + unpin mfn=0x3 |
        | ["H0 pin level=0x1 mfn=0x10 \| alloc \| gdt mfn=0x1 + gdt mfn=0x2"]    | H0 pin level=0x1 mfn=0x10 \| alloc \| gdt mfn=0x1 + gdt mfn=0x2 |
        | ["  A0   alloc "]                                                      | A0 alloc |
        | ["C0 alloc"]                                                           | refuses: "C0" is not a virtual CPU; there are A0, A1, B0 and H0 |
        | ["A2 alloc"]                                                           | refuses: "A2" is not a virtual CPU; there are A0, A1, B0 and H0 |
        | [""]                                                                   | refuses: "" is not a virtual CPU; there are A0, A1, B0 and H0 |
        | ["A0"]                                                                 | refuses: "" is not an operation of a guest; there are … |
        | ["A0 fly"]                                                             | refuses: "fly" is not an operation of a guest; there are … |
        | ["A0 pin level=1"]                                                     | refuses: "pin level=1" lacks mfn=number |
        | ["A0 pin level=1 mfn=-1"]                                              | refuses: "pin level=1 mfn=-1" lacks mfn=number |
        | ["A0 pin level=1 mfn=x"]                                               | refuses: "pin level=1 mfn=x" lacks mfn=number |
        | ["A0 pin level=1 mfn=1.5"]                                             | refuses: "pin level=1 mfn=1.5" lacks mfn=number |
        | ["A0 pin level=1 mfn=1 cat=2"]                                         | refuses: "cat=2" is not an argument of pin, which takes level, mfn |
        | ["A0 alloc cat=2"]                                                     | refuses: "cat=2" is not an argument of alloc, which takes nothing |
        | ["A0 pin level=1 mfn=1 + map va=1 mfn=1 bits=1 flush=0"]               | refuses: "map" cannot be in one list with "pin"; lists are of pin, unpin, base, user-base, command, clear, copy; update; gdt; copy-grant |
        | ["A0 alloc \| read va=0"]                                              | refuses: "read" is not a hypercall, and cannot be in a multicall |
        | ["A0 read va=0"]                                                       | A0 read va=0x0 |
        | ["A0 update table=1 slot=2 mfn=3 bits=4 kind=0 + update table=1 slot=2 mfn=3 bits=4 kind=0"] | A0 update table=0x1 slot=0x2 mfn=0x3 bits=0x4 kind=0x0 + update table=0x1 slot=0x2 mfn=0x3 bits=0x4 kind=0x0 |

    Scenario: A script is read line by line, and a mistake is named with its line
      Then script gives
        | of                                    | gives |
        | ["A0 alloc\\n\\nB0 alloc\\n"]         | ["A0 alloc","B0 alloc"] |
        | ["A0 alloc\\nB0 fly"]                 | refuses: line 2: "fly" is not an operation of a guest; there are … |
        | ["A0 alloc\\n\\nB9 alloc","x.script"] | refuses: x.script, line 3: "B9" is not a virtual CPU; there are A0, A1, B0 and H0 |
        | [""]                                  | [] |

    Scenario: Only hypercalls can be in a multicall
      Then isHypercall gives
        | of               | gives |
        | ["pin"]          | true |
        | ["map"]          | true |
        | ["store"]        | false |
        | ["read"]         | false |
        | ["again"]        | false |
        | ["patience"]     | false |
        | ["write-own"]    | false |
        | ["target"]       | false |
        | ["evict"]        | false |
        | ["device"]       | false |
        | ["iommu-fails"]  | false |
        | ["mask-port"]    | false |
        | ["unmask-port"]  | true |
        | ["send"]         | true |
        | ["grant"]        | false |
        | ["accept"]       | false |
        | ["map-grant"]    | true |
        | ["iret-and-map"] | false |
        | ["highest"]      | false |
        | ["store-half"]   | false |
        | ["free"]         | true |

    Scenario: Only operations of the same hypercall can be in one list
      Then joins gives
        | of                  | gives |
        | ["pin","unpin"]     | true |
        | ["copy","pin"]      | true |
        | ["update","update"] | true |
        | ["gdt","gdt"]       | true |
        | ["update","pin"]    | false |
        | ["map","map"]       | false |
        | ["gdt","update"]    | false |
        | ["base","command"]  | true |
        | ["clear","pin"]     | true |

  Rule: Recordings and litmus tests are read line by line

    Scenario: A litmus test is read, or refused with the wrong field
      Then litmus gives
        | of                                                                     | gives |
        | ["x"]                                                                  | refuses: not JSON |
        | ["[]"]                                                                 | refuses: not a JSON object |
        | ["null"]                                                               | refuses: not a JSON object |
        | ["1"]                                                                  | refuses: not a JSON object |
        | ["{}"]                                                                 | refuses: "name" is missing |
        | ["{\\"name\\":\\"a\\"}"]                                               | refuses: "threads" is missing |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[]}"]                              | refuses: "observed" is missing |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[],\\"observed\\":[],\\"states_tso\\":[]}"] | refuses: "states_sc" is missing |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[1],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | refuses: thread 0 is not a list |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[[{\\"op\\":\\"jump\\"}]],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | refuses: threads[0][0]: "op" can be st, ld, xchg, mov, mfence, lfence, sfence |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[[{\\"op\\":\\"st\\"}]],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | refuses: threads[0][0]: "loc" is missing |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[[{\\"op\\":\\"st\\",\\"loc\\":\\"x\\"}]],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | refuses: threads[0][0]: "val" or "reg" is missing |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[[{\\"op\\":\\"mfence\\"},{\\"op\\":\\"ld\\",\\"loc\\":\\"x\\"}]],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | refuses: threads[0][1]: "reg" is missing |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[[],[{\\"op\\":\\"mov\\",\\"reg\\":\\"a\\"}]],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | refuses: threads[1][0]: "val" is missing |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[[null]],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | refuses: threads[0][0]: "op" can be st, ld, xchg, mov, mfence, lfence, sfence |
        | ["{\\"name\\":\\"a\\",\\"threads\\":[[{\\"op\\":\\"st\\",\\"loc\\":\\"x\\",\\"val\\":1},{\\"op\\":\\"st\\",\\"loc\\":\\"x\\",\\"reg\\":\\"a\\"},{\\"op\\":\\"xchg\\",\\"loc\\":\\"x\\",\\"reg\\":\\"a\\"},{\\"op\\":\\"lfence\\"},{\\"op\\":\\"sfence\\"},{\\"op\\":\\"mov\\",\\"reg\\":\\"a\\",\\"val\\":2}]],\\"observed\\":[],\\"states_tso\\":[],\\"states_sc\\":[]}"] | ["id","init","name","threads","observed","states_tso","states_sc"] |

    Scenario: A script of recorded hypercalls is read, or refused with the wrong field
      Then hypercalls gives
        | of                                                                     | gives |
        | ["x"]                                                                  | refuses: not JSON |
        | ["null"]                                                               | refuses: not a JSON object |
        | ["1"]                                                                  | refuses: not a JSON object |
        | ["{}"]                                                                 | refuses: no script: "id" and "set" are missing |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\"}"]                               | refuses: "calls" is not a list of calls |
        | ["{\\"id\\":\\"a\\",\\"calls\\":[]}"]                                  | refuses: no script: "id" and "set" are missing |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[]}"]                | refuses: "calls" is not a list of calls |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":{}}"]                | refuses: "calls" is not a list of calls |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"fly\\"}]}"] | refuses: "op" is "fly"; it can be mmu_update, update_va_mapping, update_va_mapping_otherdomain, mmuext_op, set_gdt, update_descriptor, multicall, decrease, populate, vm_assist, store32, store64, probe, probes, unwatch |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"mmu_update\\",\\"reqs\\":1}]}"] | refuses: "reqs" of mmu_update is not a list |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"mmu_update\\",\\"reqs\\":[1]}]}"] | refuses: a request of "reqs" is not a pair of an entry and its value |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"mmu_update\\",\\"reqs\\":[[1]]}]}"] | refuses: a request of "reqs" is not a pair of an entry and its value |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"mmu_update\\",\\"reqs\\":[[\\"a\\",\\"b\\"]]}]}"] | 1 |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"mmuext_op\\",\\"ops\\":[{\\"cmd\\":\\"PIN_L1_TABLE\\"},{\\"cmd\\":\\"12\\"}]}]}"] | 1 |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"mmuext_op\\",\\"ops\\":[{\\"cmd\\":\\"FLY\\"}]}]}"] | refuses: "cmd" is "FLY"; it can be PIN_L1_TABLE, PIN_L2_TABLE, PIN_L3_TABLE, PIN_L4_TABLE, UNPIN_TABLE, NEW_BASEPTR, TLB_FLUSH_LOCAL, TLB_FLUSH_MULTI, TLB_FLUSH_ALL, INVLPG_LOCAL, INVLPG_MULTI, INVLPG_ALL, FLUSH_CACHE, SET_LDT, NEW_USER_BASEPTR, CLEAR_PAGE, COPY_PAGE, FLUSH_CACHE_GLOBAL, MARK_SUPER, UNMARK_SUPER or a number |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"multicall\\",\\"calls\\":[{\\"op\\":\\"fly\\"}]}]}"] | refuses: "op" is "fly"; it can be mmu_update, update_va_mapping, update_va_mapping_otherdomain, mmuext_op, set_gdt, update_descriptor, multicall, decrease, populate, vm_assist, store32, store64, probe, probes, unwatch |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"multicall\\",\\"calls\\":7}]}"] | refuses: "calls" of multicall is not a list |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"set_gdt\\",\\"frames\\":\\"a\\"}]}"] | refuses: "frames" of set_gdt is not a list |
        | ["{\\"id\\":\\"a\\",\\"set\\":\\"b\\",\\"calls\\":[{\\"op\\":\\"probe\\",\\"results\\":1},{\\"op\\":\\"probes\\"}]}"] | refuses: "results" of probe is not a list |

    Scenario: A file that could not be read to its end is reported with the reason
      Then trouble gives
        | of                 | gives |
        | ["Z_BUF_ERROR",7]  | the compressed data end too early, after line 7; what follows was not checked |
        | ["Z_DATA_ERROR",7] | the compressed data are damaged after line 7; what follows was not checked |
        | ["ENOENT",0]       | there is no such file |
        | ["EISDIR",0]       | that is a directory |
        | ["EACCES",0]       | it may not be read |
        | ["EOTHER",0]       | refuses: it broke |

    Scenario: A summary counts what was checked and what differs
      Then conformInWords gives
        | of                                                                     | gives |
        | ["mmu",{"file":"a/b.gz","lines":1,"sets":{"x":{"checked":1,"differ":0}},"differences":[],"unreadable":[]}] | "b.gz: 1 line\\n  set    checked   differ\\n  x            1        0\\n  1 access checked, none differs\\n\\n" |
        | ["xen",{"file":"b","lines":1200,"sets":{"x":{"checked":1000,"differ":1},"longer":{"checked":200,"differ":0}},"differences":[{"line":3,"id":"i","set":"x","differences":["p","q"]}],"unreadable":[{"line":4,"reason":"r"}],"release":"4.8"}] | "b: 1,200 lines, against the model of Xen 4.8\\n  set       checked   differ\\n  x           1,000        1\\n  longer        200        0\\n  line 3, x i: p; q\\n  line 4 cannot be read: r\\n  1,200 scripts checked, 1 difference\\n\\n" |
        | ["tso",{"file":"b","lines":0,"sets":{},"differences":[],"unreadable":[{"line":1,"reason":"r"},{"line":2,"reason":"r"},{"line":3,"reason":"r"},{"line":4,"reason":"r"},{"line":5,"reason":"r"},{"line":6,"reason":"r"},{"line":7,"reason":"r"},{"line":8,"reason":"r"},{"line":9,"reason":"r"},{"line":10,"reason":"r"},{"line":11,"reason":"r"},{"line":12,"reason":"r"}]}] | "b: 0 lines\\n  line 1 cannot be read: r\\n  line 2 cannot be read: r\\n  line 3 cannot be read: r\\n  line 4 cannot be read: r\\n  line 5 cannot be read: r\\n  line 6 cannot be read: r\\n  line 7 cannot be read: r\\n  line 8 cannot be read: r\\n  line 9 cannot be read: r\\n  line 10 cannot be read: r\\n  and 2 more lines that cannot be read\\n  0 tests checked, none differs\\n\\n" |
        | ["tlb",{"file":"b","lines":2,"sets":{"x":{"checked":2,"differ":2}},"differences":[],"unreadable":[{"line":1,"reason":"r"},{"line":2,"reason":"r"},{"line":3,"reason":"r"},{"line":4,"reason":"r"},{"line":5,"reason":"r"},{"line":6,"reason":"r"},{"line":7,"reason":"r"},{"line":8,"reason":"r"},{"line":9,"reason":"r"},{"line":10,"reason":"r"}]}] | "b: 2 lines\\n  set    checked   differ\\n  x            2        2\\n  line 1 cannot be read: r\\n  line 2 cannot be read: r\\n  line 3 cannot be read: r\\n  line 4 cannot be read: r\\n  line 5 cannot be read: r\\n  line 6 cannot be read: r\\n  line 7 cannot be read: r\\n  line 8 cannot be read: r\\n  line 9 cannot be read: r\\n  line 10 cannot be read: r\\n  2 accesses checked, 2 differences\\n\\n" |

  Rule: A program is asked for with as many sizes as it has

    Scenario: A program is built with the sizes that are given, or refused with the reason
      Then size gives
        | of | gives |
        | ["readers(3)"] | 4 |
        | ["readers"] | 3 |
        | ["readers(2,1)"] | refuses: readers(2,1) has 2 sizes; readers has at most 1 |
        | ["flush-smp(1,1,2)"] | 1 |
        | ["flush-smp(1,2)"] | 1 |
        | ["flush-smp(1,1,2,1)"] | refuses: flush-smp(1,1,2,1) has 4 sizes; flush-smp has at most 3 |
        | ["flush-smp-unfixed(2,1,1)"] | refuses: flush-smp-unfixed(2,1,1) cannot be built: each CPU begins with a user task of its own, and there are 1 for 2 |
        | ["flush-tlb(1,1,2,3)"] | 5 |
        | ["flush-tlb(1,1,2,3,4)"] | refuses: flush-tlb(1,1,2,3,4) has 5 sizes; flush-tlb has at most 4 |
        | ["flush-tlb-unfixed(1,1,2,2)"] | 4 |
        | ["lockcount(3,1)"] | 3 |
        | ["lockcount(3,1,1)"] | refuses: lockcount(3,1,1) has 3 sizes; lockcount has at most 2 |
        | ["xenpin(2,1)"] | 2 |
        | ["xenpin(2,1,1)"] | refuses: xenpin(2,1,1) has 3 sizes; xenpin has at most 2 |
        | ["xenpin-unfixed(2,3)"] | 4 |
        | ["ab-ba"] | 2 |
        | ["ab-ba(1)"] | refuses: ab-ba(1) has 1 sizes; ab-ba has none |
        | ["readers(1001)"] | refuses: readers(1001): the size 1001 is above 1000, the largest that can be built |
        | ["flush-smp(3,0,3)"] | 3 |
        | ["flush-smp(0)"] | refuses: flush-smp(0) cannot be built: there must be a CPU |
        | ["flush-smp(1,1,0)"] | refuses: flush-smp(1,1,0) cannot be built: each CPU begins with a user task of its own, and there are 0 for 1 |
        | ["flush-tlb(1,1,1,0)"] | refuses: flush-tlb(1,1,1,0) cannot be built: the CPU begins with a user task, so there must be one |
        | ["flush-tlb(1,1,1,1)"] | 2 |
        | ["flush-tlb-unfixed(1,1,2,0)"] | refuses: flush-tlb-unfixed(1,1,2,0) cannot be built: the CPU begins with a user task, so there must be one |
