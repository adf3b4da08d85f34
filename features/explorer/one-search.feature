Feature: One search of a kernel answers every question about it
  Where an invariant is broken, the search notes it and goes on. What it says of
  that invariant is what is found before it is first broken; what it says of
  deadlocks and endless loops is about all runs. And what happens from one choice
  to the next is gone through once for all states that are the same in whatever
  it reads.

  Rule: Each invariant gets the answer that a search for it alone would give

    Scenario Outline: <situation> with <patches>
      When "<situation>" with "<patches>" is searched once for all of its invariants
      Then each invariant has the states, edges, violations and smallest runs of a search for it alone
      And <broken> of them are broken

      Examples:
        | situation                          | patches | broken |
        | flush-tlb/classic                  | none    | 2      |
        | xen-pte-lock/pin                   | none    | 3      |
        | xen-pte-lock/mmap                  | all     | 1      |
        | vmi-lazy/kmap                      | none    | 2      |

  Rule: What comes of a broken invariant is found too

    Scenario: The endless fault that follows from the wrong page tables
      When "flush-tlb/classic" with "none" is searched once for all of its invariants
      Then its run to "livelock" goes on from its run to "taskOnOwnPageTables"

  Rule: A stretch that is remembered leads where going it again would lead

    Scenario Outline: <situation> with <patches>, with and without the memory
      When "<situation>" with "<patches>" is searched with the memory of stretches and without it
      Then both have the same states, edges, events and violations
      And the memory answered for more than <share> % of the stretches

      Examples:
        | situation         | patches | share |
        | flush-tlb/classic | none    | 80    |
        | flush-tlb/after-boot | none | 50    |
        | xen-pte-lock/pin | none     | 30    |

    Scenario: A step that decides by what is in no cell is found out
      When a thread that looks here or there by a plain field is searched
      Then the search says that "something that decides is kept outside tracked cells"
