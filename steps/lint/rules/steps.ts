// Each step of a feature has exactly one definition. Each definition is used, does something,
// and declares as many arguments as it gets: Cucumber takes an extra argument for a callback,
// and waits until the timeout for it to be called.

import type { Finding, Rule, StepDefinition, StepUse, Suite } from '../suite';

const at = ({ file, line }: { file: string; line: number }): string => `${file}:${line}`;

function matching({ step, pickle, line, definitions }: StepUse): Finding[] {
  const finding = (message: string): Finding[] => [{ file: pickle.uri, line, message }];
  const [here, elsewhere] = [definitions.filter((one) => one.of !== 'not offered'), definitions.filter((one) => one.of === 'not offered')];
  if (here.length === 0) return finding(`no step is defined for "${step.text}"${elsewhere.length > 0 ? `; paravirt-spec has one for itself alone: ${elsewhere.map(at).join(', ')}` : ''}`);
  if (here.length > 1) return finding(`"${step.text}" is ambiguous: ${here.map(at).join(', ')}`);
  if (elsewhere.length > 0) return finding(`"${step.text}" would be ambiguous in paravirt-spec itself: ${[...here, ...elsewhere].map(at).join(', ')}`);
  return [];
}

function arity({ step, captured, definitions: [definition] }: StepUse): Finding[] {
  if (!definition || definition.of !== 'these') return [];
  const given = captured + (step.argument ? 1 : 0);
  if (definition.code.length === given) return [];
  const message = `"${definition.pattern}" declares ${definition.code.length} parameters, but "${step.text}" gives it ${given}`;
  return [{ file: definition.file, line: definition.line, message }];
}

const unused = ({ definitions, uses }: Suite): Finding[] => {
  const used = new Set(uses.flatMap((use) => use.definitions));
  return definitions
    .filter((definition) => definition.of === 'these' && !used.has(definition))
    .map(({ file, line, pattern }) => ({ file, line, message: `no scenario uses the step "${pattern}"` }));
};

function idle({ file, line, pattern, code }: StepDefinition): Finding[] {
  const text = code.toString().replace(/\/\/.*|\/\*[^]*?\*\//g, '');
  return /\{\s*\}$/.test(text) ? [{ file, line, message: `the step "${pattern}" does nothing` }] : [];
}

export const steps: Rule = (suite) => [
  ...suite.uses.flatMap(matching),
  ...suite.uses.flatMap(arity),
  ...unused(suite),
  ...suite.definitions.filter((definition) => definition.of === 'these').flatMap(idle),
];
