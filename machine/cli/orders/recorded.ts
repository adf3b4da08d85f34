// Whether TSO changes what is known about a claim. "npm run orders claims" answers each question of its scenarios under both orders, which
// takes an hour; the answers are recorded here, and the suite repeats the small searches.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimId } from '../../patches/types';
import { changedByTso, type Question } from '../../situations/orders';
import { PROJECT } from '../project';

/** A question, and the claims whose scenarios ask it. */
export interface Asked extends Question {
  readonly claims: readonly ClaimId[];
}

/** Claims whose scenarios explore no situation: they examine one run, a table, or the source. */
interface Unasked {
  readonly claims: readonly ClaimId[];
  readonly unasked: true;
}

export type Line = Asked | Unasked;

/** What TSO changes about one claim. */
export interface OrderOfClaim {
  readonly claim: ClaimId;
  /** The number of questions that were decided under both orders. */
  readonly decided: number;
  /** Those of them in which a requirement fails under only one order. */
  readonly changed: readonly { readonly question: Question; readonly requirements: readonly string[] }[];
  /** Those with a search that was stopped. */
  readonly open: readonly Question[];
  /** The states of the largest complete search, under each order. */
  readonly states: { readonly SC: number; readonly TSO: number };
}

const FILE = PROJECT.hasOwn ? join(PROJECT.root, 'machine', 'orders.jsonl') : join(__dirname, 'claims.jsonl');

/** What was recorded, question by question; empty in a project without recordings. */
export function recordedLines(): readonly Line[] {
  if (!existsSync(FILE)) return [];
  return readFileSync(FILE, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

const isAsked = (line: Line): line is Asked => !('unasked' in line);

/** The questions themselves. */
export const askedQuestions = (): readonly Asked[] => recordedLines().filter(isAsked);

/** The results of the questions about each claim; a claim that was not examined is left out. */
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
