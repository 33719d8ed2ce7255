// A recorded stream as a camera that never ends: GStreamer's server stops with its file, and one of its shared pipelines stands
// still for all clients when one of a hundred does not read for a second.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface LoopedCamera extends Disposable {
  readonly main: string;
  readonly sub: string;
}

export const loopedCamera = async (file: string, fps: number): Promise<LoopedCamera> => {
  const entry = fileURLToPath(new URL('../looped-camera-child.ts', import.meta.url));
  const child = fork(entry, [file, String(fps)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  // Cameras are other machines: a bench that runs at low priority must not make them late.
  if (child.pid !== undefined && process.getuid?.() === 0 && getPriority() > 0) setPriority(child.pid, 0);
  const [addresses] = (await once(child, 'message')) as [{ readonly main: string; readonly sub: string }];
  return { ...addresses, [Symbol.dispose]: () => void child.kill() };
};
