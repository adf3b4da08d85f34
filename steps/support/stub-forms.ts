// Six ways to write "this function does nothing here", and how a compiler
// treats each. Every probe is a function of its own in one source, so one run
// of the compiler answers all of them by the lines that it names.

import { checkC, runC } from './c-compiler';

/** The names of the forms in the feature. `f` takes nothing, `g` an int. */
export const FORMS: Readonly<Record<string, string>> = {
  '#define f(x)': '#define f()\n#define g(x)',
  'do { } while (0)': '#define f() do { } while (0)\n#define g(x) do { } while (0)',
  '((void)0)': '#define f() ((void)0)\n#define g(x) ((void)0)',
  '((void)(x))': '#define f() ((void)0)\n#define g(x) ((void)(x))',
  '((void)((x),(y)))': '#define f() ((void)0)\n#define g(x) ((void)((x), 0))',
  'static inline': 'static inline void f(void) { }\nstatic inline void g(int x) { (void)x; }',
};

const PROBES = {
  'checks types': 'extern struct s { int i; } v; static void p_types(void) { g(v); }',
  'checks arity': 'static void p_arity(void) { g(1, 2); }',
  'sees undeclared names': 'static void p_undeclared(void) { g(no_such_name); }',
  'refuses a comma': 'static int p_comma(void) { return (f(), 1); }',
  'misses a semicolon': 'static int p_semicolon(void) { f() return 0; }',
  'has no address': 'static void p_address(void) { void (*p)(void) = f; (void)p; }',
  'leaves variables unused': 'static void p_unused(void) { int x = 1; g(x); }',
} as const;

/** The questions about a form, in the order of the table's columns. */
export const QUESTIONS = ['evaluates', 'checks types', 'checks arity', 'sees undeclared names', 'fits a comma', 'needs its semicolon', 'has an address', 'uses variables'] as const;

export type Answers = Readonly<Record<(typeof QUESTIONS)[number], boolean>>;

/** Asks the compiler. */
export function askCompiler(form: string): Answers {
  const definitions = FORMS[form]!;
  const offset = definitions.split('\n').length;
  const probes = Object.entries(PROBES);
  const { refused, unused } = checkC(`${definitions}\n${probes.map(([, probe]) => probe).join('\n')}\nint main(void) { return 0; }\n`);
  const lineOf = (probe: keyof typeof PROBES): number => offset + 1 + probes.findIndex(([name]) => name === probe);
  const refuses = (probe: keyof typeof PROBES): boolean => refused.includes(lineOf(probe));
  return {
    evaluates: runC(`${definitions}\nint main(void) { int n = 0; g(n++); return n; }\n`) === 1,
    'checks types': refuses('checks types'),
    'checks arity': refuses('checks arity'),
    'sees undeclared names': refuses('sees undeclared names'),
    'fits a comma': !refuses('refuses a comma'),
    'needs its semicolon': refuses('misses a semicolon'),
    'has an address': !refuses('has no address'),
    'uses variables': !unused.includes(lineOf('leaves variables unused')),
  };
}

const answers = (text: string): Answers => {
  const words = text.split(' ');
  return Object.fromEntries(QUESTIONS.map((question, i) => [question, words[i] === 'yes'])) as unknown as Answers;
};

/** The answers of gcc, recorded for machines without a compiler. */
export const RECORDED: Readonly<Record<string, Answers>> = {
  '#define f(x)': answers('no no yes no no no no no'),
  'do { } while (0)': answers('no no yes no no yes no no'),
  '((void)0)': answers('no no yes no yes yes no no'),
  '((void)(x))': answers('yes no yes yes yes yes no yes'),
  '((void)((x),(y)))': answers('yes no yes yes yes yes no yes'),
  'static inline': answers('yes yes yes yes yes yes yes yes'),
};
