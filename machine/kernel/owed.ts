import type { Cpu } from '../hardware/cpu';
import { instruction } from '../path';
import type { Entity } from '../state/hash';

/**
 * Ours: marks a place in a path where something still has to be written. It does nothing, and its text appears in every run.
 *
 * @param _with what will be needed there
 */
export const owed = instruction((what: string, ..._with: readonly Entity[]) => `owed: ${what}`, (_cpu: Cpu, _what: string, ..._with: readonly Entity[]) => undefined);
