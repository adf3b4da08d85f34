// Which mutation is active in this thread. The modules that `switchedModule`
// has written call it by a global name, because they do not import it.

/** The default name of the function that returns whether a mutation is active. It is global: see above. */
export const SELECTOR = '$mutant';

/** The name of the function that the original calls where a mutation would begin to differ. It is global too. */
export const ARRIVAL = '$arrives';

/** Selects a mutation, and remembers which ones were asked for. */
export interface Selector {
  /** Activates one and deactivates all others. 0 stands for the original. Forgets what was asked for. */
  choose(number: number): void;
  /** The numbers of the mutations whose functions have been called since. */
  readonly asked: ReadonlySet<number>;
  /** Those whose places the original has reached since, if the module reports this. */
  readonly arrived: ReadonlySet<number>;
}

/** Installs the global function. To be called before a switched module is loaded. */
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
