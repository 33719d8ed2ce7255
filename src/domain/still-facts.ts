// The facts of a still inside its own JPEG: EXIF for every other program, XMP for the catalogue's rebuild.
// The picture is never re-encoded. What is read is hostile until checked: anything not exactly ours counts as not there.

import { claimsText, parseClaims } from './camera-message.ts';
import { parseUpload, uploadText } from './delivery.ts';
import { StillwatchError } from './errors.ts';
import { type EpisodeId, isCameraId, isStillId } from './ids.ts';
import { type JpegSegment, jpegHeader, jpegSegment, jpegSize, spliceSegments } from './jpeg.ts';
import type { Cause } from './signal.ts';
import { STILL_KINDS, STILL_SOURCES, type StillFacts, type StillKind, type StillSourceName } from './still.ts';
import { changeText, parseChange } from './still-change.ts';
import { choiceText, parseChoice } from './still-choice.ts';
import { type CameraExif, EXIF_HEADER, exifPayload, readCameraExif } from './still-facts-exif.ts';
import { readXmp, XMP_HEADER, xmpText } from './still-facts-xmp.ts';
import { isSetName } from './still-path.ts';
import { epochMs, ms } from './units.ts';

/** Facts that can lie inside a file: all but its own length and hash. */
type InnerFacts = Omit<StillFacts, 'bytes' | 'sha256'>;

/** What people read in the file's description. */
export interface StillWords {
  /** The owner's name of the camera. */
  readonly cameraName?: string;
  readonly make?: string;
  readonly model?: string;
  /** Name and version of this program. */
  readonly software?: string;
}

const APP1 = 0xe1;
const CAUSES: readonly Cause[] = ['pixels', 'camera', 'owner'];
/** As `episodeId` makes them: start time in base 36, camera. */
const EPISODE = /^[0-9a-z]{9,11}-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: false });
const xmpHeader = utf8.encode(XMP_HEADER);

const payloadOf = (jpeg: Uint8Array, segment: JpegSegment, header: Uint8Array): Uint8Array | undefined => {
  if (segment.marker !== APP1) return undefined;
  const payload = jpeg.subarray(segment.start + 4, segment.end);
  return payload.length >= header.length && header.every((byte, at) => payload[at] === byte) ? payload : undefined;
};

const cameraExif = (jpeg: Uint8Array): CameraExif | undefined => {
  for (const segment of jpegHeader(jpeg)) {
    const payload = payloadOf(jpeg, segment, EXIF_HEADER);
    if (payload) return readCameraExif(payload);
  }
  return undefined;
};

const properties = (facts: InnerFacts): Record<string, string> => ({
  id: facts.id,
  camera: facts.camera,
  kind: facts.kind,
  source: facts.source,
  takenAtMs: String(Math.round(facts.takenAt)),
  offsetMinutes: String(facts.offsetMinutes),
  demo: String(facts.isDemo),
  ...(facts.cause === undefined ? {} : { cause: facts.cause }),
  ...(facts.episode === undefined ? {} : { episode: facts.episode }),
  ...(facts.delay === undefined ? {} : { delayMs: String(Math.round(facts.delay)) }),
  ...(facts.choice === undefined ? {} : { choice: choiceText(facts.choice) }),
  ...(facts.change === undefined ? {} : { change: changeText(facts.change) }),
  ...(facts.set === undefined ? {} : { set: facts.set }),
  ...(facts.upload === undefined ? {} : { upload: uploadText(facts.upload) }),
  ...(facts.claims === undefined || facts.claims.length === 0 ? {} : { claims: claimsText(facts.claims) }),
  // Milliseconds.
  ...(facts.clockOffset === undefined ? {} : { clockOffset: String(Math.round(facts.clockOffset)) }),
});

/**
 * The same picture carrying `facts`. EXIF and XMP that were there are replaced; make, model and orientation are kept.
 * Times are whole milliseconds. Doing it again with the same facts gives the same bytes.
 * @throws StillwatchError SW_STILL_DAMAGED for what is not a JPEG
 */
export const withStillFacts = (jpeg: Uint8Array, facts: InnerFacts, words: StillWords = {}): Uint8Array => {
  if (!jpegSize(jpeg)) throw new StillwatchError('SW_STILL_DAMAGED', { detail: 'not a JPEG' });
  const own = cameraExif(jpeg);
  const name = words.cameraName ?? facts.camera;
  const description = `${name}: ${facts.kind}${facts.isDemo ? ' (demo)' : ''}`;
  const exif = exifPayload({
    takenAt: epochMs(Math.round(facts.takenAt)),
    offsetMinutes: facts.offsetMinutes,
    width: facts.width,
    height: facts.height,
    uniqueId: facts.id,
    description,
    software: words.software ?? 'Stillwatch',
    make: words.make ?? own?.make,
    model: words.model ?? own?.model,
    orientation: own?.orientation,
  });
  const subjects = [
    name,
    facts.kind,
    ...(facts.cause ? [facts.cause] : []),
    ...(facts.change ? [facts.change.verdict] : []),
    ...(facts.claims ?? []),
    ...(facts.isDemo ? ['demo'] : []),
  ];
  const xmp = utf8.encode(xmpText({ subjects, description, properties: properties(facts) }));
  return spliceSegments(
    jpeg,
    [jpegSegment(APP1, exif), jpegSegment(APP1, xmp)],
    (segment) =>
      payloadOf(jpeg, segment, EXIF_HEADER) !== undefined || payloadOf(jpeg, segment, xmpHeader) !== undefined,
  );
};

const oneOf = <T extends string>(allowed: readonly T[], value: string | undefined): T | undefined =>
  allowed.find((each) => each === value);

const whole = (value: string | undefined, least: number, most: number): number | undefined => {
  if (value === undefined || !/^-?\d{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= least && number <= most ? number : undefined;
};

/** The year 5188, where episode ids end. */
const LAST_INSTANT = 36 ** 9;

/** The facts `withStillFacts` wrote; undefined when they are not there, not ours, or not all valid. */
export const readStillFacts = (jpeg: Uint8Array): InnerFacts | undefined => {
  const size = jpegSize(jpeg);
  if (!size) return undefined;
  for (const segment of jpegHeader(jpeg)) {
    const payload = payloadOf(jpeg, segment, xmpHeader);
    if (payload) return factsFrom(readXmp(text.decode(payload)), size);
  }
  return undefined;
};

const factsFrom = (
  said: ReadonlyMap<string, string>,
  size: { readonly width: number; readonly height: number },
): InnerFacts | undefined => {
  const id = said.get('id') ?? '';
  const camera = said.get('camera') ?? '';
  const kind: StillKind | undefined = oneOf(STILL_KINDS, said.get('kind'));
  const source: StillSourceName | undefined = oneOf(STILL_SOURCES, said.get('source'));
  const takenAt = whole(said.get('takenAtMs'), 0, LAST_INSTANT);
  const offsetMinutes = whole(said.get('offsetMinutes'), -18 * 60, 18 * 60);
  const episode = said.get('episode');
  const demo = said.get('demo');
  if (!isStillId(id) || !isCameraId(camera) || !kind || !source) return undefined;
  if (takenAt === undefined || offsetMinutes === undefined || (demo !== 'true' && demo !== 'false')) return undefined;
  if (episode !== undefined && !EPISODE.test(episode)) return undefined;
  const cause = oneOf(CAUSES, said.get('cause'));
  if (said.has('cause') && !cause) return undefined;
  const delay = whole(said.get('delayMs'), 0, LAST_INSTANT);
  if (said.has('delayMs') && delay === undefined) return undefined;
  const clockOffset = whole(said.get('clockOffset'), -LAST_INSTANT, LAST_INSTANT);
  const claims = parseClaims(said.get('claims') ?? '');
  const [choiceSaid, changeSaid, set] = [said.get('choice'), said.get('change'), said.get('set')];
  const choice = choiceSaid === undefined ? undefined : parseChoice(choiceSaid);
  const change = changeSaid === undefined ? undefined : parseChange(changeSaid);
  const upload = parseUpload(said.get('upload') ?? '');
  // Words of a newer version are left out, not guessed at; a name that is no name would put the file in a wrong place.
  if (set !== undefined && !isSetName(set)) return undefined;
  return {
    id,
    camera,
    kind,
    cause,
    episode: episode as EpisodeId | undefined,
    takenAt: epochMs(takenAt),
    offsetMinutes,
    ...size,
    source,
    delay: delay === undefined ? undefined : ms(delay),
    isDemo: demo === 'true',
    ...(choice ? { choice } : {}),
    ...(change ? { change } : {}),
    ...(set === undefined ? {} : { set }),
    ...(upload ? { upload } : {}),
    ...(claims.length === 0 ? {} : { claims }),
    ...(clockOffset === undefined ? {} : { clockOffset: ms(clockOffset) }),
  };
};
