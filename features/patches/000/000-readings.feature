@seed:000 @patch:vmi-lazy @i386
Feature: What goes wrong in lazy mode depends on what the interface leaves open
  Nobody outside knows when a queued update shows in memory, whether a page fault
  drains the queue, and whether an invalidation does. Each claim that depends on
  it is shown under both answers; this is all of them side by side.

  Rule: The fixes hold under every reading, and the patch as posted under none that shows the bug

    @claim:000.7 @claim:000.13
    Scenario: Two pages in a row, mapped by the handler that interrupts a lazy loop
      The columns on the left: when the guest sees its own queued updates, what page
      faults do, what invalidations do.

      When a RAID request of two segments completes under every reading of the interface
      Then what goes wrong is, for 2.6.21-rc5, posted, corrected and 2.6.22
        | when drained | reach the guest | join the queue  | page fault    | page fault    | nothing       | nothing       |
        | when drained | reach the guest | drain the queue | page fault    | page fault    | nothing       | nothing       |
        | when drained | drain the queue | join the queue  | BUG           | BUG           | nothing       | nothing       |
        | when drained | drain the queue | drain the queue | nothing       | nothing       | nothing       | nothing       |
        | when drained | fill the shadow | join the queue  | page fault    | page fault    | nothing       | nothing       |
        | when drained | fill the shadow | drain the queue | page fault    | page fault    | nothing       | nothing       |
        | at once      | reach the guest | join the queue  | endless fault | endless fault | nothing       | nothing       |
        | at once      | reach the guest | drain the queue | endless fault | endless fault | nothing       | nothing       |
        | at once      | drain the queue | join the queue  | corruption    | corruption    | nothing       | nothing       |
        | at once      | drain the queue | drain the queue | nothing       | nothing       | nothing       | nothing       |
        | at once      | fill the shadow | join the queue  | corruption    | corruption    | nothing       | nothing       |
        | at once      | fill the shadow | drain the queue | nothing       | nothing       | nothing       | nothing       |
