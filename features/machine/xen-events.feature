Feature: An event that was sent reaches the guest, also one that did not want to hear of it then
  A guest on Xen has no interrupt flag of its own. It shares a page with Xen, and
  stores there that it does not want to be called. When it stores the opposite, Xen
  does not learn of it: whoever forgets to look for what came meanwhile loses it.

  Rule: What was sent while an event was silenced arrives when it is let through

    Scenario Outline: With <silence>, <letters> letters, in every interleaving
      Given a guest that silences events by "<silence>"
      When another processor writes it <letters> letters and rings, in every interleaving
      Then it reads the last letter in every interleaving, and every interleaving was seen

      Examples:
        | silence                        | letters |
        | the flag                       | 1       |
        | the flag                       | 3       |
        | the port, let go by Xen        | 2       |
        | the port, let go by the guest  | 2       |

    Scenario Outline: A guest that does not look for what came meanwhile loses it, with <silence>
      Given a guest that silences events by "<silence>"
      And it does not look for what came meanwhile
      When another processor writes it 1 letter and rings, in every interleaving
      Then in some interleaving it waits for a letter for ever
      And the bell has rung before "<too late>"

      Examples:
        | silence                        | too late                       |
        | the flag                       | evtchn_upcall_mask = 0         |
        | the port, let go by the guest  | sync_clear_bit(1, evtchn_mask) |

    Scenario Outline: A Xen that does not keep "<rule>" loses it, with <silence>
      Given a guest that silences events by "<silence>"
      And its Xen does not keep "<rule>"
      When another processor writes it 1 letter and rings, in every interleaving
      Then in some interleaving it waits for a letter for ever

      Examples:
        | rule              | silence                 |
        | unmask-announces  | the port, let go by Xen |
        | events-looked-for | the flag                |

  Rule: A fault that is the guest's own is handed on to the handler that it has named

    Scenario: The handler finds the address in the shared page, and events masked until it returns
      Given a guest that has named a handler for page faults
      When it stores to its own root
      Then its end is "address 0x18, error code 3, events masked; events not masked afterwards"

    Scenario: A guest that has named none is ended
      Given a guest that has named no handler for page faults
      When it stores to its own root
      Then its end is "Domain A (A.vcpu0) crashed: Unhandled vec 14 fault: no handler for it was set"
