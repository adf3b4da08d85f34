import type { Kernel } from '../../../machine/kernel/kernel';
import type { Mm } from '../../../machine/kernel/task';
import { smp_mb } from '../../../machine/kernel/words/access';
import { path, type Path } from '../../../machine/path';

// The forms of the guide's first table, each as it stands there: checked for types
// with everything else. The suite compares them with the page.

const body = path(function* body(_k: Kernel, mm: Mm): Path<number> {
  yield* smp_mb();
  return mm.pgd;
});

const f = path(function* f(k: Kernel, mm: Mm): Path<number> { return yield* body(k, mm); });

/** One line for each row. */
export const forms = path(function* forms(k: Kernel, mm: Mm): Path {
  const x = yield* f(k, mm);
  if (x) return;
  if (k.config.SMP) yield* f(k, mm);
  if (k.since('4.13')) yield* f(k, mm);
  if (k.after('patch/hunk')) yield* f(k, mm);
  if (k.before('patch/hunk')) yield* f(k, mm);
  if (k.after('patch/hunk') && x) yield* f(k, mm);
});
