// Replaces guards, locks, flushes and barriers by their relatives.

import ts from 'typescript';
import type { Edit } from '../mutate/mutation';
import { isBeside, packageFile, PROJECT } from '../project';
import { functionOf } from './moves';
import type { Operator, Proposal } from './neighbour';
import type { PatchedSource, Statement } from './statements';

/** A way to exclude others: how it begins and how it ends. `flags` is an expression for what the beginning returned. */
interface Exclusion {
  readonly name: string;
  readonly begin: (k: string) => string;
  readonly end: (k: string, flags: string) => string;
}

const EXCLUSIONS: readonly Exclusion[] = [
  { name: 'preempt_disable()', begin: (k) => `$preempt_disable(${k})`, end: (k) => `$preempt_enable(${k})` },
  { name: 'local_bh_disable()', begin: (k) => `$local_bh_disable(${k})`, end: (k) => `$local_bh_enable(${k})` },
  { name: 'local_irq_disable()', begin: (k) => `$local_irq_disable(${k})`, end: (k) => `$local_irq_enable(${k})` },
  { name: 'local_irq_save()', begin: (k) => `$local_irq_save(${k})`, end: (k, flags) => `$local_irq_restore(${k}, ${flags})` },
];

const BEGINS = new Map([['preempt_disable', 'preempt_disable()'], ['local_bh_disable', 'local_bh_disable()'], ['local_irq_disable', 'local_irq_disable()'], ['cli', 'local_irq_disable()'], ['local_irq_save', 'local_irq_save()']]);
const ENDS = new Set(['preempt_enable', 'local_bh_enable', 'local_irq_enable', 'sti', 'local_irq_restore']);

/** Replacements for a single call; `1` and `2` are its arguments. */
const CALLS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  preempt_enable: [['preempt_enable_no_resched()', '$preempt_enable_no_resched(1)']],
  smp_mb: [['smp_wmb()', '$smp_wmb()'], ['smp_rmb()', '$smp_rmb()'], ['a locked instruction', '$locked_instruction()']],
  arch_flush_lazy_mmu_mode: [
    ['leaving lazy mode', '$arch_leave_lazy_mmu_mode(1)'], ['a flush of the TLB', '1.paravirt_ops.flush_tlb_kernel(1)'], ['a flush of the user\'s TLB entries', '1.paravirt_ops.flush_tlb_user(1)'],
  ],
  guarded_flush: [
    ['leaving lazy mode', '$arch_leave_lazy_mmu_mode(1)'], ['a flush of the TLB', '1.paravirt_ops.flush_tlb_kernel(1)'], ['a flush of the user\'s TLB entries', '1.paravirt_ops.flush_tlb_user(1)'],
  ],
};

/** What is done at once instead of later, and vice versa. */
const DEFERRALS: Readonly<Record<string, readonly ['at once' | 'later', string, string]>> = {
  xen_do_pin: ['at once', 'made at once, by pin_pagetable_pfn()', '$pin_pagetable_pfn(1, 2, 3)'],
  unlock_later: ['at once', 'made at once', '$spin_unlock(1, { of: 2, field: \'ptl\' })'],
  pin_pagetable_pfn: ['later', 'queued, for whoever makes the next batch', '$xen_do_pin(1, 2, 3)'],
  xen_mc_callback: ['at once', 'called at once', '$spin_unlock(1, { of: 3, field: \'ptl\' })'],
};

/** The file of each name after `$`. */
const HOMES: Readonly<Record<string, string>> = {
  preempt_disable: 'machine/kernel/linux-2.6/sched/preempt', preempt_enable: 'machine/kernel/linux-2.6/sched/preempt', preempt_enable_no_resched: 'machine/kernel/linux-2.6/sched/preempt',
  spin_lock: 'machine/kernel/linux-2.6/sched/spinlock', spin_unlock: 'machine/kernel/linux-2.6/sched/spinlock', arch_leave_lazy_mmu_mode: 'machine/kernel/linux-2.6/paravirt',
  pin_pagetable_pfn: 'machine/kernel/xen/enlighten', xen_do_pin: 'machine/kernel/xen/mmu',
};
const HERE = 'machine/cli/neighbours/related-paths';

/** The imports that texts of one file need: `$name` in them stands for the path `name` of another file. */
export function importsFor(file: string, texts: readonly string[]): string {
  const names = new Set(texts.flatMap((text) => [...text.matchAll(/\$([a-z]\w*)/g)].map(([, name]) => name!)));
  // From a separate project, the package cannot be reached by a relative path.
  const up = PROJECT.hasOwn && !isBeside(file) ? packageFile('') : '../'.repeat(file.split('/').length - (isBeside(file) ? 2 : 1));
  return [...names].sort().map((name) => `import { ${name} as $${name} } from '${up}${HOMES[name] ?? HERE}';`).join(' ');
}

/** Replaces a whole guard, its beginning and its end, in one path or in two of the same file. */
export function exclusionsReplaced(patched: PatchedSource): Proposal[] {
  return pairsOf(patched).flatMap(({ begins, ends }): Proposal[] => {
    const [first] = begins;
    if (!first) return [];
    const own = BEGINS.get(first.name)!;
    const isOnePath = [...begins, ...ends].every(({ of }) => of.declaration === first.of.declaration);
    const replaced = EXCLUSIONS.filter(({ name }) => name !== own).map((other): Proposal => {
      const keepsFlags = isOnePath && other.name === 'local_irq_save()';
      return {
        of: first.of, kind: 'replaced', change: `${own} and what ends it replaced by ${other.name} and what ends that`,
        edits: [
          ...begins.map((begin) => over(begin, begun(begin, other, keepsFlags))),
          ...ends.map((end) => over(end, `yield* ${other.end(kernelOf(end), end.call.arguments[1]?.getText() ?? (keepsFlags ? 'irqFlags' : 'true'))}`)),
          ...(keepsFlags ? declaredFlags(first) : []),
        ],
      };
    });
    const forgetful = own !== 'local_irq_save()' ? [] : ends.map((end): Proposal => (
      { of: end.of, kind: 'replaced', change: `${end.name}() replaced by local_irq_enable()`, edits: [over(end, `yield* $local_irq_enable(${kernelOf(end)})`)] }));
    const none: Proposal = { of: first.of, kind: 'left out', change: `${own} and what ends it left out`, edits: [...begins, ...ends].map((half) => over(half, half.isValue ? 'true' : 'undefined')) };
    return [...replaced, ...forgetful, none];
  });
}

/** Locks: only tried, or replaced by another one. */
export function locksReplaced(patched: PatchedSource): Proposal[] {
  return lockPairs(patched).flatMap(({ lock, unlocks }): Proposal[] => {
    const k = kernelOf(lock);
    const text = lock.call.arguments[1]!.getText();
    const others = locksInScope(patched, lock).filter((other) => other !== text);
    const isAnswer = /Path<boolean>/.test(functionOf(lock.of.declaration)?.type?.getText() ?? '');
    const tried: Proposal = {
      of: lock.of, kind: 'replaced', change: 'spin_lock() replaced by spin_trylock(), and on without it',
      edits: isAnswer
        ? [{ start: lock.of.node.getStart(), end: lock.of.node.end, text: `if (!(yield* $spin_trylock(${k}, ${text}))) return false;` }]
        : [over(lock, `yield* $spin_trylock(${k}, ${text})`), ...unlocks.map((unlock) => over(unlock, `yield* $unlock_if_locked(${k}, ${text})`))],
    };
    const replaced = others.map((other): Proposal => ({
      of: lock.of, kind: 'replaced', change: `the lock ${text} replaced by ${other}`, edits: [lock, ...unlocks].map(({ call }) => ({ start: call.arguments[1]!.getStart(), end: call.arguments[1]!.end, text: other })),
    }));
    return [tried, ...replaced];
  });
}

/** Replaces a single call, or makes it at another time. */
export const callReplaced: Operator = (_patched, statement) => callsIn(statement).flatMap((found): Proposal[] => {
  const filled = (text: string): string => text.replace(/\b[123]\b/g, (digit) => found.call.arguments[Number(digit) - 1]?.getText() ?? digit);
  const deferral = DEFERRALS[found.name];
  return [
    ...(CALLS[found.name] ?? []).map(([change, text]): Proposal => ({ of: statement, kind: 'replaced', change: `${found.name}() replaced by ${change}`, edits: [over(found, `yield* ${filled(text)}`)] })),
    ...(deferral ? [{ of: statement, kind: deferral[0], change: `${found.name}() ${deferral[1]}`, edits: [over(found, `yield* ${filled(deferral[2])}`)] }] : []),
  ];
});

interface Found {
  readonly of: Statement;
  readonly name: string;
  readonly call: ts.CallExpression;
  /** Whether its result is used. */
  readonly isValue: boolean;
}

/** The calls of a statement, without those of statements inside it. */
function callsIn(of: Statement): Found[] {
  const found: Found[] = [];
  const look = (node: ts.Node): void => {
    if (node !== of.node && ts.isStatement(node) && ts.isBlock(node.parent)) return;
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) found.push({ of, name: node.expression.text, call: node, isValue: !ts.isExpressionStatement(node.parent.parent) });
    node.forEachChild(look);
  };
  look(of.node);
  return found;
}

/** Beginnings and ends that belong together. */
function pairsOf(patched: PatchedSource): { readonly begins: readonly Found[]; readonly ends: readonly Found[] }[] {
  const all = patched.own.flatMap(callsIn);
  const groups = new Map<unknown, { begins: Found[]; ends: Found[] }>();
  const add = (key: unknown, part: 'begins' | 'ends', found: Found): void => {
    const group = groups.get(key) ?? { begins: [], ends: [] };
    group[part].push(found);
    groups.set(key, group);
  };
  const isBegin = ({ name }: Found): boolean => BEGINS.has(name) && BEGINS.get(name) !== '';
  const isEnd = ({ name }: Found): boolean => ENDS.has(name);
  for (const found of all) {
    if (!isBegin(found) && !isEnd(found)) continue;
    const inSame = all.filter(({ of }) => of.declaration === found.of.declaration);
    const key = inSame.some(isBegin) && inSame.some(isEnd) ? found.of.declaration : found.of.declaration.file;
    add(key, isBegin(found) ? 'begins' : 'ends', found);
  }
  return [...groups.values()].filter(({ begins, ends }) => begins.length > 0 && ends.length > 0);
}

function lockPairs(patched: PatchedSource): { readonly lock: Found; readonly unlocks: readonly Found[] }[] {
  const all = patched.own.flatMap(callsIn);
  return all.filter(({ name }) => name === 'spin_lock').map((lock) => ({
    lock,
    unlocks: all.filter(({ name, call, of }) => name === 'spin_unlock' && of.declaration === lock.of.declaration && call.arguments[1]!.getText() === lock.call.arguments[1]!.getText()),
  }));
}

/** Other locks that the kernel takes in the same file, if their names are in scope in the path. */
function locksInScope(patched: PatchedSource, { of: { declaration } }: Found): string[] {
  const names = new Set((functionOf(declaration)?.parameters ?? []).map(({ name }) => name.getText()));
  const pages = [...names].filter((name) => ['page', 'table', 'pgd'].includes(name));
  const ofPages = pages.flatMap((page) => [`{ of: ${page}, field: 'ptl' }`]);
  const kernel = [...names].includes('k') && declaration.file.includes('/xen/') ? ['k.pgd_lock', '{ of: k.mms[0]!, field: \'page_table_lock\' }'] : [];
  return patched.live.has(declaration) ? [...kernel, ...ofPages] : [];
}

const kernelOf = ({ call }: Found): string => call.arguments[0]?.getText() ?? 'k';

/** Instead of the call, with its `yield*`. */
const over = ({ call }: Found, text: string): Edit => {
  const { parent } = call;
  const whole = ts.isYieldExpression(parent) ? parent : call;
  return { start: whole.getStart(), end: whole.end, text: ts.isYieldExpression(parent) ? text : text.replace(/^yield\* /, '') };
};

/** The text of a beginning, which may have to return flags, or keep them for the end. */
function begun(begin: Found, { begin: text }: Exclusion, keepsFlags: boolean): string {
  const call = text(kernelOf(begin));
  const returnsFlags = call.includes('irq_save');
  if (begin.isValue) return returnsFlags ? `yield* ${call}` : `(yield* ${call}, true)`;
  return keepsFlags ? `irqFlags = yield* ${call}` : `yield* ${call}`;
}

/** A variable for the flags at the top of the path. */
function declaredFlags({ of: { declaration } }: Found): Edit[] {
  const body = functionOf(declaration)?.body;
  if (!body || !ts.isBlock(body)) return [];
  const at = body.getStart() + 1;
  return [{ start: at, end: at, text: ' let irqFlags = false;' }];
}
