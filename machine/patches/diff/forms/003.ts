import type { KnownForm } from '../known';

// What diffs of thread 003 look like.

/** The chunks of the diff of Zachary Amsden, 9 Dec 2008, as `KnownPlace.around` has them. */
const FIRST = [
  '#endif 275743dc -c1fb476b 23afab33 91abb700',
  '6398ebca #endif +c1fb476b 180e7c72 8d6085d1 cf316960',
] as const;

/** The chunks of the diff of Zachary Amsden, 10 Dec 2008, as `KnownPlace.around` has them. */
const SECOND = [
  'da5d4b3e #endif +87da5d01 +6398ebca +#endif 275743dc c1fb476b',
  'c84bdd68 #endif -656e3531 -6398ebca +a43b5af2 +25e1af47 #endif',
] as const;

/** The chunks of the diff of Zachary Amsden, 11 Dec 2008, as `KnownPlace.around` has them. */
const THIRD = [
  '2703038f +87da5d01 a70d20ec +5a89d279 28490f99 -da09b349 +#else +ab9cf55d +b470a06e +3af36bce +#endif',
] as const;

/** The chunks of commits, as `KnownPlace.around` has them. */
const CHUNKS = {
  'ae8d04e2ecbb': [
    '2703038f +87da5d01 a70d20ec +5a89d279 28490f99 -da09b349 +#else +94750f2e +22a519b1 +20b564db +#endif 3137bd87',
    'da5d4b3e #endif +6398ebca 275743dc c1fb476b',
    'c84bdd68 #endif -656e3531 -6398ebca -#endif +25e1af47 180e7c72',
    '-87da5d01 eb758327 -#endif 697474d0 23cb5571 c910d635',
    'df420b8d { -88eb2808 46d26bb5 3daaeca9 else',
    '0cacab3e -a1ca90fc -34295525 e3af076c e03b5cee #endif +} +bf392c16 +{ +88eb2808 +46d26bb5 +return; +a1ca90fc +34295525 1bc2de8c }',
  ],
  '6abf65510944': [
    'f45b4f7e 7c9d5fc2 96202e9a -a45f63bd #endif }',
  ],
  'e67a807f3d9a': [
    '8500db3d e043f159 c22875f2 +240ced93 0e35da28',
    '03edcf14 3029b689 +990bd658 +{ +inti; +9adbf943 +8384e0dd +ab8fc770 +break; +} +} +c1fb476b +} 0fabb301 { 6daf1a31',
    '0584c084 09b683f8 +3084b809 return0; } f69cc642',
  ],
} as const;

export const forms003: readonly KnownForm[] = [
  {
    patch: 'vmi-boot',
    source: 'Zachary Amsden, 9 Dec 2008',
    places: [
      { hunk: 'vmi-boot/ioremap-late', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '-c1fb476b', near: '275743dc 23afab33 91abb700', around: FIRST[0] },
      { hunk: 'vmi-boot/ioremap-late', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '+c1fb476b', near: '6398ebca 180e7c72 8d6085d1 cf316960', around: FIRST[1] },
    ],
  },
  {
    patch: 'vmi-boot',
    source: 'Zachary Amsden, 10 Dec 2008',
    places: [
      { hunk: 'vmi-boot/init-first', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '+6398ebca', near: 'da5d4b3e 275743dc c1fb476b', around: SECOND[0] },
      { hunk: 'vmi-boot/ifdef', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '+87da5d01', near: 'da5d4b3e 275743dc c1fb476b', around: SECOND[0] },
      { hunk: 'vmi-boot/activate', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '-656e3531 -6398ebca +25e1af47', near: 'c84bdd68', around: SECOND[1] },
      { hunk: 'vmi-boot/ifdef', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '+a43b5af2', near: 'c84bdd68', around: SECOND[1] },
    ],
  },
  {
    patch: 'vmi-boot',
    source: 'Zachary Amsden, 11 Dec 2008',
    places: [
      { hunk: 'vmi-boot/stubs-macro', file: 'arch/x86/include/asm/vmi.h', where: 'vmi_init(), vmi_activate(), vmi_bringup()', lines: '+87da5d01 +ab9cf55d +b470a06e +3af36bce', near: '2703038f a70d20ec 28490f99', around: THIRD[0] },
      { hunk: null, file: 'arch/x86/include/asm/vmi.h', where: 'vmi_activate() declared', lines: '+5a89d279', near: '2703038f a70d20ec 28490f99', around: THIRD[0] },
      { hunk: null, file: 'arch/x86/include/asm/vmi.h', where: 'vmi_apply_boot_page_allocations() no longer declared', lines: '-da09b349', near: 'a70d20ec 28490f99', around: THIRD[0] },
    ],
  },
  {
    patch: 'vmi-boot',
    source: 'ae8d04e2ecbb',
    places: [
      { hunk: 'vmi-boot/stubs-inline', file: 'arch/x86/include/asm/vmi.h', where: 'vmi_init(), vmi_activate(), vmi_bringup()', lines: '+87da5d01 +94750f2e +22a519b1 +20b564db', near: '2703038f a70d20ec 28490f99 3137bd87', around: CHUNKS['ae8d04e2ecbb'][0] },
      { hunk: null, file: 'arch/x86/include/asm/vmi.h', where: 'vmi_activate() declared', lines: '+5a89d279', near: '2703038f a70d20ec 28490f99', around: CHUNKS['ae8d04e2ecbb'][0] },
      { hunk: null, file: 'arch/x86/include/asm/vmi.h', where: 'vmi_apply_boot_page_allocations() no longer declared', lines: '-da09b349', near: 'a70d20ec 28490f99 3137bd87', around: CHUNKS['ae8d04e2ecbb'][0] },
      { hunk: 'vmi-boot/init-first', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '+6398ebca', near: 'da5d4b3e 275743dc c1fb476b', around: CHUNKS['ae8d04e2ecbb'][1] },
      { hunk: 'vmi-boot/activate', file: 'arch/x86/kernel/setup.c', where: 'setup_arch()', lines: '-656e3531 -6398ebca +25e1af47', near: 'c84bdd68 180e7c72', around: CHUNKS['ae8d04e2ecbb'][2] },
      { hunk: 'vmi-boot/bringup', file: 'arch/x86/kernel/smpboot.c', where: 'start_secondary()', lines: '-87da5d01', near: 'eb758327 697474d0 23cb5571 c910d635', around: CHUNKS['ae8d04e2ecbb'][3] },
      { hunk: 'vmi-boot/split', file: 'arch/x86/kernel/vmi_32.c', where: 'vmi_init()', lines: '-88eb2808', near: 'df420b8d 46d26bb5 3daaeca9', around: CHUNKS['ae8d04e2ecbb'][4] },
      { hunk: 'vmi-boot/split', file: 'arch/x86/kernel/vmi_32.c', where: 'vmi_init(), vmi_activate()', lines: '-a1ca90fc -34295525 +bf392c16 +88eb2808 +46d26bb5 +a1ca90fc +34295525', near: '0cacab3e e3af076c e03b5cee 1bc2de8c', around: CHUNKS['ae8d04e2ecbb'][5] },
    ],
  },
  {
    patch: 'vmi-boot',
    source: '6abf65510944',
    places: [
      { hunk: 'vmi-boot/no-double-count', file: 'arch/x86/mm/pgtable.c', where: 'reserve_top_address()', lines: '-a45f63bd', near: 'f45b4f7e 7c9d5fc2 96202e9a', around: CHUNKS['6abf65510944'][0] },
    ],
  },
  {
    patch: 'vmi-boot',
    source: 'e67a807f3d9a',
    places: [
      { hunk: null, file: 'arch/x86/include/asm/io.h', where: 'fixup_early_ioremap() declared', lines: '+240ced93', near: '8500db3d e043f159 c22875f2 0e35da28', around: CHUNKS['e67a807f3d9a'][0] },
      { hunk: 'vmi-boot/fixup', file: 'arch/x86/mm/ioremap.c', where: 'fixup_early_ioremap()', lines: '+990bd658 +9adbf943 +8384e0dd +ab8fc770 +c1fb476b', near: '03edcf14 3029b689 0fabb301 6daf1a31', around: CHUNKS['e67a807f3d9a'][1] },
      { hunk: 'vmi-boot/fixup', file: 'arch/x86/mm/pgtable_32.c', where: 'parse_reservetop()', lines: '+3084b809', near: '0584c084 09b683f8 f69cc642', around: CHUNKS['e67a807f3d9a'][2] },
    ],
  },
];
