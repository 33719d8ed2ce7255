// A day's photos as the API gives them, in columns, put into groups by camera. Typed arrays: there may be thousands of them.

import type { StillKind } from '../../src/domain/still.ts';
import type { ChangeVerdict } from '../../src/domain/still-change.ts';
import type { DayView } from '../../src/web/wire-api.ts';
import { clampAspect } from './layout.ts';

/** A camera's photos of a day, newest first. */
export interface PhotoGroup {
  readonly camera: string;
  readonly aspects: Float32Array;
}

export interface DayPhoto {
  /** In the store: what its address and its page follow from. */
  readonly path: string;
  /** `HH-MM-SS` */
  readonly time: string;
  readonly verdict: ChangeVerdict | null;
  readonly kind: StillKind;
  readonly isFavourite: boolean;
}

export interface DayPhotos {
  /** Photos that are here. */
  readonly count: number;
  readonly groups: readonly PhotoGroup[];
  /** undefined: it is not here. */
  photo(group: number, at: number): DayPhoto | undefined;
  /** 0..23, of a photo whether it is here or not. */
  hour(group: number, at: number): number;
}

const TIME = 8;

export const dayPhotos = (view: DayView): DayPhotos => {
  const count = view.names.length;
  const [camera, shape] = [Uint16Array.from(view.camera), Uint16Array.from(view.shape)];
  const [kind, verdict] = [Uint8Array.from(view.kind), Int8Array.from(view.verdict)];
  const aspects = view.shapes.map(([width, height]) => clampAspect(width, height));
  const favourites = new Set(view.favourites);
  // A camera's photos may lie in two folders; they are one group all the same.
  const cameras = [...new Set(view.cameras)].sort();
  const sizes = cameras.map(() => 0);
  const groupAt = view.cameras.map((id) => cameras.indexOf(id));
  for (const place of camera) sizes[groupAt[place] ?? 0] = (sizes[groupAt[place] ?? 0] ?? 0) + 1;
  const members = sizes.map((size) => new Uint32Array(size));
  const filled = cameras.map(() => 0);
  for (let at = 0; at < count; at++) {
    const group = groupAt[camera[at] ?? 0] ?? 0;
    const place = filled[group] ?? 0;
    const list = members[group];
    if (list) list[place] = at;
    filled[group] = place + 1;
  }
  const groups = cameras.map((id, index): PhotoGroup => {
    const list = members[index] ?? new Uint32Array();
    return { camera: id, aspects: Float32Array.from(list, (at) => aspects[shape[at] ?? 0] ?? 0) };
  });
  const nameAt = (group: number, at: number): readonly [column: number, name: string] | undefined => {
    const column = members[group]?.[at];
    const name = column === undefined ? undefined : view.names[column];
    return column === undefined || name === undefined ? undefined : [column, name];
  };
  return {
    count,
    groups,
    hour: (group, at) => Number(nameAt(group, at)?.[1].slice(0, 2) ?? Number.NaN),
    photo(group, at) {
      const found = nameAt(group, at);
      if (!found) return undefined;
      const [column, name] = found;
      return {
        path: `${view.folders[camera[column] ?? 0] ?? ''}${name.includes('.') ? name : `${name}.jpg`}`,
        time: name.slice(0, TIME),
        verdict: view.verdicts[verdict[column] ?? -1] ?? null,
        kind: view.kinds[kind[column] ?? 0] ?? 'calm',
        isFavourite: favourites.has(column),
      };
    },
  };
};
