Feature: Kernel variables are named words of memory
  A race about memory order is about words of memory: a store waits in one CPU's buffer while another CPU reads. So the
  variables that take part are laid out in memory without overlap, and every access to them goes through the processor's
  store buffer. Paths, traces and witnesses refer to them by name.

  Rule: No two variables overlap

    Scenario: Each variable gets its own cache line, unless it is given an address
      Given the kernel variables:
        | name      | width | of         | at         |
        | first     | u32   | all        |            |
        | second    | s64   | all        |            |
        | third     | u32   | all        | 0x00300400 |
        | tlb_gen   | s64   | editor.mm  |            |
        | mm_mask() | u32   | browser.mm |            |
      When the variables are laid out
      Then "first" lies at 0x00300000
      And "third" lies at 0x00300400
      And "editor.mm->tlb_gen" lies at 0x00300440
      And "mm_mask(browser.mm)" lies at 0x00300480
      And the words from "second" on are called "second" and "second, high half"

    Scenario Outline: <what> is refused in one line
      Given the kernel variables:
        | name  | width   | at         |
        | first | u32     | 0x00300004 |
        | <name> | <width> | <at>      |
      When the variables are laid out
      Then the mistake is "<mistake>"

      Examples:
        | what                          | name   | width | at         | mistake                                                                                          |
        | An overlap                    | second | u8    | 0x00300007 | second cannot lie at 0x00300007: first lies from 0x00300004 to 0x00300007                        |
        | An overlap from below         | second | s64   | 0x00300000 | second cannot lie at 0x00300000: first lies from 0x00300004 to 0x00300007                        |
        | A place that is not aligned   | second | s64   | 0x0030000c | second cannot lie at 0x0030000c: a variable of 64 bits begins at a multiple of 8                 |
        | A place among the page tables | second | u32   | 0x00400000 | second cannot lie at 0x00400000: the kernel's variables lie from 0x00300000 to 0x003fffff        |
        | A name that is taken          | first  | u32   |            | first is declared twice                                                                          |
        | The name of a register        | cpu0.cr3 | u32 |            | cpu0.cr3 is the name of something else in this machine                                           |

    Scenario Outline: <what> is refused in one line that names the legal ones
      Given the kernel variables:
        | name  | width | of       |
        | count | u16   | all      |
        | lazy  | bool  | each CPU |
      And a CPU that runs "<line>"
      When every interleaving of these lines is explored under SC
      Then the mistake is "<mistake>"

      Examples:
        | what                       | line                     | mistake                                                                    |
        | An unknown name            | READ_ONCE(cuont)         | no variable is called cuont; there are count, per_cpu(lazy, 0)             |
        | A value that does not fit  | WRITE_ONCE(count, 70000) | count cannot hold this: 70000 needs more than 16 bits                      |

  Rule: A later load can pass a store unless something orders them

    Scenario Outline: Two CPUs store and then load, with <between> in between, under <order>
      Given the kernel variables:
        | name  | initially |
        | mine  | 0         |
        | yours | 0         |
        | other | 0         |
      And a CPU that runs "WRITE_ONCE(mine, 1); <between>; note READ_ONCE(yours)"
      And a CPU that runs "WRITE_ONCE(yours, 1); <between>; note READ_ONCE(mine)"
      When every interleaving of these lines is explored under <order>
      Then the possible results are "<outcomes>"

      Examples: What a store buffer lets through
        | between                    | order | outcomes           |
        | barrier()                  | SC    | 0 1, 1 1           |
        | barrier()                  | TSO   | 0 0, 0 1, 1 0, 1 1 |
        | smp_wmb()                  | TSO   | 0 0, 0 1, 1 0, 1 1 |
        | smp_rmb()                  | TSO   | 0 0, 0 1, 1 0, 1 1 |
        | smp_store_release(other, 1) | TSO  | 0 0, 0 1, 1 0, 1 1 |
        | __set_bit(3, other)        | TSO   | 0 0, 0 1, 1 0, 1 1 |
        | test_bit(3, other)         | TSO   | 0 0, 0 1, 1 0, 1 1 |

      Examples: What is a full barrier
        | between                    | order | outcomes           |
        | smp_mb()                   | TSO   | 0 1, 1 1           |
        | set_bit(3, other)          | TSO   | 0 1, 1 1           |
        | test_and_clear_bit(3, other) | TSO | 0 1, 1 1           |
        | atomic_inc(other)          | TSO   | 0 1, 1 1           |
        | xchg(other, 1)             | TSO   | 0 1, 1 1           |
        | cmpxchg(other, 7, 1)       | TSO   | 0 1, 1 1           |
        | cpumask_set_cpu(other)     | TSO   | 0 1, 1 1           |

  Rule: A locked read-modify-write is one access, and any other is two

    Scenario Outline: Two CPUs each set a bit by <call>, under <order>
      Given the kernel variables:
        | name | initially |
        | mask | 0         |
      And a CPU that runs "<call>(0, mask); note READ_ONCE(mask)"
      And a CPU that runs "<call>(1, mask)"
      When every interleaving of these lines is explored under <order>
      Then the possible results are "<outcomes>"

      Examples:
        | call      | order | outcomes |
        | set_bit   | SC    | 1, 3     |
        | set_bit   | TSO   | 1, 3     |
        | __set_bit | SC    | 1, 2, 3  |
        | __set_bit | TSO   | 1, 2, 3  |

    Scenario Outline: Two CPUs that add under a lock lose no update, under <order>
      Given the kernel variables:
        | name  | initially |
        | lock  | 0         |
        | count | 0         |
      And a CPU that runs "<code>; note atomic_inc_return(count)"
      And a CPU that runs "<code>; note atomic_inc_return(count)"
      When every interleaving of these lines is explored under <order>
      Then the possible results are "1 2"

      Examples:
        | order | code                                                    |
        | SC    | arch_spin_lock(lock); read(count); arch_spin_unlock(lock) |
        | TSO   | arch_spin_lock(lock); read(count); arch_spin_unlock(lock) |

    Scenario Outline: A lock orders the accesses that it protects, under <order>
      Given the kernel variables:
        | name | initially |
        | lock | 0         |
        | here | 0         |
        | gone | 0         |
      And a CPU that runs "arch_spin_lock(lock); write(here, 1); write(gone, 1); arch_spin_unlock(lock)"
      And a CPU that runs "arch_spin_lock(lock); note read(gone); note read(here); arch_spin_unlock(lock)"
      When every interleaving of these lines is explored under <order>
      Then the possible results are "0 0, 1 1"

      Examples:
        | order |
        | SC    |
        | TSO   |

    Scenario: Two locks taken in opposite orders can deadlock
      Given the kernel variables:
        | name | initially |
        | one  | 0         |
        | two  | 0         |
      And a CPU that runs "arch_spin_lock(one); arch_spin_lock(two)"
      And a CPU that runs "arch_spin_lock(two); arch_spin_lock(one)"
      When every interleaving of these lines is explored under TSO
      Then a deadlock over "two" is found

    Scenario Outline: Readers of a semaphore share it, and a writer has it alone (<second>)
      Given the kernel variables:
        | name | initially |
        | sem  | 0         |
        | here | 0         |
        | gone | 0         |
      And a CPU that runs "down_write(sem); write(here, 1); write(gone, 1); <end>"
      And a CPU that runs "down_read(sem); note read(gone); note read(here); up_read(sem)"
      And a CPU that runs "<second>"
      When every interleaving of these lines is explored under TSO
      Then the possible results are "0 0, 1 1"

      Examples:
        | end                                                 | second                     |
        | up_write(sem)                                       | down_read(sem); up_read(sem) |
        | downgrade_write(sem); up_read(sem)                  | down_read(sem); up_read(sem) |
        | up_write(sem)                                       | down_write(sem); up_write(sem) |

    Scenario Outline: A writer that has become a reader lets readers in, and no writer (<tried>)
      Given the kernel variables:
        | name | initially |
        | sem  | 1         |
        | done | 0         |
      And a CPU that runs "downgrade_write(sem); WRITE_ONCE(done, 1)"
      And a CPU that runs "note <tried>; note READ_ONCE(done)"
      When every interleaving of these lines is explored under SC
      Then the possible results are "<outcomes>"

      Examples:
        | tried                   | outcomes                           |
        | down_read_trylock(sem)  | false 0, false 1, true 0, true 1   |
        | down_write_trylock(sem) | false 0, false 1                   |

    Scenario: A reader that asks to be the writer waits for itself
      Given the kernel variables:
        | name | initially |
        | sem  | 0         |
      And a CPU that runs "down_read(sem); down_write(sem)"
      When every interleaving of these lines is explored under SC
      Then a deadlock over "sem" is found

    Scenario: Of two CPUs, only one gets the lock by trylock, and only one drops the last reference
      Given the kernel variables:
        | name | initially |
        | lock | 0         |
        | refs | 2         |
      And a CPU that runs "note arch_spin_trylock(lock); note atomic_dec_and_test(refs)"
      And a CPU that runs "note arch_spin_trylock(lock); note atomic_dec_and_test(refs)"
      When every interleaving of these lines is explored under SC
      Then the possible results are "true false false true"

  Rule: A 64-bit store is seen as a whole, and an 8-bit store leaves its neighbours unchanged

    Scenario Outline: A 64-bit counter that crosses 2^32 is never seen half updated, under <order>
      Given the kernel variables:
        | name | width | initially  |
        | gen  | s64   | 4294967295 |
      And a CPU that runs "WRITE_ONCE(gen, 4294967296)"
      And a CPU that runs "note READ_ONCE(gen)"
      When every interleaving of these lines is explored under <order>
      Then the possible results are "4294967295, 4294967296"

      Examples:
        | order |
        | SC    |
        | TSO   |

    Scenario: Two CPUs that store two bytes of one word lose neither
      Given the kernel variables:
        | name | width | at         | initially |
        | low  | u8    | 0x00300000 | 0         |
        | high | u8    | 0x00300001 | 0         |
      And a CPU that runs "WRITE_ONCE(low, 1); smp_mb(); atomic_inc(low); note READ_ONCE(low)"
      And a CPU that runs "WRITE_ONCE(high, 5); smp_mb(); note READ_ONCE(high)"
      When every interleaving of these lines is explored under TSO
      Then the possible results are "2 5, 5 2"

    Scenario: A CPU reads its own byte from its buffer, and the other from memory
      Given the kernel variables:
        | name | width | at         | initially |
        | low  | u8    | 0x00300000 | 3         |
        | high | u8    | 0x00300001 | 4         |
      And a CPU that runs "WRITE_ONCE(low, 1); note READ_ONCE(low); note READ_ONCE(high)"
      When every interleaving of these lines is explored under TSO
      Then the possible results are "1 4"

  Rule: Each CPU has its own copy of a per-CPU variable, and each object its own copy of a field

    Scenario: A per-CPU pointer differs from CPU to CPU
      Given the kernel variables:
        | name                    | width   | of       | initially  |
        | cpu_tlbstate.loaded_mm  | pointer | each CPU | browser.mm |
      And a CPU that runs "this_cpu_write(cpu_tlbstate.loaded_mm, editor.mm); note this_cpu_read(cpu_tlbstate.loaded_mm)"
      And a CPU that runs "note this_cpu_read(cpu_tlbstate.loaded_mm)"
      When every interleaving of these lines is explored under TSO
      Then the possible results are "browser.mm editor.mm, editor.mm browser.mm"

  Rule: A trace shows variables and pointers by name

    Scenario: A trace shows a store that waits in the buffer and then reaches memory
      Given the kernel variables:
        | name      | width   | of       | initially  |
        | loaded_mm | pointer | each CPU | browser.mm |
        | gen       | u32     | all      | 4          |
      And a CPU that runs "this_cpu_write(loaded_mm, editor.mm); atomic_inc(gen); note READ_ONCE(gen)"
      When every interleaving of these lines is explored under TSO
      Then a run that ends with "5" shows these changes:
        | this_cpu_write(loaded_mm, editor.mm) | cpu0.buffer           |            | per_cpu(loaded_mm, 0) = editor.mm |
        | atomic_inc(&gen)                     | cpu0.buffer           | per_cpu(loaded_mm, 0) = editor.mm | |
        | atomic_inc(&gen)                     | per_cpu(loaded_mm, 0) | browser.mm | editor.mm              |
        | atomic_inc(&gen)                     | gen                   | 4          | 5                      |
