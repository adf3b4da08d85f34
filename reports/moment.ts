// One moment of one run as an address: the program, the hunks, the schedule and the step, in words.
// It comes after the # of the page's address, and is the same for every build of the report.

import type { Request } from '../machine/situations/check';

export interface Moment {
  readonly request: Request;
  readonly schedule: string;
  /** The step that is shown, from 1; 0 is the beginning. */
  readonly step: number;
  /** The hunks of the kernel that is shown beside this one, as a selection; null for none. */
  readonly against: string | null;
  /** Another schedule to compare with, on the kernel that `against` names, otherwise on the same kernel; null for none. */
  readonly versus: string | null;
}

type Value = string | number | boolean;

/** `run&situation=…`, for the part of an address after the #. */
export function formatMoment({ request, schedule, step, against, versus = null }: Omit<Moment, 'versus'> & Partial<Pick<Moment, 'versus'>>): string {
  const parameters = Object.entries(request.parameters ?? {});
  const fields: readonly (readonly [string, string] | null)[] = [
    ['situation', request.situation],
    ['patches', request.patches],
    parameters.length > 0 ? ['parameters', parameters.map(([name, value]) => `${name}:${String(value).replace(/[%,]/g, encodeURIComponent)}`).join(',')] : null,
    request.invariants ? ['invariants', request.invariants.join(',')] : null,
    ...Object.entries(request.bounds ?? {}).map(([name, bound]) => [`bound.${name}`, String(bound)] as const),
    against === null ? null : ['against', against],
    versus === null ? null : ['versus', versus],
    ['schedule', schedule],
    ['step', String(step)],
  ];
  return ['run', ...fields.flatMap((field) => (field ? [`${field[0]}=${encode(field[1])}`] : []))].join('&');
}

/** The moment that an address names; null for one that names none. */
export function parseMoment(hash: string): Moment | null {
  const [head, ...rest] = hash.replace(/^#/, '').split('&');
  if (head !== 'run') return null;
  const fields = new Map(rest.map((field) => [field.slice(0, field.indexOf('=')), decode(field.slice(field.indexOf('=') + 1))]));
  const parameters = list(fields.get('parameters')).map((word): [string, Value] => [word.slice(0, word.indexOf(':')), valueOf(decode(word.slice(word.indexOf(':') + 1)))]);
  const bounds = [...fields].flatMap(([name, bound]) => (name.startsWith('bound.') ? [[name.slice('bound.'.length), Number(bound)] as const] : []));
  return {
    request: {
      situation: fields.get('situation') ?? '',
      patches: fields.get('patches') ?? 'all',
      ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }),
      ...(fields.has('invariants') && { invariants: list(fields.get('invariants')) }),
      ...(bounds.length > 0 && { bounds: Object.fromEntries(bounds) }),
    },
    schedule: fields.get('schedule') ?? '',
    step: Math.max(0, Math.trunc(Number(fields.get('step') ?? 0)) || 0),
    against: fields.get('against') ?? null,
    versus: fields.get('versus') ?? null,
  };
}

const list = (words: string | undefined): string[] => (words === undefined || words === '' ? [] : words.split(','));

/** `true`, `2` and `__flush_tlb` as a boolean, a number and a string. */
export function valueOf(word: string): Value {
  if (word === 'true' || word === 'false') return word === 'true';
  return word !== '' && String(Number(word)) === word ? Number(word) : word;
}

const encode = (words: string): string => encodeURIComponent(words).replace(/%(2C|3A|2F|40|3E)/g, (code) => decodeURIComponent(code)).replace(/%20/g, '+');

/** Decodes a part of an address; a part that is not encoded correctly stays as it is. */
export function decode(words: string): string {
  const spaced = words.replace(/\+/g, ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
