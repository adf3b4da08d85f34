Feature: Each check of Xen fires on its own fault, and on nothing else
  The checks of Xen run after every call of every search, where they must stay silent. So here each is given states with one wrong change, made by
  hand since no guest can make it, and similar states that are correct. The message of a check names the frame, what it is, and what it should be.

  Rule: A check fires on its own fault, and the fuzzer's quick judge accepts exactly the states in which no check fires

    Scenario: Changes by hand on PAE page tables, each with the check that fires
      Then on "PAE" page tables, one change by hand after the other is judged
        | change | invariant              | says |
        | frame 0x100 validated=false | xenBaseIsRoot          | A.vcpu0 uses mfn 256 as its root, which is not validated as l3 with a type count of 3 |
        | frame 0x100 type_count=0 | xenBaseIsRoot          | A.vcpu0 uses mfn 256 as its root, which is validated as l3 with a type count of 0 |
        | frame 0x100 type=l2 | xenBaseIsRoot          | A.vcpu0 uses mfn 256 as its root, which is validated as l2 with a type count of 3 |
        | frame 0x100 owner=B | xenBaseIsRoot          | A.vcpu0 uses mfn 256 as its root, which belongs to B |
        | frame 0x100 owner=nobody | xenBaseIsRoot          | A.vcpu0 uses mfn 256 as its root, which belongs to nobody |
        | vcpu A0 guest_table=0x999 | xenBaseIsRoot          | A.vcpu0 uses mfn 2457 as its root, which is no frame |
        | vcpu A1 guest_table=nobody | xenBaseIsRoot          | nothing |
        | cpu A1 cr3=0x5000 | xenBaseIsRoot          | cpu1 has cr3=0x5000, but A.vcpu1 should use mfn 256 |
        | frame 0x105 count=3 | xenCountsBalanced      | mfn 261 has a general count of 3, but 2 references: 1 writable, 1 allocated |
        | frame 0x105 type_count=2 | xenCountsBalanced      | mfn 261 has a type count (writable) of 2, but 1 references: 1 writable, 1 allocated |
        | frame 0x105 type=gdt | xenCountsBalanced      | mfn 261 is mapped writable 1 times, but its type is gdt |
        | frame 0x105 count=0 | xenReferencesHeld      | mfn 261 has a general count of 0, and there are 1 references |
        | frame 0x105 count=3 | xenReferencesHeld      | nothing |
        | frame 0x105 type_count=0 | xenReferencesHeld      | mfn 261 has a type count (writable) of 0, and there are 1 references |
        | frame 0x105 type_count=2 | xenReferencesHeld      | nothing |
        | frame 0x105 pinned=true | xenPinsHold            | mfn 261 is pinned, but is validated as writable with a type count of 1 |
        | frame 0x100 type_count=1 | xenPinsHold            | nothing |
        | frame 0x100 type_count=0 | xenPinsHold            | mfn 256 is pinned, but is validated as l3 with a type count of 0 |
        | frame 0x100 validated=false | xenPinsHold            | mfn 256 is pinned, but is not validated as l3 with a type count of 3 |
        | died of a fault | xenLives               | Xen has died: of a fault |
        | stretched 6 | xenHeedsInterrupts     | nothing |
        | stretched 7 | xenHeedsInterrupts     | Xen has handled 7 entries of upper tables without looking whether something waits |
        | frame 0x105 xenHeap=true | xenOwnMemoryKept       | mfn 261 is still shared with A, and has no use any more |
        | frame 0x105 xenHeap=true owner=nobody | xenOwnMemoryKept       | nothing |
        | frame 0x105 xenHeap=true; domain A status=0x105 | xenOwnMemoryKept       | nothing |
        | frame 0x300 owner=nobody; map 0x300 7 | xenReverseMapOwned     | mfn 768 belongs to nobody, and the reverse map calls it page 7 |
        | frame 0x105 owner=nobody | xenReverseMapOwned     | mfn 261 belongs to nobody, and the reverse map calls it page 5 |
        | device 0x105 A | xenGuestsIsolated      | nothing |
        | device 0x105 B | xenGuestsIsolated      | a device of B can write mfn 261, which belongs to A |
        | device 0x300 A | xenGuestsIsolated      | a device of A can write mfn 768, which belongs to nobody |
        | device 0x103 A | xenGuestsIsolated      | a device of A can write mfn 259, which is in use as l1 |
        | frame 0x106 type_count=0 type=l1; device 0x106 A | xenGuestsIsolated      | nothing |
        | entry 0x103 5 0x205 0x25 | xenGuestsIsolated      | A.vcpu0 maps 0x5000 read-only to mfn 517, which belongs to B |
        | entry 0x103 5 0x205 0x67 | xenGuestsIsolated      | A.vcpu0 maps 0x5000 writable to mfn 517, which belongs to B |
        | entry 0x103 5 0x999 0x25 | xenGuestsIsolated      | A.vcpu0 maps 0x5000 read-only to mfn 2457, which does not exist |
        | entry 0x103 5 0x100 0x67 | xenGuestsIsolated      | A.vcpu0 maps 0x5000 writable to mfn 256, which is in use as l3 |
        | entry 0x103 5 0x100 0x25 | xenGuestsIsolated      | nothing |
        | entry 0x103 5 0x205 0x24 | xenGuestsIsolated      | nothing |
        | entry 0x101 0 0x103 0x65; entry 0x103 5 0x100 0x67 | xenGuestsIsolated      | nothing |
        | entry 0x101 1 0x200 0xe7 | xenGuestsIsolated      | A.vcpu0 maps with a large page 0x200000 writable to mfn 512, which belongs to B |
        | entry 0x101 1 0x200 0xe5 | xenGuestsIsolated      | A.vcpu0 maps with a large page 0x200000 read-only to mfn 512, which belongs to B |
        | entry 0x101 1 0x1ff 0xe7 | xenGuestsIsolated      | A.vcpu0 maps with a large page 0x201000 writable to mfn 512, which belongs to B |
        | entry 0x102 424 0x600 0xe7; entry 0x102 425 0x205 0xe7 | xenGuestsIsolated      | A.vcpu0 maps with a large page 0xf5200000 writable to mfn 517, which belongs to B |
        | cached A0 0x5000 0x205000 | xenGuestsIsolated      | A.vcpu0 still caches 0x5000 read-only to mfn 517, which belongs to B |
        | cached A0 0x5000 0x100000 | xenGuestsIsolated      | nothing |
        | cached A0 0x5000 0x100000 dirty | xenGuestsIsolated      | A.vcpu0 still caches 0x5000 writable to mfn 256, which is in use as l3 |
        | cached A0 0x5000 0x100000 read-only | xenGuestsIsolated      | nothing |
        | cached A0 0x5000 0x105000 dirty | xenGuestsIsolated      | nothing |
        | cached A0 0x5000 0x300000 dirty | xenGuestsIsolated      | nothing |
        | cached A0 0xf5800000 0x205000 dirty | xenGuestsIsolated      | nothing |
        | cached A0 0x5000 0x999000 | xenGuestsIsolated      | A.vcpu0 still caches 0x5000 read-only to mfn 2457, which does not exist |
        | walks A0 0x103 | xenGuestsIsolated      | nothing |
        | walks A0 0x203 | xenGuestsIsolated      | A.vcpu0 still walks from mfn 515, which belongs to B |
        | walks A0 0x105 | xenGuestsIsolated      | A.vcpu0 still walks from mfn 261, which is in use as writable |
        | walks A0 0x300 | xenGuestsIsolated      | nothing |
        | walks A0 0x999 | xenGuestsIsolated      | nothing |
        | frame 0x106 type_count=0; walks A0 0x106 | xenGuestsIsolated      | nothing |
        | frame 0x102 validated=false; entry 0x102 429 0x104 0x67 | xenOwnSlotsIntact      | nothing |
        | frame 0x102 type_count=0; entry 0x102 429 0x104 0x67 | xenOwnSlotsIntact      | nothing |
        | entry 0x101 429 0x104 0x67 | xenOwnSlotsIntact      | nothing |
        | entry 0x102 428 0x104 0x67 | xenOwnSlotsIntact      | mfn 258 maps the guest in slot 428, where Xen belongs |
        | entry 0x102 429 0x104 0x67 | xenOwnSlotsIntact      | mfn 258 has an entry of the guest in slot 429, where Xen belongs |
        | entry 0x102 429 0x104 0x66 | xenOwnSlotsIntact      | mfn 258 has an entry of the guest in slot 429, where Xen belongs |
        | entry 0x102 427 0x104 0x67 | xenOwnSlotsIntact      | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x0000ffff; word 0x105004 0x00cf9a00 | xenDescriptorsHarmless | mfn 261 is in use as gdt, and has a descriptor with the high word 0xcf9a00 |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x0000ffff; word 0x105004 0x00cfba00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x0000ffff; word 0x105004 0x00cf1a00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x0000ffff; word 0x105004 0x00cffa00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0xe0080000; word 0x105004 0x00008c00 | xenDescriptorsHarmless | mfn 261 is in use as gdt, and has a descriptor with the high word 0x8c00 |
        | frame 0x105 type=gdt validated=true; word 0x105000 0xdff80000; word 0x105004 0x00008c00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x70080000; word 0x105004 0x00008c00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x6ff80000; word 0x105004 0x00008c00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0xe00c0000; word 0x105004 0x00008c00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x00000000; word 0x105004 0x00008000 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x00080000; word 0x105004 0x00008e00 | xenDescriptorsHarmless | mfn 261 is in use as gdt, and has a descriptor with the high word 0x8e00 |
        | frame 0x105 type=gdt validated=true; word 0x105000 0x00080000; word 0x105004 0x00008900 | xenDescriptorsHarmless | mfn 261 is in use as gdt, and has a descriptor with the high word 0x8900 |
        | frame 0x105 type=gdt validated=false; word 0x105000 0x0000ffff; word 0x105004 0x00cf9a00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true type_count=0; word 0x105000 0x0000ffff; word 0x105004 0x00cf9a00 | xenDescriptorsHarmless | nothing |
        | frame 0x105 type=gdt validated=true; word 0x105008 0x0000ffff; word 0x10500c 0x00cf9a00 | xenDescriptorsHarmless | mfn 261 is in use as gdt, and has a descriptor with the high word 0xcf9a00 |
        | entry 0x101 1 0x102 0x25 | xenLinearChainsShort   | nothing |
        | frame 0x105 type=l2 validated=true; frame 0x106 type=l2 validated=true; entry 0x105 1 0x106 0x25; entry 0x106 1 0x101 0x25 | xenLinearChainsShort   | mfn 261 maps mfn 262, which maps another table of its level |
        | frame 0x105 type=l2 validated=true; frame 0x106 type=l2 validated=true; entry 0x105 1 0x106 0x25; entry 0x106 1 0x107 0x25 | xenLinearChainsShort   | nothing |
        | frame 0x105 type=l2 validated=true; frame 0x106 type=l2 validated=true; entry 0x105 1 0x106 0x25; entry 0x106 1 0x106 0x25 | xenLinearChainsShort   | nothing |
        | frame 0x105 type=l2 validated=true; frame 0x106 type=l2 validated=false; entry 0x105 1 0x106 0x25; entry 0x106 1 0x101 0x25 | xenLinearChainsShort   | nothing |
        | frame 0x105 type=l2 validated=true; frame 0x106 type=l2 validated=true type_count=0; entry 0x105 1 0x106 0x25; entry 0x106 1 0x101 0x25 | xenLinearChainsShort   | nothing |
        | frame 0x105 type=l2 validated=true; frame 0x106 type=l2 validated=true; entry 0x105 1 0x106 0x24; entry 0x106 1 0x101 0x25 | xenLinearChainsShort   | nothing |
        | domain B is_dying=dying | xenDeadLeaveNothing    | nothing |
        | domain B is_dying=dead | xenDeadLeaveNothing    | mfn 0x200 of B, which is dead, still has its own reference |
        | domain H is_dying=dead; frame 0x400 allocated=false; frame 0x401 allocated=false | xenDeadLeaveNothing    | nothing |
        | domain H is_dying=dead; frame 0x400 allocated=false pinned=true; frame 0x401 allocated=false | xenDeadLeaveNothing    | mfn 0x400 of H, which is dead, still has a pin |
        | domain H is_dying=dead; frame 0x400 allocated=false type=l1 type_count=1 validated=true; frame 0x401 allocated=false | xenDeadLeaveNothing    | mfn 0x400 of H, which is dead, still has a table, l1 |
        | domain H is_dying=dead; frame 0x400 allocated=false type=l2 type_count=1 partial=true; frame 0x401 allocated=false | xenDeadLeaveNothing    | mfn 0x400 of H, which is dead, still has a table, l2 |
        | domain H is_dying=dead; frame 0x400 allocated=false type=l1 type_count=0 validated=true; frame 0x401 allocated=false | xenDeadLeaveNothing    | nothing |
        | domain H is_dying=dead; overlooked H 0x400; frame 0x400 allocated=false type=l2 type_count=1 partial=true nr_validated_ptes=1; entry 0x400 0 0x401 0x25; frame 0x401 allocated=false type=l1 type_count=1 validated=true | xenDeadLeaveNothing    | nothing |
        | domain H is_dying=dead; overlooked H 0x400; frame 0x400 allocated=false type=l2 type_count=1 partial=true nr_validated_ptes=1; entry 0x400 1 0x401 0x25; frame 0x401 allocated=false type=l1 type_count=1 validated=true | xenDeadLeaveNothing    | mfn 0x401 of H, which is dead, still has a table, l1 |
        | domain H is_dying=dead; overlooked H 0x400; frame 0x400 allocated=false type=l2 type_count=1 partial=true nr_validated_ptes=1 partial_set=true; entry 0x400 1 0x401 0x25; frame 0x401 allocated=false type=l1 type_count=1 validated=true | xenDeadLeaveNothing    | nothing |
        | domain H is_dying=dead; unbroken H 0x400; frame 0x400 allocated=false type=l2 type_count=1 partial=true nr_validated_ptes=1; entry 0x400 0 0x401 0x25; frame 0x401 allocated=false type=l1 type_count=1 validated=true | xenDeadLeaveNothing    | nothing |
        | domain H is_dying=dead; unbroken H 0x400; frame 0x400 type=l2 type_count=1 partial=true; frame 0x401 allocated=false | xenDeadLeaveNothing    | mfn 0x400 of H, which is dead, still has its own reference |
        | domain H is_dying=dead; frame 0x400 allocated=false; frame 0x401 allocated=false; vcpu H0 guest_table=0x400 | xenDeadLeaveNothing    | H.vcpu0, whose domain is dead, still has a table |
        | domain H is_dying=dead; frame 0x400 allocated=false; frame 0x401 allocated=false; vcpu H0 old_guest_table=0x400 | xenDeadLeaveNothing    | H.vcpu0, whose domain is dead, still has a table |
        | port A 0; events A evtchn_pending=2 evtchn_mask=0 | xenEventsAnnounced     | port 1 of A is pending and not masked, but A.vcpu0 has not been told |
        | port A 0; events A evtchn_pending=2 evtchn_mask=2 | xenEventsAnnounced     | nothing |
        | port A 1; events A evtchn_pending=2 evtchn_mask=0 | xenEventsAnnounced     | port 1 of A is pending and not masked, but A.vcpu1 has not been told |
        | port A 0; events A evtchn_pending=4 evtchn_mask=0 | xenEventsAnnounced     | nothing |
        | port A 0; events A evtchn_pending=2 evtchn_mask=0; told A0 evtchn_pending_sel=true | xenEventsAnnounced     | port 1 of A is pending and not masked, but A.vcpu0 has not been told |
        | port A 0; events A evtchn_pending=2 evtchn_mask=0; told A0 evtchn_pending_sel=true evtchn_upcall_pending=true | xenEventsAnnounced     | nothing |

    Scenario: Changes by hand on 2-level page tables, each with the check that fires
      Then on "2-level" page tables, one change by hand after the other is judged
        | change                      | invariant            | says |
        | entry 0x100 1 0x100 0x25    | xenLinearChainsShort | nothing |
        | entry 0x101 5 0x100 0x67    | xenGuestsIsolated    | A.vcpu0 maps 0x5000 writable to mfn 256, which is in use as l2 |
        | entry 0x100 1 0x200 0xe7    | xenGuestsIsolated    | A.vcpu0 maps with a large page 0x400000 writable to mfn 512, which belongs to B |
        | frame 0x100 type=l1         | xenBaseIsRoot        | A.vcpu0 uses mfn 256 as its root, which is validated as l1 with a type count of 3 |
        | entry 0x100 1008 0x104 0x67 | xenOwnSlotsIntact    | mfn 256 maps the guest in slot 1008, where Xen belongs |
        | entry 0x100 1009 0x104 0x67 | xenOwnSlotsIntact    | mfn 256 has an entry of the guest in slot 1009, where Xen belongs |

    Scenario: Changes by hand on 64-bit page tables, each with the check that fires
      Then on "64-bit" page tables, one change by hand after the other is judged
        | change       | invariant          | says |
        | stretched 9  | xenHeedsInterrupts | nothing |
        | stretched 10 | xenHeedsInterrupts | Xen has handled 10 entries of upper tables without looking whether something waits |

    Scenario: Changes by hand on PAE on 64-bit page tables, each with the check that fires
      Then on "PAE on 64-bit" page tables, one change by hand after the other is judged
        | change                                             | invariant         | says |
        | entry 0x100 0 0x104 0x1                            | xenBaseIsRoot     | nothing |
        | frame 0x100 owner=B                                | xenBaseIsRoot     | A.vcpu0 uses mfn 256 as its root, which belongs to B |
        | linked A0 0x104                                    | xenBaseIsRoot     | cpu0 is led to mfn 260, but A.vcpu0 should use mfn 256 |
        | linked A1 0x104                                    | xenBaseIsRoot     | cpu1 is led to mfn 260, but A.vcpu1 should use mfn 256 |
        | entry 0x103 5 0x100 0x67                           | xenGuestsIsolated | A.vcpu0 maps 0x5000 writable to mfn 256, which is in use as l3 |
        | entry 0x100 0 0x101 0x25; entry 0x103 5 0x100 0x67 | xenGuestsIsolated | nothing |
