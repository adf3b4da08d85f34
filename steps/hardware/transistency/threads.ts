// Every way for one CPU to do its part of a program: where the handlers come, and where walks take place.
// A walk may come long before the access that uses it, but not before the last INVLPG. It sets A, which others see even if no
// access follows; the first store through an entry that is not known to be dirty walks again, and sets D.

import { placesIn } from './combine';
import type { Family, Latitude, Op } from './operations';

/** What a page-table entry leads to, and its marks. `-` is an entry that is not present. */
export interface Entry {
  readonly frame: 'a' | 'b' | '-';
  readonly A: boolean;
  readonly D: boolean;
}

export type Word = 'upper' | 'entry' | 'a' | 'b' | 'c' | 'x';

export interface Event {
  readonly cpu: number;
  readonly op: Op | 'walk' | 'walk above' | 'fault' | 'send' | 'answered' | 'handler';
  readonly reads: boolean;
  readonly writes: boolean;
  /** The word, if it does not depend on a translation. */
  readonly word: Word | null;
  /** The place of the operation: `0#2` is the third one of the first CPU. */
  readonly name: string;
  /** For `ld` and `st`: the walk that it uses. */
  readonly walk: Event | null;
  /** Which flush it belongs to. */
  readonly flush: number;
  /** For a walk: whether it ends at what it finds, and which marks it adds. */
  readonly suits: ((found: Entry) => boolean) | null;
  readonly adds: 'A' | 'AD' | '';
  /** For a walk of the upper entry: whether that leads to the other table. */
  readonly lifted: boolean;
}

/** What a CPU has done so far, in program order. */
interface Sofar {
  readonly events: readonly Event[];
  /** After how many events a translation, and upper entries, may have been loaded. */
  readonly dropped: number;
  readonly droppedAbove: readonly number[];
  /** The translation that it uses, once it has one. */
  readonly walk: Event | null;
  readonly dirty: boolean;
  readonly flushes: number;
  readonly ended: boolean;
}

const NOTHING: Sofar = { events: [], dropped: 0, droppedAbove: [0], walk: null, dirty: false, flushes: 0, ended: false };
const PRESENT = ({ frame }: Entry): boolean => frame !== '-';

/** @param handlers how many flushes of others it answers */
export function threadsOf(ops: readonly Op[], cpu: number, handlers: number, family: Family, latitude: Latitude): Event[][] {
  const make = (op: Event['op'], more: Partial<Event> = {}): Event => ({
    cpu, op, reads: false, writes: false, word: null, name: '', walk: null, flush: 0, suits: null, adds: '', lifted: false, ...more,
  });
  const walkOf = (suits: Event['suits'], adds: Event['adds']): Event => make('walk', { reads: true, writes: adds !== '', word: 'entry', suits, adds });

  /** `sofar` with one more event at `at`. */
  const withAt = (sofar: Sofar, at: number, event: Event): Sofar => ({ ...sofar, events: [...sofar.events.slice(0, at), event, ...sofar.events.slice(at)] });
  const then = (sofar: Sofar, ...events: Event[]): Sofar => ({ ...sofar, events: [...sofar.events, ...events] });

  /** Drops the page's translation and the upper entries; a walk that nothing has used may have left its mark. */
  function dropping(sofar: Sofar, event: Event | null): Sofar[] {
    const unused = family.marks && sofar.walk === null;
    const ways = unused ? [sofar, ...placesIn(sofar.dropped, sofar.events.length).map((at) => withAt(sofar, at, walkOf((found) => PRESENT(found) && !found.A, 'A')))] : [sofar];
    return ways.map((way) => {
      const after = event === null ? way : then(way, event);
      const now = after.events.length;
      return { ...after, dropped: now, droppedAbove: [now], walk: null, dirty: false };
    });
  }

  /** Loads a translation at each place where that is possible. */
  function loading(sofar: Sofar): Sofar[] {
    if (sofar.walk !== null) return [sofar];
    const places = placesIn(sofar.dropped, sofar.events.length);
    if (family.levels) return places.flatMap((at) => loadingLevels(sofar, at));
    const kinds: { readonly walk: Event; readonly dirty: boolean }[] = family.marks
      ? [
          { walk: walkOf((found) => PRESENT(found) && found.A && !found.D, ''), dirty: false },
          { walk: walkOf((found) => PRESENT(found) && found.A && found.D, ''), dirty: true },
          { walk: walkOf((found) => PRESENT(found) && !found.A, 'A'), dirty: false },
        ]
      : [{ walk: walkOf(PRESENT, ''), dirty: true }];
    return places.flatMap((at) => kinds.map(({ walk, dirty }) => ({ ...withAt(sofar, at, walk), walk, dirty })));
  }

  /** The upper entry is read after the last INVLPG of any page before `at`; if it leads to the other table, that has only one translation. */
  function loadingLevels(sofar: Sofar, at: number): Sofar[] {
    const above = sofar.droppedAbove.filter((since) => since <= at).at(-1)!;
    const read = (lifted: boolean): Event => make('walk above', { reads: true, word: 'upper', lifted });
    return placesIn(above, at).flatMap((place): Sofar[] => {
      const lifted = read(true);
      const walk = walkOf(PRESENT, '');
      return [
        { ...withAt(sofar, place, lifted), walk: lifted, dirty: true },
        { ...withAt(withAt(sofar, at, walk), place, read(false)), walk, dirty: true },
      ];
    });
  }

  /** The access finds no translation, and the entry is not present: a page fault, which ends the program. */
  function faulting(sofar: Sofar): Sofar[] {
    if (!family.marks || sofar.walk !== null) return [];
    return [{ ...then(sofar, walkOf((found) => !PRESENT(found), ''), make('fault')), dropped: sofar.events.length + 2, droppedAbove: [0], ended: true }];
  }

  /** A store through a translation that is not known to be dirty. */
  function dirtying(sofar: Sofar): Sofar[] {
    if (sofar.dirty) return [sofar];
    const going = [walkOf((found) => PRESENT(found) && found.D, ''), walkOf((found) => PRESENT(found) && !found.D, 'AD')];
    const ending = latitude.stray
      ? [walkOf((found) => !PRESENT(found) && found.D, ''), walkOf((found) => !PRESENT(found) && !found.D, 'AD')]
      : [walkOf((found) => !PRESENT(found), '')];
    return [
      ...going.map((walk) => ({ ...then(sofar, walk), walk, dirty: true })),
      ...ending.map((walk) => {
        const after = then(sofar, walk, make('fault'));
        return { ...after, walk: null, dirty: false, dropped: after.events.length, ended: true };
      }),
    ];
  }

  function perform(sofar: Sofar, op: Op, name: string): Sofar[] {
    const plain = (more: Partial<Event>): Sofar[] => [then(sofar, make(op, { name, ...more }))];
    switch (op) {
      case 'map': return plain({ writes: true, word: 'entry' });
      case 'lift': return plain({ writes: true, word: 'upper' });
      case 'poke': return plain({ writes: true, word: 'a' });
      case 'look': return plain({ reads: true, word: 'entry' });
      case 'clear': return plain({ reads: true, writes: true, word: 'entry' });
      case 'xchg': return plain({ reads: true, writes: true, word: 'x' });
      case 'fence': return plain({});
      case 'inv': return dropping(sofar, make(op));
      case 'beside': return [{ ...then(sofar, make(op)), droppedAbove: [...sofar.droppedAbove, sofar.events.length + 1] }];
      case 'flush': return [{ ...then(sofar, make('send', { reads: true, flush: sofar.flushes }), make('answered', { reads: true, flush: sofar.flushes })), flushes: sofar.flushes + 1 }];
      case 'ld': return [...faulting(sofar), ...loading(sofar).map((way) => then(way, make(op, { name, reads: true, walk: way.walk })))];
      case 'st': {
        const ways = loading(sofar).flatMap(dirtying);
        return [...faulting(sofar), ...ways.map((way) => (way.ended ? way : then(way, make(op, { name, writes: true, walk: way.walk }))))];
      }
    }
  }

  function rest(sofar: Sofar, at: number, handled: number): Event[][] {
    const answering = handled < handlers ? dropping(sofar, make('handler', { flush: handled })).flatMap((way) => rest(way, at, handled + 1)) : [];
    if (sofar.ended || at === ops.length) return handled < handlers ? answering : dropping(sofar, null).map(({ events }) => [...events]);
    return [...answering, ...perform(sofar, ops[at]!, `${cpu}#${at}`).flatMap((way) => rest(way, at + 1, handled))];
  }

  return rest(NOTHING, 0, 0);
}
