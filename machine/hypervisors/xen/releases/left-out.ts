// What the model leaves out of Xen's memory management for paravirtualised
// guests, and what it would take to add it. README.md of the hypervisor has the
// same list; a scenario compares them.

export interface LeftOut {
  readonly what: string;
  /** Advisories about it, such as `XSA-299`; the words after them say to what extent. */
  readonly advisories: string;
  readonly takes: string;
}

export const LEFT_OUT: readonly LeftOut[] = [
  {
    what: 'Process-context identifiers, the copies of roots that XPTI makes, whether programs see the reverse map, and new registers for a virtual CPU that is down', advisories: 'XSA-279, XSA-292 and XSA-296, each in part',
    takes: '`pcid` and `root_pgt_changed` in `translations.ts`; the first of the own slots by mode; `arch_set_info_guest()` as a call; recordings of a 64-bit guest',
  },
  {
    what: 'Memory of devices that a privileged guest maps, and how it is cached', advisories: 'XSA-154',
    takes: 'frames of DOMID_IO that a domain has a right to, as `iomem_caps` says, and one cache attribute for all mappings of such a frame',
  },
  {
    what: 'Races of calls about several frames at once: transfers to another domain, lists, a descriptor table of several frames; and with four levels', advisories: 'XSA-218, XSA-228, XSA-230',
    takes: 'more kinds in `situations/xen/pairs/domains.ts`, each with its steps in `stepwise/`; the lock of the free handles; `l4` in `stepwise/words.ts`',
  },
  {
    what: 'Interruption of a call while another is between two of its steps; and an upper table that is refused, which Xen leaves half done until the call continues, but which `stepwise/` gives up at once', advisories: 'XSA-299 and XSA-310, each in part, XSA-384 (fully virtualised guests)',
    takes: '`partial` and `nr_validated_ptes` in `stepwise/types.ts`, and a choice of -EINTR wherever Xen looks whether something waits',
  },
  {
    what: 'Races with devices and caches; loads and stores of Xen that are seen in another order', advisories: 'none',
    takes: '`followType()` and `flushCaches()` as steps; the locked instructions are fences already',
  },
  {
    what: 'The IOMMU of more than one device; hot-plug', advisories: 'none',
    takes: 'a list of devices for each domain',
  },
  {
    what: 'Shadow modes of paravirtualised guests: for migration, and against L1TF', advisories: 'XSA-273, XSA-408',
    takes: "tables of Xen's own beside the guest's, a fault handler that fills them, and a change of mode while the guest runs, as `PG_SH_forced` asks for",
  },
  {
    what: 'Large pages of paravirtualised guests, where the option `allowsuperpage` permits them', advisories: 'XSA-167',
    takes: '`spage_info` with its counts, `MMUEXT_MARK_SUPER` and `MMUEXT_UNMARK_SUPER` carried out, and entries with PSE in `tables.ts`',
  },
];
