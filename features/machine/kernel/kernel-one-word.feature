Feature: An instruction touches one word that other processors use, and no more
  A C statement that loads or stores several words does so one after the other, and another processor can come in between. If one
  instruction of the model stood for it, the orders in between would never be explored. So the footprints of all instructions
  are examined in random runs of every situation. If one touches several such words, a list must say why no processor can tell.

  Rule: Two words are two instructions

    Scenario: A CPU that reads two words in one instruction is found
      Given a CPU that reads two words "at once", while another one stores to both
      When its instructions are examined in 4 random runs
      Then this one touches several words that others use: "readsAtOnce: sum = first + second", "first, second"

    Scenario: A CPU that reads two words in two instructions is not reported
      Given a CPU that reads two words "one after the other", while another one stores to both
      When its instructions are examined in 4 random runs
      Then none of them touches several words that others use

  Rule: Every exception has a reason, and every reason is needed

    Scenario: In all situations with several CPUs, each exception is needed and no other instruction is found
      When the instructions of every situation with several CPUs are examined in 2 random runs each
      Then each that touches several words is allowed to, with its reason
      And every reason is needed
