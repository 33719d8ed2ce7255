// Which language a request is answered in: what was asked for, what was chosen before, what the browser prefers, the site's.

import type { Language } from '../domain/errors.ts';

export const LANGUAGE_COOKIE = 'lang';

export const isLanguage = (value: unknown): value is Language => value === 'en' || value === 'da';

interface Wish {
  /** `?lang=` */
  readonly asked: unknown;
  readonly cookie: string | undefined;
  readonly acceptLanguage: string | undefined;
}

const fromCookie = (cookie: string | undefined): Language | undefined => {
  const value = cookie
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === LANGUAGE_COOKIE)?.[1];
  return isLanguage(value) ? value : undefined;
};

interface Ranged {
  readonly name: string;
  readonly quality: number;
}

/** The items of an Accept-like header with their weights, best first (RFC 9110 12.4.2). */
export const ranked = (header: string): readonly Ranged[] =>
  header
    .split(',')
    .map((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      const quality = weight === undefined ? 1 : Number(weight);
      return { name, quality: Number.isFinite(quality) ? quality : 0 };
    })
    .filter(({ name, quality }) => name !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality);

const fromBrowser = (acceptLanguage: string | undefined): Language | undefined => {
  for (const { name } of ranked(acceptLanguage ?? '')) {
    const language = name.split('-')[0];
    if (isLanguage(language)) return language;
  }
  return undefined;
};

export const chooseLanguage = (wish: Wish, fallback: Language): Language =>
  isLanguage(wish.asked) ? wish.asked : (fromCookie(wish.cookie) ?? fromBrowser(wish.acceptLanguage) ?? fallback);

/** True when `Accept` prefers JSON to HTML. `*\/*` (curl, feed readers) gets what people get. */
export const prefersJson = (accept: string | undefined): boolean => {
  for (const { name } of ranked(accept ?? '')) {
    if (name === 'text/html' || name === '*/*' || name === 'text/*') return false;
    if (name === 'application/json' || name.endsWith('+json')) return true;
  }
  return false;
};
