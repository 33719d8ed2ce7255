// Keeps the capture children running: starts them again when they die or stall, and hands on the episodes that were open.

import { type ChildProcess, fork } from 'node:child_process';
import type { Camera } from '../domain/camera.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import type { CameraId, EpisodeId } from '../domain/ids.ts';
import { type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { reconnect } from '../watch/reconnect-policy.ts';
import { type ChildCommand, type ChildReport, toWireCamera } from './capture-protocol.ts';
import { type OpenEpisodeAt, type OpenEpisodes, openEpisodes } from './open-episodes.ts';
import type { PhotoOrders } from './photo-orders.ts';

export interface CaptureChildrenParts {
  readonly cameras: readonly Camera[];
  readonly spoolDir: string;
  readonly shelfDir: string;
  readonly zone: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFact: (fact: WatchFact) => void;
  /** Told where orders for photos go. */
  readonly orders?: Pick<PhotoOrders, 'attach'>;
  /** Who the cameras were when they were last asked. */
  readonly known?: ReadonlyMap<CameraId, CameraIdentity>;
  /** Episodes of an earlier process that go on. */
  readonly resume?: readonly OpenEpisodeAt[];
  /** A child died; `resumed` are the episodes that the next one takes up. */
  readonly onDied?: (cameras: readonly CameraId[], resumed: readonly EpisodeId[]) => void;
}

/** One child for this many cameras: a crash costs each of them one reconnect. Source: engineering note, decision 7. */
const CAMERAS_PER_CHILD = 16;
/** No sign of life for so long means that the event loop is stuck. */
const STALLED_AFTER: Ms = seconds(30);
/** A photo in flight gets five seconds; the rest is for closing sessions. */
const STOP_WITHIN: Ms = seconds(8);
const GOOD_RUN: Ms = seconds(60);

const entry = new URL(import.meta.url.endsWith('.ts') ? './capture-child.ts' : './capture-child.js', import.meta.url);

/** One child's life, from fork to exit. */
const runChild = async (
  parts: CaptureChildrenParts,
  cameras: readonly Camera[],
  open: OpenEpisodes,
  known: Map<CameraId, CameraIdentity>,
  signal: AbortSignal,
): Promise<string> => {
  const child: ChildProcess = fork(entry, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const say = (command: ChildCommand): void => {
    if (child.connected) child.send(command, () => undefined);
  };
  let lifeSign = parts.clock.now().mono;
  const ended = new AbortController();
  const stop = (): void => {
    say({ type: 'stop' });
    void parts.clock.sleep(STOP_WITHIN, ended.signal).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
  };
  const guard = async (): Promise<void> => {
    for (;;) {
      await parts.clock.sleep(ms(STALLED_AFTER / 3), ended.signal);
      if (parts.clock.now().mono - lifeSign > STALLED_AFTER) child.kill('SIGKILL');
    }
  };
  child.on('message', (message: ChildReport) => {
    lifeSign = parts.clock.now().mono;
    if (message.type === 'fact') {
      open.tell(message.fact);
      if (message.fact.type === 'identified') known.set(message.fact.camera, message.fact.identity);
      parts.onFact(message.fact);
    }
    if (message.type === 'episode') open.now(message.camera, message.open);
  });
  let detach: (() => void) | undefined;
  signal.addEventListener('abort', stop, { once: true });
  void guard().catch(() => undefined);
  try {
    return await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, name) => resolve(name ?? `exit ${code ?? '?'}`));
      say({
        type: 'watch',
        cameras: cameras.map(toWireCamera),
        resume: open.resumable(),
        spoolDir: parts.spoolDir,
        shelfDir: parts.shelfDir,
        zone: parts.zone,
        known: cameras.flatMap(({ id }) => {
          const identity = known.get(id);
          return identity ? [{ camera: id, identity }] : [];
        }),
      });
      detach = parts.orders?.attach(
        cameras.map(({ id }) => id),
        say,
      );
      if (signal.aborted) stop();
    });
  } finally {
    detach?.();
    ended.abort();
    signal.removeEventListener('abort', stop);
  }
};

/** Runs one group of cameras, child after child, until `signal` aborts. */
const superviseGroup = async (
  parts: CaptureChildrenParts,
  cameras: readonly Camera[],
  signal: AbortSignal,
): Promise<void> => {
  const ids = cameras.map(({ id }) => id);
  const open = openEpisodes(parts.resume?.filter(({ camera }) => ids.includes(camera)));
  const known = new Map(parts.known);
  for (let failures = 0; !signal.aborted; ) {
    const startedAt = parts.clock.now().mono;
    const detail = await runChild(parts, cameras, open, known, signal);
    if (signal.aborted) return;
    parts.onDied?.(
      ids,
      open.resumable().map((each) => each.open.id),
    );
    failures = parts.clock.now().mono - startedAt > GOOD_RUN ? 1 : failures + 1;
    const again = reconnect({ code: 'SW_CAPTURE_DIED', failures, hasLoggedIn: true }, parts.random());
    const at = parts.clock.now().wall;
    for (const camera of cameras) {
      parts.onFact({
        type: 'blind',
        camera: camera.id,
        at,
        code: 'SW_CAPTURE_DIED',
        facts: { detail },
        retryAt: (at + again.after) as typeof at,
      });
    }
    await parts.clock.sleep(again.after, signal).catch(() => undefined);
  }
};

/** Resolves after `signal` aborted and every child has ended. */
export const superviseCapture = async (parts: CaptureChildrenParts, signal: AbortSignal): Promise<void> => {
  const groups: Camera[][] = [];
  for (let from = 0; from < parts.cameras.length; from += CAMERAS_PER_CHILD) {
    groups.push(parts.cameras.slice(from, from + CAMERAS_PER_CHILD));
  }
  await Promise.all(groups.map((group) => superviseGroup(parts, group, signal)));
};
