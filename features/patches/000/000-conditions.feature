@seed:000 @patch:vmi-lazy @i386
Feature: The lost mapping needs every one of its conditions
  With any one condition removed and the others kept, a complete search must find
  no failure. The page matters only if it lies above lowmem, and the hypervisor's
  own part of the address space moves the end of lowmem down.

  Background:
    Given a kernel of 2.6.21-rc5 with highmem on a VMI hypervisor
    And a process that unmaps two pages in lazy MMU mode
    And a RAID controller whose handler fills a highmem page
    And the kernel without the patch

  Rule: With any condition removed, every handler finds its page

    @control @claim:000.4
    Scenario: Without CONFIG_HIGHMEM, nothing is lost
      Given a kernel without CONFIG_HIGHMEM
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @control @claim:000.4
    Scenario Outline: With <ram> MiB of memory, all of it in the direct mapping, nothing is lost
      Given <ram> MiB of memory
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

      Examples:
        | ram |
        | 512 |
        | 832 |

    @control @claim:000.4
    Scenario: With a page from lowmem, nothing is lost
      Given the pages of the device are in lowmem
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @control
    Scenario: Without an interrupt, nothing is lost
      Given the device does not interrupt
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

    @control
    Scenario Outline: On <backend>, nothing is lost
      Given a kernel on "<backend>"
      When the interrupt comes at any moment
      Then no interleaving ends in a fatal page fault or a BUG
      And the search was complete

      Examples:
        | backend                 |
        | VMI without SetLazyMode |
        | bare metal              |

  Rule: Memory above lowmem is exposed, and so is lowmem that is mapped on demand

    @before @counter:000.4
    Scenario Outline: With <ram> MiB of memory a mapping can be lost, since the hypervisor keeps 64 MiB of the address space
      Given <ram> MiB of memory
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "twa_interrupt()"

      Examples:
        | ram |
        | 896 |
        | 970 |

    @before @counter:000.4
    Scenario: With CONFIG_DEBUG_PAGEALLOC, handlers map lowmem pages too, so no highmem is needed
      Given a kernel without CONFIG_HIGHMEM
      And the device is "slab" instead
      When the interrupt comes at any moment
      Then some interleaving ends in a fatal page fault of "kmem_cache_alloc_in_interrupt()"
