import { rootType } from '../../hypervisors/xen/frames/frames';
import { isCompat, mfnOf } from '../../hypervisors/xen/public/layout';
import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** Every processor's base pointers name validated root tables of its own domain, and the processor really uses the one for its mode. */
export function xenBaseIsRoot(xen: Xen): Invariant {
  const root = rootType(xen.layout);
  return {
    name: 'xenBaseIsRoot',
    check() {
      for (const vcpu of xen.vcpus) {
        const user = vcpu.guest_table_user === null ? undefined : xen.pageOf(vcpu.guest_table_user);
        if (user && (user.type !== root || !user.validated || user.type_count < 1 || user.owner !== vcpu.domain)) return `${vcpu.name} uses mfn ${user.mfn} as its root for programs, which is ${user.validated ? 'validated' : 'not validated'} as ${user.type} with a type count of ${user.type_count}, and belongs to ${user.owner?.name ?? 'nobody'}`;
        if (vcpu.guest_table === null) continue;
        const page = xen.pageOf(vcpu.guest_table);
        if (!page || page.type !== root || !page.validated || page.type_count < 1) {
          return `${vcpu.name} uses mfn ${vcpu.guest_table} as its root, which is ${page === undefined ? 'no frame' : `${page.validated ? 'validated' : 'not validated'} as ${page.type} with a type count of ${page.type_count}`}`;
        }
        if (page.owner !== vcpu.domain) return `${vcpu.name} uses mfn ${vcpu.guest_table} as its root, which belongs to ${page.owner?.name ?? 'nobody'}`;
        if (vcpu.cpu.cr3 !== xen.baseOf(vcpu)) return `${vcpu.cpu.name} has cr3=0x${vcpu.cpu.cr3.toString(16)}, but ${vcpu.name} should use mfn ${page.mfn}`;
        const linked = isCompat(xen.layout) ? mfnOf(xen.entryAt(xen.baseOf(vcpu) / 4096, 0)) : page.mfn;
        if (linked !== page.mfn) return `${vcpu.cpu.name} is led to mfn ${linked}, but ${vcpu.name} should use mfn ${page.mfn}`;
      }
      return null;
    },
  };
}
