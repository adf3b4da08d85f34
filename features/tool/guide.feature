Feature: The guide for kernel developers is true
  One page explains how a line of the C is written here, to a reader who knows the kernel and not this
  project. It is compared with the machine: its code is run, and its tables are looked up.

  Background:
    Given the guide for kernel developers

  Rule: Everything in the guide works as shown

    Scenario: The code lines of the guide make one program, whose verdicts are those of its table
      When its code is run
      Then each row of the table "stores, hunks, every interleaving" is what that program finds

    Scenario: The code lines of the guide are files of this project, whose types are checked
      Then its code is that of "in-use.ts", which is checked for types
      And each form of the table "in C, here" stands in "forms.ts", which is checked for types

    Scenario: Every building block is where its table says
      Then each name in the table "in C, what the bus sees, here" is exported where it says

    Scenario: Every function of later kernels is in the table of all building blocks
      Then the table "file, functions" of "BLOCKS.md" is what the files export

    Scenario: The diff that it shows is the one that is printed from its code
      Then its diff is that of the hunk "in-use/reader"
