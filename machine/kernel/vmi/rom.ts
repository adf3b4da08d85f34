import type { Cpu } from '../../hardware/cpu';
import { VMI_CALL, VMI_PAGE, VMI_PTE, type VmiCall } from '../../hypervisors/interface-vmi';
import { instruction } from '../../path';
import type { GuestKernel } from './guest';

// Calls into the hypervisor's ROM, each of them indivisible: no part of the
// guest runs meanwhile, except what the hypervisor starts before it returns.

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

const MODES = ['NONE', 'MMU', 'CPU', 'FLUSH'];

function flagsOf(flags: number): string {
  const names = [
    (flags & VMI_PAGE.PT) !== 0 ? 'PT' : 'PD',
    ...((flags & VMI_PTE.CURRENT_AS) !== 0 ? ['CURRENT_AS'] : []),
    ...((flags & VMI_PTE.DEFER) !== 0 ? ['DEFER'] : []),
    ...((flags & VMI_PTE.VA_MASK) !== 0 ? [`VA ${hex(flags & VMI_PTE.VA_MASK)}`] : []),
  ];
  return names.join('|');
}

function textOf(call: VmiCall, operands: readonly number[]): string {
  switch (call) {
    case 'SetLazyMode': return MODES[operands[0]!] ?? String(operands[0]);
    case 'SetPxE': return `${hex(operands[0]!)} at ${hex(operands[1]!)}, ${flagsOf(operands[2]!)}`;
    case 'UpdatePxE': return `${hex(operands[0]!)}, ${flagsOf(operands[1]!)}`;
    case 'SetInterruptMask': return operands[0] === 0 ? 'IF = 0' : 'IF = 1';
    default: return operands.map(hex).join(', ');
  }
}

/** A call of the ROM's code by the address that its relocation gave. */
export const callRom = instruction(
  (_k: GuestKernel, call: VmiCall, operands: readonly number[]) => `VMI ${call}(${textOf(call, operands)})`,
  (cpu: Cpu, k: GuestKernel, call: VmiCall, operands: readonly number[]) => {
    const eip = k.vmi_ops.get(call);
    if (k.rom === null || eip === undefined) throw new Error(`machine bug: ${call} (${VMI_CALL[call]}) is called, and no relocation gave its address`);
    return Number(k.rom.call(cpu, eip, operands));
  },
);
