Feature: The suite notices changes of the machine
  A scenario that looks at no effect passes whatever the machine does. So small changes are made in the machine, one at a time,
  and the scenarios that come to the changed place are run: one of them should fail. `npm run mutants` does this for a sample; it
  takes too long for every run, so here only its parts are looked at.

  Rule: A change is one that an engineer might have written instead

    Scenario: The mutants of a function are listed
      Given this module
        """
        export function middle(list: number[]): number {
          if (list.length > 2 && list.every((n) => n < 9)) list.sort();
          return list[list.length >> 1]!;
        }
        """
      When its mutants are listed
      Then they are
        """
        2 list.length > 2 && list.every((n) => n < 9) -> !(list.length > 2 && list.every((n) => n < 9))
        2 list.length > 2 && list.every((n) => n < 9) -> (list.length > 2 && list.every((n) => n < 9)) || true
        2 list.length > 2 && list.every((n) => n < 9) -> (list.length > 2 && list.every((n) => n < 9)) && false
        2 list.length > 2 && list.every((n) => n < 9) -> list.length > 2 || list.every((n) => n < 9)
        2 list.length > 2 && list.every((n) => n < 9) -> list.length > 2
        2 list.length > 2 && list.every((n) => n < 9) -> list.every((n) => n < 9)
        2 list.length > 2 -> list.length >= 2
        2 list.length > 2 -> list.length <= 2
        2 2 -> 3
        2 2 -> 1
        2 list.every((n) => n < 9) -> list.some((n) => n < 9)
        2 n < 9 -> n <= 9
        2 n < 9 -> n >= 9
        2 9 -> 10
        2 9 -> 8
        2 list.sort(); -> ;
        2 list.sort() -> list
        3 list.length >> 1 -> list.length << 1
        3 1 -> 2
        3 1 -> 0
        """

    Scenario: The seed decides which mutants are tried
      When mutants of "machine/state" are drawn with the seeds
        | 7 |
        | 7 |
        | 8 |
      Then the first two draws are equal, the third has the same mutants in another order

    Scenario: Each fault that once went unnoticed still has its place in the source
      Given the faults that were once put in by hand
      Then each of the 25 still stands for one place in the source

    Scenario: Edits are applied in order of position; at one position, insertions come first, in their own order
      When "abcdef" gets these edits
        | from | to | by |
        | 4    | 5  | X  |
        | 1    | 2  | Y  |
        | 1    | 1  | 1  |
        | 1    | 1  | 2  |
      Then it becomes "a12YcdXf"

  Rule: A mutant that changes nothing is listed with its reason

    Scenario: Each entry of the list is about one mutant of the source
      Then each entry of the list of equal mutants is about one mutant of the source

    Scenario: Equivalent mutants are counted apart, and a list entry that a scenario contradicts is reported
      When all mutants of a file that has equal mutants survive, and then all are noticed
      Then the table counts them apart with their reasons, and then says that their entries are wrong

  Rule: Only scenarios that reach the place can notice a change, and none of them runs without end

    Scenario: The blocks of a module that a run has reached are noted, and a run without end is given up
      Given this module
        """
        export function count(rounds: number): string {
          let done = 0;
          while (done < rounds) {
            if (done % 2 === 0) done += 1;
            else done += 2;
          }
          return rounds > 5 ? 'many' : `${done}`;
        }
        """
      When it is loaded with its blocks noted and at most 12 steps
      Then count(1) is "1", and these blocks were run: "count#1, count#2, count#3, count#6"
      And count(6) is "many", and these blocks were run: "count#1, count#2, count#3, count#4, count#5"
      And count(99) is given up after too many steps

  Rule: A sample gives an estimate for all mutants, with its uncertainty

    Scenario Outline: <hits> of <tries> noticed mutants give an interval for all
      When <hits> of <tries> mutants were noticed
      Then between <low> % and <high> % of all are

      Examples:
        | hits | tries | low | high |
        | 450  | 500   | 87  | 92   |
        | 9    | 10    | 60  | 98   |
        | 10   | 10    | 72  | 100  |
