@seed:000 @patch:vmi-lazy @i386
Feature: What goes wrong in lazy mode depends on what the interface leaves open
  The published interface does not say when a queued update becomes visible in
  memory, nor whether a page fault or an invalidation drains the queue. Each claim
  that depends on this is tested under every reading. Here they are side by side.

  Rule: The fixes hold under every reading; the patch as posted fails under every reading that shows the bug

    @claim:000.7 @claim:000.13
    Scenario: A handler that interrupts a lazy loop maps two pages in a row
      The columns on the left say when the guest sees its own queued updates, what a
      page fault does, and what an invalidation does.

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
