import type { Cpu } from '../../hardware/cpu';
import { instruction, RESTART } from '../../path';

// Copying from an address that boot has mapped, word by word through the MMU.

const PAGE = 4096;

/** Copies `count` words from `la`; faults on the first page that is not mapped. Returns them. */
export const readWords = instruction(
  (la: number, count: number) => `memcpy_fromio(buf, 0x${la.toString(16)}, ${4 * count})`,
  (cpu: Cpu, la: number, count: number) => {
    const words: number[] = [];
    let pa = 0;
    for (let i = 0; i < count; i++) {
      const at = la + 4 * i;
      if (i === 0 || at % PAGE === 0) {
        const found = cpu.translate('read', at);
        if (found === RESTART) return RESTART;
        pa = found;
      }
      words.push(cpu.memory.read32(pa));
      pa += 4;
    }
    return words as readonly number[];
  },
);

/** The bytes of little-endian words. */
export function bytesOf(words: readonly number[]): number[] {
  return words.flatMap((word) => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24]);
}

/** The text up to the first zero byte. */
export function textOf(words: readonly number[]): string {
  const bytes = bytesOf(words);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.slice(0, end === -1 ? bytes.length : end));
}

/** Words that hold `text` and a zero byte after it. */
export function wordsOfText(text: string): number[] {
  const bytes = [...text].map((letter) => letter.charCodeAt(0));
  const words: number[] = [];
  for (let at = 0; at <= bytes.length; at += 4) {
    words.push([3, 2, 1, 0].reduce((word, i) => word * 256 + (bytes[at + i] ?? 0), 0));
  }
  return words;
}
