// The requirement reports of the running program: each asked for in a child process, one at a time for each camera, the
// latest kept for the next start.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Camera } from '../domain/camera.ts';
import { type ErrorFacts, StillwatchError, type StillwatchErrorCode } from '../domain/errors.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import type { CameraId } from '../domain/ids.ts';
import type { CameraReport } from '../domain/requirement.ts';
import { type Ms, seconds } from '../domain/units.ts';
import { hostOf } from '../domain/url-host.ts';
import type { Clock } from '../ports/clock.ts';
import type { CameraReports, ReportStatus } from '../web/reports.ts';
import { toWireCamera, type WireCamera } from './capture-protocol.ts';

export interface ReportQuestion {
  readonly camera: WireCamera;
  /** Where the camera is now; it may have been followed there. */
  readonly host: string;
  readonly listen: number;
}

export type ReportAnswer =
  | { readonly type: 'asking'; readonly what: string }
  | { readonly type: 'made'; readonly report: CameraReport }
  | { readonly type: 'failed'; readonly code: StillwatchErrorCode; readonly facts: ErrorFacts };

/** Four streams that give no frame take a minute, listening and two trials half of one. */
const WITHIN: Ms = seconds(180);
const LISTEN: Ms = seconds(10);
/** Decoders side by side cost a small machine its photos. */
const MOST_AT_ONCE = 2;

export interface CameraReportsParts {
  readonly clock: Clock;
  readonly camera: (id: CameraId) => Camera | undefined;
  /** Who it is, with the address it was last reached by. */
  readonly identity: (id: CameraId) => CameraIdentity | undefined;
  /** Reports of earlier runs. */
  readonly made: ReadonlyMap<CameraId, CameraReport>;
  /** Keeps the latest for the next start. */
  readonly keep: (id: CameraId, report: CameraReport) => void;
}

/** Where the owner wrote that the camera speaks ONVIF: with its device service, else with its streams. */
export const homeOf = ({ onvif, streams }: Camera): string => hostOf(onvif?.device ?? streams.main.url);

const NONE: ReportStatus = { asking: undefined, trouble: undefined, report: undefined };

const childFile = (): string => fileURLToPath(import.meta.url).replace(/camera-reports\.(ts|js)$/, 'report-child.$1');

/** @throws StillwatchError */
const ask = (question: ReportQuestion, onAsking: (what: string) => void): Promise<CameraReport> =>
  new Promise((resolve, reject) => {
    const child = fork(childFile(), [], { stdio: 'ignore' });
    let failed: StillwatchError | undefined;
    const late = setTimeout(() => {
      failed = new StillwatchError('SW_CAM_SILENT', { seconds: WITHIN / 1000 });
      child.kill('SIGKILL');
    }, WITHIN);
    child.on('message', (answer: ReportAnswer) => {
      if (answer.type === 'asking') onAsking(answer.what);
      else if (answer.type === 'made') resolve(answer.report);
      else failed = new StillwatchError(answer.code, answer.facts);
    });
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      clearTimeout(late);
      reject(failed ?? new StillwatchError('SW_REPORT_DIED', { detail: killedBy ?? String(code) }));
    });
    child.send(question, () => undefined);
  });

export const cameraReports = (parts: CameraReportsParts): CameraReports => {
  const { clock, camera: find, identity } = parts;
  const known = new Map<CameraId, ReportStatus>([...parts.made].map(([id, report]) => [id, { ...NONE, report }]));
  const free: (() => void)[] = [];
  let busy = 0;
  const of = (id: CameraId): ReportStatus => known.get(id) ?? NONE;
  const change = (id: CameraId, now: Partial<ReportStatus>): void => void known.set(id, { ...of(id), ...now });

  const make = async (id: CameraId, camera: Camera): Promise<void> => {
    if (busy >= MOST_AT_ONCE) await new Promise<void>((resolve) => free.push(resolve));
    busy += 1;
    try {
      const question = { camera: toWireCamera(camera), host: identity(id)?.host ?? homeOf(camera), listen: LISTEN };
      const report = await ask(question, (asking) => change(id, { asking }));
      known.set(id, { asking: undefined, trouble: undefined, report });
      parts.keep(id, report);
    } catch (thrown) {
      const { code, facts } =
        thrown instanceof StillwatchError
          ? thrown
          : new StillwatchError('SW_REPORT_DIED', { detail: thrown instanceof Error ? thrown.message : '' });
      change(id, { asking: undefined, trouble: { at: clock.now().wall, code, facts, retryAt: undefined } });
    } finally {
      busy -= 1;
      free.shift()?.();
    }
  };

  return {
    of,
    start(id) {
      const camera = find(id);
      if (camera && of(id).asking === undefined) {
        change(id, { asking: '…' });
        void make(id, camera);
      }
      return of(id);
    },
  };
};
