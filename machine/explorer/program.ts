import type { System } from './system';

/** A program to explore: builds the same system each time. */
export type Program = () => System;
