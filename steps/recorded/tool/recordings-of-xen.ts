// What the model answers to recordings of Xen that are invented: calls of every kind, in the words of the recorder, with answers that are right or wrong.

import { Random } from '../../../machine/cli/fuzz/random';
import { releaseNamed } from '../../../machine/hypervisors/xen/releases/release';
import { performCall } from '../../../machine/situations/xen/recorded/perform';
import { ScriptPlayer } from '../../../machine/situations/xen/recorded/play';
import { OPERATIONS, parseScript, type RecordedCall } from '../../../machine/situations/xen/recorded/script';
import { COMPARED, RecordedWorld } from '../../../machine/situations/xen/recorded/world';
import { exactText } from '../../../machine/state/hash';
import { digest, orRefusal, type Lines } from '../recording';

/** Two releases of which there are recordings, and two of which there are none: for 32-bit processors, for 64-bit ones. */
const RELEASES = ['3.2.0-rc6', '4.0.4', '4.13.5', '4.20.0'];

/** Scripts for each, and calls of each script. */
const SCRIPTS = 50;
const CALLS = 5;

const NAMES = [...COMPARED, 'for', 'for2', 'inv', 'vga', 'apic', 'shi', 'm2p'];
const COMMANDS = ['PIN_L1_TABLE', 'PIN_L2_TABLE', 'PIN_L3_TABLE', 'UNPIN_TABLE', 'NEW_BASEPTR', 'SET_LDT', 'CLEAR_PAGE', 'COPY_PAGE', '6', '7', '8', '9', '40'];

/** The domains of a call on behalf of another one: itself, the first one, one that does not exist. */
const DOMAINS = [0x7ff0, 0, 5];

function drawn(random: Random, op: string = random.pick(OPERATIONS)): RecordedCall {
  const frame = (): string => random.pick(NAMES);
  const entry = (): string => (random.percent(20) ? ':0' : `${frame()}:${random.pick(['1', '5', '7', '61', '63', '65', '67', '1e7', '8000000000000063'])}`);
  const slot = (): string => `${frame()}.${random.pick([0, 1, 2, 3, 256, 257, 511])}${random.percent(30) ? `/${random.below(4)}` : ''}`;
  const va = (): string | number => (random.percent(85) ? `&${random.pick(['a', 'b', 'c', 'l'])}${random.percent(60) ? `+${random.pick([4, 8, 16, 3, 4092, 2])}` : ''}` : random.pick([0, 0xfffff000, 0xf57fffff, 2 ** 40]));
  const list = <T>(make: () => T): T[] => Array.from({ length: 1 + random.below(3) }, make);
  const on = { ...(random.percent(40) ? { dom: random.pick(DOMAINS) } : {}) };
  const answers = { ...(random.percent(70) ? { rc: random.pick([0, 0, 0, -22, -1, 1]) } : {}), ...(random.percent(20) ? { done: random.below(3) } : {}), ...(random.percent(30) ? { after: { [slot().replace(/\/\d/, '')]: random.pick([entry(), '?:63', ':~']) } } : {}) };
  switch (op) {
    case 'mmu_update': return { op, reqs: list(() => [slot(), entry()] as const), ...on, ...answers };
    case 'mmuext_op': return { op, ops: list(() => ({ cmd: random.pick(COMMANDS), ...(random.percent(90) ? { frame: frame() } : { raw: random.below(0x2002) }), ...(random.percent(30) ? { va: va(), src: frame(), arg2: random.below(9) } : {}) })), ...on, ...answers };
    case 'update_va_mapping': case 'update_va_mapping_otherdomain': return { op, va: va(), val: entry(), ...(random.percent(50) ? { flags: random.below(8) } : {}), ...on, ...answers };
    case 'set_gdt': return { op, frames: list(() => (random.percent(70) ? frame() : random.below(0x1010))), entries: random.pick([1, 512, 513, 2000]), ...answers };
    case 'update_descriptor': return { op, at: slot(), lo: random.pick([0, 0xffff]), hi: random.pick([0, 0xcfb200, 0x8e00]), ...answers };
    case 'multicall': return { op, calls: list(() => drawn(random, random.pick(['mmu_update', 'update_va_mapping', 'mmuext_op']))), results: list(() => ({ rc: random.pick([0, -22]) })) };
    case 'vm_assist': return { op, enable: random.percent(50), ...answers };
    case 'store32': return { op, va: va(), val: entry(), ...(random.percent(70) ? { half: random.below(2) } : {}), fault: random.pick(['.', '3', '7', 'g']) };
    case 'store64': return { op, va: va(), val: entry(), fault: random.pick(['.', '3', '2', 'g']) };
    case 'probe': return { op, va: va(), write: random.percent(50), fault: random.pick(['.', '3', '1', 'g']) };
    case 'probes': return { op, read: '............', write: random.pick(['............', '3...........']) };
    default: return { op, frame: random.percent(95) ? random.pick(COMPARED) : frame(), ...answers };
  }
}

export function recordingsOfXen(): Lines {
  return Object.fromEntries(RELEASES.map((name, seed) => {
    const release = releaseNamed(name);
    const random = new Random(seed + 1);
    const world = new RecordedWorld(release);
    const player = new ScriptPlayer(release);
    const start = world.store.mark();
    const counts = { done: 0, refused: 0, differences: 0 };
    const told = Array.from({ length: SCRIPTS }, (_, i) => {
      // Something is written first, so that it matters which bytes a later access reads and writes back.
      const calls = [{ op: 'store64', va: '&a', val: 'b:163', fault: '.', after: { 'a.0': 'b:163' } }, ...Array.from({ length: CALLS }, () => drawn(random)), { op: 'probe', va: `&a+${random.below(6)}`, write: true }];
      world.begin(random.percent(50));
      const results = calls.map((call) => orRefusal(() => {
        const before = world.store.mark();
        const came = performCall(world, call);
        counts[(came.rc ?? 0) >= 0 ? 'done' : 'refused']++;
        return `${JSON.stringify(came)} ${world.xen.died.value} ${world.xen.console.value} ${world.store.changesSince(before).map(({ cell, after }) => `${cell} = ${exactText(after)}`).join()}`;
      }));
      world.store.undo(start);
      const crash = random.percent(5) ? { crash: random.pick(['Xen BUG at mm.c:1', 'a fault']) } : {};
      const checked = orRefusal(() => {
        const { differences } = player.play(parseScript(JSON.stringify({ id: `${i}`, set: 'invented', calls, ...crash })));
        counts.differences += differences.length;
        return differences.join('; ');
      });
      return [results, checked];
    });
    return [`calls on ${name}`, `${counts.done} done, ${counts.refused} refused, ${counts.differences} differences, ${digest(told)}`];
  }));
}
