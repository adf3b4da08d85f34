Feature: Each processor has a store buffer, as on x86
  A store becomes visible to other processors later than to its own. Kernels that overlook this lose wake-ups and TLB
  flushes, and a machine without store buffers would call them correct. The tests are those of the Intel and AMD manuals
  and of the paper that defined x86-TSO. The feature about recordings checks hundreds more, with their complete outcomes.

  Rule: A load may pass an earlier store of its own processor to another address

    Scenario Outline: Allowed: <name>
      Given these processors, with zeroes in memory:
        | <first> | <second> | <third> |
      When every interleaving ends, with store buffers and without, and "<look at>" is examined
      Then "<state>" is possible with store buffers, and impossible without

      Examples:
        | name                                           | first                  | second                 | third        | look at | state   |
        | SB: both miss the other's store                | x = 1; a = y           | y = 1; b = x           |              | a b     | 0 0     |
        | SB of three: each misses the next one's store  | x = 1; a = y           | y = 1; b = z           | z = 1; c = x | a b c   | 0 0 0   |
        | Two stores wait as well as one                 | x = 1; x = 2; a = y    | y = 1; y = 2; b = x    |              | a b     | 1 1     |
        | Each reads its own store early                 | x = 1; a = x; b = y    | y = 1; c = y; d = x    |              | a b c d | 1 0 1 0 |
        | n1: a store overtaken by two others            | x = 2; a = y           | y = 1; x = 1           | b = x; c = x | a b c   | 0 1 2   |
        | n6: its own store is read before it is overrun | x = 1; a = x; b = y    | y = 2; x = 2           |              | a b x   | 1 0 1   |
        | n7: the reader sees the other order            | x = 1; a = x; b = y    | y = 1                  | c = y; d = x | a b c d | 1 0 1 0 |
        | n8: one locked instruction is not enough       | a = 1; a <-> x; b = y  | y = 1; c = x           |              | b c     | 0 0     |
        | R: a store and a load cross                    | x = 1; y = 1           | y = 2; a = x           |              | y a     | 2 0     |
        | RWC without a fence                            | x = 1                  | a = x; b = y           | y = 1; c = x | a b c   | 1 0 0   |
        | A fence on one side only                       | x = 1; mfence; a = y   | y = 1; b = x           |              | a b     | 0 0     |

  Rule: No other reordering is possible

    Scenario Outline: Forbidden: <name>
      Given these processors, with zeroes in memory:
        | <first> | <second> | <third> | <fourth> |
      When every interleaving ends, with store buffers and without, and "<look at>" is examined
      Then "<state>" is impossible
      But some other state is reached

      Examples: Loads and stores
        | name                                           | first               | second              | third               | fourth       | look at     | state       |
        | MP: stores are seen in order                   | x = 1; y = 1        | a = y; b = x        |                     |              | a b         | 1 0         |
        | LB: no store overtakes an earlier load         | a = x; y = 1        | b = y; x = 1        |                     |              | a b         | 1 1         |
        | IRIW: all agree on the order of two stores     | x = 1               | y = 1               | a = x; b = y        | c = y; d = x | a b c d     | 1 0 1 0     |
        | WRC: what was seen was seen by all             | x = 1               | a = x; y = 1        | b = y; c = x        |              | a b c       | 1 1 0       |
        | S: a store does not overtake                   | x = 2; y = 1        | a = y; x = 1        |                     |              | x a         | 2 1         |
        | 2+2W: two pairs of stores                      | x = 2; y = 1        | y = 2; x = 1        |                     |              | x y         | 2 2         |
        | Coherence: one location has one history        | x = 1               | x = 2               | a = x; b = x        | c = x; d = x | a b c d     | 1 2 2 1     |
        | A processor sees its own store                 | x = 1; a = x        | y = 1; b = y        |                     |              | a b         | 0 1         |
        | n2: two writers, two readers                   | y = 1; x = 1        | x = 2; z = 1        | a = x; b = x        | c = z; d = y | a b c d     | 1 2 1 0     |
        | n4: each reads what the other stored later     | a = x; x = 1; b = x | c = x; x = 2; d = x |                     |              | a b c d     | 2 1 1 2     |
        | n5: each ends with the other's store           | x = 1; a = x        | x = 2; b = x        |                     |              | a b         | 2 1         |

      Examples: Fences and locked instructions
        | name                                           | first                 | second                | third               | fourth              | look at     | state       |
        | SB with fences                                 | x = 1; mfence; a = y  | y = 1; mfence; b = x  |                     |                     | a b         | 0 0         |
        | SB with locked instructions                    | a = 1; a <-> x; b = y | c = 1; c <-> y; d = x |                     |                     | b d         | 0 0         |
        | A locked instruction is not passed by a store  | a = 1; a <-> x; y = 1 | b = y; c = x          |                     |                     | b c         | 1 0         |
        | All agree on the order of locked instructions  | a = 1; a <-> x        | b = 1; b <-> y        | c = x; d = y        | e = y; f = x        | c d e f     | 1 0 1 0     |
        | n3: a locked store and a plain one             | a = 1; a <-> x        | y = 1                 | b = y; c = x; d = x | e = x; f = y; g = y | b c d e f g | 1 0 1 1 0 1 |
        | RWC with a fence                               | x = 1                 | a = x; b = y          | y = 1; mfence; c = x |                    | a b c       | 1 0 0       |
        | Two exchange, and only one finds a zero        | a = 1; a <-> x        | b = 1; b <-> x        |                     |                     | a b         | 0 0         |
