@seed:004 @patch:xen-pte-lock @i386
Feature: Other pinning bugs were fixed before and after the patch
  The patch is one of a series of fixes. Before it, 2.6.24 began to track which page
  table Xen has really loaded. After it, 2.6.25 began to ignore faults that come
  from an outdated translation, and to unpin a table that comes and goes only if it
  was pinned.

  Background:
    Given the kernel with the patch

  Rule: A page table is unpinned only when no CPU has it loaded

    @before
    Scenario: 2.6.23 can unpin a page table that a CPU still has loaded
      A context switch on the other CPU has recorded the new page table, but Xen has not
      loaded it yet. The mask of CPUs to ask no longer includes that CPU.

      Given an i386 kernel "2.6.23" on Xen with PAE
      When an editor exits while another CPU switches away from its page table, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "Bad type (saw 48000001 != exp e0000000)"

    @after
    Scenario Outline: 2.6.24 asks every CPU for which Xen has the page table loaded, <with> PAE
      Given an i386 kernel "2.6.24" on Xen <with> PAE
      When an editor exits while another CPU switches away from its page table, in every interleaving
      Then no interleaving makes Xen refuse anything
      And Xen keeps its rules in every interleaving
      And the search was complete

      Examples:
        | with    |
        | with    |
        | without |

  Rule: A fault that the entry does not explain is ignored

    @before
    Scenario Outline: In <release>, unpinning can oops a CPU that uses the reverse mapping, even with the stop-gap
      Given an i386 kernel "<release>" on Xen with PAE
      And the kernel with the variant "<variant>"
      When an editor exits in every interleaving
      Then some interleaving oopses "kswapd" on an outdated translation

      Examples:
        | release | variant  |
        | 2.6.23  | stop-gap |
        | 2.6.24  | stop-gap |

    @after
    Scenario: 2.6.25 rereads the entry and retries
      Given an i386 kernel "2.6.25" on Xen with PAE
      When an editor exits in every interleaving
      Then no interleaving oopses any task on an outdated translation
      And no interleaving makes a write to an entry fault
      And the search was complete

  Rule: Only tables that were pinned are unpinned, including middle tables

    @before @hunk:xen-pte-lock/pmd-unpin
    Scenario: If middle tables are treated like pte pages, unmapping one page ends in a BUG
      The page is at 0x40000000, alone in its gigabyte, so its middle table is freed with
      it. The walk that pinned the page table had made the middle table read-only, but
      had not pinned it separately.

      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel with the variant "dynamic-pmds"
      When an editor maps a page in a gigabyte of its own and unmaps it, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "not pinned"
      And the BUG is in "arch/x86/xen/enlighten.c", and "EIP is at xen_release_pt"

    @near-miss @hunk:xen-pte-lock/pmd-pin
    Scenario: If middle tables are pinned but never unpinned, one that comes and goes twice ends in a BUG
      Given an i386 kernel "2.6.25" on Xen with PAE
      And the kernel with the variant "pmd-pin-only"
      When an editor maps a page in a gigabyte of its own and unmaps it, twice, and exits, in every interleaving
      Then some interleaving ends in a BUG, because Xen says "Bad type (saw 58000001 != exp e0000000)"

    @after
    Scenario Outline: 2.6.25 neither pins nor unpins middle tables, <with> PAE
      Given an i386 kernel "2.6.25" on Xen <with> PAE
      And 1 other CPU uses the reverse mapping to "reclaim" one page
      When an editor maps a page in a gigabyte of its own and unmaps it, twice, and exits, in every interleaving
      Then no interleaving makes Xen refuse anything
      And no interleaving makes a write to an entry fault
      And Xen keeps its rules in every interleaving
      And the search was complete

      Examples:
        | with    |
        | with    |
        | without |
