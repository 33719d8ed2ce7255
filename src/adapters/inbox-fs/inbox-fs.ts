// What is remembered of cameras that send by themselves, as one JSON file; and the films that the owner wants kept.
// Neither is a promise: the pictures are in the spool before anything is written here.

import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { civilTime, instantOf } from '../../domain/civil-time.ts';
import { type Contact, newContact, type Usage } from '../../domain/contact.ts';
import { DELIVERY_WAYS, isRefusal } from '../../domain/delivery.ts';
import { parseFilmName } from '../../domain/film.ts';
import { isCameraId } from '../../domain/ids.ts';
import { storageError, systemCode } from '../../domain/storage-error.ts';
import { type EpochMs, epochMs } from '../../domain/units.ts';
import type { ClipStore, ContactBook, KeptFilm } from '../../ports/inbox.ts';

const writeWhole = async (file: string, bytes: Uint8Array): Promise<void> => {
  const draft = `${file}.tmp`;
  const handle = await open(draft, 'w', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
};

const isTime = (value: unknown): value is EpochMs => typeof value === 'number' && Number.isFinite(value);

const usage = (value: unknown): Usage | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const { period, bytes, pictures } = value as Record<string, unknown>;
  if (typeof period !== 'string' || typeof bytes !== 'number' || typeof pictures !== 'number') return undefined;
  return { period, bytes, pictures };
};

/** A record that a disk or a hand has changed is begun anew rather than believed. */
const contact = (value: unknown): Contact | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const said = value as Record<string, unknown>;
  const { camera, visits, lastAt, lastWay, lastPictureAt, pictures, day, months, report, refusal } = said;
  const facts = said['said'];
  if (typeof camera !== 'string' || !isCameraId(camera)) return undefined;
  const fresh = newContact(camera);
  return {
    ...fresh,
    visits: Array.isArray(visits) ? visits.filter(isTime) : [],
    lastAt: isTime(lastAt) ? lastAt : undefined,
    lastWay: DELIVERY_WAYS.find((way) => way === lastWay),
    lastPictureAt: isTime(lastPictureAt) ? lastPictureAt : undefined,
    pictures: typeof pictures === 'number' ? pictures : 0,
    day: usage(day) ?? fresh.day,
    months: Array.isArray(months) ? months.map(usage).filter((each) => each !== undefined) : [],
    report: typeof report === 'object' && report !== null ? report : {},
    said: typeof facts === 'object' && facts !== null ? facts : {},
    refusal: isRefusal(refusal) ? refusal : undefined,
  };
};

export const fsContactBook = (file: string): ContactBook => ({
  async load() {
    try {
      const said: unknown = JSON.parse(await readFile(file, 'utf8'));
      return Array.isArray(said) ? said.map(contact).filter((each) => each !== undefined) : [];
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT' || thrown instanceof SyntaxError) return [];
      throw storageError(thrown, file);
    }
  },
  async save(contacts) {
    try {
      await writeWhole(file, Buffer.from(`${JSON.stringify(contacts)}\n`));
    } catch (thrown) {
      throw storageError(thrown, dirname(file));
    }
  },
});

/** Films as `<root>/<camera>/<day>/<time>-<hash>.<ending>`, days and times in UTC. */
export const fsClipStore = (root: string): ClipStore => ({
  async keep(camera, name, bytes) {
    const film = parseFilmName(name);
    if (!film) throw new TypeError(`not the name of a film: ${name}`);
    const folder = join(root, camera, film.day);
    try {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      await writeWhole(join(folder, film.file), bytes);
    } catch (thrown) {
      throw storageError(thrown, folder);
    }
  },
  async list(camera, { from, until, most = Number.POSITIVE_INFINITY } = {}) {
    const isWithin = (day: string): boolean =>
      (from === undefined || day >= civilTime(from, 'UTC').day) &&
      (until === undefined || day <= civilTime(until, 'UTC').day);
    const days = (await readdir(join(root, camera)).catch(() => [])).filter(isWithin);
    const films: KeptFilm[] = [];
    // By day, the last one first: of many years of films few are looked at.
    for (const day of days.toSorted().toReversed()) {
      const files = await readdir(join(root, camera, day)).catch(() => []);
      const found = files.flatMap((file) => {
        const name = `${day}_${file}`;
        const film = parseFilmName(name);
        return film && film.takenAt >= (from ?? film.takenAt) && film.takenAt <= (until ?? film.takenAt)
          ? [{ name, ...film }]
          : [];
      });
      const newest = found
        .sort((a, b) => b.takenAt - a.takenAt || (a.name < b.name ? 1 : -1))
        .slice(0, most - films.length);
      const sized = await Promise.all(
        newest.map(async ({ name, file, takenAt, ending }): Promise<readonly KeptFilm[]> => {
          // Between the listing and now it may have been swept.
          const { size } = await stat(join(root, camera, day, file)).catch(() => ({ size: undefined }));
          return size === undefined ? [] : [{ name, takenAt, ending, bytes: size }];
        }),
      );
      films.push(...sized.flat());
      if (films.length >= most) break;
    }
    return films;
  },
  async open(camera, name) {
    const film = parseFilmName(name);
    if (!film) return undefined;
    const path = join(root, camera, film.day, film.file);
    const size = await stat(path).then(
      (info) => info.size,
      () => undefined,
    );
    if (size === undefined) return undefined;
    return {
      bytes: size,
      read: ({ from, until }): AsyncIterable<Uint8Array> => createReadStream(path, { start: from, end: until - 1 }),
    };
  },
  async forget(camera, before) {
    const days = await readdir(join(root, camera)).catch(() => []);
    for (const day of days) {
      const last = instantOf(day, '23-59-59', 'UTC');
      if (last !== undefined && last < epochMs(before))
        await rm(join(root, camera, day), { recursive: true, force: true });
    }
  },
});
