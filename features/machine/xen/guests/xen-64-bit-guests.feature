Feature: A 64-bit guest's programs have a root of their own, and Xen keeps both roots like one
  A 64-bit guest's kernel and its programs both run in ring 3, so the processor cannot tell them apart. Xen has a root for
  each (MMUEXT_NEW_BASEPTR, MMUEXT_NEW_USER_BASEPTR) and changes CR3 on every way from one to the other. A page for
  programs is made global, to stay in the TLB meanwhile; one that the kernel keeps to itself is not. Such a change drops
  only half of the TLB, so it must not count as a flush.

  Background:
    Given a Xen with "64-bit" page tables

  Rule: The root for programs holds references, like the kernel's

    Scenario: A root for programs cannot be mapped writable
      When a guest plays "A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 user-base mfn=0x106; A0 map va=0x6000 mfn=0x106 bits=0x67 flush=0x0"
      Then its last call answers "Bad type (saw 88000001 != exp e0000000) for mfn 0x106", and nothing is broken

    Scenario: A page that is not a four-level root cannot become the root for programs
      When a guest plays "A0 user-base mfn=0x101"
      Then its last call answers "Error while installing new mfn 0x101: Bad type (saw 68000001 != exp 80000000)", and nothing is broken

    Scenario: The kernel's root may be the one for programs too, and both are given back when the domain is torn down
      When a guest plays "A0 user-base mfn=0x100; A0 unpin mfn=0x100; A0 destroy; B0 user-base mfn=0x200"
      Then its calls answer "0 / 0 / 0 / 0", and nothing is broken

    Scenario: Giving up the root for programs of a domain that is torn down can be interrupted
      When a guest plays "A0 store va=0x6000 mfn=0x101 bits=0x67 user=0x0; A0 store va=0x6008 mfn=0x101 bits=0x67 user=0x0; A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 user-base mfn=0x106; A0 patience entries=0x1; A0 destroy; A0 patience entries=0x0; A0 destroy"
      Then its last call answers "0", and nothing is broken

    Scenario: Without a root for programs, none can run
      When a guest plays "A0 mode user=0x1"
      Then its last call answers "-22", and nothing is broken

  Rule: A program finds what is global, and nothing that is its kernel's alone

    Scenario: A page of the kernel's is gone when a program runs on a root that does not map it
      When a guest plays "A0 map va=0x7000 mfn=0x107 bits=0x65 flush=0x0; A0 user-base mfn=0x107; A0 map va=0x6000 mfn=0x106 bits=0x3 flush=0x0; A0 store va=0x6000 mfn=0x0 bits=0x0 user=0x0; A0 store va=0x6000 mfn=0x0 bits=0x0 user=0x1"
      Then its last call answers "page not present", and nothing is broken

    Scenario: A page for programs stays in the TLB, whatever the root
      When a guest plays "A0 map va=0x7000 mfn=0x107 bits=0x65 flush=0x0; A0 user-base mfn=0x107; A0 map va=0x6000 mfn=0x106 bits=0x67 flush=0x0; A0 store va=0x6000 mfn=0x0 bits=0x0 user=0x0; A0 store va=0x6000 mfn=0x0 bits=0x0 user=0x1"
      Then its last call answers "done", and nothing is broken

    Scenario: Taking a change between kernel and programs for a flush breaks the isolation of guests
      Given it does not keep the rule "mode-switch-no-flush"
      When a guest plays "A0 user-base mfn=0x100; A0 store va=0x6ff8 mfn=0x0 bits=0x0 user=0x1; A1 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 mode user=0x1; A1 pin level=0x1 mfn=0x106"
      Then that breaks "xenGuestsIsolated"

  Rule: Four levels are kept like three

    Scenario Outline: Entry <slot> of a root is <whose>
      When a guest plays "A0 update table=0x100 slot=<slot> mfn=0x101 bits=0x67 kind=0x0"
      Then its last call answers "<answer>", and nothing is broken

      Examples:
        | slot  | whose       | answer                                                |
        | 0xff  | the guest's | 0                                                     |
        | 0x100 | Xen's       | Illegal L4 update attempt in Xen-private area, slot 256 |
        | 0x10f | Xen's       | Illegal L4 update attempt in Xen-private area, slot 271 |
        | 0x110 | the guest's | 0                                                     |

    Scenario Outline: A table of level <level> that maps another of its level cannot be mapped by a third
      When a guest plays "A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x0; A0 map va=0x7000 mfn=0x107 bits=0x65 flush=0x0; A0 pin level=<level> mfn=0x106; A0 pin level=<level> mfn=0x107; A0 update table=0x106 slot=0x0 mfn=0x107 bits=0x65 kind=0x0; A0 update table=<used> slot=0x5 mfn=0x106 bits=0x65 kind=0x0"
      Then its last call answers "would make a chain", and nothing is broken

      Examples:
        | level | used  |
        | 0x2   | 0x102 |
        | 0x3   | 0x101 |
        | 0x4   | 0x100 |
