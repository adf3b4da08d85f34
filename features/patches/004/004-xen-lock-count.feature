@seed:004 @patch:xen-pte-lock @i386
Feature: Few pte locks are held at once, however large the address space is
  Each spinlock adds one to the preempt count, which has eight bits for this. An
  address space can have 768 pte pages, or 1536 with PAE. The patch holds the lock
  of a page only until the batch of hypercalls that pins it has been issued. A batch
  has room for 32 calls, two for each page.

  Rule: The preempt count never overflows

    @claim:004.5
    Scenario Outline: Locking all <pages> pte pages at once overflows the preempt count
      Given a guest "with" PAE and with CONFIG_PREEMPT
      And it has the hunks "xen-pte-lock@lock-all"
      When it pins and unpins an address space of <pages> pte pages
      Then <pages> pte pages are locked at once
      And the preempt count says that a softirq is running

      Examples:
        | pages |
        | 255   |

    @claim:004.5
    Scenario: At most 254 pte locks fit beside the lock of the address space
      Given a guest "with" PAE and with CONFIG_PREEMPT
      And it has the hunks "xen-pte-lock@lock-all"
      When it pins and unpins an address space of 254 pte pages
      Then 254 pte pages are locked at once
      And the preempt count does not say that a softirq is running

    @claim:004.5
    Scenario Outline: CONFIG_DEBUG_PREEMPT warns at 245 locks, which <pages> pte pages and their address space reach
      From 256 nested locks on it also refuses to count down, so the softirq bit remains set.

      Given a guest "with" PAE and with CONFIG_PREEMPT
      And it has CONFIG_DEBUG_PREEMPT
      And it has the hunks "xen-pte-lock@lock-all"
      When it pins and unpins an address space of <pages> pte pages
      Then "add_preempt_count()" warns that "spinlock count overflowing soon"
      And the preempt count, once all locks are free, is <left>

      Examples:
        | pages | left |
        | 244   | 0    |
        | 255   | 256  |

    @control @claim:004.5
    Scenario: CONFIG_DEBUG_PREEMPT does not warn at 244 locks
      Given a guest "with" PAE and with CONFIG_PREEMPT
      And it has CONFIG_DEBUG_PREEMPT
      And it has the hunks "xen-pte-lock@lock-all"
      When it pins and unpins an address space of 243 pte pages
      Then nothing warns

    @claim:004.6
    Scenario: With the patch, CONFIG_DEBUG_PREEMPT never warns
      Given a guest "with" PAE and with CONFIG_PREEMPT
      And it has CONFIG_DEBUG_PREEMPT
      And it has the hunks "xen-pte-lock"
      When it pins and unpins an address space of 300 pte pages
      Then nothing warns
      And the preempt count, once all locks are free, is 0

    @counter:004.5
    Scenario: Without CONFIG_PREEMPT, spinlocks are not counted
      Given a guest "with" PAE and with CONFIG_PREEMPT
      And it has no CONFIG_PREEMPT
      And it has the hunks "xen-pte-lock@lock-all"
      When it pins and unpins an address space of 300 pte pages
      Then 300 pte pages are locked at once
      And the preempt count stays at zero

    @claim:004.6
    Scenario Outline: The patch holds at most 17 locks, for <pages> pte pages <with> PAE
      Sixteen pages wait for the batch to be issued. One more is already locked, but its
      own pin no longer fits into that batch.

      Given a guest "<with>" PAE and with CONFIG_PREEMPT
      And it has the hunks "xen-pte-lock"
      When it pins and unpins an address space of <pages> pte pages
      Then at most 17 pte pages are locked at once
      And no batch has more than 32 calls or 16 callbacks
      And the preempt count stays below 19

      Examples:
        | with    | pages |
        | with    | 100   |
        | without | 100   |
        | without | 200   |

    @claim:004.6
    Scenario: With the patch, the largest address space takes 97 batches
      Given a guest "with" PAE and with CONFIG_PREEMPT
      And it has the hunks "xen-pte-lock"
      When it pins and unpins the largest possible address space
      Then it takes 97 batches each way
      And at most 17 pte pages are locked at once

  Rule: The page directory is visited last

    @claim:004.11
    Scenario Outline: The page directory is the last to become read-only and the last to become writable, <with> PAE
      Given a guest "<with>" PAE
      And it has the hunks "xen-pte-lock"
      When it pins and unpins an address space of 3 pte pages
      Then the last page to be made read-only is the page directory, and only that call flushes
      And the pin of the page directory comes after it
      And unpinning begins with the page directory, and makes it writable last, with the only flush

      Examples:
        | with    |
        | with    |
        | without |
