Feature: Each call of a guest returns the number that Xen's source says
  Domain A has the frames 100 to 10d (hexadecimal), its root is 100 and its only lowest-level table 103; domain B has 200 to
  20d. Page i of either maps its frame i. A successful call returns 0, a handle, a port or a frame; a refused one returns its
  error, which is shown with the message on Xen's console. The numbers are those of errno.h and of GNTST_* in public/grant_table.h; the functions are
  arch/x86/mm.c, common/memory.c, common/grant_table.c and common/event_channel.c.

  Rule: A refusal has the error that the function returns, and leaves everything as it was

    Scenario Outline: With the page tables of a 32-bit Xen: <calls>
      Given a Xen with "PAE" page tables
      When a guest plays "<calls>"
      Then its calls answer "<answers>", and nothing is broken

      Examples: Grants that are mapped, given back and replaced
        | calls | answers |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0; A0 unmap-grant va=0x5000 handle=0; A0 unmap-grant va=0x5000 handle=0 | done / 0 / 0 / -4: Bad handle 0 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=7 ro=0 | done / -2: Could not find domain 7 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=5 dom=1 ro=0 | done / -3: Bad ref 5 |
        | B0 grant ref=0 mfn=0x204 dom=2 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0 | done / -1: Bad flags or dom (2) of grant 0; expected d0 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=1; A0 map-grant va=0x5000 ref=0 dom=1 ro=0 | done / -1: Attempt to write-map a r/o grant entry |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=1; A0 map-grant va=0x5000 ref=0 dom=1 ro=1 | done / 0 |
        | B0 grant ref=0 mfn=0x999 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0 | done / -1: Could not pin the granted frame 0x999 |
        | B0 grant ref=0 mfn=0x104 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0 | done / -1: Could not pin the granted frame 0x104 |
        | B0 grant ref=0 mfn=0x203 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0 | done / -1: Could not pin the granted frame 0x203 |
        | B0 grant ref=0 mfn=0x203 dom=0 ro=1; A0 map-grant va=0x5000 ref=0 dom=1 ro=1 | done / 0 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0xf5800000 ref=0 dom=1 ro=0 | done / -1: No L1 table for the grant mapping |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x40000000 ref=0 dom=1 ro=0 | done / -1: No L1 table for the grant mapping |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0; A0 map-grant va=0x6000 ref=0 dom=1 ro=1; A0 unmap-grant va=0x6000 handle=0 | done / 0 / 1 / -1: The entry has other rights than the grant |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0; A0 unmap-grant va=0x6000 handle=0 | done / 0 / -1: The entry does not map the granted frame |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0; A0 unmap-grant va=0x5000 handle=1 | done / 0 / -4: Bad handle 1 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant-pte pa=0x103028 ref=0 dom=1 ro=0 | done / 0 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant-pte pa=0x10302c ref=0 dom=1 ro=0 | done / -1: The entry is not aligned |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant-pte pa=0x105028 ref=0 dom=1 ro=0 | done / -1: No L1 table for the grant mapping |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant-pte pa=0x203028 ref=0 dom=1 ro=0 | done / -1: No L1 table for the grant mapping |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant-pte pa=0x999028 ref=0 dom=1 ro=0 | done / -1: No L1 table for the grant mapping |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0; A0 replace-grant va=0x5000 handle=0 new=0x6000 | done / 0 / 0 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0; A0 replace-grant va=0x5000 handle=0 new=0x40000000 | done / 0 / -1: No L1 table for the entry that replaces the grant |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant-device va=0x40000000 ref=0 dom=1 ro=0; A0 map-grant-device va=0x5000 ref=0 dom=1 ro=0; A0 unmap-grant-device va=0x5000 handle=0 bus=0x204000 | done / -1: No L1 table for the grant mapping / 0 / 0 |

      Examples: Entries, types, pins and stores to a table
        | calls | answers |
        | A0 command number=0x63 mfn=0x0                                                                                                             | -38: Invalid extended pt command 99 |
        | A0 command number=0xc mfn=0x0                                                                                                              | -22 |
        | A0 command number=0x12 mfn=0x0                                                                                                             | -38: Invalid extended pt command 18 |
        | A0 update table=0x103 slot=0x5 mfn=0x105 bits=0x61 kind=0x3                                                                                | -38: Invalid page update command 3 |
        | A0 update table=0x103 slot=0x5 mfn=0x999 bits=0x61 kind=0x0                                                                                | -22: Could not get page ref for pfn 0x999: non-privileged attempt to map I/O space |
        | A0 update table=0x105 slot=0x5 mfn=0x999 bits=0x61 kind=0x0                                                                                | 0 |
        | A0 update table=0x103 slot=0x5 mfn=0x105 bits=0xe3 kind=0x0                                                                                | -22: Bad L1 flags 0x80 |
        | A0 update table=0x103 slot=0x5 mfn=0x105 bits=0x163 kind=0x0                                                                               | -22: Bad L1 flags 0x100 |
        | A0 update table=0x999 slot=0x0 mfn=0x105 bits=0x61 kind=0x0                                                                                | -22: Could not get page for normal update |
        | A0 update table=0x203 slot=0x0 mfn=0x105 bits=0x61 kind=0x0                                                                                | -22: Could not get page for normal update |
        | A0 update-for table=0x103 slot=0x5 mfn=0x205 bits=0x61 kind=0x0 dom=1                                                                      | -3: Cannot set foreign dom |
        | A0 update-for table=0x103 slot=0x5 mfn=0x105 bits=0x61 kind=0x0 dom=7                                                                      | -3: Cannot set foreign dom |
        | A0 update table=0x105 slot=0x0 mfn=0x0 bits=0x2a kind=0x1                                                                                  | 0 |
        | A0 pin level=1 mfn=0x105                                                                                                                   | -22: Bad type (saw e8000001 != exp 20000000) for mfn 0x105 |
        | A0 map va=0x5000 mfn=0x105 bits=0x61 flush=0x2; A0 pin level=1 mfn=0x105; A0 pin level=1 mfn=0x105; A0 unpin mfn=0x105; A0 unpin mfn=0x105 | 0 / 0 / -22: Mfn 0x105 already pinned / 0 / -22: Mfn 0x105 not pinned |
        | A0 pin level=2 mfn=0x100                                                                                                                   | -22: Bad type (saw 78000003 != exp 40000000) for mfn 0x100 |
        | A0 pin level=1 mfn=0x205                                                                                                                   | -22: Error pfn 0x205: rd=A, od=B |
        | A0 pin level=1 mfn=0x999                                                                                                                   | -22: Error while pinning mfn 0x999 |
        | A0 unpin mfn=0x105                                                                                                                         | -22: Mfn 0x105 not pinned |
        | A0 unpin mfn=0x100                                                                                                                         | 0 |
        | A0 base mfn=0x105                                                                                                                          | -22: Error while installing new baseptr 0x105: Bad type (saw e8000001 != exp 60000000) for mfn 0x105 |
        | A0 base mfn=0x100                                                                                                                          | 0 |
        | A0 map va=0x5000 mfn=0x205 bits=0x61 flush=0x0                                                                                             | -22: Error pfn 0x205: rd=A, od=B |
        | A0 map va=0x5000 mfn=0x103 bits=0x63 flush=0x0                                                                                             | -22: Bad type (saw 28000001 != exp e0000000) for mfn 0x103 |
        | A0 map va=0x40000000 mfn=0x105 bits=0x61 flush=0x0                                                                                         | -22: update_va_mapping: no L1 table for 0x40000000 |
        | A0 map va=0xf5800000 mfn=0x105 bits=0x61 flush=0x0                                                                                         | -22: update_va_mapping of Xen's address 0xf5800000 |
        | A0 store va=0x3028 mfn=0x105 bits=0x61 user=0x0                                                                                            | done |
        | A0 store va=0x3028 mfn=0x105 bits=0x61 user=0x1                                                                                            | fault: it comes from user mode |
        | A0 store va=0x3028 mfn=0x205 bits=0x61 user=0x0                                                                                            | fault: the entry it makes is refused by get_page(): Error pfn 0x205: rd=A, od=B |
        | A0 store-half va=0x3028 word=0x105061 user=0x0                                                                                             | done |
        | A0 assist on=0x0; A0 store va=0x3028 mfn=0x105 bits=0x61 user=0x0                                                                          | 0 / fault: the domain has not asked for writable page tables |
        | A0 read va=0x5000; A0 read va=0x40000000; A0 read va=0xf5800000                                                                            | done / fault: fault / fault: beyond the segment limit |

      Examples: Frames, descriptor tables and events
        | calls | answers |
        | A0 free mfn=0x105                                                                                                | 0 |
        | A0 map va=0x5000 mfn=0x0 bits=0x0 flush=0x1; A0 free mfn=0x105; A0 free mfn=0x105                                | 0 / 0 / -22: Bad page free for A |
        | A0 free mfn=0x205                                                                                                | -22: Bad page free for A |
        | A0 alloc; A0 alloc; A0 alloc; A0 alloc                                                                           | 768 / 769 / 770 / -12 |
        | A0 gdt mfn=0x105                                                                                                 | -22: Bad type (saw e8000001 != exp a0000000) for mfn 0x105 |
        | A0 map va=0x5000 mfn=0x105 bits=0x61 flush=0x2; A0 gdt mfn=0x105; A0 map va=0x5000 mfn=0x105 bits=0x63 flush=0x0 | 0 / 0 / -22: Bad type (saw a8000001 != exp e0000000) for mfn 0x105 |
        | A0 gdt mfn=0x205                                                                                                 | -22: Error pfn 0x205: rd=A, od=B |
        | A0 send port=0x3                                                                                                 | -22: Send to port 3, which is not bound |
        | A0 bind vcpu=0x1; A0 send port=0x1; A0 unmask-port port=0x1                                                      | 1 / 0 / 0 |
        | A0 bind vcpu=0x9                                                                                                 | -22 |
        | A0 unmask-port port=0x9                                                                                          | -22 |

    Scenario Outline: With those of a 64-bit Xen: <calls>
      Given a Xen with "PAE on 64-bit" page tables
      When a guest plays "<calls>"
      Then its calls answer "<answers>", and nothing is broken

      Examples: Copies and transfers, versions of the grant table, and what 4.13 has that 3.2 did not have
        | calls | answers |
        | A0 copy-grant from=0x105 fdom=0x7ff0 to=0x106 tdom=0x7ff0 offset=0x0 len=0x1000                                                                                                                                                  | 0 |
        | A0 copy-grant from=0x105 fdom=0x7ff0 to=0x106 tdom=0x7ff0 offset=0x1 len=0x1000                                                                                                                                                  | -10: copy beyond page area |
        | A0 copy-grant from=0x105 fdom=0x7ff0 to=0x206 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                                                    | -9: source frame 0x206 invalid |
        | A0 copy-grant from=0x205 fdom=0x7ff0 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                                                    | -9: source frame 0x205 invalid |
        | A0 copy-grant from=0x105 fdom=0x7ff0 to=0x103 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                                                    | -1: Could not get writable frame 0x103 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                    | done / 0 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=1; A0 copy-grant from=0x105 fdom=0x7ff0 to=0x0 tdom=0x1 offset=0x0 len=0x10                                                                                                                    | done / -1: Attempt to write-map a r/o grant entry |
        | B0 grant ref=0 mfn=0x204 dom=2 ro=0; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                    | done / -1: Bad flags or dom (2) of grant 0; expected d0 |
        | B0 grant ref=0 mfn=0x999 dom=0 ro=0; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                    | done / -9: Could not pin the granted frame 0x999 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 copy-grant from=0x3 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                    | done / -3: Bad grant reference 3 |
        | A0 copy-grant from=0x0 fdom=0x7 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                                                                                         | -2: Could not find domain 7 |
        | A0 transfer mfn=0x105 dom=1                                                                                                                                                                                                      | -3: Domain 1 waits for no frame |
        | B0 accept ref=0 dom=0; A0 transfer mfn=0x105 dom=1                                                                                                                                                                               | done / -9: Bad page 0x105: ed=A, sd=A, caf=2, taf=1 |
        | B0 accept ref=0 dom=0; A0 map va=0x5000 mfn=0x0 bits=0x0 flush=0x1; A0 transfer mfn=0x105 dom=1                                                                                                                                  | done / 0 / 0 |
        | A0 transfer mfn=0x205 dom=1                                                                                                                                                                                                      | -3: Domain 1 waits for no frame |
        | A0 transfer mfn=0x105 dom=7                                                                                                                                                                                                      | -2: Could not find domain 7 |
        | A0 version number=2; A0 version number=1                                                                                                                                                                                         | 0 / 0 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=0; A0 map-grant va=0x5000 ref=0 dom=1 ro=0; B0 version number=2                                                                                                                                | done / 0 / -16: Tried to change grant table version with grants still in use |
        | A0 command number=0x63 mfn=0x0                                                                                                                                                                                                   | -38: Invalid extended pt command 99 |
        | A0 command number=0xc mfn=0x0                                                                                                                                                                                                    | -13 |
        | A0 command number=0x12 mfn=0x0                                                                                                                                                                                                   | -22 |
        | A0 update table=0x103 slot=0x5 mfn=0x105 bits=0xe3 kind=0x0                                                                                                                                                                      | -22: Bad L1 flags 0x80 |
        | A0 update table=0x103 slot=0x5 mfn=0x105 bits=0x163 kind=0x0                                                                                                                                                                     | 0 |
        | A0 update-for table=0x103 slot=0x5 mfn=0x205 bits=0x61 kind=0x0 dom=1                                                                                                                                                            | -1 |
        | A0 update-for table=0x103 slot=0x5 mfn=0x105 bits=0x61 kind=0x0 dom=7                                                                                                                                                            | -3: Cannot set foreign dom |
        | A0 clear mfn=0x105                                                                                                                                                                                                               | 0 |
        | A0 clear mfn=0x103                                                                                                                                                                                                               | -22: Bad type (saw 28000001 != exp e0000000) for mfn 0x103 |
        | A0 clear mfn=0x205                                                                                                                                                                                                               | -22: Error pfn 0x205: rd=A, od=B |
        | A0 copy mfn=0x105 from=0x106                                                                                                                                                                                                     | 0 |
        | A0 copy mfn=0x105 from=0x205                                                                                                                                                                                                     | -22: Error pfn 0x205: rd=A, od=B |
        | A0 copy mfn=0x103 from=0x106                                                                                                                                                                                                     | -22: Bad type (saw 28000001 != exp e0000000) for mfn 0x103 |
        | A0 copy-grant from=0x105 fdom=0x7ff0 to=0x106 tdom=0x7ff0 offset=0xfff len=0x1                                                                                                                                                   | 0 |
        | A0 copy-grant from=0x105 fdom=0x7ff0 to=0x106 tdom=0x7ff0 offset=0xfff len=0x2                                                                                                                                                   | -10: copy beyond page area |
        | B0 version number=2; B0 grant ref=0 mfn=0x204 dom=0 ro=0; B0 version number=1                                                                                                                                                    | 0 / done / 0 |
        | A0 map va=0x5000 mfn=0x0 bits=0x0 flush=0x1; A0 clear mfn=0x105                                                                                                                                                                  | 0 / 0 |
        | A0 map va=0x5000 mfn=0x105 bits=0x61 flush=0x1; A0 pin level=1 mfn=0x105; A0 clear mfn=0x105                                                                                                                                     | 0 / 0 / -22: Bad type (saw 38000001 != exp e0000000) for mfn 0x105 |
        | B0 version number=2; B0 grant-transitive ref=0 dom=0 ro=0 of=1 its=1; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                   | 0 / done / -1: transitive grants cannot be self-referential |
        | B0 version number=2; B0 grant-transitive ref=0 dom=0 ro=0 of=7 its=1; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                                                                                   | 0 / done / -1: transitive grant referenced bad domain 7 |
        | B0 version number=2; A0 version number=2; A0 grant ref=1 mfn=0x105 dom=1 ro=0; B0 grant-transitive ref=0 dom=0 ro=0 of=0 its=1; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                         | 0 / 0 / done / done / 0 |
        | B0 version number=2; A0 version number=2; A0 grant ref=1 mfn=0x105 dom=0 ro=0; B0 grant-transitive ref=0 dom=0 ro=0 of=0 its=1; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10                         | 0 / 0 / done / done / -1: Bad flags or dom (0) of grant 1; expected d1 |
        | B0 grant ref=0 mfn=0x204 dom=0 ro=1; A0 map-grant va=0x5000 ref=0 dom=1 ro=1; A0 copy-grant from=0x0 fdom=0x1 to=0x106 tdom=0x7ff0 offset=0x0 len=0x10; A0 copy-grant from=0x105 fdom=0x7ff0 to=0x0 tdom=0x1 offset=0x0 len=0x10 | done / 0 / 0 / -1: Attempt to write-map a r/o grant entry |
