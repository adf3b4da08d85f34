import type { RuleName } from '../rules';

// From when on each promise is kept: the first release of each branch that
// keeps it, the commit in xen.git, and the advisory if there was one. A promise
// that is not listed is as old as 3.2. If a hole was introduced after 3.2,
// `from` says in which release.

export interface Closed {
  /** First release of each branch without the hole; the last applies to all that follow. Empty if it is open to this day. */
  readonly in: readonly string[];
  readonly commit: string;
  /** `XSA-182` */
  readonly advisory?: string;
  /** The first releases that have the hole, by branch as in `in`; older ones lack the code that it is in. */
  readonly from?: readonly string[];
}

const XSA_299 = { in: ['4.11.3', '4.12.2', '4.13.0'], advisory: 'XSA-299' } as const;
const XSA_310 = { in: ['4.11.4', '4.12.2', '4.13.0'], advisory: 'XSA-310' } as const;

export const CLOSED: Partial<Readonly<Record<RuleName, Closed>>> = {
  'large-pages-forbidden': { in: ['4.4.4', '4.5.2', '4.6.1', '4.7.0'], commit: 'fe360c90ea', advisory: 'XSA-148', from: ['3.4.0'] },
  'update-rechecks-write': { in: ['4.5.4', '4.6.4', '4.7.1', '4.8.0'], commit: 'e1bff4c2ea', advisory: 'XSA-182' },
  'root-not-linear': { in: ['4.5.4', '4.6.4', '4.7.1', '4.8.0'], commit: 'c844d637d9', advisory: 'XSA-185' },
  'multicall-ends-with-iret': { in: ['4.6.6', '4.7.3', '4.8.2', '4.9.0'], commit: '22c096c99d', advisory: 'XSA-213' },
  'hvm-keeps-its-frames': { in: ['4.6.6', '4.7.3', '4.8.2', '4.9.0'], commit: '725fe006a5', advisory: 'XSA-217' },
  'transfer-clears-type': { in: ['4.6.6', '4.7.3', '4.8.2', '4.9.0'], commit: 'eaf537342c', advisory: 'XSA-214' },
  'grant-entry-aligned': { in: ['4.7.4', '4.8.2', '4.9.1', '4.10.0'], commit: 'ce442926c2', advisory: 'XSA-227' },
  'grant-unmap-matches': { in: ['4.7.4', '4.8.3', '4.9.1', '4.10.0'], commit: '16b1414de9', advisory: 'XSA-234' },
  'linear-chains-refused': { in: ['4.7.4', '4.8.3', '4.9.1', '4.10.0'], commit: '6987fc7558', advisory: 'XSA-240' },
  'unlock-never-last': { in: ['4.7.4', '4.8.3', '4.9.1', '4.10.0'], commit: '6410733a8a', advisory: 'XSA-242', from: ['3.4.0'] },
  'unpinned-by-hand': { in: ['4.7.5', '4.8.4', '4.9.2', '4.10.1', '4.11.0'], commit: 'd798a09529', advisory: 'XSA-252' },
  'status-frame-unmapped': { in: ['4.7.5', '4.8.4', '4.9.2', '4.10.1', '4.11.0'], commit: '38bfcc165d', advisory: 'XSA-255', from: ['4.0.0'] },
  'refused-flush-skipped': { in: ['4.8.5', '4.9.4', '4.10.3', '4.11.1', '4.12.0'], commit: '6c8d502887', advisory: 'XSA-279' },
  'iommu-failure-drops-type': { in: ['4.10.4', '4.11.2', '4.12.0'], commit: 'fad0de9862', advisory: 'XSA-291' },
  'stolen-as-freed': { in: ['4.10.4', '4.11.2', '4.12.0'], commit: '3d4868a481', advisory: 'XSA-287' },
  'status-frame-returned': { in: ['4.1.4', '4.2.1', '4.3.0'], commit: '23d9492080', advisory: 'XSA-26', from: ['4.0.0'] },
  'exchange-result-checked': { in: ['4.1.4', '4.2.1', '4.3.0'], commit: 'd28573565f', advisory: 'XSA-29' },
  'm2p-reference-returned': { in: ['4.3.4', '4.4.2', '4.5.0'], commit: '6913fa31fa', advisory: 'XSA-113' },
  'others-tables-paravirtualised': { in: ['4.3.4', '4.4.2', '4.5.0'], commit: 'e4292c5aac', advisory: 'XSA-109', from: ['4.0.0'] },
  'exchange-offset-checked': { in: ['4.6.6', '4.7.3', '4.8.1', '4.9.0'], commit: '938fd2586e', advisory: 'XSA-212' },
  'device-grant-unmapped-once': { in: ['4.6.6', '4.7.3', '4.8.2', '4.9.0'], commit: '8fdfcb2b6b', advisory: 'XSA-224', from: ['3.3.0'] },
  'iommu-tlb-flushed': { in: ['4.8.5', '4.9.4', '4.10.3', '4.11.1', '4.12.0'], commit: '1a7ffe466c', advisory: 'XSA-275', from: ['3.3.0'] },
  'iommu-only-writable': { in: ['4.10.4', '4.11.2', '4.12.0'], commit: 'fe21b78ef9', advisory: 'XSA-288', from: ['3.3.0'] },
  'transfer-copy-counted': { in: ['4.10.4', '4.11.2', '4.12.0'], commit: '6d4f36c3fe', advisory: 'XSA-284' },
  'upper-scans-look': { in: ['4.10.4', '4.11.2', '4.12.0'], commit: '176ebf9c8b', advisory: 'XSA-290', from: ['4.1.6', '4.2.3', '4.3.0'] },
  'base-switch-flushes': { in: ['4.10.4', '4.11.2', '4.12.0'], commit: '6e5f22ba43', advisory: 'XSA-292', from: ['4.8.4', '4.9.3', '4.10.2', '4.11.0'] },
  'local-limit-checked': { in: ['4.11.3', '4.12.2', '4.13.0'], commit: '93021cbe88', advisory: 'XSA-298' },
  'linear-count-kept': { in: ['4.11.4', '4.12.2', '4.13.0'], commit: '0ee71510e8', advisory: 'XSA-309', from: ['4.7.4', '4.8.3', '4.9.1', '4.10.0'] },
  'grant-refusal-negative': { in: ['4.11.4', '4.12.3', '4.13.1', '4.14.0'], commit: 'da0c66c8f4', advisory: 'XSA-316', from: ['4.10.4', '4.11.2', '4.12.1', '4.13.0'] },
  'partial-holds-reference': { ...XSA_299, commit: '18b0ab6978' },
  'partial-entry-keeps-reference': { ...XSA_299, commit: '18b0ab6978' },
  'partial-flag-cleared': { ...XSA_299, commit: 'ff0b9a5d69' },
  'partial-cleanup-told': { ...XSA_299, commit: 'c40b33d726' },
  'refused-entry-kept': { ...XSA_299, commit: '2f126247ef' },
  'failed-table-below-kept': { ...XSA_299, commit: '3c15a2d8cc' },
  'half-done-not-pinned': { ...XSA_299, commit: 'bf656e02d8' },
  'destroyed-base-left-over': { ...XSA_310, commit: 'ececa12b2c', from: ['4.11.3', '4.12.2', '4.13.0'] },
  'contended-entry-kept': { ...XSA_310, commit: '4e70f4476c' },
  'dead-tables-counted': { ...XSA_310, commit: '66bdc16aee' },
  'first-entry-passed-on': { in: [], commit: '3c15a2d8cc', from: ['4.11.3', '4.12.2', '4.13.0'] },
  'retaken-entry-counted-once': { in: [], commit: '18b0ab6978', from: ['4.11.3', '4.12.2', '4.13.0'] },
  'contended-edge-kept': { in: [], commit: '4e70f4476c', from: ['4.1.6', '4.2.3', '4.3.0'] },
  'linear-map-flushed': { in: ['4.12.4', '4.13.2', '4.14.1', '4.15.0'], commit: '16a20963b3', advisory: 'XSA-286' },
  'flush-after-reference': { in: ['4.13.5', '4.14.6', '4.15.3', '4.16.2', '4.17.0'], commit: '8cc5036bc3', advisory: 'XSA-401' },
  'caches-flushed-before-scan': { in: ['4.13.5', '4.14.6', '4.15.3', '4.16.2', '4.17.0'], commit: 'c1c9cae3a9', advisory: 'XSA-402' },
  'copy-checks-owner': { in: ['4.7.4', '4.8.3', '4.9.1', '4.10.0'], commit: 'e008f7619d', advisory: 'XSA-236' },
  'transitive-released-each-time': { in: ['4.7.4', '4.8.2', '4.9.1', '4.10.0'], commit: 'ad48fb963d', advisory: 'XSA-226', from: ['4.0.0'] },
  'device-grants-counted-once': { in: ['4.13.5', '4.14.4', '4.15.2', '4.16.1', '4.17.0'], commit: '975a8fb45c', advisory: 'XSA-394', from: ['4.13.4', '4.14.3', '4.15.1', '4.16.0'] },
  'copy-to-frame-in-use': { in: ['4.17.7', '4.18.6', '4.19.6', '4.20.4', '4.21.2', '4.22.0'], commit: '61b0a59ce2', advisory: 'XSA-500', from: ['4.2.0'] },
  'iommu-follows-grants': { in: [], commit: '806da17f3d', from: ['3.3.0'] },
  'refusal-looks-nowhere': { in: ['3.3.0'], commit: '2a34bc2edd' },
  'third-slot-not-looked-at-again': { in: ['4.14.0'], commit: 'a4cde0266d' },
  'grantees-flushed-at-transfer': { in: [], commit: 'e88fac734c' },
  'third-slot-given-back': { in: [], commit: 'a4cde0266d', from: ['4.14.0'] },
};
