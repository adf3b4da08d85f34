// How lines of C are compared: first everything that mail programs, backports and renamed
// folders change is removed, and of what is left only the digest is known here.

/** A line without what does not matter: white space, the backslash of a macro, comments, and HTML entities such as `&lt;`. */
export function normalised(line: string): string {
  return line
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;|&#34;/g, '"').replace(/&apos;|&#39;/g, "'").replace(/&amp;/g, '&')
    .replace(/\/\*.*?\*\//g, '')
    .replace(/\/\/.*$/, '')
    .replace(/\s+/gu, '')
    .replace(/\\$/, '');
}

/** Lines that are in every patch and do not tell patches apart. */
const COMMON: ReadonlySet<string> = new Set(['else', '}else', '}else{', 'else{', '#else', '#endif', 'return;', 'break;', 'returnret;', 'return0;', 'inti;']);

/** Whether a normalised line is characteristic of its patch. */
export function isTelling(text: string): boolean {
  return /[A-Za-z0-9]/.test(text) && !COMMON.has(text);
}

/** Whether a raw line is nothing but comment, as far as the line itself shows it. */
export function isComment(line: string): boolean {
  return /^\s*(\/\*(?!.*\*\/\s*\S)|\*\/|\*(\s|$))/.test(line);
}

/** Eight hexadecimal digits for a normalised line: FNV-1a over its UTF-16 units. */
export function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

/** A file of a kernel tree, whichever way the tree was laid out at the time. */
export interface TreeFile {
  /** `kernel/vmi.c`, `asm/tlbflush.h`, `mm/Kconfig` */
  readonly name: string;
  /** Which of the two x86 trees it was in, where the path says so. */
  readonly width: '32' | '64' | null;
}

/**
 * The file that a path in a diff stands for. `arch/i386/kernel/vmi.c`, `a/arch/x86/kernel/vmi_32.c` and
 * `linux-2.6/arch/x86/kernel/vmi_32.c.orig` are one file; the headers below `include/asm-i386` moved to
 * `arch/x86/include/asm`.
 */
export function treeFile(path: string): TreeFile {
  const clean = path.replace(/^"|"$/g, '').replace(/\.orig$/, '');
  const width = /(^|\/)(arch|asm)[/-]i386\/|_32\.[chS]$/.test(clean) ? '32' : /(^|\/)(arch|asm)[/-]x86_64\/|_64\.[chS]$/.test(clean) ? '64' : null;
  const name = clean
    .replace(/^(?:.*?\/)??(?=(arch|include)\/)|^(?:.*?\/)??(?=(mm|kernel|drivers|fs|lib|init)\/)/, '')
    .replace(/^include\/asm-(i386|x86_64|x86|generic)\//, 'asm/')
    .replace(/^arch\/(i386|x86_64|x86)\/include\/asm\//, 'asm/')
    .replace(/^arch\/(i386|x86_64|x86)\//, 'x86/')
    .replace(/_(32|64)(?=\.[chS]$)/, '');
  return { name, width };
}

/**
 * Whether two paths can mean one file: the names are equal, or one of them begins in a folder above or below the tree, and they are not in
 * different x86 trees.
 */
export function isSameFile(one: TreeFile, other: TreeFile): boolean {
  return (one.name === other.name || one.name.endsWith(`/${other.name}`) || other.name.endsWith(`/${one.name}`)) && (one.width === null || other.width === null || one.width === other.width);
}
