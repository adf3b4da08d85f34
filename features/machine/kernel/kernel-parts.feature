Feature: Parts of the kernels give the right answers
  Each row calls one function of a kernel, for numbers that no situation has.

  Rule: Small functions answer for every argument

    Scenario: Of two releases, the older one is known
      Then older gives
        | of | gives |
        | ["2.6.10-rc2", "2.6.10"] | 2.6.10-rc2 |
        | ["2.6.10.1", "2.6.10"] | 2.6.10 |
        | ["2.6.9", "2.6.10"] | 2.6.9 |
        | ["2.6.10-rc2", "2.6.10-rc10"] | 2.6.10-rc2 |
        | ["3.8", "3.8.0"] | neither |
        | ["3.8", "3.8.1"] | 3.8 |
        | ["3", "3.0"] | neither |
        | ["2.6.10", "2.6.10.0"] | neither |

    Scenario: With CONFIG_DEBUG_PREEMPT the preempt count warns ten before it overflows, and does not borrow from the softirqs
      Then preemptCount gives
        | of | gives |
        | [true, 244] | 0xf4 |
        | [true, 245] | 0xf5: WARNING: at kernel/sched.c add_preempt_count(): spinlock count overflowing soon (editor has preempt_count 0xf5) |
        | [false, 245] | 0xf5 |
        | [true, 256, 244] | 0x1f4 |
        | [true, 256, 1, -1, -1] | 0x100: WARNING: at kernel/sched.c sub_preempt_count(): the spinlock portion is underflowing (editor has preempt_count 0x100) |
        | [true, 256, 254, -254] | 0x100: WARNING: at kernel/sched.c add_preempt_count(): spinlock count overflowing soon (editor has preempt_count 0x1fe) |
        | [true, 256, -256] | 0x0 |
        | [true, 511, -255] | 0x100: WARNING: at kernel/sched.c add_preempt_count(): spinlock count overflowing soon (editor has preempt_count 0x1ff) |
        | [true, 256, -255] | 0x1 |
        | [false, 256, -1] | 0xff |

    Scenario: The tasks of a run queue are in the order of their names, each once
      Then queued gives
        | of | gives |
        | ["b", "a", "c"] | a, b, c |
        | ["c", "b", "a", "b"] | a, b, c |
        | ["a", "b", "-a", "-c"] | b |
        | ["b", "d", "a", "c", "-a", "a"] | a, b, c, d |
