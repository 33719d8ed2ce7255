// The picture behind a simulated camera's snapshot address, with the faults that pictures have.

import type { ServerResponse } from 'node:http';
import type { FaultPanel } from './fault.ts';
import type { Persona } from './persona.ts';
import { simulatedPicture } from './picture.ts';

export interface SnapshotDeskParts {
  readonly persona: Persona;
  readonly faults: FaultPanel;
  /** What it shows; undefined: a plain picture of the persona's size. */
  readonly picture: ((role: 'main' | 'sub') => Promise<Uint8Array>) | undefined;
}

/** Answers whoever was let in. */
export const snapshotDesk = ({
  persona,
  faults,
  picture,
}: SnapshotDeskParts): ((response: ServerResponse) => Promise<void>) => {
  let taken = 0;
  let stale: Uint8Array | undefined;
  return async (response) => {
    if (faults.strikes('snapshot-redirect', 'snapshot')) {
      response.writeHead(302, { location: 'http://203.0.113.9/picture.jpg' });
      response.end();
      return;
    }
    const role = faults.strikes('snapshot-sub-size', 'snapshot') ? 'sub' : 'main';
    const { width, height } = persona[role];
    taken += 1;
    const fresh = picture ? await picture(role) : await simulatedPicture(width, height, `picture ${taken}`);
    const isStale = faults.strikes('snapshot-stale', 'snapshot');
    stale ??= fresh;
    let jpeg = isStale ? stale : fresh;
    if (!isStale) stale = fresh;
    if (faults.strikes('snapshot-cut', 'snapshot')) jpeg = jpeg.subarray(0, Math.floor(jpeg.length / 2));
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': String(jpeg.length) });
    response.end(jpeg);
  };
};
