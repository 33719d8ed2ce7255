// Areas of a picture that an owner drew, independent of resolution.

/** Fractions of the picture's width and height, 0..1, from the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** At least three corners; closed from the last to the first. */
export type Polygon = readonly Point[];

/** `ignored`: never motion. */
export type Sensitivity = 'ignored' | 'low' | 'normal' | 'high';

/** A mask is an area whose sensitivity is `ignored`; any other area is a zone. Later areas lie over earlier ones. */
export interface Area {
  readonly polygon: Polygon;
  readonly sensitivity: Sensitivity;
}

/** Even-odd rule: a point on the left or upper edge counts as inside. */
export const isInside = (polygon: Polygon, at: Point): boolean => {
  let inside = false;
  let previous = polygon.at(-1);
  for (const corner of polygon) {
    if (previous && corner.y > at.y !== previous.y > at.y) {
      const crossing = ((previous.x - corner.x) * (at.y - corner.y)) / (previous.y - corner.y) + corner.x;
      if (at.x < crossing) inside = !inside;
    }
    previous = corner;
  }
  return inside;
};
