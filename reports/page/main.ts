// Where the page's program begins. The same text runs as the page and as the worker beside it.

import { parseMoment } from '../moment';
import { Bench } from './bench';
import { all, byId } from './dom';
import { setUpFilters } from './filters';
import { setUpTheme } from './theme';
import { serve } from './worker';

function makeWorker(): Worker {
  return new Worker(URL.createObjectURL(new Blob([byId('program').textContent!], { type: 'text/javascript' })));
}

function startPage(): void {
  setUpTheme();
  setUpFilters();
  let bench: Bench | null = null;

  const follow = (): void => {
    const moment = parseMoment(location.hash);
    const exploring = moment !== null || location.hash === '#explore';
    byId('report').hidden = exploring;
    byId('bench').hidden = !exploring;
    document.body.classList.toggle('exploring', exploring);
    for (const link of all<HTMLAnchorElement>('.top nav a')) {
      if (exploring === (link.hash === '#explore') && (exploring || link.hash === location.hash)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (exploring) {
      bench ??= new Bench(byId('bench'), makeWorker);
      if (moment) bench.open(moment);
      scrollTo(0, 0);
    } else {
      reveal(decodeURIComponent(location.hash.slice(1)));
    }
  };
  addEventListener('hashchange', follow);
  addEventListener('beforeprint', () => all<HTMLDetailsElement>('.scenario > details').forEach((each) => { each.open = true; }));
  follow();
  document.documentElement.dataset['ready'] = 'true';
}

/** Opens what an address leads to, and scrolls there. */
function reveal(id: string): void {
  const target = id === '' ? null : document.getElementById(id);
  if (!target) return;
  for (const details of [...all<HTMLDetailsElement>(':scope > details', target), target.closest('details')]) if (details) details.open = true;
  target.scrollIntoView();
}

if (typeof document === 'undefined') serve(self as unknown as Parameters<typeof serve>[0]);
else startPage();
