Feature: A verdict says what it does not cover
  "Holds in every interleaving" refers to a finite situation, with a limited number of timer ticks and pages. The last line of
  a verdict names these limits. A verdict on a release also names the requirements that are known to fail on that release.

  Rule: The last line names every bound

    Scenario Outline: The last line of "<command>" names the bounds
      When the user types "<command>"
      Then the last line is "<bounds>"

      Examples:
        | command                                                                        | bounds                                                                |
        | check flush-tlb/shootdown --states 10                                          | bounded by at most 10 states; at most 1 timer tick on the second CPU; 1 access of each task |
        | check xen-pte-lock/pin                                                         | bounded by 1 pte page; 1 other CPU using the reverse mapping; 1 round             |
        | check vmi-lazy/kmap --set interrupts=0 --set device=none                       | bounded by 2 page-table entries; no device interrupt; no interrupt; 1 page in a request |
        | check flush-tlb/classic --set interrupts=false                                 | bounded by 1 flush; 1 access of each task; no timer interrupt |
        | check flush-tlb/classic --interrupts 1 --grid preempt=*                        | bounded by at most 1 interrupt; 1 flush; 1 access of each task |
        | check switch-mm-barrier --grid accesses=1\|2                                   | bounded by 2 CPUs |
        | explore switch-mm-barrier --set accesses=1                                     | bounded by 1 access of each task; 2 CPUs                              |
        | explore lastzero(2)                                                            | bounded by nothing but the program itself                             |

    Scenario: A search that is stopped after a million states says that it has not searched for endless loops
      When the user types "explore fib(9) --engine layered --states 1000001"
      Then it prints "incomplete: state limit reached; with so many states, endless loops were not searched for"

    Scenario: Each number of each situation is either a bound or the size of a machine
      When the parameters of all situations are listed
      Then each number among them is classified

  Rule: Every verdict about a release names what is known to fail there

    Scenario: A verdict names a requirement that another situation breaks
      When the user types "check xen-pte-lock/boot"
      Then it prints "noStaleFault fails in xen-pte-lock/exit"
      And it prints "xenRefusesNothing fails in xen-pte-lock/sync"

    Scenario: Each known failure really fails
      When each known failure is looked for, the cheapest runs first
      Then some interleaving breaks each
