Feature: A function is found in a C file, and its operations are listed, without a compiler
  The place of a path is compared with the C by a reader of the kernel's own layout. Here it reads small texts of our own.

  Rule: A definition is found by its name

    Scenario: The lines of a definition are found
      Then definitions gives
        | of                                                                     | gives |
        | ["static inline void\\nflush(struct mm *mm)\\n{\\n\\tif (mm)\\n\\t\\tcall(mm);\\n}\\n","flush"] | 1-6 |
        | ["static inline void\\nflush(struct mm *mm)\\n{\\n\\tif (mm)\\n\\t\\tcall(mm);\\n}\\n","call"] | "" |
        | ["void f(void);\\nvoid f(void)\\n{\\n}\\n","f"]                        | 2-4 |
        | ["#define f(x) \\\\\\n\\tg(x); \\\\\\n\\th(x)\\nint f;\\n","f"]        | 1-3 |
        | ["#define f 1\\n","f"]                                                 | 1-1 |
        | ["ENTRY(f)\\n\\tcall g\\n\\tret\\nEND(f)\\n","f"]                      | 1-4 |
        | ["ENTRY(f)\\n\\tret\\n\\nENTRY(g)\\n\\tret\\n","f"]                    | 1-2 |
        | ["ENTRY(f)\\n\\tret\\nENDPROC(f)\\nx\\n","f"]                          | 1-3 |
        | ["KPROBE_ENTRY(f)\\n\\tret\\nKPROBE_END(f)\\n","f"]                    | 1-3 |
        | ["f:\\n\\tret\\ng:\\n\\tret\\n","f"]                                   | 1-2 |
        | ["BUILD_INTERRUPT(f, 3)\\n","f"]                                       | 1-1 |
        | ["SYSCALL_DEFINE2(f, int, a, int, b)\\n{\\n\\treturn g();\\n}\\n","f"] | 1-4 |
        | ["DEFINE_IDTENTRY(f)\\n{\\n}\\n","f"]                                  | 1-3 |
        | ["int f(int a,\\n      int b)\\n{\\n\\treturn a;\\n}\\nint g(void)\\n{\\n}\\n","f"] | 1-5 |
        | ["int f(int a) { return a; }\\nint g;\\n","f"]                         | 1-1 |
        | ["int x = f(3);\\n","f"]                                               | "" |
        | ["\\tf(3);\\n","f"]                                                    | "" |
        | ["#ifdef X\\nint f(void)\\n{\\n}\\n#else\\nint f(void)\\n{\\n\\tg();\\n}\\n#endif\\n","f"] | 2-4, 6-9 |
        | ["/* int f(void)\\n{\\n} */\\nint f(void)\\n{\\n}\\n","f"]             | 4-6 |
        | ["char *s = \\"f(\\";\\nint f(void)\\n{\\n}\\n","f"]                   | 2-4 |
        | ["int ff(void)\\n{\\n}\\n","f"]                                        | "" |
        | ["} f(void)\\n{\\n}\\n","f"]                                           | "" |
        | ["pte_t\\nf(void)\\n{\\n}\\n","f"]                                     | 1-4 |
        | ["foo\\nf(void)\\n{\\n}\\n","f"]                                       | 2-4 |
        | ["int f(void)\\n{\\n","f"]                                             | "" |
        | ["int f(int (*g)(int), int h) {\\n}\\n","f"]                           | 1-2 |
        | ["// f(void) {\\nint f(void) {\\n}\\n","f"]                            | 2-3 |
        | ["int f(void), g(void) {\\n}\\n","f"]                                  | "" |

  Rule: The operations of a definition are listed by name

    Scenario: The operations of a function or a macro are listed
      Then operations gives
        | of                                                                     | gives |
        | ["static inline void\\nflush(struct mm *mm)\\n{\\n\\tif (mm)\\n\\t\\tcall(mm);\\n}\\n"] | call call |
        | ["int f(void)\\n{\\n\\tspin_lock(&l);\\n\\tx->count++;\\n\\tb->val = c.val;\\n\\tg();\\n\\tspin_unlock(&l);\\n}\\n"] | lock spin_lock, store count, store val, load val, call g, lock spin_unlock |
        | ["#define f(x) do { g(x); (x)->n = 1; } while (0)"]                    | call g, store n |
        | ["int f(int g)\\n{\\n\\treturn g(1) + h(2);\\n}\\n"]                   | call h |
        | ["int f(void)\\n{\\n\\tasm volatile(\\"cli; mov %0, cr3\\" : : \\"r\\" (x));\\n\\tprintk(\\"call(me)\\");\\n}\\n"] | instruction cli, instruction cr3 |
        | ["int f(void)\\n{\\n\\tint n = 0;\\n\\tn = 3;\\n\\ttotal = 4;\\n\\ttotal += n;\\n}\\n"] | store total, store total |
        | ["int f(void)\\n{\\n\\ta->b == c;\\n\\ta->b += 1;\\n\\ta.list[3] = 2;\\n\\ta->op(1);\\n\\ta->n--;\\n}\\n"] | load b, store b, store list, call op, store n |
        | ["int f(void)\\n{\\n#ifdef CONFIG_X\\n\\tg();\\n#endif\\n}\\n"]        | call g |
        | ["int f(void)\\n{\\n\\t/* h() */ down(&s); up(&s); task_lock(t); lock_page(p); mutex_unlock(&m); read_lock(&r); write_trylock(&w); lock_kernel(); _spin_lock(&l); raw_spin_unlock(&l);\\n}\\n"] | lock down, lock up, lock task_lock, lock lock_page, lock mutex_unlock, lock read_lock, lock write_trylock, lock lock_kernel, lock _spin_lock, lock raw_spin_unlock |
        | ["int f(struct mm *mm, const char **names)\\n{\\n\\tmm(1); names(2); unlikely(3); if (4) smp_mb();\\n}\\n"] | call smp_mb |
        | ["int f(void)\\n{\\n\\tasm(\\"pushfl; popfq; xchgl; iretq; nop\\");\\n}\\n"] | instruction pushf, instruction popf, instruction xchg |
        | ["int f(void) { a->x <<= 1; a->y = a->z; }"]                           | store x, store y, load z |
        | ["int f(void)\\n{\\n\\tpte_t *p, old;\\n\\tint n = 0, m = 1;\\n\\told = *p;\\n\\tm = 2;\\n\\tglobal = m;\\n\\told(3);\\n}\\n"] | store global |

    Scenario: The operations of a stretch of assembly are listed
      Then assembly gives
        | of                                                                  | gives |
        | ["\\tcall f\\n\\tjmp g\\n\\tjne 1f\\n"]                             | call f, call g |
        | ["label: call *f\\n\\tcli\\n\\tmovl %cr3, %eax # sti\\n\\tiret\\n"] | call f, instruction cli, instruction cr3, instruction iret |
        | ["/* call f\\n sti */\\tpushfl\\n\\tjz out\\n"]                     | instruction pushf, call out |
        | ["\\tcallq f\\n\\txchgl %eax, (%ebx)\\n"]                           | instruction xchg |
        | ["#include <x>\\nENTRY(f)\\n\\tDISABLE_INTERRUPTS\\n"]              | instruction cli |

  Rule: A docstring gives the place of its path in the C source

    Scenario: A docstring is read
      Then provenance gives
        | of                                                                     | gives |
        | ["/** arch/i386/mm/highmem.c:55-77 (2.6.22 to 2.6.24), kunmap_atomic(): more. */"] | {"sources":["arch/i386/mm/highmem.c:55-77 (2.6.22 to 2.6.24), kunmap_atomic"],"ours":null,"owed":null,"leavesOut":[],"adds":[],"modelNames":[]} |
        | ["/** a/b.h:1-2 (2.6.10), f; c.S:3-4 (0123456789ab), g() in part. */"] | {"sources":["a/b.h:1-2 (2.6.10), f","c.S:3-4 (0123456789ab), g in part"],"ours":null,"owed":null,"leavesOut":[],"adds":[],"modelNames":[]} |
        | ["/** a.c (mail of 2007-03-31), f() */"]                               | {"sources":["a.c (mail of 2007-03-31), f"],"ours":null,"owed":null,"leavesOut":[],"adds":[],"modelNames":[]} |
        | ["/** xen/arch/x86/mm.c:2935-3216 (Xen 4.0.0), do_mmu_update() */"]    | {"sources":["xen/arch/x86/mm.c:2935-3216 (Xen 4.0.0), do_mmu_update"],"ours":null,"owed":null,"leavesOut":[],"adds":[],"modelNames":[]} |
        | ["/** Ours: the lines of a wrong fix. And more. */"]                   | {"sources":[],"ours":"the lines of a wrong fix","owed":null,"leavesOut":[],"adds":[],"modelNames":[]} |
        | ["/**\\n * a.c:1-2 (4.14), f(). Model: leaves out g, h(): no vma grows, e.g. here. Model: adds x(): stands for it.\\n */"] | {"sources":["a.c:1-2 (4.14), f"],"ours":null,"owed":null,"leavesOut":[{"kind":"leaves out","names":["g","h"],"reason":"no vma grows, e.g"}],"adds":[{"kind":"adds","names":["x"],"reason":"stands for it"}],"modelNames":["leaves","out","g","h","no","vma","grows","e","g","adds","x","stands","for","it"]} |
        | ["owed: where it stands"]                                              | {"sources":[],"ours":null,"owed":"owed: where it stands","leavesOut":[],"adds":[],"modelNames":[]} |
        | ["/** Model: a flush of one page. */"]                                 | {"sources":[],"ours":null,"owed":null,"leavesOut":[],"adds":[],"modelNames":["a","flush","of","one","page"]} |
        | ["/** nothing */"]                                                     | {"sources":[],"ours":null,"owed":null,"leavesOut":[],"adds":[],"modelNames":[]} |
        | ["/** Ours: */"]                                                       | {"sources":[],"ours":null,"owed":null,"leavesOut":[],"adds":[],"modelNames":[]} |

    Scenario: A docstring says what it lacks
      Then owes gives
        | of                                                  | gives |
        | ["/** a.c:1-2 (2.6.10), f() */"]                    | null |
        | ["/** a.c (2.6.10), f() */"]                        | names a.c without the first and the last line of f |
        | ["/** a.c (4.14), f() */"]                          | names a.c without the first and the last line of f |
        | ["/** a.c (mail of 2007-03-31), f() */"]            | null |
        | ["/** a.c:1-2 (2.6.10), f(); b.c (2.6.11), g() */"] | names b.c without the first and the last line of g |
        | ["/** Ours: because. */"]                           | null |
        | ["/** Ours: */"]                                    | says neither where it stands in the C, as in "arch/i386/mm/highmem.c:55-77 (2.6.22), kunmap_atomic()", nor "Ours:" and why it stands nowhere |
        | ["/** Ours: . */"]                                  | says "Ours:" and not why |
        | ["owed: all of it"]                                 | owed: all of it |
        | ["/** nothing */"]                                  | says neither where it stands in the C, as in "arch/i386/mm/highmem.c:55-77 (2.6.22), kunmap_atomic()", nor "Ours:" and why it stands nowhere |
        | ["/** a.c (Xen 4.0.0), f() */"]                     | names a.c without the first and the last line of f |
        | ["/** a.c (0123456789ab), f() */"]                  | names a.c without the first and the last line of f |
