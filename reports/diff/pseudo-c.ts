// Lines of a path as a reader of C expects them: not the text of the original, but what the path does, in C's
// spelling. The conversion works line by line, so a diff of paths becomes a diff in this spelling.

/** What C calls the instructions of the model. */
const INSTRUCTIONS: Readonly<Record<string, string>> = {
  movFromCr3: 'read_cr3', movToCr3: 'write_cr3', movFromCr4: 'read_cr4', movToCr4: 'write_cr4', cli: 'local_irq_disable', sti: 'local_irq_enable',
  pushf: 'local_save_flags', popf: 'local_irq_restore', invlpg: '__flush_tlb_one', mfence: 'smp_mb', sfence: 'smp_wmb', lfence: 'smp_rmb',
};

/** Arguments that a path needs and a C function does not. */
const HANDED = /\b(k|cpu|k\.cpu|this\.k|kernel)\b(?=\s*[,)])(, *)?/g;

const RULES: readonly (readonly [RegExp, string])[] = [
  [/^(\s*)(?:export )?const (\w+) = path\(function\* \w+\((.*)\): (?:Path|Call)(?:<.*>)? \{$/, '$1$2($3)\n$1{'],
  [/^(\s*)(?:export )?function\* (\w+)\((.*)\): .* \{$/, '$1$2($3)\n$1{'],
  [/^(\s*)(?:export )?function (\w+)\((.*)\)(?:: .*)? \{$/, '$1$2($3)\n$1{'],
  [/^(\s*)\}\);$/, '$1}'],
  [/\bawait |\byield\* /g, ''],
  [/\b(?:const|let) (\w+) = /g, '$1 = '],
  [/(\w+)!(?=[.)\],;])/g, '$1'],
  [/===/g, '=='], [/!==/g, '!='],
  [/\bnull\b/g, 'NULL'], [/\btrue\b/g, '1'], [/\bfalse\b/g, '0'],
  [/'([\w.]+)'/g, '$1'],
  [/\bk\.config\.(\w+)/g, 'CONFIG_$1'],
  [/\b(?:this\.)?k\.percpu\(\w*(?:\.\w+)?\)\./g, '__get_cpu_var.'],
  [/\b(?:this\.)?k\.current\b/g, 'current'],
  [/\b(?:k|this)\.(?=[a-z_]\w*)/g, ''],
];

/** One line of a path as one or two lines of C. */
function lineInC(line: string): string[] {
  const [, code = line, comment = ''] = /^(.*?)(\s*\/\/.*)?$/.exec(line)!;
  let text = code;
  for (const [pattern, words] of RULES) text = text.replace(pattern, words);
  text = text.replace(/\(([^()]*)\)\n/, (_, parameters: string) => `(${parameters.split(', ').map((each) => each.split(':')[0]!.trim()).filter((each) => !/^(k|cpu)$/.test(each)).join(', ')})\n`);
  text = text.replace(HANDED, '').replace(/, *\)/g, ')').replace(/\( +/g, '(');
  text = text.replace(/\b(\w+)\(/g, (whole, name: string) => (INSTRUCTIONS[name] ? `${INSTRUCTIONS[name]}(` : whole));
  text = text.replace(/\b([a-z_]\w*)\.(?![chS]\b)(?=[a-z_]\w*\b(?!\())/g, '$1->');
  return text.split('\n').map((each, i, all) => (i === all.length - 1 ? `${each}${comment}` : each));
}

/** The lines of a path in C's spelling. */
export function inC(lines: readonly string[]): string[] {
  return lines.flatMap(lineInC);
}
