// All combinations and orders.

/** Every way to choose one item from each list. */
export function product<T>(lists: readonly (readonly T[])[]): T[][] {
  let all: T[][] = [[]];
  for (const list of lists) {
    const longer: T[][] = [];
    for (const some of all) for (const one of list) longer.push([...some, one]);
    if (longer.length === 0) return longer;
    all = longer;
  }
  return all;
}

/** Every order of `items`. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));
}

/** The numbers from `first` to `last`, both included. */
export const placesIn = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
