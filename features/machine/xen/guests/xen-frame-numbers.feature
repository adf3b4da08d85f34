Feature: The guest's frame table and Xen's reverse map agree with each other
  A guest numbers its own pages and keeps a table of the machine frame behind each of
  them. Xen keeps the reverse map. A page-table entry holds the machine frame number,
  so a page without a frame cannot be mapped.

  Rule: The guest's table names only frames that it owns, and Xen's reverse map agrees

    Scenario Outline: After boot <how> PAE, a guest agrees with Xen about each of its pages
      Given a guest "<how>" PAE
      When it boots
      Then Xen's reverse map leads from the frame of each of its pages back to the page
      And no entry that names a free frame is read back as a page of the guest

      Examples:
        | how     |
        | with    |
        | without |

    Scenario: A balloon may give a frame back while another processor maps the page
      Given a balloon that updates the frame table before it gives the frame back
      When it deflates a page while another processor maps that page, in every interleaving
      Then both tables agree at every point, and every interleaving was seen
      And the result of the mapping is one of:
        | made, and read back as the page            |
        | made, and read back as no page of its own  |
        | refused: the page has no frame             |
        | refused: the frame is gone                 |

    Scenario: A page that the balloon empties and fills again gets another frame
      Given a balloon that updates the frame table before it gives the frame back
      When it deflates a page and fills it again while another processor maps that page, in every interleaving
      Then both tables agree at every point, and every interleaving was seen

    Scenario: A balloon that updates the table afterwards names, for a moment, a frame that the guest no longer owns
      Given a balloon that updates the frame table after it has given the frame back
      When it deflates a page while another processor maps that page, in every interleaving
      Then "p2mMatchesM2p" breaks: "believes that its page 7 is mfn 263, which belongs to nobody"

  Rule: A page without a frame is not mapped

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

    Scenario: If a frame that is given back stays in the reverse map, the map names a page for a free frame
      Given two domains A and B on a "PAE" Xen that does not keep "m2p-left-with-domain"
      And A has done: map other read-only at data
      When A tries to: give data back
      Then Xen has broken "xenReverseMapOwned": "belongs to nobody"

    Scenario: If a frame is exchanged, its page number passes to the new frame
      Given two domains A and B on a "PAE" Xen
      And A has done: map other read-only at data
      When A tries to: trade data in
      Then the reverse map has no page for "data"
      And the reverse map calls "the new" what it called "data"
