// What the checks of Xen say about states that Xen never reaches; they are made by hand here, one change at a time.

import { type DataTable, Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import { Cells } from '../../machine/cli/fuzz/judge/cells';
import { QuickJudge } from '../../machine/cli/fuzz/judge/quick';
import { entryOf } from '../../machine/hypervisors/xen/public/layout';
import { LAYOUTS } from '../../machine/hypervisors/xen/rules';
import { xenEventsAnnounced } from '../../machine/invariants/xen/events-announced';
import { xenKeepsItsRules } from '../../machine/invariants/xen/keeps-its-rules';
import { xenReferencesHeld } from '../../machine/invariants/xen/references-held';
import { Playground } from '../../machine/situations/xen/playground';

type Fields = Record<string, unknown>;

function valueOf({ A, B, H }: Playground, word: string): unknown {
  const words: Readonly<Record<string, unknown>> = { true: true, false: false, A, B, H, nobody: null };
  return Object.hasOwn(words, word) ? words[word] : /^-?(0x)?[0-9a-f]+$/.test(word) && !/^[a-z]/.test(word) ? Number(word) : word;
}

/** Changes that a line can make; each takes the words after its name. */
const CHANGES: Readonly<Record<string, (ground: Playground, words: readonly string[]) => void>> = {
  frame: (ground, [mfn, ...fields]) => set(ground, ground.xen.pageOf(Number(mfn)) as unknown as Fields, fields),
  vcpu: (ground, [name, ...fields]) => set(ground, ground.vcpu(name!) as unknown as Fields, fields),
  cpu: (ground, [name, ...fields]) => set(ground, ground.vcpu(name!).cpu as unknown as Fields, fields),
  domain: (ground, [name, ...fields]) => set(ground, valueOf(ground, name!) as Fields, fields),
  overlooked: (ground, [name, ...mfns]) => { (valueOf(ground, name!) as Playground['A']).overlooked = mfns.map(Number); },
  unbroken: (ground, [name, ...mfns]) => { (valueOf(ground, name!) as Playground['A']).unbroken = mfns.map(Number); },
  events: (ground, [name, ...fields]) => set(ground, (valueOf(ground, name!) as Playground['A']).shared_info as unknown as Fields, fields),
  told: (ground, [name, ...fields]) => set(ground, ground.vcpu(name!).vcpu_info as unknown as Fields, fields),
  port: (ground, [name, id]) => { (valueOf(ground, name!) as Playground['A']).channels = [Number(id)]; },
  entry: ({ xen }, [table, slot, mfn, bits]) => xen.poke(Number(table), Number(slot), entryOf(Number(mfn), Number(bits))),
  word: ({ memory }, [pa, value]) => memory.write32(Number(pa), Number(value)),
  cached: (ground, [name, va, pa, rights]) => {
    ground.vcpu(name!).cpu.tlb.fill(Number(va), { out: 'ok', pa: Number(pa), pageSize: 4096, writable: rights !== 'read-only', user: true, noExecute: false, global: false, dirty: true, entries: [] }, false, rights !== undefined);
  },
  walks: (ground, [name, mfn]) => ground.vcpu(name!).cpu.tlb.structures!.fill(0, 0, 2 ** 30, { table: Number(mfn) * 4096, level: 1, writable: true, user: true, noExecute: false }),
  linked: (ground, [name, mfn]) => ground.xen.poke(ground.xen.baseOf(ground.vcpu(name!)) / 4096, 0, entryOf(Number(mfn), 1)),
  device: ({ xen }, [mfn, name]) => xen.iommu.set(Number(mfn), name!),
  map: ({ xen }, [mfn, pfn]) => xen.machine_to_phys_mapping.set(Number(mfn), Number(pfn)),
  died: ({ xen }, words) => { xen.died.value = words.join(' '); },
  stretched: ({ xen }, [count]) => { xen.stretched.value = Number(count); },
};

function set(ground: Playground, on: Fields, fields: readonly string[]): void {
  for (const field of fields) {
    const [name, value] = field.split('=') as [string, string];
    on[name] = valueOf(ground, value);
  }
}

Then('on {string} page tables, one change by hand after the other is judged', function (name: string, table: DataTable) {
  const layout = LAYOUTS.find((each) => each.name === name)!;
  const said = table.hashes().map(({ change, invariant }) => {
    const ground = new Playground({ layout, structureCaches: true });
    const { xen } = ground;
    const checks = [...xenKeepsItsRules(xen), xenEventsAnnounced(xen), xenReferencesHeld(xen)];
    for (const check of checks) expect(check.check(), check.name).to.equal(null);
    const quick = new QuickJudge(xen, new Cells(ground.store));
    const before = ground.store.writes;
    for (const line of change!.split('; ')) {
      const [what = '', ...words] = line.split(' ');
      CHANGES[what]!(ground, words);
    }
    // Between calls, fewer references than counts are an error too, so the check for the middle of a call is not decisive here.
    const isRight = checks.every((check) => check.name === 'xenReferencesHeld' || check.check() === null);
    expect(quick.isContent(ground.store.writtenAfter(before)), `whether the quick judge is content after "${change}"`).to.equal(isRight);
    return [change, invariant, checks.find((check) => check.name === invariant)!.check() ?? 'nothing'];
  });
  expect(said).to.deep.equal(table.rows());
});
