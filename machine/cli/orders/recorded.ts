// Whether TSO changes what is known about a claim. Each question that its scenarios ask was asked under both orders by "npm run orders claims",
// which takes an hour; the answers are kept here, and the suite makes the small searches again.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimId } from '../../patches/types';
import { changedByTso, type Question } from '../../situations/orders';
import { PROJECT } from '../project';

/** A question, and the claims whose scenarios ask it. */
export interface Asked extends Question {
  readonly claims: readonly ClaimId[];
}

/** Claims whose scenarios ask no question of a situation: they look at one run, at a table, or at the source. */
interface Unasked {
  readonly claims: readonly ClaimId[];
  readonly unasked: true;
}

export type Line = Asked | Unasked;

/** What TSO changes about one claim. */
export interface OrderOfClaim {
  readonly claim: ClaimId;
  /** Questions that were decided under both orders. */
  readonly decided: number;
  /** Those of them where a requirement fails under one order alone. */
  readonly changed: readonly { readonly question: Question; readonly requirements: readonly string[] }[];
  /** Those with a search that was stopped. */
  readonly open: readonly Question[];
  /** The most states of a search that came to its end, under each order. */
  readonly states: { readonly SC: number; readonly TSO: number };
}

const FILE = PROJECT.hasOwn ? join(PROJECT.root, 'machine', 'orders.jsonl') : join(__dirname, 'claims.jsonl');

/** What was recorded, question by question; nothing in a project where nothing was. */
export function recordedLines(): readonly Line[] {
  if (!existsSync(FILE)) return [];
  return readFileSync(FILE, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

const isAsked = (line: Line): line is Asked => !('unasked' in line);

/** The questions themselves. */
export const askedQuestions = (): readonly Asked[] => recordedLines().filter(isAsked);

/** What the questions about each claim came to; a claim that was not looked at is left out. */
export function ordersOfClaims(lines: readonly Line[] = recordedLines()): ReadonlyMap<ClaimId, OrderOfClaim> {
  const claims = [...new Set(lines.flatMap(({ claims: about }) => about))];
  return new Map(claims.map((claim) => [claim, orderOf(claim, lines.filter(isAsked).filter(({ claims: about }) => about.includes(claim)))]));
}

function orderOf(claim: ClaimId, questions: readonly Question[]): OrderOfClaim {
  const judged = questions.map((question) => ({ question, requirements: changedByTso(question) }));
  const ended = judged.flatMap(({ question, requirements }) => (requirements === null ? [] : [{ question, requirements }]));
  const most = (order: 'SC' | 'TSO'): number => Math.max(0, ...ended.map(({ question }) => question[order].states));
  return {
    claim,
    decided: ended.length,
    changed: ended.filter(({ requirements }) => requirements.length > 0),
    open: judged.filter(({ requirements }) => requirements === null).map(({ question }) => question),
    states: { SC: most('SC'), TSO: most('TSO') },
  };
}

const shown = (states: number): string => states.toLocaleString('en-GB');

/** One sentence for a reader. */
export function sentenceOf(order: OrderOfClaim | undefined): string {
  if (order === undefined) return 'not compared yet';
  const { decided, changed, open, states } = order;
  if (decided + open.length === 0) return 'nothing to compare: its scenarios search no situation';
  const names = [...new Set(changed.flatMap(({ requirements }) => requirements))].sort().join(', ');
  const searches = decided === 1 ? '1 search' : `${decided} searches`;
  const said = changed.length === 0 ? `nothing in ${searches} of up to ${shown(states.TSO)} states` : `${names} in ${changed.length} of ${searches}`;
  const given = open.length === 0 ? '' : `${decided === 0 ? '' : '; '}${open.length} not decided within ${shown(Math.max(...open.map(({ SC, TSO }) => Math.max(SC.states, TSO.states))))} states`;
  return `${decided === 0 ? '' : said}${given}`;
}
