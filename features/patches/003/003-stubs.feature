@seed:003 @patch:vmi-boot @i386
Feature: Without CONFIG_VMI the same calls compile and do nothing
  Take 2 put an #ifdef around either call. Greg Kroah-Hartman asked for none in
  a .c file; take 3 used empty macros, take 4 static inline functions. H. Peter
  Anvin named the forms that a macro should have if it must be one. A compiler
  is asked, where the machine has one.

  Rule: A stub is used as the function is

    @claim:003.15
    Scenario: What six forms of a stub keep of a function
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

  Rule: A kernel links with CONFIG_VMI and without

    @before @control
    Scenario: The kernel as it was links both ways
      When "2.6.28-rc8" is built with CONFIG_VMI and without
      Then it links both ways when whole

    @claim:003.15
    Scenario Outline: <take> links both ways
      When "2.6.28-rc8 with <take>" is built with CONFIG_VMI and without
      Then it links both ways when whole

      Examples:
        | take   |
        | take-1 |
        | take-2 |

    @take:3 @claim:003.15
    Scenario: Take 3 needs its macros where CONFIG_VMI is off, and its split where it is on
      When "2.6.28-rc8 with take-3" is built with CONFIG_VMI and without, whole and with each hunk taken out
      Then it links both ways when whole
      And only these do not link:
        | without vmi-boot/stubs-macro, CONFIG_VMI off |
        | without vmi-boot/split, CONFIG_VMI on        |

    @take:4 @claim:003.15 @hunk:vmi-boot/stubs-inline
    Scenario: Take 4 needs its functions in the same places
      When "2.6.28-rc8 with take-4" is built with CONFIG_VMI and without, whole and with each hunk taken out
      Then it links both ways when whole
      And only these do not link:
        | without vmi-boot/stubs-inline, CONFIG_VMI off |
        | without vmi-boot/split, CONFIG_VMI on         |
