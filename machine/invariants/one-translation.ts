import type { Invariant } from '../explorer/system';
import type { Cpu } from '../hardware/cpu';

/** No TLB has two translations of one address that differ in frame or rights: the behaviour of a processor is then undefined (SDM 3A, 4.10.2.3). */
export function oneTranslationOfEachAddress(cpus: readonly Cpu[], addresses: readonly number[]): Invariant {
  return {
    name: 'oneTranslationOfEachAddress',
    check: () => {
      for (const { name, tlb } of cpus) {
        for (const address of addresses) {
          const [one, other] = tlb.translationsOf(address);
          if (one && other && (one.writable !== other.writable || one.user !== other.user || one.frame + (address % one.pageSize) !== other.frame + (address % other.pageSize))) return `${name} has two translations of 0x${address.toString(16)} that differ: ${one.toString()}; ${other.toString()}`;
        }
      }
      return null;
    },
  };
}
