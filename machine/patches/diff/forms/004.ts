import type { KnownForm } from '../known';

// What diffs of thread 004 look like.

export const forms004: readonly KnownForm[] = [
  {
    patch: 'xen-pte-lock',
    source: 'Jeremy Fitzhardinge, 15 Oct 2007',
    places: [
      { hunk: null, file: 'arch/x86/xen/enlighten.c', where: 'pin_pagetable_pfn()', lines: '+139bdc0c +0baf02b2 +ce398148 +798f1fc5 +7acd6599 +c139f703', near: 'f5f7705c 7094634b' },
      { hunk: 'xen-pte-lock/alloc-pt', file: 'arch/x86/xen/enlighten.c', where: 'xen_alloc_pt()', lines: '-59a4e174 +2d8e4a9d +86df2b38', near: '104961d2 8f3d8365 f5f7705c cefb10e4' },
      { hunk: 'xen-pte-lock/release-pt', file: 'arch/x86/xen/enlighten.c', where: 'xen_release_pt()', lines: '-59a4e174 +2d8e4a9d +ce78d931', near: 'e8559b03 ae1fb1b1 6a24d879' },
      { hunk: 'xen-pte-lock/boot-level', file: 'arch/x86/xen/enlighten.c', where: 'xen_pagetable_setup_done()', lines: '-0baf02b2 +5f3a3e9d -7e94256f +7f037d78 -7e94256f +4846247d -f4051e46 -7acd6599 -c139f703 +f092e5c0', near: 'a40cc616' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'enum pt_level', lines: '+b35dcbee +f658ca33 +85bafc19 +8cf0afa1 +c2678b21', near: '' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): the level as an enum', lines: '-5d98b80a +52e42d25', near: 'be4929ff 36403619 2dcdbe4e 027d4091' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): PT_PUD', lines: '-8c1cc8e2 +20fd9288', near: 'c8404997 0f7d1621 de47c2b4 95e685b7' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): PT_PMD', lines: '-c9a290ca +dcbedf38', near: 'dbf5f731 7e19ddc9 42bf8c49 3730a0d0' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pgd_walk(): PT_PTE, PT_PGD', lines: '-27b49c74 +54cdb784 -5e2b560a +b0092d92', near: 'c0aae417 d63d21ed c732e578' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pin_page(): the level as an enum', lines: '-0d009021 +2b75ddf9', near: 'c732e578 dc829b56 e8d633f1' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'lock_pte()', lines: '+870f90d6 +582b12ac +fca01659 +9505b686 +207f925d +a7292d3a', near: 'c732e578' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'do_unlock()', lines: '+1e5872a8 +9e05db39 +d4d4252a', near: '' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_do_pin()', lines: '+8f63cf83 +8d15f824 +2d6252f6 +7e8d9568 +1712174a +e27fbf0d +befbbabe +17f82053', near: 'dc829b56 e8d633f1' },
      { hunk: 'xen-pte-lock/pin-lock', file: 'arch/x86/xen/mmu.c', where: 'pin_page()', lines: '+c5ca5744 +e2f18b2c +51715601 +1208cb38 +ea203e12 +779e7fd7', near: '74417445 a9b2a7e6 513597fd 071d9811 a595d2b4 12b88995 c732e578' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'pin_page(): the flush with the page directory', lines: '-2da175ec +33af6b9a', near: 'a595d2b4 12b88995' },
      { hunk: 'xen-pte-lock/pin-l1', file: 'arch/x86/xen/mmu.c', where: 'pin_page()', lines: '+51715601 +5df8013d', near: 'a595d2b4 12b88995 c732e578' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_pgd_pin(): by xen_do_pin()', lines: '-2d6252f6 -8d15f824 +5f3a3e9d', near: 'a81fa255 6e39561e 8b269486' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_pgd_pin(): by xen_do_pin()', lines: '-7e8d9568 -1712174a -b0a3c5da +7f037d78 -945fd4ef +4846247d -22a61e59 -17f82053 +fcbc0d65', near: '8b269486 a40cc616 d8995271' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'mark_pinned(): the level as an enum', lines: '-00be60cc +85e143dc', near: '8f3d8365' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'unpin_page(): the level as an enum', lines: '-ca757e98 +229d2120', near: '2caadb14 89b3f3ed dfafa3c6 74417445 a9b2a7e6' },
      { hunk: 'xen-pte-lock/unpin-lock', file: 'arch/x86/xen/mmu.c', where: 'unpin_page()', lines: '+582b12ac +af6b220e +1208cb38 +ea203e12 +779e7fd7', near: 'dfafa3c6 74417445 a9b2a7e6 a595d2b4 e635d7d7' },
      { hunk: 'xen-pte-lock/unpin-l1', file: 'arch/x86/xen/mmu.c', where: 'unpin_page()', lines: '+fb27f19a', near: 'a595d2b4 e635d7d7' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'unpin_page(): the multicall entry comes later', lines: '-513597fd +2d6252f6 +437a14fc', near: '89b3f3ed dfafa3c6 74417445 a9b2a7e6 a595d2b4 e635d7d7' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'unpin_page(): the flush with the page directory', lines: '-2da175ec +33af6b9a', near: 'a595d2b4 e635d7d7' },
      { hunk: null, file: 'arch/x86/xen/mmu.c', where: 'xen_pgd_unpin(): by xen_do_pin()', lines: '-8d15f824 -2d6252f6 -7e8d9568 -1712174a -78941829 -22a61e59 -17f82053 +af28b25d', near: 'eb195aff 8b269486 669f2b8a' },
      { hunk: 'xen-pte-lock/kconfig', file: 'mm/Kconfig', where: 'SPLIT_PTLOCK_CPUS', lines: '-787d0d2f', near: '95e97e5e 91398fc8 86fa73a6 b99c7f06' },
    ],
  },
];
