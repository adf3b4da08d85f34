@seed:108 @patch:cr4-pge
Feature: A flush of global translations cannot be interrupted between reading and writing CR4
  To drop translations with the G bit, the kernel reads CR4, writes it without PGE, and writes the old value back. An
  interrupt in between can change CR4, as KVM does, and the change is lost; or it can be a flush of the same kind, which
  then changes nothing and drops nothing. Ingo Molnar turned interrupts off around the three instructions in May 2008.

  Background:
    Given the situation "cr4-pge/call"

  Rule: A bit that was set in CR4 stays set

    @before @claim:108.1 @claim:108.2
    Scenario: Without the patch, VMXE is lost when it is set between the read and the last write
      Given the kernel without the patch
      And "interrupts" is "0"
      When it runs in every interleaving
      Then some interleaving loses CR4.VMXE on "cpu0"
      And the search was complete

    @before @control @counter:108.4
    Scenario: In 2.6.20, whose flush does not read CR4, VMXE is lost without any race
      Given the kernel without the patch
      And a kernel of "2.6.20"
      And "interrupts" is "0"
      When it runs in every interleaving
      Then some interleaving loses CR4.VMXE on "cpu0"
      And it takes 0 interrupts

    @requirement @after @claim:108.3 @hunk:cr4-pge/irqs-off
    Scenario: With the patch, VMXE stays set
      Given the kernel under review
      When it runs in every interleaving
      Then no interleaving loses CR4.VMXE
      And the search was complete

    @near-miss @claim:108.3
    Scenario Outline: <fix> loses VMXE all the same
      Given the kernel with the variant "<variant>"
      And "interrupts" is "0"
      When it runs in every interleaving
      Then some interleaving loses CR4.VMXE on "cpu0"

      Examples:
        | fix                                    | variant       |
        | Forbidding preemption                  | preempt-off   |
        | Forbidding interrupts after the read   | irqs-off-late |
        | Inverting PGE                          | toggle        |
        | Reading CR4 again                      | read-again    |

  Rule: Once a CPU has been asked to flush its global translations, the page that they led to can be freed

    @before @claim:108.4 @claim:108.6
    Scenario: Without the patch, a flush between the two writes drops nothing, and a handler reads a freed page
      The first of two interrupts caches the translation while PGE is off; the second uses it after the flush.

      Given the kernel without the patch
      And "call" is "flush"
      When it runs in every interleaving
      Then some interleaving lets "flusher" reach "the old page" after it was freed
      And the search was complete

    @before @control
    Scenario: Without an access while PGE is off, there is nothing to drop
      Given the kernel without the patch
      And "call" is "flush"
      And "interrupts" is "1"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @before @control
    Scenario: In 2.6.20 the second flush turns PGE on, and that drops everything
      Given the kernel without the patch
      And a kernel of "2.6.20"
      And "call" is "flush"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @requirement @after @claim:108.3 @hunk:cr4-pge/irqs-off
    Scenario: With the patch, every flush drops the translations
      Given the kernel under review
      And "call" is "flush"
      When it runs in every interleaving
      Then no task reaches a page that was freed
      And the search was complete

    @near-miss @claim:108.7
    Scenario: If interrupts are disabled and enabled instead of saved and restored, they come on in the handler of a call
      Given the kernel with the variant "disable-enable"
      And "call" is "flush"
      When it runs in every interleaving
      Then some interleaving returns to a handler with interrupts enabled

    @after @claim:108.7
    Scenario: With the patch, interrupts stay off in a handler
      Given the kernel with the patch
      And "call" is "flush"
      When it runs in every interleaving
      Then no interleaving returns to a handler with interrupts enabled
      And the search was complete

    @near-miss @claim:108.3
    Scenario: Disabling preemption does not prevent a flush that drops nothing
      Given the kernel with the variant "preempt-off"
      And "call" is "flush"
      When it runs in every interleaving
      Then some interleaving lets "flusher" reach "the old page" after it was freed
