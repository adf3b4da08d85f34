// The ledger's filter: by thread, by verdict, and by words in the statement or the reason.

import { all, byId } from './dom';

export function setUpFilters(): void {
  const form = byId<HTMLFormElement>('filters');
  const apply = (): void => {
    const words = byId<HTMLInputElement>('search').value.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const thread = byId<HTMLSelectElement>('filter-thread').value;
    const verdicts = all<HTMLInputElement>('input[name="verdict"]:checked', form).map(({ value }) => value);
    const rows = all<HTMLTableRowElement>('.ledger tbody tr');
    for (const row of rows) {
      const text = row.textContent!.toLowerCase();
      row.hidden = !(words.every((word) => text.includes(word)) && (thread === '' || row.dataset['thread'] === thread) && verdicts.includes(row.dataset['verdict']!));
    }
    const shown = rows.filter(({ hidden }) => !hidden).length;
    byId('shown-count').textContent = shown === rows.length ? `${shown} claims` : `${shown} of ${rows.length} claims`;
    byId('no-claims').hidden = shown > 0;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
}
