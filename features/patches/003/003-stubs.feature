@seed:003 @patch:vmi-boot @i386
Feature: Without CONFIG_VMI the same calls compile and do nothing
  Take 2 put an #ifdef around each call. Greg Kroah-Hartman asked for no #ifdef in a
  .c file, so take 3 used empty macros and take 4 static inline functions. H. Peter
  Anvin said what a macro should look like if it must be one. If the machine has a C
  compiler, it is asked too.

  Rule: A stub can be called in the same way as the function

    @claim:003.15
    Scenario: Six forms of a stub are compared with a function
      When a C compiler is asked about each form
      Then it answers:
        | form              | evaluates | checks types | checks arity | sees undeclared names | fits a comma | needs its semicolon | has an address | uses variables |
        | #define f(x)      | no        | no           | yes          | no                    | no           | no                  | no             | no             |
        | do { } while (0)  | no        | no           | yes          | no                    | no           | yes                 | no             | no             |
        | ((void)0)         | no        | no           | yes          | no                    | yes          | yes                 | no             | no             |
        | ((void)(x))       | yes       | no           | yes          | yes                   | yes          | yes                 | no             | yes            |
        | ((void)((x),(y))) | yes       | no           | yes          | yes                   | yes          | yes                 | no             | yes            |
        | static inline     | yes       | yes          | yes          | yes                   | yes          | yes                 | yes            | yes            |
      And that is what was recorded

  Rule: A kernel links with and without CONFIG_VMI

    @before @control
    Scenario: The kernel without the patch links both ways
      When "2.6.28-rc8" is built with CONFIG_VMI and without
      Then with all its hunks it links both ways

    @claim:003.15
    Scenario Outline: <take> links both ways
      When "2.6.28-rc8 with <take>" is built with CONFIG_VMI and without
      Then with all its hunks it links both ways

      Examples:
        | take   |
        | take-1 |
        | take-2 |

    @take:3 @claim:003.15
    Scenario: Take 3 needs its macros if CONFIG_VMI is off, and its split if it is on
      When "2.6.28-rc8 with take-3" is built with CONFIG_VMI and without, whole and with each hunk removed
      Then with all its hunks it links both ways
      And only these do not link:
        | without vmi-boot/stubs-macro, CONFIG_VMI off |
        | without vmi-boot/split, CONFIG_VMI on        |

    @take:4 @claim:003.15 @hunk:vmi-boot/stubs-inline
    Scenario: Take 4 needs its inline functions if CONFIG_VMI is off, and its split if it is on
      When "2.6.28-rc8 with take-4" is built with CONFIG_VMI and without, whole and with each hunk removed
      Then with all its hunks it links both ways
      And only these do not link:
        | without vmi-boot/stubs-inline, CONFIG_VMI off |
        | without vmi-boot/split, CONFIG_VMI on         |
