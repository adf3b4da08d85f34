// What one scenario knows: the options of the run, and whatever its steps have built so far.

import { setWorldConstructor, World } from '@cucumber/cucumber';
import type { FinishedCommand } from '../run/command';

/** What `--world-parameters` accepts. */
export interface MachineParameters {
  readonly patches?: string;
}

export class MachineWorld extends World<MachineParameters> {
  private lastCommand: FinishedCommand | undefined;

  /** The program that the scenario's last When-step ran to its end. */
  get command(): FinishedCommand {
    if (!this.lastCommand) throw new Error('no command was run yet in this scenario');
    return this.lastCommand;
  }

  set command(command: FinishedCommand) {
    this.lastCommand = command;
  }
}

setWorldConstructor(MachineWorld);
