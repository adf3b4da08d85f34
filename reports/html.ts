// HTML as a tagged template: values are escaped, lists are joined, null and false give
// nothing. Used for the static page and, in the browser, for what is drawn there.

export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Part = Html | string | number | false | null | undefined | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
}

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, i) => text + (i < parts.length ? render(parts[i]) : '')).join(''));
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return escape(String(part));
}

/** The prose of a feature: paragraphs, `code` and *stress*. */
export function prose(text: string): Html {
  const inline = (paragraph: string): Html => new Html(escape(paragraph)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/(^|\W)\*\*?([^*]+)\*\*?(?=\W|$)/g, '$1<em>$2</em>'));
  return html`${text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '').map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`;
}
