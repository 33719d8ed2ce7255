import { describe, expect, it } from 'vitest';
import { chooseLanguage, prefersJson } from './language.ts';

describe('chooseLanguage', () => {
  it.each([
    ['nothing said: the site decides', undefined, undefined, undefined, 'da', 'da'],
    ['the browser prefers Danish', undefined, undefined, 'da-DK,da;q=0.9,en;q=0.8', 'en', 'da'],
    ['the browser prefers English', undefined, undefined, 'en-US,en;q=0.9,da;q=0.5', 'da', 'en'],
    ['weights decide, not the order', undefined, undefined, 'en;q=0.2, da;q=0.7', 'en', 'da'],
    ['a language that is refused', undefined, undefined, 'da;q=0, en', 'da', 'en'],
    ['a browser of neither language', undefined, undefined, 'fr-FR,fr;q=0.9', 'da', 'da'],
    ['a weight that is no number', undefined, undefined, 'da;q=x, en;q=0.1', 'da', 'en'],
    ['a choice made before', undefined, 'theme=x; lang=da', 'en', 'en', 'da'],
    ['a choice made before in no language of ours', undefined, 'lang=xx', 'en', 'da', 'en'],
    ['a cookie whose name only ends like ours', undefined, 'xlang=da', 'en', 'en', 'en'],
    ['asked for now', 'en', 'lang=da', 'da', 'da', 'en'],
    ['asked for now, not one of ours', 'xx', 'lang=da', 'en', 'en', 'da'],
    ['asked for twice', ['en', 'da'], undefined, 'da', 'en', 'da'],
  ] as const)('%s', (_, asked, cookie, acceptLanguage, fallback, language) => {
    expect(chooseLanguage({ asked, cookie, acceptLanguage }, fallback)).toBe(language);
  });
});

describe('prefersJson', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
    ['application/json', true],
    ['application/json, text/plain, */*', true],
    ['application/problem+json', true],
    ['text/html, application/json', false],
    ['text/html;q=0.5, application/json', true],
    ['application/json;q=0', false],
    ['image/avif,image/webp,*/*', false],
  ])('%s: %s', (accept, isJson) => {
    expect(prefersJson(accept)).toBe(isJson);
  });
});
