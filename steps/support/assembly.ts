// A few instructions on a few processors, written down in a scenario, and all their
// outcomes. `note` belongs to the instruction before it: nothing comes in between.

import { Context } from '../../machine/context';
import type { Verdict } from '../../machine/explorer/explore';
import type { System } from '../../machine/explorer/system';
import { Cpu, type CpuOptions, type Gate } from '../../machine/hardware/cpu';
import { cli, hlt, invlpg, iret, load, mfence, movFromCr3, movFromCr4, movToCr3, movToCr3NoFlush, movToCr4, popf, sti, sendIpi, store as storeWord, xchg } from '../../machine/hardware/instructions';
import type { TrapFrame } from '../../machine/hardware/interrupts';
import { Memory } from '../../machine/hardware/memory';
import { CR0, CR4, EFER, PTE } from '../../machine/hardware/paging';
import * as system from '../../machine/hardware/system-instructions';
import { instruction, path, silently, type Path, type Step } from '../../machine/path';
import type { Value } from '../../machine/state/hash';
import { Store } from '../../machine/state/store';
import { Cell } from '../../machine/state/tracked';
import { explored } from './explored';

/** Where the words x, y and z are. */
const WORDS: Readonly<Record<string, number>> = { x: 0x1000, y: 0x1040, z: 0x1080 };
/** Two pages, and the frames that they can lead to, all in the first 4 MiB, which one table maps. */
const DIRECTORY = 0x10000;
/** The levels between the top and the last in long mode. */
const MIDDLE = [0x13000, 0x14000] as const;
const TABLES: Readonly<Record<string, number>> = { 'the table': 0x11000, 'another table': 0x12000 };
const PAGES: Readonly<Record<string, number>> = { here: 0x20000, beside: 0x21000 };
const FRAMES: Readonly<Record<string, number>> = { old: 0x30000, new: 0x31000, other: 0x32000 };
/** Where the second processor starts. */
const START_PAGE = 0x9f;

interface Handler {
  readonly code: string;
  readonly kind: Gate['kind'];
  readonly dpl: number;
}

const nop = instruction('nop', () => undefined);

/** Registers as a program reads and sets them. */
const GET: Readonly<Record<string, () => Step<number | null>>> = {
  cr0: system.movFromCr0, cr2: system.movFromCr2, cr3: movFromCr3, cr4: movFromCr4, efer: system.rdmsrEfer, smsw: system.smsw, idt: system.sidt,
} as never;
const SET: Readonly<Record<string, (value: number) => Step>> = { cr0: system.movToCr0, cr3: movToCr3, cr4: movToCr4, efer: system.wrmsrEfer, idt: system.lidt };

/** The flags of an entry. */
function flagsOf(entry: number): string {
  const flags = [(entry & PTE.P) === 0 ? 'absent' : '', (entry & PTE.A) === 0 ? '' : 'A', (entry & PTE.D) === 0 ? '' : 'D'].filter((flag) => flag !== '');
  return flags.join('+') || 'clear';
}

/** What a scenario says about its processors, and the search of all interleavings. */
export class Assembly {
  readonly programs: { readonly code: string; readonly interruptsOff: boolean }[] = [];
  readonly handlers = new Map<number, Handler>();
  readonly sources: { readonly name: string; readonly vector: number; readonly limit: number }[] = [];
  readonly options: { -readonly [K in keyof CpuOptions]: CpuOptions[K] } = {};
  paging = false;
  /** Four levels, and PCIDs where the options say so. */
  longMode = false;
  stackMissing = false;
  trampoline: string | null = null;
  verdict: Verdict | undefined;

  explore(): void {
    this.verdict = explored(() => this.build());
  }

  /** The processors at their beginning. */
  build(): System {
    const store = new Store();
    const memory = new Memory(store);
    if (this.paging) this.map(memory);
    const noted = new Cell<readonly Value[]>(store, 'noted', []);
    const cpus = this.programs.map((_, i) => new Cpu(store, i, memory, this.options));

    const note = silently((what: Value) => `note ${String(what)}`, (_cpu: Cpu, what: Value) => {
      noted.value = [...noted.value, what];
    });
    const ring = silently((cpl: number) => `ring ${cpl}`, (cpu: Cpu, cpl: number) => {
      cpu.cpl = cpl;
    });
    const ioPrivilege = silently((iopl: number) => `IOPL ${iopl}`, (cpu: Cpu, iopl: number) => {
      cpu.iopl = iopl;
    });
    const flag = silently('IF', (cpu: Cpu) => cpu.IF);
    const frameOf = silently((page: string) => `the frame of ${page}`, (cpu: Cpu, _page: string) => Object.keys(FRAMES).find((name) => FRAMES[name] === cpu.lastAccess?.pa) ?? 'nowhere');

    const { longMode, entryBytes } = this;
    const entryOf = (table: string, page: number): number => TABLES[table]! + (page >>> 12) * entryBytes;

    const run = path(function* run(code: string): Path {
      for (const [, verb, rest] of code.matchAll(/\s*([\w<>]+)\s*([^;]*)(?:;|$)/g)) {
        const operands = rest!.trim().split(/\s+/);
        const [operand = ''] = operands;
        switch (verb) {
          case 'x': case 'y': case 'z': yield* storeWord(WORDS[verb]!, Number(operands[1])); break;
          case 'note': yield* note(rest!.trim()); break;
          case 'see': yield* note(yield* load(WORDS[operand]!)); break;
          case 'nop': yield* nop(); break;
          case 'cli': yield* cli(); break;
          case 'sti': yield* sti(); break;
          case 'popf': yield* popf(operand === 'IF=1'); break;
          case 'flag': yield* note((yield* flag()) ? 'IF=1' : 'IF=0'); break;
          case 'movss': yield* system.movToSs(); break;
          case 'halt': yield* system.halt(); break;
          case 'stop': yield* hlt(); break;
          case 'int': yield* system.int(Number(operand)); break;
          case 'ring': yield* ring(Number(operand)); break;
          case 'iopl': yield* ioPrivilege(Number(operand)); break;
          case 'mfence': yield* mfence(); break;
          case 'eoi': yield* system.apicEoi(); break;
          case 'tpr': yield* system.apicTaskPriority(Number(operand)); break;
          case 'timer': yield* system.apicTimer('one-shot', Number(operand)); break;
          case 'ipi': yield* sendIpi(Number(operand), [cpus[Number(operands[1]!.slice(3))]!]); break;
          case 'init': yield* system.sendInit(cpus[Number(operand.slice(3))]!); break;
          case 'start': yield* system.sendStartUp(cpus[Number(operand.slice(3))]!, START_PAGE); break;
          case 'touch': yield* load(PAGES[operand]!); yield* note(yield* frameOf(operand)); break;
          case 'write': yield* storeWord(PAGES[operand]!, 1); break;
          case 'clear': yield* xchg(entryOf('the table', PAGES[operand]!), 0); break;
          case 'age': yield* storeWord(entryOf('the table', PAGES[operand]!), (yield* load(entryOf('the table', PAGES[operand]!))) & ~(PTE.A | PTE.D)); break;
          case 'entry': yield* note(flagsOf(yield* load(entryOf('the table', PAGES[operand]!)))); break;
          case 'remap': yield* storeWord(entryOf('the table', PAGES[operand]!), operands[1] === 'absent' ? 0 : FRAMES[operands[1]!]! | PTE.P | PTE.RW); break;
          case 'retable': yield* storeWord(longMode ? MIDDLE[1] : DIRECTORY, TABLES['another table']! | PTE.P | PTE.RW | PTE.US); break;
          case 'invlpg': yield* invlpg(PAGES[operand]!); break;
          case 'pcid': yield* (operands[1] === 'flush' ? movToCr3 : movToCr3NoFlush)(DIRECTORY | Number(operand)); break;
          case 'invpcid': yield* system.invpcid(operand as 'address', Number(operands[1] ?? 0), PAGES[operands[2] ?? 'here']!); break;
          case 'cr0': yield* system.movToCr0(yield* system.movFromCr0()); break;
          case 'cr2': yield* system.movFromCr2(); break;
          case 'cr3': yield* movToCr3(yield* movFromCr3()); break;
          case 'get': yield* note(`0x${Number((yield* GET[operand]!()) ?? 0).toString(16)}`); break;
          case 'set': yield* SET[operand]!(Number(operands[1])); break;
          case 'smsw': yield* system.smsw(); break;
          case 'rdmsr': yield* system.rdmsrEfer(); break;
          case 'wrmsr': yield* system.wrmsrEfer(0); break;
          case 'lidt': yield* system.lidt(0); break;
          case 'sidt': yield* system.sidt(); break;
          case 'wbinvd': yield* system.wbinvd(); break;
          case 'cpuid': yield* system.cpuid(); break;
          case 'stac': yield* system.stac(); break;
          case 'clac': yield* system.clac(); break;
          default: throw new Error(`no instruction is called "${verb}"`);
        }
      }
    });
    const handle = path(function* handle(code: string, frame: TrapFrame): Path {
      yield* run(code);
      if (!code.endsWith('stop')) yield* iret(frame);
    });

    cpus.forEach((cpu, i) => {
      const { code, interruptsOff } = this.programs[i]!;
      cpu.cr0 = this.paging ? CR0.PG | CR0.PE : CR0.PE;
      cpu.cr4 = CR4.PGE | (longMode ? CR4.PAE : 0) | (longMode && this.options.pcids ? CR4.PCIDE : 0);
      if (longMode) cpu.efer = EFER.LME | EFER.LMA | EFER.NXE;
      cpu.cr3 = DIRECTORY;
      cpu.IF = !interruptsOff;
      for (const [vector, { code: handler, kind, dpl }] of this.handlers) cpu.idt.set(vector, { kind, dpl, handler: (frame) => handle(handler, frame) });
      cpu.context = new Context(store, `P${i}`);
      if (this.stackMissing) cpu.stackTop = 0x400000;
      if (this.trampoline !== null) cpu.trampolines.set(START_PAGE, { context: new Context(store, `start${i}`), code: () => run(this.trampoline!) });
      cpu.context.start(run(code), cpu);
    });
    for (const source of this.sources) cpus[0]!.connect(source);
    store.settle();
    return { store, processes: cpus, invariants: [], outcome: () => noted.value.map(String).join(' ') || 'nothing' };
  }

  private get entryBytes(): number {
    return this.longMode ? 8 : 4;
  }

  /** An identity mapping of the first 64 pages, except for the two; a second table maps these elsewhere. */
  private map(memory: Memory): void {
    for (const [name, table] of Object.entries(TABLES)) {
      const lead = (page: number, frame: number): void => memory.write32(table + page * this.entryBytes, frame | PTE.P | PTE.RW);
      for (let page = 0; page < 64; page++) lead(page, page << 12);
      for (const la of Object.values(PAGES)) lead(la >>> 12, FRAMES[name === 'the table' ? 'old' : 'new']!);
    }
    const uppers = this.longMode ? [DIRECTORY, ...MIDDLE] : [DIRECTORY];
    uppers.forEach((table, i) => memory.write32(table, (uppers[i + 1] ?? TABLES['the table']!) | PTE.P | PTE.RW | PTE.US));
  }

  /** The page's address, for processors that may load its translation early. */
  static addressOf(page: string): number {
    return PAGES[page]!;
  }
}

