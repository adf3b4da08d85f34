Feature: The small parts of the explorer do what they are meant to do
  A search is put together from a few parts: hashes, heaps, plans, an oracle. What each gives for small inputs is written here,
  so that a fault in one of them is found where it is, and not only by a large search that counts one state too few.

  Rule: Different values have different hashes, in both lanes

    Scenario: Numbers with the same lower half, and values that look alike, have different hashes
      Then takenForEqual gives
        | of | gives |
        | [0,1,-1,2147483647,2147483648,-2147483648,-2147483649,4294967295,4294967296,4294967297,8589934592,8589934593,-4294967296,-4294967297,9007199254740991] | [] |
        | ["",0,"0",false,"false",null,"null","nothing",[],[[]],{},"5n","-5n",5,-5,"5","half","infinite",true,1,"1",[0],["0"],[null],["nothing"]] | [] |
        | [[1,2],[2,1],[1,[2]],[[1],2],[[1,2]],[1,2,0],[0,1,2],{"a":1},{"b":1},{"a":2},{"a":1,"b":2},{"a":2,"b":1},["a",1],["b",1],"a1","1a","ab","ba","aab"] | [] |
        | [{"a":1,"b":2},{"b":2,"a":1}] | ["{\"a\":1,\"b\":2} and {\"b\":2,\"a\":1}"] |

    Scenario: A list is hashed part by part
      Then isMadeOfParts gives
        | of | gives |
        | [1,2,3] | true |
        | [4294967297,"x",[1],null] | true |

  Rule: State begins as it was declared, and a table knows its keys

    Scenario: A struct begins with the values that it is given
      Then pairOf gives
        | of | gives |
        | [{}] | "1 2: " |
        | [{"left":7}] | 7 2: pair.left=7 |
        | [{"right":"x"}] | 1 x: pair.right="x" |
        | [{"left":null,"right":1}] | null 1: pair.left=null; pair.right=1 |

    Scenario: A table gives its keys in ascending order
      Then keysOf gives
        | of | gives |
        | [[[3,1],[1,1],[20,5],[2,1],[10,1]]] | [1,2,3,10,20] |
        | [[["b",1],["a",1],["c",0],["aa",2]]] | ["a","aa","b"] |
        | [[[3,1],[1,1],[3,0],[2,1],[1,0],[1,4]]] | [1,2] |
        | [[[3,1],[1,1]],true] | [] |

  Rule: An instruction is performed with its operands, and a locked one empties the store buffer before and after

    Scenario: An instruction with any number of operands waits for them and acts on them, locked or not
      Then performed gives
        | of | gives |
        | [false,7] | ready, awaits nothing; drained 0 times before and 0 times after; waits for 7, acts on 7 |
        | [false,0] | waits, {"kind":"condition","text":"0"}; drained 0 times before and 0 times after; waits for 0, acts on 0 |
        | [false,7,8] | ready, awaits nothing; drained 0 times before and 0 times after; waits for 7 8, acts on 7 8 |
        | [false,7,8,9] | ready, awaits nothing; drained 0 times before and 0 times after; waits for 7 8 9, acts on 7 8 9 |
        | [false,7,8,9,10] | ready, awaits nothing; drained 0 times before and 0 times after; waits for 7 8 9 10, acts on 7 8 9 10 |
        | [true,7] | ready, awaits nothing; drained 1 time before and 1 time after; waits for 7, acts on 7 |
        | [true,0,8] | waits, {"kind":"condition","text":"0 8"}; drained 1 time before and 1 time after; waits for 0 8, acts on 0 8 |

  Rule: The least element comes first, and of equal ones the one that was met first

    Scenario: Elements leave a heap from the least to the greatest
      Then heap gives
        | of | gives |
        | [[3,1],[1,2],[2,3],[1,4]] | 1:2 1:4 2:3 3:1 |
        | [[1,9],[1,8],[1,7],[1,6],[1,5],[1,4],[1,3]] | 1:3 1:4 1:5 1:6 1:7 1:8 1:9 |
        | [[5,1],[4,2],[5,0],[4,9],[4,3],[3,8],[5,7],[3,6]] | 3:6 3:8 4:2 4:3 4:9 5:0 5:1 5:7 |
        | [[0,3],[0,1],[1,0],[0,2]] | 0:1 0:2 0:3 1:0 |

  Rule: Plans are split by the move that they begin with, and come back from a file in their order

    Scenario: The branches that begin with a move are split off
      Then splitOff gives
        | of | gives |
        | ["1a",1,"a"] | "1a \| " |
        | ["1a(2b)",1,"b"] | " \| 1a(2b)" |
        | ["1a",2,"a"] | " \| 1a" |
        | ["1a(2b) 1b 1a(3c) 2a",1,"a"] | 1a(2b) 1a(3c) \| 1b 2a |
        | ["1a 2b",3,"c"] | " \| 1a 2b" |

    Scenario: What is planned, being tried and asleep at two points is saved and restored
      Then savedAndRestored gives
        | of | gives |
        | [{"planned":"1a(2b(3c) 2c) 3d(1a) 4e","current":"5f(6g 7h) 8i","asleep":[[1,"a"],[1,"b"],[4,"c"]]},{"planned":"","current":"2a","asleep":[]}] | "1a(2b(3c) 2c) 3d(1a) 4e \| 5f(6g 7h) 8i \| 1b 1a   4c /  \| 2a \| " |
        | [{"planned":"3c","current":"","asleep":[[0,"z"]]},{"planned":"1a 2b(1c(2d) 3e)","current":"","asleep":[[2,"y"]]}] | 3c \|  \| 0z / 1a 2b(1c(2d) 3e) \|  \| 2y |

    Scenario: Events that access the same cell conflict if one of them writes it
      Then conflicts gives
        | of | gives |
        | [[[1],[]],[[1],[]]] | false false false |
        | [[[1],[]],[[],[1]]] | true true true |
        | [[[],[1]],[[],[1]]] | true true false |
        | [[[1],[2]],[[3],[4]]] | false false false |
        | [[[],[1]],[[],[32]]] | false false false |
        | [[[40],[]],[[],[9]]] | false false false |
        | [[[40],[]],[[],[40]]] | true true true |
        | [[[],[30]],[[],[61]]] | false false false |
        | [[[],[31]],[[31],[]]] | true true false |

  Rule: At most 32 things can be bits of a mask; without a mask there can be more

    Scenario: 32 things can be interchangeable and have a mask, and more without one
      Then interchangeable gives
        | of | gives |
        | [40] | accepted |
        | [32,"present"] | accepted |
        | [33,"present"] | refuses: machine bug: a mask of the things has 32 bits, and there are 33 of them from bit 0 on |
        | [30,"present",2] | accepted |
        | [30,"present",3] | refuses: machine bug: a mask of the things has 32 bits, and there are 30 of them from bit 3 on |

  Rule: States have one fingerprint if they differ only in names, and not otherwise

    Scenario: States that differ by an exchange of interchangeable things have one fingerprint
      Then alike gives
        | of | gives |
        | [0,{},{"thing0.n":5},{"thing1.n":5},{"thing2.n":5},{"thing0.n":6},{"thing0.to":5},{"free":5},{"last":5}] | ABBBEFGH |
        | [0,{"thing0.n":5,"thing1.n":6},{"thing1.n":5,"thing0.n":6},{"thing0.n":5,"thing0.to":6},{"thing0.n":5,"thing1.to":6},{"thing2.n":5,"thing1.to":6},{"thing0.n":5,"thing1.n":5}] | AACDDF |
        | [0,{"last":"@thing0"},{"last":"@thing1"},{"last":"@other"},{"free":"@thing0"},{"last":["@thing2"]},{"last":["@thing0"]}] | AACDEE |
        | [0,{"last":"@thing0","thing0.n":1},{"last":"@thing1","thing1.n":1},{"last":"@thing1","thing0.n":1},{"last":"@thing0","thing2.n":1}] | AACC |
        | [0,{"last":["@thing0","@thing1"]},{"last":["@thing2","@thing0"]},{"last":["@thing1","@thing1"]},{"last":["@thing0",1]},{"last":[1,"@thing2"]}] | AACDE |
        | [0,{"last":["@thing0","@thing1"],"thing0.n":1},{"last":["@thing1","@thing2"],"thing1.n":1},{"last":["@thing0","@thing1"],"thing1.n":1},{"last":["@thing1","@thing0"],"thing0.n":1}] | AACC |
        | [0,{"last":["@thing0","@thing1"],"free":["@thing0","@thing1"]},{"last":["@thing0","@thing1"],"free":["@thing1","@thing0"]},{"last":["@thing2","@thing1"],"free":["@thing2","@thing1"]},{"last":[["@thing0"],"@thing1"],"free":["@thing0","@thing1"]}] | ABAD |
        | [0,{"thing0.to":"@thing1"},{"thing1.to":"@thing0"},{"thing2.to":"@thing0"},{"thing0.to":"@thing0"},{"thing2.to":"@thing2"},{"thing0.to":"@other"}] | AAADDF |
        | [0,{"thing0.to":"@thing1","thing1.to":"@thing2"},{"thing0.to":"@thing1","thing1.to":"@thing0"},{"thing2.to":"@thing0","thing0.to":"@thing1"},{"thing2.to":"@thing1","thing0.to":"@thing1"}] | ABAD |
        | [0,{"thing0.n":"word"},{"thing1.n":"word"},{"thing1.n":"other"},{"thing0.n":4294967301},{"thing2.n":4294967301},{"thing0.n":5}] | AACDDF |

    Scenario: In a mask of interchangeable things, only their own bits are exchanged
      Then alike gives
        | of | gives |
        | [0,{"mask":0},{"mask":1},{"mask":2},{"mask":4},{"mask":3},{"mask":6},{"mask":7},{"mask":8},{"mask":9},{"mask":10}] | ABBBEEGHII |
        | [4,{"mask":1},{"mask":2},{"mask":4},{"mask":16},{"mask":32},{"mask":64},{"mask":48},{"mask":80},{"mask":17},{"mask":33}] | ABCDDDGGII |
        | [0,{"mask":8},{"mask":16},{"mask":8388608},{"mask":16777216},{"mask":33554432},{"mask":67108864},{"mask":134217728},{"mask":268435456},{"mask":536870912},{"mask":1073741824},{"mask":-2147483648},{"mask":1},{"mask":4}] | ABCDEFGHIJKLL |
        | [0,{"mask":1,"thing0.n":1},{"mask":2,"thing1.n":1},{"mask":1,"thing1.n":1},{"mask":4,"thing0.n":1}] | AACC |

    Scenario: A process that is set apart is exchanged together with the thing that it is
      Then alike gives
        | of | gives |
        | [0,{"apart":0},{"apart":1},{"apart":2},{},{"apart":3},{"apart":4}] | AAADEF |
        | [0,{"apart":0,"thing0.n":1},{"apart":1,"thing1.n":1},{"apart":1,"thing0.n":1},{"apart":2,"thing1.n":1},{"apart":3,"thing0.n":1},{"apart":3,"thing1.n":1}] | AACCEE |

    Scenario: The number by which a thing is known may not change
      Then alike gives
        | of | gives |
        | [0,{"thing1.number":2}] | refuses: machine bug: thing1.number is declared to be a number by which something is known, and it changes |

  Rule: Brute force counts every state and every way to be stuck, and leaves the system as it was

    Scenario: The states, outcomes and deadlocks of programs that wait are counted
      Then byBruteForce gives
        | of | gives |
        | ["binc(2)"] | 9 states, 1 outcome, 0 deadlocks, 0 failures |
        | ["orphanedLock"] | 5 states, 1 outcome, 1 deadlock, 0 failures |
        | ["lockedTwice"] | 3 states, 0 outcomes, 2 deadlocks, 0 failures |
        | ["starving"] | 2 states, 0 outcomes, 1 deadlock, 0 failures |
        | [{"processors":[{"acts":[{"do":"await","word":0,"value":1}],"interrupts":[[{"do":"store","word":1,"value":1}]],"onIpi":[]}],"isBuffered":false}] | 5 states, 0 outcomes, 2 deadlocks, 0 failures |
        | [{"processors":[{"acts":[{"do":"await","word":0,"value":1}],"interrupts":[[{"do":"store","word":0,"value":1}]],"onIpi":[]}],"isBuffered":false}] | 7 states, 1 outcome, 0 deadlocks, 0 failures |

    Scenario: A switch on a processor without another task changes nothing
      Then bruteForceOf gives
        | of | gives |
        | [[{"do":"switch"},{"do":"store","word":0,"value":1},{"do":"switch"},{"do":"store","word":1,"value":1}]] | 6 states, 1 outcome, 0 deadlocks, 0 failures |

    Scenario: A processor with two tasks goes from either to the other
      Then byBruteForce gives
        | of | gives |
        | [{"processors":[{"acts":[{"do":"switch"},{"do":"store","word":0,"value":1}],"second":[{"do":"store","word":1,"value":1},{"do":"switch"},{"do":"store","word":2,"value":1}],"interrupts":[],"onIpi":[]}],"isBuffered":false}] | 6 states, 1 outcome, 0 deadlocks, 0 failures |
        | [{"processors":[{"acts":[{"do":"store","word":0,"value":1}],"second":[{"do":"store","word":1,"value":1}],"interrupts":[],"onIpi":[]}],"isBuffered":false}] | 3 states, 1 outcome, 0 deadlocks, 0 failures |
        | [{"processors":[{"acts":[{"do":"switch"}],"second":[{"do":"forbid","word":0,"value":0}],"interrupts":[],"onIpi":[]}],"isBuffered":false}] | 3 states, 0 outcomes, 0 deadlocks, 1 failure |

    Scenario: A deadlock says what the processor waits for
      Then foundOf gives
        | of | gives |
        | [[{"do":"locked","lock":1,"acts":[{"do":"locked","lock":1,"acts":[]}]}]] | ["nothing can go on: cpu0 at \"lock lock1\" in perform waits for lock1, which it itself holds"] |
        | [[{"do":"await","word":2,"value":1}]] | ["nothing can go on: cpu0 at \"await word2 = 1\" in perform"] |

  Rule: A search says how far it has come, and what each of its layers adds

    Scenario: Each layer counts the states and events that one more switch adds
      Then layersOf gives
        | of | gives |
        | ["readers(2)",{"switches":3}] | 8 states and 12 events |
        | ["binc(2)",{"switches":2}] | 6 states and 8 events, 3 states and 6 events, 0 states and 0 events |
        | ["binc(2)",{"switches":0}] | 6 states and 8 events |
        | ["flush-smp-unfixed(1, 1, 2)",{"switches":1}] | 20 states and 60 events |

    Scenario: A search says which share of it is done after so many moves
      Then shares gives
        | of | gives |
        | ["binc(2)",0,1,1,1,1,1,1,1,1,1,1,1,1,1,1] | 0.0 0.0 0.0 12.5 25.0 37.5 25.0 50.0 75.0 100.0 100.0 100.0 100.0 100.0 100.0 |
        | ["readers(2)",2,4,6,8,100] | 0.0 50.0 100.0 100.0 100.0 |

    Scenario: At least as many random runs as asked for challenge a verdict, more after a long search, and at most fifty times as many
      Then challengedBy gives
        | of | gives |
        | ["binc(2)",100,3] | 3 |
        | ["readers(4)",1000000000,1] | 50 |
        | ["readers(4)",1000000000,2] | 100 |
        | ["binc(2)",20000,2] | 6 |
        | ["binc(2)",100,0] | 0 |

  Rule: One search answers about each claim what a search for it alone would

    Scenario: For each claim, the states, events and edges are counted up to where it is broken
      Then untilEach gives
        | of | gives |
        | [{"processors":[{"acts":[{"do":"put","key":0,"value":1},{"do":"store","word":0,"value":1}],"interrupts":[],"onIpi":[]}],"claims":[{"claim":"at most","keys":0},{"claim":"never both","word":0,"value":1,"other":1,"otherValue":0}],"isBuffered":false}] | assertion: 2 3 1; at most: 1 1 1; never both: 1 2 1 |
        | [{"processors":[{"acts":[{"do":"store","word":0,"value":1},{"do":"store","word":1,"value":1}],"interrupts":[],"onIpi":[]},{"acts":[{"do":"store","word":2,"value":1},{"do":"put","key":1,"value":1},{"do":"load","word":0}],"interrupts":[],"onIpi":[]}],"claims":[{"claim":"at most","keys":0},{"claim":"never both","word":0,"value":1,"other":2,"otherValue":1},{"claim":"at most","keys":3}],"isBuffered":false}] | assertion: 16 48 28; at most: 6 15 12; never both: 6 14 12 |

  Rule: If the members of a search have not seen all of it together, the search is not complete

    Scenario: A move that no member has taken, or a state that nothing leads to, makes the search incomplete
      Then joined gives
        | of | gives |
        | [true,[[2],[]]] | 2 states, 1 edge, complete |
        | [true,[[2,3],[3],[]]] | 3 states, 3 edges, complete |
        | [true,[[0],[]]] | refuses: machine bug: a search on 1 threads ended although some moves were not taken |
        | [false,[[0],[]]] | 1 state, 0 edges, incomplete |
        | [false,[[2,0],[]]] | 2 states, 1 edge, incomplete |
        | [true,[[],[]]] | refuses: machine bug: a search on 1 threads ended although 1 of its 2 states are out of reach |
        | [false,[[],[]]] | 1 state, 0 edges, incomplete |
        | [true,[[2]],[[1]]] | 2 states, 2 edges, complete |
        | [true,[[2,3],[]],[[3]]] | 3 states, 3 edges, complete |

    Scenario: Kinds of edges keep their numbers when their table grows
      Then kindsKnown gives
        | of | gives |
        | [1] | 1 kind, numbers 0 to 0, the same again; 1 kept |
        | [100] | 100 kinds, numbers 0 to 99, the same again; 100 kept |
        | [2000] | 2000 kinds, numbers 0 to 1999, the same again; 2000 kept |

    Scenario: Entries of a TLB that differ in one thing have different hashes
      Then entriesTakenForEqual gives
        | of | gives |
        | [[4096,8192,4096,"wu",0,0],[8192,8192,4096,"wu",0,0],[4096,4096,4096,"wu",0,0],[4096,8192,4194304,"wu",0,0],[4096,8192,4096,"u",0,0],[4096,8192,4096,"w",0,0],[4096,8192,4096,"wux",0,0],[4096,8192,4096,"wug",0,0],[4096,8192,4096,"wud",0,0],[4096,8192,4096,"wu",1,0],[4096,8192,4096,"wu",2,0],[4096,8192,4096,"wu",0,4],[8192,4096,4096,"wu",0,0]] | [] |
        | [[4096,8192,4096,"wu",0,0],[4096,8192,4096,"wu",0,0]] | ["0 and 1"] |

  Rule: A recording of a processor is read as it is meant, or refused with the name of the wrong field

    Scenario: An access agrees with its recording until one field is changed
      Then recording gives
        | of | gives |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}] | agrees |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"pa": "0x3124"}] | it reaches 0x3123, not 0x3124 |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"out": "pf", "cr2": "0x123", "err": 0}] | it gives ok at 0x3123, not pf with error code 0 |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"after": ["0x2007", "0x3027"]}] | the entry at 0x1000 is 0x2027, not 0x2007 |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"after": ["0x2007", "0x3027"], "opt": ["0x20", "0x0"]}] | agrees |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"acc": "w"}] | the entry at 0x2000 is 0x3067, not 0x3027 |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"acc": "w", "after": ["0x2027", "0x3067"]}] | agrees |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"acc": "q"}] | refuses: "acc" can be r, w, x, m |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"la": "123"}] | refuses: "la" is "123"; expected a number such as "0x1f" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"la": null}] | refuses: "la" is missing; expected a number such as "0x1f" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"cpl": null}] | refuses: "cpl" is missing |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"ac": null}] | refuses: "ac" is missing |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"size": null}] | refuses: "size" is missing |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"out": "none"}] | refuses: "out" can be ok, pf, gp |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"out": "gp"}] | refuses: "err" is missing |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"out": "gp", "err": 0}] | it gives ok at 0x3123, not gp with error code 0 |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"pa": null}] | refuses: "pa" is missing; expected a number such as "0x1f" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"out": "pf", "err": 0}] | refuses: "cr2" is missing; expected a number such as "0x1f" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"out": "pf", "cr2": "0x123"}] | refuses: "err" is missing |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"after": null}] | refuses: "after" must have one value for each entry of "mem" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"after": ["0x1"]}] | refuses: "after" must have one value for each entry of "mem" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"opt": ["0x0", "x"]}] | refuses: "opt" is "x"; expected a number such as "0x1f" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"mode": "real"}] | refuses: "mode" is "real"; it can be legacy, pae, long |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"id": null}] | refuses: "id" is missing |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"cr3": "0x"}] | refuses: "cr3" is "0x"; expected a number such as "0x1f" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"mem": null}] | refuses: "mem" is missing |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"mem": [["0x1000"]]}] | refuses: "mem" is null; expected a number such as "0x1f" |
        | [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"]}, {"ops": 7}] | refuses: "ops" is not a list |

    Scenario: MOV to CR3 and sequences of operations are compared too
      Then recording gives
        | of | gives |
        | [{"mode": "pae", "cr4": "0x20", "mem": [["0x1000", "0x2001"]], "op": "mov-cr3", "out": "ok"}] | agrees |
        | [{"mode": "pae", "cr4": "0x20", "mem": [["0x1000", "0x2001"]], "op": "mov-cr3", "out": "gp"}] | MOV to CR3 gives ok, not gp |
        | [{"mode": "pae", "cr4": "0x20", "mem": [["0x1000", "0x2001"]], "op": "mov-cr3", "out": "pf"}] | refuses: "out" of a mov-cr3 can be ok or gp |
        | [{"mode": "pae", "cr4": "0x20", "mem": [["0x1000", "0x2001"]], "op": "mov-cr3", "out": "ok"}, {"mem": [["0x1000", "0x2007"]]}] | MOV to CR3 gives gp, not ok |
        | [{"mode": "pae", "cr4": "0x20", "mem": [["0x1000", "0x2001"]], "op": "mov-cr3", "out": "gp"}, {"mem": [["0x1000", "0x2007"]]}] | agrees |
        | [{"ops": [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"], "op": "acc", "must": true}, {"op": "set", "pa": "0x2000", "val": "0x4027"}, {"op": "invlpg", "la": "0x123"}, {"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x4123", "after": ["0x2027", "0x4027"], "opt": ["0x0", "0x0"], "op": "acc", "must": true}]}] | agrees \| agrees |
        | [{"ops": [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"], "op": "acc", "must": true}, {"op": "set", "pa": "0x2000", "val": "0x4027"}, {"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x4123", "after": ["0x2027", "0x4027"], "opt": ["0x0", "0x0"], "op": "acc", "must": true}]}] | agrees \| it reaches 0x3123, not 0x4123 |
        | [{"ops": [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"], "op": "acc", "must": true}, {"op": "set", "pa": "0x2000"}]}] | refuses: "ops[1]: val" is missing; expected a number such as "0x1f" |
        | [{"ops": [{"acc": "r", "la": "0x123", "cpl": 0, "ac": 0, "size": 4, "out": "ok", "pa": "0x3123", "after": ["0x2027", "0x3027"], "opt": ["0x0", "0x0"], "op": "acc", "must": true}, {"op": "invlpg"}]}] | refuses: "ops[1]: la" is missing; expected a number such as "0x1f" |
        | [{"ops": [{"op": "cr3"}]}] | refuses: "ops[0]: val" is missing; expected a number such as "0x1f" |
        | [{"ops": [{"op": "halt"}]}] | refuses: ops[0]: "op" can be acc, set, invlpg, cr0, cr3, cr4 |
        | [{"ops": [7]}] | refuses: ops[0]: "op" can be acc, set, invlpg, cr0, cr3, cr4 |

    Scenario: IRET restores only what the current privilege allows
      Then returned gives
        | of | gives |
        | [{"cpl": 0, "iopl": 0, "IF": false}, {"cpl": 3, "iopl": 0, "IF": true}] | at 3, I/O privilege 0, interrupts on |
        | [{"cpl": 0, "iopl": 0, "IF": false}, {"cpl": 0, "iopl": 3, "IF": true}] | at 0, I/O privilege 3, interrupts on |
        | [{"cpl": 0, "iopl": 3, "IF": true}, {"cpl": 3, "iopl": 1, "IF": false}] | at 3, I/O privilege 1, interrupts off |
        | [{"cpl": 3, "iopl": 0, "IF": true}, {"cpl": 3, "iopl": 3, "IF": false}] | at 3, I/O privilege 0, interrupts on |
        | [{"cpl": 3, "iopl": 3, "IF": true}, {"cpl": 3, "iopl": 0, "IF": false}] | at 3, I/O privilege 3, interrupts off |
        | [{"cpl": 3, "iopl": 0, "IF": true}, {"cpl": 0, "iopl": 0, "IF": false}] | exception 13 |
        | [{"cpl": 1, "iopl": 1, "IF": true}, {"cpl": 1, "iopl": 3, "IF": false}] | at 1, I/O privilege 1, interrupts off |

    Scenario: A thread that may choose makes each choice
      Then choices gives
        | of | gives |
        | ["left"] | x=1 |
        | ["left", "right", "middle"] | x=1; x=2; x=3 |
