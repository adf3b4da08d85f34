// Loads the explorer (`explorer.ts`) into the page, once.

import type { PathSource } from '../trace/source';
import type * as Explorer from './explorer';
import { unpack } from './packed';

/** The explorer, and what it needs from the page. */
export interface Loaded {
  readonly Bench: typeof Explorer.Bench;
  /** The sources of the paths, by their names. */
  readonly sources: Readonly<Record<string, PathSource>>;
  readonly makeWorker: () => Worker;
}

let loaded: Promise<Loaded> | null = null;

export function loadExplorer(): Promise<Loaded> {
  return (loaded ??= load());
}

async function load(): Promise<Loaded> {
  const [program, sources] = await Promise.all([unpack('explorer'), unpack('sources')]);
  const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  await new Promise<void>((done, fail) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => done();
    script.onerror = () => fail(new Error('the explorer cannot be loaded'));
    document.head.append(script);
  });
  const { Bench } = (globalThis as unknown as { paravirtSpecExplorer: typeof Explorer }).paravirtSpecExplorer;
  return { Bench, sources: JSON.parse(sources) as Loaded['sources'], makeWorker: () => new Worker(address) };
}
