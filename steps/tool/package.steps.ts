// The package as its users get it: packed, unpacked, and beside chapters of their own.

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { inflateSync } from 'node:zlib';
import { Given, Then, When, type DataTable } from '@cucumber/cucumber';
import { expect } from 'chai';
import { newCommand } from '../../machine/cli/commands/new';
import { registrations } from '../../machine/cli/new/register';
import { projectRoot, type FinishedCommand } from '../run/command';
import { installedFiles, nodeIn, nodeOnceIn, packedFiles, projectBeside, projectWithPackage } from '../support/projects';

interface PackageWorld {
  project: string;
  command: FinishedCommand;
  /** The output about one mistake, by the folder of the package that was used. */
  placed: ReadonlyMap<string, string>;
  /** The files of the installed package before a command ran. */
  installed: Readonly<Record<string, string>>;
  typed: readonly { readonly line: string; readonly code: number; readonly said: string; readonly wanted: number; readonly words: string }[];
}

const cucumber = 'node_modules/@cucumber/cucumber/bin/cucumber.js';
const silent = { stdout: () => undefined, stderr: () => undefined };
const listed = (words: string): string[] => words.split(',').map((word) => word.trim());

When('the package is packed', function (this: PackageWorld) {
  expect(packedFiles().length).to.be.greaterThan(100);
});

When('{string} is typed in a project that has it installed', function (this: PackageWorld, line: string) {
  this.command = nodeIn(projectWithPackage(), ['node_modules/.bin/paravirt-spec', ...line.split(' ').slice(1)]);
});

When('Cucumber runs {string} there', function (this: PackageWorld, feature: string) {
  this.command = nodeIn(this.project, [cucumber, feature]);
});

When('Cucumber runs {string} in the installed package itself', function (this: PackageWorld, feature: string) {
  this.command = nodeIn(join(projectWithPackage(), 'node_modules/paravirt-spec'), [join('../..', cucumber), feature]);
});

Given('a project that has the package installed and has begun a chapter "late-wakeup"', function (this: PackageWorld) {
  this.project = projectWithPackage();
  if (!existsSync(join(this.project, 'machine/patches/late-wakeup.ts'))) newCommand('late-wakeup', { thread: '950', scene: 'scheduler', into: this.project }, silent);
});

Given('a project that has the package installed and has begun a chapter "late-wakeup" in the scene "smp"', function (this: PackageWorld) {
  this.project = projectBeside('beside');
  if (!existsSync(join(this.project, 'machine'))) newCommand('late-wakeup', { thread: '950', scene: 'smp', into: this.project }, silent);
  this.installed = installedFiles();
});

Given('a project that has the package installed, whose {string} says {string}', function (this: PackageWorld, file: string, text: string) {
  this.project = projectBeside('mistaken');
  mkdirSync(dirname(join(this.project, file)), { recursive: true });
  writeFileSync(join(this.project, file), `${text}\n`);
});

/** Runs several lines in one process, like the command after its start. */
const TYPE = `
  require('paravirt-spec/machine/cli/load/beside.js');
  const { runCommandLine } = require('paravirt-spec/machine/cli/main');
  (async () => {
    for (const line of JSON.parse(process.argv[1])) {
      let said = '';
      const say = (text) => { said += text; };
      const code = await runCommandLine(line.split(' '), { stdout: say, stderr: say });
      console.log(JSON.stringify({ line, code, said }));
    }
  })();
`;

When('these lines are typed there', function (this: PackageWorld, table: DataTable) {
  const rows = table.hashes();
  this.command = nodeIn(this.project, ['-e', TYPE, JSON.stringify(rows.map(({ line }) => line))]);
  const answers = this.command.stdout.split('\n').filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as { line: string; code: number; said: string });
  expect(answers.length, this.command.stderr).to.equal(rows.length);
  this.typed = answers.map((answer, i) => ({ ...answer, wanted: Number(rows[i]!['exits with']), words: rows[i]!['prints']! }));
});

When('{string} is typed in that project', function (this: PackageWorld, line: string) {
  this.command = (line === 'paravirt-spec review' ? nodeOnceIn : nodeIn)(this.project, ['node_modules/.bin/paravirt-spec', ...line.split(' ').slice(1)]);
});

Then('each does so', function (this: PackageWorld) {
  for (const { line, code, said, wanted, words } of this.typed) {
    expect(said, line).to.contain(words);
    expect(code, `${line}\n${said}`).to.equal(wanted);
  }
});

Then('nothing of the installed package has changed', function (this: PackageWorld) {
  expect(installedFiles()).to.deep.equal(this.installed);
});

const reportOf = (project: string): string => readFileSync(join(project, 'reports/out/index.html'), 'utf8');

/** The contents of a data block of the page; see reports/static/packed.ts. */
const packedIn = (page: string, id: string): string => inflateSync(Buffer.from(new RegExp(`id="${id}">([^<]*)<`).exec(page)![1]!, 'base64')).toString();

Then('its report covers {string} and not {string}', function (this: PackageWorld, told: string, untold: string) {
  expect(reportOf(this.project).split('<script')[0]).to.contain(told).and.not.to.contain(untold);
});

Then('its report explores {string} and shows the lines of {string}', function (this: PackageWorld, situation: string, file: string) {
  expect(packedIn(reportOf(this.project), 'explorer')).to.contain(`"${situation}"`);
  expect(packedIn(reportOf(this.project), 'sources')).to.contain(file);
});

Given('a project that has the package installed, with thread 100 of this one as its own thread 900', function (this: PackageWorld) {
  this.project = projectWithPackage();
  for (const path of CHAPTER) {
    const target = join(this.project, renamed(path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, renamed(imports(path, readFileSync(join(projectRoot, path), 'utf8'))));
  }
  const read = (path: string): string | null => (existsSync(join(this.project, path)) ? readFileSync(join(this.project, path), 'utf8') : null);
  for (const { path, text } of registrations({ patch: 'own-barrier', thread: '900', inside: false }, read)) {
    writeFileSync(join(this.project, path), path.includes('situations') ? text.replace('./own-barrier', './switch-mm/barrier') : text);
  }
});

Then('it has each of {string}', function (this: PackageWorld, files: string) {
  expect(packedFiles()).to.include.members(listed(files));
});

Then('nothing in it is below {string}', function (this: PackageWorld, folders: string) {
  expect(packedFiles().filter((path) => listed(folders).some((folder) => path.startsWith(`${folder}/`)))).to.deep.equal([]);
});

/** The files of thread 100, as an author would list them. */
const CHAPTER: readonly string[] = [
  ...['mmu_context', 'tlb'].map((name) => `machine/kernel/linux-4.4/${name}.ts`),
  'machine/invariants/switch-mm-barrier.ts',
  ...['barrier', 'scene'].map((name) => `machine/situations/switch-mm/${name}.ts`),
  ...['switch-mm-barrier', 'claims/100'].map((name) => `machine/patches/${name}.ts`),
  ...['flusher', 'task'].map((name) => `steps/kernel/${name}.steps.ts`),
  ...readdirSync(join(projectRoot, 'features/patches/100')).map((name) => `features/patches/100/${name}`),
];

/** The chapter under its other name. */
const renamed = (text: string): string => text
  .replaceAll('switch-mm-barrier', 'own-barrier')
  .replaceAll('switchMmBarrier', 'ownBarrier')
  .replace(/(claims\/?|seed:|claim:|counter:|open:|Thread |thread |patches\/|\/|')100\b/g, '$1900');

/** Imports of files outside the chapter come from the package. */
const imports = (path: string, text: string): string => text.replace(/from '(\.[^']*)'/g, (whole, from: string) => {
  const target = posix.join(posix.dirname(path), from);
  return CHAPTER.includes(`${target}.ts`) ? whole : `from 'paravirt-spec/${target}'`;
});

When('a mistake is made here and then in the installed package, with the same folder of kept code', function (this: PackageWorld) {
  const mistaken = `
    require('./machine/cli/load/typescript.js');
    try {
      require('./machine/explorer/verdict/schedule').parseSchedule('cpu0: none');
    } catch ({ stack }) {
      console.log(stack);
    }`;
  const places = [projectRoot, realpathSync(join(projectWithPackage(), 'node_modules/paravirt-spec'))];
  this.placed = new Map(places.map((folder) => [folder, nodeIn(folder, ['-e', mistaken]).stdout]));
});

Then('the trace of each names its own file', function (this: PackageWorld) {
  for (const [folder, said] of this.placed) {
    expect(said).to.include(`(${join(folder, 'machine/explorer/verdict/schedule.ts')}:`);
    expect(new Set([...said.matchAll(/\((.*?)machine\/explorer/g)].map(([, place]) => place))).to.deep.equal(new Set([join(folder, '/')]));
  }
});
