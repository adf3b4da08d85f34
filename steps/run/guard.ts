// Watches a whole run for what Cucumber accepts: a run without any scenario (a misspelt tag is
// green), a scenario without steps, and a scenario that passed at the second attempt (every verdict
// here is deterministic).
// A plugin, because it sees the messages of all workers and no choice of formatters removes it.

import type { Plugin } from '@cucumber/cucumber/api';
import { Tally } from './tally';

interface GuardOptions {
  /** Whether `N passed, M failed` is printed as the last line of the run. */
  readonly announce?: boolean;
}

function complaints(tally: Tally): string[] {
  const found: string[] = [];
  if (tally.total === 0) found.push('No scenario was run: nothing is shown. Check the path, the name and the tags.');
  if (tally.withoutSteps > 0) found.push(`A scenario has no steps (${tally.withoutSteps}x): it shows nothing.`);
  if (tally.retries > 0) found.push(`A scenario was retried (${tally.retries}x): leave --retry at 0.`);
  return found;
}

export const guard: Plugin<GuardOptions> = {
  type: 'plugin',
  optionsKey: 'guard',
  coordinator: ({ on, options }) => {
    const tally = new Tally();
    on('message', (message) => tally.add(message));

    // Cucumber sets its exit code at the very end; it can be changed only here.
    process.on('exit', () => {
      for (const complaint of complaints(tally)) {
        console.error(complaint);
        process.exitCode = 1;
      }
      if (options.announce) console.log(tally.toString());
    });
  },
};
