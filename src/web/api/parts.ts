// What the API is given beyond what pages need. It names no adapter.

import type { Notifier } from '../../archive/notifier.ts';
import type { SweepSum } from '../../archive/sweep.ts';
import type { Camera } from '../../domain/camera.ts';
import type { CameraId, StillId } from '../../domain/ids.ts';
import type { PhotoOutcome } from '../../domain/photo-order.ts';
import type { DiskSpace, KeepRules } from '../../domain/retention.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { CameraClocks } from '../../ports/camera-clock.ts';
import type { CameraTrials } from '../../ports/camera-trial.ts';
import type { Catalog } from '../../ports/catalog.ts';
import type { ConfigDocument } from '../../ports/config-document.ts';
import type { Corrections, Favourites } from '../../ports/keeping.ts';

import type { ReadingArchive } from '../../ports/readings.ts';
import type { ZipWriter } from '../../ports/zip.ts';
import type { CameraReports } from '../reports.ts';

export interface DemoCamera {
  isOn(): boolean;
  /** How many photos it has taken that are still there. */
  photos(): Promise<number>;
  start(): Promise<CameraId>;
  /** Takes it out, and every photo it took. @returns how many */
  remove(): Promise<number>;
}

export interface ApiParts {
  readonly catalog: Pick<Catalog, 'note' | 'hold' | 'restore' | 'held' | 'find'>;
  readonly favourites: Favourites;
  readonly corrections: Corrections;
  /** Photos that the spool still holds: shipping may record them once more. */
  readonly unshipped: () => Promise<ReadonlySet<StillId>>;
  readonly storage: {
    readonly rules: () => KeepRules;
    readonly space: () => Promise<DiskSpace>;
    /** What a sweep by these rules would take away now; each photo is told. */
    readonly plan: (rules: KeepRules, onGoing: (still: StoredStill) => void) => Promise<SweepSum>;
  };
  /** What motion detection saw, for trying another setting on it. */
  readonly readings: Pick<ReadingArchive, 'parts' | 'read'>;
  /** The camera with the settings in force; undefined: it is not watched. */
  readonly watched: (camera: CameraId) => Camera | undefined;
  /** The owner's configuration; undefined: this program runs without one (`stillwatch demo`). */
  readonly config?: ConfigDocument;
  /** The cameras' own clocks; undefined: nobody here can ask them. */
  readonly clocks?: CameraClocks;
  /** Who is told of what happens. */
  readonly notifier?: Pick<Notifier, 'list' | 'receivers' | 'test'>;
  readonly reports: CameraReports;
  /** Cameras that are looked for and tried out, and what becomes of the first photo. */
  readonly trials?: CameraTrials;
  readonly zip: ZipWriter;
  /** JSON, with everything taken out that nobody but the owner should know; undefined: this role has none. */
  readonly supportReport?: () => Promise<string>;
  /** The drawn camera that anybody can try the program with; undefined: this program has none to give. */
  readonly demo?: DemoCamera;
  /** What the camera sees now, as a small JPEG; undefined: nothing. */
  readonly look: (camera: CameraId) => Promise<Uint8Array | undefined>;
  /** Has a photo taken now, and says what became of it. */
  readonly takePhoto: (camera: CameraId) => Promise<PhotoOutcome>;
}
