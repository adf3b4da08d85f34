@seed:004 @patch:xen-pte-lock @i386
Feature: A new kernel entry can be copied to page tables that are being pinned or unpinned
  This is the same race, one level up and three years later. vmalloc_sync_all() copies
  a new kernel entry to every page table, under pgd_lock. Pinning and unpinning hold
  the page_table_lock of one address space. Xen 4.0 first sets the type of a table and
  then validates it. In between, the type is in flux, and Xen refuses any other use of
  the table. Linux has taken both locks since 2.6.37.

  Background:
    Given an i386 kernel "2.6.25" on Xen with PAE
    And the hypervisor is "Xen 4.0"

  Rule: The entry is written, and the page table is pinned or unpinned

    @before
    Scenario Outline: Without a common lock, Xen can refuse the new entry while a shell <does> its page table
      Given the kernel with the patch
      When a module is loaded while a shell <does> its page table, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "is in flux"
      And the BUG hits "insmod", whose call was "mmu_update(shell.mm.pmd3[128]"

      Examples:
        | does   |
        | pins   |
        | unpins |

    @before
    Scenario: Without a common lock, the new entry can make Xen refuse the pin
      If the page is not a page table yet, Xen treats it as writable during the update.

      Given the kernel with the patch
      When a module is loaded while a shell pins its page table, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "MMUEXT_PIN_L3_TABLE(shell.mm.pgd) = -EINVAL, refused by __get_page_type(): Error while validating"

    @before
    Scenario: Without a common lock, two-level page tables have the same race
      Given an i386 kernel "2.6.25" on Xen without PAE
      And the kernel with the patch
      When a module is loaded while a shell unpins its page table, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "is in flux"

    @control
    Scenario Outline: On Xen 3.2, which makes each call under the lock of the domain, a shell that <does> its page table is safe
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
    Scenario Outline: From 2.6.27 on the guest can fail on Xen 3.2 too, while a shell <does> its page table
      If the table is not marked as pinned, the guest writes the entry by a plain store.
      Between the check and the store, the page may have become read-only; or it may be
      unpinned but not writable yet.

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
    Scenario Outline: Five retries, as Xen made for two days, do not help: <why>
      Given the kernel with the patch
      And the hypervisor is "Xen 4.0 with retries"
      When a module is loaded while a shell pins its page table, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "<words>"

      Examples:
        | why                                        | words                                       |
        | a type can be in flux for any time         | is in flux                                  |
        | Xen can refuse the pin itself, as without  | MMUEXT_PIN_L3_TABLE(shell.mm.pgd) = -EINVAL |

    @after @hunk:xen-pte-lock/sync-lock
    Scenario Outline: Under the lock of the address space, <xen> refuses <release> nothing while a shell <does> its page table
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

  Rule: The entry is not written to a table that has been freed
    pgd_free() gives back the middle tables of PAE, and then removes the page directory from
    the list, without a lock around both. So none of the fixes helps if a page directory is
    freed while vmalloc_sync_all() is working on it. The order has been the same from 2.6.25
    to at least June 2025.

    @before
    Scenario Outline: With <variant>, the new entry can be written to a page that has just been freed
      Given the kernel with the variant "<variant>"
      When a module is loaded while a shell unpins its page table, in every interleaving
      Then some interleaving writes the new entry to "shell.mm.pmd3" after it was freed

      Examples:
        | variant           |
        | sync-lock         |
        | sync-lock-irqs-on |

    @before @hunk:xen-pte-lock/sync-lock
    Scenario: If the table has just been unlinked, page 0 is taken for a table
      Given the kernel with the variant "sync-lock"
      When a module is loaded while a shell unpins its page table, in every interleaving
      Then some interleaving takes page 0 for a table of "shell.mm"

    @control
    Scenario: Two-level page tables have no middle tables that could be freed
      Given an i386 kernel "2.6.25" on Xen without PAE
      And the kernel with the variant "sync-lock"
      When a module is loaded while a shell unpins its page table, in every interleaving
      Then no interleaving writes to a freed table
      And the search was complete

  Rule: A CPU that waits for the lock of an address space can be interrupted

    @before @hunk:xen-pte-lock/sync-lock
    Scenario: Waiting for the lock with interrupts off can deadlock with a CPU that flushes under it
      On Xen a flush is a hypercall. On bare hardware it waits for other CPUs to answer,
      and with transparent huge pages, page reclaim does so under this lock.

      Given the kernel with the variant "sync-lock"
      When a module is loaded while a shell waits for a flush under its lock, in every interleaving
      Then some interleaving ends in a deadlock between "shell" at "while (atomic_read" and "insmod" at "spin_lock(shell.mm.page_table_lock)"

    @after @hunk:xen-pte-lock/sync-irqs-on
    Scenario Outline: Waiting with interrupts on does not deadlock, and a shell that <does> is still safe
      Given the kernel with the variant "sync-lock-irqs-on"
      When a module is loaded while a shell <does>, in every interleaving
      Then no interleaving ends in a deadlock
      And no interleaving makes Xen refuse anything
      And the search was complete

      Examples:
        | does                             |
        | waits for a flush under its lock |
        | unpins its page table            |
