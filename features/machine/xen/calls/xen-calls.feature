Feature: Each call of a guest answers as the release's source says
  xen/arch/x86/mm.c, release by release: which commands a Xen knows, with which number it refuses what an
  unprivileged guest may not do, and what a command that is carried out leaves behind.

  Rule: A release knows the commands that its source has

    Scenario Outline: Xen <release> answers <call> with <answer>
      Given two domains A and B on a "PAE on 64-bit" Xen, release "<release>"
      When A tries to: <call>
      Then Xen answers "<answer>"

      Examples: do_mmuext_op()
        | release | call                                | answer      |
        | 4.0.4   | MMUEXT_FLUSH_CACHE                  | -EINVAL     |
        | 4.2.0   | MMUEXT_FLUSH_CACHE                  | -EACCES     |
        | 4.13.5  | MMUEXT_FLUSH_CACHE                  | -EACCES     |
        | 4.0.4   | MMUEXT_FLUSH_CACHE_GLOBAL           | -ENOSYS     |
        | 4.1.0   | MMUEXT_FLUSH_CACHE_GLOBAL           | -EINVAL     |
        | 4.13.5  | MMUEXT_FLUSH_CACHE_GLOBAL           | -EINVAL     |
        | 3.3.0   | MMUEXT_CLEAR_PAGE of data           | -ENOSYS     |
        | 3.4.0   | MMUEXT_CLEAR_PAGE of data           | 0           |
        | 4.13.5  | MMUEXT_CLEAR_PAGE of table          | -EINVAL     |
        | 4.13.5  | MMUEXT_CLEAR_PAGE of B's            | -EINVAL     |
        | 4.13.5  | MMUEXT_CLEAR_PAGE of no             | -EINVAL     |
        | 3.3.0   | MMUEXT_COPY_PAGE of data from other | -ENOSYS     |
        | 4.13.5  | MMUEXT_COPY_PAGE of data from other | 0           |
        | 4.13.5  | MMUEXT_COPY_PAGE of data from table | 0           |
        | 4.13.5  | MMUEXT_COPY_PAGE of table from data | -EINVAL     |
        | 4.13.5  | MMUEXT_COPY_PAGE of data from B's   | -EINVAL     |
        | 4.13.5  | MMUEXT_COPY_PAGE of B's from data   | -EINVAL     |
        | 4.13.5  | MMUEXT_COPY_PAGE of no from data    | -EINVAL     |
        | 4.13.5  | MMUEXT_COPY_PAGE of data from no    | -EINVAL     |
        | 4.9.0   | MMUEXT_MARK_SUPER                   | -ENOSYS     |
        | 4.10.0  | MMUEXT_MARK_SUPER                   | -EOPNOTSUPP |
        | 4.9.0   | MMUEXT_UNMARK_SUPER                 | -ENOSYS     |
        | 4.10.0  | MMUEXT_UNMARK_SUPER                 | -EOPNOTSUPP |
        | 4.13.5  | MMUEXT_NEW_USER_BASEPTR of nothing  | 0           |
        | 4.13.5  | MMUEXT_TLB_FLUSH_LOCAL              | 0           |

      Examples: Descriptor tables of processes: at most 8192 entries, beginning at a page; with no entries the address does not matter
        | release | call                                       | answer  |
        | 4.13.5  | MMUEXT_SET_LDT of 0 entries at 0x123       | 0       |
        | 4.13.5  | MMUEXT_SET_LDT of 1 entries at 0x1000      | 0       |
        | 4.13.5  | MMUEXT_SET_LDT of 1 entries at 0x1008      | -EINVAL |
        | 4.13.5  | MMUEXT_SET_LDT of 8192 entries at 0x1000   | 0       |
        | 4.13.5  | MMUEXT_SET_LDT of 8193 entries at 0x1000   | -EINVAL |

      Examples: On behalf of another domain, which only a privileged domain may do
        | release | call                                                                        | answer  |
        | 4.0.4   | MMUEXT_TLB_FLUSH_LOCAL for B                                                | -ESRCH  |
        | 4.13.5  | MMUEXT_TLB_FLUSH_LOCAL for B                                                | -EPERM  |
        | 4.13.5  | MMUEXT_TLB_FLUSH_LOCAL for A                                                | -ESRCH  |
        | 4.13.5  | MMUEXT_TLB_FLUSH_LOCAL for itself                                           | 0       |
        | 4.13.5  | MMUEXT_TLB_FLUSH_LOCAL for unknown                                           | -ESRCH  |
        | 4.13.5  | MMUEXT_TLB_FLUSH_LOCAL for devices                                          | -EPERM  |
        | 4.13.5  | MMUEXT_TLB_FLUSH_LOCAL for Xen                                              | -EPERM  |
        | 4.0.4   | MMU_NORMAL_PT_UPDATE of slot 20 of table to B's read-only for B             | -ESRCH  |
        | 4.13.5  | MMU_NORMAL_PT_UPDATE of slot 20 of table to B's read-only for B             | -EPERM  |
        | 4.13.5  | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only for A            | -ESRCH  |
        | 4.13.5  | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only for unknown       | -ESRCH  |
        | 4.13.5  | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only in the tables of A | 0     |
        | 3.4.0   | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only in the tables of B | 0     |
        | 4.0.4   | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only in the tables of B | -ESRCH |
        | 4.13.5  | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only in the tables of B | -EPERM |
        | 4.0.4   | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only in the tables of unknown | -EINVAL |
        | 4.13.5  | MMU_NORMAL_PT_UPDATE of slot 20 of table to data read-only in the tables of unknown | -ESRCH |
        | 3.2.0   | update_va_mapping_otherdomain of data read-only at data for itself          | -EPERM  |
        | 4.13.5  | update_va_mapping_otherdomain of data read-only at data for itself          | 0       |
        | 4.13.5  | update_va_mapping_otherdomain of data read-only at data for B               | -EPERM  |
        | 4.13.5  | update_va_mapping_otherdomain of data read-only at data for unknown          | -ESRCH  |

      Examples: do_mmu_update(), and what no table of hypercalls has
        | release | call                                                               | answer  |
        | 3.2.0   | MMU_PT_UPDATE_PRESERVE_AD of slot 20 of table to data read-only    | -ENOSYS |
        | 3.3.0   | MMU_PT_UPDATE_PRESERVE_AD of slot 20 of table to data read-only    | 0       |
        | 4.10.0  | MMU_PT_UPDATE_NO_TRANSLATE of slot 20 of table to data read-only   | -ENOSYS |
        | 4.11.0  | MMU_PT_UPDATE_NO_TRANSLATE of slot 20 of table to data read-only   | 0       |
        | 4.13.5  | MMU_MACHPHYS_UPDATE of data to 9                                   | 0       |
        | 4.13.5  | MMU_MACHPHYS_UPDATE of B's to 9                                    | -EINVAL |
        | 4.13.5  | MMU_MACHPHYS_UPDATE of no to 9                                     | -EINVAL |
        | 4.13.5  | MMU_MACHPHYS_UPDATE of data to 9 for B                             | -EPERM  |
        | 4.13.5  | update_va_mapping of data read-only at data with flags 0x2000      | 0       |
        | 4.13.5  | update_va_mapping of data read-only at data with flags 0x2001      | -EFAULT |
        | 4.13.5  | hypercall 99                                                       | -ENOSYS |
        | 4.13.5  | hypercall 17                                                       | 262157  |
        | 4.13.5  | memory operation 99                                                | -ENOSYS |

    Scenario Outline: A 32-bit Xen answers <call> with <answer>
      Given two domains A and B on a "PAE" Xen
      When A tries to: <call>
      Then Xen answers "<answer>"

      Examples: A table must end below Xen
        | call                                    | answer  |
        | MMUEXT_SET_LDT of 512 entries at end    | 0       |
        | MMUEXT_SET_LDT of 513 entries at end    | -EINVAL |
        | MMUEXT_SET_LDT of 0 entries at 0x1001   | -EINVAL |
        | MMUEXT_NEW_USER_BASEPTR of nothing      | -ENOSYS |
        | MMUEXT_PIN_L4_TABLE of root             | 0       |
        | MMUEXT_PIN_L3_TABLE of data             | -EINVAL |

    Scenario: With two levels of tables, a pin at the third level is ignored
      Given two domains A and B on a "2-level" Xen
      When A tries to: MMUEXT_PIN_L3_TABLE of data
      Then Xen answers "0"
      And nothing has changed

    Scenario Outline: A guest with a device may flush the caches by <call>
      Given two domains A and B on a "PAE on 64-bit" Xen, release "4.13.5"
      And A has done: get a device
      When A tries to: <call>
      Then Xen answers "0"

      Examples:
        | call                      |
        | MMUEXT_FLUSH_CACHE        |
        | MMUEXT_FLUSH_CACHE_GLOBAL |

    Scenario Outline: When the heap is empty, <call> is answered -ENOMEM
      Given two domains A and B on a "PAE" Xen
      And A has done: ask for a frame, then ask for a frame, then ask for a frame
      When A tries to: <call>
      Then Xen answers "-ENOMEM"
      And nothing has changed

      Examples:
        | call            |
        | ask for a frame |
        | trade data in   |

  Rule: A flush reaches the virtual CPUs that it names

    Scenario Outline: <call> flushes <flushed>
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: A1: read data, then A0: read data, then B0: read data
      When A tries to: <call>
      Then Xen answers "0"
      And the TLBs that lost something are those of "<flushed>"

      Examples:
        | call                                                       | flushed |
        | MMUEXT_TLB_FLUSH_LOCAL                                     | A0      |
        | A1: MMUEXT_TLB_FLUSH_LOCAL                                 | A1      |
        | MMUEXT_TLB_FLUSH_MULTI with mask 2                         | A1      |
        | MMUEXT_TLB_FLUSH_MULTI with mask 3                         | A0, A1  |
        | MMUEXT_TLB_FLUSH_MULTI with mask 4                         | none    |
        | MMUEXT_TLB_FLUSH_MULTI                                     | none    |
        | MMUEXT_TLB_FLUSH_ALL                                       | A0, A1  |
        | MMUEXT_INVLPG_LOCAL at data                                | A0      |
        | MMUEXT_INVLPG_LOCAL at other                               | none    |
        | MMUEXT_INVLPG_MULTI at data with mask 2                    | A1      |
        | MMUEXT_INVLPG_ALL at data                                  | A0, A1  |
        | MMUEXT_INVLPG_ALL at other                                 | none    |
        | update_va_mapping of data read-only at data with flags 0   | none    |
        | update_va_mapping of data read-only at data with flags 1   | A0      |
        | update_va_mapping of data read-only at data with flags 2   | A0      |
        | update_va_mapping of data read-only at data with flags 5   | A0, A1  |
        | update_va_mapping of data read-only at data with flags 6   | A0, A1  |
        | update_va_mapping of other read-only at other with flags 6 | none    |
        | update_va_mapping of other read-only at other with flags 5 | A0, A1  |

  Rule: A call that succeeds has its effect

    Scenario: A frame that was cleared is empty
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: put other writable into slot 3 of data
      When A tries to: MMUEXT_CLEAR_PAGE of data
      Then "data" holds nothing
      And every rule holds

    Scenario: A frame that was copied to holds only the contents of the other one
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: put other writable into slot 3 of data, then put data writable into slot 5 of other
      When A tries to: MMUEXT_COPY_PAGE of data from other
      Then "data" holds the words of "other"
      And every rule holds

    Scenario Outline: <kind> gives the entry the flags <flags>
      Given two domains A and B on a "PAE on 64-bit" Xen
      When A tries to: <kind> of slot <slot> of table to data present
      Then Xen answers "0"
      And slot <slot> of "table" has the flags <flags>

      Examples: The guest's entries are present, for user mode, accessed and dirty; the new one says only that it is present
        | kind                       | slot | flags |
        | MMU_NORMAL_PT_UPDATE       | 5    | 0x1   |
        | MMU_PT_UPDATE_PRESERVE_AD  | 5    | 0x61  |
        | MMU_PT_UPDATE_NO_TRANSLATE | 5    | 0x1   |
        | MMU_PT_UPDATE_PRESERVE_AD  | 20   | 0x1   |

  Rule: A descriptor is corrected by Xen and stored, or refused

    Scenario Outline: On <xen>, the descriptor <low> <high> becomes <stored low> <stored high>
      Given two domains A and B on a "<xen>" Xen
      When A tries to: update_descriptor at byte 8 of data to <low> <high>
      Then Xen answers "0"
      And byte 8 of "data" begins the words <stored low> <stored high>

      Examples: check_descriptor() of a 64-bit Xen: privilege 1 at least; what begins at 0 and reaches into Xen gets all of the 4 GiB; call gates lose their privilege, and keep it in the selector
        | xen           | low        | high       | stored low | stored high |
        | PAE on 64-bit | 0x12345678 | 0x00007fff | 0x12345678 | 0x00007fff  |
        | PAE on 64-bit | 0x0000ffff | 0x00cf9200 | 0x0000ffff | 0x00cfb200  |
        | PAE on 64-bit | 0x0000ffff | 0x00cfd200 | 0x0000ffff | 0x00cfd200  |
        | PAE on 64-bit | 0x000057ff | 0x00cfb200 | 0x000057ff | 0x00cfb200  |
        | PAE on 64-bit | 0x00005800 | 0x00cfb200 | 0x0000ffff | 0x00cfb200  |
        | PAE on 64-bit | 0x00015800 | 0x00cfb200 | 0x00015800 | 0x00cfb200  |
        | PAE on 64-bit | 0x00611234 | 0x00008c00 | 0x00611234 | 0x00008c00  |
        | PAE on 64-bit | 0x00601234 | 0x0000ec00 | 0x00631234 | 0x00008c00  |
        | PAE on 64-bit | 0xe0191234 | 0x0000ac00 | 0xe0191234 | 0x00008c00  |
        | PAE on 64-bit | 0xe0251234 | 0x0000ac00 | 0xe0251234 | 0x00008c00  |
        | PAE on 64-bit | 0x12345678 | 0x00008000 | 0x12345678 | 0x00008000  |

      Examples: check_descriptor() of a 32-bit Xen: limits are cut where the reverse map ends
        | xen     | low        | high       | stored low | stored high |
        | PAE     | 0x0000ffff | 0x00cf9200 | 0x000067ff | 0x00cfb200  |
        | 2-level | 0x0000ffff | 0x00cf9200 | 0x0000c3ff | 0x00cfb200  |
        | PAE     | 0x000067ff | 0x00cfb200 | 0x000067ff | 0x00cfb200  |
        | PAE     | 0x00001000 | 0x0040b200 | 0x00001000 | 0x0040b200  |
        | PAE     | 0x00611234 | 0x0000ac00 | 0x00611234 | 0x0000ac00  |
        | PAE     | 0x00601234 | 0x0000ec00 | 0x00611234 | 0x0000ec00  |
        | PAE     | 0x00631234 | 0x0000ec00 | 0x00631234 | 0x0000ec00  |

    Scenario Outline: On <xen>, the descriptor <low> <high> <place> is refused
      Given two domains A and B on a "<xen>" Xen
      When A tries to: update_descriptor <place> to <low> <high>
      Then Xen answers "-EINVAL"
      And nothing has changed

      Examples: Long-mode code, other gates than call gates, reserved bits, Xen's own segments
        | xen           | low        | high       | place              |
        | PAE on 64-bit | 0x0000ffff | 0x00afba00 | at byte 8 of data  |
        | PAE on 64-bit | 0x00611234 | 0x00008e00 | at byte 8 of data  |
        | PAE on 64-bit | 0x00611234 | 0x00008c20 | at byte 8 of data  |
        | PAE on 64-bit | 0x00611234 | 0x00008c80 | at byte 8 of data  |
        | PAE on 64-bit | 0xe0211234 | 0x00008c00 | at byte 8 of data  |
        | PAE           | 0x00611234 | 0x00008e00 | at byte 8 of data  |
        | PAE           | 0x00611234 | 0x00008c40 | at byte 8 of data  |
        | PAE           | 0xe0211234 | 0x00008c00 | at byte 8 of data  |
        | PAE           | 0x00000000 | 0xfdc0b200 | at byte 8 of data  |

      Examples: Where it may not be stored
        | xen           | low        | high       | place              |
        | PAE on 64-bit | 0x0000ffff | 0x00cfb200 | at byte 4 of data  |
        | PAE on 64-bit | 0x0000ffff | 0x00cfb200 | at byte 8 of table |
        | PAE on 64-bit | 0x0000ffff | 0x00cfb200 | at byte 8 of B's   |
        | PAE on 64-bit | 0x0000ffff | 0x00cfb200 | at byte 8 of no    |
