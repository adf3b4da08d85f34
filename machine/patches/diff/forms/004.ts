import type { KnownForm } from '../known';

// What diffs of thread 004 look like.

/** The chunks of the diff of Jeremy Fitzhardinge, 15 Oct 2007, as `KnownPlace.around` has them. */
const POSTED = [
  'f5f7705c } +139bdc0c +{ +0baf02b2 +ce398148 +798f1fc5 +7acd6599 +c139f703 +} 7094634b',
  '104961d2 8f3d8365 -59a4e174 +2d8e4a9d f5f7705c -else +86df2b38 +}else cefb10e4',
  'e8559b03 ae1fb1b1 -59a4e174 +2d8e4a9d +ce78d931 6a24d879 +} } }',
  '{ -0baf02b2 +5f3a3e9d a40cc616 -7e94256f +7f037d78 #else -7e94256f +4846247d #endif -f4051e46 -7acd6599 -c139f703 +f092e5c0 } }',
  '} #endif +b35dcbee +f658ca33 +85bafc19 +8cf0afa1 +c2678b21 +};',
  'be4929ff 36403619 -5d98b80a +52e42d25 2dcdbe4e { 027d4091',
  'c8404997 0f7d1621 -8c1cc8e2 +20fd9288 de47c2b4 95e685b7',
  'dbf5f731 7e19ddc9 -c9a290ca +dcbedf38 42bf8c49 3730a0d0',
  'c0aae417 d63d21ed -27b49c74 +54cdb784 } } } -5e2b560a +b0092d92 c732e578 } -0d009021 +870f90d6 +{ +582b12ac +fca01659 +9505b686 +207f925d +#endif +a7292d3a +} +1e5872a8 +{ +9e05db39 +d4d4252a +} +8f63cf83 +{ +8d15f824 +2d6252f6 +7e8d9568 +1712174a +e27fbf0d +befbbabe +17f82053 +} +2b75ddf9 { dc829b56 e8d633f1',
  '74417445 a9b2a7e6 513597fd +c5ca5744 071d9811 +e2f18b2c +51715601 +1208cb38 a595d2b4 12b88995 -2da175ec +33af6b9a +51715601 +5df8013d +ea203e12 +779e7fd7 +} } c732e578',
  'a81fa255 6e39561e { -2d6252f6 -8d15f824 +5f3a3e9d 8b269486',
  '8b269486 } -7e8d9568 -1712174a a40cc616 -b0a3c5da +7f037d78 #else -945fd4ef +4846247d #endif -22a61e59 -17f82053 +fcbc0d65 d8995271 }',
  '-00be60cc +85e143dc { 8f3d8365 return0;',
  '2caadb14 } -ca757e98 +229d2120 { 89b3f3ed dfafa3c6 74417445 a9b2a7e6 -513597fd +582b12ac +2d6252f6 +af6b220e +1208cb38 +fb27f19a +} +437a14fc a595d2b4 e635d7d7 -2da175ec +33af6b9a +ea203e12 +779e7fd7 +} } return0;',
  'eb195aff { -8d15f824 -2d6252f6 8b269486 -7e8d9568 -1712174a -78941829 -22a61e59 -17f82053 +af28b25d 669f2b8a',
  '95e97e5e 91398fc8 86fa73a6 -787d0d2f b99c7f06 #',
] as const;

export const forms004: readonly KnownForm[] = [
  {
    patch: 'xen-pte-lock',
    source: 'Jeremy Fitzhardinge, 15 Oct 2007',
    places: [
      { hunk: null, file: 'arch/x86/xen/enlighten.c', where: 'pin_pagetable_pfn()', lines: '+139bdc0c +0baf02b2 +ce398148 +798f1fc5 +7acd6599 +c139f703', near: 'f5f7705c 7094634b', around: POSTED[0] },
      { hunk: 'xen-pte-lock/alloc-pt', file: 'arch/x86/xen/enlighten.c', where: 'xen_alloc_pt()', lines: '-59a4e174 +2d8e4a9d +86df2b38', near: '104961d2 8f3d8365 f5f7705c cefb10e4', around: POSTED[1] },
      { hunk: 'xen-pte-lock/release-pt', file: 'arch/x86/xen/enlighten.c', where: 'xen_release_pt()', lines: '-59a4e174 +2d8e4a9d +ce78d931', near: 'e8559b03 ae1fb1b1 6a24d879', around: POSTED[2] },
      { hunk: 'xen-pte-lock/boot-level', file: 'arch/x86/xen/enlighten.c', where: 'xen_pagetable_setup_done()', lines: '-0baf02b2 +5f3a3e9d -7e94256f +7f037d78 -7e94256f +4846247d -f4051e46 -7acd6599 -c139f703 +f092e5c0', near: 'a40cc616', around: POSTED[3] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'enum pt_level', lines: '+b35dcbee +f658ca33 +85bafc19 +8cf0afa1 +c2678b21', near: '', around: POSTED[4] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): the level as an enum', lines: '-5d98b80a +52e42d25', near: 'be4929ff 36403619 2dcdbe4e 027d4091', around: POSTED[5] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): PT_PUD', lines: '-8c1cc8e2 +20fd9288', near: 'c8404997 0f7d1621 de47c2b4 95e685b7', around: POSTED[6] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): PT_PMD', lines: '-c9a290ca +dcbedf38', near: 'dbf5f731 7e19ddc9 42bf8c49 3730a0d0', around: POSTED[7] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): PT_PTE, PT_PGD', lines: '-27b49c74 +54cdb784 -5e2b560a +b0092d92', near: 'c0aae417 d63d21ed c732e578', around: POSTED[8] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pin_page(): the level as an enum', lines: '-0d009021 +2b75ddf9', near: 'c732e578 dc829b56 e8d633f1', around: POSTED[8] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'lock_pte()', lines: '+870f90d6 +582b12ac +fca01659 +9505b686 +207f925d +a7292d3a', near: 'c732e578', around: POSTED[8] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'do_unlock()', lines: '+1e5872a8 +9e05db39 +d4d4252a', near: '', around: POSTED[8] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_do_pin()', lines: '+8f63cf83 +8d15f824 +2d6252f6 +7e8d9568 +1712174a +e27fbf0d +befbbabe +17f82053', near: 'dc829b56 e8d633f1', around: POSTED[8] },
      { hunk: 'xen-pte-lock/pin-lock', file: 'arch/x86/xen/mmu.c', where: 'pin_page()', lines: '+c5ca5744 +e2f18b2c +51715601 +1208cb38 +ea203e12 +779e7fd7', near: '74417445 a9b2a7e6 513597fd 071d9811 a595d2b4 12b88995 c732e578', around: POSTED[9] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pin_page(): the flush with the page directory', lines: '-2da175ec +33af6b9a', near: 'a595d2b4 12b88995', around: POSTED[9] },
      { hunk: 'xen-pte-lock/pin-l1', file: 'arch/x86/xen/mmu.c', where: 'pin_page()', lines: '+51715601 +5df8013d', near: 'a595d2b4 12b88995 c732e578', around: POSTED[9] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_pgd_pin(): by xen_do_pin()', lines: '-2d6252f6 -8d15f824 +5f3a3e9d', near: 'a81fa255 6e39561e 8b269486', around: POSTED[10] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_pgd_pin(): by xen_do_pin()', lines: '-7e8d9568 -1712174a -b0a3c5da +7f037d78 -945fd4ef +4846247d -22a61e59 -17f82053 +fcbc0d65', near: '8b269486 a40cc616 d8995271', around: POSTED[11] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'mark_pinned(): the level as an enum', lines: '-00be60cc +85e143dc', near: '8f3d8365', around: POSTED[12] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'unpin_page(): the level as an enum', lines: '-ca757e98 +229d2120', near: '2caadb14 89b3f3ed dfafa3c6 74417445 a9b2a7e6', around: POSTED[13] },
      { hunk: 'xen-pte-lock/unpin-lock', file: 'arch/x86/xen/mmu.c', where: 'unpin_page()', lines: '+582b12ac +af6b220e +1208cb38 +ea203e12 +779e7fd7', near: 'dfafa3c6 74417445 a9b2a7e6 a595d2b4 e635d7d7', around: POSTED[13] },
      { hunk: 'xen-pte-lock/unpin-l1', file: 'arch/x86/xen/mmu.c', where: 'unpin_page()', lines: '+fb27f19a', near: 'a595d2b4 e635d7d7', around: POSTED[13] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'unpin_page(): the multicall entry comes later', lines: '-513597fd +2d6252f6 +437a14fc', near: '89b3f3ed dfafa3c6 74417445 a9b2a7e6 a595d2b4 e635d7d7', around: POSTED[13] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'unpin_page(): the flush with the page directory', lines: '-2da175ec +33af6b9a', near: 'a595d2b4 e635d7d7', around: POSTED[13] },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_pgd_unpin(): by xen_do_pin()', lines: '-8d15f824 -2d6252f6 -7e8d9568 -1712174a -78941829 -22a61e59 -17f82053 +af28b25d', near: 'eb195aff 8b269486 669f2b8a', around: POSTED[14] },
      { hunk: 'xen-pte-lock/kconfig', file: 'mm/Kconfig', where: 'SPLIT_PTLOCK_CPUS', lines: '-787d0d2f', near: '95e97e5e 91398fc8 86fa73a6 b99c7f06', around: POSTED[15] },
    ],
  },
];
