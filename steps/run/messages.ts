// Reads back a run that was written to a file, one message on each line.

import { readFileSync } from 'node:fs';
import type { Envelope } from '@cucumber/messages';
import { Tally } from './tally';

export function readMessages(file: string): Envelope[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Envelope);
}

export function tallyOf(messages: readonly Envelope[]): Tally {
  const tally = new Tally();
  for (const message of messages) tally.add(message);
  return tally;
}
