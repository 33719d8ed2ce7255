import { describe, expect, it } from 'vitest';
import {
  ERROR_TABLE,
  EXIT,
  errorText,
  isErrorCode,
  StillwatchError,
  type StillwatchErrorCode,
  toStillwatchError,
} from './errors.ts';
import { storageError } from './storage-error.ts';

const codes = Object.keys(ERROR_TABLE) as StillwatchErrorCode[];
const places = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();

describe('the error table', () => {
  it.each(codes)('%s: both languages have the same places, whole sentences, and a known exit code', (code) => {
    const row = ERROR_TABLE[code];
    expect(code).toMatch(/^SW_[A-Z]+(_[A-Z]+)*$/);
    // What is itself words has a Danish twin: {wanted}, {wantedDa}.
    const danish = places(row.da).map((place) => place.replace(/Da$/, ''));
    expect(new Set(danish)).toEqual(new Set(places(row.en)));
    expect(row.en).not.toBe(row.da);
    expect(Object.values(EXIT)).toContain(row.exit);
    expect(row.exit).not.toBe(EXIT.ok);
    // Sentences end, unless they end with the example the owner is to copy, or with a list of them.
    for (const text of [row.en, row.da]) expect(text).toMatch(/(?:[.?]|\{example\}\S*|\{problems\})$/);
  });

  it('has exit codes that scripts can tell apart', () => {
    expect(new Set(Object.values(EXIT)).size).toBe(Object.keys(EXIT).length);
  });

  it('knows its codes and no inherited names', () => {
    expect(isErrorCode('SW_STORE_FULL')).toBe(true);
    for (const name of ['toString', '__proto__', 'SW_NOPE', '']) expect(isErrorCode(name)).toBe(false);
  });
});

describe('an error', () => {
  it('says code, place and sentence, and never a credential', () => {
    const error = new StillwatchError(
      'SW_STORE_WRITE',
      { path: '/photos', detail: 'at rtsp://admin:canary@10.0.0.2/x' },
      { where: 'garden/sub run 3, rtsp://u:canary@h' },
    );
    expect(error.message).toBe(
      'SW_STORE_WRITE garden/sub run 3, rtsp://•••@h: ' + errorText('SW_STORE_WRITE', error.facts, 'en'),
    );
    expect(error.message).not.toContain('canary');
    expect(error.text('da')).toContain('/photos');
    expect(error.remedy).toBe('retry');
    expect(error.exit).toBe(EXIT.storage);
  });

  it('shows a missing fact as such', () => expect(errorText('SW_STORE_FULL', {}, 'en')).toContain(' in ?.'));

  it('is made of anything thrown, with its cause', () => {
    const known = new StillwatchError('SW_STORE_FULL');
    expect(toStillwatchError(known)).toBe(known);
    const cause = new Error('boom http://a:canary@h');
    expect(toStillwatchError(cause)).toMatchObject({ code: 'SW_UNEXPECTED', cause });
    expect(toStillwatchError(cause).message).not.toContain('canary');
    expect(toStillwatchError('text').message).toContain('text');
  });
});

describe('a failed file operation', () => {
  const failed = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });
  it.each([
    ['ENOSPC', 'SW_STORE_FULL'],
    ['EDQUOT', 'SW_STORE_FULL'],
    ['EFBIG', 'SW_STORE_FULL'],
    ['SQLITE_FULL', 'SW_STORE_FULL'],
    ['EIO', 'SW_STORE_WRITE'],
    ['EROFS', 'SW_STORE_WRITE'],
    ['EACCES', 'SW_STORE_WRITE'],
    ['SQLITE_IOERR_WRITE', 'SW_STORE_WRITE'],
  ])('%s is %s', (code, expected) => {
    const cause = failed(code);
    expect(storageError(cause, '/photos')).toMatchObject({ code: expected, cause, facts: { path: '/photos' } });
  });
  it('keeps an error that has its code already', () => {
    const known = new StillwatchError('SW_SPOOL_DAMAGED');
    expect(storageError(known, '/')).toBe(known);
    expect(storageError('odd', '/').facts).toMatchObject({ detail: 'odd' });
  });
});
