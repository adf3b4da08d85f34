// The page as one file: styles, programs and data inside it, and a content security policy that
// allows nothing else. Nothing is fetched or stored elsewhere. What a reader seldom needs is compressed.

import { createHash } from 'node:crypto';
import type { Report } from '../chapters';
import { Html, html } from '../html';
import type { PathSource } from '../trace/source';
import { chapterHtml, type Background } from './chapter';
import { ledgerHtml } from './ledger';
import { packedHtml } from './packed';

export interface Assets {
  readonly style: string;
  /** The program that runs at once. */
  readonly program: string;
  /** The program for exploring. It runs in the page and in a worker, and checks which of the two it is in. */
  readonly explorer: string;
  /** For the viewer's code pane, by the names of the paths. */
  readonly sources: Readonly<Record<string, PathSource>>;
}

const source = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Text inside <script> must not end the element. */
function inScript(text: string): string {
  return text.replace(/<\/script/gi, '<\\/script').replace(/<!--/g, '<\\!--');
}

export function pageHtml(report: Report, background: Background, { style, program, explorer, sources }: Assets): string {
  const script = inScript(program);
  const policy = [
    "default-src 'none'", `script-src ${source(script)} blob:`, `style-src ${source(style)}`, 'worker-src blob:', 'img-src data: blob:', "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>What was claimed, and what was found · paravirt-spec</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<p class="brand"><a href="#ledger">paravirt-spec</a></p>
<nav aria-label="Chapters"><a href="#ledger">Ledger</a><a href="#explore">Explore</a>${report.chapters.map(({ thread }) => html`<a href="#thread-${thread}">${thread}</a>`)}</nav>
<label class="theme">Theme <select id="theme"><option value="">system</option><option value="light">light</option><option value="dark">dark</option></select></label>
</header>
<main id="main" tabindex="-1">
<div id="report">
${ledgerHtml(report)}
${report.chapters.map((chapter) => chapterHtml(chapter, background))}
</div>
<div id="bench" hidden><p class="note" role="status">The explorer is being unpacked …</p></div>
<noscript><p class="note">The ledger, the chapters and the steps of each scenario can be read without scripts. The searches behind a scenario, stepping and exploring need them.</p></noscript>
</main>
${packedHtml('explorer', explorer)}
${packedHtml('sources', JSON.stringify(sources))}
<script id="program">${new Html(script)}</script>
</body>
</html>
`.text;
}
