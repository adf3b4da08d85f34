Feature: One search of a kernel answers every question about it
  If an invariant is broken, the search records it and continues. Its answer about
  that invariant covers each run up to where the invariant is first broken; its
  answer about deadlocks and endless loops covers all runs. The steps from one
  choice to the next are executed once for all states that agree in everything
  those steps read.

  Rule: Each invariant gets the answer that a search for it alone would give

    Scenario Outline: In <situation> with patches <patches>, each invariant gets its own answer
      When "<situation>" with "<patches>" is searched once for all of its invariants
      Then each invariant has the states, edges, violations and smallest runs of a search for it alone
      And <broken> of them are broken

      Examples:
        | situation                          | patches | broken |
        | flush-tlb/classic                  | none    | 2      |
        | xen-pte-lock/pin                   | none    | 3      |
        | xen-pte-lock/mmap                  | all     | 1      |
        | vmi-lazy/kmap                      | none    | 2      |

    Scenario Outline: In <situation> with patches <patches>, a search for one failing run finds a smallest one too
      A scenario which only claims that something can fail needs one run. In `npm test` that run is looked for
      in order of cost, if a full search of the kernel takes long.

      When "<situation>" with "<patches>" is searched once for all of its invariants
      Then for each of <broken> broken invariants, the run that is looked for alone costs as much
      And for what is not broken, no run is found

      Examples:
        | situation         | patches | broken |
        | flush-tlb/classic | none    | 2      |
        | xen-pte-lock/pin  | none    | 3      |
        | vmi-lazy/kmap     | none    | 2      |

    Scenario: In random programs, each invariant gets the answer of brute force
      When 40 random programs are searched once for all of their invariants
      Then each of more than 100 invariants, 1 of them broken, gets the answer of brute force
      And 2 of the programs were passed over as too large

    Scenario: Failures that come after a broken invariant are found too
      When a program that breaks two invariants is searched by an engine that continues after the first
      Then each of more than 2 invariants, 2 of them broken, gets the answer of brute force

    Scenario: A search that ends where the first of two invariants is broken is noticed
      When a program that breaks two invariants is searched by an engine that ends at the first
      Then some invariant gets another answer than that of brute force

  Rule: The consequences of a broken invariant are found too

    Scenario: The search also finds the endless fault that follows from the wrong page tables
      When "flush-tlb/classic" with "none" is searched once for all of its invariants
      Then its run to "livelock" continues its run to "taskOnOwnPageTables"

  Rule: A remembered stretch of steps leads to the same state as executing it again

    Scenario Outline: In <situation> with patches <patches>, the memory of stretches changes no result
      When "<situation>" with "<patches>" is searched with the memory of stretches and without it
      Then both have the same states, edges, events and violations
      And at least <events> % of the events were repeated from memory, and at least <whole> % of the stretches in one piece

      Examples:
        | situation            | patches | events | whole |
        | flush-tlb/classic    | none    | 95     | 25    |
        | flush-tlb/after-boot | none    | 80     | 45    |
        | xen-pte-lock/pin     | none    | 70     | 30    |
        | vmi-lazy/switch      | all     | 95     | 0     |

    Scenario: A step that depends on something outside the cells is found
      When a thread that reads one of two cells, chosen by a plain field, is searched
      Then the search says that "something that decides is kept outside tracked cells"
