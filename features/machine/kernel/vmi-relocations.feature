Feature: The ROM's relocation for a call decides what the operation becomes
  para_fill() makes the operation point into the ROM; para_wrap() makes it point to a
  function of Linux that calls the ROM. Neither does so if the ROM has no code for the
  call.

  Rule: If the ROM has no code for a call, the operation stays as it was or becomes empty

    Scenario Outline: <way> turns a relocation of type <type> into <operation>
      Given a guest of "2.6.21" that fills its operation by "<way>"
      When the relocation of SetLazyMode is "<type>"
      Then the operation becomes "<operation>"

      Examples:
        | way         | type     | operation        |
        | para_fill() | CALL_REL | the ROM's code   |
        | para_fill() | NOP      | an empty one     |
        | para_fill() | NONE     | what it was      |
        | para_fill() | JUMP_REL | a BUG            |
        | para_wrap() | CALL_REL | Linux's function |
        | para_wrap() | NOP      | what it was      |
        | para_wrap() | NONE     | what it was      |
        | para_wrap() | JUMP_REL | a BUG            |

    Scenario: Up to 2.6.21-rc6 a relocation of type NOP is a BUG
      Given a guest of "2.6.21-rc5" that fills its operation by "para_fill()"
      When the relocation of SetLazyMode is "NOP"
      Then the operation becomes "a BUG"
