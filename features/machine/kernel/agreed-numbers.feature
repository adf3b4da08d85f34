Feature: Numbers that two sides agreed on are those of their documents
  A kernel communicates with its processor, boot loader, ROM or hypervisor by agreed numbers. In the model both sides read
  these from one file, so a wrong number would be wrong on both, and nothing would fail. Here they are listed as in the headers and the
  processor's manual: calls and results in decimal, all others in hexadecimal.

  Rule: Every number in such a file equals that of the header

    Scenario Outline: <file>, as <document> has it
      When the numbers of "<file>" are read in <notation>
      Then "<group>" are "<numbers>"

      Examples: The processor (Intel SDM volume 3, 2.5 and 4.7; include/asm-x86/processor-flags.h in 2.6.27)
        | file     | group                                 | notation    | numbers                                                                                                                                | document                  |
        | paging   | CR0                                   | hexadecimal | PE 1, MP 2, EM 4, TS 8, ET 10, NE 20, WP 10000, AM 40000, NW 20000000, CD 40000000, PG 80000000                                        | SDM 2.5, CR0              |
        | paging   | CR4                                   | hexadecimal | VME 1, PVI 2, TSD 4, DE 8, PSE 10, PAE 20, MCE 40, PGE 80, PCE 100, OSFXSR 200, OSXMMEXCPT 400, VMXE 2000, PCIDE 20000, SMEP 100000, SMAP 200000 | SDM 2.5, CR4 |
        | paging   | EFER                                  | hexadecimal | SCE 1, LME 100, LMA 400, NXE 800                                                                                                       | SDM 2.2.1                 |
        | paging   | PTE                                   | hexadecimal | P 1, RW 2, US 4, PWT 8, PCD 10, A 20, D 40, PS 80, G 100                                                                               | SDM 4.3, tables 4-5, 4-6  |
        | paging   | PF                                    | hexadecimal | P 1, W 2, U 4, RSVD 8, ID 10                                                                                                           | SDM 4.7, figure 4-12      |
        | paging   | NX                                    | hexadecimal | 80000000                                                                                                                               | SDM 4.4, bit 63, high word |
        | registers | CR0_PG, CR0_WP, CR0_PE, CR4_PSE, CR4_PAE, CR4_PGE | hexadecimal | 80000000, 10000, 1, 10, 20, 80                                                                                            | SDM 2.5                   |
        | interrupts | VECTOR                               | decimal     | NMI 2, UD 6, DF 8, TS 10, NP 11, SS 12, GP 13, PF 14                                                                                    | SDM 6.3.1, table 6-1      |
        | registers | PAGE_FAULT                            | decimal     | 14                                                                                                                                     | SDM 6.15                  |
        | mmu      | INVPCID                               | decimal     | address 0, context 1, all 2, allButGlobal 3                                                                                            | SDM, INVPCID, types       |

      Examples: Linux and its processor
        | file     | group                                                                                                                    | notation    | numbers                                      | document                                    |
        | pgtable  | _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PSE, _PAGE_GLOBAL                                | hexadecimal | 1, 2, 4, 20, 40, 80, 100                     | asm-i386/pgtable.h                          |
        | entries  | _PAGE_PRESENT, _PAGE_TABLE, PAGE_KERNEL_EARLY, PAGE_KERNEL, PAGE_KERNEL_LARGE, IDENT_LARGE, IDENT                        | hexadecimal | 1, 67, 63, 163, 1e3, 83, 3                   | asm-x86/pgtable.h in 2.6.27                 |
        | preempt  | PREEMPT_OFFSET, PREEMPT_MASK, SOFTIRQ_OFFSET, SOFTIRQ_MASK, HARDIRQ_OFFSET, HARDIRQ_MASK, PREEMPT_ACTIVE                 | hexadecimal | 1, ff, 100, ff00, 10000, fff0000, 10000000   | linux/hardirq.h                             |
        | fault    | PF_PROT, PF_WRITE, PF_USER                                                                                               | hexadecimal | 1, 2, 4                                      | i386/mm/fault.c, error_code                 |
        | layout   | PAGE_OFFSET, VMALLOC_OFFSET, DEFAULT_VMALLOC_RESERVE, DEFAULT_FIXADDR_TOP                                                | hexadecimal | c0000000, 800000, 8000000, fffff000          | asm-x86/page_32.h, pgtable_32.h, fixmap_32.h |
        | vectors  | INVALIDATE_TLB_VECTOR, CALL_FUNCTION_VECTOR, TIMER_VECTOR                                                                | hexadecimal | fd, fb, 20                                   | asm-i386/mach-default/irq_vectors.h         |
        | tlb      | TLB_FLUSH_ALL                                                                                                            | hexadecimal | ffffffff                                     | asm/tlbflush.h                              |
        | protnone | _PAGE_PROTNONE                                                                                                           | hexadecimal | 100                                          | asm/pgtable_types.h, of _PAGE_GLOBAL        |
        | uffd     | _PAGE_UFFD_WP                                                                                                            | hexadecimal | 400                                          | asm/pgtable_types.h, SOFTW2, bit 10         |

      Examples: Linux and what starts it
        | file     | group                                                                          | notation    | numbers                             | document                         |
        | e820     | SETUP_DATA_HEADER, SETUP_E820_EXT, E820_ENTRY_SIZE                             | decimal     | 16, 1, 20                           | asm-x86/bootparam.h and e820.h   |
        | dmi      | DMI_AREA, DMI_AREA_SIZE                                                        | hexadecimal | f0000, 10000                        | drivers/firmware/dmi_scan.c      |

      Examples: A guest and its ROM (include/asm-x86/vmi.h in 2.6.24)
        | file     | group                                                                          | notation    | numbers                             | document                         |
        | vmi      | ROM_SIGNATURE, VMI_SIGNATURE, VMI_API_REV_MAJOR, VMI_API_REV_MINOR, PCI_VENDOR_ID_VMWARE, PCI_DEVICE_ID_VMWARE_VMI | hexadecimal | aa55, 696d5663, 3, 0, 15ad, 801 | asm-x86/vmi.h   |
        | vmi      | VROM                                                                           | hexadecimal | rom_signature 0, rom_length 2, vrom_signature 8, api_version_min c, api_version_maj d, jump_slots e, virtual_top 10, license_offs 16, pci_header_offs 18, pnp_header_offs 1a, vmi_init 80, get_reloc 88 | struct vrom_header |
        | vmi      | VMI_CALL                                                                       | decimal     | CPUID 0, WRMSR 1, RDMSR 2, SetGDT 3, SetLDT 4, SetIDT 5, SetTR 6, UpdateKernelStack 14, SetCR0 15, SetCR2 16, SetCR3 17, SetCR4 18, GetCR0 19, GetCR2 20, GetCR3 21, GetCR4 22, EnableInterrupts 29, DisableInterrupts 30, GetInterruptMask 31, SetInterruptMask 32, IRET 33, Halt 35, SetPxE 38, SetPxELong 39, UpdatePxE 40, UpdatePxELong 41, AllocatePage 44, ReleasePage 45, InvalPage 46, FlushTLB 47, SetLinearMapping 48, IODelay 65, SetLazyMode 73 | VMI_CALL_* |
        | vmi      | VMI_PAGE                                                                       | hexadecimal | PT 1, PD 2, PDP 4, PML4 8, PAE 10, CLONE 20, ZEROED 40 | VMI_PAGE_*    |
        | vmi      | VMI_PTE                                                                        | hexadecimal | CURRENT_AS 10, DEFER 20, VA_MASK fffff000 | VMI_PAGE_*                 |
        | vmi      | VMI_FLUSH                                                                      | hexadecimal | TLB 1, GLOBAL 2                     | VMI_FLUSH_*                      |

      Examples: A guest and Xen (xen/include/public in 4.0.0)
        | file     | group                                                                          | notation    | numbers                             | document                         |
        | xen      | DOMID_SELF, DOMID_IO, DOMID_XEN                                                | hexadecimal | 7ff0, 7ff1, 7ff2                    | public/xen.h                     |
        | xen      | __HYPERVISOR                                                                   | decimal     | set_trap_table 0, mmu_update 1, set_gdt 2, update_descriptor 10, memory_op 12, multicall 13, update_va_mapping 14, xen_version 17, grant_table_op 20, vm_assist 21, update_va_mapping_otherdomain 22, iret 23, mmuext_op 26, event_channel_op 32 | __HYPERVISOR_* |
        | xen      | MMUEXT                                                                         | decimal     | PIN_L1_TABLE 0, PIN_L2_TABLE 1, PIN_L3_TABLE 2, PIN_L4_TABLE 3, UNPIN_TABLE 4, NEW_BASEPTR 5, TLB_FLUSH_LOCAL 6, TLB_FLUSH_MULTI 8, TLB_FLUSH_ALL 10, INVLPG_LOCAL 7, INVLPG_MULTI 9, INVLPG_ALL 11, FLUSH_CACHE 12, SET_LDT 13, NEW_USER_BASEPTR 15, CLEAR_PAGE 16, COPY_PAGE 17, FLUSH_CACHE_GLOBAL 18, MARK_SUPER 19, UNMARK_SUPER 20 | MMUEXT_* |
        | xen      | MMU_NORMAL_PT_UPDATE, MMU_MACHPHYS_UPDATE, MMU_PT_UPDATE_PRESERVE_AD, MMU_PT_UPDATE_NO_TRANSLATE | decimal | 0, 1, 2, 3            | MMU_*                            |
        | xen      | UVMF_NONE, UVMF_TLB_FLUSH, UVMF_INVLPG, UVMF_FLUSHTYPE_MASK, UVMF_LOCAL, UVMF_ALL | decimal  | 0, 1, 2, 3, 0, 4                    | UVMF_*                           |
        | xen      | VMASST_TYPE_writable_pagetables, XENMEM_increase_reservation, XENMEM_decrease_reservation, XENMEM_exchange | decimal | 2, 0, 1, 11 | VMASST_*, memory.h              |
        | xen      | GNTST                                                                          | decimal     | general_error -1, bad_domain -2, bad_gntref -3, bad_handle -4, bad_virt_addr -5, permission_denied -8, bad_page -9, bad_copy_arg -10, address_too_big -11 | GNTST_* |
        | xen      | EPERM, ESRCH, ENOMEM, EACCES, EFAULT, EBUSY, EINVAL, ENOSYS, EOPNOTSUPP, ERESTART | decimal  | -1, -3, -12, -13, -14, -16, -22, -38, -95, -85 | errno.h               |
        | xen events | EVTCHNOP                                                                     | decimal     | send 4, bind_ipi 7, unmask 9        | EVTCHNOP_*                       |
        | xen layout | _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, _PAGE_PWT, _PAGE_PCD, _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_PSE, _PAGE_GLOBAL, _PAGE_NX | hexadecimal | 1, 2, 4, 8, 10, 20, 40, 80, 100, 800000 | asm-x86/page.h |
        | xen layout | TWO_LEVEL                                                                    | decimal     | entryBytes 4, levels 2, hostLevels 2, HYPERVISOR_VIRT_START 4227858432 | page-2level.h, public/arch-x86/xen-x86_32.h |
        | xen layout | PAE                                                                          | decimal     | entryBytes 8, levels 3, hostLevels 3, HYPERVISOR_VIRT_START 4118806528 | page-3level.h, public/arch-x86/xen-x86_32.h |
        | xen layout | COMPAT                                                                       | decimal     | entryBytes 8, levels 3, hostLevels 4, HYPERVISOR_VIRT_START 4118806528 | public/arch-x86/xen-x86_32.h |
        | xen segments | FIRST_RESERVED_GDT_ENTRY                                                   | hexadecimal | 1c00                                | public/arch-x86/xen.h            |
