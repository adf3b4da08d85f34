// Registers a new chapter in the two index files, edited as by hand: an import and a word in each
// list. A project that has no index files yet gets them.

import { camelCase, claimsOfThread, type ChapterNames, type NewFile } from './names';
import { UsageError } from '../options';

/** The new text of an index file. */
export interface Registration extends NewFile {
  /** Its current text; null if it does not exist. */
  readonly before: string | null;
}

/**
 * The index files with the chapter in them.
 *
 * @param read returns the text of a file of the project, null if it does not exist
 * @throws UsageError for an index file that is not laid out as expected
 */
export function registrations(names: ChapterNames, read: (path: string) => string | null): Registration[] {
  const { patch, thread } = names;
  const name = camelCase(patch);
  return [
    edited('machine/patches/index.ts', read, emptyCatalogue, (index) => index
      .import(claimsOfThread(thread), `./claims/${thread}`)
      .import(name, `./${patch}`)
      .list('PATCHES', name)
      .list('CLAIMS', `...${claimsOfThread(thread)}`)),
    edited('machine/situations/index.ts', read, emptySituations, (index) => index
      .import(`${name}Situations`, `./${patch}`)
      .list('SITUATIONS', `...${name}Situations`)),
  ];
}

function edited(path: string, read: (path: string) => string | null, empty: string, edit: (index: Index) => Index): Registration {
  const before = read(path);
  return { path, before, text: edit(new Index(path, before ?? empty)).text };
}

/** An index file: imports, then lists. */
class Index {
  constructor(private readonly path: string, readonly text: string) {}

  import(name: string, from: string): Index {
    const imports = [...this.text.matchAll(/^import .* from '.*';\n/gm)];
    const last = imports.at(-1);
    if (!last) throw new UsageError(`${this.path} has no line "import … from …" after which to register the chapter`);
    const at = last.index + last[0].length;
    return new Index(this.path, `${this.text.slice(0, at)}import { ${name} } from '${from}';\n${this.text.slice(at)}`);
  }

  /** Adds `item` at the end of a list, but before the chapters that are kept outside this package. */
  list(list: string, item: string): Index {
    const found = new RegExp(`(export const ${list}\\b[^=]*= \\[)([^\\]]*)\\]`).exec(this.text);
    if (!found) throw new UsageError(`${this.path} has no list "export const ${list}" in which to register the chapter`);
    const items = found[2]!.split(',').map((word) => word.trim()).filter((word) => word !== '');
    const beside = items.findIndex((word) => word.startsWith('...beside.'));
    items.splice(beside < 0 ? items.length : beside, 0, item);
    return new Index(this.path, this.text.slice(0, found.index) + `${found[1]!}${items.join(', ')}]` + this.text.slice(found.index + found[0].length));
  }
}

const emptyCatalogue = `import type { Claim, Patch } from 'paravirt-spec/machine/patches/types';

// The catalogue of this project: its patches, and the statements that their threads make.

export const PATCHES: readonly Patch[] = [];

export const CLAIMS: readonly Claim[] = [];
`;

const emptySituations = `import type { Situation } from 'paravirt-spec/machine/situations/types';

// Every situation of this project that can be named on the command line.

export const SITUATIONS: readonly Situation[] = [];
`;
