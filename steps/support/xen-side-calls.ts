// Calls in words that are not about page tables themselves: grants, devices, caches, frames that
// change hands. `grant data to B writable`, `B0: map A's grant read-only at third`.

import { Context } from '../../machine/context';
import type { Cpu } from '../../machine/hardware/cpu';
import { dropLines } from '../../machine/hypervisors/xen/frames/coherence';
import type { GrantEntry } from '../../machine/hypervisors/xen/domain';
import { writeGrant } from '../../machine/hypervisors/xen/grants/active';
import { gnttab_map_grant_ref, gnttab_unmap_grant_ref } from '../../machine/hypervisors/xen/grants/grants';
import { gnttab_transfer } from '../../machine/hypervisors/xen/grants/transfer';
import { gnttab_set_version } from '../../machine/hypervisors/xen/grants/version';
import { assignDevice } from '../../machine/hypervisors/xen/grants/iommu';
import { do_memory_op } from '../../machine/hypervisors/xen/calls/memory-op';
import { __HYPERVISOR, EBUSY, errorName, grantStatusName, XENMEM_exchange, type MulticallEntry } from '../../machine/hypervisors/xen/public/xen';
import type { CallResult } from '../../machine/hypervisors/xen/public/calls';
import type { Domain, Xen } from '../../machine/hypervisors/xen/xen';
import { instruction, path, type Path } from '../../machine/path';
import type { Came, XenBench } from './xen-bench';

type SideCall = readonly [RegExp, (bench: XenBench, words: RegExpExecArray) => Came];

const status = (rc: number): Came => ({ said: rc === EBUSY ? errorName(rc) : rc > 0 ? '0' : grantStatusName(rc) });

function domainNamed({ ground }: XenBench, name: string): Domain {
  const domain = ground.xen.domains.find((candidate) => candidate.name === name);
  if (!domain) throw new Error(`no domain is called "${name}"; there are ${ground.xen.domains.map((candidate) => candidate.name).join(', ')}`);
  return domain;
}

/** The guest writes entry 0 of its grant table. */
function grant({ who }: XenBench, entry: Partial<GrantEntry>): null {
  writeGrant(who.domain, 0, entry);
  return null;
}

function mapGrant(bench: XenBench, granter: string, rights: string, host_addr: number, contains_pte: boolean): Came {
  const dom = domainNamed(bench, granter).domain_id;
  return status(gnttab_map_grant_ref(bench.ground.xen, bench.who, { host_addr, contains_pte, readonly: rights === 'read-only', ref: 0, dom }));
}

/** The machine address of a byte of the caller's own table of that name. */
function byteOf({ ground, who, frame }: XenBench, table: string, byte: number): number {
  return (ground.frame(who.domain, table === 'table' ? ground.tableFrames - 1 : frame(table)) * 4096) + byte;
}

export const SIDE_CALLS: readonly SideCall[] = [
  [/^get a device$/, ({ ground, who }) => assignDevice(ground.xen, who.domain, true)],
  [/^use up the memory of the IOMMU$/, ({ ground }) => { ground.xen.iommuFails.value = true; return null; }],
  [/^lose the cache lines of (.+)$/, (bench, [, frame]) => { dropLines(bench.page(frame!)); return null; }],
  [/^grant (.+) to (\w) (read-only|writable)$/, (bench, [, frame, to, rights]) => grant(bench, { domid: domainNamed(bench, to!).domain_id, frame: bench.frame(frame!), readonly: rights === 'read-only' })],
  [/^wait for a frame of (\w)$/, (bench, [, from]) => grant(bench, { domid: domainNamed(bench, from!).domain_id, readonly: false, accept: true })],
  [/^map (\w)'s grant (\S+) at (.+)$/, (bench, [, granter, rights, at]) => mapGrant(bench, granter!, rights!, bench.va(at!), false)],
  [/^map (\w)'s grant (\S+) by the entry at byte (\d+) of (.+)$/, (bench, [, granter, rights, byte, table]) => mapGrant(bench, granter!, rights!, byteOf(bench, table!, Number(byte)), true)],
  [/^unmap the (first|second) grant at (.+)$/, (bench, [, which, at]) => status(gnttab_unmap_grant_ref(bench.ground.xen, bench.who, { host_addr: bench.va(at!), handle: which === 'first' ? 0 : 1 }))],
  [/^use version (1|2) of grant tables$/, ({ ground, who }, [, version]) => status(gnttab_set_version(ground.xen, who, version === '2' ? 2 : 1))],
  [/^transfer (.+) to (\w)$/, (bench, [, frame, to]) => status(gnttab_transfer(bench.ground.xen, bench.who, bench.frame(frame!), domainNamed(bench, to!).domain_id))],
  [/^trade (.+) in$/, (bench, [, frame]) => Math.min(0, do_memory_op(bench.ground.xen, bench.who, XENMEM_exchange, bench.frame(frame!)))],
  [/^write a (gate|data segment) into (.+)$/, (bench, [, kind, frame]) => {
    const high = kind === 'gate' ? 0x8e00 : 0xf200;
    return bench.who.domain.translated ? bench.ground.writeTranslated(bench.who.domain, bench.frame(frame!), 4, high) : bench.ground.write(bench.who, bench.va(frame!) + 4, [high], 'kernel');
  }],
  [/^return to a program and (?:then )?map (.+) (\S+) at (.+), in one multicall$/, (bench, [, frame, rights, at]) => leaveAndMap(bench, bench.va(at!), bench.entry(frame!, rights!))],
];

/** Through the multicall itself: the result of each entry that was made. */
function leaveAndMap({ ground, who }: XenBench, va: number, entry: number): Came {
  const results: readonly CallResult[][] = [[]];
  const keep = instruction('keep the results', (_cpu: Cpu, made: readonly CallResult[]) => { results[0]!.push(...made); });
  const both = path(function* both(xen: Xen, entries: readonly MulticallEntry[]): Path {
    yield* keep(yield* xen.multicall(entries));
  });
  const context = new Context(ground.store, 'multicall');
  who.cpu.context = context;
  context.start(both(ground.xen, [{ op: __HYPERVISOR.iret, args: [3, 1] }, { op: __HYPERVISOR.update_va_mapping, args: [va, entry, 0] }]), who.cpu);
  while (!context.ended) context.perform(who.cpu);
  who.cpu.context = null;
  return { said: results[0]!.map(({ rc }) => errorName(rc)).join(', ') };
}
