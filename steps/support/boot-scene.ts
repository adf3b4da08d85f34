// One kernel, one PC and one boot: what the scenarios of thread 003 are about.
// A machine is made once for each build and boots again from the same start.

import { ACCEPTED_ROM, type RomHeader } from '../../machine/hypervisors/vmi/rom';
import { kernelNamed } from '../../machine/situations/boot/kernels';
import { BootMachine, PLAIN_CASE, type BootCase, type BootResult, type KernelBuild } from '../../machine/situations/boot/machine';
import { romWithHole } from '../../machine/situations/boot/table';
import type { MachineWorld } from './world';

const machines = new Map<string, BootMachine>();

function machineFor(build: KernelBuild): BootMachine {
  const key = JSON.stringify([build.release, [...build.hunks].sort(), Object.entries(build.config).sort()]);
  let machine = machines.get(key);
  if (!machine) machines.set(key, (machine = new BootMachine(build)));
  return machine;
}

export class BootScene {
  config: KernelBuild['config'] = {};
  /** Hunks that the scenario adds to every kernel that it boots. */
  extra: readonly string[] = [];
  boot: BootCase = PLAIN_CASE;
  private booted: { readonly machine: BootMachine; readonly result: BootResult; readonly name: string } | null = null;

  set(changes: Partial<BootCase>): void {
    this.boot = { ...this.boot, ...changes };
  }

  configure(changes: KernelBuild['config']): void {
    this.config = { ...this.config, ...changes };
  }

  keepAddresses(mib: number): void {
    this.set({ rom: romWithHole(mib) });
  }

  changeRom(changes: Partial<RomHeader>): void {
    this.set({ rom: { ...(this.boot.rom ?? ACCEPTED_ROM), ...changes } });
  }

  /** A machine with the kernel called `name`, not yet booted. */
  machine(name: string, without: string | null = null): BootMachine {
    const { release, hunks } = kernelNamed(name);
    return machineFor({ release, hunks: new Set([...hunks, ...this.extra].filter((hunk) => hunk !== without)), config: this.config });
  }

  /** A machine with `hunks` on top of a release, not yet booted. */
  machineWith(release: string, hunks: ReadonlySet<string>): BootMachine {
    return machineFor({ release, hunks, config: this.config });
  }

  start(machine: BootMachine, name: string): void {
    this.booted = { machine, result: machine.run(this.boot), name };
  }

  get last(): { readonly machine: BootMachine; readonly result: BootResult; readonly name: string } {
    if (!this.booted) throw new Error('no kernel was booted yet in this scenario');
    return this.booted;
  }
}

const scenes = new WeakMap<MachineWorld, BootScene>();

/** The boot of the scenario of `world`. */
export function bootOf(world: MachineWorld): BootScene {
  let scene = scenes.get(world);
  if (!scene) scenes.set(world, (scene = new BootScene()));
  return scene;
}
