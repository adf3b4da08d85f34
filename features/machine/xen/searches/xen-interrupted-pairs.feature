Feature: No two hypercalls that are interrupted undo each other's references
  Calls that take long are interrupted wherever Xen looks whether something waits, and made again later. Meanwhile another
  virtual CPU does something with the same tables: takes them up where they were left, gives them up, shows them as
  memory, links them elsewhere. Here any two of these calls are made about one tree of tables, interrupted at every look
  and in the middle of taking a type, and continued in any order; the explorer tries all of it.

  Rule: Every pair of calls keeps the rules, wherever they are interrupted

    Scenario Outline: Of all pairs of calls about a tree that is <tree>, on <shape> page tables, none fails
      Given a tree of tables that is "<tree>", on "<shape>" page tables
      When two virtual CPUs make any two of <calls> calls about it, interrupted at every look
      Then each of <pairs> pairs keeps the rules, in <states> states, and <end>

      Examples:
        | shape         | tree                         | calls | pairs | states | end                                       |
        | PAE on 64-bit | not taken yet                | 15    | 120   | 596    | each comes to its end                     |
        | PAE on 64-bit | not fit to be taken          | 15    | 120   | 766    | two of them may hinder each other forever |
        | PAE on 64-bit | pinned                       | 15    | 120   | 410    | two of them may hinder each other forever |
        | PAE on 64-bit | loaded                       | 15    | 225   | 704    | two of them may hinder each other forever |
        | PAE on 64-bit | taken in part                | 15    | 120   | 481    | each comes to its end                     |
        | PAE on 64-bit | linked                       | 15    | 120   | 481    | each comes to its end                     |
        | PAE on 64-bit | mapped by the one in use     | 15    | 120   | 446    | each comes to its end                     |
        | PAE on 64-bit | mapped by a table of its own | 15    | 120   | 405    | each comes to its end                     |
        | 64-bit        | not taken yet                | 17    | 153   | 790    | each comes to its end                     |
        | 64-bit        | not fit to be taken          | 17    | 153   | 1259   | two of them may hinder each other forever |
        | 64-bit        | pinned                       | 17    | 153   | 500    | two of them may hinder each other forever |
        | 64-bit        | loaded                       | 17    | 289   | 867    | two of them may hinder each other forever |
        | 64-bit        | taken in part                | 17    | 153   | 636    | each comes to its end                     |
        | 64-bit        | linked                       | 17    | 153   | 635    | each comes to its end                     |
        | 64-bit        | mapped by the one in use     | 17    | 153   | 595    | each comes to its end                     |
        | 64-bit        | mapped by a table of its own | 17    | 153   | 543    | each comes to its end                     |

  Rule: A Xen that loses a reference on the way is found

    Scenario Outline: Without "<rule>", some pair fails
      Given a tree of tables that is "<tree>", on "PAE on 64-bit" page tables, and a Xen that does not keep "<rule>"
      When two virtual CPUs make any two of 15 calls about it, interrupted at every look
      Then "<invariant>" is broken by one of them

      Examples:
        | rule                          | tree          | invariant         |
        | partial-holds-reference       | not taken yet | xenCountsBalanced |
        | partial-entry-keeps-reference | not taken yet | xenCountsBalanced |
        | partial-flag-cleared          | not taken yet | xenCountsBalanced |
        | partial-cleanup-told          | pinned        | xenCountsBalanced |
        | left-over-keeps-reference     | not fit to be taken | xenCountsBalanced |
        | linear-count-kept             | taken in part | xenLinearChainsShort |
        | linear-validated              | not taken yet | xenCountsBalanced |
