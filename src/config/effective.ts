// What is in force, in the document's words: what a camera takes from `defaults` stands at the camera too.

import type { ConfigValue } from '../ports/config-document.ts';
import type { CameraConfig } from './schema/camera.ts';
import type { Config } from './schema/document.ts';
import { durationMs } from './schema/words.ts';

const capital = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);

/** `5m` and `300000ms` as `300s`: one unit, so that a form can show a number. */
const inSeconds = (text: string): string => `${(durationMs(text) ?? 0) / 1000}s`;

const cameraWords = (id: string, camera: CameraConfig, defaults: Config['defaults']): CameraConfig => ({
  ...camera,
  name: camera.name ?? capital(id),
  calmPeriod: inSeconds(camera.calmPeriod ?? defaults.calmPeriod),
  longestEpisode: inSeconds(camera.longestEpisode ?? defaults.longestEpisode),
  sensitivity: camera.sensitivity ?? defaults.sensitivity,
  mode: camera.mode ?? defaults.mode,
  triggers: camera.onvif?.enabled === false ? 'pixels' : (camera.triggers ?? 'both'),
});

export const effectiveWords = (config: Config | undefined): Readonly<Record<string, ConfigValue>> => {
  if (!config) return {};
  const cameras = Object.entries(config.cameras).map(([id, camera]) => [id, cameraWords(id, camera, config.defaults)]);
  // What is undefined in it is not said.
  return JSON.parse(JSON.stringify({ ...config, cameras: Object.fromEntries(cameras) as unknown })) as Readonly<
    Record<string, ConfigValue>
  >;
};
