// The four files of the patch, reduced to what decides whether
// they compile and link: declarations, definitions and calls. One text for
// every choice of hunks; each hunk is a macro.

/** The source, to be compiled with -D for each hunk that is in, and -DCONFIG_VMI. */
export const SKELETON = `
/* vmi.h */
#if STUBS_INLINE || STUBS_MACRO
# ifdef CONFIG_VMI
void vmi_init(void);
void vmi_activate(void);
void vmi_bringup(void);
# elif STUBS_MACRO
#  define vmi_init()
#  define vmi_activate()
#  define vmi_bringup()
# else
static inline void vmi_init(void) { }
static inline void vmi_activate(void) { }
static inline void vmi_bringup(void) { }
# endif
#else
void vmi_init(void);
void vmi_activate(void);
void vmi_bringup(void);
#endif

/* vmi_32.c */
#ifdef CONFIG_VMI
void vmi_init(void) { }
# if SPLIT
void vmi_activate(void) { }
# endif
void vmi_bringup(void) { }
#endif

/* setup.c */
static void setup_arch(void)
{
#if INIT_FIRST && (!IFDEF || defined(CONFIG_VMI))
	vmi_init();
#endif
#if ACTIVATE && (!IFDEF || defined(CONFIG_VMI))
	vmi_activate();
#endif
#if !ACTIVATE && defined(CONFIG_VMI)
	vmi_init();
#endif
}

/* smpboot.c */
static void start_secondary(void)
{
#if BRINGUP || defined(CONFIG_VMI)
	vmi_bringup();
#endif
}

int main(void) { setup_arch(); start_secondary(); return 0; }
`;

/** The macro for a hunk: vmi-boot/init-first is INIT_FIRST. */
export const macroOf = (hunk: string): string => hunk.replace('vmi-boot/', '').replace(/-/g, '_').toUpperCase();
