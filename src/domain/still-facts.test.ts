import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testJpeg } from '../testing/jpegs.ts';
import { cameraId, episodeId, stillId } from './ids.ts';
import { jpegDamage, jpegHeader, jpegSegment, spliceSegments } from './jpeg.ts';
import { STILL_KINDS, STILL_SOURCES } from './still.ts';
import { CHANGE_VERDICTS, maskText } from './still-change.ts';
import { readStillFacts, withStillFacts } from './still-facts.ts';
import { exifPayload, readCameraExif } from './still-facts-exif.ts';
import { readXmp, STILLWATCH_NAMESPACE, xmpText } from './still-facts-xmp.ts';
import { epochMs, ms } from './units.ts';

type Facts = Parameters<typeof withStillFacts>[1];

const camera = fc.constantFrom('garden', 'tapo', 'a', 'north-gate-2').map(cameraId);
const takenAt = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(epochMs);
const facts: fc.Arbitrary<Facts> = fc
  .record({
    camera,
    takenAt,
    kind: fc.constantFrom(...STILL_KINDS),
    source: fc.constantFrom(...STILL_SOURCES),
    cause: fc.constantFrom('pixels' as const, 'camera' as const, 'owner' as const, undefined),
    inEpisode: fc.boolean(),
    offsetMinutes: fc.integer({ min: -12 * 60, max: 14 * 60 }),
    delay: fc.option(fc.integer({ min: 0, max: 600_000 }).map(ms), { nil: undefined }),
    isDemo: fc.boolean(),
    more: fc.record(
      {
        choice: fc.constant({
          way: 'sub-frame' as const,
          reason: 'moment' as const,
          failed: [{ way: 'main-ring' as const, code: 'SW_STILL_DAMAGED' as const }],
        }),
        change: fc.record({
          verdict: fc.constantFrom(...CHANGE_VERDICTS),
          perMille: fc.nat(1000),
          mask: fc.uint8Array({ minLength: 576, maxLength: 576, max: 1 }).map(maskText),
        }),
        set: fc.constant('2026-11-23/14-32-07'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ inEpisode, more, ...rest }) => ({
    ...rest,
    ...more,
    id: stillId(rest.camera, rest.takenAt, rest.kind, String(inEpisode)),
    episode: inEpisode ? episodeId(rest.camera, rest.takenAt) : undefined,
    width: 64,
    height: 48,
  }));

const example: Facts = {
  id: stillId(cameraId('garden'), epochMs(1_795_444_327_120), 'calm', ''),
  camera: cameraId('garden'),
  kind: 'calm',
  cause: 'pixels',
  episode: episodeId(cameraId('garden'), epochMs(1_795_444_300_000)),
  takenAt: epochMs(1_795_444_327_120),
  offsetMinutes: 60,
  width: 64,
  height: 48,
  source: 'main-stream',
  delay: ms(412),
  isDemo: false,
};

let jpeg: Uint8Array;
beforeAll(async () => {
  jpeg = await testJpeg(7);
});

const scanOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(jpegHeader(bytes).at(-1)?.end);

describe('facts in the file', () => {
  it('come back as they went in, with any name of the camera', () => {
    fc.assert(
      fc.property(facts, fc.string({ unit: 'binary', maxLength: 60 }), (said, cameraName) => {
        const marked = withStillFacts(jpeg, said, { cameraName, make: cameraName });
        expect(readStillFacts(marked)).toEqual(said);
        expect(jpegDamage(marked)).toBeUndefined();
        expect(scanOf(marked)).toEqual(scanOf(jpeg));
      }),
      { numRuns: 300 },
    );
  });

  it('replace earlier ones; the same facts give the same bytes', () => {
    const once = withStillFacts(jpeg, example);
    const other = { ...example, kind: 'manual' as const };
    expect(readStillFacts(withStillFacts(once, other))).toEqual(other);
    expect(withStillFacts(withStillFacts(once, other), example)).toEqual(once);
  });

  it('keep make, model and orientation of the camera’s own block', () => {
    const theirs = exifPayload({
      takenAt: epochMs(0),
      offsetMinutes: 0,
      width: 1,
      height: 1,
      uniqueId: 'x',
      description: 'TP-LINK',
      software: 'fw 1.1.15',
      make: 'TP-Link',
      model: 'C100',
      orientation: 6,
    });
    const fromCamera = spliceSegments(jpeg, [jpegSegment(0xe1, theirs)], () => false);
    const marked = withStillFacts(fromCamera, example);
    const blocks = jpegHeader(marked).filter((segment) => segment.marker === 0xe1);
    expect(blocks).toHaveLength(2);
    const [exif] = blocks;
    expect(readCameraExif(marked.subarray((exif?.start ?? 0) + 4, exif?.end))).toEqual({
      make: 'TP-Link',
      model: 'C100',
      orientation: 6,
    });
  });

  it('round a fraction of a millisecond, as every later step does', () => {
    const marked = withStillFacts(jpeg, { ...example, takenAt: epochMs(1000.6), delay: ms(3.4) });
    expect(readStillFacts(marked)).toMatchObject({ takenAt: 1001, delay: 3 });
  });

  it('refuse what is not a JPEG', () => {
    expect(() => withStillFacts(new Uint8Array(10), example)).toThrow('SW_STILL_DAMAGED');
  });
});

describe('a file that is not ours', () => {
  it('has no facts', () => {
    expect(readStillFacts(jpeg)).toBeUndefined();
    expect(readStillFacts(new Uint8Array())).toBeUndefined();
  });

  const withProperties = (properties: Record<string, string>): Uint8Array => {
    const xmp = new TextEncoder().encode(xmpText({ subjects: [], description: '', properties }));
    return spliceSegments(jpeg, [jpegSegment(0xe1, xmp)], () => false);
  };
  const good = {
    id: 'a'.repeat(32),
    camera: 'garden',
    kind: 'calm',
    source: 'main-stream',
    takenAtMs: '1000',
    offsetMinutes: '60',
    demo: 'false',
  };
  it('is taken for ours when everything needed is there', () => {
    expect(readStillFacts(withProperties(good))).toMatchObject({ camera: 'garden', cause: undefined });
  });
  it.each([
    ['id', '../../etc/passwd'],
    ['id', 'A'.repeat(32)],
    ['camera', '../..'],
    ['camera', ''],
    ['kind', 'constructor'],
    ['source', 'toString'],
    ['takenAtMs', '-1'],
    ['takenAtMs', '1e3'],
    ['takenAtMs', '99999999999999999'],
    ['offsetMinutes', '5000'],
    ['demo', 'yes'],
    ['cause', 'magic'],
    ['episode', '../x'],
    ['delayMs', 'NaN'],
  ])('is refused for %s = %s', (name, value) => {
    expect(readStillFacts(withProperties({ ...good, [name]: value }))).toBeUndefined();
  });
  it.each(Object.keys(good))('is refused without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
    expect(readStillFacts(withProperties(rest))).toBeUndefined();
  });

  it('never throws, whatever its blocks hold', () => {
    const hostile = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(hostile, hostile, fc.nat(400), (exif, xmp, at) => {
        const marked = withStillFacts(jpeg, example).slice();
        marked.set(exif.subarray(0, Math.max(0, marked.length - at)), at);
        readStillFacts(marked);
        readCameraExif(Uint8Array.from([...new TextEncoder().encode('Exif\0\0II*\0'), ...xmp]));
        readXmp(new TextDecoder().decode(xmp));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a packet rewritten by another program', () => {
  const element = `<rdf:Description xmlns:sw='${STILLWATCH_NAMESPACE}'><sw:id>1&amp;2</sw:id>
    <sw:camera>g&#xe5;rd</sw:camera></rdf:Description>`;
  it('is read with another prefix and with elements', () => {
    expect([...readXmp(element)]).toEqual([
      ['id', '1&2'],
      ['camera', 'gård'],
    ]);
  });
  it('counts only our namespace, and the first of two', () => {
    expect(readXmp('<a xmlns:stillwatch="urn:other" stillwatch:id="1"/>').size).toBe(0);
    const twice = `<a xmlns:sw="${STILLWATCH_NAMESPACE}" sw:id="1" sw:id="2"/>`;
    expect(readXmp(twice).get('id')).toBe('1');
  });
  it('text with marks, quotes and entities comes back', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('&', '<', '>', '"', "'", 'æ', '😀', ' ', '\n', 'a', ';', '#'),
          maxLength: 40,
        }),
        (value) => {
          const packet = xmpText({ subjects: [value], description: value, properties: { note: value } });
          expect(readXmp(packet).get('note')).toBe(value);
        },
      ),
    );
  });
});
