// Which mutation is on, in this thread. The modules that `switchedModule` has
// written ask it by a global name, because they do not import anything of it.

/** The name of the function that answers whether a mutation is on, unless another is given. It is global: see above. */
export const SELECTOR = '$mutant';

/** The name of the function that the original calls where a mutation would begin to differ. It is global, too. */
export const ARRIVAL = '$arrives';

/** Says whether a mutation is on, and remembers which ones were asked for. */
export interface Selector {
  /** Switches one on, and all others off. 0 stands for the original. Forgets what was asked. */
  choose(number: number): void;
  /** The numbers of the mutations whose functions were called since. */
  readonly asked: ReadonlySet<number>;
  /** Those at whose places the original has arrived since, where the module tells. */
  readonly arrived: ReadonlySet<number>;
}

/** Makes the global function. To be called before a switched module is loaded. */
export function installSelector(): Selector {
  let chosen = 0;
  const asked = new Set<number>();
  const arrived = new Set<number>();
  const isOn = (number: number): boolean => {
    asked.add(number);
    return number === chosen;
  };
  (globalThis as unknown as Record<string, unknown>)[SELECTOR] = isOn;
  (globalThis as unknown as Record<string, unknown>)[ARRIVAL] = (number: number): void => void arrived.add(number);
  return {
    choose: (number) => {
      chosen = number;
      asked.clear();
      arrived.clear();
    },
    get asked() { return asked; },
    get arrived() { return arrived; },
  };
}
