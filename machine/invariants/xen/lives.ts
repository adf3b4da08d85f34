import type { Invariant } from '../../explorer/system';
import type { Xen } from '../../hypervisors/xen/xen';

/** Nothing that a guest asked for has ended Xen. */
export function xenLives(xen: Xen): Invariant {
  return {
    name: 'xenLives',
    check: () => (xen.died.value === '' ? null : `Xen has died: ${xen.died.value}`),
  };
}
