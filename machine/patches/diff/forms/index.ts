import type { KnownForm } from '../known';
import { forms000 } from './000';
import { later000 } from './000-later';
import { forms002 } from './002';
import { forms003 } from './003';
import { forms004 } from './004';
import { forms100 } from './100';

/** Every form of a patch whose C is known by its digests. The text of thread 001's patch is lost. */
export const FORMS: readonly KnownForm[] = [...forms000, ...later000, ...forms002, ...forms003, ...forms004, ...forms100];
