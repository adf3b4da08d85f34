import type { KnownForm } from '../known';

// What diffs of thread 000 look like.

/** The chunks of the diff of Zachary Amsden, 31 Mar 2007, as `KnownPlace.around` has them. */
const POSTED = [
  'da69edaa 6771d709 e97397dd +66d9fc75 5c762e04',
  '} #endif +0fa66e15 +{ +4b1aa243 +135f1321 +90e2aae6 +e52c8c1c +return; +9d67e109 +44305c23 +f4a9f6e5 +5070157f +else +4214f292 +b8833c83 +d4d809ad +} 794d1f23 { 178014bf',
  '6b29302e b239a077 bdcff9f0 -0318a78b +16f72dc1 c65ec1e4',
] as const;

/** The chunks of commits, as `KnownPlace.around` has them. */
const CHUNKS = {
  '49f19710512c': [
    'da69edaa 6771d709 e97397dd +66d9fc75 5c762e04',
    '} #endif +a436b7b8 +{ +338a9b9c +e52c8c1c +return; +ec9a4f8e +e7a6a7d0 +6a18a4ac +b643bda1 +408a6727 +}else{ +c7a4d5ec +f6bd5db4 +} +} 794d1f23 { 178014bf',
    '6b29302e b239a077 bdcff9f0 -0318a78b +16f72dc1 c65ec1e4',
    '827737a7 240aa015 +63b02e63 e956c07c }',
    '72f116a3 827737a7 e506e660 +63b02e63 e956c07c }',
    '36e87ce5 6f0cbf97 ea9271ca +f0575e47 #endif',
    '47d83cbc 951e3b3a 9521306b +24ce764a #endif',
    '47db133a e9145964 8ad57c5c +fbd8ace3 715f412f 8ab45d58 a2c0203b +7c3a9a84 503747f6 8bac634e 37929b9e +0072c323 46a253b5',
  ],
  '7b2f27f4e181': [
    '#endif } +63b02e63 1e670670 }',
  ],
  '8b14cb9953c6': [
    '607668a5 2fc62bdd cd3cd36b -a2a19a2b +5465ebf0 7394727d -else +63b02e63 +}else 73f26c49 af4f3b17 }',
  ],
} as const;

export const forms000: readonly KnownForm[] = [
  {
    patch: 'vmi-lazy',
    source: 'Zachary Amsden, 31 Mar 2007',
    places: [
      { hunk: 'vmi-lazy/ops-field', file: 'arch/i386/kernel/vmi.c', where: 'struct vmi_ops', lines: '+66d9fc75', near: 'da69edaa 6771d709 e97397dd 5c762e04', around: POSTED[0] },
      { hunk: 'vmi-lazy/wrapper', file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', lines: '+0fa66e15 +4b1aa243 +90e2aae6 +e52c8c1c +9d67e109 +44305c23 +b8833c83 +d4d809ad', near: '794d1f23 178014bf', around: POSTED[1] },
      { hunk: 'vmi-lazy/irqs-off', file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', lines: '+135f1321 +f4a9f6e5 +5070157f +4214f292', near: '794d1f23 178014bf', around: POSTED[1] },
      { hunk: 'vmi-lazy/para-wrap', file: 'arch/i386/kernel/vmi.c', where: 'activate_vmi()', lines: '-0318a78b +16f72dc1', near: '6b29302e b239a077 bdcff9f0 c65ec1e4', around: POSTED[2] },
    ],
  },
  {
    patch: 'vmi-lazy',
    source: '49f19710512c',
    places: [
      { hunk: 'vmi-lazy/ops-field', file: 'arch/i386/kernel/vmi.c', where: 'struct vmi_ops', lines: '+66d9fc75', near: 'da69edaa 6771d709 e97397dd 5c762e04', around: CHUNKS['49f19710512c'][0] },
      { hunk: 'vmi-lazy/flushable', file: 'arch/i386/kernel/vmi.c', where: 'vmi_set_lazy_mode()', lines: '+a436b7b8 +338a9b9c +e52c8c1c +ec9a4f8e +e7a6a7d0 +6a18a4ac +b643bda1 +408a6727 +c7a4d5ec +f6bd5db4', near: '794d1f23 178014bf', around: CHUNKS['49f19710512c'][1] },
      { hunk: 'vmi-lazy/para-wrap', file: 'arch/i386/kernel/vmi.c', where: 'activate_vmi()', lines: '-0318a78b +16f72dc1', near: '6b29302e b239a077 bdcff9f0 c65ec1e4', around: CHUNKS['49f19710512c'][2] },
      { hunk: 'vmi-lazy/kmap-flush', file: 'arch/i386/mm/highmem.c', where: 'kmap_atomic()', lines: '+63b02e63', near: '827737a7 240aa015 e956c07c', around: CHUNKS['49f19710512c'][3] },
      { hunk: 'vmi-lazy/kmap-flush', file: 'arch/i386/mm/highmem.c', where: 'kmap_atomic_pfn()', lines: '+63b02e63', near: '72f116a3 827737a7 e506e660 e956c07c', around: CHUNKS['49f19710512c'][4] },
      { hunk: null, file: 'include/asm-generic/pgtable.h', where: 'arch_flush_lazy_mmu_mode()', lines: '+f0575e47', near: '36e87ce5 6f0cbf97 ea9271ca', around: CHUNKS['49f19710512c'][5] },
      { hunk: null, file: 'include/asm-generic/pgtable.h', where: 'arch_flush_lazy_cpu_mode()', lines: '+24ce764a', near: '47d83cbc 951e3b3a 9521306b', around: CHUNKS['49f19710512c'][6] },
      { hunk: null, file: 'include/asm-i386/paravirt.h', where: 'PARAVIRT_LAZY_FLUSH', lines: '+fbd8ace3 +7c3a9a84 +0072c323', near: '47db133a e9145964 8ad57c5c 715f412f 8ab45d58 a2c0203b 503747f6 8bac634e 37929b9e 46a253b5', around: CHUNKS['49f19710512c'][7] },
    ],
  },
  {
    patch: 'vmi-lazy',
    source: '7b2f27f4e181',
    onto: ['vmi-lazy/para-wrap', 'vmi-lazy/flushable', 'vmi-lazy/kmap-flush'],
    places: [
      { hunk: 'vmi-lazy/kunmap-flush', file: 'arch/i386/mm/highmem.c', where: 'kunmap_atomic()', lines: '+63b02e63', near: '1e670670', around: CHUNKS['7b2f27f4e181'][0] },
    ],
  },
  {
    patch: 'vmi-lazy',
    source: '8b14cb9953c6',
    onto: ['vmi-lazy/para-wrap', 'vmi-lazy/flushable', 'vmi-lazy/kmap-flush', 'vmi-lazy/kunmap-flush'],
    places: [
      { hunk: 'vmi-lazy/vmalloc-flush', file: 'arch/i386/mm/fault.c', where: 'vmalloc_sync_one()', lines: '-a2a19a2b +5465ebf0 +63b02e63', near: '607668a5 2fc62bdd cd3cd36b 7394727d 73f26c49 af4f3b17', around: CHUNKS['8b14cb9953c6'][0] },
    ],
  },
];
