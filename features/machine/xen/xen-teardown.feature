Feature: A domain that is torn down keeps nothing, and takes nothing with it that others still use
  Its processors stop, and its grants, base pointers, pins and references are given back, in several parts if something is waiting. A frame
  that another domain still maps belongs to the dead domain until it is unmapped. Domain 0 may map frames of any domain.

  Rule: A frame goes back to the heap unless another domain uses it

    Scenario Outline: When <what>, <answers>, on <shape> page tables
      Given a Xen with "<shape>" page tables
      When a guest plays "<calls>"
      Then its last call answers "<answer>", and nothing is broken

      Examples:
        | shape         | what                                                | answers                                    | calls                                                                                                                                                                                                                                                                                                                                                                                                                 | answer             |
        | PAE           | a domain is gone                                    | another domain is given its frames         | A0 destroy; B0 alloc; B0 alloc; B0 alloc; B0 alloc                                                                                                                                                                                                                                                                                                                                                                    | 259                |
        | PAE on 64-bit | a domain is gone                                    | another domain is given its frames         | A0 destroy; B0 alloc                                                                                                                                                                                                                                                                                                                                                                                                  | 256                |
        | PAE           | its teardown has only begun                         | another domain is given none of its frames | A0 patience entries=0x1; A0 destroy; B0 alloc; B0 alloc; B0 alloc; B0 alloc; B0 alloc                                                                                                                                                                                                                                                                                                                                 | -12                |
        | PAE           | a domain with a granted frame is gone               | the grantee still reads it                 | A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0; B0 map-grant va=0xb000 ref=0x0 dom=0x0 ro=0x0; A0 destroy; B0 read va=0xb000                                                                                                                                                                                                                                                                                               | done               |
        | PAE on 64-bit | a grant of a dead domain is unmapped                | the frame is given back                    | A0 grant ref=0x0 mfn=0x10a dom=0x1 ro=0x0; B0 map-grant va=0xb000 ref=0x0 dom=0x0 ro=0x0; A0 destroy; B0 unmap-grant va=0xb000 handle=0x0                                                                                                                                                                                                                                                                             | 0                  |
        | 2-level       | a dead domain had mapped a grant                    | the granter can reuse the frame            | B0 grant ref=0x0 mfn=0x20a dom=0x0 ro=0x0; A0 map-grant va=0xb000 ref=0x0 dom=0x1 ro=0x0; A0 destroy; B0 map va=0xa000 mfn=0x20a bits=0x65 flush=0x2; B0 pin level=0x1 mfn=0x20a                                                                                                                                                                                                                                      | 0                  |
        | PAE           | a dead domain waits for a frame                     | none can be transferred to it              | A0 accept ref=0x0 dom=0x1; B0 map va=0xb000 mfn=0x0 bits=0x0 flush=0x2; A0 destroy; B0 transfer mfn=0x20b dom=0x0                                                                                                                                                                                                                                                                                                     | is dying           |
        | PAE           | a dead domain calls once more                       | it is refused                              | A0 destroy; A1 alloc                                                                                                                                                                                                                                                                                                                                                                                                  | is being torn down |
        | 2-level       | a domain is gone that had a frame with a full count | another domain is given the other frames   | A0 store va=0x4008 mfn=0x101 bits=0x67 user=0x0; A0 map va=0x4000 mfn=0x104 bits=0x65 flush=0x2; A0 pin level=0x2 mfn=0x104; A0 map va=0xa000 mfn=0x102 bits=0x65 flush=0x0; A0 map va=0x9000 mfn=0x102 bits=0x65 flush=0x0; A0 map va=0x8000 mfn=0x102 bits=0x65 flush=0x0; A0 map va=0x7000 mfn=0x102 bits=0x65 flush=0x0; A0 map va=0x6000 mfn=0x102 bits=0x65 flush=0x0; A0 destroy; B0 alloc; B0 alloc; B0 alloc | 259                |

    Scenario Outline: If domain 0 <what>, <answers>
      Given a Xen with "PAE on 64-bit" page tables
      When a guest plays "B0 privileged; <calls>"
      Then its last call answers "<answer>", and nothing is broken

      Examples:
        | what                                             | answers                                         | calls | answer |
        | maps the frame of another domain writable        | its owner cannot make a table of it             | B0 update-for table=0x203 slot=0xd mfn=0x106 bits=0x67 kind=0x0 dom=0x0; A0 map va=0x6000 mfn=0x106 bits=0x65 flush=0x2; A0 pin level=0x1 mfn=0x106 | Bad type (saw e8000001 |
        | maps the table of another domain writable        | it is refused                                   | B0 update-for table=0x203 slot=0xd mfn=0x100 bits=0x67 kind=0x0 dom=0x0 | Bad type (saw 78000003 |
        | maps a frame of another domain, which dies       | the frame is free once domain 0 has unmapped it | B0 update-for table=0x203 slot=0xd mfn=0x106 bits=0x67 kind=0x0 dom=0x0; A0 destroy; B0 update table=0x203 slot=0xd mfn=0x0 bits=0x0 kind=0x0; B0 alloc | 256 |
        | names another domain's table, but not its frames | it is refused                                   | B0 update-for table=0x103 slot=0xd mfn=0x106 bits=0x65 kind=0x0 dom=0x17ff0 | rd=B, od=A |
        | names another domain's tables and frames         | an entry of that domain is unmapped             | B0 update-for table=0x103 slot=0xd mfn=0x0 bits=0x0 kind=0x0 dom=0x10000; A0 read va=0xd000 | fault |
        | puts its own frame into another's table          | the other reads it                              | B0 update-for table=0x103 slot=0xd mfn=0x208 bits=0x65 kind=0x0 dom=0x17ff0; A0 read va=0xd000 | done |
        | updates a table of a fully virtualised domain    | it is refused                                   | B0 update-for table=0x400 slot=0x0 mfn=0x0 bits=0x0 kind=0x0 dom=0x37ff0 | -95: H is fully virtualised |

    Scenario Outline: Without "<rule>", a dead domain leaves something behind
      Given a Xen with "PAE on 64-bit" page tables
      And it does not keep the rule "<rule>"
      When a guest plays "<calls>"
      Then that breaks "<invariant>"

      Examples:
        | rule                     | invariant           | calls |
        | grants-released-at-death | xenDeadLeaveNothing | B0 grant ref=0x0 mfn=0x20a dom=0x0 ro=0x0; A0 map-grant va=0xb000 ref=0x0 dom=0x1 ro=0x0; A0 destroy |
        | dying-gets-nothing       | xenDeadLeaveNothing | A0 accept ref=0x0 dom=0x1; B0 map va=0xb000 mfn=0x0 bits=0x0 flush=0x2; A0 destroy; B0 transfer mfn=0x20b dom=0x0 |
        | destroyed-base-left-over | xenCountsBalanced   | A0 unpin mfn=0x100; A0 patience entries=0x1; A0 destroy |
        | dead-tables-broken       | xenDeadLeaveNothing | B0 patience entries=0x1; B0 destroy; B0 patience entries=0x0; B0 destroy |
        | dead-tables-broken       | xenDeadLeaveNothing | B0 map va=0x8000 mfn=0x205 bits=0x65 flush=0x0; B0 map va=0x9000 mfn=0x205 bits=0x65 flush=0x0; B0 map va=0xa000 mfn=0x205 bits=0x65 flush=0x0; B0 map va=0xb000 mfn=0x205 bits=0x65 flush=0x0; B0 map va=0xc000 mfn=0x205 bits=0x65 flush=0x0; B0 patience entries=0x1; B0 destroy; B0 patience entries=0x0; B0 destroy |
