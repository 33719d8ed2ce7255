// What checkAccess asks of a camera, step by step, each with its verdict. It logs in once per stream and never retries a login.

import type { Camera, Packet, StreamAddress, StreamRole } from '../domain/camera.ts';
import { StillwatchError, type StillwatchErrorCode, toStillwatchError } from '../domain/errors.ts';
import { between, type Ms, ms, seconds } from '../domain/units.ts';
import { CHECK_STEPS, type CheckStep, type CheckStepName, type StreamMeasure } from '../ports/camera-trial.ts';
import type { Clock } from '../ports/clock.ts';
import type { PacketRun, PacketSource } from '../ports/packet-source.ts';
import type { StillSource } from '../ports/still-source.ts';

export interface CameraCheckParts {
  readonly camera: Camera;
  readonly packets: PacketSource;
  readonly still: StillSource;
  readonly clock: Clock;
  /** Connects and hangs up. Rejects like `net.connect`. */
  readonly knock: (address: StreamAddress, signal: AbortSignal) => Promise<void>;
}

/** Two key frames of the longest usual interval (10 s, "smart" codecs 20 s) need about this long. */
const LOOK_FOR: Ms = seconds(12);
const PHOTO_WITHIN: Ms = seconds(20);

/** Which step an error of opening a stream belongs to; undefined: the stream's own. */
const STEP_OF: Partial<Record<StillwatchErrorCode, CheckStepName>> = {
  SW_CAM_UNREACHABLE: 'reachable',
  SW_CAM_HOST_UNKNOWN: 'reachable',
  SW_CAM_PORT_CLOSED: 'reachable',
  SW_CAM_RTSP_OFF: 'reachable',
  SW_CAM_PROTOCOL: 'rtsp',
  SW_CAM_BUSY: 'rtsp',
  SW_CAM_LOST: 'rtsp',
  SW_CAM_AUTH: 'login',
  SW_CAM_LOCKED: 'login',
};

/** Looks at a run until a second key frame or the time is up. */
const measure = async (run: PacketRun, clock: Clock): Promise<StreamMeasure> => {
  const startedAt = clock.now().mono;
  const packets: Packet[] = [];
  const keys: Ms[] = [];
  for await (const batch of run.batches) {
    packets.push(...batch);
    for (const packet of batch) if (packet.isKey) keys.push(packet.pts);
    if (keys.length >= 2 || between(startedAt, clock.now().mono) >= LOOK_FOR) break;
  }
  const [first, last] = [packets[0], packets.at(-1)];
  const span = first && last ? last.pts - first.pts : 0;
  const [key, nextKey] = keys;
  return {
    codec: run.format.codec === 'h264' ? 'H.264' : 'H.265',
    width: run.format.picture?.width,
    height: run.format.picture?.height,
    fps: span > 0 ? Math.round((10 * 1000 * (packets.length - 1)) / span) / 10 : run.claimedFps,
    keyInterval: key !== undefined && nextKey !== undefined ? (nextKey - key) / 1000 : undefined,
  };
};

/** Yields each step when its verdict is known; after a failure the rest follow as not tried. */
export async function* checkCamera(parts: CameraCheckParts, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const { camera, packets, still, clock } = parts;
  const done = new Set<CheckStepName>();
  const passed = (step: CheckStep): CheckStep => {
    done.add(step.name);
    return step;
  };
  /** Everything before the step at fault was fine; everything after it is not tried. */
  function* failed(error: StillwatchError, fallback: CheckStepName): Generator<CheckStep> {
    const wanted = STEP_OF[error.code] ?? fallback;
    const fault = done.has(wanted) ? fallback : wanted;
    for (const name of CHECK_STEPS) {
      if (done.has(name)) continue;
      if (name === fault) yield passed({ name, verdict: 'failed', error });
      else if ((name === 'rtsp' || name === 'login') && !done.has(fault)) yield passed({ name, verdict: 'ok' });
      else yield passed({ name, verdict: 'not-tried' });
    }
  }
  async function* stream(role: StreamRole): AsyncGenerator<CheckStep, boolean> {
    try {
      await using run = await packets.open(camera.streams[role], { signal });
      for (const name of ['rtsp', 'login'] as const) if (!done.has(name)) yield passed({ name, verdict: 'ok' });
      yield passed({ name: role, verdict: 'ok', stream: await measure(run, clock) });
      return true;
    } catch (thrown) {
      yield* failed(toStillwatchError(thrown), role);
      return false;
    }
  }

  const startedAt = clock.now().mono;
  try {
    await parts.knock(camera.streams.sub, signal);
    yield passed({ name: 'reachable', verdict: 'ok', delay: between(startedAt, clock.now().mono) });
  } catch {
    // The client knows better than a bare socket why nothing answers: let it try, and keep its verdict.
  }
  if (!(yield* stream('sub'))) return;
  if (!done.has('reachable'))
    yield passed({ name: 'reachable', verdict: 'ok', delay: between(startedAt, clock.now().mono) });
  if (!(yield* stream('main'))) return;
  try {
    const shot = await still.take({ signal: AbortSignal.any([signal, AbortSignal.timeout(PHOTO_WITHIN)]) });
    yield passed({
      name: 'photo',
      verdict: 'ok',
      width: shot.width,
      height: shot.height,
      bytes: shot.jpeg.length,
      delay: shot.delay,
    });
  } catch (thrown) {
    yield* failed(
      thrown instanceof StillwatchError
        ? thrown
        : new StillwatchError('SW_CAM_SILENT', { seconds: ms(PHOTO_WITHIN) / 1000 }),
      'photo',
    );
  }
}
