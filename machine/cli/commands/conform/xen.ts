import { basename } from 'node:path';
import { releaseNamed, type Release } from '../../../hypervisors/xen/releases/release';
import { ScriptPlayer } from '../../../situations/xen/recorded/play';
import { parseScript } from '../../../situations/xen/recorded/script';
import type { Checker } from './result';

// Scripts of hypercalls that a real Xen answered, performed on the model of the
// same release.

/** The release with which a file is compared: the one asked for, or the one in its name; a sentence if there is none. */
export function releaseFor(file: string, asked: string | undefined): Release | string {
  const name = asked ?? /(?:^|[^a-z0-9])xen-(\d+\.\d+(?:\.\d+)?(?:-rc\d+)?)/.exec(basename(file))?.[1];
  if (name === undefined) return 'its name does not say which Xen it was recorded from; say --xen VERSION, such as --xen 4.13.5';
  try {
    return releaseNamed(name);
  } catch (error) {
    return (error as Error).message;
  }
}

/** One world for all scripts of a file. */
export function xenChecker(release: Release): Checker {
  const player = new ScriptPlayer(release);
  return (text) => [player.play(parseScript(text))];
}
