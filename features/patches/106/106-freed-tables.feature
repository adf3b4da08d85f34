@seed:106 @patch:freed-tables
Feature: A lazy CPU leaves an address space whose page tables are freed
  A kernel thread runs on the address space of the task before it, and reads nothing there, so a lazy CPU need not be
  told of flushes. But the processor may still look ahead, from an upper entry that it has kept into a table that was
  freed. Rik van Riel had such a CPU leave before tables are freed, in July 2018.

  Background:
    Given the situation "freed-tables/munmap"

  Rule: No processor walks a table that was freed

    @before @claim:106.1
    Scenario Outline: Without the patch, a lazy CPU walks a table that was freed and now holds data (its task returns: <returns>)
      Given the kernel without the patch
      And "returns" is "<returns>"
      When it runs in every interleaving
      Then some interleaving lets "cpu1" look ahead in a table that was freed
      And the search was complete

      Examples:
        | returns |
        | false   |
        | true    |

    @before @counter:106.1
    Scenario Outline: A processor that <does> never starts a walk in the freed table
      Given the kernel without the patch
      And "returns" is "true"
      And "<feature>" is "false"
      When it runs in every interleaving
      Then no interleaving walks a table that was freed
      And the search was complete

      Examples:
        | does                   | feature    |
        | keeps no upper entries | structures |
        | looks at nothing ahead | fills      |

    @before @control @claim:106.3
    Scenario: If only the page is freed, and not its table, the lazy CPU need not be told
      Given the kernel without the patch
      And "frees" is "the page"
      And "returns" is "true"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @requirement @after @claim:106.2 @claim:106.4 @hunk:freed-tables/remove-tables
    Scenario Outline: With the patch, no CPU walks a freed table (its task returns: <returns>, PCIDs: <pcids>, stores: <order>)
      Given the kernel under review
      And "returns" is "<returns>"
      And "pcids" is "<pcids>"
      And "order" is "<order>"
      When it runs in every interleaving
      Then no interleaving walks a table that was freed
      And the search was complete

      Examples:
        | returns | pcids | order |
        | false   | false | SC    |
        | true    | false | TSO   |
        | true    | true  | SC    |

  Rule: Later kernels do the same, and must tell the lazy CPUs after the table has been unlinked

    @control @claim:106.2
    Scenario: A flush that knows that tables are freed, as in 4.20, goes to lazy CPUs too
      Given the kernel with the variant "argument"
      And "returns" is "true"
      When it runs in every interleaving
      Then no interleaving walks a table that was freed
      And the search was complete

    @near-miss @claim:106.2
    Scenario Outline: <fix> leaves a freed table to be walked
      Given the kernel with the variant "<variant>"
      When it runs in every interleaving
      Then some interleaving lets "<cpu>" look ahead in a table that was freed

      Examples:
        | fix                                        | variant     | cpu  |
        | Flushing only CPUs that are not lazy       | not-lazy    | cpu1 |
        | Flushing before the upper entry is cleared | flush-early | cpu  |
        | Leaving the flush for later on a lazy CPU  | stay        | cpu1 |

    @near-miss @claim:106.5
    Scenario: An empty interrupt does not protect against walks by the hardware
      Given the kernel with the variant "sync"
      When it runs in every interleaving
      Then some interleaving lets "cpu1" look ahead in a table that was freed

    @near-miss @counter:106.7
    Scenario: Leaving at once is not enough if the CPU leaves the mask before it loads CR3
      In between, the flush no longer finds the CPU in the mask, and the CPU still has its upper entry.

      Given the kernel with the variant "leave"
      When it runs in every interleaving
      Then some interleaving lets "cpu1" look ahead in a table that was freed
      And at that moment "borrower" is between "cpumask_clear_cpu" and "fill"

  Rule: On processors with PCIDs, 4.14 to 4.19 have no lazy mode

    @control @claim:106.7
    Scenario Outline: In 4.14, tables are freed by RCU, which waits for a CPU that is switching (PCIDs: <pcids>)
      Given the kernel without the patch
      And a kernel of "4.14"
      And "pcids" is "<pcids>"
      When it runs in every interleaving
      Then no interleaving walks a table that was freed
      And the search was complete

      Examples:
        | pcids |
        | true  |
        | false |

    @before @counter:106.7
    Scenario: In 4.19, tables are freed together with the pages, and a CPU that is switching can walk them
      Given the kernel without the patch
      And a kernel of "4.19"
      And "pcids" is "true"
      When it runs in every interleaving
      Then some interleaving lets "cpu1" look ahead in a table that was freed
      And at that moment "borrower" is between "cpumask_clear_cpu" and "fill"

    @before @counter:106.7
    Scenario: In 4.19, leave_mm() before a deep sleep has the same window without PCIDs
      Given the kernel without the patch
      And a kernel of "4.19"
      And "sleeps" is "true"
      When it runs in every interleaving
      Then some interleaving lets "cpu1" look ahead in a table that was freed
      And at that moment "borrower" is between "cpumask_clear_cpu" and "fill"

    @control @claim:106.7
    Scenario: In 4.14, RCU also waits for a CPU in leave_mm()
      Given the kernel without the patch
      And a kernel of "4.14"
      And "sleeps" is "true"
      When it runs in every interleaving
      Then no interleaving walks a table that was freed
      And the search was complete

    @control @claim:106.2
    Scenario: In 4.19 without PCIDs, the lazy CPU is told of every flush
      Given the kernel without the patch
      And a kernel of "4.19"
      When it runs in every interleaving
      Then no interleaving walks a table that was freed
      And the search was complete

    @before @counter:106.8
    Scenario Outline: Before 4.19 a table is freed before the flush if <what>
      Given the kernel without the patch
      And a kernel of "4.14"
      And "<parameter>" is "<value>"
      When it runs in every interleaving
      Then some interleaving lets "cpu" look ahead in a table that was freed

      Examples:
        | what                                   | parameter | value |
        | the address space has one user         | users     | 1     |
        | a batch of tables finds no memory      | memory    | false |
