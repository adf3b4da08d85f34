// What a run of the scenarios with the world parameter "orders" has attached, by claim.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sideOf } from '../../../machine/patches/ledger';
import type { Line } from '../../../machine/cli/orders/recorded';
import type { Question } from '../../../machine/situations/orders';
import { ORDERS } from '../../support/exploration';

interface Envelope {
  readonly pickle?: { readonly id: string; readonly tags: readonly { readonly name: string }[] };
  readonly testCase?: { readonly id: string; readonly pickleId: string };
  readonly testCaseStarted?: { readonly id: string; readonly testCaseId: string };
  readonly attachment?: { readonly testCaseStartedId?: string; readonly mediaType: string; readonly body: string };
}

/**
 * The questions in the messages of a run, each once, with all claims whose scenarios ask it; then the claims whose scenarios ask none.
 *
 * @param files Cucumber's messages, one on each line
 */
export function questionsIn(files: readonly string[]): Line[] {
  const seen = new Set<string>();
  const found = new Map<string, { question: Question; claims: Set<string> }>();
  for (const file of files) {
    const claimsOfCase = new Map<string, readonly string[]>();
    const pickles = new Map<string, readonly string[]>();
    const starts = new Map<string, string>();
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '') continue;
      const { pickle, testCase, testCaseStarted, attachment } = JSON.parse(line) as Envelope;
      if (pickle) pickles.set(pickle.id, pickle.tags.flatMap(({ name }) => sideOf(name)?.claim ?? []));
      if (testCase) {
        const claims = pickles.get(testCase.pickleId) ?? [];
        claimsOfCase.set(testCase.id, claims);
        for (const claim of claims) seen.add(claim);
      }
      if (testCaseStarted) starts.set(testCaseStarted.id, testCaseStarted.testCaseId);
      if (attachment?.mediaType !== ORDERS) continue;
      const question = JSON.parse(attachment.body) as Question;
      const key = JSON.stringify({ ...question, SC: null, TSO: null });
      const known = found.get(key) ?? { question, claims: new Set<string>() };
      found.set(key, known);
      for (const claim of claimsOfCase.get(starts.get(attachment.testCaseStartedId ?? '') ?? '') ?? []) known.claims.add(claim);
    }
  }
  const asked = [...found.values()].filter(({ claims }) => claims.size > 0).map(({ question, claims }) => ({ claims: [...claims].sort(), ...question }));
  const unasked = [...seen].filter((claim) => !asked.some(({ claims }) => claims.includes(claim))).sort();
  return unasked.length === 0 ? asked : [...asked, { claims: unasked, unasked: true }];
}

/** States after which a search is given up. */
const MOST = 1_000_000;

/** Runs the scenarios of `features`, all chapters if there are none, and prints their questions. A scenario that fails is an error. */
export function askClaims(features: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'paravirt-spec-orders-'));
  const messages = join(folder, 'messages.ndjson');
  try {
    const words = [...(features.length > 0 ? features : ['features/patches/**/*.feature']), '--world-parameters', JSON.stringify({ orders: MOST, challenge: 0, brief: false }), '--format', `message:${messages}`];
    const { status } = spawnSync(process.execPath, [join(dirname(require.resolve('@cucumber/cucumber/package.json')), 'bin', 'cucumber.js'), ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error('a scenario failed, so its questions are not recorded; run the features alone to see which');
    for (const question of questionsIn([messages])) process.stdout.write(`${JSON.stringify(question)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
