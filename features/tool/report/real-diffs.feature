Feature: A real diff selects the hunks that it contains
  A developer who backports a patch has a diff, not a name from the catalogue. The catalogue keeps digests of
  the lines that each hunk adds and removes, so a diff from a mail or from git is recognised and explored.

  Rule: A diff is recognised by its lines, even if it was damaged on the way

    Scenario Outline: A diff of three hunks is recognised completely: <damage>
      Given the diff of the ring buffer, which the catalogue knows
      When it arrives <damage>
      Then it is recognised completely

      Examples:
        | damage                             |
        | as it was sent                     |
        | quoted in an answer                |
        | with its tabs turned to blanks     |
        | with its leading blanks eaten      |
        | with long lines broken in two      |
        | in quoted-printable                |
        | with a signature below             |
        | against the tree of 2.6.24         |
        | without any context                |
        | with comments of the backporter's  |
        | in quoted-printable without broken lines             |
        | in base64                                            |
        | with blanks that do not break                        |
        | as UTF-16                                            |
        | indented by a tab                                    |
        | quoted with initials                                 |
        | quoted, with the second halves of its lines unquoted |
        | with the dates of its header broken off              |
        | with lines broken in three                           |
        | with wrong numbers of lines                          |
        | with the hyphens of its headers joined to dashes     |
        | with three hyphens of its headers joined to one dash |
        | against a folder below the tree                      |
        | against a tree in /home/lib/kernel-mm                |

    Scenario: If any one hunk is removed, exactly that one is reported as missing
      Given the diff of the ring buffer, which the catalogue knows
      Then without any one of its hunks, exactly that hunk is reported as missing

    Scenario: A line that is not in the catalogue is reported
      Given the diff of the ring buffer, which the catalogue knows
      When it arrives with one more line changed
      Then each of its hunks is recognised, but not that it is the whole patch
      And one line of "arch/i386/kernel/ring.c" is unknown

  Rule: The lines of a hunk in another place or order are another patch

    Scenario Outline: A diff with the lines of each hunk is not the patch <change>
      Given the diff of the ring buffer, which the catalogue knows
      When it arrives <change>
      Then it is recognised without "<hunk>", of which line <line> is not where it should be

      Examples:
        | change                                    | hunk           | line |
        | with the lock taken a line later          | ring/fill-lock | 8    |
        | with unlock before lock in the last place | ring/drain     | 26   |
        | with a return after the lock              | ring/fill-lock | 7    |

  Rule: A later diff is explored on the kernel that it was written for

    Scenario Outline: A diff that replaces an earlier hunk of its tree arrives <damage>
      Given the diff of the ring buffer, known as one that takes "ring/old" out of its tree
      When it arrives <damage>
      Then it is explored with "<hunks>"
      And it prints about the diff "<remark>"

      Examples:
        | damage                 | hunks                                    | remark                                               |
        | as it was sent         | ring/fill-lock, ring/fill-unlock           | takes out   ring/old                                  |
        | without its last place | ring/old, ring/fill-lock, ring/fill-unlock | leaves in   ring/old, which the ring buffer takes out |

  Rule: The kernel is explored with the hunks of the diff

    Scenario: The command hunks says which hunks a backport has
      Given a file "backport.diff":
        """
        --- a/include/asm-i386/tlbflush.h
        +++ b/include/asm-i386/tlbflush.h
        @@ -5,15 +5,17 @@ __flush_tlb()
        +	preempt_disable();					\
        @@ -20,15 +22,17 @@ __flush_tlb()
        +	preempt_enable();					\
        @@ -24,6 +41,7 @@ __flush_tlb_global()
        +	preempt_disable();					\
        """
      When the user types "paravirt-spec hunks --patches-from backport.diff --situation flush-tlb/after-boot"
      Then it exits with 0
      And it prints "present     flush-tlb/i386"
      And it prints "in part     flush-tlb/i386-global: 1 of 2 lines, missing in __flush_tlb_global(); explored without it"
      And it prints "missing     flush-tlb/x86-64, flush-tlb/x86-64-global"

    Scenario Outline: A backport without half of the guard in __flush_tlb_global() <verdict> with <flush>
      Of half a guard nothing is explored, so a search that finds nothing does not decide about the diff.

      Given a file "backport.diff":
        """
        --- a/include/asm-i386/tlbflush.h
        +++ b/include/asm-i386/tlbflush.h
        @@ -5,15 +5,17 @@ __flush_tlb()
        +	preempt_disable();					\
        @@ -20,15 +22,17 @@ __flush_tlb()
        +	preempt_enable();					\
        @@ -24,6 +41,7 @@ __flush_tlb_global()
        +	preempt_disable();					\
        """
      When the user types "paravirt-spec check flush-tlb/after-boot --set flush=<flush> --patches @backport.diff"
      Then it exits with <code>
      And it prints "<conclusion>"

      Examples:
        | verdict      | flush                | code | conclusion                                                                       |
        | is undecided | __flush_tlb()        | 4    | UNDECIDED for the whole diff: flush-tlb/i386-global is there in part |
        | fails        | __flush_tlb_global() | 1    | VIOLATED, by a complete search                                                   |

    Scenario Outline: A diff of which not everything was explored never holds: <what>
      Given a file "backport.diff":
        """
        --- a/include/asm-i386/tlbflush.h
        +++ b/include/asm-i386/tlbflush.h
        @@ -5,15 +5,17 @@ __flush_tlb()
        +	preempt_disable();					\
        @@ -20,15 +22,17 @@ __flush_tlb()
        +	preempt_enable();					\
        <more>
        """
      When the user types "paravirt-spec <command> flush-tlb/after-boot --challenge 0 <option>"
      Then it exits with <code>
      And it prints "<conclusion>"

      Examples:
        | what                           | more                                                                                      | command | option                       | code | conclusion |
        | nothing else                   |                                                                                           | check   | --patches-from backport.diff | 0    | HOLDS in every interleaving |
        | an unknown line, for check     | +	tmpreg = 0; \\ | check   | --patches-from backport.diff | 4    | UNDECIDED for the whole diff: 1 changed line is not known |
        | an unknown line, in PATCHES    | +	tmpreg = 0; \\ | check   | --patches @backport.diff     | 4    | 1 changed line is not in the catalogue and not modelled |
        | an unknown line, for explore   | +	tmpreg = 0; \\ | explore | --patches-from backport.diff | 4    | UNDECIDED for the whole diff: 1 changed line is not known |
        | an unknown line, for a table   | +	tmpreg = 0; \\ | check   | --patches-from backport.diff --grid preempt=* | 4    | UNDECIDED for the whole diff: 1 changed line is not known |
        | another diff of the same file  | --- a/include/asm-i386/tlbflush.h\n+++ b/include/asm-i386/tlbflush.h\n@@ -4,6 +4,7 @@\n+	tmpreg = 0; \\ | check   | --patches-from backport.diff | 4    | UNDECIDED for the whole diff: another diff beside it is not known |

    Scenario: Without a named situation, every situation of the patch is explored
      Given a file "take-1.diff":
        """
        From: a mail with one hunk moved

        --- old/arch/x86/kernel/setup.c
        +++ new/arch/x86/kernel/setup.c
        @@ -798,1 +798,0 @@ void __init setup_arch(char **cmdline_p)
        -	early_ioremap_init();
        @@ -890,0 +890,1 @@ void __init setup_arch(char **cmdline_p)
        +	early_ioremap_init();
        """
      When the user types "paravirt-spec check --patches-from take-1.diff"
      Then it prints "exactly vmi-boot@take-1"
      And it exits with 1
      And it prints "FAILS where vmi-boot holds"

    Scenario: The answer about a whole diff names what bounds each situation
      Given a file "take-1.diff":
        """
        --- old/arch/x86/kernel/setup.c
        +++ new/arch/x86/kernel/setup.c
        @@ -798,1 +798,0 @@ void __init setup_arch(char **cmdline_p)
        -	early_ioremap_init();
        @@ -890,0 +890,1 @@ void __init setup_arch(char **cmdline_p)
        +	early_ioremap_init();
        """
      When the user types "paravirt-spec check --patches-from take-1.diff --set setupData=none --interrupts 0"
      Then it exits with 0
      And it prints "holds       vmi-boot/activation: 2 states; no interrupt; at most 1 timer tick"

    Scenario: If every search ends early, the answer about a whole diff is not that it fails
      Given a file "backport.diff":
        """
        --- a/include/asm-i386/tlbflush.h
        +++ b/include/asm-i386/tlbflush.h
        @@ -5,15 +5,17 @@ __flush_tlb()
        +	preempt_disable();					\
        @@ -20,15 +22,17 @@ __flush_tlb()
        +	preempt_enable();					\
        """
      When the user types "paravirt-spec check --patches-from backport.diff --states 30"
      Then it exits with 4
      And it prints "UNDECIDED in 11 of 11 situations of flush-tlb: the search is incomplete."

    Scenario: A parameter that some situation lacks is refused before anything is explored
      Given a file "backport.diff":
        """
        --- a/include/asm-i386/tlbflush.h
        +++ b/include/asm-i386/tlbflush.h
        @@ -5,15 +5,17 @@ __flush_tlb()
        +	preempt_disable();					\
        @@ -20,15 +22,17 @@ __flush_tlb()
        +	preempt_enable();					\
        """
      When the user types "paravirt-spec check --patches-from backport.diff --set flushes=2"
      Then it exits with 2
      And it complains in one line that 'no parameter "flushes" of flush-tlb/flush_tlb_mm'
      And it prints nothing of "present"

    Scenario: A table compares a diff with the patch and with the kernel without it
      Given a file "quoted.txt":
        """
        > +	preempt_disable();
        > +	local_irq_enable();
        > +	preempt_enable();
        """
      When the user types "paravirt-spec check flush-tlb/after-boot --grid patches=@quoted.txt|all"
      Then it exits with 4
      And it prints "unknown     1 changed line is not in the catalogue and not modelled: a quotation (line 2 of the diff)"
      And it prints "UNDECIDED for the whole diff: 1 changed line is not known"

  Rule: A file that is not a diff of a patch in the catalogue is refused in one line

    Scenario Outline: A file is refused: <what>
      Given a file "given.txt":
        """
        <text>
        """
      When the user types "paravirt-spec check flush-tlb --patches-from <file>"
      Then it exits with 2
      And it complains in one line that "<complaint>"

      Examples:
        | what                        | file        | text                                                            | complaint                                                           |
        | A text without a diff       | given.txt   | Dear maintainers,                                               | given.txt contains no diff                                             |
        | A diff in reverse           | given.txt   | --- a/arch/x86/mm/pgtable.c\n+++ b/arch/x86/mm/pgtable.c\n@@ -1,0 +1,1 @@ void __init reserve_top_address(unsigned long reserve)\n+	__VMALLOC_RESERVE += reserve; | given.txt takes out again what vmi-boot (6abf65510944) adds |
        | A context diff              | given.txt   | *** a/mm/slab.c\n--- b/mm/slab.c\n***************\n*** 1,1 ****\n! int colour; | given.txt contains a context diff, as diff -c makes it |
        | A diff of another patch     | given.txt   | --- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,1 +1,1 @@\n+	int colour; | no hunk of the catalogue is in given.txt, which changes mm/slab.c   |
        | A file that is not there    | missing.txt | x                                                               | cannot read missing.txt: there is no such file or folder |
        | A folder                    | .           | x                                                               | cannot read .: it is a folder                                       |
