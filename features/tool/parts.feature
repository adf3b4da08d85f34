Feature: The small parts of the command line do what they are meant to do
  A diff is recognised line by line, a path of the model is read for what it calls, a chapter is begun with a few sentences.

  Rule: A changed line counts for the hunk whose surrounding lines it has

    Scenario: A line that several places of the catalogue have counts for one of them
      The catalogue has lock() in two functions. A diff with nothing but changed lines is taken for the first; one with other lines around it has to show which.

      Then recognised gives
        | of | gives |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], "fill(struct ring *r): +lock();"] | diff ring (form 1); present ring/one; missing ring/two |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], "drain(struct ring *r): +lock(); , +note(ring);"] | diff ring (form 1); present ring/two; missing ring/one |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], "drain(struct ring *r): +lock();"] | diff ring (form 1); present no whole hunk; in part ring/two: 1 of 2 lines, missing in drain(); explored without it; missing ring/one |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], ": +lock();"] | diff ring (form 1); present ring/one; missing ring/two |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], "other(struct ring *r): +lock();"] | unknown 1 changed line is not in the catalogue and not modelled: kernel/ring.c (line 4 of the diff) |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], "other(struct ring *r): c = 3; , +lock();"] | unknown 1 changed line is not in the catalogue and not modelled: kernel/ring.c (line 5 of the diff) |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], ": c = 3; , +lock();"] | unknown 1 changed line is not in the catalogue and not modelled: kernel/ring.c (line 5 of the diff) |
        | [["one in fill(): +lock(); / two in drain(): +lock(); , +note(ring);"], "fill(void): c = 3; , +lock(); / drain(void): c = 4; , +lock(); , +note(ring);"] | diff ring (form 1); present ring/one, ring/two |
        | [["one in fill(): +lock(); ~ a = 1; / two in drain(): +lock(); ~ b = 2;"], ": b = 2; , +lock();"] | diff ring (form 1); present ring/two; missing ring/one |
        | [["one in fill(): +lock(); ~ a = 1; / two in drain(): +lock(); ~ b = 2;"], ": a = 1; , +lock(); , b = 3;"] | diff ring (form 1); present ring/one; missing ring/two |
        | [["one in fill(): +lock(); ~ a = 1; / two in drain(): +lock(); ~ b = 2;"], ": a = 1; , +lock(); , b = 2; / : a = 7; , b = 2; , +lock();"] | diff ring (form 1); present ring/one, ring/two |
        | [["one in fill(): +lock(); ~ a = 1; / two in drain(): +lock(); ~ b = 2;"], ": b = 2; , +lock(); , +unlock();"] | diff ring (form 1); present ring/two; missing ring/one; unknown 1 changed line is not in the catalogue and not modelled: kernel/ring.c (line 6 of the diff) |
        | [["one in fill(): +lock(); ~ a = 1; / two in drain(): +lock(); ~ b = 2;"], ": +lock(); , c = 1; , c = 2; , a = 1; , b = 2;"] | diff ring (form 1); present ring/one; missing ring/two |
        | [["one in fill(): +lock(); ~ a = 1; / two in drain(): +lock(); ~ b = 2;"], ": a = 1; , b = 2; , +lock(); , c = 2;"] | diff ring (form 1); present ring/two; missing ring/one |

    Scenario: A diff counts as the posted form of a patch of which it has more
      Then recognised gives
        | of | gives |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);", "one in fill(): +lock(); / three in drain(): +warn(ring); , +stop(); / nothing in ring.h: +int stop;"], "fill(): -old(); , +lock();"] | diff ring (form 1); present ring/one; missing ring/two |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);", "one in fill(): +lock(); / three in drain(): +warn(ring); , +stop(); / nothing in ring.h: +int stop;"], "fill(): +lock(); / drain(): +warn(ring); , +stop();"] | diff ring (form 2); present ring/one, ring/three; lacks too ring.h (no effect in the model) |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);", "one in fill(): +lock(); / three in drain(): +warn(ring); , +stop(); / nothing in ring.h: +int stop;"], "fill(): +lock(); / drain(): +warn(ring); , +note(ring);"] | diff ring (form 1); present ring/one, ring/two |
        | [["one in fill(): +lock(); / three in drain(): +warn(ring); , +stop(); / nothing in ring.h: +int stop;", "one in fill(): +lock(); , -old(); / two in drain(): +note(ring);"], "fill(): +lock();"] | diff ring (form 1); present ring/one; missing ring/three; lacks too ring.h (no effect in the model) |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);", "one in fill(): +lock(); / three in drain(): +warn(ring); , +stop(); / nothing in ring.h: +int stop;"], "fill(): +lock(); / drain(): +stop(); / ring.h: +int stop;"] | diff ring (form 2); present ring/one; in part ring/three: 1 of 2 lines, missing in drain(); explored without it |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);", "one in fill(): +lock(); / three in drain(): +warn(ring); , +stop(); / nothing in ring.h: +int stop;"], "fill(): +lock(); , -old(); / drain(): +note(ring); , +stop();"] | diff ring (form 1); present ring/one, ring/two |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);", "two in drain(): +note(ring); / without one in fill(): -lock();"], "fill(): -lock(); / drain(): +note(ring);"] | diff ring (form 2); present ring/two; takes out ring/one |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);", "two in drain(): +note(ring); / without one in fill(): -lock();"], "drain(): +note(ring);"] | diff ring (form 1); present ring/two; missing ring/one |
        | [["one in fill(): +lock(); , -old(); / two in drain(): +note(ring);"], "fill(): +other();"] | unknown 1 changed line is not in the catalogue and not modelled: kernel/ring.c (line 4 of the diff) |

  Rule: A path is read for what it calls, and parts of the same C function are looked into

    Scenario: The calls of the project's own helpers and of other parts of the same function are listed, those of another function are not
      Then pathOperations gives
        | of | gives |
        | ["helper (ours): yield* spin_lock(k);", "whole (a.c whole): yield* helper(k); yield* cli();"] | spin_lock (spin_lock k); cli (cli local_irq_disable raw_local_irq_disable) |
        | ["part (a.c whole): yield* spin_lock(k);", "whole (a.c whole): yield* part(k);"] | spin_lock (spin_lock k) |
        | ["part (a.c other): yield* spin_lock(k);", "whole (a.c whole): yield* part(k);"] | part (part k other) |
        | ["part (b.c whole): yield* spin_lock(k);", "whole (a.c whole): yield* part(k);"] | part (part k whole) |
        | ["part (a.c first, a.c second): yield* spin_lock(k);", "whole (a.c whole): yield* part(k); yield* part(k);"] | part (part k first second); part (part k first second) |
        | ["part (a.c first, a.c whole): yield* spin_lock(k);", "whole (a.c whole, b.c second): yield* part(k);"] | spin_lock (spin_lock k) |
        | ["y/helper (ours): yield* spin_lock(k);", "import { helper as help, type Kernel } from './y';", "whole (a.c whole): yield* help(k); yield* unknown(helper);"] | spin_lock (spin_lock k); unknown (unknown helper) |
        | ["const look = instruction('read cpu_vm_mask', () => 0);", "whole (a.c whole): if (k.after('x/y')) yield* look(k); if ((yield* look(mm)) === 0) yield* movToCr3(1); // load_cr3 of next"] | hunk: look (look load_cr3 of next k instruction read cpu_vm_mask); look (look load_cr3 of next mm instruction read cpu_vm_mask); movToCr3 (movToCr3 cr3 write_cr3 load_cr3 of next) |
        | ["again (ours): yield* again(k); yield* cli();", "whole (a.c whole): yield* repeatWhile(again(k)); yield* ops.write(yield* read(k)); yield* table[3]!(k);"] | again (again k); cli (cli local_irq_disable raw_local_irq_disable); read (read k); write (write yield read k) |

    Scenario: A statement is removed together with its line if nothing else is on the line
      Then withoutMarked gives
        | of | gives |
        | ["a();\\n  \|b();\|\\nc();"] | a();\nc(); |
        | ["a(); \|b();\|\\nc();"] | a(); \nc(); |
        | ["a();\\n  \|b();\| // why\\nc();"] | a();\nc(); |
        | ["a();\\n  \|b();\| c();\\n"] | "a();\\n   c();\\n" |
        | ["x\\n\\n \|a();\|\\n\\nb();"] | x\n\n\nb(); |

  Rule: A new chapter begins with the words of its scene

    Scenario: The scenarios of a new chapter use the words of its scene
      Then wordsOfScene gives
        | of | gives |
        | ["smp"] | {"given":"the situation \"late-wakeup/first\"","when":"it runs in every interleaving","some":"some interleaving lets \"owed: who\" reach \"owed: which page\" after it was freed","none":"no task reaches a page that was freed"} |
        | ["scheduler"] | {"given":"a kernel for late-wakeup","when":"late-wakeup runs in every interleaving","some":"some interleaving breaks what late-wakeup is about","none":"no interleaving breaks what late-wakeup is about"} |
        | ["xen"] | {"given":"a kernel for late-wakeup","when":"late-wakeup runs in every interleaving","some":"some interleaving breaks what late-wakeup is about","none":"no interleaving breaks what late-wakeup is about"} |
        | ["boot"] | {"given":"a kernel for late-wakeup","when":"late-wakeup runs in every interleaving","some":"some interleaving breaks what late-wakeup is about","none":"no interleaving breaks what late-wakeup is about"} |

  Rule: Traces use the words of the C

    Scenario: Loads and stores of a variable are written as in the C
      Then label gives
        | of | gives |
        | ["READ_ONCE"] | READ_ONCE(x) |
        | ["WRITE_ONCE",0] | WRITE_ONCE(x, 0) |
        | ["WRITE_ONCE",null] | WRITE_ONCE(x, NULL) |
        | ["write",7] | x = 7 |
        | ["this_cpu_write",true] | this_cpu_write(x, true) |
        | ["this_cpu_write",null] | this_cpu_write(x, NULL) |
        | ["smp_store_release",null] | smp_store_release(&x, NULL) |

    Scenario: The result of a hypercall is written by its name
      Then errorName gives
        | of | gives |
        | [0] | 0 |
        | [-1] | -EPERM |
        | [-2] | -2 |
        | [-3] | -ESRCH |
        | [-12] | -ENOMEM |
        | [-13] | -EACCES |
        | [-14] | -EFAULT |
        | [-16] | -EBUSY |
        | [-22] | -EINVAL |
        | [-38] | -ENOSYS |
        | [-85] | -ERESTART |
        | [-95] | -EOPNOTSUPP |

    Scenario: The result of an operation on grants is written by its name
      Then grantStatusName gives
        | of | gives |
        | [0] | 0 |
        | [-1] | GNTST_general_error |
        | [-2] | GNTST_bad_domain |
        | [-3] | GNTST_bad_gntref |
        | [-4] | GNTST_bad_handle |
        | [-5] | GNTST_bad_virt_addr |
        | [-6] | -6 |
        | [-8] | GNTST_permission_denied |
        | [-9] | GNTST_bad_page |
        | [-10] | GNTST_bad_copy_arg |
        | [-11] | GNTST_address_too_big |

    Scenario: Each advisory has a last release with its hole and a first without, on the newest branch that had both
      Then lastAndFirst gives
        | of | gives |
        | ["XSA-26"] | 4.2.0, 4.2.1 |
        | ["XSA-29"] | 4.2.0, 4.2.1 |
        | ["XSA-45"] | 4.2.2, 4.2.3 |
        | ["XSA-109"] | 4.4.1, 4.4.2 |
        | ["XSA-113"] | 4.4.1, 4.4.2 |
        | ["XSA-148"] | 4.6.0, 4.6.1 |
        | ["XSA-182"] | 4.7.0, 4.7.1 |
        | ["XSA-185"] | 4.7.0, 4.7.1 |
        | ["XSA-212"] | 4.8.0, 4.8.1 |
        | ["XSA-213"] | 4.8.1, 4.8.2 |
        | ["XSA-214"] | 4.8.1, 4.8.2 |
        | ["XSA-217"] | 4.8.1, 4.8.2 |
        | ["XSA-224"] | 4.8.1, 4.8.2 |
        | ["XSA-226"] | 4.9.0, 4.9.1 |
        | ["XSA-227"] | 4.9.0, 4.9.1 |
        | ["XSA-234"] | 4.9.0, 4.9.1 |
        | ["XSA-236"] | 4.9.0, 4.9.1 |
        | ["XSA-240"] | 4.9.0, 4.9.1 |
        | ["XSA-242"] | 4.9.0, 4.9.1 |
        | ["XSA-252"] | 4.10.0, 4.10.1 |
        | ["XSA-255"] | 4.10.0, 4.10.1 |
        | ["XSA-275"] | 4.11.0, 4.11.1 |
        | ["XSA-279"] | 4.11.0, 4.11.1 |
        | ["XSA-284"] | 4.11.1, 4.11.2 |
        | ["XSA-286"] | 4.14.0, 4.14.1 |
        | ["XSA-287"] | 4.11.1, 4.11.2 |
        | ["XSA-288"] | 4.11.1, 4.11.2 |
        | ["XSA-290"] | 4.11.1, 4.11.2 |
        | ["XSA-291"] | 4.11.1, 4.11.2 |
        | ["XSA-292"] | 4.11.1, 4.11.2 |
        | ["XSA-298"] | 4.12.1, 4.12.2 |
        | ["XSA-299"] | 4.12.1, 4.12.2 |
        | ["XSA-309"] | 4.11.3, 4.11.4 |
        | ["XSA-310"] | 4.11.3, 4.11.4 |
        | ["XSA-316"] | 4.13.0, 4.13.1 |
        | ["XSA-394"] | 4.16.0, 4.16.1 |
        | ["XSA-401"] | 4.16.1, 4.16.2 |
        | ["XSA-402"] | 4.16.1, 4.16.2 |
        | ["XSA-500"] | 4.21.1, 4.21.2 |

    Scenario: A system call that ends with interrupts off is noticed
      Then atTheEnd gives
        | of | gives |
        | [false,"cli","system_call","exit","work_resched"] | editor comes to the end of its system call with interrupts off, and nothing turns them on again |
        | [true,"cli","system_call","exit","work_resched"] | nothing |
        | [false,"sti","system_call","exit","work_resched"] | nothing |
        | [false,"cli","system_call","exit","other"] | nothing |
        | [false,"cli","interrupt","exit","work_resched"] | nothing |
        | [false,"cli","system_call","work_resched","exit"] | nothing |
        | [false,"cli","work_resched"] | nothing |
