Feature: What a verdict says of its bounds is right for every number
  One, none and several read differently, and a bound that left nothing out is not a bound. These words stand below every verdict, so they are tried with
  small inputs of every kind.

  Rule: Numbers are written as a reader would say them

    Scenario: A number is printed with the noun in the right form
      Then counted gives
        | of           | gives |
        | [0,"state"]  | 0 states |
        | [1,"state"]  | 1 state |
        | [2,"state"]  | 2 states |
        | [1,"switch"] | 1 switch |
        | [2,"switch"] | 2 switches |
        | [0,"switch"] | 0 switches |

    Scenario: A duration is printed in seconds, minutes or hours
      Then duration gives
        | of     | gives |
        | [0]    | 0 s |
        | [0.4]  | 0 s |
        | [89.4] | 89 s |
        | [89.9] | 90 s |
        | [90]   | 2 min |
        | [120]  | 2 min |
        | [5399] | 90 min |
        | [5400] | 1.5 h |
        | [9000] | 2.5 h |

    Scenario: A typed number is refused unless it is a whole number within its limits
      Then wholeNumber gives
        | of                        | gives |
        | ["--states","7"]          | 7 |
        | ["--states","0"]          | 0 |
        | ["--states","-1"]         | refuses: --states "-1" is not a whole number from 0 to 9007199254740991, written in digits |
        | ["--states","1.5"]        | refuses: --states "1.5" is not a whole number from 0 to 9007199254740991, written in digits |
        | ["--states",""]           | refuses: --states "" is not a whole number from 0 to 9007199254740991, written in digits |
        | ["--runs","0",1]          | refuses: --runs "0" is not a whole number from 1 to 9007199254740991, written in digits |
        | ["--runs","1",1]          | 1 |
        | ["--runs","0",2]          | refuses: --runs "0" is not a whole number from 2 to 9007199254740991, written in digits |
        | ["--workers","256",1,256] | 256 |
        | ["--workers","257",1,256] | refuses: --workers "257" is not a whole number from 1 to 256, written in digits |
        | ["--workers","x",1,256]   | refuses: --workers "x" is not a whole number from 1 to 256, written in digits |

    Scenario: A large search says how to make it smaller
      Then adviceInWords gives
        | of        | gives |
        | [999999]  | [] |
        | [1000000] | ["large: a bound such as --switches 2 covers only runs with few switches; machine/situations/scenes/README.md says how to make a situation smaller"] |

  Rule: A verdict says what a failure needs, and what was left out

    Scenario: A finding says how many interrupts and switches it needs at least
      Then needInWords gives
        | of                                 | gives |
        | [{"interrupts":null,"switches":0}] | first with no switch and any number of interrupts |
        | [{"interrupts":null,"switches":2}] | first with 2 switches and any number of interrupts; none with fewer |
        | [{"interrupts":0,"switches":0}]    | first with no switch and no interrupt |
        | [{"interrupts":0,"switches":1}]    | first with 1 switch; none with fewer |
        | [{"interrupts":1,"switches":0}]    | first with 1 interrupt and no switch; none with fewer |
        | [{"interrupts":2,"switches":1}]    | first with 2 interrupts and 1 switch; none with fewer interrupts, or with 2 and fewer switches |

    Scenario: A number of interrupts and switches is put in words
      Then layerInWords gives
        | of                                 | gives |
        | [{"interrupts":null,"switches":0}] | no switch |
        | [{"interrupts":null,"switches":1}] | 1 switch |
        | [{"interrupts":0,"switches":0}]    | no interrupt and no switch |
        | [{"interrupts":1,"switches":2}]    | 1 interrupt and 2 switches |

    Scenario: A search says how many states each further switch has added
      Then layersInWords gives
        | of                                                                     | gives |
        | [[]]                                                                   | [] |
        | [[{"interrupts":0,"switches":0,"states":9},{"interrupts":0,"switches":1,"states":4},{"interrupts":1,"switches":0,"states":51}]] | ["no interrupt: 9 states with no switch, 4 with 1 switch","1 interrupt: 51 states with no switch"] |
        | [[{"interrupts":null,"switches":0,"states":9},{"interrupts":null,"switches":1,"states":2}]] | ["9 states with no switch, 2 with 1 switch"] |

    Scenario: A verdict names a bound only if it left something out
      Then withinWords gives
        | of                                   | gives |
        | [{},false]                           | "" |
        | [{"interrupts":1},false]             | "" |
        | [{"interrupts":1},true]              | " with at most 1 interrupt" |
        | [{"switches":0},true]                | " with no switch" |
        | [{"interrupts":0,"switches":2},true] | " with no interrupt and at most 2 switches" |
        | [{"interrupts":2,"switches":1},true] | " with at most 2 interrupts and at most 1 switch" |

    Scenario: All bounds of a search are listed, whether or not they left something out
      Then searchBounds gives
        | of                                                      | gives |
        | [{}]                                                    | [] |
        | [{"switches":0}]                                        | ["no switch"] |
        | [{"switches":1,"interrupts":2,"states":1,"memory":300}] | ["at most 1 switch","at most 2 interrupts","at most 1 state","300 MB of memory"] |
        | [{"depth":4}]                                           | ["depth = 4"] |

    Scenario: A verdict says how many random runs challenged it
      Then challengeInWords gives
        | of                               | gives |
        | [{"challenged":0,"unended":0}]   | not challenged by random runs |
        | [{"challenged":1,"unended":0}]   | challenged by 1 random run, which found nothing new |
        | [{"challenged":200,"unended":3}] | challenged by 200 random runs, which found nothing new; 3 of them were given up as too long |

    Scenario: Each parameter of a situation says what it limits
      Then limitsOf gives
        | of                                | gives |
        | [{"interrupts":1}]                | at most 1 interrupt |
        | [{"evictions":1}]                 | at most 1 eviction from the TLB |
        | [{"flushes":1}]                   | 1 flush |
        | [{"accesses":1}]                  | 1 access of each task |
        | [{"entries":1}]                   | 1 page-table entry |
        | [{"segments":1}]                  | 1 page in a request |
        | [{"pages":1}]                     | 1 pte page |
        | [{"visitors":1}]                  | 1 other CPU using the reverse mapping |
        | [{"middles":1}]                   | 1 middle table |
        | [{"readers":1}]                   | 1 reader |
        | [{"rounds":1}]                    | 1 round |
        | [{"tables":1}]                    | 1 page table |
        | [{"times":1}]                     | 1 time |
        | [{"unmaps":1}]                    | 1 unmap |
        | [{"cpus":1}]                      | 1 CPU |
        | [{"threads":1}]                   | 1 calling thread |
        | [{"walkers":1}]                   | 1 CPU that walks the table |
        | [{"users":1}]                     | 1 user of the address space |
        | [{"scanners":1}]                  | 1 thread that changes protections |
        | [{"ticks":1}]                     | at most 1 timer tick |
        | [{"interrupts":2}]                | at most 2 interrupts |
        | [{"flushes":2}]                   | 2 flushes |
        | [{"accesses":2}]                  | 2 accesses of each task |
        | [{"entries":2}]                   | 2 page-table entries |
        | [{"pages":2}]                     | 2 pte pages |
        | [{"visitors":2}]                  | 2 other CPUs using the reverse mapping |
        | [{"cpus":2}]                      | 2 CPUs |
        | [{"walkers":2}]                   | 2 CPUs that walk the table |
        | [{"ticks":0}]                     | no timer tick |
        | [{"visitors":0}]                  | no other CPUs using the reverse mapping |
        | [{"pages":0}]                     | no pte page |
        | [{"interrupts":0}]                | no interrupt |
        | [{"flushes":0}]                   | no flush |
        | [{"ticks":1,"ticking":"second"}]  | at most 1 timer tick on the second CPU |
        | [{"ticks":2,"ticking":"both"}]    | at most 2 timer ticks on each CPU |
        | [{"ticks":2,"ticking":"neither"}] | at most 2 timer ticks |
        | [{"pages":"any"}]                 | "" |
        | [{"ram":512}]                     | "" |
        | [{"hole":1}]                      | "" |
        | [{"NR_CPUS":8}]                   | "" |
        | [{"splitFrom":4}]                 | "" |
        | [{"FREE_PTE_NR":1}]               | "" |
        | [{"room":2}]                      | "" |
        | [{"cats":3}]                      | cats = 3 |
        | [{"same":true}]                   | "" |

  Rule: A waiting user sees the progress, and a signal is obeyed

    Scenario: The progress of counted work is printed at intervals, and a signal stops it
      Then paced gives
        | of                                                 | gives |
        | [null,[[1000,1200],[1249,1201],[1250,1202]]]       | ["1000: boots: 1,200","1250: boots: 1,202"] |
        | [null,[[1000,3]],"SIGINT"]                         | ["1000: boots: 3","stop"] |
        | [5000,[[1000,0],[2000,1000],[2249,1],[2250,2500]]] | ["1000: boots: 0 of 5,000","2000: boots: 1,000 of 5,000, about 4 s left","2250: boots: 2,500 of 5,000, about 1 s left"] |
        | [10,[[61000,1]]]                                   | ["61000: boots: 1 of 10, about 9 min left"] |
        | [10,[[1000,1],[1001,2]],"SIGTERM"]                 | ["1000: boots: 1 of 10, about 0 s left","stop","stop"] |
        | [100,[[7201000,50]]]                               | ["7201000: boots: 50 of 100, about 2.0 h left"] |

    Scenario: The progress of a search is printed at intervals, and a signal stops it
      Then watched gives
        | of                                                                     | gives |
        | [[[1000,{"states":1200,"events":34000,"depth":5}],[1249,{"states":2,"events":2,"depth":2}],[1250,{"states":3,"events":3,"depth":3}]]] | ["1000: a search: 1,200 states, 34,000 events, depth 5","1250: a search: 3 states, 3 events, depth 3"] |
        | [[[11000,{"states":1,"events":2,"depth":3,"share":0.25}]]]             | ["11000: a search: 1 states, 2 events, depth 3, 25.0 % explored, about 30 s left"] |
        | [[[11000,{"states":1,"events":2,"depth":3,"share":0.001}]]]            | ["11000: a search: 1 states, 2 events, depth 3"] |
        | [[[11000,{"states":1,"events":2,"depth":3,"share":0.0011}]]]           | ["11000: a search: 1 states, 2 events, depth 3, 0.1 % explored, about 2.5 h left"] |
        | [[[1000,{"states":1,"events":2,"depth":3}]],"SIGINT"]                  | ["1000: a search: 1 states, 2 events, depth 3","stop"] |

    Scenario: At a terminal, the progress of a search is one line
      Then progressLine gives
        | of                                                                     | gives |
        | [true,[[3000,{"states":1200,"events":34000,"depth":5}],[3249,{"states":1,"events":1,"depth":1}],[3250,{"states":2,"events":9,"depth":2}],[4000,null]]] | ["3000: <line>1,200 states or executions, 34,000 events, 17,000/s, depth 5","3250: <line>2 states or executions, 9 events, 4/s, depth 2","4000: <line>"] |
        | [true,[[1000,null]]]                                                   | [] |
        | [false,[[3000,{"states":1200,"events":34000,"depth":5}],[4000,null]]]  | [] |
        | [true,[[3000,{"states":1,"events":2,"depth":3,"share":0.25,"layer":{"interrupts":1,"switches":2}}]]] | ["3000: <line>1 states or executions, 2 events, 1/s, depth 3, runs with 1 interrupt and 2 switches, 25.0 % explored, about 6 s left"] |
        | [true,[[3000,{"states":1,"events":2,"depth":3,"share":0.001}]]]        | ["3000: <line>1 states or executions, 2 events, 1/s, depth 3"] |

  Rule: A verdict has one exit code, and several verdicts have the worst one

    Scenario: A verdict that holds exits with 0, one that fails with 1, and an undecided one with 4
      Then codeOf gives
        | of                               | gives |
        | [{"holds":true,"findings":[]}]   | 0 |
        | [{"holds":false,"findings":[1]}] | 1 |
        | [{"holds":false,"findings":[]}]  | 4 |

    Scenario: Several verdicts exit with the code of the worst one
      Then worst gives
        | of        | gives |
        | [[]]      | 0 |
        | [[0,0]]   | 0 |
        | [[0,4]]   | 4 |
        | [[4,1,0]] | 1 |
        | [[1,3,4]] | 3 |
        | [[4,4]]   | 4 |

    Scenario: A shard gets every n-th part of a search
      Then partsFor gives
        | of                                            | gives |
        | [["a","b","c","d","e"],{"index":1,"count":2}] | ["a","c","e"] |
        | [["a","b","c","d","e"],{"index":2,"count":2}] | ["b","d"] |
        | [["a","b","c"],{"index":1,"count":1}]         | ["a","b","c"] |
        | [["a"],{"index":3,"count":3}]                 | [] |
