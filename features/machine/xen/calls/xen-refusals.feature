Feature: A refusal of Xen names the function that refused, as the release calls it
  A reader who wants to check a refusal looks for it in the source. Xen's own message does not
  always say where it was printed, and the functions have changed their names over the releases.

  Rule: The function named is the one whose check failed

    Scenario Outline: <function> refuses to <call>
      Given two domains A and B on a "PAE" Xen
      When A tries to: <call>
      Then it is "<function>" that refuses

      Examples:
        | call                                               | function                  |
        | pin data as L1                                     | get_page_type()           |
        | map table writable at data                         | get_page_type()           |
        | map B's read-only at data                          | get_page()                |
        | map no read-only at data                           | get_page_from_l1e()       |
        | map other global at data                           | mod_l1_entry()            |
        | set slot 1 of middle to no read-only               | get_page_from_pagenr()    |
        | set Xen's slot of kernel middle to table read-only | mod_l2_entry()            |
        | set slot 5 of middle to middle writable            | get_l2_linear_pagetable() |
        | map data read-only at Xen's address                | do_update_va_mapping()    |
        | unpin data                                         | do_mmuext_op()            |
        | send an unknown command                            | do_mmuext_op()            |
        | nest a multicall                                   | do_multicall()            |
        | give B's back                                      | guest_remove_page()       |
        | trade B's in                                       | steal_page()              |
        | transfer data to B                                 | gnttab_transfer()         |

    Scenario: A table that contains a bad entry is refused by the function that looks at the entry
      Given two domains A and B on a "PAE" Xen
      And A has done: put other global into slot 3 of data, then make data read-only
      When A tries to: pin data as L1
      Then it is "get_page_from_l1e()" that refuses

  Rule: The name is that of the release

    Scenario Outline: In Xen <release>, <function> refuses to <call>
      Given two domains A and B on a "PAE on 64-bit" Xen, release "<release>"
      When A tries to: <call>
      Then it is "<function>" that refuses

      Examples:
        | release | call                                 | function                 |
        | 3.3.0   | map table writable at data           | get_page_type()          |
        | 3.4.0   | map table writable at data           | __get_page_type()        |
        | 4.10.4  | map table writable at data           | __get_page_type()        |
        | 4.11.0  | map table writable at data           | _get_page_type()         |
        | 4.9.0   | set slot 1 of middle to no read-only | get_page_from_pagenr()   |
        | 4.10.0  | set slot 1 of middle to no read-only | get_page_from_mfn()      |
        | 3.4.0   | map data read-only at Xen's address  | do_update_va_mapping()   |
        | 4.0.0   | map data read-only at Xen's address  | __do_update_va_mapping() |
