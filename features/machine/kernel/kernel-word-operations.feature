Feature: Each operation on a kernel variable returns and leaves what the kernel's documentation says
  One line of code at a time, on one CPU: what it returns, and what the variable holds afterwards. The next feature to read
  is kernel-words.feature, in which several CPUs work on the same variables.

  Rule: Each operation returns the documented value, and leaves the documented value in the variable

    Scenario Outline: <line>, on <initially>, gives <outcome>
      Given the kernel variables:
        | name | width   | initially   |
        | v    | <width> | <initially> |
      And a CPU that runs "<line>; note read(v)"
      When every interleaving of these lines is explored under TSO
      Then the possible results are "<outcome>"

      Examples: Documentation/atomic_t.txt: the ones that return nothing
        | line              | width | initially  | outcome    |
        | atomic_add(5, v)  | u32   | 2          | 7          |
        | atomic_sub(5, v)  | u32   | 7          | 2          |
        | atomic_inc(v)     | u32   | 4294967295 | 0          |
        | atomic_dec(v)     | u32   | 7          | 6          |
        | atomic_set(v, 9)  | u32   | 7          | 9          |
        | smp_store_release(v, 9) | u32 | 7      | 9          |

      Examples: what they return is signed, and is what is there afterwards, but for xchg and cmpxchg
        | line                            | width | initially  | outcome                |
        | note atomic_add_return(5, v)    | u32   | 2          | 7 7                    |
        | note atomic_inc_return(v)       | u32   | 2147483647 | -2147483648 2147483648 |
        | note atomic_inc_return(v)       | u32   | 2147483646 | 2147483647 2147483647  |
        | note atomic_inc_return(v)       | u32   | 4294967295 | 0 0                    |
        | note atomic_dec_return(v)       | u32   | 1          | 0 0                    |
        | note atomic_inc_return(v)       | s64   | 4294967295 | 4294967296 4294967296  |
        | note atomic_dec_return(v)       | s64   | 0          | -1 -1                  |
        | note atomic_dec_and_test(v)     | u32   | 1          | true 0                 |
        | note atomic_dec_and_test(v)     | u32   | 2          | false 1                |
        | note atomic_inc_not_zero(v)     | u32   | 0          | false 0                |
        | note atomic_inc_not_zero(v)     | u32   | 3          | true 4                 |
        | note xchg(v, 5)                 | u32   | 3          | 3 5                    |
        | note cmpxchg(v, 3, 5)           | u32   | 3          | 3 5                    |
        | note cmpxchg(v, 2, 5)           | u32   | 3          | 3 3                    |
        | note atomic_read(v)             | u32   | 3          | 3 3                    |
        | note smp_load_acquire(v)        | u32   | 3          | 3 3                    |

      Examples: bits: what is returned is whether the bit was set before
        | line                            | width | initially  | outcome          |
        | set_bit(31, v)                  | u32   | 1          | 2147483649       |
        | set_bit(0, v)                   | u32   | 1          | 1                |
        | clear_bit(31, v)                | u32   | 2147483649 | 1                |
        | clear_bit(1, v)                 | u32   | 5          | 5                |
        | __set_bit(2, v)                 | u32   | 3          | 7                |
        | __clear_bit(2, v)               | u32   | 7          | 3                |
        | __clear_bit(2, v)               | u32   | 3          | 3                |
        | note test_bit(2, v)             | u32   | 4          | true 4           |
        | note test_bit(2, v)             | u32   | 11         | false 11         |
        | note test_and_set_bit(2, v)     | u32   | 3          | false 7          |
        | note test_and_set_bit(2, v)     | u32   | 7          | true 7           |
        | note test_and_clear_bit(2, v)   | u32   | 7          | true 3           |
        | note test_and_clear_bit(2, v)   | u32   | 3          | false 3          |
        | cpumask_set_cpu(v)              | u32   | 6          | 7                |
        | cpumask_clear_cpu(v)            | u32   | 7          | 6                |
        | note cpumask_test_cpu(v)        | u32   | 6          | false 6          |
        | note cpumask_test_cpu(v)        | u32   | 1          | true 1           |
        | note cpumask_any_but(v)         | u32   | 7          | 6 7              |
        | note cpumask_copy(v)            | u32   | 7          | 7 7              |

      Examples: locks: a CPU's lock word is its number plus one
        | line                                              | width | initially | outcome  |
        | note arch_spin_trylock(v)                         | u32   | 0         | true 1   |
        | note arch_spin_trylock(v)                         | u32   | 2         | false 2  |
        | note arch_spin_is_locked(v)                       | u32   | 2         | true 2   |
        | note arch_spin_is_locked(v)                       | u32   | 0         | false 0  |
        | arch_spin_lock(v); arch_spin_unlock(v)            | u32   | 0         | 0        |

      Examples: semaphores: bit 0 is the writer, and each reader counts 256
        | line                                              | width | initially | outcome   |
        | down_read(v)                                      | u32   | 256       | 512       |
        | up_read(v)                                        | u32   | 512       | 256       |
        | down_write(v)                                     | u32   | 0         | 1         |
        | up_write(v)                                       | u32   | 1         | 0         |
        | downgrade_write(v)                                | u32   | 1         | 256       |
        | note down_read_trylock(v)                         | u32   | 256       | true 512  |
        | note down_read_trylock(v)                         | u32   | 1         | false 1   |
        | note down_write_trylock(v)                        | u32   | 0         | true 1    |
        | note down_write_trylock(v)                        | u32   | 256       | false 256 |

      Examples: widths: small ones wrap, and a negative number is stored in two's complement
        | line                       | width | initially | outcome     |
        | WRITE_ONCE(v, -1)          | u8    | 0         | 255         |
        | WRITE_ONCE(v, -128)        | u8    | 0         | 128         |
        | WRITE_ONCE(v, 255)         | u8    | 0         | 255         |
        | WRITE_ONCE(v, 65535)       | u16   | 0         | 65535       |
        | WRITE_ONCE(v, -32768)      | u16   | 0         | 32768       |
        | WRITE_ONCE(v, -1)          | u32   | 0         | 4294967295  |
        | WRITE_ONCE(v, -4294967296) | s64   | 0         | -4294967296 |
        | WRITE_ONCE(v, 9007199254740991) | s64 | 0      | 9007199254740991 |
        | atomic_inc(v)              | u8    | 255       | 0           |
        | WRITE_ONCE(v, NULL)        | pointer | editor.mm | NULL      |
        | WRITE_ONCE(v, browser.mm)  | pointer | editor.mm | browser.mm |

    Scenario Outline: <value> does not fit into <width>
      Given the kernel variables:
        | name | width   | initially |
        | v    | <width> | 0         |
      And a CPU that runs "WRITE_ONCE(v, <value>)"
      When every interleaving of these lines is explored under SC
      Then the mistake is "v cannot hold this: <value> <reason>"

      Examples:
        | width | value            | reason                  |
        | u8    | 256              | needs more than 8 bits  |
        | u8    | -129             | needs more than 8 bits  |
        | u16   | 65536            | needs more than 16 bits |
        | u16   | -32769           | needs more than 16 bits |
        | u32   | 4294967296       | needs more than 32 bits |
        | u32   | -2147483649      | needs more than 32 bits |
        | s64   | 9007199254740992 | is beyond 2^53          |
