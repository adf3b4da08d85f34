@seed:003 @patch:vmi-boot @i386 @control
Feature: Whether the window of early_ioremap collides with the hypervisor
  The mail says that the window is low enough for no addresses to collide. Where it
  ends up after the move, that is so. Where it was before, it depends on how much the
  hypervisor keeps.

  Rule: Nobody maps where the hypervisor lives

    @counter:003.3
    Scenario Outline: From <mib> MiB on the hypervisor takes the place where the window was, with <cpus> CPUs
      When the fixmap of 2.6.27 is enumerated for <cpus> CPUs
      Then a hypervisor must keep <mib> MiB for the window to lie in what it keeps

      Examples:
        | cpus | mib |
        | 8    | 2   |
        | 32   | 3   |

    @claim:003.3
    Scenario: After the move no hypervisor lies in the window's way
      When the fixmap of 2.6.27 is enumerated for 8 CPUs
      Then what lies below the hypervisor after the move is the window itself
