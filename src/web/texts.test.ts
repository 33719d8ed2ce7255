import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_TABLE } from '../domain/errors.ts';
import { TEXTS } from './texts.ts';
import type { TroubleKind } from './trouble.ts';

/** Every text with its place in the catalogue; functions are called with values of the kinds they take. */
const flatten = (value: unknown, place = ''): readonly (readonly [string, string])[] => {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value === 'function') {
    const call = value as (...values: readonly unknown[]) => string;
    return [
      [`${place}(1)`, call(1, 1, 1)],
      [`${place}(2)`, call(2, 3, 4)],
    ];
  }
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, inner]) =>
    flatten(inner, `${place}.${key}`),
  );
};

/** The same in both languages, because the word is. */
const SAME = [
  '.photo.demo',
  '.find.filters.person',
  '.find.claims.person',
  '.demo.title',
  '.nav.system',
  '.config.text',
  '.system.health.terms.cpu',
  '.system.health.terms.disk',
  '.system.health.terms.program',
  '.oneCamera.terms.model',
  '.oneCamera.terms.firmware',
  '.oneCamera.terms.mac',
  '.mask.kinds.zone',
  '.oneCamera.seconds',
  '.oneCamera.percent',
  '.camera.blind',
  '.photo.size',
  '.photos.dayBefore',
  '.photos.dayAfter',
  '.foot.version',
  '.inbox.add.doors',
];

/** Looked up by the kind of trouble (see trouble.ts). */
const TROUBLES: ReadonlySet<string> = new Set<TroubleKind>([
  'notFound',
  'badRequest',
  'failed',
  'busy',
  'refused',
  'forbidden',
]);

describe('texts', () => {
  it('has one Danish word for a photo', () => {
    const sentences = [
      ...flatten(TEXTS.da),
      ...Object.entries(ERROR_TABLE).map(([code, { da }]) => [code, da] as const),
    ];
    expect(sentences.filter(([, text]) => /\bfoto/i.test(text))).toEqual([]);
  });

  it('has a Danish text of its own for every English one', () => {
    const danish = new Map(flatten(TEXTS.da));
    for (const [place, text] of flatten(TEXTS.en)) {
      const other = danish.get(place);
      expect(other, place).toBeTruthy();
      if (!SAME.some((same) => place.startsWith(same))) expect(other, place).not.toBe(text);
    }
    expect(danish.size).toBe(flatten(TEXTS.en).length);
  });

  it('is shown somewhere, text by text', () => {
    const folders = ['../../ui', '.', './pages', './auth', './api', './share', './uploads'].map(
      (path) => new URL(`${path}/`, import.meta.url),
    );
    const sources = folders
      .flatMap((folder) =>
        readdirSync(folder, { recursive: folder.pathname.endsWith('/ui/'), encoding: 'utf8' })
          .filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith('.test.ts'))
          .map((file) => readFileSync(new URL(file, folder), 'utf8')),
      )
      .join('\n');
    expect(sources.length).toBeGreaterThan(100_000);
    const isUsed = (group: string, name: string): boolean =>
      new RegExp(`\\.${name.replaceAll('-', '\\-')}\\b`).test(sources) || new RegExp(`\\b${group}\\[`).test(sources);
    const unused = flatten(TEXTS.en)
      .map(([place]) =>
        place
          .replace(/\(\d\)$/, '')
          .split('.')
          .slice(-2),
      )
      .filter(([group = '', name = '']) => !(group === 'trouble' && TROUBLES.has(name.replace(/Note$/, ''))))
      .filter(([group = '', name = '']) => !isUsed(group, name));
    expect(unused).toEqual([]);
  });

  it('counts one as one', () => {
    expect(TEXTS.en.photos.count(1)).toBe('1 photo');
    expect(TEXTS.da.photos.count(1)).toBe('1 billede');
    expect(TEXTS.en.camera.photosToday(1)).toBe('1 photo today');
    expect(TEXTS.da.sentence.blindSome(1)).toBe('1 kamera er blindt');
  });
});
