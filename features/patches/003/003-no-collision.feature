@seed:003 @patch:vmi-boot @i386 @control
Feature: After the move, the window of early_ioremap cannot collide with the hypervisor
  The mail says that the window lies too low for any addresses to collide. That is
  true of its place after the move. Whether it is true of its place before the move
  depends on how much the hypervisor keeps.

  Rule: The kernel maps nothing in the hypervisor's part of the address space

    @counter:003.3
    Scenario Outline: With <cpus> CPUs, a hypervisor that keeps <mib> MiB or more takes the window's old place
      When the fixmap of 2.6.27 is enumerated for <cpus> CPUs
      Then a hypervisor must keep <mib> MiB to overlap the window

      Examples:
        | cpus | mib |
        | 8    | 2   |
        | 32   | 3   |

    @claim:003.3
    Scenario: After the move, no hypervisor overlaps the window
      When the fixmap of 2.6.27 is enumerated for 8 CPUs
      Then after the move the window lies below the hypervisor
