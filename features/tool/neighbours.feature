Feature: Fixes that are almost the patch are tried too
  To see that a patch is right, one must also see that each similar fix is wrong, or that it is right as well. So every fix
  within one edit of the patch is derived from the source of the kernel paths and explored like the patch. One program
  contains all of them, and a number selects one.

  Rule: A mutation that is switched on has the same effect as editing the file

    Scenario: Mutations of one function, and of a function inside it, can be switched on one by one
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

    Scenario: A mutation of code that runs while a module is loaded cannot be switched
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

    Scenario: A module may use the names that the translation uses
      Given this module
        """
        export const key = 'k', from = 'f', target = 't', value = 'v', all = 'a', name = 'n', to = 'o', except = 'e', desc = 'd';
        export const answer = (list: number[]): string => [key, from, target, value, all, name, to, except, desc].join('') + list.length;
        """
      And these mutations of it
        | number | replaces    | by |
        | 1      | list.length | 9  |
      When the mutations are switched on one after the other
      Then answer([1, 2, 3]) is
        | number | result     |
        | 0      | kftvanoed3 |
        | 1      | kftvanoed9 |

    Scenario: The compiler checks all mutations at once
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

  Rule: The neighbours of a patch are derived from the source

    Scenario: The neighbours of a guard around one line are listed
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

    Scenario: A path that is reached only with the patch is part of the patch
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

    Scenario: The texts of neighbours that reach into other paths, and into blocks
      Given these paths of a kernel
        """
        export const both = path(function* both(k: Kernel, one: Page, two: Page): Path {
          yield* first(k, one) && (yield* first(k, two));
        });
        const first = path(function* first(k: Kernel, page: Page): Path<boolean> {
          if (k.after('pin/note')) yield* note(page);
          if (page.isHigh && k.since('2.6.25')) { yield* one(page); yield* two(page); }
          const flags = yield* local_irq_save(k);
          if (k.after('pin/note') && page.isLow) yield* pin(page, 1);
          yield* local_irq_restore(k, flags);
        });
        """
      When its neighbours under the hunk "pin/note" are listed
      Then each of them turns the paths into
        """
        note(page): left out
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note') && page.isLow) pin(page, 1); local_irq_restore(k, flags); });
        note(page): moved down 1, behind if (page.isHigh && k.since('2.6.25')) { one(page); two(pa…
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } if (k.after('pin/note')) note(page); const flags = local_irq_save(k); if (k.after('pin/note') && page.isLow) pin(page, 1); local_irq_restore(k, flags); });
        note(page): moved down 2, behind const flags = local_irq_save(k)
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note')) note(page); if (k.after('pin/note') && page.isLow) pin(page, 1); local_irq_restore(k, flags); });
        note(page): moved down 3, behind if (page.isLow) pin(page, 1)
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note') && page.isLow) pin(page, 1); if (k.after('pin/note')) note(page); local_irq_restore(k, flags); });
        note(page): moved down 4, behind local_irq_restore(k, flags)
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note') && page.isLow) pin(page, 1); local_irq_restore(k, flags); if (k.after('pin/note')) note(page); });
        note(page): moved into the beginning of if (page.isHigh && k.since('2.6.25')) { one(page); two(pa…
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { if (k.after('pin/note')) note(page); one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note') && page.isLow) pin(page, 1); local_irq_restore(k, flags); });
        note(page): moved into the end of if (page.isHigh && k.since('2.6.25')) { one(page); two(pa…
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { one(page); two(page); if (k.after('pin/note')) note(page); } const flags = local_irq_save(k); if (k.after('pin/note') && page.isLow) pin(page, 1); local_irq_restore(k, flags); });
        note(page): moved before each call of first()
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { if (k.after('pin/note')) note(one); if (k.after('pin/note')) note(two); first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note') && page.isLow) pin(page, 1); local_irq_restore(k, flags); });
        note(page): exchanged with if (page.isLow) pin(page, 1)
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (k.after('pin/note') && page.isLow) pin(page, 1); if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note')) note(page); local_irq_restore(k, flags); });
        if (page.isLow) pin(page, 1): left out
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (k.after('pin/note')) note(page); if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); local_irq_restore(k, flags); });
        if (page.isLow) pin(page, 1): moved up 3, before note(page)
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (k.after('pin/note') && page.isLow) pin(page, 1); if (k.after('pin/note')) note(page); if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); local_irq_restore(k, flags); });
        if (page.isLow) pin(page, 1): moved up 2, before if (page.isHigh && k.since('2.6.25')) { one(page); two(pa…
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (k.after('pin/note')) note(page); if (k.after('pin/note') && page.isLow) pin(page, 1); if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); local_irq_restore(k, flags); });
        if (page.isLow) pin(page, 1): moved up 1, before const flags = local_irq_save(k)
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (k.after('pin/note')) note(page); if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } if (k.after('pin/note') && page.isLow) pin(page, 1); const flags = local_irq_save(k); local_irq_restore(k, flags); });
        if (page.isLow) pin(page, 1): moved down 1, behind local_irq_restore(k, flags)
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (k.after('pin/note')) note(page); if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); local_irq_restore(k, flags); if (k.after('pin/note') && page.isLow) pin(page, 1); });
        if (page.isLow) pin(page, 1): without the condition page.isLow
            export const both = path(function* both(k: Kernel, one: Page, two: Page): Path { first(k, one) && (first(k, two)); }); const first = path(function* first(k: Kernel, page: Page): Path<boolean> { if (k.after('pin/note')) note(page); if (page.isHigh && k.since('2.6.25')) { one(page); two(page); } const flags = local_irq_save(k); if (k.after('pin/note') && true) pin(page, 1); local_irq_restore(k, flags); });
        """

  Rule: Every neighbour has an answer, and one that is also right has a reason

    Scenario: The recorded answers about every patch are complete, and each rejected neighbour has the run that shows why
      When the answers about every patch, and about "vmi-lazy@corrected", are compared with the source
      Then no neighbour is without an answer, and none is right without a reason

    Scenario: The recorded runs of rejected neighbours still fail
      When the recorded runs of every tenth rejected neighbour of every patch, and of the first to break each invariant, are performed again
      Then each breaks what it was recorded to break

    Scenario: A sample of the neighbours gets the recorded answers again
      When every tenth neighbour of "switch-mm-barrier" is explored again
      Then each gets the answer that was kept

    Scenario: If the patch itself fails, a neighbour that differs only after that failure is judged no worse
      When these neighbours of "vmi-lazy" are judged in "vmi-lazy/kmap (preempt=false)" alone
        | if (new_mode !== NONE) irqs_off(k): moved down 2, behind callRom(k, 'SetLazyMode', [new_mode]) |
        | if (new_mode !== NONE) irqs_off(k): moved up 4, before if (lacksSetLazyMode(k)) return         |
        | if (new_mode !== NONE) irqs_off(k): left out                                                   |
        | if (new_mode === NONE) irqs_back(k): moved down 2, behind set_mode(k, new_mode)                |
        | set_mode(k, new_mode): left out                                                                |
        | local_irq_save() and what ends it left out                                                     |
        | a line that cannot be read                                                                     |
      Then their answers, and how many outcomes only one side has, are
        | answer     | breaks                  | only the neighbour | only the patch |
        | no worse   |                         | 1                  | 0              |
        | the same   |                         | 0                  | 0              |
        | rejected   | switchWithInterruptsOff | 0                  | 0              |
        | also right |                         | 0                  | 1              |
        | also right |                         | 2                  | 3              |
        | rejected   | noHandlerAmongUpdates   | 0                  | 0              |
        | does not build |                     | 0                  | 0              |

    Scenario: If a thread cannot do what it is asked for, the command is told why and does not wait for it
      When a thread is asked to run "vmi-lazy/kmup", which does not exist
      Then the command is told that "did you mean vmi-lazy/kmap?"

    Scenario: The recorded answers are printed at once, with how far each line of the patch may move
      When the user types "paravirt-spec neighbours switch-mm-barrier --recorded"
      Then it exits with 0
      And it prints "61 neighbours in 7 situations"
      And it prints "may move down 5 lines, not 6; not up"

    Scenario: A neighbour without an answer, one without a reason, and one without its run are reported
      When the neighbours "moved down", "moved up" and "left out" are compared with these answers
        | neighbour | answer     |
        | moved up  | also right |
        | left out  | rejected   |
      Then the complaints are
        """
        new, without an answer: moved down
        also right, and no reason is given: moved up
        rejected, without the run that shows it: left out
        """
