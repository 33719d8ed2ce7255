import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraIdentity } from './identity.ts';
import {
  type Asked,
  type CameraEvidence,
  type EventFinding,
  REQUIREMENTS,
  type RequirementId,
  type RequirementState,
} from './requirement.ts';
import { judgeRequirements } from './requirement-judge.ts';
import { REQUIREMENT_WORDS, STATE_WORDS } from './requirement-words.ts';
import { ms } from './units.ts';

const NOT_ASKED = { type: 'not-asked', why: { en: 'was not asked', da: 'blev ikke spurgt' } } as const;
const answered = <T>(value: T): Asked<T> => ({ type: 'answered', call: 'Get', value });
const nothing: CameraEvidence = {
  identity: NOT_ASKED,
  streams: NOT_ASKED,
  snapshot: NOT_ASKED,
  snapshotTls: NOT_ASKED,
  events: NOT_ASKED,
  push: NOT_ASKED,
  metadata: NOT_ASKED,
  recordings: NOT_ASKED,
  presets: NOT_ASKED,
  imaging: NOT_ASKED,
  clock: NOT_ASKED,
  tls: NOT_ASKED,
};
const identity: CameraIdentity = {
  name: undefined,
  make: 'M',
  model: 'X',
  firmware: '1',
  serial: 'S1',
  hardwareId: undefined,
  host: '10.0.0.1',
  mac: '28:57:be:65:7d:d5',
  macRule: 'only-interface',
  ports: [],
  scopes: ['onvif://www.onvif.org/Profile/Streaming', 'onvif://www.onvif.org/Profile/M'],
};
const main = { width: 2560, height: 1440 };
const sub = { width: 640, height: 360 };
const stream = (claimed: typeof main | undefined, decoded: typeof main | undefined) => ({
  profile: 'p',
  claimed,
  decoded,
  trouble: undefined,
});
const events: EventFinding = {
  motionTopics: ['t'],
  hasState: true,
  sawBegin: false,
  sawEnd: false,
  seen: [],
  offered: [],
  listened: ms(5000),
};
const shot = { width: 1, height: 1, delay: ms(1), age: undefined, scheme: 'basic', url: 'http://x/' };

type Row = readonly [what: string, evidence: Partial<CameraEvidence>, id: RequirementId, state: RequirementState];

describe('judgeRequirements', () => {
  it.each<Row>([
    ['model and serial', { identity: answered(identity) }, 'identity', 'proven'],
    ['no serial', { identity: answered({ ...identity, serial: undefined }) }, 'identity', 'not-offered'],
    ['a MAC', { identity: answered(identity) }, 'mac', 'proven'],
    ['no MAC', { identity: answered({ ...identity, mac: undefined }) }, 'mac', 'not-offered'],
    ['a claimed profile is never proven', { identity: answered(identity) }, 'profile-s', 'not-tested'],
    ['a profile that is not claimed', { identity: answered(identity) }, 'profile-g', 'not-offered'],
    [
      'a claim whose parts are refused',
      { identity: answered(identity), events: { type: 'refused', call: 'Create', reason: 'no' } },
      'profile-m',
      'refused',
    ],
    ['4 MP decoded', { streams: answered([stream(main, main)]) }, 'resolution', 'proven'],
    ['4 MP claimed and nothing decoded', { streams: answered([stream(main, undefined)]) }, 'resolution', 'not-tested'],
    [
      '4 MP claimed and 2 MP decoded',
      { streams: answered([stream(main, { width: 1920, height: 1080 })]) },
      'resolution',
      'not-offered',
    ],
    [
      '2 MP claimed',
      { streams: answered([stream({ width: 1920, height: 1080 }, undefined)]) },
      'resolution',
      'not-offered',
    ],
    ['two sizes decoded', { streams: answered([stream(main, main), stream(sub, sub)]) }, 'two-streams', 'proven'],
    ['two of one size', { streams: answered([stream(main, main), stream(main, main)]) }, 'two-streams', 'not-tested'],
    ['one stream', { streams: answered([stream(main, main)]) }, 'two-streams', 'not-offered'],
    ['a snapshot', { snapshot: answered(shot) }, 'snapshot', 'proven'],
    [
      'a snapshot refused',
      { snapshot: { type: 'refused', call: 'GetSnapshotUri', reason: 'no' } },
      'snapshot',
      'refused',
    ],
    ['motion began and ended', { events: answered({ ...events, sawBegin: true, sawEnd: true }) }, 'events', 'proven'],
    ['motion only began', { events: answered({ ...events, sawBegin: true }) }, 'events', 'not-tested'],
    ['a state only', { events: answered(events) }, 'events', 'not-tested'],
    [
      'no topic, no state',
      { events: answered({ ...events, motionTopics: [], hasState: false }) },
      'events',
      'not-offered',
    ],
    ['a person seen', { events: answered({ ...events, seen: ['person'] }) }, 'classes', 'proven'],
    ['a person offered', { events: answered({ ...events, offered: ['person'] }) }, 'classes', 'not-tested'],
    ['motion is no class', { events: answered({ ...events, seen: ['motion'] }) }, 'classes', 'not-offered'],
    ['push offered is not push proven', { push: answered({ producers: 2, arrived: undefined }) }, 'push', 'not-tested'],
    ['push subscribed to and nothing came', { push: answered({ producers: 2, arrived: 0 }) }, 'push', 'not-tested'],
    ['push that arrived', { push: answered({ producers: 2, arrived: 3 }) }, 'push', 'proven'],
    ['push not offered', { push: answered({ producers: 0, arrived: undefined }) }, 'push', 'not-offered'],
    ['metadata read', { metadata: answered({ configurations: 1, documents: 3 }) }, 'metadata', 'proven'],
    ['metadata configured', { metadata: answered({ configurations: 1, documents: 0 }) }, 'metadata', 'not-tested'],
    [
      'metadata that no profile carries',
      { metadata: answered({ configurations: 1, documents: undefined }) },
      'metadata',
      'not-tested',
    ],
    [
      'recordings claimed, none found',
      { recordings: answered({ count: 3, from: undefined, until: undefined, found: 0, hasReplay: false }) },
      'edge-storage',
      'not-tested',
    ],
    [
      'a recording that was found',
      { recordings: answered({ count: undefined, from: undefined, until: undefined, found: 1, hasReplay: false }) },
      'edge-storage',
      'proven',
    ],
    [
      'an empty card',
      { recordings: answered({ count: 0, from: undefined, until: undefined, found: 0, hasReplay: false }) },
      'edge-storage',
      'not-offered',
    ],
    ['no service', { recordings: { type: 'not-offered', call: 'search' } }, 'edge-storage', 'not-offered'],
    ['presets listed', { presets: answered({ count: 0 }) }, 'ptz', 'proven'],
    ['a clock that is right', { clock: answered({ offset: ms(-900), kind: 'NTP', servers: [] }) }, 'clock', 'proven'],
    [
      'a clock an hour off',
      { clock: answered({ offset: ms(3_600_000), kind: 'Manual', servers: [] }) },
      'clock',
      'refused',
    ],
    ['TLS', { tls: answered({ version: 'TLSv1.3', issuer: 'x', isSelfSigned: true, validTo: 'y' }) }, 'tls', 'proven'],
    ['weather', { identity: answered(identity) }, 'weather', 'cannot-be-asked'],
  ])('%s', (_, evidence, id, state) => {
    const line = judgeRequirements({ ...nothing, ...evidence }).find((one) => one.id === id);
    expect(line?.state).toBe(state);
    if (state === 'cannot-be-asked') return;
    for (const language of ['en', 'da'] as const) {
      expect(line?.evidence.map((fact) => fact[language]).join('')).not.toBe('');
    }
  });

  it('has one line for each requirement, in order, and proves nothing that was not asked', () => {
    const lines = judgeRequirements(nothing);
    expect(lines.map(({ id }) => id)).toEqual([...REQUIREMENTS]);
    expect(lines.filter(({ state }) => state !== 'not-tested' && state !== 'cannot-be-asked')).toEqual([]);
  });

  it.each<[Partial<CameraEvidence>, RequirementId, string, string]>([
    [
      { metadata: answered({ configurations: 1, documents: 1 }) },
      'metadata',
      '1 document read from the stream',
      '1 dokument læst fra strømmen',
    ],
    [
      { push: answered({ producers: 2, arrived: 1 }) },
      'push',
      '1 notification arrived here',
      '1 meddelelse nåede frem hertil',
    ],
    [
      { clock: answered({ offset: ms(-40), kind: 'NTP', servers: [] }) },
      'clock',
      'Get: 0.0 s off, set by NTP; NTP none',
      'Get: 0,0 s forkert, stillet af NTP; NTP ingen',
    ],
  ])('says it as people do: %j', (evidence, id, en, da) => {
    const line = judgeRequirements({ ...nothing, ...evidence }).find((one) => one.id === id);
    expect(line?.evidence.at(-1)).toEqual({ en, da });
  });

  it('never says what only a test house may say, in any words it has', () => {
    const wanted = JSON.stringify([REQUIREMENT_WORDS, STATE_WORDS]);
    expect(wanted).not.toMatch(/conform|certif/i);
    const asked = fc.constantFrom<Asked<never>>(
      NOT_ASKED,
      { type: 'refused', call: 'c', reason: 'r' },
      { type: 'not-offered', call: 'c' },
    );
    const evidence = fc.record(
      Object.fromEntries(Object.keys(nothing).map((key) => [key, asked])),
    ) as fc.Arbitrary<CameraEvidence>;
    fc.assert(
      fc.property(evidence, (some) => {
        for (const { state } of judgeRequirements(some)) expect(state).not.toBe('proven');
      }),
    );
  });
});
