// Light, dark, or the theme of the system. Kept only in the page; nothing is stored on the reader's disk.

import { byId } from './dom';

export function setUpTheme(): void {
  const choice = byId<HTMLSelectElement>('theme');
  choice.addEventListener('change', () => {
    if (choice.value === '') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice.value;
  });
}
