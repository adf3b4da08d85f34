@seed:116 @patch:uffd-wp
Feature: A page that userfaultfd has write-protected is copied only when no TLB can write to it
  A monitor write-protects an entry and flushes later. A thread that faults in between has the page
  copied, while another CPU still writes to the old one, and that write is lost. Fixed by Nadav Amit in March 2021, as Yu
  Zhao had suggested.

  Background:
    Given the situation "uffd-wp/copy"

  Rule: Nothing is written to a page whose content was copied away

    @before @claim:116.1 @claim:116.2 @claim:116.3
    Scenario: Without the patch, a write is lost in the old page
      Given the kernel without the patch
      When it runs in every interleaving with at most 2 switches
      Then some interleaving lets "writer" write to "the old page" after its content was copied away
      And the search was complete

    @before @control @claim:116.3
    Scenario: A thread that faults on a page that is still protected goes to the monitor, and copies nothing
      Given the kernel without the patch
      And "asks" is "protect"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @before @control @claim:116.5
    Scenario: A page without another reference is not copied
      Given the kernel without the patch
      And "held" is "false"
      When it runs in every interleaving with at most 2 switches
      Then no task reaches a page that was freed
      And the search was complete

    @requirement @after @claim:116.6 @hunk:uffd-wp/flush
    Scenario: With the patch, no write is lost
      Given the kernel under review
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @after @claim:116.6
    Scenario: With the patch, no write is lost under TSO either, in runs with at most two switches
      Without the bound there are 273,528 states, and none fails:
      npx paravirt-spec check uffd-wp --set order=TSO

      Given the kernel under review
      And stores that wait in buffers
      When it runs in every interleaving with at most 2 switches
      Then no task reaches a page that was freed
      And the search was complete

    @take:write-lock
    Scenario: The second version, which takes mmap_lock for writing, is enough as well
      Given the kernel with the variant "write-lock"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @take:always
    Scenario: A flush before every copy is enough as well, in runs with at most two switches
      Given the kernel with the variant "always"
      When it runs in every interleaving with at most 2 switches
      Then no task reaches a page that was freed
      And the search was complete

    @near-miss
    Scenario Outline: The wrong fix "<variant>" loses a write too
      Given the kernel with the variant "<variant>"
      When it runs in every interleaving with at most 2 switches
      Then some interleaving lets "writer" write to "the old page" after its content was copied away

      Examples:
        | variant    |
        | downgrade  |
        | local      |
        | after-copy |
