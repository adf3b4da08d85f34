Feature: What almost looks like a patch is tried too
  A patch is shown to be right only if the fixes that resemble it are shown to be wrong, or right as well. So every fix within one
  edit of it is derived from the source of the kernel paths and explored as the patch is. All of them are in one program, and a
  number switches one on.

  Rule: A mutation that is switched on does what an edit of the file would do

    Scenario: Several mutations of one function, and of a function inside it
      Given this module
        """
        const last = (list: number[]): number => list[list.length - 1]!;
        export function answer(list: number[]): string {
          const doubled = list.map((n) => n * 2);
          return `${last(doubled)} of ${list.length}`;
        }
        """
      And these mutations of it
        | number | replaces            | by                   |
        | 1      | n * 2               | n * 3                |
        | 2      | list.length - 1     | 0                    |
        | 3      | of ${list.length}   | of ${doubled.length + 1} |
      When the mutations are switched on one after the other
      Then answer([1, 2, 3]) is
        | number | result |
        | 0      | 6 of 3 |
        | 1      | 9 of 3 |
        | 2      | 2 of 3 |
        | 3      | 6 of 4 |

    Scenario: What only happens while a module is loaded cannot be switched
      Given this module
        """
        const step = 2;
        export const answer = (list: number[]): string => String(list.length * step);
        """
      And these mutations of it
        | number | replaces    | by  |
        | 1      | = 2         | = 3 |
        | 2      | list.length | 1   |
      When the mutations are switched on one after the other
      Then only mutation 1 needs a program of its own
      And answer([1, 2, 3]) is
        | number | result |
        | 0      | 6      |
        | 2      | 2      |

    Scenario: The compiler is asked about all of them at once
      Given this module
        """
        export function answer(list: number[]): string {
          const count = list.length;
          return String(count);
        }
        """
      And these mutations of it
        | number | replaces          | by                    |
        | 1      | String(count)     | count                 |
        | 2      | list.length       | list.length + 1       |
        | 3      | const count       | const one = count; const count |
      When the compiler reads them
      Then it complains of mutations 1 and 3

  Rule: The neighbours of a patch are read off the source

    Scenario: A guard around one line
      Given these paths of a kernel
        """
        export const flush = path(function* flush(k: Kernel): Path {
          if (k.after('flush/guard')) yield* preempt_disable(k);
          if (k.before('flush/atomic')) yield* read_cr3();
          yield* write_cr3();
          if (k.after('flush/guard')) yield* preempt_enable(k);
        });
        """
      When its neighbours under the hunk "flush/guard" are listed
      Then for "preempt_disable(k)" they are
        """
        left out
        moved down 1, behind read_cr3()
        moved down 2, behind write_cr3()
        moved down 3, behind preempt_enable(k)
        exchanged with preempt_enable(k)
        preempt_disable() and what ends it replaced by local_bh_disable() and what ends that
        preempt_disable() and what ends it replaced by local_irq_disable() and what ends that
        preempt_disable() and what ends it replaced by local_irq_save() and what ends that
        preempt_disable() and what ends it left out
        """

    Scenario: A path that only the patch comes to is the patch's own
      Given these paths of a kernel
        """
        export const pin = path(function* pin(k: Kernel, page: Page): Path {
          let locked = false;
          if (k.after('pin/lock')) locked = yield* lock(k, page);
          yield* make_read_only(page);
          if (locked) yield* unlock(k, page);
        });

        const lock = path(function* lock(k: Kernel, page: Page): Path<boolean> {
          if (page.isHigh) return false;
          yield* spin_lock(k, page);
          return true;
        });
        """
      When its neighbours under the hunk "pin/lock" are listed
      Then for "if (page.isHigh) return false" they are
        """
        left out
        moved down 1, behind spin_lock(k, page)
        moved before each call of lock()
        if (page.isHigh) negated
        if (page.isHigh) always
        """
      And for "if (locked) unlock(k, page)" they are
        """
        left out
        moved up 2, before locked = lock(k, page)
        moved up 1, before make_read_only(page)
        if (locked) negated
        if (locked) always
        """

  Rule: Every neighbour has an answer, and whoever is right in its own way a reason

    Scenario Outline: The answers that are kept about <subject>
      When the answers about "<subject>" are held against the source
      Then no neighbour is without an answer, and none is right without a reason

      Examples:
        | subject           |
        | switch-mm-barrier |
        | vmi-boot          |

    Scenario: A sample is tried again
      When every tenth neighbour of "switch-mm-barrier" is explored again
      Then each gets the answer that was kept

    Scenario: One that is new, and one that nobody has looked at
      When the neighbours "moved down", "moved up" and "left out" are held against these answers
        | neighbour | answer     |
        | moved up  | also right |
        | left out  | rejected   |
      Then the complaints are
        """
        new, without an answer: moved down
        also right, and nobody has said why: moved up
        """
