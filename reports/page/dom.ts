// The few things that the page needs from the browser.

import type { Html } from '../html';

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

export function all<E extends HTMLElement>(selector: string, within: ParentNode = document): E[] {
  return [...within.querySelectorAll<E>(selector)];
}

export function draw(element: Element, content: Html): void {
  element.innerHTML = content.text;
}

const drawn = new WeakMap<Element, string>();

/** Draws `content` unless this function last drew the same there. If only rows of tables and entries of lists differ, only these are drawn. */
export function redraw(element: Element, content: Html): void {
  const before = drawn.get(element);
  if (before === content.text) return;
  drawn.set(element, content.text);
  if (before === undefined || !redrawRows(element, before, content.text)) draw(element, content);
}

/** A row of a table, or an entry of a list of terms. Neither contains another. */
const ROW = /<tr>.*?<\/tr>|<dt>.*?<\/dd>/gs;

function redrawRows(element: Element, before: string, after: string): boolean {
  const [old, rows] = [before.match(ROW) ?? [], after.match(ROW) ?? []];
  if (rows.length === 0 || old.length !== rows.length || before.replace(ROW, '') !== after.replace(ROW, '')) return false;
  const places = all('tr, dt', element);
  for (const [i, row] of rows.entries()) {
    if (row === old[i]) continue;
    if (row.startsWith('<dt>')) places[i]!.nextElementSibling!.remove();
    places[i]!.outerHTML = row;
  }
  return true;
}

/** Calls `act` for clicks inside `within` on elements that match `selector`, including those that are drawn later. */
export function onClick(within: Element, selector: string, act: (target: HTMLElement) => void): void {
  within.addEventListener('click', (event) => {
    const target = (event.target as Element).closest<HTMLElement>(selector);
    if (target && within.contains(target)) act(target);
  });
}

/** Offers `content` as a download. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Puts text on the clipboard, by whichever way the browser allows from file://. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/**
 * Scrolls only `box`, and no further than necessary; the first time, to bring the item to the middle.
 *
 * @param part of the item that must be visible over its whole width, such as its lane
 */
export function bringIntoView(box: HTMLElement, item: HTMLElement | undefined, nearest: boolean, part: HTMLElement | null | undefined = null): void {
  if (!item) return;
  const head = box.querySelector<HTMLElement>('.lane-heads')?.offsetHeight ?? 0;
  const [top, bottom] = [item.offsetTop, item.offsetTop + item.offsetHeight];
  const room = box.clientHeight - head;
  if (item.offsetHeight > room) box.scrollTop = top - head - 4;
  else if (!nearest) box.scrollTop = (top + bottom - box.clientHeight - head) / 2;
  else if (top < box.scrollTop + head) box.scrollTop = top - head - 4;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight + 4;
  if (!part) return;
  const [left, right] = [part.offsetLeft, part.offsetLeft + part.offsetWidth];
  if (left < box.scrollLeft) box.scrollLeft = left - 8;
  else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth + 8;
}
