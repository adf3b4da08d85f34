// All rules of the suite. A new one is a file of its own and a line here.

import type { Finding, Rule, Suite } from '../suite';
import { claims } from './claims';
import { comments } from './comments';
import { instructions } from './instructions';
import { names } from './names';
import { owed } from './owed';
import { prose } from './prose';
import { scenarios } from './scenarios';
import { sources } from './sources';
import { steps } from './steps';
import { tags } from './tags';

const rules: readonly Rule[] = [claims, comments, instructions, names, owed, prose, scenarios, sources, steps, tags];

/** Cucumber matches no step while a feature cannot be read, so that comes first and alone. */
export function findingsIn(suite: Suite): Finding[] {
  if (suite.parseErrors.length === 0) return rules.flatMap((rule) => rule(suite));
  return suite.parseErrors.map(({ source, message }) => ({
    file: source.uri ?? '',
    line: source.location?.line ?? 0,
    message,
  }));
}
