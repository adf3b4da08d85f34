// `npm run lint`: what is wrong with the features and their steps. With a folder as argument, the
// features and steps in that folder are checked instead of the project's own.

import { lint } from './lint';

async function main(folder: string | undefined): Promise<void> {
  const { lines, summary, nothingRead } = await lint(folder);
  for (const line of lines) console.log(line);
  console.log(summary);
  if (nothingRead) console.error('No feature was found: nothing was checked.');
  process.exitCode = lines.length > 0 || nothingRead ? 1 : 0;
}

void main(process.argv[2]);
