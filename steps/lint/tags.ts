// Every tag that a feature may have, and what it means. The list is closed: a misspelt tag selects
// nothing and would go unnoticed.

export interface TagForm {
  readonly form: RegExp;
  readonly example: string;
  readonly meaning: string;
}

const name = '[a-z0-9]+(?:[-_.][a-z0-9]+)*';

const tag = (example: string, meaning: string, form = example): TagForm => ({
  form: new RegExp(`^${form}$`),
  example,
  meaning,
});

export const tagForms: readonly TagForm[] = [
  tag('@seed:002', 'the patch thread that the feature restates', '@seed:\\d{3}'),
  tag('@patch:flush-tlb', 'the patch that the feature is about', `@patch:${name}`),
  tag('@claim:002.1', 'a statement of the thread that the scenario helps to decide', '@claim:\\d{3}\\.\\d+[a-z]?'),
  tag('@counter:002.2', 'a statement that the scenario contradicts', '@counter:\\d{3}\\.\\d+[a-z]?'),
  tag('@open:002.14', 'a statement of which the scenario shows that what is known does not decide it', '@open:\\d{3}\\.\\d+[a-z]?'),
  tag('@counter:002.2', 'a statement of the thread that the scenario contradicts', '@counter:\\d{3}\\.\\d+[a-z]?'),
  tag('@open:003.3', 'a statement of the thread that the scenario shows to depend on something unknown', '@open:\\d{3}\\.\\d+[a-z]?'),
  tag('@hunk:flush-tlb/i386', 'the hunk that the scenario is about', `@hunk:${name}/${name}`),
  tag('@take:v2', 'the version of the patch that the scenario is about', `@take:${name}`),

  tag('@before', 'shows the kernel without the patch'),
  tag('@after', 'shows the kernel with the patch'),
  tag('@control', 'the same situation without its cause: shows that nothing else is to blame'),
  tag('@near-miss', 'a wrong fix, which must be rejected'),
  tag('@open', 'a window that the patch leaves open'),
  tag('@requirement', 'uses the kernel under review, so that it fails when the patch is switched off'),

  tag('@i386', 'for 32-bit kernels'),
  tag('@x86_64', 'for 64-bit kernels'),
  tag('@recorded', 'compares with what is recorded of the whole machine, so that it notices any change: the mutants of the suite meet it first'),
  tag('@slow', 'takes more than a few seconds'),
  tag('@suite', 'takes long and is evidence for no claim: run by the suite, and named in a review but not run'),
];
