Feature: The report prints each patch from the source that is explored
  Each kernel path asks for the hunks that change it. The report prints the path with and without a hunk and shows the
  difference. So the diff that a reviewer reads is the code that was explored, and cannot drift away from it.

  Rule: A diff shows what a hunk removes and adds, and nothing else

    Scenario: A moved call is removed and added
      Given this path of the kernel
        """
        /** arch/x86/kernel/setup.c, setup_arch() */
        export const setup_arch = path(function* setup_arch(k: Kernel): Path {
          if (k.after('boot/early')) yield* vmi_init(k); // moves the fixmap
          yield* early_ioremap_init(k);
          yield* parse_early_param(k);
          if (k.before('boot/early')) yield* vmi_init(k);
          yield* paging_init(k);
        });
        """
      When the hunk "boot/early" is printed
      Then the diff is
        """
        @@ kernel.ts, setup_arch() @@
         export const setup_arch = path(function* setup_arch(k: Kernel): Path {
        +  yield* vmi_init(k); // moves the fixmap
           yield* early_ioremap_init(k);
           yield* parse_early_param(k);
        -  yield* vmi_init(k);
           yield* paging_init(k);
         });
        """

    Scenario: The lines of a guarded block are removed, and a condition beside the guard stays
      Given this path of the kernel
        """
        const leave = path(function* leave(k: Kernel, mode: Mode): Path {
          if (k.before('lazy/saved')) {
            const flags = yield* pushf();
            yield* popf(flags);
          }
          if (k.after('lazy/saved') && mode === NONE) yield* irqs_back(k);
        });
        """
      When the hunk "lazy/saved" is printed
      Then the diff is
        """
        @@ kernel.ts, leave() @@
         const leave = path(function* leave(k: Kernel, mode: Mode): Path {
        -  const flags = yield* pushf();
        -  yield* popf(flags);
        +  if (mode === NONE) yield* irqs_back(k);
         });
        """

    Scenario: A guarded branch behind an else is added together with its else
      Given this path of the kernel
        """
        const flush = path(function* flush(k: Kernel, who: string): Path {
          if (who === 'owner') yield* here(k);
          else if (k.after('boot/else')) yield* smp_mb();
        });
        """
      When the hunk "boot/else" is printed
      Then the diff is
        """
        @@ kernel.ts, flush() @@
         const flush = path(function* flush(k: Kernel, who: string): Path {
           if (who === 'owner') yield* here(k);
        +  else yield* smp_mb();
         });
        """

    Scenario: A constant that holds the answer of a guard is resolved
      Given this path of the kernel
        """
        const enter = path(function* enter(k: Kernel): Path {
          const first = k.since('2.6.24') || k.after('boot/first');
          if (first) yield* vmi_init(k);
          yield* paging_init(k);
        });
        """
      When the hunk "boot/first" is printed
      Then the diff is
        """
        @@ kernel.ts, enter() @@
         const enter = path(function* enter(k: Kernel): Path {
        +  yield* vmi_init(k);
           yield* paging_init(k);
         });
        """

    Scenario: A diff can be printed in the notation of C
      Given this path of the kernel
        """
        export const __flush_tlb = path(function* __flush_tlb(k: Kernel, mm: Mm): Path {
          if (k.after('boot/guard')) yield* preempt_disable(k);
          const tmpreg = yield* movFromCr3();
          if (mm.page_table_lock !== null) yield* movToCr3(tmpreg);
          if (k.after('boot/guard')) yield* preempt_enable(k);
        });
        """
      When the hunk "boot/guard" is printed in C's spelling
      Then the diff is
        """
         __flush_tlb(mm)
         {
        +  preempt_disable();
           tmpreg = read_cr3();
           if (mm->page_table_lock != NULL) write_cr3(tmpreg);
        +  preempt_enable();
         }
        """

    Scenario: A guard inside an expression is resolved
      Given this path of the kernel
        """
        const stubs = (k: Kernel): boolean => !k.after('boot/stubs') || k.config.VMI;
        """
      When the hunk "boot/stubs" is printed
      Then the diff is
        """
        @@ kernel.ts, stubs() @@
        -const stubs = (k: Kernel): boolean => true;
        +const stubs = (k: Kernel): boolean => k.config.VMI;
        """

    Scenario: A hunk that has an effect only together with another is printed with the other
      Given this path of the kernel
        """
        const enter = path(function* enter(k: Kernel): Path {
          if (k.after('lazy/wrap') && k.after('lazy/always')) yield* call(k);
        });
        """
      When the hunk "lazy/always" is printed
      Then the diff is
        """
        @@ kernel.ts, enter() @@
         const enter = path(function* enter(k: Kernel): Path {
        +  yield* call(k);
         });
        """

  Rule: A path that cannot be printed is refused

    Scenario: A guard that does not name its hunk is refused
      Given this path of the kernel
        """
        const flush = path(function* flush(k: Kernel, hunk: HunkId): Path {
          if (k.after(hunk)) yield* preempt_disable(k);
        });
        """
      When the hunk "flush/any" is printed
      Then printing is refused, saying 'kernel.ts:2: the guard "k.after(hunk)" does not name its hunk'

    Scenario: Every hunk of the catalogue has lines in the kernel paths
      When every hunk of the catalogue is printed
      Then each has a diff, or the catalogue says why it has none
      And the kernel asks for no other hunk of these patches
