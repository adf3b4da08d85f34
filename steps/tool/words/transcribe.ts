// Writes transcripts again after output was changed on purpose:
//   node -r ts-node/register/transpile-only steps/tool/words/transcribe.ts check explore
// Read the difference.

import { writeFileSync } from 'node:fs';
import { readTranscript, transcribed, transcriptFile } from './transcripts';

async function main(names: readonly string[]): Promise<void> {
  for (const name of names) writeFileSync(transcriptFile(name), await transcribed(readTranscript(name)));
}

void main(process.argv.slice(2));
