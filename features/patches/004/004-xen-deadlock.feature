@seed:004 @patch:xen-pte-lock @i386
Feature: Holding several pte locks until a batch is issued does not deadlock
  The patch takes the lock of the address space first and then those of its pte
  pages, and spins with interrupts off. Others hold two pte locks at once: fork takes
  the child's and then the parent's, mremap the old one and then the new one. None
  of them works on an address space that is being pinned, and the holder of a pte
  lock waits only for another pte lock. A CPU that adds a high pte page makes every
  other CPU flush. It waits for them under the lock of its own address space, with
  interrupts on.

  Background:
    Given an i386 kernel "2.6.25" on Xen with PAE
    And the kernel is built for 8 CPUs

  Rule: Every wait for a pte lock ends

    @after @claim:004.14
    Scenario Outline: Pinning does not deadlock with <other>, with <pages> pte pages
      Given the kernel with the patch
      And the mappings need <pages> pte pages
      When a shell pins a page table while another CPU does "<other>", in every interleaving
      Then no interleaving ends in a deadlock
      And the search was complete

      Examples:
        | other       | pages |
        | fork        | 2     |
        | mremap      | 2     |
        | reclaim     | 3     |
        | a high page | 2     |

    @after @claim:004.14
    Scenario Outline: Pinning does not deadlock with <one> and <other>, with <pages> pte pages
      Given the kernel with the patch
      And the mappings need <pages> pte pages
      When a shell pins a page table while other CPUs do "<one>" and "<other>", in every interleaving
      Then no interleaving ends in a deadlock
      And the search was complete

      Examples:
        | one    | other   | pages |
        | mremap | fork    | 1     |
        | mremap | mremap  | 1     |
        | mremap | reclaim | 1     |

    @control @claim:004.14
    Scenario: A path that took the address space's lock under a pte lock would deadlock with pinning
      Given the kernel with the patch
      When a shell pins a page table while another CPU does "backwards", in every interleaving
      Then some interleaving ends in a deadlock between "shell" at "spin_lock(bprm.mm.pte0.ptl)" and "backwards" at "spin_lock(bprm.mm.page_table_lock)"

    @control @claim:004.14
    Scenario: A path that waited for another CPU's interrupt under a pte lock would deadlock with pinning
      On bare hardware a TLB flush waits in this way. On Xen it is a hypercall, which
      does not wait for an interrupt of the guest.

      Given the kernel with the patch
      When a shell pins a page table while another CPU does "interrupts under the lock", in every interleaving
      Then some interleaving ends in a deadlock between "shell" at "spin_lock(bprm.mm.pte0.ptl)" and "flusher" at "while (atomic_read"
