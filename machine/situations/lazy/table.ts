import { patchNamed } from '../../patches/selection';
import { PATCHES } from '../../patches';
import type { Verdict } from '../../explorer/explore';
import { checkPrepared, prepare, type Request } from '../check';

// All of thread 000 on one page, computed: each form that the code has had,
// against each property that it may be required to have.

/** A property to check of a form, and the situation in which it is checked. */
interface Property {
  readonly title: string;
  readonly situation: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** If empty, only deadlocks and endless loops are looked for. */
  readonly invariants: readonly string[];
}

const SHADOW = { writes: 'at once', faults: 'fill the shadow' } as const;

const PROPERTIES: readonly Property[] = [
  { title: 'An interrupt handler reaches the page that it has mapped', situation: 'vmi-lazy/kmap', parameters: {}, invariants: ['nobodyOopses'] },
  { title: 'A handler also reaches the second page that it maps in the same slot', situation: 'vmi-lazy/kmap', parameters: { segments: 2 }, invariants: ['nobodyOopses'] },
  { title: 'A handler reaches no other page (a hypervisor with a shadow that absorbs faults)', situation: 'vmi-lazy/kmap', parameters: { segments: 2, ...SHADOW }, invariants: ['slotReachesItsPage'] },
  { title: 'The hypervisor is lazy only inside lazy regions', situation: 'vmi-lazy/kmap', parameters: {}, invariants: ['hypervisorLeavesLazyMode'] },
  { title: 'A TLB shootdown inside a lazy region ends', situation: 'vmi-lazy/smp', parameters: {}, invariants: [] },
  { title: 'A driver may use memory from vmalloc() in its interrupt', situation: 'vmi-lazy/kmap', parameters: { device: 'module' }, invariants: [] },
  { title: 'The copy loop may count a swap entry in memory from vmalloc()', situation: 'vmi-lazy/process', parameters: {}, invariants: [] },
  { title: 'The copy loop may map a page with kmap_atomic() itself (as since 2.6.33)', situation: 'vmi-lazy/process', parameters: { swap_map: 'known', count: 'full' }, invariants: ['nobodyOopses'] },
  { title: 'A driver may allocate memory in its interrupt under CONFIG_DEBUG_PAGEALLOC', situation: 'vmi-lazy/kmap', parameters: { device: 'slab' }, invariants: ['nobodyOopses'] },
  { title: 'Where the guest queues by itself: an interrupt handler reaches its page', situation: 'vmi-lazy/kmap', parameters: { backend: 'guest queue' }, invariants: ['nobodyOopses'] },
  { title: 'Where the guest queues by itself: the copy loop reaches its page', situation: 'vmi-lazy/process', parameters: { backend: 'guest queue', swap_map: 'known', count: 'full' }, invariants: ['nobodyOopses'] },
];

/** The forms, oldest first. The posted ones are about VMI's own function, so they are not checked if the guest queues. */
const FORMS = ['none', 'posted', 'corrected', '2.6.21', '2.6.22', '2.6.23', '2.6.24', '2.6.31', 'both'] as const;

/** The result of a search. */
export interface TableCell {
  readonly answer: 'holds' | 'fails' | 'undecided' | 'not asked';
  readonly states: number;
  /** The first finding, in words; empty if there is none. */
  readonly message: string;
  /** Replays it. */
  readonly schedule: string;
}

export interface LazyTable {
  readonly columns: readonly { readonly id: string; readonly title: string; readonly patches: string }[];
  readonly rows: readonly { readonly title: string; readonly situation: string; readonly cells: readonly TableCell[] }[];
}

/** Answers a request. Several cells may ask about one kernel. */
export type Ask = (request: Request) => Verdict;

const searching: Ask = (request) => checkPrepared(prepare(request));

/** Searches every cell completely. */
export function lazyTable(ask = searching): LazyTable {
  const { variants } = patchNamed(PATCHES, 'vmi-lazy');
  const columns = FORMS.map((id) => ({
    id,
    title: variants.find((variant) => variant.id === id)?.title ?? '2.6.21-rc5, without any fix',
    patches: id === 'none' ? 'none' : `none,+vmi-lazy@${id}`,
  }));
  const rows = PROPERTIES.map((property) => ({
    title: property.title,
    situation: property.situation,
    cells: columns.map(({ id, patches }) => cellOf(property, id, patches, ask)),
  }));
  return { columns, rows };
}

function cellOf({ situation, parameters, invariants }: Property, form: string, patches: string, ask: Ask): TableCell {
  if (parameters['backend'] === 'guest queue' && (form === 'posted' || form === 'corrected')) return { answer: 'not asked', states: 0, message: '', schedule: '' };
  const verdict = ask({ situation, patches, parameters, invariants });
  const [finding] = verdict.findings;
  return {
    answer: finding ? 'fails' : verdict.complete ? 'holds' : 'undecided',
    states: verdict.states,
    message: finding?.message ?? '',
    schedule: finding?.witness.schedule ?? '',
  };
}

/** The table in Markdown: forms across, properties down. */
export function tableAsMarkdown({ columns, rows }: LazyTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['', ...columns.map(({ id }) => (id === 'none' ? '2.6.21-rc5' : id))];
  const words = { holds: 'holds', fails: '**fails**', undecided: 'undecided', 'not asked': '–' } as const;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map(({ title, cells }) => line([title, ...cells.map(({ answer }) => words[answer])])),
  ].join('\n');
}

/** What can go wrong in a handler, in a word. */
export type Symptom = 'nothing' | 'page fault' | 'BUG' | 'endless fault' | 'corruption' | 'undecided';

/** One reading of the interface, with the symptom of each kernel. */
export interface ReadingRow {
  readonly writes: string;
  readonly faults: string;
  readonly invalidations: string;
  readonly symptoms: readonly Symptom[];
}

/** What happens to an interrupt that maps two pages in a row, under each reading of the interface and on each kernel of `selections`. */
export function symptomsByReading(selections: readonly string[], ask = searching): ReadingRow[] {
  return (['when drained', 'at once'] as const).flatMap((writes) =>
    (['reach the guest', 'drain the queue', 'fill the shadow'] as const).flatMap((faults) =>
      (['join the queue', 'drain the queue'] as const).map((invalidations) => ({
        writes, faults, invalidations, symptoms: selections.map((patches) => symptomOf(patches, { writes, faults, invalidations, segments: 2 }, ask)),
      }))));
}

function symptomOf(patches: string, parameters: Property['parameters'], ask: Ask): Symptom {
  const verdict = ask({ situation: 'vmi-lazy/kmap', patches, parameters, invariants: ['slotReachesItsPage', 'nobodyOopses'] });
  const [finding] = verdict.findings;
  if (!finding) return verdict.complete ? 'nothing' : 'undecided';
  if (finding.kind === 'livelock') return 'endless fault';
  if (finding.invariant === 'slotReachesItsPage') return 'corruption';
  return finding.message.includes('kernel BUG') ? 'BUG' : 'page fault';
}
