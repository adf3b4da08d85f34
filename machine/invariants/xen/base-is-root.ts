import { mfnOf } from '../../hypervisors/xen/public/layout';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** Every processor's base pointer names a validated root table of its own domain, and the processor really uses that. */
export function xenBaseIsRoot(xen: Xen): Invariant {
  const rootType = xen.layout.levels === 3 ? 'l3' : 'l2';
  return {
    name: 'xenBaseIsRoot',
    check() {
      for (const vcpu of xen.vcpus) {
        if (vcpu.guest_table === null) continue;
        const page = xen.pageOf(vcpu.guest_table);
        if (!page || page.type !== rootType || !page.validated || page.type_count < 1) {
          return `${vcpu.name} uses mfn ${vcpu.guest_table} as its root, which is ${page === undefined ? 'no frame' : `${page.validated ? 'validated' : 'not validated'} as ${page.type} with a type count of ${page.type_count}`}`;
        }
        if (page.owner !== vcpu.domain) return `${vcpu.name} uses mfn ${vcpu.guest_table} as its root, which belongs to ${page.owner?.name ?? 'nobody'}`;
        if (vcpu.cpu.cr3 !== xen.baseOf(vcpu)) return `${vcpu.cpu.name} has cr3=0x${vcpu.cpu.cr3.toString(16)}, but ${vcpu.name} should use mfn ${page.mfn}`;
        const linked = xen.layout.hostLevels === 4 ? mfnOf(xen.entryAt(xen.baseOf(vcpu) / 4096, 0)) : page.mfn;
        if (linked !== page.mfn) return `${vcpu.cpu.name} is led to mfn ${linked}, but ${vcpu.name} should use mfn ${page.mfn}`;
      }
      return null;
    },
  };
}
