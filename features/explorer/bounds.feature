Feature: A bound on interrupts and switches is raised step by step
  Most races need little: one interrupt in the wrong place, or two switches. So
  runs are explored in order of cost, and the first failure found is a cheapest
  one. Here a switch means taking the turn from a process that could have
  continued. If that process waits or has ended, the change costs nothing.

  Rule: A bounded search omits only the runs beyond the bound
    Brute force keeps each state once for each process that moved last and for each
    way to have used up the bound. `npm run soundness` compares more programs.

    Scenario: The layers agree with brute force within every bound
      When 50 random programs are explored within bounds
      Then each search finds what brute force finds within the same bound
      And at least 80 of the bounds left something out

    Scenario: A search that counts too many switches is noticed
      When 50 random programs are explored by a search that counts every change of process as a switch
      Then the comparison names a program and a bound

    Scenario Outline: Within <bound> switches <program> does not fail, and the bound <leaves>
      When "<program>" is explored with at most <bound> switches
      Then everything is seen and nothing fails within the bound, which <leaves>

      Examples:
        | program                 | bound | leaves               |
        | xenpin(3, 2)            | 2     | leaves something out |
        | xenpin(3, 2)            | 3     | leaves nothing out   |
        | flush-tlb-unfixed(2, 3) | 1     | leaves something out |

    Scenario: If the bound cuts off the event that a process waits for, no deadlock is reported
      A barrier waits until earlier stores have drained, and each drain counts as an interrupt.

      When the user types "paravirt-spec explore 'litmus SB+mfence under TSO' --interrupts 0"
      Then it exits with 0
      And it prints "HOLDS; everything with no interrupt was seen"

  Rule: The first failure is found at the smallest bound that allows it

    Scenario Outline: The first <kind> of <program> needs <switches> switches
      When "<program>" is explored bound by bound
      Then its first <kind> needs <switches> switches
      And with one switch fewer everything is seen and nothing fails

      Examples:
        | program                 | kind      | switches    |
        | ab-ba                   | deadlock  | 1           |
        | philosophers(3)         | deadlock  | 1           |
        | xenpin-unfixed(2, 1)    | violation | 1           |
        | xenpin-unfixed(3, 2)    | violation | 1           |
        | flush-tlb-unfixed(1, 2) | violation | 2           |
        | flush-tlb-unfixed(4, 6) | violation | 2           |

    Scenario: With a bound of 2 interrupts, flush-tlb fails, and the verdict says that it needs 2
      When the user types "paravirt-spec check flush-tlb --patches none --interrupts 2"
      Then it exits with 1
      And it prints "first with 2 interrupts and no switch; none with fewer"
      And it prints "VIOLATED, by a complete search of the runs with at most 2 interrupts"

    Scenario: With a bound of 1 interrupt, flush-tlb holds, and the verdict names the bound
      When the user types "paravirt-spec check flush-tlb --patches none --interrupts 1 --switches 0"
      Then it exits with 0
      And it prints "HOLDS in every interleaving with at most 1 interrupt and no switch: "

    Scenario: Without a bound, the layered engine sees everything and says what each layer added
      When the user types "paravirt-spec explore xenpin(2,1) --engine layered"
      Then it exits with 0
      And it prints "xenpin(2,1): HOLDS; everything was seen"
      And it prints "no interrupt: 12 states with no switch, 37 with 1 switch, 7 with 2 switches"

    Scenario Outline: "<typed>" is refused
      When the user types "paravirt-spec explore ab-ba <typed>"
      Then it exits with 2
      And it complains in one line that '<words>'

      Examples:
        | typed                           | words                                                                    |
        | --engine optimal --switches 1    | the optimal engine cannot be bounded by switches; layered can       |
        | --engine stateful --interrupts 1 | the stateful engine cannot be bounded by interrupts; layered can     |
        | --switches few                   | --switches "few" is not a whole number                                   |
        | --switches 1 --workers 2         | a search in parts cannot be bounded by switches                        |

    Scenario: The run that is shown is a smallest one, whichever engine found it
      It has the fewest interrupts, then the fewest changes of process, then the fewest events.

      When 400 random programs are explored, by states, by layers and by classes of executions
      Then each failure is shown by a run as small as the smallest that brute force finds
      And at least 20 failures were examined

    Scenario Outline: <interrupts> interrupts and <switches> switches are put in words
      Then a failure that needs <interrupts> interrupts and <switches> switches is described as "<words>"

      Examples:
        | interrupts | switches | words                                                                                        |
        | 0          | 0        | first with no switch and no interrupt                                                        |
        | 0          | 1        | first with 1 switch; none with fewer                                                         |
        | 2          | 0        | first with 2 interrupts and no switch; none with fewer                                       |
        | 2          | 1        | first with 2 interrupts and 1 switch; none with fewer interrupts, or with 2 and fewer switches |
        | any        | 0        | first with no switch and any number of interrupts                                        |
        | any        | 1        | first with 1 switch and any number of interrupts; none with fewer                        |

  Rule: Raising the bound step by step costs no more than a search without a bound

    Scenario Outline: A search of <program> in layers executes no more events than one without a bound
      When "<program>" is explored bound by bound, and without any bound
      Then the layers together execute no more events than the search without a bound
      And they return to each state at most twice

      Examples:
        | program                 |
        | xenpin(4, 2)            |
        | flush-tlb(4, 6)         |
        | flush-smp(2, 3, 4)      |
        | philosophers(4)         |
