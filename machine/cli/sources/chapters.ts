// Which paths a chapter runs: those that can be reached from its situations,
// from declaration to declaration in the source. A path that is only called
// under a condition counts too.

import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { filesBelow, importedFile, pathOf } from '../project';
import type { SourcedPath } from './paths';

/** One declaration at the top of a file: `machine/kernel/linux-2.6/mm/mm.ts:mmdrop`. */
type Place = string;

interface SourceFile {
  /** The identifiers in each declaration, by its name. */
  readonly mentions: ReadonlyMap<string, ReadonlySet<string>>;
  /** The patch that a declaration says it is a situation of. */
  readonly patches: ReadonlyMap<string, string>;
  /** Where an imported name is declared. */
  readonly imports: ReadonlyMap<string, Place>;
}

const SITUATIONS = 'machine/situations';

const isAmongSituations = (place: Place): boolean => /^(paravirt-spec\/)?machine\/situations\//.test(place);

/** The list that leads to all of them, and belongs to no single chapter. */
const isList = (place: Place): boolean => /machine\/situations\/index\.ts/.test(place);

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  return (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name ? [statement.name.text] : [];
}

export class Chapters {
  private readonly files = new Map<string, SourceFile | null>();

  /** The paths among `all` that can be reached from the situations of the patch called `patch`. */
  pathsOf(patch: string, all: readonly SourcedPath[]): SourcedPath[] {
    const own = filesBelow(SITUATIONS).filter((file) => !isList(file));
    const saying = own.flatMap((file) => [...this.read(file)!.patches].filter(([, says]) => says === patch).map(([name]) => `${file}:${name}`));
    const roots = own.flatMap((file) => [...this.read(file)!.mentions.keys()].map((name) => `${file}:${name}`))
      .filter((place) => this.leadsTo(place, saying));
    const reached = this.reached(roots, (next) => !isList(next));
    return all.filter(({ file, constant }) => reached.has(`${file}:${constant}`));
  }

  /** Whether a declaration among the situations leads to one of `places` without leaving them. */
  private leadsTo(place: Place, places: readonly Place[]): boolean {
    const near = this.reached([place], (next) => isAmongSituations(next) && !isList(next));
    return places.some((each) => near.has(each));
  }

  private reached(from: readonly Place[], follows: (place: Place) => boolean): Set<Place> {
    const seen = new Set<Place>(from);
    for (const place of seen) for (const next of this.next(place)) if (follows(next)) seen.add(next);
    return seen;
  }

  private next(place: Place): Place[] {
    const [file, name] = place.split(':') as [string, string];
    const source = this.read(file);
    return [...source?.mentions.get(name) ?? []].flatMap((mentioned) => {
      if (source!.mentions.has(mentioned)) return [`${file}:${mentioned}`];
      const imported = source!.imports.get(mentioned);
      return imported === undefined ? [] : [imported];
    });
  }

  private read(file: string): SourceFile | null {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const path = pathOf(file);
    const read = existsSync(path) ? this.parse(file, readFileSync(path, 'utf8')) : null;
    this.files.set(file, read);
    return read;
  }

  private parse(file: string, text: string): SourceFile {
    const mentions = new Map<string, Set<string>>();
    const patches = new Map<string, string>();
    const imports = new Map<string, Place>();
    for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.ES2022).statements) {
      if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
        const from = importedFile(file, statement.moduleSpecifier.text);
        const at = from === null || existsSync(pathOf(`${from}.ts`)) ? `${from}.ts` : `${from}/index.ts`;
        const bindings = statement.importClause?.namedBindings;
        if (from !== null && bindings && ts.isNamedImports(bindings)) for (const { name, propertyName } of bindings.elements) imports.set(name.text, `${at}:${(propertyName ?? name).text}`);
      }
      const found = new Set<string>();
      let patch: string | undefined;
      const visit = (node: ts.Node): void => {
        if (ts.isIdentifier(node)) found.add(node.text);
        if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'patch' && ts.isStringLiteral(node.initializer)) patch = node.initializer.text;
        ts.forEachChild(node, visit);
      };
      visit(statement);
      for (const name of namesOf(statement)) {
        mentions.set(name, found);
        if (patch !== undefined) patches.set(name, patch);
      }
    }
    return { mentions, patches, imports };
  }
}
