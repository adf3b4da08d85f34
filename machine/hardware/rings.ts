import type { RESTART } from '../path';
import type { Cpu } from './cpu';
import { VECTOR } from './interrupts';

// Which instructions a ring may use. Most system instructions fault outside of
// ring 0; a few obey the I/O privilege level; POPF is a trap for hypervisors,
// since it silently changes nothing. SDM volume 3A, 5.9, and volume 1,
// 18.6.2 on the I/O privilege level.

/** Raises #GP(0) outside of ring 0, and returns RESTART; else returns null. */
export function outsideRing0(cpu: Cpu): typeof RESTART | null {
  return cpu.cpl === 0 ? null : cpu.raise(VECTOR.GP, 0);
}

/** Raises #GP(0) in a ring outside of the I/O privilege level, and returns RESTART; else returns null. */
export function outsideIoPrivilege(cpu: Cpu): typeof RESTART | null {
  return cpu.cpl <= cpu.iopl ? null : cpu.raise(VECTOR.GP, 0);
}
