// Gives the pictures of a happening their parts when it is over, and hands them on. A picture leaves the waiting place only
// when it is in the spool: killed anywhere, it is done again and gives the same.

import { burstKinds, bursts, lumaDifference } from '../domain/burst.ts';
import type { ChangePicture } from '../domain/change-picture.ts';
import { type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import { type CameraId, type EpisodeId, episodeId } from '../domain/ids.ts';
import { readStillFacts, withStillFacts } from '../domain/still-facts.ts';
import { setName } from '../domain/still-path.ts';
import { between, later, type MonoMs, type Ms, ms, seconds } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { PictureReader } from '../ports/picture-reader.ts';
import type { Spool, SpooledStill, StillDraft } from '../ports/spool.ts';

export interface BurstSettlerParts {
  readonly waiting: Spool;
  readonly spool: Spool;
  readonly catalog: Pick<Catalog, 'list'>;
  readonly reader: PictureReader;
  /** Bytes of a waiting picture's file. */
  readonly read: (file: string) => Promise<Uint8Array>;
  readonly clock: Clock;
  readonly burstGap: Ms;
  readonly burstWait: Ms;
  /** The owner's name of a camera. */
  readonly nameOf: (camera: CameraId) => string | undefined;
  /** Resolves when everything told of the pictures is written down. */
  readonly told: () => Promise<void>;
  /** The spool has something new. */
  readonly onHandedOn: () => void;
  readonly onTrouble: (error: StillwatchError) => void;
}

export interface BurstSettler {
  /** A picture of this camera has come: its happening is not over. */
  arrived(camera: CameraId): void;
  /** Hands on what is over, or has waited too long, until `signal` aborts. Never throws. */
  run(signal: AbortSignal): Promise<void>;
  /** One look. @param isLast hand on everything, as nobody will come back to it soon */
  settle(isLast?: boolean): Promise<void>;
}

/** A camera that never stops sending is not waited for longer than this. */
const LONGEST_WAIT: Ms = ms(5 * 60_000);
const LOOK_EVERY: Ms = seconds(1);
/** Where nothing waits, and after trouble. */
const IDLE: Ms = seconds(60);
/** More pictures than this are not compared: a set has three, and decoding costs 50 ms each. */
const MOST_COMPARED = 16;

export const burstSettler = (parts: BurstSettlerParts): BurstSettler => {
  const { waiting, spool, catalog, reader, read, clock, burstGap, burstWait, told, onHandedOn, onTrouble } = parts;
  const lastArrival = new Map<CameraId, MonoMs>();
  const waitsSince = new Map<CameraId, MonoMs>();
  let wake: (() => void) | undefined;
  let isWanted = true;

  const differences = async (pictures: readonly Uint8Array[]): Promise<readonly (number | undefined)[]> => {
    if (pictures.length < 3 || pictures.length > MOST_COMPARED) return pictures.map(() => undefined);
    const small: (ChangePicture | undefined)[] = [];
    for (const jpeg of pictures) small.push(await reader.read(jpeg).catch(() => undefined));
    const last = small.at(-1);
    return small.map((each) => each && last && lumaDifference(each.luma, last.luma));
  };

  /** The happening that these pictures are late for, if its first ones are in the catalogue already. */
  const episodeBefore = async (camera: CameraId, first: SpooledStill): Promise<EpisodeId | undefined> => {
    const takenAt = later(first.facts.takenAt, burstGap);
    const [near] = await catalog.list({ camera, before: { takenAt: takenAt + 1, id: first.facts.id }, limit: 1 });
    if (!near || near.source !== 'upload') return undefined;
    return Math.abs(between(near.takenAt, first.facts.takenAt)) <= burstGap ? near.episode : undefined;
  };

  const handOn = async (camera: CameraId, burst: readonly SpooledStill[]): Promise<void> => {
    const [first, last] = [burst[0], burst.at(-1)];
    if (!first || !last) return;
    const jpegs: Uint8Array[] = [];
    for (const { file } of burst) jpegs.push(await read(file));
    const joined = await episodeBefore(camera, first);
    const kinds = joined ? burst.map(() => 'uploaded' as const) : burstKinds(await differences(jpegs));
    const episode = joined ?? episodeId(camera, first.facts.takenAt);
    const set = setName(last.facts.takenAt, last.facts.offsetMinutes);
    const name = parts.nameOf(camera);
    // Whatever is handed on may be shown at once: then its ledger row must be there.
    await told();
    for (const [index, still] of burst.entries()) {
      const jpeg = jpegs[index];
      const kind = kinds[index];
      if (!jpeg || !kind) continue;
      const { bytes: _, sha256: __, ...facts } = still.facts;
      const upload = readStillFacts(jpeg)?.upload;
      const isOfSet = !joined && burst.length > 1 && kind !== 'uploaded';
      const draft: StillDraft = {
        ...facts,
        kind,
        episode,
        ...(upload ? { upload } : {}),
        ...(isOfSet ? { set } : {}),
      };
      await spool.accept(draft, withStillFacts(jpeg, draft, name === undefined ? {} : { cameraName: name }));
    }
    for (const { facts } of burst) await waiting.release(facts.id);
    onHandedOn();
  };

  const settleCamera = async (camera: CameraId, stills: readonly SpooledStill[], isLast: boolean): Promise<void> => {
    const now = clock.now().mono;
    const arrivedAt = lastArrival.get(camera);
    const since = waitsSince.get(camera) ?? now;
    waitsSince.set(camera, since);
    const isOver = isLast || arrivedAt === undefined || between(arrivedAt, now) >= burstWait;
    if (!isOver && between(since, now) < LONGEST_WAIT) return;
    waitsSince.delete(camera);
    for (const burst of bursts(stills, ({ facts }) => facts.takenAt, burstGap)) await handOn(camera, burst);
  };

  const settle = async (isLast = false): Promise<void> => {
    const byCamera = new Map<CameraId, SpooledStill[]>();
    for (const still of await waiting.pending()) {
      const { camera } = still.facts;
      byCamera.set(camera, [...(byCamera.get(camera) ?? []), still]);
    }
    isWanted = byCamera.size > 0;
    for (const [camera, stills] of byCamera) await settleCamera(camera, stills, isLast);
  };

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (isLast?: boolean): Promise<void> => {
    const next = last.then(() => settle(isLast));
    last = next.catch(() => undefined);
    return next;
  };

  return {
    arrived(camera) {
      lastArrival.set(camera, clock.now().mono);
      isWanted = true;
      wake?.();
    },
    settle: inTurn,
    async run(signal) {
      while (!signal.aborted) {
        let isTroubled = false;
        try {
          await inTurn();
        } catch (thrown) {
          isTroubled = true;
          onTrouble(toStillwatchError(thrown));
        }
        if (isWanted && !isTroubled) await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
        else {
          const woken = new AbortController();
          wake = () => woken.abort();
          await clock.sleep(IDLE, AbortSignal.any([woken.signal, signal])).catch(() => undefined);
          wake = undefined;
          // Trouble with the disk does not pass because another picture came.
          if (isTroubled && !signal.aborted) await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
        }
      }
    },
  };
};
