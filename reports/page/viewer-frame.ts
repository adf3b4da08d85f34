// The fixed part of the viewer: buttons, scrubber, tabs and the three panes. It is as high as
// the window, so the buttons stay within reach however long the run is.

import { html } from '../html';

export const PANES = ['run', 'code', 'state'] as const;

export type PaneName = (typeof PANES)[number];

export const FRAME = html`<div class="tools" role="toolbar" aria-label="Stepping">
<button type="button" data-go="first" title="Home">First</button><button type="button" data-go="previous" title="↑ or k">Previous</button><button type="button" data-go="next" title="↓ or j">Next</button><button type="button" data-go="last" title="End">Last</button>
<button type="button" data-go="violation" title="v">Decisive step</button><button type="button" data-go="cause" title="c: the step that the decisive step depends on">Its cause</button><button type="button" data-go="shared" title="n: the next step that touches shared state">Next shared</button>
<label class="fold"><input type="checkbox" data-fold checked> <span>Fold scheduler and interrupts <kbd>f</kbd></span></label>
</div>
<div class="scrubber"><input type="range" min="0" value="0" data-scrub aria-label="Step"><div class="ticks" aria-hidden="true"></div></div>
<p class="decisive" hidden></p>
<div class="tabs" role="tablist" aria-label="Panes">${PANES.map((name, i) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="pane-${name}" aria-selected="${String(i === 0)}" data-tab="${name}">${{ run: 'Run', code: 'Code', state: 'State' }[name]}</button>`)}</div>
<p class="said" role="status"></p>
<div class="split" data-shown="run">
<div class="run" id="pane-run" data-pane="run" tabindex="0" role="group" aria-label="The run; arrow keys step through it"></div>
<div class="source" id="pane-code" data-pane="code" tabindex="0" role="group" aria-label="The code that runs in this step"></div>
<div class="panes" id="pane-state" data-pane="state" tabindex="0" role="group" aria-label="The state of the machine after this step"></div>
</div>
<details class="more"><summary>Search, watch expressions, other moves, copy</summary>
<form class="ways" data-find role="search"><label>Search the run <input type="search" data-query placeholder="an instruction, a path, a cell, a value" autocomplete="off" spellcheck="false"></label> <button type="submit">Find next</button></form>
<form class="ways" data-watch><label>Watch an expression <input type="text" data-expression placeholder="cpu0.cr3 != current.mm.pgd" autocomplete="off" spellcheck="false"></label> <button type="submit">Watch</button> <button type="button" data-unwatch>Stop watching</button></form>
<p class="ways" data-others><button type="button" data-show-others>Other moves after this step</button></p>
<p class="ways" role="group" aria-label="Copy"><button type="button" data-take="text">Copy as text</button><button type="button" data-take="link">Copy the address</button><button type="button" data-take="svg">Save SVG</button><button type="button" data-take="png">Save PNG</button></p>
</details>`;

export const KEYS: Readonly<Record<string, string>> = {
  ArrowDown: 'next', j: 'next', ArrowUp: 'previous', k: 'previous', Home: 'first', End: 'last', n: 'shared', v: 'violation', c: 'cause',
};
