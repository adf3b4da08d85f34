// The searches and pictures of a scenario, and long tables of a chapter. They are drawn when a reader first opens them.

import { all } from './dom';
import { unpack } from './packed';

export function setUpSearches(): void {
  document.addEventListener('toggle', ({ target }) => { if (target instanceof HTMLDetailsElement && target.open) void drawIn(target); }, { capture: true });
  for (const details of all<HTMLDetailsElement>('.scenario > details[open]')) void drawIn(details);
}

async function drawIn(details: HTMLDetailsElement): Promise<void> {
  const place = details.querySelector<HTMLElement>(':scope > .searches:empty');
  if (!place) return;
  const searches = JSON.parse(await unpack(details.closest<HTMLElement>('.chapter')!.dataset['searches']!)) as Record<string, string>;
  place.innerHTML = searches[place.dataset['key'] ?? details.parentElement!.id] ?? '';
}
