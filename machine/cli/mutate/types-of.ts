// What the compiler says about mutations: all of one file at once, from the text
// in which each is written out.

import { join } from 'node:path';
import ts from 'typescript';
import type { SwitchedModule } from './switched';

/**
 * By number, the first complaint about each mutation that has any.
 *
 * @param root the folder of the project, with its tsconfig.json
 * @param modules the switched modules by their files, relative to the project
 */
export function complaints(root: string, modules: ReadonlyMap<string, SwitchedModule>): Map<number, string> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const texts = new Map([...modules].map(([file, { text }]) => [join(root, file), text]));
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) => (texts.has(file) ? ts.createSourceFile(file, texts.get(file)!, options.target ?? ts.ScriptTarget.ES2022, true) : getSourceFile(file, ...rest));
  const program = ts.createProgram([...texts.keys()], options, host);
  const found = new Map<number, string>();
  for (const [file, { stretches }] of modules) {
    const source = program.getSourceFile(join(root, file))!;
    for (const { start, messageText } of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
      const stretch = stretches.find((one) => start !== undefined && one.start <= start && start < one.end);
      if (stretch && !found.has(stretch.number)) found.set(stretch.number, ts.flattenDiagnosticMessageText(messageText, ' '));
    }
  }
  return found;
}
