// What is made of files that searches leave behind, right ones and wrong ones; and what a user is told of them, of errors and of work.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { secondsIn } from '../../../machine/cli/bench/suite';
import { goal } from '../../../machine/cli/bench/goals';
import { inWords } from '../../../machine/cli/commands/conform/words';
import type { ConformKind, FileResult } from '../../../machine/cli/commands/conform/result';
import { codeOf, worst } from '../../../machine/cli/exit';
import { makeFolder } from '../../../machine/cli/folder';
import { UsageError } from '../../../machine/cli/options';
import { isBeside, PACKAGE, packageFile, pathOf, THIS_PACKAGE } from '../../../machine/cli/project';
import { exitFor, inOneLine } from '../../../machine/cli/refusal';
import { readCheckpoint, writeCheckpoint } from '../../../machine/cli/search/checkpoint';
import { exchange, isExchange, joinExchange } from '../../../machine/cli/search/exchange';
import { keptSearch } from '../../../machine/cli/search/kept-search';
import { refuseEndless, refuseFolder, refuseUnwritable } from '../../../machine/cli/search/limits';
import { ProgressLine } from '../../../machine/cli/search/progress';
import { mergeShards, parseShard, partsEach, partsFor, writeShard } from '../../../machine/cli/search/shard';
import { subjectOf, type Subject } from '../../../machine/cli/search/subject';
import { explorePart, partsOf } from '../../../machine/explorer/parts/partition';
import { SearchMissed } from '../../../machine/explorer/oracle/challenge';
import { showVerdict } from '../../../machine/explorer/verdict/evidence';
import { verdictOf } from '../../../machine/explorer/explore';
import { reportOf } from '../../../machine/explorer/engine';
import { programNamed } from '../../../machine/programs/named';
import { toldOf } from '../../explorer/together';
import { orRefusal, type Lines } from '../recording';

const OPTIONS = { patches: 'all' };
const subject = (program: string): Subject => ({ ...subjectOf(program, OPTIONS), version: '0' });

/** What is told in a folder that is removed again, without its name. */
async function within(tell: (folder: string) => Lines | Promise<Lines>): Promise<Lines> {
  const folder = mkdtempSync(join(tmpdir(), 'paravirt-spec-files-'));
  try {
    const lines = await tell(folder);
    return Object.fromEntries(Object.entries(lines).map(([name, text]) => [name, text.replaceAll(folder, 'FOLDER')]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The results of shards: all of them, some of them, one twice, of two searches, and what is no result. */
function shards(folder: string): Lines {
  const [program, other] = ['philosophers(3)', 'ab-ba'];
  const write = (name: string, of: string, index: number, count: number): string => {
    const file = join(folder, name);
    const parts = partsFor(partsOf(programNamed(of), {}, count * 2), { index, count });
    const reports = parts.map((prefix) => explorePart(programNamed(of), {}, prefix, { engine: 'stateful' }));
    writeShard(file, { subject: subject(of), shard: { index, count }, report: reports[0]! });
    return file;
  };
  const [one, two, three] = [1, 2, 3].map((index) => write(`shard ${index}`, program, index, 3)) as [string, string, string];
  const [half, stranger] = [write('half', program, 1, 2), write('stranger', other, 1, 3)];
  const bad = ['', 'null', '{}', '{"subject":1,"shard":1}', '{"shard":1,"report":1}', '{"subject":1,"report":1}', '{"report":1}', 'no JSON'].map((text, i) => {
    writeFileSync(join(folder, `bad ${i}`), text);
    return join(folder, `bad ${i}`);
  });
  const all = [[], [one, two, three], [three, one, two], [one], [two, two], [one, half], [one, stranger], ...bad.map((file) => [one, file]), [join(folder, 'none')], [folder]];
  return {
    ...Object.fromEntries(all.map((files, i) => [`shards ${i + 1}`, orRefusal(() => JSON.stringify(mergeShards(files)))])),
    'names of shards': ['1/1', '2/5', '5/5', '6/5', '0/5', '1/0', '1', '/', '-1/2', '1/2/3'].map((text) => orRefusal(() => JSON.stringify([parseShard(text), partsFor([1, 2, 3, 4, 5, 6, 7], parseShard(text))]))).join('; '),
    'parts of each': [undefined, 'reduced', 'stateful', 'optimal'].map((engine) => String(partsEach(engine as 'stateful'))).join(', '),
  };
}

/** Searches that are kept and continued; files that are cut short, longer, of another search, or no searches. */
function checkpoints(folder: string): Lines {
  const lines: Record<string, string> = {};
  for (const engine of ['stateful', 'optimal'] as const) {
    const file = join(folder, engine);
    const about = { ...subject('philosophers(3)'), options: { engine } };
    const program = programNamed('philosophers(3)');
    const told = [1, 2, 3, 4].map((events) => {
      const kept = keptSearch(about, program, {}, file);
      kept.advance(events);
      kept.keep();
      return [kept.progress, readFileSync(file).length, readdirSync(folder)];
    });
    const last = keptSearch(about, program, {}, file);
    while (last.advance(500) === 'under way') continue;
    last.keep();
    // One that is over is over when it is taken up again.
    lines[`over, ${engine}`] = JSON.stringify(showVerdict(verdictOf(program, {}, keptSearch(about, program, {}, file).report())));
    lines[`kept, ${engine}`] = `${JSON.stringify(told)} ${showVerdict(verdictOf(program, {}, last.report()))}`;
  }
  const file = join(folder, 'file');
  const about = subject('ab-ba');
  const read = (of: Subject | null = about): string => orRefusal(() => JSON.stringify(readCheckpoint(file, of)));
  lines['no checkpoint'] = read();
  writeCheckpoint(file, about, { notes: { here: 1 }, tables: [Int32Array.of(1, -2, 3), new Int32Array(0), Int32Array.of(7)] });
  const bytes = readFileSync(file);
  const variants = [bytes, bytes.subarray(0, -1), bytes.subarray(0, -4), Buffer.concat([bytes, Buffer.of(0, 0, 0, 0)]), bytes.subarray(0, 20), ...['', 'null\n', '7\n', '{}\n', '{"subject":1,"tables":[]}\n', '{"subject":"x","tables":1}\n', '{"subject":"x","tables":[]}\n', '{"subject":"x","tables":[]}'].map((text) => Buffer.from(text))];
  variants.forEach((variant, i) => {
    writeFileSync(file, variant);
    lines[`checkpoint ${i + 1}`] = `${read()} ${read(subject('ainc(2)'))} ${read(null)}`;
  });
  lines['a folder'] = orRefusal(() => JSON.stringify(readCheckpoint(folder, about)));
  lines['refused files'] = ['file', 'new', 'no/new', 'file/new', '', '.'].map((name) => [orRefusal(() => String(refuseUnwritable('--out', name === '' ? '' : join(folder, name)))), orRefusal(() => String(refuseFolder('--exchange', name === '' ? '' : join(folder, name))))].join(', ')).join('; ');
  lines['refused devices'] = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', file, join(folder, 'new')].map((name) => [orRefusal(() => String(refuseEndless(name))), orRefusal(() => String(refuseUnwritable('--out', name, 'a file')))].join(', ')).join('; ');
  return lines;
}

/** Shards that hand states over through a folder, one turn after the other, with what is joined after each. */
async function exchanges(folder: string): Promise<Lines> {
  const lines: Record<string, string> = {};
  for (const [program, count] of [['philosophers(3)', 2], ['xenpin-unfixed(2, 1)', 3], ['ab-ba', 1]] as const) {
    const own = join(folder, program);
    const told: string[] = [String(isExchange(own))];
    for (let turn = 0, done = 0; done < count && turn < 60; turn++) {
      let looks = 0;
      const became = await exchange(subject(program), { index: 1 + ((turn * 2) % count + count) % count, count }, own, () => (turn === 1 && ++looks > 0 ? 'SIGINT' : null));
      done = became.became === 'finished' ? done + 1 : 0;
      told.push(JSON.stringify(became));
      if (isExchange(own) && turn % 3 === 2) told.push(orRefusal(() => { const { search, left } = joinExchange(own); return JSON.stringify([left, search.states, search.complete]); }));
    }
    const { search, left, subject: about } = joinExchange(own);
    lines[`exchange of ${program}`] = `${told.join('; ')} ${JSON.stringify([left, about, toldOf(search), showVerdict(verdictOf(programNamed(program), {}, reportOf(search)))])}`;
  }
  const mixed = join(folder, 'mixed');
  await exchange(subject('ab-ba'), { index: 1, count: 2 }, mixed, () => null);
  await exchange(subject('ab-ba'), { index: 1, count: 3 }, mixed, () => null);
  lines['two exchanges in one folder'] = orRefusal(() => String(joinExchange(mixed)));
  lines['no exchange'] = [isExchange(folder), isExchange(join(folder, 'nowhere')), isExchange(__filename)].join(', ');
  return lines;
}

/** Folders that are made in a file system that refuses some. */
function folders(folder: string): Lines {
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  const tried = (path: string, fails: Readonly<Record<string, string>>): string => {
    const told: string[] = [];
    const disk = {
      mkdirSync: (each: string): void => {
        told.push(`make ${each}`);
        const code = fails[each.slice(folder.length + 1)];
        if (code !== undefined) throw Object.assign(new Error('refused'), { code });
      },
      rmdirSync: (each: string): void => { told.push(`remove ${each}`); },
    };
    return [orRefusal(() => { try { return String(makeFolder(join(folder, path), disk)); } catch (error) { return (error as NodeJS.ErrnoException).code!; } }), ...told].join(', ');
  };
  return { folders: [tried('a/b/c', {}), tried('taken', {}), tried('a/b/c', { 'a/b/c': 'EACCES' }), tried('a/b', { a: 'ENOENT' }), tried('a/b', { a: 'EEXIST' })].join('; ') };
}

/** Where files lie, by their names in a project that stands alone and in one beside the package. */
function places(): Lines {
  const beside = { root: join(PACKAGE, 'beside'), home: PACKAGE, hasOwn: true };
  const names = ['machine/kernel/kernel.ts', 'paravirt-spec/machine/kernel/kernel.ts', 'paravirt-spec', 'features'];
  return { places: names.map((name) => [isBeside(name), ...[THIS_PACKAGE, beside].flatMap((project) => [relative(PACKAGE, pathOf(name, project)), packageFile(name, project)])].join(' ')).join('; ') };
}

/** What is said of errors of every kind, and with which exit code. */
function errors(): Lines {
  const system = (code: string, more: object = {}): Error => Object.assign(new Error(`of the system: ${code}`), { code, stack: '', ...more });
  const all = [
    new UsageError(`wrong\u0007 words ${'x'.repeat(301)} ${'y'.repeat(300)},${'z'.repeat(301)}`), new SearchMissed('it missed something'), system('ENOENT'), system('ENOSPC', { path: 'a file', kept: 'the search is kept' }), system('EISDIR', { path: 'a' }),
    system('EWHATEVER'), Object.assign(new Error('stopped'), { signal: 'SIGINT' }), Object.assign(new Error('killed'), { signal: 'SIGKILL', stack: 'a trace' }),
  ];
  return {
    errors: all.map((error) => { let text = ''; const code = exitFor(error, { stdout: () => undefined, stderr: (part) => { text += part; } }); return `${code} ${text}`; }).join(''),
    'in one line': ['a\tb\u001bc', 'x'.repeat(400), 'a,b'].map(inOneLine).join(' | '),
    'exit codes': [[0], [1, 4], [4, 0], [3, 1], [], [0, 1], [2, 0]].map((codes) => worst(codes)).concat([codeOf({ holds: true, findings: [] }), codeOf({ holds: false, findings: [1] }), codeOf({ holds: false, findings: [] })]).join(' '),
    goals: [goal(1, 1), goal(0.9, 1), goal(1, 1, 'or less'), goal(1.1, 1, 'or less')].join('; '),
  };
}

/** What is shown of recordings, of the messages of a run of the suite, and of a search on a terminal. */
function shown(): Lines {
  const result = (more: Partial<FileResult>): FileResult => ({ file: 'a/b.jsonl', lines: 1, sets: {}, differences: [], unreadable: [], trouble: null, ...more });
  const unreadable = (count: number): FileResult['unreadable'] => Array.from({ length: count }, (_, i) => ({ line: i + 1, reason: `reason ${i}` }));
  const results = [result({}), result({ lines: 2000, sets: { one: { checked: 1, differ: 0 }, 'a long one': { checked: 1234, differ: 1 } }, release: '4.8' }), ...[9, 10, 11, 12].map((count) => result({ sets: { s: { checked: 2, differ: 2 } }, unreadable: unreadable(count), differences: [{ line: 3, id: 'x', set: 's', differences: ['one', 'two'] }] }))];
  const message = (of: object): string => JSON.stringify(of);
  const stamp = (seconds: number, nanos: number): object => ({ seconds, nanos });
  const messages = ['a', 'b', 'c'].flatMap((id, i) => [
    message({ pickle: { id, uri: i === 2 ? 'features/x/two.feature' : 'features/one.feature' } }), message({ testCase: { id: `${id}1`, pickleId: id } }), message({ testCaseStarted: { id: `${id}2`, testCaseId: `${id}1`, timestamp: stamp(i, 5e8) } }), '', message({ testCaseFinished: { testCaseStartedId: `${id}2`, timestamp: stamp(i + 2, 25e7) } }),
  ]).join('\n');
  const { scenarios, features } = secondsIn(messages);
  let now = 1000;
  const written: string[] = [];
  const lines = [true, false].map((isTTY) => new ProgressLine({ isTTY, write: (text) => written.push(text) }, () => now));
  const progress = { states: 1500, events: 20_000, depth: 3 };
  for (const [moment, more] of [[1000, {}], [1249, {}], [1250, { share: 0.001 }], [1500, { share: 0.0011 }], [4000, { share: 0.5 }], [9000, { layer: { interrupts: 1, switches: 0 } }]] as const) {
    now = moment;
    for (const line of lines) line.show({ ...progress, ...more } as never);
  }
  for (const line of lines) { line.line('a line'); line.end(); }
  return {
    ...Object.fromEntries((['tso', 'mmu', 'tlb', 'xen'] as const).map((kind: ConformKind) => [`recordings of ${kind}`, results.map((one) => inWords(kind, one)).join('')])),
    'seconds of features': `${scenarios} ${JSON.stringify([...features])}`, 'progress of a search': written.join('|'),
  };
}

export const files = async (): Promise<Lines> => ({ ...await within(shards), ...await within(checkpoints), ...await within(exchanges), ...await within(folders), ...places(), ...errors(), ...shown() });
