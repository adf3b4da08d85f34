@i386
Feature: A page fault gives a task the access that it is allowed, and no more
  arch/i386/mm/fault.c and mm/memory.c of 2.6.10. The task has a writable area of two pages and a read-only
  area of one, and has used none of them. In an entry, P, W, U, A and D stand for present, writable, user, accessed and dirty.

  Rule: A fault in an area that allows the access is repaired, and counted once

    Scenario Outline: A task <access>
      When a task <access>
      Then these are the result and the entries
        | the entry    | <entry>  |
        | the task     | lives    |
        | minor faults | <faults> |

      Examples: A new page is writable where its area is, and dirty once it was written
        | access                        | entry | faults |
        | reads at a new page           | PWUA  | 1      |
        | writes at a new page          | PWUAD | 1      |
        | reads at a new page, in the kernel | PWUA | 1   |

      Examples: A write through a stale translation faults once, although the entry allows it by now
        | access                                              | entry | faults |
        | writes at a page that the TLB still has as read-only | PWUAD | 1      |
        | reads at a page that the TLB still has as read-only  | PWUA  | 0      |

  Rule: Any other fault ends in SIGSEGV, or in an oops if the kernel faulted

    Scenario: A read that the entry refuses is not served, although the page is there
      When a task reads at a present page of the kernel alone
      Then these are the result and the entries
        | the entry    | PWA     |
        | the task     | SIGSEGV |
        | minor faults | 0       |

    Scenario Outline: A task that <access> is not served
      When a task <access>
      Then these are the result and the entries
        | the entry    | empty |
        | the task     | <end> |
        | minor faults | 0     |

      Examples: An area reaches from its first byte to the byte before its end
        | access                                  | end     |
        | reads at no mapping                     | SIGSEGV |
        | writes at no mapping                    | SIGSEGV |
        | reads at the page before                | SIGSEGV |
        | reads at the page behind                | SIGSEGV |
        | reads at a kernel address               | SIGSEGV |
        | writes at a new page that is read-only  | SIGSEGV |
        | reads at no mapping, in the kernel      | Unable to handle kernel paging request at virtual address 09000000 |
        | writes at a kernel address, in the kernel | Unable to handle kernel paging request at virtual address d0000000 |
