// The part of JSON Schema that machine/cli/json.schema.json uses.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const KNOWN = new Set(['$ref', 'type', 'const', 'enum', 'minimum', 'items', 'anyOf', 'oneOf', 'properties', 'required', 'additionalProperties', '$defs', '$schema', 'title', 'description']);

/** The schema of what the commands print. */
export const jsonSchema = (): Schema => JSON.parse(readFileSync(join(__dirname, '..', '..', 'machine', 'cli', 'json.schema.json'), 'utf8')) as Schema;

/** How `value` violates `schema`, with the places; empty if it does not. */
export function violations(root: Schema, value: unknown, schema: Schema = root, at = 'it'): string[] {
  const strange = Object.keys(schema).filter((word) => !KNOWN.has(word));
  if (strange.length > 0) throw new Error(`the schema uses ${strange.join(', ')}, which is not understood here`);
  if (schema.$ref !== undefined) return violations(root, value, root.$defs![schema.$ref.replace('#/$defs/', '').replaceAll('~1', '/')]!, at);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const tried = choices.map((choice) => violations(root, value, choice, at));
    const fitting = tried.filter((each) => each.length === 0).length;
    return fitting === 1 || (schema.anyOf && fitting > 0) ? [] : [`${at} fits ${fitting} of ${choices.length} forms`];
  }
  const found: string[] = [];
  if ('const' in schema && value !== schema.const) found.push(`${at} is ${JSON.stringify(value)}, not ${JSON.stringify(schema.const)}`);
  if (schema.enum && !schema.enum.includes(value)) found.push(`${at} is ${JSON.stringify(value)}, none of ${JSON.stringify(schema.enum)}`);
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(value, type))) return [...found, `${at} is not of type ${[schema.type].flat().join(' or ')}`];
  if (schema.minimum !== undefined && (value as number) < schema.minimum) found.push(`${at} is below ${schema.minimum}`);
  if (Array.isArray(value)) return [...found, ...value.flatMap((item, i) => (schema.items ? violations(root, item, schema.items, `${at}[${i}]`) : []))];
  if (typeof value !== 'object' || value === null) return found;
  const fields = value as Readonly<Record<string, unknown>>;
  found.push(...(schema.required ?? []).filter((name) => !(name in fields)).map((name) => `${at} lacks "${name}"`));
  for (const [name, field] of Object.entries(fields)) {
    const own = schema.properties?.[name];
    if (own) found.push(...violations(root, field, own, `${at}.${name}`));
    else if (schema.additionalProperties === false) found.push(`${at} has "${name}", which the schema does not know`);
    else if (typeof schema.additionalProperties === 'object') found.push(...violations(root, field, schema.additionalProperties, `${at}.${name}`));
  }
  return found;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array': return Array.isArray(value);
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'null': return value === null;
    case 'integer': return Number.isInteger(value);
    default: return typeof value === type;
  }
}
