// Writes transcripts anew, for a change of what is printed that is meant:
//   node -r ts-node/register/transpile-only steps/tool/words/transcribe.ts check explore
// The difference is for reading.

import { writeFileSync } from 'node:fs';
import { readTranscript, transcribed, transcriptFile } from './transcripts';

async function main(names: readonly string[]): Promise<void> {
  for (const name of names) writeFileSync(transcriptFile(name), await transcribed(readTranscript(name)));
}

void main(process.argv.slice(2));
