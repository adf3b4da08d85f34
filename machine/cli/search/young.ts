import type { ResourceLimits } from 'node:worker_threads';

/**
 * Room for the young objects of a thread. With what Node gives a thread by itself, two that search together spend a
 * third of their time in the collector, each waiting for the other's.
 */
export const ROOM: ResourceLimits = { maxYoungGenerationSizeMb: 64 };
