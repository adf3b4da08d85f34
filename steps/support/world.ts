// What one scenario knows: the options of the run, and what its steps have built so far.

import { setWorldConstructor, World } from '@cucumber/cucumber';
import { PATCHES } from '../../machine/patches';
import { selectHunks } from '../../machine/patches/selection';
import { resolvedSelection } from '../../machine/cli/patches-from';
import type { FinishedCommand } from '../run/command';
import { Exploration } from './exploration';

/** What `--world-parameters` accepts. */
export interface MachineParameters {
  /** Which hunks are in the kernel under review; see machine/patches/selection. */
  readonly patches?: string;
  /** The least number of random runs that challenge each verdict. */
  readonly challenge?: number;
  /** Whether one run is enough for a scenario which only claims that something can fail, if the search is long. */
  readonly brief?: boolean;
  /** Settings that only scenarios without a claim of a patch have: no verdict of the ledger depends on these. */
  readonly unclaimed?: Pick<MachineParameters, 'brief' | 'challenge'>;
  /** Whether a requirement is red at the first breach, with no run to show. */
  readonly hasty?: boolean;
  /** If set, each question is also asked under both memory orders, in searches of at most this many states; for `npm run orders claims`. */
  readonly orders?: number;
}

/** The kernel under review: as `--world-parameters` says, or the variable PATCHES, or by default with every patch. */
export function patchesUnderReview(parameters: MachineParameters): string {
  const selection = resolvedSelection(parameters.patches ?? process.env['PATCHES'] ?? 'all');
  selectHunks(PATCHES, selection);
  return selection;
}

export class MachineWorld extends World<MachineParameters> {
  /** The question of the scenario to the explorer, and the answer. */
  readonly exploration = new Exploration(this, patchesUnderReview(this.parameters), this.parameters);
  /** From the tag `@patch:…` of the feature. */
  patchOfFeature = '';
  private lastCommand: FinishedCommand | undefined;

  /** The program that the last When-step of the scenario ran to its end. */
  get command(): FinishedCommand {
    if (!this.lastCommand) throw new Error('no command was run yet in this scenario');
    return this.lastCommand;
  }

  set command(command: FinishedCommand) {
    this.lastCommand = command;
  }
}

setWorldConstructor(MachineWorld);
