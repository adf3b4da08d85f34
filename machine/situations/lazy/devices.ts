import {
  aio_interrupt, grant_interrupt, kmap_interrupt, module_interrupt, network_interrupt, net_rx_action, raid_interrupt, slab_interrupt, usb_interrupt,
} from '../../kernel/linux-2.6/irq/irq-handlers';
import type { GuestMachine } from './machine';

// The devices of the lazy situations, and what each one's handler does with
// memory. Read kernel/linux-2.6/irq/irq-handlers.ts for where each was taken from.

/** The four of the thread, then those that do what a handler must not do, or what the thread did not foresee. */
export const DEVICES = ['raid', 'usb', 'aio', 'network', 'slab', 'module', 'kmap', 'grant', 'none'] as const;

export type DeviceName = (typeof DEVICES)[number];

export interface DeviceOptions {
  /** The maximum number of its interrupts. */
  readonly limit: number;
  /** Pages of one request of the RAID. */
  readonly segments: number;
  readonly zone: 'highmem' | 'lowmem';
}

/** Connects a device and allocates its pages. Part of the set-up; `module` needs its memory before any address space is made. */
export function connectDevice(machine: GuestMachine, device: DeviceName, { limit, segments, zone }: DeviceOptions): void {
  const { kernel } = machine;
  const page = (name: string, content: number): number => kernel.allocPage(name, content, zone);
  switch (device) {
    case 'raid': {
      const request = Array.from({ length: segments }, (_, i) => page(`segment ${i + 1}`, 0x0dd00001 + i));
      return machine.device('raid', () => raid_interrupt(kernel, request), limit);
    }
    case 'usb': {
      const buffer = page('transfer buffer', 0x05b00001);
      return machine.device('usb', () => usb_interrupt(kernel, buffer), limit);
    }
    case 'aio': {
      const [ring, event] = [page('ring', 0x0a1d0000), page('events', 0x0a1d0001)];
      return machine.device('aio', () => aio_interrupt(kernel, ring, event), limit);
    }
    case 'network': {
      const packet = page('packet', 0x0e7b0001);
      kernel.softirqActions.set('NET_RX_SOFTIRQ', () => net_rx_action(kernel, packet));
      return machine.device('network', () => network_interrupt(kernel), limit);
    }
    case 'slab': {
      const object = kernel.allocPage('slab', 0, 'lowmem');
      kernel.splitDirectMapping(object);
      return machine.device('slab', () => slab_interrupt(kernel, object), limit);
    }
    case 'module': {
      const address = kernel.vmallocPage(0x0d0d0001);
      return machine.device('module', () => module_interrupt(address), limit);
    }
    case 'kmap': {
      const buffer = page('buffer', 0x0b0f0001);
      return machine.device('kmap', () => kmap_interrupt(kernel, buffer), limit);
    }
    case 'grant': {
      const granted = kernel.allocPage('grant', 0, 'lowmem');
      kernel.splitDirectMapping(granted);
      return machine.device('grant', () => grant_interrupt(kernel, granted), limit);
    }
    case 'none': return;
  }
}
