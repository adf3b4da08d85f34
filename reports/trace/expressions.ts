// Expressions over the state that a reader can watch, as in `cpu0.cr3 != current.mm.pgd`: names of cells,
// numbers and words, compared and combined. A name may follow a cell that points to something: `rq0.curr.mm`
// is the mm of the task that the run queue has as its current one, and `current` is the task that runs on cpu0.

/** An expression that cannot be read. */
export class ExpressionError extends Error {}

/** Values of cells by name; undefined for what does not exist. */
export type Cells = (cell: string) => string | undefined;

/** A parsed expression: gives its value at one moment, as words. Comparisons give `true` and `false`. */
export type Expression = (cells: Cells) => string;

/** Says how often a watched expression changes, given its value at every moment of a run. */
export function changesOf(words: string, values: readonly string[]): string {
  const changes = values.filter((value, moment) => moment > 0 && value !== values[moment - 1]).length;
  return changes === 0 ? `${words}: ${values[0]!} throughout this run` : `${words}: changes ${changes === 1 ? 'once' : `${changes} times`} in this run`;
}

const TOKEN = /\s*(?:(&&|\|\||==|!=|<=|>=|<|>|!|\(|\))|'([^']*)'|"([^"]*)"|([^\s&|=!<>()'"]+(?:\[[^\]]*\])?[^\s&|=!<>()'"]*))/y;

interface Token {
  readonly kind: 'sign' | 'text' | 'name';
  readonly words: string;
}

/**
 * Reads an expression.
 *
 * @throws ExpressionError that names the word which cannot be read
 */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  const isSign = (...signs: string[]): boolean => tokens[at]?.kind === 'sign' && signs.includes(tokens[at]!.words);
  const binary = (next: () => Expression, signs: readonly string[], join: (sign: string, one: string, other: string) => string) => (): Expression => {
    let left = next();
    while (isSign(...signs)) {
      const sign = tokens[at++]!.words;
      const [one, other] = [left, next()];
      left = (cells) => join(sign, one(cells), other(cells));
    }
    return left;
  };
  const operand = (): Expression => {
    const token = tokens[at++];
    if (!token) throw new ExpressionError(`"${text}" ends too early; expressions look like cpu0.cr3 != current.mm.pgd`);
    if (token.kind === 'text') return () => token.words;
    if (token.kind === 'name') return (cells) => valueOf(token.words, cells);
    if (token.words === '!') {
      const inner = operand();
      return (cells) => String(!isTrue(inner(cells)));
    }
    if (token.words !== '(') throw new ExpressionError(`cannot read "${token.words}" in "${text}"; expressions look like cpu0.cr3 != current.mm.pgd`);
    const inner = disjunction();
    if (!isSign(')')) throw new ExpressionError(`a ")" is missing in "${text}"`);
    at++;
    return inner;
  };
  const comparison = binary(operand, ['==', '!=', '<', '<=', '>', '>='], compare);
  const conjunction = binary(comparison, ['&&'], (_, one, other) => String(isTrue(one) && isTrue(other)));
  const disjunction = binary(conjunction, ['||'], (_, one, other) => String(isTrue(one) || isTrue(other)));
  const whole = disjunction();
  if (at < tokens.length) throw new ExpressionError(`cannot read "${tokens[at]!.words}" in "${text}"; expressions look like cpu0.cr3 != current.mm.pgd`);
  return whole;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new ExpressionError(`cannot read "${text.slice(from).trim()}"; expressions look like cpu0.cr3 != current.mm.pgd`);
    const [, sign, single, double, name] = match;
    tokens.push(sign !== undefined ? { kind: 'sign', words: sign } : name !== undefined ? { kind: 'name', words: name } : { kind: 'text', words: single ?? double! });
  }
  if (tokens.length === 0) throw new ExpressionError('an expression is missing; expressions look like cpu0.cr3 != current.mm.pgd');
  return tokens;
}

const isTrue = (value: string): boolean => value !== 'false' && value !== '0' && value !== 'NULL' && value !== '';

/** A number is itself, a cell what it holds, and any other word a word. */
function valueOf(name: string, cells: Cells): string {
  return lookUp(name, cells) ?? name;
}

function lookUp(name: string, cells: Cells): string | undefined {
  const exact = cells(name);
  if (exact !== undefined) return exact;
  if (name === 'current') return cells('rq0.curr') ?? cells('cpu0.context');
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const thing = lookUp(name.slice(0, dot), cells);
    if (thing !== undefined) return lookUp(`${thing}${name.slice(dot)}`, cells);
  }
  return undefined;
}

function compare(sign: string, one: string, other: string): string {
  const [left, right] = [numberOf(one), numberOf(other)];
  if (left === null || right === null) {
    if (sign === '==') return String(one === other);
    if (sign === '!=') return String(one !== other);
    return 'false';
  }
  switch (sign) {
    case '==': return String(left === right);
    case '!=': return String(left !== right);
    case '<': return String(left < right);
    case '<=': return String(left <= right);
    case '>': return String(left > right);
    default: return String(left >= right);
  }
}

const numberOf = (words: string): bigint | null => (/^(0x[0-9a-f]+|\d+)$/i.test(words) ? BigInt(words) : null);
