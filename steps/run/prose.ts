// The prose of a feature for Markdown. Gherkin keeps the indentation of a description, and
// four columns of it turn a paragraph into a block of code; so every report removes it first.

import type { Envelope, FeatureChild, RuleChild } from '@cucumber/messages';

/** The text without the indentation that all of its lines share. */
export function dedent(prose: string): string {
  const lines = prose.split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const shared = depths.length > 0 ? Math.min(...depths) : 0;
  return lines.map((line) => line.slice(shared)).join('\n').trim();
}

const described = <T extends { readonly description: string }>(node: T): T => ({
  ...node,
  description: dedent(node.description),
});

function dedentChild<T extends FeatureChild & RuleChild>(child: T): T {
  const { rule, background, scenario } = child;
  return {
    ...child,
    ...(background && { background: described(background) }),
    ...(scenario && { scenario: { ...described(scenario), examples: scenario.examples.map(described) } }),
    ...(rule && { rule: { ...described(rule), children: rule.children.map(dedentChild) } }),
  };
}

/** The message with the prose of every feature, rule and scenario dedented. */
export function dedentProse(message: Envelope): Envelope {
  const feature = message.gherkinDocument?.feature;
  if (!message.gherkinDocument || !feature) return message;
  return {
    ...message,
    gherkinDocument: {
      ...message.gherkinDocument,
      feature: { ...described(feature), children: feature.children.map(dedentChild) },
    },
  };
}
