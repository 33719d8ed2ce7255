// Masks and zones in the words of the owner's document, as the areas that motion detection works with.

import type { Area, Polygon, Sensitivity } from './geometry.ts';

export type Corner = readonly [x: number, y: number];
export type WholeSensitivity = Exclude<Sensitivity, 'ignored'>;

/** An area that was drawn and named. Default: it counts now. */
export interface DrawnMask {
  readonly polygon: readonly Corner[];
  readonly enabled?: boolean | undefined;
}

export interface DrawnZone extends DrawnMask {
  /** Default: normal. */
  readonly sensitivity?: WholeSensitivity | undefined;
}

export interface DrawnAreas {
  readonly masks?: Readonly<Record<string, DrawnMask>> | undefined;
  readonly zones?: Readonly<Record<string, DrawnZone>> | undefined;
}

const WHOLE: Polygon = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

const isOn = ({ enabled = true }: DrawnMask): boolean => enabled;
const cornersOf = ({ polygon }: DrawnMask): Polygon => polygon.map(([x, y]) => ({ x, y }));

/** Later areas lie over earlier ones: the whole picture, the zones as they were written, the masks. */
export const areasOf = ({ masks = {}, zones = {} }: DrawnAreas, sensitivity: WholeSensitivity): readonly Area[] => [
  ...(sensitivity === 'normal' ? [] : [{ polygon: WHOLE, sensitivity }]),
  ...Object.values(zones)
    .filter(isOn)
    .map((zone): Area => ({ polygon: cornersOf(zone), sensitivity: zone.sensitivity ?? 'normal' })),
  ...Object.values(masks)
    .filter(isOn)
    .map((mask): Area => ({ polygon: cornersOf(mask), sensitivity: 'ignored' })),
];
