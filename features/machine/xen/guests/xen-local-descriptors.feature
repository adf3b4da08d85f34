Feature: A frame of a local descriptor table is typed when the processor first reads it
  A guest names a local descriptor table by its address. Xen takes a frame of it when the processor first looks there, as a
  descriptor table like any other, so that no guest can write what the processor uses. The type is given back when the
  table changes, when the processor loads another base pointer, and when a mapping of a descriptor table is removed.

  Rule: A frame belongs to the table from the first access on

    Scenario Outline: After <what>, the frame <state>, on <shape> page tables
      Given a Xen with "<shape>" page tables
      When a guest plays "A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 ldt va=0x6000 entries=0x10; <calls>"
      Then its last call answers "<answer>", and nothing is broken

      Examples:
        | shape         | what | state | calls | answer                 |
        | PAE           | the call alone | can become a table | A0 pin level=0x1 mfn=0x106 | 0                      |
        | PAE           | an access | cannot become a table | A0 selector index=0x3 emulated=0x0; A0 pin level=0x1 mfn=0x106 | Bad type (saw a8000001 |
        | 2-level       | an access by Xen | cannot become a table | A0 selector index=0x3 emulated=0x1; A0 pin level=0x1 mfn=0x106 | Bad type (saw a8000001 |
        | PAE on 64-bit | an access | cannot be written | A0 selector index=0x3 emulated=0x0; A0 map va=0x6000 mfn=0x106 bits=0x67 flush=0x2 | 0                      |
        | PAE           | an access, through another address | cannot be written | A0 selector index=0x3 emulated=0x0; A0 map va=0x7000 mfn=0x106 bits=0x67 flush=0x2 | Bad type (saw a8000001 |
        | PAE on 64-bit | another local table | can become a table | A0 selector index=0x3 emulated=0x0; A0 ldt va=0x7000 entries=0x1; A0 pin level=0x1 mfn=0x106 | 0                      |
        | PAE on 64-bit | the same table once more | cannot become a table | A0 selector index=0x3 emulated=0x0; A0 ldt va=0x6000 entries=0x10; A0 pin level=0x1 mfn=0x106 | Bad type (saw a8000001 |
        | 2-level       | the same base pointer once more | can become a table | A0 selector index=0x3 emulated=0x0; A0 base mfn=0x100; A0 pin level=0x1 mfn=0x106 | 0                      |
        | PAE           | the end of a mapping of it | can become a table | A0 selector index=0x3 emulated=0x0; A0 map va=0x6000 mfn=0x0 bits=0x0 flush=0x2; A0 pin level=0x1 mfn=0x106 | 0                      |
        | PAE           | a table that maps it and is refused | can become a table | A0 selector index=0x3 emulated=0x0; A0 store va=0x7008 mfn=0x106 bits=0x65 user=0x0; A0 store va=0x7010 mfn=0x103 bits=0x67 user=0x0; A0 map va=0x7000 mfn=0x107 bits=0x65 flush=0x0; A0 update table=0x101 slot=0x4 mfn=0x107 bits=0x65 kind=0x0; A0 pin level=0x1 mfn=0x106 | 0                      |
        | PAE           | the end of a mapping by another processor | can become a table | A0 selector index=0x3 emulated=0x0; A1 map va=0x6000 mfn=0x0 bits=0x0 flush=0x2; A0 pin level=0x1 mfn=0x106 | 0                      |

    Scenario Outline: The processor gets a fault where <why>
      Given a Xen with "PAE on 64-bit" page tables
      When a guest plays "<calls>"
      Then its last call answers "<answer>", and nothing is broken

      Examples:
        | why                                                      | calls | answer             |
        | the selector is beyond the limit                         | A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 ldt va=0x6000 entries=0x10; A0 selector index=0x10 emulated=0x0 | general protection |
        | the selector of an instruction of Xen's is beyond it too | A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 ldt va=0x6000 entries=0x10; A0 selector index=0x10 emulated=0x1 | general protection |
        | no frame is mapped                                       | A0 map va=0x6000 mfn=0x0 bits=0x0 flush=0x2; A0 ldt va=0x6000 entries=0x10; A0 selector index=0x1 emulated=0x0 | page fault         |
        | the frame is writable                                    | A0 ldt va=0x6000 entries=0x10; A0 selector index=0x1 emulated=0x0 | page fault         |
        | the frame is a page table                                | A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 pin level=0x1 mfn=0x106; A0 ldt va=0x6000 entries=0x10; A0 selector index=0x1 emulated=0x0 | page fault         |
        | a descriptor leads into Xen                              | A0 store-half va=0x6004 word=0x8e00 user=0x0; A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 ldt va=0x6000 entries=0x10; A0 selector index=0x1 emulated=0x0 | page fault         |
        | the table continues in Xen's own part                    | A0 ldt va=0xf57ff000 entries=0x2000; A0 selector index=0x201 emulated=0x0 | page fault         |

  Rule: Without these rules a guest breaks an invariant

    Scenario Outline: Without "<rule>", <invariant> is broken
      Given a Xen with "PAE" page tables
      And it does not keep the rule "<rule>"
      When a guest plays "<calls>"
      Then that breaks "<invariant>"

      Examples:
        | rule                    | invariant              | calls                                                                                                                                      |
        | local-table-typed       | xenCountsBalanced      | A0 ldt va=0x6000 entries=0x10; A0 selector index=0x1 emulated=0x0                                                                          |
        | local-frames-given-back | xenCountsBalanced      | A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 ldt va=0x6000 entries=0x10; A0 selector index=0x1 emulated=0x0; A0 ldt va=0x7000 entries=0x0 |
        | local-limit-checked     | xenDescriptorsHarmless | A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 selector index=0xc00 emulated=0x1                                                        |
