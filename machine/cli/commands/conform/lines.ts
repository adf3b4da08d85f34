import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';

// The lines of a recording, from a file that may be compressed.

/** The lines of a file, compressed by gzip or not, without loading all of it at once. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const text = (await isGzip(file)) ? unzipped(file) : createReadStream(file);
  text.setEncoding('utf8');
  let rest = '';
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function unzipped(file: string): Gunzip {
  const gunzip = createGunzip();
  return createReadStream(file).on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
}

/** Why a file could not be read to its end, in words. Rethrows any other error. */
export function troubleIn(error: NodeJS.ErrnoException, lines: number): string {
  switch (error.code) {
    case 'Z_BUF_ERROR': return `the compressed data end too early, after line ${lines}; what follows was not checked`;
    case 'Z_DATA_ERROR': return `the compressed data are damaged after line ${lines}; what follows was not checked`;
    case 'ENOENT': return 'there is no such file';
    case 'EISDIR': return 'that is a directory';
    case 'EACCES': return 'it may not be read';
    default: throw error;
  }
}
