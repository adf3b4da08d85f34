Feature: The history of each patch can be looked up
  A chapter says when a bug was found, merged, reverted or found again. Each of these statements names the mail, commit or release where it can be read.

  Rule: The sources of a patch are all listed

    Scenario: The history of vmi-lazy names all its sources
      When the sources of "vmi-lazy" in the catalogue are read
      Then it lists exactly
        | source |
        | Zachary Amsden, 31 Mar 2007 |
        | 9226d125d94c, 7ce0bcfd1667 (2.6.21-rc1) |
        | 49f19710512c (2.6.21-rc7) |
        | 7b2f27f4e181 (2.6.22), 8b14cb9953c6 (2.6.23), 8965c1c0950d (2.6.24), b8bcfe997e46, b407fc57b815 (2.6.31) |
        | 9863c90f682f (2.6.37) |
        | "VMI Interface Proposal Documentation for I386", 13 Mar 2006 |

    Scenario: The history of preemptible-lazy names all its sources
      When the sources of "preemptible-lazy" in the catalogue are read
      Then it lists exactly
        | source |
        | Zachary Amsden, 5 Sep 2007 |
        | 8b14cb9953c6 (2.6.23-rc4) |
        | 2.6.23, 2.6.24 |
        | d85cf93da669, 34b0900d3231 (2.6.29) |
        | 4f06b0436b2d (2.6.29) |
        | 7ad9de6ac83b (2.6.29) |
        | 570a335b8e22 (2.6.33) |

    Scenario: The history of flush-tlb names all its sources
      When the sources of "flush-tlb" in the catalogue are read
      Then it lists exactly
        | source |
        | Ingo Molnar, 18 Nov 2004 |
        | 2.6.10, 2.6.12-rc1, 2.6.24, 2.6.32 |
        | 5cf0791da5c1 (Aug 2016) |
        | decab0888e6e (Dec 2017), f77084d96355 (Oct 2018) |

    Scenario: The history of vmi-boot names all its sources
      When the sources of "vmi-boot" in the catalogue are read
      Then it lists exactly
        | source |
        | ae8d04e2ecbb |
        | feb374144807 |
        | 5c371b31be32 |
        | 0947b2f31ca1, 551889a6e2a2 |
        | 31343d8a5079, 3a6ddd5f1840 |
        | e621bd18958e |
        | 6abf65510944 |
        | e67a807f3d9a |

    Scenario: The history of xen-pte-lock names all its sources
      When the sources of "xen-pte-lock" in the catalogue are read
      Then it lists exactly
        | source |
        | Jeremy Fitzhardinge, 15 Oct 2007 |
        | 74260714c56d (2.6.24) |
        | 67dd5a25f4ef (2.6.23) |
        | 91e0c5f3dad4 (2.6.24) |
        | 5b727a3b0158 (2.6.25) |
        | 9f79991d4186 (2.6.24) |
        | df912ea4ae72 (2.6.23) |
        | 11ad93e59d11, 6a9e91846bf5 (2.6.28) |
        | 1c70e9bd8326 (2.6.25-rc1) |
        | f64337062c09, a684d69d15a8 (2.6.25) |
        | 617d34d9e5d8 (2.6.37) |
        | Xen 89acd8b4d602 and 3bbed81e30, 20 and 22 September 2010 |
        | e2426cf85f8d (2.6.27) |
        | Andrea Arcangeli, 15 February 2011; a79e53d85683 |
        | 817a824b75b1 (2.6.34) |

    Scenario: The history of switch-mm-barrier names all its sources
      When the sources of "switch-mm-barrier" in the catalogue are read
      Then it lists exactly
        | source |
        | 71b3c126e611 |
        | CVE-2016-2069, oss-security, 26 Jan 2016 |
        | 4eaffdd5a5fe |
        | 3.16.7-ckt24; 3.14 review, 14 Aug 2016 |

    Scenario: The history of skipped-flush names all its sources
      When the sources of "skipped-flush" in the catalogue are read
      Then it lists exactly
        | source |
        | 209954cbc7d0 (6.14) |
        | 6db2526c1d69 (6.14; stable, February 2025) |
        | fea4e317f9e7 (6.15-rc6) |
        | Stephen Dolan, 9 Oct 2025 |
        | 83b0177a6c48 (6.18-rc2, 6.17.5) |

    Scenario: The history of mremap-flush names all its sources
      When the sources of "mremap-flush" in the catalogue are read
      Then it lists exactly
        | source |
        | eb66ae030829 (4.19) |
        | 5d1904204c99 (4.9) |
        | Kirill Shutemov and Linus Torvalds, 2 Nov 2018 |
        | 2c91bd4a4e2e (5.0), c49dd3401802 (5.14-rc) |

    Scenario: The history of batched-flush names all its sources
      When the sources of "batched-flush" in the catalogue are read
      Then it lists exactly
        | source |
        | 72b252aed506, d950c9477d51 (4.3) |
        | 3ea277194daa (4.13) |
        | Nadav Amit, July 2017 |
        | 5ee2fa2f0636 (5.17) |
        | Ryan Roberts, 6 Jun 2025 |

    Scenario: The history of flush-pending names all its sources
      When the sources of "flush-pending" in the catalogue are read
      Then it lists exactly
        | source |
        | 20841405940e (3.13) |
        | 16af97dc5a89 (4.13) |
        | 0a2c40487f3e (4.13) |

    Scenario: The history of vmalloc-lazy names all its sources
      When the sources of "vmalloc-lazy" in the catalogue are read
      Then it lists exactly
        | source |
        | 1160c2779b82 (3.9) |
        | 8b14cb9953c6 (2.6.23-rc4) |
        | arch/x86/xen/multicalls.c (3.8.13) |
        | b8bcfe997e46 (2.6.31-rc1) |

    Scenario: The history of freed-tables names all its sources
      When the sources of "freed-tables" in the catalogue are read
      Then it lists exactly
        | source |
        | 2ff6ddf19c0e (reverted before 4.19-rc1) |
        | 64482aafe55f (reverted with it) |
        | 016c4d92cd16, 145f573b89a6 (4.20) |
        | 3ef938c35035 (2025) |
        | 831d52bc1539 (2.6.38) |
        | arch/x86/mm/tlb.c (4.14 to 6.13), switch_mm_irqs_off() |
        | 9e52fc2b50de (4.14), 48a8b97cfd80 (4.19) |
        | a6f572084fbe, d86564a2f085 (4.19) |

    Scenario: The history of drop-mm-ref names all its sources
      When the sources of "drop-mm-ref" in the catalogue are read
      Then it lists exactly
        | source |
        | 7899891c7d16 (3.0 cycle) |
        | 831d52bc1539 (2.6.38) |
        | 9f79991d4186 (2.6.27) |
        | d53c3dfb23c4 (5.10) |

    Scenario: The history of cr4-pge names all its sources
      When the sources of "cr4-pge" in the catalogue are read
      Then it lists exactly
        | source |
        | b1979a5fda78 (2.6.26-rc4) |
        | bugzilla 10642; lkml, 7 May 2008 |
        | include/asm-i386/tlbflush.h before 2.6.21 |

    Scenario: The history of torn-pmd names all its sources
      When the sources of "torn-pmd" in the catalogue are read
      Then it lists exactly
        | source |
        | 26c191788f18 (3.5 cycle) |
        | e4eed03fd065 (3.5 cycle) |
        | FreeBSD r342769 (2019) |

    Scenario: The history of large-page-split names all its sources
      When the sources of "large-page-split" in the catalogue are read
      Then it lists exactly
        | source |
        | ad5ca55f6bdb (2.6.28-rc1) |
        | Intel application note 317080, TLBs, paging-structure caches and their invalidation |

    Scenario: The history of zap-dirty names all its sources
      When the sources of "zap-dirty" in the catalogue are read
      Then it lists exactly
        | source |
        | 1cf35d47712d (3.15) |
        | 5df397dec7c4 (6.2) |

    Scenario: The history of gup-fast names all its sources
      When the sources of "gup-fast" in the catalogue are read
      Then it lists exactly
        | source |
        | 2ba99c5e0881 (6.1) |
        | 70cbc3cc78a9 (6.0) |
        | ba76149f47d8 (2.6.38) |

    Scenario: The history of modify-prot names all its sources
      When the sources of "modify-prot" in the catalogue are read
      Then it lists exactly
        | source |
        | 1ea0704e0da6, a comment in include/asm-generic/pgtable.h |
        | 1ea0704e0da6 (2.6.27-rc1) |
        | e57778a1e304 (2.6.27-rc1) |

    Scenario: The history of lazy-mmu-nesting names all its sources
      When the sources of "lazy-mmu-nesting" in the catalogue are read
      Then it lists exactly
        | source |
        | Kevin Brodsky, versions 3 to 5, October and November 2025 |
        | Juergen Gross, May 2026 |
        | 49147beb0ccb, c36549ff8d84 |
        | 1ef3095b1405 |
        | 224101ed69d3 (2.6.31-rc1) |

    Scenario: The history of nested-madvise names all its sources
      When the sources of "nested-madvise" in the catalogue are read
      Then it lists exactly
        | source |
        | 99baac21e458 (4.13) |
        | 56236a59556c, 0a2dd266dd6b (4.13) |

    Scenario: The history of uffd-wp names all its sources
      When the sources of "uffd-wp" in the catalogue are read
      Then it lists exactly
        | source |
        | 6ce64428d620 (5.12) |
        | 20210304095423.3825684-1-namit@vmware.com |
        | 292924b26024 (5.7) |
        | 09854ba94c6a (5.9) |
