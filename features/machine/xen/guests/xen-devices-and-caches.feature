Feature: A guest cannot bypass the checks of its page tables through devices or caches
  A domain with a device can also reach memory through the device, and may choose how
  its pages are cached. The device can write what the domain could map writable, but
  no table. Before Xen checks a frame that was written past the caches, it flushes.

  Rule: The types of the frames decide what a device can write

    Scenario: A device can no longer write a frame that becomes a table
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then make data read-only
      When A tries to: pin data as L1
      Then Xen answers "0"
      And no device can write "data"
      And every rule holds

    Scenario: A device can write a frame again once it is mapped writable
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then make data read-only, then pin data as L1, then unpin data
      When A tries to: make data writable
      Then Xen answers "0"
      And a device of "A" can write "data"
      And every rule holds

    Scenario: If the device's mapping cannot be changed, neither is the type, and no reference is left behind
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then make data read-only, then use up the memory of the IOMMU
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen says "IOMMU"
      And nothing has changed
      And every rule holds

    Scenario: A reference that is left behind keeps the frame a table forever
      Given two domains A and B on a "PAE on 64-bit" Xen that does not keep "iommu-failure-drops-type"
      And A has done: get a device, then make data read-only, then use up the memory of the IOMMU
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen has broken "xenCountsBalanced": "a type count (l1) of 1, but 0 references"

    Scenario: A device can no longer write a frame that the domain has given back
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then map other read-only at data
      When A tries to: give data back
      Then Xen answers "0"
      And no device can write "data"
      And every rule holds

  Rule: A scan of a new table sees what memory holds

    Scenario: Only a domain with a device can map its memory write-combining
      Given two domains A and B on a "PAE on 64-bit" Xen
      When A tries to: map data write-combining at data
      Then Xen answers "-EINVAL"
      And Xen says "Bad L1 flags"
      And nothing has changed

    Scenario: Data written past the caches is found when the frame becomes a table
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then map data write-combining at data, then put B's writable into slot 9 of data, then make data read-only
      When A tries to: pin data as L1
      Then Xen answers "-EBUSY"
      And Xen says "Error while validating"
      And every rule holds

    Scenario: Without the flush, the scan sees the caches, but the processor later sees memory
      Given two domains A and B on a "PAE on 64-bit" Xen that does not keep "caches-flushed-before-scan"
      And A has done: get a device, then map data write-combining at data, then put B's writable into slot 9 of data, then make data read-only
      And A has done: pin data as L1
      When A tries to: lose the cache lines of data
      Then Xen has broken "xenCountsBalanced": "a type count (writable) of 1, but 2 references"
