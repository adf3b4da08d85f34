Feature: The model of Xen answers as four released versions of Xen did
  The rules of the model were read from the source of Xen, and source can be misread. Here the model runs scripts that
  an unprivileged guest once ran on the real Xen. Results and error numbers, the operations done, faults, what can be
  reached afterwards, and every entry that changed must agree. Each release is modelled with the holes that it had: a
  script that crashed Xen must crash the model.

  Rule: The model of a release answers as the release did

    Scenario Outline: The model of Xen <release> agrees with <scripts> recorded scripts
      When "<file>" is checked as "xen"
      Then nothing differs in <scripts> checks
      And these sets were checked: "kinds, flags, pointers, va, stores, lists, linear, roots, rights, pairs, random"

      Examples:
        | release   | file                           | scripts |
        | 3.2.0-rc6 | xen-3.2.0-rc6-pae.jsonl.gz     | 601     |
        | 4.0.4     | xen-4.0.4-pae.jsonl.gz         | 600     |
        | 4.13.5    | xen-4.13.5-pae-compat.jsonl.gz | 600     |
        | 4.17.7    | xen-4.17.7-pae-compat.jsonl.gz | 599     |

  Rule: The recording of a release does not agree with another release, nor with its holes closed

    Scenario Outline: <file> does not agree with Xen <other>
      When "<file>" is checked against Xen "<other>"
      Then the check ends with status 1, saying "<told>"

      Examples:
        | file                           | other        | told                                                             |
        | xen-3.2.0-rc6-pae.jsonl.gz     | 3.2.0+fixes  | Xen does not die of \"Xen BUG at mm.c:1552\"                     |
        | xen-3.2.0-rc6-pae.jsonl.gz     | 4.0.4        | the result is                                                    |
        | xen-4.13.5-pae-compat.jsonl.gz | 4.17.7       | Xen does not die of \"Xen BUG at mm.c:2417\"                     |
        | xen-4.13.5-pae-compat.jsonl.gz | 4.8.0        | the result is                                                    |

  Rule: A difference is reported with its script and its call

    Scenario Outline: A changed recording is found to differ: <what>
      Given the first script of "xen-4.13.5-pae-compat.jsonl.gz" that has <recorded>, with <changed> in its place
      When the file is checked against Xen "4.13.5"
      Then the check ends with status 1, saying "<told>"

      Examples:
        | what           | recorded                 | changed                | told                                     |
        | A result       | '"rc":-16'               | '"rc":-22'             | the result is -16, not -22               |
        | A count        | '"done":1'               | '"done":0'             | 1 operations are done, not 0             |
        | A fault        | '"fault":"3"'            | '"fault":"2"'          | the fault is 3, not 2                    |
        | An entry       | '"after":{"w.20":"b:63"' | '"after":{"w.20":"b:61"' | w.20 becomes b:63, not b:61            |
        | No change      | ',"after":{"w.20":"b:63"}' | ''                   | w.20 becomes b:63, and should not change |
        | What is written | '"write":"3'            | '"write":".'          | what can be written is                   |

  Rule: A line that cannot be checked is reported

    Scenario Outline: A line that cannot be checked is reported: <what>
      Given a file with the line '<line>'
      When the file is checked against Xen "<xen>"
      Then the check ends with status 2, saying '<told>'

      Examples:
        | what                | xen    | line                                                 | told                                              |
        | An unknown call     | 4.13.5 | {"id":"x","set":"y","calls":[{"op":"hvm_op"}]}        | line 1 cannot be read: "op" is "hvm_op"; it can be mmu_update |
        | An unknown frame    | 4.13.5 | {"id":"x","set":"y","calls":[{"op":"decrease","frame":"z"}]} | line 1 cannot be read: no frame is called "z" |
        | No script           | 4.13.5 | {"id":"x"}                                            | line 1 cannot be read: no script: "id" and "set" are missing |
        | An unknown Xen      | 2.0    | {"id":"x","set":"y","calls":[{"op":"probes"}]}        | no Xen "2.0"; there are 3.2.0, 4.0.4, 4.8, 4.13.5, 4.17.7 |

    Scenario: A file whose name does not say from which Xen it comes is refused
      Given a file with the line '{}'
      When the file is checked as "xen"
      Then the check ends with status 2, saying "say --xen VERSION"
