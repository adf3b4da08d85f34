Feature: An event reaches the guest even if events were masked when it was sent
  A guest on Xen has no interrupt flag of its own. It masks events by a store to a
  page that it shares with Xen. When it clears the mask, Xen is not told, so a guest
  that does not check for pending events loses them.

  Rule: An event that was sent while masked arrives when it is unmasked

    Scenario Outline: No event is lost if the guest masks by <mask>, with <messages> messages
      Given a guest that masks events by "<mask>"
      When another processor writes it <messages> messages and sends an event, in every interleaving
      Then it reads the last message in every interleaving, and every interleaving was seen

      Examples:
        | mask | messages |
        | the flag | 1        |
        | the flag | 3        |
        | the port, unmasked by Xen | 2        |
        | the port, unmasked by itself | 2        |

    Scenario Outline: A guest that does not check for pending events can lose one, if it masks by <mask>
      Given a guest that masks events by "<mask>"
      And it does not check for pending events
      When another processor writes it 1 message and sends an event, in every interleaving
      Then in some interleaving it waits for a message forever
      And the event was sent before "<too late>"

      Examples:
        | mask                         | too late                       |
        | the flag                     | evtchn_upcall_mask = 0         |
        | the port, unmasked by itself | sync_clear_bit(1, evtchn_mask) |

    Scenario Outline: A Xen that does not keep "<rule>" can lose an event, if the guest masks by <mask>
      Given a guest that masks events by "<mask>"
      And its Xen does not keep "<rule>"
      When another processor writes it 1 message and sends an event, in every interleaving
      Then in some interleaving it waits for a message forever

      Examples:
        | rule              | mask |
        | unmask-announces  | the port, unmasked by Xen |
        | events-looked-for | the flag |

  Rule: Xen passes a guest's own fault to the handler that the guest has registered

    Scenario: The handler finds the address in the shared page, and events stay masked until it returns
      Given a guest that has registered a handler for page faults
      When it stores to its own root
      Then its end is "address 0x18, error code 3, events masked; events not masked afterwards"

    Scenario: A guest without a registered handler is killed
      Given a guest that has registered no handler for page faults
      When it stores to its own root
      Then its end is "Domain A (A.vcpu0) crashed: Unhandled vec 14 fault: no handler for it was set"
