// What changed between two settings, and so what has to be done: nothing for the cameras that did not change.

import type { Camera } from '../domain/camera.ts';
import type { CameraId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import type { Settings } from './settings.ts';

export interface SettingsDiff {
  readonly added: readonly Camera[];
  readonly removed: readonly CameraId[];
  /** To be watched anew with what is here now. */
  readonly changed: readonly Camera[];
  /** Only shown otherwise: nothing is restarted. */
  readonly renamed: readonly Camera[];
  readonly isKeepChanged: boolean;
  readonly isViewChanged: boolean;
  readonly areNotificationsChanged: boolean;
  /** Keys of the document whose change takes effect at the next start. */
  readonly awaitsRestart: readonly string[];
}

/** Deep equality of plain data; secrets are compared by what they hold, and undefined is the same as absent. */
export const sameSettings = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (a instanceof Secret || b instanceof Secret) {
    return a instanceof Secret && b instanceof Secret && a.reveal() === b.reveal();
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!sameSettings(left[key], right[key])) return false;
  }
  return true;
};

/** Each key that a running program cannot change, and what it is read from. */
const FIXED: Readonly<Record<string, (settings: Settings) => unknown>> = {
  'site.zone': ({ zone }) => zone,
  'site.language': ({ language }) => language,
  'store.folder': ({ snapshotsDir }) => snapshotsDir,
  'store.rootCamera': ({ rootCamera }) => rootCamera,
  'web.port': ({ web }) => web.port,
  'web.bind': ({ web }) => web.bind,
  'web.trustProxy': ({ web }) => web.trustProxy,
  'web.tls': ({ web }) => web.tls,
  accounts: ({ accounts }) => accounts,
  inbox: ({ inbox }) => inbox,
};

export const settingsDiff = (before: Settings, after: Settings): SettingsDiff => {
  const known = new Map<CameraId, Camera>(before.cameras.map((camera) => [camera.id, camera]));
  const wanted = new Set<CameraId>(after.cameras.map(({ id }) => id));
  const added: Camera[] = [];
  const changed: Camera[] = [];
  const renamed: Camera[] = [];
  for (const camera of after.cameras) {
    const was = known.get(camera.id);
    if (!was) added.push(camera);
    else if (!sameSettings({ ...was, name: '' }, { ...camera, name: '' })) changed.push(camera);
    else if (was.name !== camera.name) renamed.push(camera);
  }
  return {
    added,
    removed: before.cameras.flatMap(({ id }) => (wanted.has(id) ? [] : [id])),
    changed,
    renamed,
    isKeepChanged: !sameSettings(before.keep, after.keep),
    isViewChanged: before.web.isPublic !== after.web.isPublic || before.web.loginToView !== after.web.loginToView,
    areNotificationsChanged: !sameSettings(before.notifications, after.notifications),
    awaitsRestart: Object.entries(FIXED).flatMap(([key, of]) => (sameSettings(of(before), of(after)) ? [] : [key])),
  };
};
