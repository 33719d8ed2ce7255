// The demo camera of a real site: there by one click, beside the others, and gone with its photos by another. A file in the state
// folder says that it is wanted, so that a restart finds it again.

import { rm, stat, writeFile } from 'node:fs/promises';
import type { Camera } from '../../../domain/camera.ts';
import { type CameraId, cameraId } from '../../../domain/ids.ts';
import { type Ms, ms, seconds } from '../../../domain/units.ts';
import type { Catalog } from '../../../ports/catalog.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Spool } from '../../../ports/spool.ts';
import type { DemoCamera } from '../../../web/api/parts.ts';
import type { CaptureSupervisor } from '../../capture-children.ts';
import { type DemoSite, openDemoSite } from '../../demo-site.ts';

/** No owner's camera is called so: `suggestId` and the document would have to choose it on purpose. */
const DEMO = cameraId('demo-camera');
const ROWS_AT_ONCE = 500;
/** A photo in flight takes seconds; with a capture process that hangs or died, what is there is taken away without it. */
const FLIGHT: Ms = seconds(20);
/** How often it is looked whether the last photo has left the spool. */
const LOOK_EVERY: Ms = ms(100);

export interface DemoSwitchParts {
  /** The file that says it is wanted. */
  readonly mark: string;
  readonly catalog: Pick<Catalog, 'list' | 'hold' | 'days'>;
  readonly capture: Pick<CaptureSupervisor, 'watch' | 'unwatch'>;
  readonly spool: Pick<Spool, 'pending'>;
  readonly clock: Clock;
  /** The cameras are others now. */
  readonly onChange: () => void;
  /** Photos are to be taken away. */
  readonly onRemoved: () => void;
}

export interface DemoSwitch extends DemoCamera, AsyncDisposable {
  readonly cameras: readonly Camera[];
  /** Nobody watches this camera any more, and its photo in flight is finished. */
  unwatched(camera: CameraId): void;
  /** As it was before the program ended. */
  resume(): Promise<void>;
}

export const demoSwitch = (parts: DemoSwitchParts): DemoSwitch => {
  const { mark, catalog, capture, clock } = parts;
  let site: DemoSite | undefined;
  let last: Promise<unknown> = Promise.resolve();
  /** One wish after the other. */
  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  let isOver: (() => void) | undefined;
  /** Until the camera's last photo is where it can be taken away: taken, or missed, and no longer on its way to the store. */
  const landed = async (): Promise<void> => {
    const limit = AbortSignal.timeout(FLIGHT);
    const over = new Promise<void>((resolve) => {
      isOver = resolve;
      limit.addEventListener('abort', () => resolve());
    });
    capture.unwatch(DEMO);
    await over;
    while (!limit.aborted && (await parts.spool.pending()).some(({ facts }) => facts.camera === DEMO)) {
      await clock.sleep(LOOK_EVERY, limit).catch(() => undefined);
    }
  };

  const open = async (): Promise<void> => {
    if (site) return;
    site = await openDemoSite(DEMO);
    capture.watch(site.camera);
    parts.onChange();
  };
  const close = async (): Promise<void> => {
    const own = site;
    site = undefined;
    await own?.[Symbol.asyncDispose]();
  };

  return {
    get cameras() {
      return site ? [site.camera] : [];
    },
    unwatched(camera) {
      if (camera === DEMO) isOver?.();
    },
    isOn: () => site !== undefined,
    async photos() {
      const days = await catalog.days();
      return days.filter(({ camera }) => camera === DEMO).reduce((sum, { covers }) => sum + covers, 0);
    },
    start: () =>
      turn(async () => {
        await open();
        await writeFile(mark, '');
        return DEMO;
      }),
    remove() {
      return turn(async () => {
        await landed();
        const photos = await this.photos();
        await close();
        await rm(mark, { force: true });
        parts.onChange();
        for (;;) {
          const rows = await catalog.list({ camera: DEMO, limit: ROWS_AT_ONCE });
          if (rows.length === 0) break;
          // Held until now: the next look of the sweeper takes the bytes.
          const gone = await catalog.hold(
            rows.map(({ id }) => id),
            clock.now().wall,
          );
          if (gone.length === 0) break;
        }
        parts.onRemoved();
        return photos;
      });
    },
    async resume() {
      const isWanted = await stat(mark).then(
        () => true,
        () => false,
      );
      if (isWanted) await turn(open);
    },
    [Symbol.asyncDispose]: () => turn(close),
  };
};
