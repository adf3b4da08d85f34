import { Context } from '../../context';
import type { Program } from '../../explorer/program';
import type { System } from '../../explorer/system';
import type { Cpu } from '../../hardware/cpu';
import type { Pfn } from '../../hardware/memory';
import { PAE, entryOf } from '../../hypervisors/xen/public/layout';
import { HYPERVISOR_update_va_mapping } from '../../hypervisors/xen/public/calls';
import { UVMF_NONE } from '../../hypervisors/xen/public/xen';
import { p2mMatchesM2p } from '../../invariants/xen/p2m';
import { xenKeepsItsRules } from '../../invariants/xen/keeps-its-rules';
import { decrease_reservation, increase_reservation, mfn_to_local_pfn, PhysToMachine, pfn_to_mfn, type Balloon } from '../../kernel/xen/p2m';
import { path, silently, type Path } from '../../path';
import type { Store } from '../../state/store';
import { tracked } from '../../state/tracked';
import { FRAMES, Playground, RO } from './playground';

// The balloon gives the frame of a page back and gets another one, while another
// virtual CPU makes an entry from what the guest's table says about that page.

export interface Ballooning {
  /** Whether the table is updated before the frame is given back. */
  readonly tableFirst: boolean;
  /** Whether the page gets a frame again. */
  readonly refills: boolean;
}

/** What happened to the entry. */
class Entry extends tracked<{ words: string }>({ words: '' }) {
  constructor(store: Store) {
    super(store, 'entry');
  }
}

const note = silently('note', (_cpu: Cpu, entry: Entry, words: string) => { entry.words = words; });

const PAGE: Pfn = 7;
const ELSEWHERE = 9 * 4096;

const inflate = path(function* inflate(balloon: Balloon, refills: boolean): Path {
  yield* decrease_reservation(balloon, PAGE, PAGE * 4096);
  if (refills) yield* increase_reservation(balloon, PAGE);
});

const mapPage = path(function* mapPage({ xen, p2m }: Balloon, entry: Entry): Path {
  const mfn = yield* pfn_to_mfn(p2m, PAGE);
  const { rc, why } = yield* HYPERVISOR_update_va_mapping(xen, ELSEWHERE, entryOf(mfn, RO), UVMF_NONE);
  if (rc !== 0) yield* note(entry, why.includes('0xfffff') ? 'refused: the page has no frame' : 'refused: the frame is gone');
  else yield* note(entry, (yield* mfn_to_local_pfn(xen, p2m, mfn)) === PAGE ? 'made, and read back as the page' : 'made, and read back as no page of its own');
});

/** The program. Its outcome is what happened to the entry. */
export function ballooning({ tableFirst, refills }: Ballooning): Program {
  return () => {
    const { store, xen, A } = new Playground({ layout: PAE, maximumCount: 100 });
    const p2m = new PhysToMachine(store);
    for (let pfn = 0; pfn < FRAMES; pfn++) p2m.set(pfn, 0x100 + pfn);
    const entry = new Entry(store);
    const balloon = { xen, p2m, tableFirst };
    const cpus = xen.vcpus.filter(({ domain }) => domain === A).map(({ cpu }) => cpu);
    const calls = [inflate(balloon, refills), mapPage(balloon, entry)];
    cpus.forEach((cpu, i) => {
      cpu.context = new Context(store, ['balloon', 'mapper'][i]!);
      cpu.context.start(calls[i]!, cpu);
    });
    store.settle();
    const system: System = { store, processes: cpus, invariants: [p2mMatchesM2p(xen, A, p2m), ...xenKeepsItsRules(xen)], outcome: () => entry.words };
    return system;
  };
}
