Feature: A mistake on the command line is reported in one line
  After any mistake, the program exits with 2, says in one line which word it did not understand and
  which words are legal, and shows no stack trace. A mistake that would stop a command only after a long
  search is reported before the search.

  Rule: A mistake is never reported as a verdict, and the message names the legal words

    Scenario: Invalid words, numbers, files and names are refused
      When the user types each of these lines
        | check flush-tbl                                         | did you mean flush-tlb? |
        | check                                                   | needs a situation or a patch |
        | check flush-tlb/clasic                                  | did you mean flush-tlb/classic? |
        | check flush-tlb xen-pte-lock                            | too many arguments |
        | check flush-tlb --patches ''                            | "" selects no hunks |
        | check flush-tlb --patches ,                             | selects no hunks |
        | check flush-tlb --patches all,,none                     | selects no hunks |
        | check flush-tlb --patches flush-tlb@take-7              | no variant |
        | check flush-tlb --patches flush-tlb/i387                | did you mean flush-tlb/i386 |
        | check flush-tlb --patches non                           | legal: |
        | check flush-tlb --patches +                             | legal: |
        | check flush-tlb --patches @/no/such/file                | no such file |
        | check flush-tlb --patches @machine                      | it is a folder |
        | check flush-tlb --patches-from /no/such/file            | no such file |
        | check flush-tlb --patches-from machine                  | it is a folder |
        | check flush-tlb --patches-from package.json             | contains no diff |
        | check flush-tlb --patches                               | argument missing |
        | check flush-tlb --without flush-tlb/i368                | did you mean flush-tlb/i386 |
        | check flush-tlb --without ''                            | not the name of a hunk |
        | check flush-tlb --with flush-tlb@nothing                | no variant |
        | check flush-tlb --set flushs=1                          | did you mean flush? |
        | check flush-tlb --set flushes=9                         | no value |
        | check flush-tlb --set flushes                           | not of the form name=value |
        | check flush-tlb --set =1                                | not of the form name=value |
        | check flush-tlb --set ''                                | not of the form name=value |
        | check flush-tlb --set preempt=maybe                     | no value |
        | check flush-tlb --invariant ownTables                   | no invariant |
        | check flush-tlb --invariant ''                          | no invariant |
        | check flush-tlb --states many                           | not a whole number |
        | check flush-tlb --states -1                             | not a whole number |
        | check flush-tlb --states 1.5                            | not a whole number |
        | check flush-tlb --states 0x10                           | not a whole number |
        | check flush-tlb --states 1e3                            | not a whole number |
        | check flush-tlb --states ''                             | not a whole number |
        | check flush-tlb --states 99999999999999999999           | not a whole number |
        | check flush-tlb --interrupts one                        | not a whole number |
        | check flush-tlb --interrupts -1                         | not a whole number |
        | check flush-tlb --switches 0.5                          | not a whole number |
        | check flush-tlb --switchs 1                             | unknown option |
        | check flush-tlb --shard 1/2                             | unknown option |
        | check flush-tlb --workers 0                             | not a whole number |
        | check flush-tlb --workers 2 --switches 1                | a bounded search runs on one thread |
        | check flush-tlb --workers 2 --grid order=*              | --workers needs a single search |
        | check --version-of flush-tlb                            | unknown option |
        | inspect flush-tlb                                       | unknown command |
        | chek flush-tlb                                          | unknown command |
        | list flush-tbl                                          | did you mean flush-tlb? |
        | list --patches-from /no/such/file                       | no such file |
        | list a b                                                | too many arguments |
        | explore                                                 | missing required argument |
        | explore lastzer(3)                                      | lastzer |
        | explore 'lastzero(99999999)'                            | 99999999 is above 1000 |
        | explore 'lastzero(-1)'                                  | lastzero |
        | explore 'lastzero(1.5)'                                 | lastzero |
        | explore 'lastzero(3'                                    | lastzero |
        | explore 'xenpin(2, x)'                                  | xenpin |
        | explore litmus                                          | litmus |
        | explore 'litmus NOPE'                                   | NOPE |
        | explore ab-ba --engine fast                             | no engine |
        | explore ab-ba --engine ''                               | no engine |
        | explore ab-ba --engine optimal --interrupts 1           | cannot be bounded by interrupts |
        | explore ab-ba --engine optimal --switches 1             | cannot be bounded by switches |
        | explore ab-ba --engine random --seed 0                  | from 1 to |
        | explore ab-ba --engine random --runs none               | not a whole number |
        | explore ab-ba --memory 0                                | not a whole number |
        | explore ab-ba --memory lots                             | not a whole number |
        | explore ab-ba --checkpoint machine                      | is a folder |
        | explore ab-ba --checkpoint /nonexistent/x               | there is no folder |
        | explore ab-ba --checkpoint package.json                 | is not a checkpoint |
        | explore ab-ba --checkpoint README.md                    | is not a checkpoint |
        | explore ab-ba --checkpoint /tmp/x --every 0             | not a whole number |
        | explore ab-ba --checkpoint /tmp/x --workers 2           | --checkpoint cannot be combined with --shard or --workers |
        | explore ab-ba --engine random --checkpoint /tmp/x       | --checkpoint works with the engines |
        | explore ab-ba --workers 0                               | not a whole number |
        | explore ab-ba --workers 1000000                         | from 1 to 256 |
        | explore ab-ba --workers two                             | not a whole number |
        | explore ab-ba --shard 1/2                               | --shard needs --out |
        | explore ab-ba --shard 3/2 --out /tmp/x                  | not of the form 2/5 |
        | explore ab-ba --shard 0/2 --out /tmp/x                  | not of the form 2/5 |
        | explore ab-ba --shard two --out /tmp/x                  | not of the form 2/5 |
        | explore ab-ba --shard 1/2 --out /nonexistent/x          | there is no folder |
        | explore ab-ba --shard 1/2 --out machine                 | is a folder |
        | explore flush-tlb --set flushs=1                        | no parameter |
        | merge                                                   | missing required argument |
        | merge /no/such/file                                     | there is no such file |
        | merge machine                                           | it is a folder |
        | merge package.json                                      | not the result of a shard |
        | explore ab-ba --exchange /tmp/x                         | --exchange needs --shard |
        | explore ab-ba --shard 1/2 --exchange ''                 | not the name of a folder |
        | explore ab-ba --shard 1/2 --exchange package.json       | is not a folder |
        | explore ab-ba --shard 1/2 --exchange /nonexistent/x     | there is no folder |
        | explore ab-ba --shard 1/2 --exchange /tmp --workers 2   | --workers cannot be combined with --exchange |
        | explore ab-ba --shard 1/2 --exchange /tmp --engine optimal | for the stateful engine |
        | explore ab-ba --shard 3/2 --exchange /tmp               | not of the form 2/5 |
        | replay flush-tlb                                        | missing required argument |
        | replay flush-tlb 'editor: : 3'                          | cannot read |
        | replay flush-tlb 'editor: 9999999999'                   | cannot read |
        | replay flush-tlb 'editor: 0'                            | cannot read |
        | replay flush-tlb 'editor: -1'                           | cannot read |
        | replay flush-tlb ','                                    | cannot read |
        | replay flush-tlb 'nobody: 1'                            | legal: editor |
        | replay flush-tlb 'editor: 2, kthread: 1'                | does not fit at choice 3 |
        | replay 'lastzero(99999999)' 'a: 1'                      | above 1000 |
        | replay ab-ba 'nobody: 1'                                | legal: |
        | hunks                                                   | needs a situation or a patch |
        | hunks flush-tbl                                         | did you mean flush-tlb? |
        | hunks flush-tlb --situation flush-tlb/nowhere           | no situation |
        | fuzz --calls 0                                          | not a whole number from 1 |
        | fuzz --calls many                                       | not a whole number |
        | fuzz --seed -1                                          | not a whole number |
        | fuzz --tables 3-level                                   | no page tables |
        | fuzz --without nothing                                  | nothing |
        | fuzz --replay /no/such/file                             | there is no script |
        | fuzz --replay machine                                   | is a folder |
        | fuzz --replay package.json                              | line 1 |
        | conform                                                 | missing required argument |
        | conform alu x                                           | it can be mmu, tlb, tso |
        | conform mmu                                             | which file? |
        | conform mmu /no/such/file                               | no such file |
        | boots --kernel 9.9                                      | no kernel |
        | neighbours flush-tbl                                    | did you mean flush-tlb? |
        | neighbours flush-tlb --variant nothing                  | no variant |
        | neighbours flush-tlb --workers 0                        | not a whole number |
        | new x                                                   | is not a valid patch name |
        | new Flush-TLB                                           | is not a valid patch name |
        | new flush-tlb                                           | already |
        | new late-wakeup --scene constructor                     | no scene |
        | check qqqqqqqqqqqqqqqq                                  | "qqqqqqqqqqqqqqqq"; legal: |
        | new late-wakeup --thread 1                              | three digits |
        | new late-wakeup --into /no/such/folder                  | there is no folder |
        | review --since /no/such/folder                          | there is no |
        | check flush-tlb --set __proto__=1                       | no parameter |
        | check flush-tlb --set preempt=true --set preempt=false  | given twice |
        | check flush-tlb --grid ''                               | not of the form |
        | check flush-tlb --grid order=* --set order=SC           | both --grid and --set |
        | check flush-tlb --grid constructor=*                    | no parameter |
        | check flush-tlb --json=yes                              | unknown option |
        | check flush-tlb --patches 'all all'                     | no patch |
        | check flush-tlb --patches-from /dev/zero                | a device without an end |
        | explore 'xenpin(2, 1, 3)'                               | at most 2 |
        | explore ab-ba(2)                                        | has none |
        | explore constructor(1)                                  | no situation or patch |
        | explore ab-ba --set x=1                                 | --set is about situations |
        | explore ab-ba --without flush-tlb/i386                  | --without is about situations |
        | explore ab-ba --runs 5                                  | --engine random |
        | explore ab-ba --seed 5                                  | --engine random |
        | explore ab-ba --every 5                                 | without --checkpoint |
        | explore ab-ba --out /tmp/x                              | without --shard |
        | explore ab-ba --checkpoint ''                           | not the name of a file |
        | explore ab-ba --checkpoint /dev/zero                    | is not a file |
        | explore ab-ba --shard 1/2 --out ''                      | not the name of a file |
        | explore ab-ba --challenge x                             | not a whole number |
        | merge ''                                                | there is no such file |
        | merge /dev/zero                                         | a device without an end |
        | merge machine/cli/json.schema.json                      | not the result of a shard |
        | replay flush-tlb 'editor: 2' --states 4                 | unknown option |
        | replay ab-ba 'forward: 1' --set x=1                     | --set is about situations |
        | replay flush-tlb 'editor: 1e3'                          | cannot read |
        | hunks flush-tlb/classic                                 | no patch |
        | hunks --patches-from package.json                       | contains no diff |
        | list flush-tlb/classic                                  | no patch |
        | fuzz --xen 9.9                                          | no Xen |
        | fuzz --xen 4.8+fixs                                     | no Xen |
        | fuzz --minutes 0                                        | not a whole number from 1 |
        | fuzz --replay /dev/zero                                 | a device without an end |
        | fuzz --corpus package.json                              | it is not a folder |
        | fuzz --rules --replay x                                 | cannot be combined with --replay |
        | conform mmu machine                                     | that is a directory |
        | conform mmu /dev/zero                                   | a device without an end |
        | conform xen package.json                                | does not say which Xen |
        | boots --kernel ''                                       | no kernel |
        | boots extra                                             | too many arguments |
        | sources --chapter 999                                   | no chapter |
        | sources --only no-such-path                             | no path |
        | sources --against package.json                          | not a git directory |
        | sources --as 2.6                                        | without --against |
        | neighbours                                              | missing required argument |
        | neighbours flush-tlb --workers 100000                   | from 1 to 256 |
        | new                                                     | missing required argument |
        | new late-wakeup --scene house                           | house |
        | new late-wakeup --into package.json                     | package.json |
        | lint extra                                              | too many arguments |
        | bench extra                                             | too many arguments |
        | counts extra                                            | too many arguments |
        | review extra                                            | too many arguments |
        | review --since package.json                             | there is no |
        | check flush-tlb --states -0                             | from 0 to 9007199254740991, written in digits |
        | check flush-tlb --states 9007199254740992               | from 0 to 9007199254740991 |
        | check flush-tlb --states ' 1'                           | not a whole number |
        | check flush-tlb --states ١                              | not a whole number |
        | check flush-tlb --interrupts 1e9                        | not a whole number |
        | check flush-tlb --switches Infinity                     | not a whole number |
        | check flush-tlb --challenge 99999999999                 | from 0 to 1000000 |
        | check 002                                               | it is a thread; did you mean flush-tlb? |
        | check flush-tlb/i386                                    | it is a hunk; did you mean flush-tlb? |
        | check FLUSH-TLB                                         | did you mean flush-tlb? |
        | check flush‑tlb                                         | did you mean flush-tlb? |
        | check flush-tlb@active-mm                               | legal: |
        | check -- --help                                         | no situation or patch "--help" |
        | check flush-tlb -p none                                 | unknown option '-p'; legal: --patches, |
        | check flush-tlb --patches-from ''                       | legal: a file that contains a diff |
        | check --patches-from /dev/null                          | contains no diff |
        | check --patches-from steps/fixtures/diffs/ring.diff     | no hunk of the catalogue |
        | check flush-tlb --patches @                             | legal: a file that contains a diff |
        | check flush-tlb --patches -                             | "-" selects no hunks |
        | check flush-tlb --patches all,-                         | "all,-" selects no hunks |
        | check flush-tlb --patches __proto__                     | no patch "__proto__" |
        | check flush-tlb --without all                           | no patch "all" |
        | check flush-tlb --set preempt=TRUE                      | legal: true, false |
        | check flush-tlb --set accesses=1e0                      | legal: 1, 2, 3 |
        | check flush-tlb --invariant toString                    | no invariant "toString" |
        | check flush-tlb --grid 'order=SC\|SC'                   | order=SC is given twice |
        | check flush-tlb --grid 'order=\|'                       | is given twice |
        | explore ab-ba --engine Optimal                          | there are auto, brute-force |
        | explore ab-ba --json --engine                           | argument missing; auto, brute-force |
        | explore ab-ba --patches none                            | --patches is about situations |
        | explore ab-ba --shard 1/0 --out /tmp/x                  | from 1/5 to 5/5 |
        | explore ab-ba --checkpoint /dev/null                    | is not a file |
        | explore 'lastzero(٣)'                                   | no program |
        | merge /dev/null                                         | not the result of a shard |
        | merge '*.json'                                          | there is no such file |
        | replay flush-tlb 'editor: 1,'                           | cannot read "" |
        | replay flush-tlb 'EDITOR: 1'                            | legal: editor, timer@cpu0 |
        | replay flush-tlb 'editor: 5000'                         | does not fit at choice 7 |
        | replay flush-tlb 'editor: 1' extra                      | "extra"; usage: paravirt-spec replay [options] <subject> <schedule> |
        | replay ab-ba 'forward: 1' --patches none                | --patches is about situations |
        | hunks flush-tlb --patches none                          | unknown option '--patches'; legal: --situation |
        | hunks --patches-from steps/fixtures/diffs/ring.diff     | no hunk of the catalogue |
        | fuzz --replay /dev/null                                 | needs one turn on each line |
        | fuzz --replay README.md --json                          | --json cannot be combined with --replay |
        | fuzz --corpus ''                                        | not the name of a folder |
        | fuzz --corpus package.json/x                            | part of the path is not a folder |
        | fuzz --record --xen 4.8                                 | --xen cannot be combined with --record |
        | fuzz --minutes 1e9                                      | not a whole number |
        | conform MMU x                                           | it can be mmu, tlb, tso |
        | conform mmu ''                                          | there is no such file |
        | conform mmu /dev/null                                   | it is empty |
        | conform mmu README.md                                   | is a recording: line 1 cannot be read: not JSON |
        | conform mmu package.json --xen 4.8                      | --xen is about recordings of hypercalls |
        | boots --kernel '2.6.28 with take-9'                     | legal: 2.6.21 |
        | sources --only ''                                       | not the name of a path |
        | sources --against ''                                    | not the name of a git directory |
        | neighbours flush-tlb --recorded --missing               | --missing cannot be combined with --recorded |
        | neighbours flush-tlb --only ''                          | not the name of a neighbour |
        | new ../x                                                | is not a valid patch name |
        | new late-wakeup --into ''                               | not the name of a folder |
        | review --since ''                                       | not the name of a folder |
        | help nope                                               | unknown command 'nope'; legal: list, |
        | help chek                                               | unknown command 'chek'; did you mean check? legal: list, |
        | chek --help                                             | unknown command 'chek'; did you mean check? legal: list, |
        | nope -h                                                 | unknown command 'nope'; |
        | --nope                                                  | legal: --version, --help |
        | ''                                                      | unknown command ''; legal: list, |
        | bench --json                                            | unknown option '--json'; legal: --help |
        | check --patches-from features/machine/data/mmu.jsonl.gz | contains no diff |
        | review --since steps/fixtures/unreadable                                    | is not a kept run |
        | check flush-tlb --states 5 --states 6                   | --states is given twice |
        | check flush-tlb --patches none --patches all            | --patches is given twice |
        | check flush-tlb --patches --json                        | '--patches <selection>' argument missing; which hunks are on |
        | check flush-tlb --without --json                        | '--without <hunk>' argument missing; remove this hunk |
        | check flush-tlb --with flush-tlb/i386 --without flush-tlb/i386 | "flush-tlb/i386" is given by both --with and --without |
        | check flush-tlb --grid patches=none\|all --patches none | the hunks are given by both --grid and --patches |
        | check flush-tlb --grid patches=none\|all --without flush-tlb/i386 | the hunks are given by both --grid and --without |
        | check flush-tlb --grid patches=none\|all\|zip           | no patch "zip" |
        | check flush-tlb --grid states=1\|2                      | no parameter "states" |
        | check flush-tlb --states +5                             | not a whole number |
        | check flush-tlb --set preempt=1                         | legal: true, false |
        | check 'flush\ntlb'                                      | no situation or patch "flush\\u000atlb" |
        | list ''                                                 | no patch "" |
        | explore ''                                              | no situation or patch "" |
        | explore ab-ba --shard 1/2 --out /proc/x                 | cannot be written: permission is denied |
        | explore ab-ba --engine pct --checkpoint /tmp/x          | not with pct |
        | explore ab-ba --engine random --runs 0                  | not a whole number from 1 |
        | explore 'xenpin(3 2)'                                   | no program "xenpin(3 2)" |
        | explore 'xenpin(3,)'                                    | no program "xenpin(3,)" |
        | explore ab-ba --engine stateful --engine auto           | --engine is given twice |
        | explore ab-ba --shard --out /tmp/x                      | '--shard <i/n>' argument missing |
        | merge package.json package.json                         | not the result of a shard |
        | replay flush-tlb 'editor: 1; kthread: 1'                | (word 1 of the schedule) |
        | replay flush-tlb timer@cpu9                             | legal: editor, timer@cpu0 |
        | replay flush-tlb editor:1 --invariant x                 | no invariant "x" |
        | hunks flush-tlb vmi-boot                                | too many arguments: "vmi-boot" |
        | hunks flush-tlb --situation xen-pte-lock/fork           | no situation "xen-pte-lock/fork" of flush-tlb |
        | hunks --situation flush-tlb/classic                     | needs a situation or a patch |
        | neighbours flush-tlb --only zzzz                        | no neighbour has these words |
        | neighbours flush-tlb --list --record                    | --record cannot be combined with --list |
        | neighbours flush-tlb --variant ''                       | no variant "" |
        | fuzz --calls 10 --corpus /proc/x                        | the corpus "/proc/x" cannot be used: permission is denied |
        | fuzz --calls 10 --tables pae                            | no page tables "pae"; there are 2-level, PAE |
        | fuzz --calls 1 --calls 2                                | --calls is given twice |
        | fuzz --calls --seed 1                                   | '--calls <n>' argument missing |
        | fuzz --minutes 1 --rules                                | --minutes cannot be combined with --rules |
        | conform '' x                                            | it can be mmu, tlb, tso, xen |
        | conform mmu features/machine/data/tlb.jsonl.gz          | check it as tlb |
        | sources --against /proc                                 | is not a git directory |
        | sources --chapter 2                                     | no chapter is called |
        | new late-wäkeup                                         | is not a valid patch name |
        | new late-wakeup --into /proc                            | has no package.json |
        | new late-wakeup --scene smp --scene xen                 | --scene is given twice |
        | review --since a b                                      | too many arguments |
        | counts --json                                           | unknown option '--json' |
        | -V                                                      | unknown option '-V'; legal: --version, --help |
      Then each is wrong use, and says so in one line with these words
