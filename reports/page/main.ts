// The start of the page's program: theme, filters, addresses. The part that explores and steps through runs is
// loaded when a reader first needs it (load-explorer.ts).

import { decode, parseMoment } from '../moment';
import type { Bench } from './bench';
import { all, byId } from './dom';
import { setUpFilters } from './filters';
import { loadExplorer } from './load-explorer';
import { setUpSearches } from './searches';
import { setUpTheme } from './theme';

const NAME = 'paravirt-spec';

function startPage(): void {
  setUpTheme();
  setUpFilters();
  setUpSearches();
  const plainTitle = document.title;
  let bench: Bench | null = null;

  const follow = async (): Promise<void> => {
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
      const { hash } = location;
      const { Bench: Explorer, ...parts } = await loadExplorer();
      // The reader may have gone elsewhere meanwhile.
      if (location.hash !== hash) return;
      bench ??= new Explorer(byId('bench'), { ...parts, titled: (title) => { document.title = `${title} · ${NAME}`; } });
      if (moment) bench.open(moment);
      else bench.begin();
      return;
    }
    const target = reveal(decode(location.hash.slice(1)));
    document.title = target === null ? plainTitle : `${titleOf(target)} · ${NAME}`;
    const { y } = (history.state ?? {}) as { readonly y?: number };
    if (y !== undefined) scrollTo(0, y);
  };

  // The scroll position is kept in the history entry, so Back leads there and not to the top of a chapter.
  history.scrollRestoration = 'manual';
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
    if (link && !byId('report').hidden) history.replaceState({ y: scrollY }, '');
  }, { capture: true });
  addEventListener('hashchange', () => void follow());
  addEventListener('beforeprint', () => printOnly(document.getElementById(decode(location.hash.slice(1)))?.closest('.chapter') ?? null));
  addEventListener('afterprint', () => printOnly(null));
  void follow().then(() => { document.documentElement.dataset['ready'] = 'true'; });
}

/** Prints only `chapter` of the report; null prints all of it. */
function printOnly(chapter: Element | null): void {
  for (const section of all('#report > section')) section.classList.toggle('not-printed', chapter !== null && section !== chapter);
}

/** Opens what an address leads to, and scrolls there; null if it leads to nothing. */
function reveal(id: string): HTMLElement | null {
  const target = id === '' ? null : document.getElementById(id);
  if (!target) return null;
  for (const details of [...all<HTMLDetailsElement>(':scope > details', target), target.closest('details')]) if (details) details.open = true;
  target.scrollIntoView();
  return target;
}

/** What an address shows, in the words of the page. */
function titleOf(target: HTMLElement): string {
  const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
  if (target.id.startsWith('claim-')) return `Claim ${target.id.slice('claim-'.length)}: ${words(target.querySelector('p'))}`;
  if (target.id.startsWith('row-')) return `Claim ${target.id.slice('row-'.length)}: ${words(target.querySelector('td'))}`;
  if (target.id.startsWith('hunk-')) return `Hunk ${target.id.slice('hunk-'.length)}`;
  if (target.id.startsWith('thread-')) return `Thread ${target.id.slice('thread-'.length)}: ${words(target.querySelector('h2'))}`;
  return words(target.querySelector('.name, h1, h2, h3')) || target.id;
}

startPage();
