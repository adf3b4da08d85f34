Feature: What a guest calls a frame, what Xen calls it, and what it is agree
  A guest counts its pages by itself, and keeps a table that says which frame of the
  machine each of them is. Xen keeps the reverse. An entry of a page table holds the
  machine's number, so a page without a frame cannot be mapped.

  Rule: The guest's table names only frames that are its own, and Xen's says the same of them

    Scenario Outline: A guest that has booted <how> PAE agrees with Xen about each of its pages
      Given a guest "<how>" PAE
      When it boots
      Then Xen's reverse map leads from the frame of each of its pages back to the page
      And no entry is read back as a page of the guest that names a frame of nobody

      Examples:
        | how     |
        | with    |
        | without |

    Scenario: A balloon gives a frame back while another processor maps the page
      Given a balloon that first notes in the table that the frame is gone
      When it deflates a page while another processor maps that page, in every interleaving
      Then both tables agree at every point, and every interleaving was seen
      And what comes of the mapping is one of:
        | made, and read back as the page            |
        | made, and read back as no page of its own  |
        | refused: the page has no frame             |
        | refused: the frame is gone                 |

    Scenario: A deflated page that is filled again gets another frame
      Given a balloon that first notes in the table that the frame is gone
      When it deflates a page and fills it again while another processor maps that page, in every interleaving
      Then both tables agree at every point, and every interleaving was seen

    Scenario: A balloon that notes it afterwards believes for a moment in a frame that it does not have
      Given a balloon that notes in the table afterwards that the frame is gone
      When it deflates a page while another processor maps that page, in every interleaving
      Then "p2mMatchesM2p" breaks: "believes that its page 7 is mfn 263, which belongs to nobody"

  Rule: A page that the guest does not have is not mapped

    Scenario: An entry made from a page without a frame is refused
      Given two domains A and B on a "PAE" Xen
      When A tries to: map invalid read-only at data
      Then Xen answers "-EINVAL"
      And Xen says "Could not get page ref for pfn 0xfffff"
      And nothing has changed

    Scenario: A frame that is given back leaves the reverse map
      Given two domains A and B on a "PAE" Xen
      And A has done: map other read-only at data
      When A tries to: give data back
      Then Xen answers "0"
      And the reverse map has no page for "data"

    Scenario: Without that, it names a page for a frame that is nobody's
      Given two domains A and B on a "PAE" Xen that does not keep "m2p-left-with-domain"
      And A has done: map other read-only at data
      When A tries to: give data back
      Then Xen has broken "xenReverseMapOwned": "belongs to nobody"

    Scenario: A frame that is traded in hands its page to the new one
      Given two domains A and B on a "PAE" Xen
      And A has done: map other read-only at data
      When A tries to: trade data in
      Then the reverse map has no page for "data"
      And the reverse map calls "the new" what it called "data"
