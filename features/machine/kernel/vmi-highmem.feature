Feature: The addresses that the hypervisor reserves move the end of lowmem and the slots of kmap_atomic() down
  A page beyond the direct mapping is reached through a slot of the fixmap. There is
  one slot for each CPU and purpose.

  Rule: Lowmem ends below the top by 128 MiB plus what the hypervisor reserves

    Scenario Outline: The layout with <ram> MiB on <backend>
      Given a kernel for 1 CPUs with <ram> MiB of memory
      When it boots on "<backend>"
      Then its direct mapping ends at <end> MiB

      Examples:
        | ram  | backend    | end |
        | 512  | bare metal | 512 |
        | 2048 | bare metal | 896 |
        | 2048 | VMI        | 832 |
        | 832  | VMI        | 832 |

  Rule: Each CPU has one slot for each purpose

    Scenario: Slots grow downward, CPU after CPU
      Given a kernel for 2 CPUs with 2048 MiB of memory
      When it boots on "VMI"
      Then the slot "IRQ1" of cpu0 is 1 pages below that of "IRQ0" of cpu0
      And the slot "IRQ0" of cpu1 is 13 pages below that of "IRQ0" of cpu0
      And all slots lie below "0xfc000000" and above the lasting ones
