Feature: The patch is printed back from the source that is explored
  Each path of the kernel asks for the hunks that change it. The report writes the path out with a hunk and without it and shows
  the difference, so that the diff which a reviewer reads is the code that was explored, and cannot drift from it.

  Rule: A diff shows what a hunk removes and adds, and nothing else

    Scenario: A moved call
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

    Scenario: A block, and a condition that stays
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

    Scenario: A branch behind else, which goes with its else
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

    Scenario: A constant that holds what a guard says, also of later releases
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

    Scenario: In C's spelling
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

    Scenario: A guard inside an expression
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

    Scenario: A hunk that does something only beside another
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

  Rule: What cannot be printed is refused

    Scenario: A guard that does not name its hunk
      Given this path of the kernel
        """
        const flush = path(function* flush(k: Kernel, hunk: HunkId): Path {
          if (k.after(hunk)) yield* preempt_disable(k);
        });
        """
      When the hunk "flush/any" is printed
      Then printing is refused, saying 'kernel.ts:2: the guard "k.after(hunk)" does not name its hunk'

    Scenario: Every hunk of the catalogue has its lines in the kernel
      When every hunk of the catalogue is printed
      Then each has a diff, or the catalogue says why it has none
      And the kernel asks for no other hunk of these patches
