@seed:004 @patch:xen-pte-lock @i386
Feature: New kernel entries reach page tables that are just being pinned or unpinned
  The same race, one level up and three years later. vmalloc_sync_all() copies a new
  kernel entry to every page table, under pgd_lock. Pinning and unpinning hold the
  page_table_lock of one address space. In Xen 4.0 a table takes its type first and
  is validated then; in between its type is in flux, and Xen refuses whoever comes
  with another use. Linux took both locks in 2.6.37.

  Background:
    Given an i386 kernel "2.6.25" on Xen with PAE
    And the hypervisor is "Xen 4.0"

  Rule: The entry is written, and the page table is pinned or unpinned

    @before
    Scenario Outline: Without a common lock, Xen can refuse the new entry while a shell <does> its page table
      Given the kernel with the patch
      When a module is loaded while a shell <does> its page table, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "is in flux"
      And the BUG comes to "insmod", which has asked for "mmu_update(shell.mm.pmd3[128]"

      Examples:
        | does   |
        | pins   |
        | unpins |

    @before
    Scenario: Without a common lock, the new entry can make Xen refuse the pin
      An update of a table that is not one yet makes it writable for a moment.

      Given the kernel with the patch
      When a module is loaded while a shell pins its page table, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "MMUEXT_PIN_L3_TABLE(shell.mm.pgd) = -EINVAL"

    @before
    Scenario: Two-level page tables have the same race
      Given an i386 kernel "2.6.25" on Xen without PAE
      And the kernel with the patch
      When a module is loaded while a shell unpins its page table, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "is in flux"

    @control
    Scenario Outline: In Xen 3.2 each call is made under the lock of the domain, and a shell that <does> meets nothing
      Given the kernel with the patch
      And the hypervisor is "Xen 3.2"
      When a module is loaded while a shell <does> its page table, in every interleaving
      Then no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | does   |
        | pins   |
        | unpins |

    @before
    Scenario Outline: From 2.6.27 on the guest can fail there too, while a shell <does> its page table
      Unless the table counts as pinned, the entry is a plain store. Between the look
      and the store the page becomes read-only, or is not writable yet.

      Given an i386 kernel "2.6.28" on Xen with PAE
      And the kernel with the patch
      And the hypervisor is "Xen 3.2"
      When a module is loaded while a shell <does> its page table, in every interleaving
      Then some interleaving oopses "insmod" in "xen_set_pmd()" at an entry of "shell.mm.pmd3"

      Examples:
        | does   |
        | pins   |
        | unpins |

    @near-miss
    Scenario Outline: Trying five times more, as Xen did for two days, does not help: <why>
      Given the kernel with the patch
      And the hypervisor is "Xen 4.0 with retries"
      When a module is loaded while a shell pins its page table, in every interleaving
      Then some interleaving ends in a BUG, for Xen says "<words>"

      Examples:
        | why                                 | words                                       |
        | a type can be in flux for any time  | is in flux                                  |
        | the pin itself is refused as it was | MMUEXT_PIN_L3_TABLE(shell.mm.pgd) = -EINVAL |

    @after @hunk:xen-pte-lock/sync-lock
    Scenario Outline: Under the lock of the address space, <release> does both on <xen>, while a shell <does> its page table
      Given an i386 kernel "<release>" on Xen with PAE
      And the kernel with the variant "sync-lock"
      And the hypervisor is "<xen>"
      When a module is loaded while a shell <does> its page table, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And the search was complete

      Examples:
        | release | xen     | does   |
        | 2.6.25  | Xen 4.0 | pins   |
        | 2.6.25  | Xen 4.0 | unpins |
        | 2.6.28  | Xen 4.0 | pins   |
        | 2.6.28  | Xen 3.2 | unpins |

  Rule: Whoever waits for the lock of an address space can be interrupted

    @before @hunk:xen-pte-lock/sync-lock
    Scenario: Waiting for it with interrupts off can deadlock with somebody who flushes under it
      On Xen a flush is a hypercall. On bare hardware it waits for the answers of other
      CPUs, and transparent huge pages made page reclaim do so under this lock.

      Given the kernel with the variant "sync-lock"
      When a module is loaded while a shell waits for a flush under its lock, in every interleaving
      Then some interleaving ends in a deadlock between "shell" at "while (atomic_read" and "insmod" at "spin_lock(shell.mm.page_table_lock)"

    @after @hunk:xen-pte-lock/sync-irqs-on
    Scenario Outline: With interrupts on, the answer comes, and a shell that <does> is as safe as before
      Given the kernel with the variant "sync-lock-irqs-on"
      When a module is loaded while a shell <does>, in every interleaving
      Then no interleaving ends in a deadlock
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | does                             |
        | waits for a flush under its lock |
        | unpins its page table            |
