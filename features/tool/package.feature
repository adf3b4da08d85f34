Feature: The package works where it is installed, and keeps other people's chapters company
  What `npm pack` makes is unpacked into an empty project, beside the packages
  that it depends on and no others. Whoever installs it can explore what is in
  it, and keep features and patches of their own in the same layout.

  Rule: The package is complete, and nothing else is in it

    Scenario: The package has what it needs to run and to be read, and no output of a run
      When the package is packed
      Then it has each of "machine/cli/bin.js, features/patches/002/002-flush-tlb.feature, steps/support/world.ts, reports/review/review.ts, CONTRIBUTING.md, README.md, LICENSE"
      And nothing in it is below "reports/out, tmp, node_modules, .git"

    Scenario: The command explores what is in it
      When "paravirt-spec check flush-tlb/after-boot" is typed in a project that has it installed
      Then it exits with 0
      And it prints "HOLDS in every interleaving"

    Scenario: The package's own features run where it is installed, with the packages that it depends on
      When Cucumber runs "features/machine/hardware-start-up.feature" in the installed package itself
      Then the command succeeds

  Rule: A project that has it installed can have chapters of its own

    Scenario: A chapter is begun there, and is red
      Given a project that has the package installed and has begun a chapter "late-wakeup"
      When Cucumber runs "features/patches/950/950-late-wakeup.feature" there
      Then the command fails, saying "owed: nothing is decided yet; machine/invariants/late-wakeup.ts has to say"

    Scenario: The command knows its chapters and those of the package
      Given a project that has the package installed and has begun a chapter "late-wakeup"
      When "paravirt-spec list" is typed in a project that has it installed
      Then it exits with 0
      And it prints "late-wakeup/first"
      And it prints "flush-tlb/classic"

    Scenario: A decided chapter lives there as it does here
      The chapter on CVE-2016-2069, under another name and with its imports from the package,
      is moved into the project. Its features pass there with its own steps.

      Given a project that has the package installed, with thread 100 of this one as its own thread 900
      When Cucumber runs "features/patches/900/900-conditions.feature" there
      Then the command succeeds
