// Whole outputs of commands, compared with files.

import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { readTranscript, transcribed } from './transcripts';

interface TranscriptWorld {
  kept: string;
  now: string;
}

When('the lines of the transcript {string} are typed', async function (this: TranscriptWorld, name: string) {
  this.kept = readTranscript(name);
  this.now = await transcribed(this.kept);
});

Then('each prints the text below it, word for word, and exits with the code below it', function (this: TranscriptWorld) {
  expect(this.now.split('\n')).to.deep.equal(this.kept.split('\n'));
});
