@i386
Feature: Each boot invariant fires on the fault that it is about, and on no other
  A kernel boots on a PC with 2048 MiB. Its vmalloc area is 120 MiB, the first page of lowmem is mapped, and nothing is wrong.
  Then one thing is changed: at the boundary, and one step beyond it.

  Scenario Outline: 2.6.<release> <rom>, <change>: <invariant> says <words>
    When 2.6.<release> has booted <rom>, and then <change>
    Then <invariant> says "<words>"

    Examples: setup_data has to be in the memory map as the kernel's, since 2.6.27
      | invariant          | release | rom           | change                                                                                     | words             |
      | bootSetupDataHeard | 28      | without a ROM | nothing changes                                                                            | nothing           |
      | bootSetupDataHeard | 28      | without a ROM | hdr_setup_data = 32505856                                                                  | 0x1f00000 is still free memory |
      | bootSetupDataHeard | 28      | without a ROM | hdr_setup_data = 32505856; booted = false                                                  | nothing           |
      | bootSetupDataHeard | 26      | without a ROM | hdr_setup_data = 32505856                                                                  | nothing           |
      | bootSetupDataHeard | 28      | without a ROM | hdr_setup_data = 32505856; e820 = [{"addr":32505856,"size":16,"type":"kernel data"}]       | nothing           |
      | bootSetupDataHeard | 28      | without a ROM | hdr_setup_data = 32505856; e820 = [{"addr":32505856,"size":16,"type":"reserved"}]          | still free memory |
      | bootSetupDataHeard | 28      | without a ROM | hdr_setup_data = 32505856; e820 = [{"addr":32505857,"size":16,"type":"kernel data"}]       | still free memory |

    Examples: Page tables lie above the first 64 KiB
      | invariant            | release | rom           | change                                                                               | words     |
      | bootLowMemoryAvoided | 28      | without a ROM | early_res = [{"start":65536,"end":69632,"name":"PGTABLE"}]                           | nothing   |
      | bootLowMemoryAvoided | 28      | without a ROM | early_res = [{"start":61440,"end":69632,"name":"PGTABLE"}]                           | at 0xf000 |
      | bootLowMemoryAvoided | 28      | without a ROM | early_res = [{"start":61440,"end":69632,"name":"BOOTMAP"}]                           | nothing   |
      | bootLowMemoryAvoided | 28      | without a ROM | early_res = [{"start":0,"end":0,"name":"PGTABLE"}]                                   | nothing   |
      | bootLowMemoryAvoided | 28      | without a ROM | early_res = [{"start":61440,"end":69632,"name":"PGTABLE"}]; booted = false           | nothing   |

    Examples: vmalloc= may lose 17 MiB, and no more
      | invariant          | release | rom           | change                                                                          | words                                                    |
      | bootVmallocAsAsked | 28      | without a ROM | boot_command_line = "vmalloc=137M"                                              | nothing                                                  |
      | bootVmallocAsAsked | 28      | without a ROM | boot_command_line = "quiet vmalloc=138M"                                        | 120.00 MiB, but the command line asks for 138 MiB        |
      | bootVmallocAsAsked | 28      | without a ROM | boot_command_line = "vmalloc=138M"; booted = false                              | nothing                                                  |
      | bootVmallocAsAsked | 28      | without a ROM | boot_command_line = "quiet"                                                     | nothing                                                  |

    Examples: Where lowmem ends before RAM does, vmalloc has no more than was asked for
      | invariant           | release | rom           | change                                                                         | words                                      |
      | bootHoleCountedOnce | 28      | without a ROM | nothing changes                                                                | nothing                                    |
      | bootHoleCountedOnce | 28      | without a ROM | boot_command_line = "vmalloc=120M"                                             | nothing                                    |
      | bootHoleCountedOnce | 28      | without a ROM | boot_command_line = "vmalloc=119M"                                             | 120.00 MiB where 119 were asked for        |
      | bootHoleCountedOnce | 28      | without a ROM | boot_command_line = "vmalloc=119M"; max_pfn = 7; max_low_pfn = 7               | nothing                                    |
      | bootHoleCountedOnce | 28      | without a ROM | boot_command_line = "vmalloc=119M"; booted = false                             | nothing                                    |

    Examples: Under a ROM
      | invariant                     | release | rom         | change                                                                          | words                                 |
      | bootUnderHypervisor           | 28      | under a ROM | nothing changes                                                                 | nothing                               |
      | bootUnderHypervisor           | 28      | under a ROM | vmi_active = false                                                              | was never activated                   |
      | bootUnderHypervisor           | 28      | under a ROM | vmi_active = false; booted = false                                              | nothing                               |
      | bootUnderHypervisor           | 28      | without a ROM | nothing changes                                                               | nothing                               |
      | bootLinearMappingCoversLowmem | 28      | under a ROM | hypervisor.linearPages = 100; max_low_pfn = 100                                 | nothing                               |
      | bootLinearMappingCoversLowmem | 28      | under a ROM | hypervisor.linearPages = 100; max_low_pfn = 101                                 | told of 100 pages                     |
      | bootLinearMappingCoversLowmem | 28      | under a ROM | hypervisor.linearPages = 100; max_low_pfn = 101; vmi_active = false             | nothing                               |
      | bootLinearMappingCoversLowmem | 28      | under a ROM | hypervisor.linearPages = 100; max_low_pfn = 101; booted = false                 | nothing                               |
      | bootNothingDropped            | 28      | under a ROM | nothing changes                                                                 | nothing                               |
      | bootNothingDropped            | 28      | under a ROM | hypervisor.dropped = 1; hypervisor.firstDropped = 4660                          | dropped 1 updates, the first of page frame 0x1234 |
      | bootLeavesTheHole             | 28      | under a ROM | nothing changes                                                                 | nothing                               |
      | bootLeavesTheHole             | 28      | under a ROM | hypervisor.ownAsked = 2                                                         | has written 2 entries                 |
      | bootLeavesTheHole             | 28      | under a ROM | hypervisor.ownAsked = 2; vmi_active = false                                     | nothing                               |
      | bootLeavesTheHole             | 28      | under a ROM | cpu.lastAccess = {"la":4227858432,"pa":0,"kind":"read"}                         | has a read at 0xfc000000              |
      | bootLeavesTheHole             | 28      | under a ROM | cpu.lastAccess = {"la":4227858431,"pa":0,"kind":"read"}                         | nothing                               |
      | bootBelowTheHole              | 28      | under a ROM | nothing changes                                                                 | nothing                               |
      | bootBelowTheHole              | 28      | under a ROM | high_memory = 4294963200                                                      | the kernel uses addresses up to 0x100 |
      | bootBelowTheHole              | 28      | under a ROM | high_memory = 4294963200; vmi_active = false                                  | nothing                               |
      | bootBelowTheHole              | 28      | under a ROM | high_memory = 4294963200; booted = false                                      | nothing                               |
      | bootVmiFlagsHeeded            | 28      | under a ROM | vmi_flags = ["timer"]; vmi_flags_heeded = ["timer"]                             | nothing                               |
      | bootVmiFlagsHeeded            | 28      | under a ROM | vmi_flags = ["timer","mmu"]; vmi_flags_heeded = ["timer"]                       | vmi=mmu was parsed after activation   |
      | bootVmiFlagsHeeded            | 28      | under a ROM | vmi_flags = ["timer"]; vmi_flags_heeded = []; vmi_active = false                | nothing                               |
      | bootVmiFlagsHeeded            | 28      | under a ROM | vmi_flags = ["timer"]; vmi_flags_heeded = []; booted = false                    | nothing                               |

    Examples: With PAE as well, every page of lowmem is mapped once the page tables are the kernel's own
      | invariant        | release | rom                    | change                                   | words                      |
      | bootLowmemMapped | 28      | without a ROM          | nothing changes                          | nothing                    |
      | bootLowmemMapped | 28      | without a ROM with PAE | nothing changes                          | nothing                    |
      | bootLowmemMapped | 28      | under a ROM with PAE   | nothing changes                          | nothing                    |
      | bootLowmemMapped | 26      | without a ROM with PAE | nothing changes                          | nothing                    |
      | bootGoesThrough  | 28      | without a ROM with PAE | nothing changes                          | nothing                    |
      | bootGoesThrough  | 28      | under a ROM with PAE   | nothing changes                          | nothing                    |
      | bootLowmemMapped | 28      | without a ROM with PAE | max_low_pfn = 1048576                    | is not mapped              |
      | bootLowmemMapped | 28      | without a ROM with PAE | max_low_pfn = 1048576; booted = false    | nothing                    |

  Scenario Outline: With the hunks <hunks>: bootLinksEitherWay says <words>
    When 2.6.28-rc8 has the hunks "<hunks>" of the patch
    Then bootLinksEitherWay says "<words>"

    Examples: vmi_32.c is compiled with CONFIG_VMI only; the stubs of asm/vmi.h stand for it, or #ifdef drops the calls
      | hunks                           | words                                                                           |
      | split, init-first               | with CONFIG_VMI off nothing provides vmi_init(), which setup.c calls            |
      | split, init-first, ifdef        | nothing                                                                         |
      | split, init-first, stubs-inline | nothing                                                                         |
      | split, init-first, stubs-macro  | nothing                                                                         |
      | activate, stubs-inline          | with CONFIG_VMI on nothing provides vmi_activate(), which setup.c calls         |
      | split, activate                 | with CONFIG_VMI off nothing provides vmi_activate(), which setup.c calls        |
      | split, activate, ifdef          | nothing                                                                         |
      | split, bringup                  | with CONFIG_VMI off nothing provides vmi_bringup(), which smpboot.c calls       |
      | split, bringup, ifdef           | with CONFIG_VMI off nothing provides vmi_bringup(), which smpboot.c calls       |
