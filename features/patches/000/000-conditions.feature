@seed:000 @patch:vmi-lazy @i386
Feature: The lost mapping needs every one of its conditions
  With one condition dropped and the others kept, a complete search must find
  nothing. Where the page begins to matter is the end of lowmem, which the
  hypervisor's own part of the address space moves down.

  Background:
    Given a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor
    And a process that unmaps two pages in lazy MMU mode
    And a RAID controller whose handler fills a highmem page
    And the kernel without the patch

  Rule: Drop any condition, and every handler finds its page

    @control @claim:000.4
    Scenario: Without CONFIG_HIGHMEM
      Given a kernel without CONFIG_HIGHMEM
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @control @claim:000.4
    Scenario Outline: With <ram> MiB of memory, all of it in the direct mapping
      Given <ram> MiB of memory
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

      Examples:
        | ram |
        | 512 |
        | 832 |

    @control @claim:000.4
    Scenario: With a page from lowmem
      Given the pages of the device are in lowmem
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @control
    Scenario: Without an interrupt
      Given the device does not interrupt
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @control
    Scenario Outline: On <backend>
      Given a kernel on "<backend>"
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

      Examples:
        | backend                 |
        | VMI without SetLazyMode |
        | bare metal              |

  Rule: Where the line is drawn

    @before @counter:000.4
    Scenario Outline: <ram> MiB are enough, since 64 MiB of the address space are the hypervisor's
      Given <ram> MiB of memory
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"

      Examples:
        | ram |
        | 896 |
        | 970 |

    @before @counter:000.4
    Scenario: CONFIG_DEBUG_PAGEALLOC maps lowmem pages on the way too, so that no highmem is needed
      Given a kernel without CONFIG_HIGHMEM
      And the device is "slab" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "kmem_cache_alloc_in_interrupt()"
