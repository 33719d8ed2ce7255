// The sidecar: a still's facts as JSON beside its photo in the spool. Read back it is checked, since a disk may lie.

import { claimsText, parseClaims } from '../../domain/camera-message.ts';
import { type EpisodeId, isCameraId, isStillId } from '../../domain/ids.ts';
import type { Cause } from '../../domain/signal.ts';
import { STILL_KINDS, STILL_SOURCES, type StillFacts } from '../../domain/still.ts';
import { changeText, parseChange } from '../../domain/still-change.ts';
import { choiceText, parseChoice } from '../../domain/still-choice.ts';
import { isSetName } from '../../domain/still-path.ts';
import { epochMs, ms } from '../../domain/units.ts';

const CAUSES: readonly Cause[] = ['pixels', 'camera', 'owner'];

/** Choice and change as the one line of text they are everywhere else. */
export const sidecarText = ({ choice, change, claims, ...facts }: StillFacts): string =>
  `${JSON.stringify({
    ...facts,
    ...(choice === undefined ? {} : { choice: choiceText(choice) }),
    ...(change === undefined ? {} : { change: changeText(change) }),
    ...(claims === undefined ? {} : { claims: claimsText(claims) }),
  })}\n`;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** undefined for anything that is not a whole sidecar. */
export const parseSidecar = (text: string): StillFacts | undefined => {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null) return undefined;
  const { id, camera, kind, cause, episode, source, sha256, delay, isDemo, choice, change, set, claims, ...numbers } =
    said as Record<string, unknown>;
  const { takenAt, offsetMinutes, width, height, bytes, clockOffset } = numbers;
  const knownKind = STILL_KINDS.find((each) => each === kind);
  const knownSource = STILL_SOURCES.find((each) => each === source);
  const knownCause = CAUSES.find((each) => each === cause);
  if (typeof id !== 'string' || !isStillId(id) || typeof camera !== 'string' || !isCameraId(camera)) return undefined;
  if (!knownKind || !knownSource || (cause !== undefined && !knownCause)) return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256) || typeof isDemo !== 'boolean') return undefined;
  if (![takenAt, offsetMinutes, width, height, bytes].every(isNumber)) return undefined;
  if (delay !== undefined && !isNumber(delay)) return undefined;
  if (episode !== undefined && typeof episode !== 'string') return undefined;
  if (set !== undefined && (typeof set !== 'string' || !isSetName(set))) return undefined;
  if (clockOffset !== undefined && !isNumber(clockOffset)) return undefined;
  const knownClaims = typeof claims === 'string' ? parseClaims(claims) : [];
  const knownChoice = typeof choice === 'string' ? parseChoice(choice) : undefined;
  const knownChange = typeof change === 'string' ? parseChange(change) : undefined;
  return {
    id,
    camera,
    kind: knownKind,
    cause: knownCause,
    episode: episode as EpisodeId | undefined,
    takenAt: epochMs(takenAt as number),
    offsetMinutes: offsetMinutes as number,
    width: width as number,
    height: height as number,
    bytes: bytes as number,
    sha256,
    source: knownSource,
    delay: delay === undefined ? undefined : ms(delay),
    isDemo,
    ...(knownChoice ? { choice: knownChoice } : {}),
    ...(knownChange ? { change: knownChange } : {}),
    ...(set === undefined ? {} : { set }),
    ...(knownClaims.length === 0 ? {} : { claims: knownClaims }),
    ...(clockOffset === undefined ? {} : { clockOffset: ms(clockOffset) }),
  };
};
