// What the web is given to know of requirement reports: what is asked of a camera now, and the latest report that came of it.

import type { CameraId } from '../domain/ids.ts';
import type { CameraReport } from '../domain/requirement.ts';
import type { Trouble } from './status.ts';

export interface ReportStatus {
  /** What the camera is asked now (`GetProfiles`); undefined: nothing. */
  readonly asking: string | undefined;
  /** Why the latest asking failed. */
  readonly trouble: Trouble | undefined;
  /** The latest that was made, whatever is asked now. */
  readonly report: CameraReport | undefined;
}

export interface CameraReports {
  of(camera: CameraId): ReportStatus;
  /** Begins to ask the camera; nothing new while it is being asked. */
  start(camera: CameraId): ReportStatus;
}
