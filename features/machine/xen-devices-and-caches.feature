Feature: Neither devices nor caches show a guest a table that Xen has not seen
  A domain with a device reaches memory by a second way, and may choose how its
  pages are cached. The device can write what the domain could map writable, and
  no table; what was written past the caches is looked at only after a flush.

  Rule: What a device can write follows the types of the frames

    Scenario: A frame that becomes a table leaves the device's reach
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then make data read-only
      When A tries to: pin data as L1
      Then Xen answers "0"
      And no device can write "data"
      And every rule holds

    Scenario: A device reaches a frame again once it is mapped writable
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then make data read-only, then pin data as L1, then unpin data
      When A tries to: make data writable
      Then Xen answers "0"
      And a device of "A" can write "data"
      And every rule holds

    Scenario: Where the device's reach cannot be changed, the type is not, and no reference is left
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then make data read-only, then use up the memory of the IOMMU
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen says "IOMMU"
      And nothing has changed
      And every rule holds

    Scenario: A reference that is left behind keeps the frame a table for ever
      Given two domains A and B on a "PAE on 64-bit" Xen that does not keep "iommu-failure-drops-type"
      And A has done: get a device, then make data read-only, then use up the memory of the IOMMU
      When A tries to: pin data as L1
      Then Xen answers "-EINVAL"
      And Xen has broken "xenCountsBalanced": "a type count (l1) of 1, but 0 references"

    Scenario: A frame that is given back leaves the device's reach
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then map other read-only at data
      When A tries to: give data back
      Then Xen answers "0"
      And no device can write "data"
      And every rule holds

  Rule: A scan sees what memory holds

    Scenario: Only a domain with a device maps its memory write-combining
      Given two domains A and B on a "PAE on 64-bit" Xen
      When A tries to: map data write-combining at data
      Then Xen answers "-EINVAL"
      And Xen says "Bad L1 flags"
      And nothing has changed

    Scenario: What was written past the caches is found when the frame becomes a table
      Given two domains A and B on a "PAE on 64-bit" Xen
      And A has done: get a device, then map data write-combining at data, then put B's writable into slot 9 of data, then make data read-only
      When A tries to: pin data as L1
      Then Xen answers "-EBUSY"
      And Xen says "Error while validating"
      And every rule holds

    Scenario: Without the flush the scan sees the caches, and the processor later memory
      Given two domains A and B on a "PAE on 64-bit" Xen that does not keep "caches-flushed-before-scan"
      And A has done: get a device, then map data write-combining at data, then put B's writable into slot 9 of data, then make data read-only
      And A has done: pin data as L1
      When A tries to: lose the cache lines of data
      Then Xen has broken "xenCountsBalanced": "a type count (writable) of 1, but 2 references"
