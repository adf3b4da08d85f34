// Undoes what mail programs and editors do to a diff: encodings, quotation marks, indentation,
// blanks that are none.

/** A line of a text. */
export interface Raw {
  /** How many quotation marks precede it. */
  readonly depth: number;
  readonly text: string;
}

/** The lines of a text without its encoding and without marks before the lines. */
export function linesOfMail(text: string): Raw[] {
  const lines = plain(text).split(/\r*\n|\r/).map(unquoted);
  const mark = markOf(lines);
  return mark === '' ? lines : lines.map(({ depth, text: line }) => (line.startsWith(mark) ? { depth: depth + 1, text: line.slice(mark.length) } : { depth, text: line }));
}

/** Removes `> ` and `>> `. */
function unquoted(line: string): Raw {
  const marks = /^(?:> ?)+/.exec(line)?.[0] ?? '';
  return { depth: marks.replace(/ /g, '').length, text: line.slice(marks.length) };
}

/** What precedes every line if the whole diff is indented, or quoted as in `| ` or `ZA> `. */
function markOf(lines: readonly Raw[]): string {
  const headers = lines.flatMap(({ text }, i) => /^(.{0,12}?)--- \S/.exec(text)?.slice(1).filter((mark) => lines[i + 1]?.text.startsWith(`${mark}+++ `)) ?? []);
  return headers.includes('') ? '' : headers.find((mark) => /^[ \t]+$|^[ \t]*(\||\w{1,4}>)[ \t]*$/.test(mark)) ?? '';
}

function plain(text: string): string {
  return fromQuotedPrintable(fromBase64(text.replace(/\0/g, '').replace(/^\ufffd+/, '')))
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/^((?:> ?)*)[\u2010-\u2015\u2212]/gm, '$1-')
    // Editors join two of the three hyphens, or all.
    .replace(/^((?:> ?)*)-[-\u2010-\u2015\u2212]? (?=\S.*\r?\n(?:> ?)*\+\+\+ \S)/gm, '$1--- ')
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '');
}

/** Decodes the parts of a mail that are in base64. */
function fromBase64(text: string): string {
  return text.replace(/^(Content-Transfer-Encoding:[ \t]*base64[ \t]*\r?\n(?:[\w-]+:.*\r?\n|[ \t]+\S.*\r?\n)*\r?\n)((?:[A-Za-z0-9+/=]+\r?\n)+)/gim, (whole, header: string, body: string) => {
    try {
      return `${header}${atob(body.replace(/\s/g, ''))}\n`;
    } catch {
      return whole;
    }
  });
}

/** Decodes quoted-printable; any other text is returned as it is. */
function fromQuotedPrintable(text: string): string {
  if (!isQuotedPrintable(text)) return text;
  return text.replace(/=[ \t]*\r?\n/g, '').replace(/(?:=[0-9A-F]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes.replaceAll('=', '%'));
    } catch {
      return codes.replace(/=(..)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
    }
  });
}

/** Whether no changed line has an equals sign that is not encoded, although some have one. */
function isQuotedPrintable(text: string): boolean {
  if (/^Content-Transfer-Encoding:[ \t]*quoted-printable/im.test(text)) return true;
  if (!/=(3D|09|20)/i.test(text)) return false;
  return /=\r?\n/.test(text) || text.split('\n').filter((line) => /^(> ?)*[+-]/.test(line)).every((line) => !/=(?![0-9A-F]{2}|\s*$)/i.test(line));
}
