// Which part of the project may import which: each line reads "this part knows only those".
// A name stands for the file, the folder, and files whose names continue with a hyphen: `machine/path` is
// also machine/path-trace.ts. The longest name that fits a file decides. `type:` allows types only.

const core = ['machine/state', 'machine/path', 'machine/context'];
const silicon = [...core, 'machine/hardware'];
const model = [...silicon, 'machine/hypervisors', 'machine/kernel'];
// What guest and host agree on, as both include one header of the hypervisor.
const agreements = ['machine/hypervisors/interface', 'machine/hypervisors/xen/public'];
// What a part must be in order to be explored.
const explorable = 'type:machine/explorer/system';

export const layers = {
  'machine/state': [],
  'machine/path': ['machine/state'],
  'machine/context': ['machine/state', 'machine/path'],
  'machine/explorer': core,
  'machine/programs': [...core, 'machine/explorer'],
  'machine/patches': [],

  'machine/hardware': [...core, explorable],
  'machine/hypervisors/interface': silicon,
  'machine/hypervisors': silicon,
  'machine/kernel': [...silicon, ...agreements, 'type:machine/patches'],
  'machine/invariants': [...model, explorable],
  'machine/situations': [...model, 'machine/invariants', 'machine/patches', 'machine/explorer'],

  // These may also import packages and Node.
  'machine/cli': ['machine', 'reports', 'packages', 'type:steps/lint'],
  reports: ['machine', 'packages'],
  steps: ['machine', 'reports', 'packages', 'cucumber', 'chai'],
};

const isCucumber = (name) => name.startsWith('@cucumber/') || name.startsWith('allure-');

const covers = (part, file) => file === part || (file.startsWith(part) && '/-.'.includes(file[part.length]));

const partOf = (file) =>
  Object.keys(layers)
    .filter((part) => covers(part, file))
    .sort((a, b) => b.length - a.length)[0];

/** The imported file relative to the project, or the kind of package that it is. */
function targetOf(source, from) {
  if (source.startsWith('.')) return new URL(source, `file:///${from}`).pathname.slice(1);
  if (isCucumber(source)) return 'cucumber';
  return source === 'chai' ? 'chai' : 'packages';
}

const importDirections = {
  meta: { type: 'problem', schema: [], docs: { description: 'imports go one way (see eslint.layers.mjs)' } },
  create(context) {
    const file = context.filename.slice(context.cwd.length + 1);
    const part = partOf(file);

    function check(source, typeOnly, node) {
      const target = targetOf(source, file);
      if (covers(part, target)) return;
      const allowed = layers[part].some((entry) =>
        entry.startsWith('type:') ? typeOnly && covers(entry.slice('type:'.length), target) : covers(entry, target),
      );
      if (!allowed) {
        const known = layers[part].join(', ') || 'nothing';
        context.report({ node, message: `${part} must not import "${source}"; it knows ${known} (eslint.layers.mjs).` });
      }
    }

    const isType = (node) => (node.importKind ?? node.exportKind) === 'type';
    const declaration = (node) => {
      const typeOnly = isType(node) || (node.specifiers?.length > 0 && node.specifiers.every(isType));
      if (node.source) check(node.source.value, typeOnly, node);
    };
    return {
      Program(node) {
        if (!part) context.report({ node, message: `${file} belongs to no part; add it to eslint.layers.mjs.` });
      },
      ...(part && {
        ImportDeclaration: declaration,
        ExportNamedDeclaration: declaration,
        ExportAllDeclaration: declaration,
        TSImportType: (node) => check(node.source?.value ?? node.argument.literal.value, true, node),
        ImportExpression: (node) => check(node.source.value ?? '(computed)', false, node),
        'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]?.value ?? '(computed)', false, node),
      }),
    };
  },
};

export const layersPlugin = { rules: { 'import-directions': importDirections } };
