import type { HunkId } from '../../patches/types';
import type { Edit, Mutation } from '../mutate/mutation';
import type { PatchedSource, Statement } from './statements';

/** In which way a neighbour differs from the patch. */
export const KINDS = ['left out', 'left as it was', 'moved', 'exchanged', 'replaced', 'condition', 'at once', 'later', 'near miss'] as const;
export type Kind = (typeof KINDS)[number];

/** A move of another statement of the same path. */
export interface Twin {
  readonly line: number;
  readonly statement: string;
  readonly distance: number;
}

/** A fix within one edit of the patch. */
export interface Neighbour extends Mutation {
  readonly kind: Kind;
  /** The path that is changed, and the line in its file, counted from 1. */
  readonly path: string;
  readonly line: number;
  /** The changed statement, as in the patched kernel. */
  readonly statement: string;
  /** What was done to it: `moved down 1, past spin_lock(k, lock)`. */
  readonly change: string;
  /** For a move within a block: how many statements down; negative is up. */
  readonly distance?: number;
  /** Moves of other statements with the same resulting text: moving a statement down past a line is moving that line up past it. */
  readonly twins?: readonly Twin[];
  /** A hunk that is not applied at all. Then nothing is edited. */
  readonly without?: HunkId;
  /** A near miss of the catalogue, instead of the patch. Then nothing is edited. */
  readonly instead?: string;
}

/** A candidate; whether it is valid and new is checked later. */
export type Proposal = Omit<Neighbour, 'id' | 'file' | 'path' | 'line' | 'statement' | 'twins'> & { readonly of: Pick<Statement, 'declaration' | 'line' | 'text'> };

/** Removes a statement, and its line if nothing else is on it. */
export function removal(start: number, end: number, text: string): Edit {
  const lineStart = text.lastIndexOf('\n', start);
  const rest = /^( *\/\/[^\n]*)?(?=\n)/.exec(text.slice(end));
  if (rest === null || text.slice(lineStart + 1, start).trim() !== '') return { start, end, text: '' };
  return { start: lineStart, end: end + rest[0].length, text: '' };
}

/** An operator: gets the patch and one of its statements. */
export type Operator = (patched: PatchedSource, statement: Statement) => readonly Proposal[];
