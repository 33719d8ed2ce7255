import { describe, expect, it } from 'vitest';
import { TEXTS } from './texts.ts';

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
  '.demo.title',
  '.nav.system',
  '.camera.blind',
  '.photo.size',
  '.photos.dayBefore',
  '.photos.dayAfter',
  '.foot.version',
];

describe('texts', () => {
  it('has a Danish text of its own for every English one', () => {
    const danish = new Map(flatten(TEXTS.da));
    for (const [place, text] of flatten(TEXTS.en)) {
      const other = danish.get(place);
      expect(other, place).toBeTruthy();
      if (!SAME.some((same) => place.startsWith(same))) expect(other, place).not.toBe(text);
    }
    expect(danish.size).toBe(flatten(TEXTS.en).length);
  });

  it('counts one as one', () => {
    expect(TEXTS.en.photos.count(1)).toBe('1 photo');
    expect(TEXTS.da.photos.count(1)).toBe('1 billede');
    expect(TEXTS.en.camera.photosToday(1)).toBe('1 photo today');
    expect(TEXTS.da.sentence.blindSome(1)).toBe('1 kamera er blindt');
  });
});
