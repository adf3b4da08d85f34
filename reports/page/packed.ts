// Unpacks the compressed parts of the page (`static/packed.ts`), each when it is first needed.

import { byId } from './dom';

const asked = new Map<string, Promise<string>>();

/** The text of the data block `id`. */
export function unpack(id: string): Promise<string> {
  const known = asked.get(id);
  if (known) return known;
  const text = inflate(byId(id).textContent!);
  asked.set(id, text);
  return text;
}

function inflate(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))).text();
}
