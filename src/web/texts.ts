// Every word the web shows, in English and Danish. The browser loads one language only, so each has its own file.

import type { Language } from '../domain/errors.ts';
import { da } from './texts/da.ts';
import { en } from './texts/en.ts';
import type { Texts } from './texts/type.ts';

export type { Texts } from './texts/type.ts';

export const TEXTS: Readonly<Record<Language, Texts>> = { en, da };
