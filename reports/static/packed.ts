// Parts of the page that a reader needs later, if at all: compressed, each in a data block of its own.
// `page/packed.ts` unpacks each when it is first needed.

import { deflateSync } from 'node:zlib';
import { Html, html } from '../html';

/** A data block named `id` with `text` in zlib's format (RFC 1950) and base64. */
export function packedHtml(id: string, text: string): Html {
  return html`<script type="application/octet-stream" id="${id}">${new Html(deflateSync(text, { level: 9 }).toString('base64'))}</script>`;
}
