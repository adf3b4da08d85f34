// What one scenario knows: the options of the run, and whatever its steps have built so far.

import { setWorldConstructor, World } from '@cucumber/cucumber';

/** What `--world-parameters` accepts. */
export interface MachineParameters {
  readonly patches?: string;
}

export class MachineWorld extends World<MachineParameters> {}

setWorldConstructor(MachineWorld);
