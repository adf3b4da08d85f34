// Explores in a worker, so that the page stays responsive: the same check as that of the command line.

import { SelectionError } from '../../machine/patches/selection';
import { check, type Evidence, type Request } from '../../machine/situations/check';

/** The messages of the worker: its progress, and in the end what it found or why it could not begin. */
export type Told =
  | { readonly kind: 'progress'; readonly states: number; readonly events: number; readonly depth: number }
  | { readonly kind: 'found'; readonly evidence: Evidence }
  | { readonly kind: 'refused'; readonly message: string };

interface WorkerScope {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(told: Told): void;
}

export function serve(scope: WorkerScope): void {
  scope.onmessage = ({ data }) => {
    try {
      scope.postMessage({ kind: 'found', evidence: check(data, (progress) => {
        scope.postMessage({ kind: 'progress', states: progress.states, events: progress.events, depth: progress.depth });
        return 'go on';
      }) });
    } catch (error) {
      scope.postMessage({ kind: 'refused', message: error instanceof SelectionError ? error.message : `${(error as Error).name}: ${(error as Error).message}` });
    }
  };
}
