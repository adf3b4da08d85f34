Feature: A control register refuses what the manual forbids, and a move to it drops the translations that the manual names
  Kernels change the paging mode, the process-context identifiers and the global pages by moves to
  control registers (SDM volume 3A, 2.5, 4.1, 4.4.1 and 4.10.4.1). Each row is one move on its own. An
  answer names the registers that have changed.

  Rule: A value that a register cannot take raises #GP and changes nothing

    Scenario Outline: CR0 = "<cr0>", CR4 = "<cr4>", EFER = "<efer>": MOV to CR0 of "<value>" gives <answer>
      Given a processor with CR0 "<cr0>", CR4 "<cr4>" and EFER "<efer>"
      When it moves "<value>" to CR0
      Then the answer is "<answer>"

      Examples: PG needs PE, and NW needs CD; ET is always set
        | cr0   | cr4 | efer | value    | answer           |
        | PE    |     |      | PE PG    | CR0 PE ET PG     |
        | PE    |     |      | PG       | #GP              |
        | PE    |     |      |          | CR0 ET           |
        | PE    |     |      | PE NW    | #GP              |
        | PE    |     |      | PE CD    | CR0 PE ET CD     |
        | PE    |     |      | PE NW CD | CR0 PE ET NW CD  |
        | PE PG |     |      | PE PG WP | CR0 PE ET WP PG  |

      Examples: Long mode begins when PG is set with LME, which needs PAE, and ends when PG is cleared
        | cr0   | cr4       | efer    | value | answer                    |
        | PE    | PAE       | LME     | PE PG | CR0 PE ET PG EFER LME LMA |
        | PE    |           | LME     | PE PG | #GP                       |
        | PE    | PAE       | LME NXE | PE PG | CR0 PE ET PG EFER LME LMA NXE |
        | PE PG | PAE       | LME LMA | PE    | CR0 PE ET EFER LME        |
        | PE PG | PAE PCIDE | LME LMA | PE    | #GP                       |
        | PE PG | PAE       | LME LMA | PE PG WP | CR0 PE ET WP PG          |

    Scenario Outline: MOV to CR4 of "<value>" after "<cr4>", in <mode>, gives <answer>
      Given a processor in <mode> with CR4 "<cr4>", and <pcids> process-context identifiers
      When it moves "<value>" to CR4
      Then the answer is "<answer>"

      Examples:
        | mode          | cr4       | pcids | value     | answer          |
        | 32-bit paging |           | no    | PSE PGE   | CR4 PSE PGE     |
        | 32-bit paging |           | no    | bit 11    | #GP             |
        | 32-bit paging |           | no    | bit 31    | #GP             |
        | 4-level       | PAE       | no    | PAE PCIDE | #GP             |
        | 4-level       | PAE       | with  | PAE PCIDE | CR4 PAE PCIDE   |
        | 32-bit paging |           | with  | PCIDE     | #GP             |
        | no paging     |           | with  | PAE PCIDE | #GP             |
        | 4-level, CR3 with PCID 5 | PAE | with | PAE PCIDE | #GP        |
        | 4-level, CR3 with PCID 5 | PAE PCIDE | with | PAE PCIDE PGE | CR4 PAE PGE PCIDE |
        | 4-level       | PAE       | no    | PGE       | #GP             |
        | 4-level       | PAE       | no    | PAE SMEP SMAP | CR4 PAE SMEP SMAP |

    Scenario Outline: EFER = "<efer>", <paging>: WRMSR of "<value>" gives <answer>
      Given a processor with CR0 "<cr0>", CR4 "PAE" and EFER "<efer>"
      When it writes "<value>" to EFER
      Then the answer is "<answer>"

      Examples: LME stays while paging is on, and LMA is the processor's own
        | paging      | cr0   | efer    | value       | answer           |
        | no paging   | PE    |         | LME SCE     | EFER SCE LME     |
        | no paging   | PE    | LME     | NXE         | EFER NXE         |
        | paging      | PE PG |         | LME         | #GP              |
        | paging      | PE PG | LME LMA | NXE         | #GP              |
        | paging      | PE PG | LME LMA | LME NXE     | EFER LME LMA NXE |
        | no paging   | PE    |         | LME LMA     | EFER LME         |
        | paging      | PE PG |         | SCE NXE     | EFER SCE NXE     |

    Scenario Outline: MOV to CR3 of <value> <answers>, in <mode>
      Given a processor in <mode> with CR4 "<cr4>", and with process-context identifiers
      When it moves <value> to CR3, <how>
      Then the answer is "<answer>"

      Examples: A physical address has 40 bits here; bit 63 is reserved without CR4.PCIDE
        | mode          | cr4       | value        | how              | answers | answer           |
        | 32-bit paging |           | 0x12000      | with bit 63 clear | is done | CR3 0x12000      |
        | 4-level       | PAE       | 0xfffffff000 | with bit 63 clear | is done | CR3 0xfffffff000 |
        | 4-level       | PAE       | 0x10000000000 | with bit 63 clear | is #GP | #GP              |
        | 4-level       | PAE       | 0x12000      | with bit 63 set  | is #GP  | #GP              |
        | 4-level       | PAE PCIDE | 0x12005      | with bit 63 set  | is done | CR3 0x12005      |
        | 4-level       | PAE PCIDE | 0x10000000000 | with bit 63 set | is #GP  | #GP              |

  Rule: With PAE, every move that may change what the PDPTEs mean loads all four, and is refused if one is invalid

    Scenario Outline: <move>, with <table> in memory: <answer>
      Given a processor in <mode> with CR4 "<cr4>", whose table at CR3 has <table>
      When it <move>
      Then the answer is "<answer>", and the PDPTEs are "<pdptes>"

      Examples: What loads them
        | mode          | cr4     | table        | move                     | answer         | pdptes |
        | no paging     | PAE     | good PDPTEs  | moves "PE PG" to CR0     | CR0 PE ET PG   | loaded |
        | no paging     | PAE     | a bad PDPTE  | moves "PE PG" to CR0     | #GP            | kept   |
        | PAE           | PAE     | a bad PDPTE  | moves "PE PG CD" to CR0  | #GP            | kept   |
        | PAE           | PAE     | good PDPTEs  | moves "PE PG CD NW" to CR0 | CR0 PE ET NW CD PG | loaded |
        | PAE           | PAE     | a bad PDPTE  | moves "PE PG WP" to CR0  | CR0 PE ET WP PG | kept  |
        | PAE           | PAE     | a bad PDPTE  | moves "PE CD" to CR0     | CR0 PE ET CD   | kept   |
        | PAE           | PAE     | good PDPTEs  | moves "PAE PGE" to CR4   | CR4 PAE PGE    | loaded |
        | PAE           | PAE     | a bad PDPTE  | moves "PAE PGE" to CR4   | #GP            | kept   |
        | PAE           | PAE     | a bad PDPTE  | moves "PAE PSE" to CR4   | #GP            | kept   |
        | PAE           | PAE     | a bad PDPTE  | moves "PAE SMEP" to CR4  | #GP            | kept   |
        | 32-bit paging |         | a bad PDPTE  | moves "PAE" to CR4       | #GP            | kept   |
        | 32-bit paging |         | good PDPTEs  | moves "PAE" to CR4       | CR4 PAE        | loaded |
        | PAE           | PAE     | good PDPTEs  | moves the same to CR3    | done           | loaded |
        | PAE           | PAE     | a bad PDPTE  | moves the same to CR3    | #GP            | kept   |

      Examples: What does not load them
        | mode          | cr4     | table        | move                     | answer         | pdptes |
        | PAE           | PAE     | a bad PDPTE  | moves "PAE DE" to CR4    | CR4 DE PAE     | kept   |
        | PAE           | PAE PGE | a bad PDPTE  | moves "PGE" to CR4       | CR4 PGE        | kept   |
        | no paging     |         | a bad PDPTE  | moves "PAE" to CR4       | CR4 PAE        | kept   |
        | no paging     |         | a bad PDPTE  | moves "PE PG" to CR0     | CR0 PE ET PG   | kept   |
        | 4-level       | PAE     | a bad PDPTE  | moves "PE PG CD" to CR0  | CR0 PE ET CD PG | kept |
        | 4-level       | PAE     | a bad PDPTE  | moves "PAE PGE" to CR4   | CR4 PAE PGE    | kept   |
        | 4-level       | PAE     | a bad PDPTE  | moves the same to CR3    | done           | kept   |
        | 32-bit paging |         | a bad PDPTE  | moves the same to CR3    | done           | kept   |

    Scenario Outline: A PDPTE of <low> with the high word <high> is <judged>
      Given a processor in PAE with CR4 "PAE", whose table at CR3 has the PDPTE <low> with the high word <high>
      When it moves the same to CR3
      Then the answer is "<answer>", and the PDPTEs are "<pdptes>"

      Examples: Bits 1, 2, 5 to 8 and those above the physical address are reserved where bit 0 is set
        | low        | high       | judged  | answer | pdptes |
        | 0x00012001 | 0x00000000 | good    | done   | loaded |
        | 0x00012019 | 0x00000000 | good    | done   | loaded |
        | 0x00012e01 | 0x000000ff | good    | done   | loaded |
        | 0x00012003 | 0x00000000 | bad     | #GP    | kept   |
        | 0x00012005 | 0x00000000 | bad     | #GP    | kept   |
        | 0x00012021 | 0x00000000 | bad     | #GP    | kept   |
        | 0x00012041 | 0x00000000 | bad     | #GP    | kept   |
        | 0x00012081 | 0x00000000 | bad     | #GP    | kept   |
        | 0x00012101 | 0x00000000 | bad     | #GP    | kept   |
        | 0x00012001 | 0x00000100 | bad     | #GP    | kept   |
        | 0x00012001 | 0x80000000 | bad     | #GP    | kept   |
        | 0x000121e6 | 0xffffffff | good, since it is not present | done | loaded |

  Rule: Cached translations are dropped exactly where the manual says so
    The processor has cached a global page and a page that is not global under the current PCID, which is
    0, and the same two under PCID 5.

    Scenario Outline: <move> leaves <left>
      Given a processor in <mode> with CR4 "<cr4>", which has cached global and other pages under two PCIDs
      When it <move>
      Then what is still cached is "<left>"

      Examples: Moves to control registers
        | mode          | cr4           | move                          | left                                 |
        | 4-level       | PAE PGE PCIDE | moves the same to CR3         | global, global of 5, other of 5      |
        | 4-level       | PAE PGE PCIDE | moves the same to CR3, with bit 63 set | global, other, global of 5, other of 5 |
        | 4-level       | PAE PGE PCIDE | moves "PAE PGE" to CR4        | nothing                              |
        | 4-level       | PAE PGE       | moves "PAE PGE PCIDE" to CR4  | global, other, global of 5, other of 5 |
        | 4-level       | PAE PGE PCIDE | moves "PAE PCIDE" to CR4      | nothing                              |
        | 4-level       | PAE PCIDE     | moves "PAE PGE PCIDE" to CR4  | nothing                              |
        | 4-level       | PAE PGE PCIDE | moves "PAE PGE PCIDE SMEP" to CR4 | global of 5, other of 5          |
        | 4-level       | PAE PGE PCIDE SMEP | moves "PAE PGE PCIDE" to CR4 | global, other, global of 5, other of 5 |
        | 4-level       | PAE PGE PCIDE | moves "PAE PGE PCIDE SMAP" to CR4 | global, other, global of 5, other of 5 |
        | 4-level       | PAE PGE PCIDE | moves "PAE PGE PCIDE PSE" to CR4 | nothing                           |
        | 4-level       | PAE PGE PCIDE | moves "PE PG WP" to CR0       | global, other, global of 5, other of 5 |
        | 32-bit paging | PGE           | moves "PGE PAE" to CR4        | nothing                              |
        | 32-bit paging | PGE           | moves "PE" to CR0             | nothing                              |
        | no paging     | PGE           | moves "PE PG" to CR0          | nothing                              |

      Examples: INVPCID
        | mode    | cr4           | move                                       | left                            |
        | 4-level | PAE PGE PCIDE | invalidates the other page of PCID 5       | global, other, global of 5      |
        | 4-level | PAE PGE PCIDE | invalidates the global page of PCID 5      | global, other, global of 5, other of 5 |
        | 4-level | PAE PGE PCIDE | invalidates PCID 5                         | global, other, global of 5      |
        | 4-level | PAE PGE PCIDE | invalidates PCID 0                         | global, global of 5, other of 5 |
        | 4-level | PAE PGE PCIDE | invalidates everything                     | nothing                         |
        | 4-level | PAE PGE PCIDE | invalidates everything but global pages    | global, global of 5             |

    Scenario Outline: INVPCID of <what> with <pcid> is <judged>
      Given a processor in 4-level with CR4 "<cr4>", which has cached global and other pages under two PCIDs
      When it executes INVPCID of type <type> with PCID <pcid> and the address <address>
      Then the answer is "<answer>"

      Examples:
        | what             | type | pcid | address         | cr4           | judged  | answer |
        | an address       | 0    | 0    | 0x1000          | PAE PGE       | done    | done   |
        | an address       | 0    | 5    | 0x1000          | PAE PGE       | refused | #GP    |
        | an address       | 0    | 4095 | 0x1000          | PAE PGE PCIDE | done    | done   |
        | an address       | 0    | 4096 | 0x1000          | PAE PGE PCIDE | refused | #GP    |
        | an address       | 0    | -1   | 0x1000          | PAE PGE PCIDE | refused | #GP    |
        | no canonical address | 0 | 5   | 0x800000000000  | PAE PGE PCIDE | refused | #GP    |
        | the last canonical address | 0 | 5 | 0x7fffffffffff | PAE PGE PCIDE | done | done  |
        | one context      | 1    | 5    | 0x800000000000  | PAE PGE PCIDE | done    | done   |
        | one context      | 1    | 5    | 0x1000          | PAE PGE       | refused | #GP    |
        | all contexts     | 2    | 5    | 0x1000          | PAE PGE       | done    | done   |
        | all but global   | 3    | 5    | 0x1000          | PAE PGE       | done    | done   |
        | an unknown type  | 4    | 0    | 0x1000          | PAE PGE PCIDE | refused | #GP    |

  Rule: An access that crosses into a second page is translated twice

    Scenario Outline: <size> bytes to <kind> at <address>, in <mode>: <result>
      Given a processor in <mode>, where "<pages>" are mapped to frames of their own
      When it accesses <size> bytes at <address>, to <kind>
      Then the result of the access is "<result>"

      Examples: The frame of a page is its address plus 0x100000, within 32 bits
        | mode          | pages         | size | kind  | address        | result                    |
        | 32-bit paging | 0x1000        | 4    | read  | 0x1ffc         | 0x101ffc                  |
        | 32-bit paging | 0x1000 0x2000 | 4    | read  | 0x1ffd         | 0x101ffd and 0x102000     |
        | 32-bit paging | 0x1000        | 4    | read  | 0x1ffd         | #PF(0x0) at 0x2000        |
        | 32-bit paging | 0x1000        | 4    | write | 0x1ffd         | #PF(0x2) at 0x2000        |
        | 32-bit paging | 0x2000        | 4    | read  | 0x1ffd         | #PF(0x0) at 0x1ffd        |
        | 32-bit paging | 0x1000        | 4    | fetch | 0x1ffd         | 0x101ffd                  |
        | 32-bit paging | 0x1000        | 8    | rmw   | 0x1ff8         | 0x101ff8                  |
        | 32-bit paging | 0x1000        | 8    | rmw   | 0x1ff9         | #PF(0x2) at 0x2000        |
        | 32-bit paging | 0xfffff000 0x0 | 4   | read  | 0xfffffffe     | 0xffffe and 0x100000      |
        | 4-level       | 0x1000 0x2000 | 8    | read  | 0x1ffc         | 0x101ffc and 0x102000     |
        | 4-level       | 0xfffff000 0x100000000 | 4 | read | 0xffffffff   | 0xfffff and 0x100000      |
        | 4-level       | 0x7ffffffff000 | 2   | read  | 0x7fffffffffff | #GP                       |
        | no paging     |               | 4    | read  | 0x1ffd         | 0x1ffd and 0x2000         |
