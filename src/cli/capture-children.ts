// Keeps the capture children running: starts them again when they die or stall, and hands on the episodes that were open.

import { type ChildProcess, fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import type { Camera } from '../domain/camera.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import type { CameraId, EpisodeId } from '../domain/ids.ts';
import { memoryLimit, newMemoryWatch, stepMemoryWatch } from '../domain/memory-watch.ts';
import { between, later, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { reconnect } from '../watch/reconnect-policy.ts';
import { type CaptureAlive, type ChildCommand, type ChildReport, toWireCamera } from './capture-protocol.ts';
import type { LiveLooks } from './live-looks.ts';
import { captureArguments, captureEnvironment } from './native-memory.ts';
import { type OpenEpisodeAt, type OpenEpisodes, openEpisodes } from './open-episodes.ts';
import type { PhotoOrders } from './photo-orders.ts';
import type { MainDesk } from './push-desk.ts';

export interface CaptureChildrenParts {
  readonly cameras: readonly Camera[];
  readonly spoolDir: string;
  readonly shelfDir: string;
  readonly readingsDir: string;
  readonly zone: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFact: (fact: WatchFact) => void;
  /** Told where orders for photos go. */
  readonly orders?: Pick<PhotoOrders, 'attach'>;
  /** Told where pictures of the moment are asked for, and given them. */
  readonly looks?: Pick<LiveLooks, 'attach' | 'answered'>;
  /** Who the cameras were when they were last asked. */
  readonly known?: ReadonlyMap<CameraId, CameraIdentity>;
  /** Where cameras may post their events. */
  readonly notify?: { readonly at: string; readonly desk: MainDesk } | undefined;
  /** Episodes of an earlier process that go on. */
  readonly resume?: readonly OpenEpisodeAt[];
  /** A child died; `resumed` are the episodes that the next one takes up. */
  readonly onDied?: (cameras: readonly CameraId[], resumed: readonly EpisodeId[]) => void;
  /** Each child says this every few seconds; `child` is its process id. */
  readonly onAlive?: (child: number, said: CaptureAlive) => void;
  /** A camera that nobody wants watched any more is at rest. */
  readonly onUnwatched?: (camera: CameraId) => void;
}

/** One child for this many cameras: a crash costs each of them one reconnect. Source: engineering note, decision 7. */
const CAMERAS_PER_CHILD = 16;
/** No sign of life for so long means that the event loop is stuck. */
const STALLED_AFTER: Ms = seconds(30);
/** A photo in flight gets five seconds; the rest is for closing sessions. */
const STOP_WITHIN: Ms = seconds(8);
const GOOD_RUN: Ms = seconds(60);

const entry = new URL(import.meta.url.endsWith('.ts') ? './capture-child.ts' : './capture-child.js', import.meta.url);

/** Cameras are opened one after the other: a hundred logins at once would be a storm for switches, cameras and this CPU. */
const OPEN_EVERY: Ms = ms(100);
/** A capture process takes some 0.4 s of CPU to begin. */
const FORK_EVERY: Ms = ms(500);

/** Lets callers through one by one; the first at once. */
const turnstile = (clock: Clock, every: Ms): ((signal: AbortSignal) => Promise<void>) => {
  let freeAt = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const now = clock.now().mono;
    const at = Math.max(now, freeAt);
    freeAt = at + every;
    if (at > now) await clock.sleep(ms(at - now), signal);
  };
};

export interface CaptureSupervisor {
  /** Watches it from now on; when it is watched already, with these settings. No other camera is touched. */
  watch(camera: Camera): void;
  /** The photo in flight is finished first. */
  unwatch(camera: CameraId): void;
  /** Resolves after `signal` aborted and every child has ended. */
  run(signal: AbortSignal): Promise<void>;
}

type Turn = (signal: AbortSignal) => Promise<void>;

/** Some cameras and the process that watches them. */
interface Group {
  has(camera: CameraId): boolean;
  readonly size: number;
  watch(camera: Camera): void;
  unwatch(camera: CameraId): void;
  /** Until `signal` aborts or the last camera is gone. */
  run(signal: AbortSignal): Promise<void>;
}

const captureGroup = (parts: CaptureChildrenParts, turns: { readonly fork: Turn; readonly open: Turn }): Group => {
  const { clock } = parts;
  const wanted = new Map<CameraId, Camera>();
  const open: OpenEpisodes = openEpisodes();
  const known = new Map(parts.known);
  const emptied = new AbortController();
  let live:
    | { start(camera: CameraId): void; say(command: ChildCommand): void; isWatching(camera: CameraId): boolean }
    | undefined;

  const watchCommand = (camera: Camera): ChildCommand => {
    const identity = known.get(camera.id);
    return {
      type: 'watch',
      cameras: [toWireCamera(camera)],
      resume: open.resumable().filter((each) => each.camera === camera.id),
      spoolDir: parts.spoolDir,
      shelfDir: parts.shelfDir,
      readingsDir: parts.readingsDir,
      zone: parts.zone,
      known: identity ? [{ camera: camera.id, identity }] : [],
      notifyAt: parts.notify?.at,
    };
  };

  /** One child's life, from fork to exit. */
  const runChild = async (signal: AbortSignal): Promise<string> => {
    await turns.fork(signal);
    const child: ChildProcess = fork(entry, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: captureEnvironment(process.env),
      execArgv: captureArguments(process.execArgv),
    });
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    // One waits on it for each camera of the child.
    setMaxListeners(CAMERAS_PER_CHILD + 10, until);
    const say = (command: ChildCommand): void => {
      if (child.connected) child.send(command, () => undefined);
    };
    const detach = new Map<CameraId, () => void>();
    const watching = new Set<CameraId>();
    const queued = new Set<CameraId>();
    /** In its turn, with the settings it has by then. */
    const start = (id: CameraId): void => {
      if (watching.has(id) || queued.has(id)) return;
      queued.add(id);
      const open = async (): Promise<void> => {
        await turns.open(until);
        queued.delete(id);
        const camera = wanted.get(id);
        if (!camera || until.aborted) return;
        watching.add(id);
        say(watchCommand(camera));
        const offs = [parts.orders?.attach([id], say), parts.looks?.attach(id, say)];
        detach.set(id, () => {
          for (const off of offs) off?.();
        });
      };
      // Stopped while it waited for its turn.
      open().catch(() => undefined);
    };
    let lifeSign = clock.now().mono;
    const stop = (): void => {
      say({ type: 'stop' });
      void clock.sleep(STOP_WITHIN, ended.signal).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
    };
    const guard = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(ms(STALLED_AFTER / 3), ended.signal);
        if (clock.now().mono - lifeSign <= STALLED_AFTER) continue;
        // It may be this process that was late: what the child said meanwhile is read before it is judged.
        await clock.sleep(ms(1), ended.signal);
        if (clock.now().mono - lifeSign > STALLED_AFTER) child.kill('SIGKILL');
      }
    };
    let memory = newMemoryWatch;
    let ending: string | undefined;
    /** A kill, as a crash would be: what is in the spool is safe, and the open episodes go on in the next process. */
    const weigh = (rss: number): void => {
      const rings = [...wanted.values()].map(({ stills }) => stills?.ring?.mostBytes ?? 0);
      const look = stepMemoryWatch(memory, rss, memoryLimit(rings));
      memory = look.next;
      if (look.limit === undefined) return;
      ending = `${Math.round(rss / 1e6)} MB of memory, more than ${Math.round(look.limit / 1e6)} MB`;
      child.kill('SIGKILL');
    };
    const secrets = new Set<string>();
    const openDesk = (secret: string): void => {
      secrets.add(secret);
      parts.notify?.desk.open(secret, (from, body) =>
        say({ type: 'notify', secret, from, body: Buffer.from(body).toString('base64') }),
      );
    };
    const shutDesk = (secret: string): void => {
      secrets.delete(secret);
      parts.notify?.desk.shut(secret);
    };
    child.on('message', (message: ChildReport) => {
      lifeSign = clock.now().mono;
      switch (message.type) {
        case 'fact':
          open.tell(message.fact);
          if (message.fact.type === 'identified') known.set(message.fact.camera, message.fact.identity);
          parts.onFact(message.fact);
          return;
        case 'episode':
          open.now(message.camera, message.open);
          return;
        case 'notify-at':
          if (message.isOpen) openDesk(message.secret);
          else shutDesk(message.secret);
          return;
        case 'alive':
          weigh(message.rss);
          parts.onAlive?.(child.pid ?? 0, message);
          return;
        case 'looked':
          parts.looks?.answered(message);
          return;
        case 'unwatched':
          watching.delete(message.camera);
          if (wanted.has(message.camera)) start(message.camera);
          else {
            open.forget(message.camera);
            parts.onUnwatched?.(message.camera);
          }
          return;
        default:
          return;
      }
    });
    signal.addEventListener('abort', stop, { once: true });
    void guard().catch(() => undefined);
    try {
      return await new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(error.message));
        child.once('exit', (code, name) => resolve(ending ?? name ?? `exit ${code ?? '?'}`));
        live = {
          start,
          isWatching: (id) => watching.has(id),
          say: (command) => {
            if (command.type === 'unwatch') {
              detach.get(command.camera)?.();
              detach.delete(command.camera);
            }
            say(command);
          },
        };
        for (const id of wanted.keys()) start(id);
        if (signal.aborted) stop();
      });
    } finally {
      live = undefined;
      for (const off of detach.values()) off();
      for (const secret of secrets) shutDesk(secret);
      ended.abort();
      signal.removeEventListener('abort', stop);
    }
  };

  const tellDied = (detail: string, after: Ms): void => {
    parts.onDied?.(
      [...wanted.keys()],
      open.resumable().map((each) => each.open.id),
    );
    const at = clock.now().wall;
    for (const camera of wanted.keys()) {
      parts.onFact({
        type: 'blind',
        camera,
        at,
        code: 'SW_CAPTURE_DIED',
        facts: { detail },
        retryAt: later(at, after),
      });
    }
  };

  return {
    has: (camera) => wanted.has(camera),
    get size() {
      return wanted.size;
    },
    watch(camera) {
      const before = wanted.get(camera.id);
      wanted.set(camera.id, camera);
      if (!before) for (const each of parts.resume ?? []) if (each.camera === camera.id) open.now(camera.id, each.open);
      if (live?.isWatching(camera.id)) live.say({ type: 'unwatch', camera: camera.id });
      else live?.start(camera.id);
    },
    unwatch(camera) {
      wanted.delete(camera);
      if (live?.isWatching(camera)) live.say({ type: 'unwatch', camera });
      else {
        open.forget(camera);
        parts.onUnwatched?.(camera);
      }
      if (wanted.size === 0) emptied.abort();
    },
    async run(outer) {
      const signal = AbortSignal.any([outer, emptied.signal]);
      for (let failures = 0; !signal.aborted; ) {
        const startedAt = clock.now().mono;
        let detail: string;
        try {
          detail = await runChild(signal);
        } catch (thrown) {
          if (signal.aborted) break;
          detail = thrown instanceof Error ? thrown.message : String(thrown);
        }
        if (signal.aborted) break;
        failures = between(startedAt, clock.now().mono) > GOOD_RUN ? 1 : failures + 1;
        const again = reconnect({ code: 'SW_CAPTURE_DIED', failures, hasLoggedIn: true }, parts.random());
        tellDied(detail, again.after);
        await clock.sleep(again.after, signal).catch(() => undefined);
      }
    },
  };
};

export const captureSupervisor = (parts: CaptureChildrenParts): CaptureSupervisor => {
  const turns = { fork: turnstile(parts.clock, FORK_EVERY), open: turnstile(parts.clock, OPEN_EVERY) };
  const groups = new Set<Group>();
  const running = new Set<Promise<void>>();
  let signal: AbortSignal | undefined;

  const begin = (group: Group, until: AbortSignal): void => {
    const run = group.run(until).finally(() => {
      groups.delete(group);
      running.delete(run);
    });
    running.add(run);
  };

  const watch = (camera: Camera): void => {
    const own = [...groups].find((group) => group.has(camera.id));
    // A group without cameras is about to end.
    const roomy = [...groups].find((group) => group.size > 0 && group.size < CAMERAS_PER_CHILD);
    const group = own ?? roomy ?? captureGroup(parts, turns);
    const isNew = !groups.has(group);
    if (isNew) groups.add(group);
    group.watch(camera);
    if (isNew && signal) begin(group, signal);
  };

  for (const camera of parts.cameras) watch(camera);
  return {
    watch,
    unwatch(camera) {
      [...groups].find((group) => group.has(camera))?.unwatch(camera);
    },
    async run(until) {
      signal = until;
      for (const group of groups) begin(group, until);
      await new Promise<void>((resolve) => {
        if (until.aborted) resolve();
        else until.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.all(running);
    },
  };
};
