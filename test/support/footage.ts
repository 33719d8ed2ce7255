// Streams made from the labelled footage beside the project: a calm start for the detector's warm-up, the clip, a calm end.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const clips = fileURLToPath(new URL('../../../shared/clips/', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/footage/', import.meta.url));

export interface FootageOptions {
  readonly clip: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Seconds of standstill before and after the clip. */
  readonly calmBefore: number;
  readonly calmAfter: number;
}

/** Path of an MP4 (H.264, key frame every 2 s), made once and kept in .cache. */
export const footage = async (options: FootageOptions): Promise<string> => {
  const source = join(clips, options.clip);
  if (!existsSync(source))
    throw new Error(`the footage ${options.clip} is missing: it lies in shared/clips beside the project`);
  const { width, height, fps, calmBefore, calmAfter } = options;
  await mkdir(cache, { recursive: true });
  const file = join(cache, `${options.clip}-${width}x${height}-${fps}-${calmBefore}-${calmAfter}.mp4`);
  if (existsSync(file)) return file;
  const filter = [
    `fps=${fps}`,
    `scale=${width}:${height}:force_original_aspect_ratio=increase`,
    `crop=${width}:${height}`,
    `tpad=start_duration=${calmBefore}:start_mode=clone:stop_duration=${calmAfter}:stop_mode=clone`,
  ].join(',');
  const partial = `${file}.part.mp4`;
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-bf', '0', '-g', String(fps * 2)];
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    source,
    '-an',
    '-vf',
    filter,
    ...x264,
    '-pix_fmt',
    'yuv420p',
    partial,
  ]);
  await rename(partial, file);
  return file;
};
