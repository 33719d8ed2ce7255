// What an owner may require of a camera, and what was found of it. A pure judgement over evidence: nothing is claimed that
// was not asked, measured or seen. The words "conformant" and "certified" belong to others and are not used.

import { assertNever } from './assert-never.ts';
import type { ClaimKind } from './camera-message.ts';
import { type CameraIdentity, claimedProfiles } from './identity.ts';
import type { Ms } from './units.ts';

/** `cannot-be-asked`: no camera tells this over the network; a data sheet does. */
export type RequirementState = 'proven' | 'refused' | 'not-offered' | 'not-tested' | 'cannot-be-asked';

export const REQUIREMENTS = [
  'identity',
  'mac',
  'profiles',
  'resolution',
  'two-streams',
  'snapshot',
  'snapshot-https',
  'events',
  'classes',
  'push',
  'metadata',
  'edge-storage',
  'ptz',
  'imaging',
  'clock',
  'tls',
  'sensor',
  'infrared',
  'weather',
  'vandal',
  'poe',
  'gigabit',
  'temperature',
  'sim',
] as const;
export type RequirementId = (typeof REQUIREMENTS)[number];

export interface RequirementLine {
  readonly id: RequirementId;
  readonly state: RequirementState;
  /** The call, the answer, the measured figure: one fact a line. */
  readonly evidence: readonly string[];
}

/** One question and what came of it. */
export type Asked<T> =
  | { readonly type: 'answered'; readonly call: string; readonly value: T }
  | { readonly type: 'refused'; readonly call: string; readonly reason: string }
  | { readonly type: 'not-offered'; readonly call: string }
  | { readonly type: 'not-asked'; readonly why: string };

export interface StreamFinding {
  readonly profile: string;
  readonly claimed: { readonly width: number; readonly height: number } | undefined;
  /** Size of a frame that was decoded; undefined: none was. */
  readonly decoded: { readonly width: number; readonly height: number } | undefined;
  readonly trouble: string | undefined;
}

export interface SnapshotFinding {
  readonly width: number;
  readonly height: number;
  readonly delay: Ms;
  readonly age: Ms | undefined;
  readonly scheme: string;
  readonly url: string;
}

export interface EventFinding {
  readonly motionTopics: readonly string[];
  /** A motion state was repeated when we subscribed. */
  readonly hasState: boolean;
  readonly sawBegin: boolean;
  readonly sawEnd: boolean;
  /** Classes that came with a real event, and those only named by a topic. */
  readonly seen: readonly ClaimKind[];
  readonly offered: readonly ClaimKind[];
  readonly listened: Ms;
}

export interface TlsFinding {
  readonly version: string;
  readonly issuer: string;
  readonly isSelfSigned: boolean;
  readonly validTo: string;
}

export interface CameraEvidence {
  readonly identity: Asked<CameraIdentity>;
  /** Largest picture first. */
  readonly streams: Asked<readonly StreamFinding[]>;
  readonly snapshot: Asked<SnapshotFinding>;
  readonly snapshotTls: Asked<SnapshotFinding>;
  readonly events: Asked<EventFinding>;
  readonly push: Asked<{ readonly producers: number }>;
  readonly metadata: Asked<{ readonly configurations: number; readonly documents: number }>;
  readonly recordings: Asked<{
    readonly count: number | undefined;
    readonly from: string | undefined;
    readonly until: string | undefined;
  }>;
  readonly presets: Asked<{ readonly count: number }>;
  readonly imaging: Asked<readonly string[]>;
  readonly clock: Asked<{
    readonly offset: Ms;
    readonly kind: string | undefined;
    readonly servers: readonly string[];
  }>;
  readonly tls: Asked<TlsFinding>;
}

/** 2560x1440 is the seed's 4 MP; sensors of 4 MP give at least this many pixels. */
const FOUR_MEGAPIXELS = 2560 * 1440;
/** A clock that is off by more makes log lines of two devices unreadable together. */
const CLOCK_LIMIT = 2000;

const NOT_ASKABLE: readonly RequirementId[] = [
  'sensor',
  'infrared',
  'weather',
  'vandal',
  'poe',
  'gigabit',
  'temperature',
  'sim',
];

const size = ({ width, height }: { readonly width: number; readonly height: number }): string =>
  `${width}x${height} (${((width * height) / 1e6).toFixed(1)} MP)`;
const secondsText = (value: number): string => `${(value / 1000).toFixed(1)} s`;

/** The line for a question: `judge` decides an answer; what was not answered says so itself. */
const judged = <T>(
  id: RequirementId,
  asked: Asked<T>,
  judge: (value: T, call: string) => Omit<RequirementLine, 'id'>,
): RequirementLine => {
  switch (asked.type) {
    case 'answered':
      return { id, ...judge(asked.value, asked.call) };
    case 'refused':
      return { id, state: 'refused', evidence: [`${asked.call}: ${asked.reason}`] };
    case 'not-offered':
      return { id, state: 'not-offered', evidence: [`${asked.call}: the camera has no such service`] };
    case 'not-asked':
      return { id, state: 'not-tested', evidence: [asked.why] };
    default:
      return assertNever(asked);
  }
};

const identityLines = (asked: CameraEvidence['identity']): readonly RequirementLine[] => [
  judged('identity', asked, ({ make, model, serial, firmware }, call) => ({
    state: model !== undefined && serial !== undefined ? 'proven' : 'not-offered',
    evidence: [
      `${call}: ${[make, model].filter(Boolean).join(' ') || 'no model'}, serial ${serial === undefined ? 'missing' : 'given'}, firmware ${firmware ?? 'missing'}`,
    ],
  })),
  judged('mac', asked, ({ mac, macRule }) => ({
    state: mac === undefined ? 'not-offered' : 'proven',
    evidence: [`GetNetworkInterfaces: ${mac ?? 'no usable hardware address'} (${macRule})`],
  })),
  judged('profiles', asked, ({ scopes }) => {
    const claims = claimedProfiles(scopes);
    // A claim is all a camera can make of it: never more than "not tested".
    return {
      state: claims.length === 0 ? 'not-offered' : 'not-tested',
      evidence: [
        claims.length === 0 ? 'GetScopes: claims none' : `GetScopes: claims ${claims.join(', ')} by its own word`,
      ],
    };
  }),
];

const streamLines = (asked: CameraEvidence['streams']): readonly RequirementLine[] => {
  const text = ({ profile, claimed, decoded, trouble }: StreamFinding): string =>
    `${profile}: claims ${claimed ? size(claimed) : 'no size'}, ${decoded ? `decoded ${size(decoded)}` : `no frame decoded${trouble ? ` (${trouble})` : ''}`}`;
  return [
    judged('resolution', asked, (streams) => {
      const decoded = streams.flatMap((stream) => stream.decoded ?? []);
      const most = Math.max(0, ...decoded.map(({ width, height }) => width * height));
      const claims = Math.max(0, ...streams.map(({ claimed }) => (claimed ? claimed.width * claimed.height : 0)));
      const evidence = streams.map(text);
      if (most >= FOUR_MEGAPIXELS) return { state: 'proven', evidence };
      // A claim of 4 MP that nothing was decoded for is neither true nor false.
      if (decoded.length === 0 && claims >= FOUR_MEGAPIXELS) return { state: 'not-tested', evidence };
      return { state: streams.length === 0 ? 'not-tested' : 'not-offered', evidence };
    }),
    judged('two-streams', asked, (streams) => {
      const sizes = new Set(streams.flatMap(({ decoded }) => (decoded ? [size(decoded)] : [])));
      const evidence = streams.map(text);
      if (sizes.size >= 2) return { state: 'proven', evidence };
      return { state: streams.length < 2 ? 'not-offered' : 'not-tested', evidence };
    }),
  ];
};

const snapshotEvidence = ({ width, height, delay, age, scheme, url }: SnapshotFinding): readonly string[] => [
  `${url}: ${size({ width, height })} in ${secondsText(delay)}, login ${scheme}`,
  age === undefined ? 'its age is not stated' : `${secondsText(age)} old by the camera’s own word`,
];

const eventLines = (asked: CameraEvidence['events']): readonly RequirementLine[] => [
  judged('events', asked, ({ motionTopics, hasState, sawBegin, sawEnd, listened }) => {
    const evidence = [
      motionTopics.length === 0
        ? 'GetEventProperties: no motion topic'
        : `GetEventProperties: ${motionTopics.join(', ')}`,
      hasState ? 'subscribed, and a motion state was repeated' : 'subscribed, no motion state was repeated',
      sawBegin
        ? `a real motion began${sawEnd ? ' and ended' : '; its end was not seen'}`
        : `no motion in the ${secondsText(listened)} listened`,
    ];
    if (sawBegin && sawEnd) return { state: 'proven', evidence };
    return { state: motionTopics.length === 0 && !hasState && !sawBegin ? 'not-offered' : 'not-tested', evidence };
  }),
  judged('classes', asked, ({ seen, offered }) => {
    const real = seen.filter((kind) => kind === 'person' || kind === 'vehicle' || kind === 'animal');
    const named = offered.filter((kind) => kind === 'person' || kind === 'vehicle' || kind === 'animal');
    if (real.length > 0) return { state: 'proven', evidence: [`seen: ${real.join(', ')}`] };
    return named.length > 0
      ? { state: 'not-tested', evidence: [`a topic for ${named.join(', ')} is offered; none was seen`] }
      : { state: 'not-offered', evidence: ['no topic names persons, vehicles or animals'] };
  }),
];

/** Judges all evidence. One line for each requirement, in the order of `REQUIREMENTS`. */
export const judgeRequirements = (evidence: CameraEvidence): readonly RequirementLine[] => {
  const lines: readonly RequirementLine[] = [
    ...identityLines(evidence.identity),
    ...streamLines(evidence.streams),
    judged('snapshot', evidence.snapshot, (found) => ({ state: 'proven', evidence: snapshotEvidence(found) })),
    judged('snapshot-https', evidence.snapshotTls, (found) => ({ state: 'proven', evidence: snapshotEvidence(found) })),
    ...eventLines(evidence.events),
    judged('push', evidence.push, ({ producers }, call) => ({
      // Offering is not sending: proven is only a notification that arrived.
      state: producers > 0 ? 'not-tested' : 'not-offered',
      evidence: [`${call}: MaxNotificationProducers ${producers}`],
    })),
    judged('metadata', evidence.metadata, ({ configurations, documents }, call) => ({
      state: documents > 0 ? 'proven' : configurations > 0 ? 'not-tested' : 'not-offered',
      evidence: [`${call}: ${configurations} configurations; ${documents} documents read from the stream`],
    })),
    judged('edge-storage', evidence.recordings, ({ count, from, until }, call) => ({
      state: count === 0 ? 'not-offered' : 'not-tested',
      evidence: [
        `${call}: ${count ?? 'unknown number of'} recordings, ${from ?? '?'} to ${until ?? '?'}; none was played`,
      ],
    })),
    judged('ptz', evidence.presets, ({ count }, call) => ({
      state: 'proven',
      evidence: [`${call}: ${count} presets listed; nothing was moved`],
    })),
    judged('imaging', evidence.imaging, (settings, call) => ({
      state: settings.length > 0 ? 'proven' : 'not-offered',
      evidence: [`${call}: ${settings.join(', ') || 'nothing'}`],
    })),
    judged('clock', evidence.clock, ({ offset, kind, servers }, call) => ({
      state: Math.abs(offset) < CLOCK_LIMIT ? 'proven' : 'refused',
      evidence: [
        `${call}: ${secondsText(offset)} off, set by ${kind ?? 'unknown'}; NTP ${servers.join(', ') || 'none'}`,
      ],
    })),
    judged('tls', evidence.tls, ({ version, issuer, isSelfSigned, validTo }, call) => ({
      state: 'proven',
      evidence: [`${call}: ${version}, ${isSelfSigned ? 'self-signed' : `signed by ${issuer}`}, valid to ${validTo}`],
    })),
    ...NOT_ASKABLE.map((id): RequirementLine => ({ id, state: 'cannot-be-asked', evidence: [] })),
  ];
  return REQUIREMENTS.flatMap((id) => lines.filter((line) => line.id === id));
};
