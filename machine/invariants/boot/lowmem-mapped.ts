import type { Invariant } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import { translate } from '../../hardware/paging';
import type { BootKernel } from '../../kernel/boot/boot-kernel';

const PAGE = 4096;

/** Every stretch of lowmem is mapped where the direct map says. */
export const bootLowmemMapped = (k: BootKernel, cpu: Cpu): Invariant => ({
  name: 'bootLowmemMapped',
  check: () => {
    if (!k.boot.booted || k.config.X86_64) return null;
    const end = k.boot.max_low_pfn * PAGE;
    for (let pa = 0; pa < end; pa += k.PMD_SIZE) {
      for (const at of [pa, Math.min(end, pa + k.PMD_SIZE) - PAGE]) {
        const found = translate(k.memory, cpu, { kind: 'read', la: at + k.pageOffset, cpl: 0, ac: false });
        if (found.out !== 'ok') return `lowmem at 0x${at.toString(16)} is not mapped; it should be at 0x${(at + k.pageOffset).toString(16)}`;
        if (found.pa !== at) return `lowmem at 0x${(at + k.pageOffset).toString(16)} leads to 0x${found.pa.toString(16)}; it should lead to 0x${at.toString(16)}`;
      }
    }
    return null;
  },
});
