// The catalogue of reasons: why a neighbour that holds with other outcomes is
// right, or why no situation can reach it. Each was written by hand after
// examining the runs. A new one without a reason makes a scenario fail.

export interface Reason {
  /** The neighbour's id, or a pattern for the ids of several. */
  readonly of: string | RegExp;
  readonly reason: string;
}

/** By subject: `vmi-boot`, `vmi-lazy@corrected`. */
export const REASONS: Readonly<Record<string, readonly Reason[]>> = {
  'vmi-boot': [
    {
      of: /^setup\.ts, setup_arch\(\): vmi_activate\(k\): moved down \d+, /,
      reason: 'Nothing between the two places needs the hypervisor, and every parameter that it must heed has been read. The later moment matters only to a hypervisor that knows no tables except those announced to it: there the patch itself stops, and these neighbours stop elsewhere or boot.',
    },
    {
      of: /^vmi-32\.ts, vmi_init\(\): activate_with_interrupts_off\(k\): vmi-boot\/split left out here/,
      reason: 'The hypervisor is activated twice, at detection and again after the parameters. The second activation heeds vmi=, so nothing that is required is missed. A ROM that refuses a second VMI_Init would break it; no reading of the model has one.',
    },
  ],
  'vmi-lazy': [
    {
      of: /^lazy-mode\.ts, vmi_set_lazy_mode_posted\(\): if \(new_mode === NONE\) irqs_back\(k\): (moved down|exchanged with set_mode)/,
      reason: 'Better than the patch. As posted, interrupts come back while the hypervisor is still in lazy mode, and a handler that maps a page then oopses, because its entry is still queued. Here they come back after the hypervisor has left the mode, so no run oopses at the end of a region.',
    },
    {
      of: 'vmi-lazy@restore-before-mode: in place of the patch',
      reason: 'Interrupts come back after the hypervisor has left lazy mode, so no handler finds an entry that is still queued. Linux still records the mode at that moment, which does no harm. The window at the end of a region, which the posted order leaves open, is closed.',
    },
    {
      of: "lazy-mode.ts, vmi_set_lazy_mode_posted(): callRom(k, 'SetLazyMode', [new_mode]): left out",
      reason: 'The hypervisor never enters lazy mode, so nothing ever waits and no handler can oops. The purpose of lazy mode, fewer calls, is lost.',
    },
  ],
  'vmi-lazy@corrected': [
    {
      of: "lazy-mode.ts, vmi_set_lazy_mode_posted(): callRom(k, 'SetLazyMode', [new_mode]): left out",
      reason: 'The hypervisor never enters lazy mode, so nothing ever waits and nothing can be seen too early or too late. The purpose of lazy mode, fewer calls, is lost.',
    },
  ],
};
