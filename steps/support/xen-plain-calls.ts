// Hypercalls under the names that Xen's public headers give them, with their arguments: for scenarios about which calls
// a release knows and which error it returns. `MMUEXT_CLEAR_PAGE of data`, `MMUEXT_TLB_FLUSH_ALL for B`.

import { do_update_descriptor } from '../../machine/hypervisors/xen/calls/descriptors';
import { do_memory_op } from '../../machine/hypervisors/xen/calls/memory-op';
import { do_mmuext_op } from '../../machine/hypervisors/xen/calls/mmuext';
import { dispatch } from '../../machine/hypervisors/xen/calls/multicall';
import { do_mmu_update, do_update_va_mapping, do_update_va_mapping_otherdomain } from '../../machine/hypervisors/xen/calls/update';
import { entryAddress } from '../../machine/hypervisors/xen/public/layout';
import { DOMID_IO, DOMID_SELF, DOMID_XEN, MMU_MACHPHYS_UPDATE, MMU_NORMAL_PT_UPDATE, MMU_PT_UPDATE_NO_TRANSLATE, MMU_PT_UPDATE_PRESERVE_AD, MMUEXT } from '../../machine/hypervisors/xen/public/xen';
import type { Came, XenBench } from './xen-bench';

type PlainCall = readonly [RegExp, (bench: XenBench, words: RegExpExecArray) => Came];

const KINDS = { MMU_NORMAL_PT_UPDATE, MMU_MACHPHYS_UPDATE, MMU_PT_UPDATE_PRESERVE_AD, MMU_PT_UPDATE_NO_TRANSLATE } as const;

/** The domain that a call names; undefined if it names none. */
function domid({ ground }: XenBench, name: string | undefined): number | undefined {
  const special: Readonly<Record<string, number>> = { itself: DOMID_SELF, devices: DOMID_IO, Xen: DOMID_XEN, unknown: 99 };
  return name === undefined ? undefined : special[name] ?? ground.xen.domains.find((domain) => domain.name === name)!.domain_id;
}

export const PLAIN_CALLS: readonly PlainCall[] = [
  [/^MMUEXT_SET_LDT of (\d+) entries at (\w+)$/, ({ ground, who }, [, nr_ents, at]) => do_mmuext_op(ground.xen, who, [{ cmd: MMUEXT.SET_LDT, nr_ents: Number(nr_ents), linear_addr: at === 'end' ? ground.xen.layout.HYPERVISOR_VIRT_START - 4096 : Number(at) }])],
  [/^MMUEXT_(\w+)(?: of (.+?))?(?: from (.+?))?(?: at (.+?))?(?: with mask (\d+))?(?: for (\w+))?$/, (bench, [, name, frame, from, at, mask, domain]) => do_mmuext_op(bench.ground.xen, bench.who, [{
    cmd: MMUEXT[name as keyof typeof MMUEXT],
    ...(frame !== undefined && { mfn: frame === 'nothing' ? 0 : bench.frame(frame) }),
    ...(from !== undefined && { src_mfn: bench.frame(from) }),
    ...(at !== undefined && { linear_addr: bench.va(at) }),
    ...(mask !== undefined && { vcpumask: Number(mask) }),
  }], 0, domid(bench, domain))],
  [/^hypercall (\d+)$/, ({ ground, who }, [, op]) => dispatch(ground.xen, who, { op: Number(op) })],
  [/^memory operation (\d+)$/, ({ ground, who }, [, cmd]) => do_memory_op(ground.xen, who, Number(cmd), 0)],
  [/^(MMU_\w+) of slot (\d+) of (.+?) to (.+?) (read-only|writable|present)(?: for (\w+))?(?: in the tables of (\w+))?$/, (bench, [, kind, slot, table, frame, rights, domain, owner]) => {
    const upper = owner === undefined ? 0 : (domid(bench, owner)! + 1) * 0x10000;
    const ptr = entryAddress(bench.layout, bench.frame(table!), Number(slot)) + KINDS[kind as keyof typeof KINDS];
    return do_mmu_update(bench.ground.xen, bench.who, [{ ptr, val: bench.entry(frame!, rights!) }], 0, upper + (domid(bench, domain) ?? DOMID_SELF));
  }],
  [/^MMU_MACHPHYS_UPDATE of (.+) to (\d+)(?: for (\w+))?$/, (bench, [, frame, pfn, domain]) => do_mmu_update(bench.ground.xen, bench.who, [{ ptr: bench.frame(frame!) * 4096 + MMU_MACHPHYS_UPDATE, val: Number(pfn) }], 0, domid(bench, domain))],
  [/^update_va_mapping of (.+) (\S+) at (.+) with flags (\w+)$/, (bench, [, frame, rights, at, flags]) => do_update_va_mapping(bench.ground.xen, bench.who, bench.va(at!), bench.entry(frame!, rights!), Number(flags))],
  [/^update_va_mapping_otherdomain of (.+) (\S+) at (.+) for (\w+)$/, (bench, [, frame, rights, at, domain]) => do_update_va_mapping_otherdomain(bench.ground.xen, bench.who, bench.va(at!), bench.entry(frame!, rights!), 0, domid(bench, domain)!)],
  [/^update_descriptor at byte (\d+) of (.+) to (\w+) (\w+)$/, (bench, [, byte, frame, low, high]) => do_update_descriptor(bench.ground.xen, bench.who, bench.frame(frame!) * 4096 + Number(byte), { low: Number(low), high: Number(high) })],
];
