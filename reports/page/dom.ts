// The few things that the page asks of the browser.

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

/** Draws `content` unless it is what this function last drew there; whether it did. */
export function redraw(element: Element, content: Html): boolean {
  if (drawn.get(element) === content.text) return false;
  drawn.set(element, content.text);
  draw(element, content);
  return true;
}

/** Calls `act` for clicks inside `within` on what matches `selector`, also on what is drawn later. */
export function onClick(within: Element, selector: string, act: (target: HTMLElement) => void): void {
  within.addEventListener('click', (event) => {
    const target = (event.target as Element).closest<HTMLElement>(selector);
    if (target && within.contains(target)) act(target);
  });
}

/** Offers `content` as a file. */
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
