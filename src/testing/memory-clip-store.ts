import { parseFilmName } from '../domain/film.ts';
import type { CameraId } from '../domain/ids.ts';
import type { ClipStore, KeptFilm } from '../ports/inbox.ts';

/** Films in memory, as a camera's store keeps them. */
export const memoryFilms = (): ClipStore => {
  const films = new Map<CameraId, Map<string, Uint8Array>>();
  const listed = (camera: CameraId): readonly KeptFilm[] =>
    [...(films.get(camera) ?? [])].flatMap(([name, bytes]) => {
      const film = parseFilmName(name);
      return film ? [{ name, takenAt: film.takenAt, ending: film.ending, bytes: bytes.length }] : [];
    });
  return {
    keep: async (camera, name, bytes) => {
      films.set(camera, new Map(films.get(camera)).set(name, bytes));
    },
    list: async (camera, { from, until, most } = {}) =>
      listed(camera)
        .filter(({ takenAt }) => takenAt >= (from ?? takenAt) && takenAt <= (until ?? takenAt))
        .toSorted((a, b) => b.takenAt - a.takenAt || (a.name < b.name ? 1 : -1))
        .slice(0, most),
    open: async (camera, name) => {
      const bytes = films.get(camera)?.get(name);
      return (
        bytes && {
          bytes: bytes.length,
          async *read({ from, until }) {
            yield bytes.subarray(from, until);
          },
        }
      );
    },
    forget: async (camera, before) => {
      for (const { name, takenAt } of listed(camera)) if (takenAt < before) films.get(camera)?.delete(name);
    },
  };
};
