// The lines that two texts share, and those that only one of them has.

export interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** By the longest common subsequence; removed lines come before added ones. */
export function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  const common = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i]![j] = before[i] === after[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i]! });
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ sign: '-', text: before[i++]! });
    } else {
      lines.push({ sign: '+', text: after[j++]! });
    }
  }
  return lines;
}

/** Stretches of changed lines with `context` lines around each. */
export function chunksOf(lines: readonly Line[], context: number): Line[][] {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - context), i + context + 1).some(({ sign }) => sign !== ' '));
  const chunks: Line[][] = [];
  lines.forEach((line, i) => {
    if (!near[i]) return;
    if (i === 0 || !near[i - 1]) chunks.push([]);
    chunks[chunks.length - 1]!.push(line);
  });
  return chunks;
}
