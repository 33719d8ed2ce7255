// Judges what was found of a camera against what an owner may require. Pure, over evidence: nothing is claimed that was not
// asked, measured or seen. The words "conformant" and "certified" belong to others and are not used.

import { assertNever } from './assert-never.ts';
import type { ClaimKind } from './camera-message.ts';
import { claimedProfiles } from './identity.ts';
import {
  type Asked,
  type CameraEvidence,
  NOT_ASKABLE,
  REQUIREMENTS,
  type RequirementId,
  type RequirementLine,
  type SnapshotFinding,
  type StreamFinding,
  type Words,
} from './requirement.ts';
import { CLAIM_WORDS, MAC_RULE_WORDS, REQUIREMENT_WORDS } from './requirement-words.ts';

/** 2560x1440 is the seed's 4 MP; sensors of 4 MP give at least this many pixels. */
const FOUR_MEGAPIXELS = 2560 * 1440;
/** A clock that is off by more makes log lines of two devices unreadable together. */
const CLOCK_LIMIT = 2000;

const said = (en: string, da: string): Words => ({ en, da });
/** A call and its answer, which are nobody's language. */
const fact = (text: string): Words => ({ en: text, da: text });

const size = ({ width, height }: { readonly width: number; readonly height: number }): Words => {
  const megapixels = (width * height) / 1e6;
  return {
    en: `${width}x${height} (${megapixels.toFixed(1)} MP)`,
    da: `${width}x${height} (${megapixels.toFixed(1).replace('.', ',')} MP)`,
  };
};
const secondsText = (value: number): Words => {
  // Nothing is wrong by minus nought.
  const text = (Math.round(value / 100) / 10 || 0).toFixed(1);
  return { en: `${text} s`, da: `${text.replace('.', ',')} s` };
};

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
      return { id, state: 'refused', evidence: [fact(`${asked.call}: ${asked.reason}`)] };
    case 'not-offered': {
      const { call } = asked;
      const evidence = [said(`${call}: the camera has no such service`, `${call}: kameraet har ingen sådan tjeneste`)];
      return { id, state: 'not-offered', evidence };
    }
    case 'not-asked':
      return { id, state: 'not-tested', evidence: [asked.why] };
    default:
      return assertNever(asked);
  }
};

const identityLines = (asked: CameraEvidence['identity']): readonly RequirementLine[] => [
  judged('identity', asked, ({ make, model, serial, firmware }, call) => {
    const named = [make, model].filter(Boolean).join(' ');
    return {
      state: model !== undefined && serial !== undefined ? 'proven' : 'not-offered',
      evidence: [
        said(
          `${call}: ${named || 'no model'}, serial number ${serial === undefined ? 'missing' : 'given'}, firmware ${firmware ?? 'missing'}`,
          `${call}: ${named || 'ingen model'}, serienummer ${serial === undefined ? 'mangler' : 'oplyst'}, firmware ${firmware ?? 'mangler'}`,
        ),
      ],
    };
  }),
  judged('mac', asked, ({ mac, macRule }) => ({
    state: mac === undefined ? 'not-offered' : 'proven',
    evidence: [
      said(
        `GetNetworkInterfaces: ${mac ?? 'no usable hardware address'} (${MAC_RULE_WORDS[macRule].en})`,
        `GetNetworkInterfaces: ${mac ?? 'ingen brugbar hardwareadresse'} (${MAC_RULE_WORDS[macRule].da})`,
      ),
    ],
  })),
];

const streamText = ({ profile, claimed, decoded, trouble }: StreamFinding): Words => {
  const [asked, got] = [claimed && size(claimed), decoded && size(decoded)];
  const why = trouble ? ` (${trouble})` : '';
  return said(
    `${profile}: claims ${asked?.en ?? 'no size'}, ${got ? `decoded ${got.en}` : `no frame decoded${why}`}`,
    `${profile}: påstår ${asked?.da ?? 'ingen størrelse'}, ${got ? `afkodet ${got.da}` : `intet billede afkodet${why}`}`,
  );
};

const streamLines = (asked: CameraEvidence['streams']): readonly RequirementLine[] => [
  judged('resolution', asked, (streams) => {
    const decoded = streams.flatMap((stream) => stream.decoded ?? []);
    const most = Math.max(0, ...decoded.map(({ width, height }) => width * height));
    const claims = Math.max(0, ...streams.map(({ claimed }) => (claimed ? claimed.width * claimed.height : 0)));
    const evidence = streams.map(streamText);
    if (most >= FOUR_MEGAPIXELS) return { state: 'proven', evidence };
    // A claim of 4 MP that nothing was decoded for is neither true nor false.
    if (decoded.length === 0 && claims >= FOUR_MEGAPIXELS) return { state: 'not-tested', evidence };
    return { state: streams.length === 0 ? 'not-tested' : 'not-offered', evidence };
  }),
  judged('two-streams', asked, (streams) => {
    const sizes = new Set(streams.flatMap(({ decoded }) => (decoded ? [size(decoded).en] : [])));
    const evidence = streams.map(streamText);
    if (sizes.size >= 2) return { state: 'proven', evidence };
    return { state: streams.length < 2 ? 'not-offered' : 'not-tested', evidence };
  }),
];

const snapshotEvidence = ({ width, height, delay, age, scheme, url }: SnapshotFinding): readonly Words[] => {
  const [pixels, took] = [size({ width, height }), secondsText(delay)];
  const old = age === undefined ? undefined : secondsText(age);
  return [
    said(`${url}: ${pixels.en} in ${took.en}, login ${scheme}`, `${url}: ${pixels.da} på ${took.da}, login ${scheme}`),
    old === undefined
      ? said('its age is not stated', 'dets alder er ikke oplyst')
      : said(`${old.en} old by the camera’s own word`, `${old.da} gammelt efter kameraets eget udsagn`),
  ];
};

const classText = (kinds: readonly ClaimKind[]): Words => ({
  en: kinds.map((kind) => CLAIM_WORDS[kind].en).join(', '),
  da: kinds.map((kind) => CLAIM_WORDS[kind].da).join(', '),
});
const isClass = (kind: ClaimKind): boolean => kind === 'person' || kind === 'vehicle' || kind === 'animal';

const eventLines = (asked: CameraEvidence['events']): readonly RequirementLine[] => [
  judged('events', asked, ({ motionTopics, hasState, sawBegin, sawEnd, listened }) => {
    const took = secondsText(listened);
    const evidence = [
      motionTopics.length === 0
        ? said('GetEventProperties: no motion topic', 'GetEventProperties: intet emne for bevægelse')
        : fact(`GetEventProperties: ${motionTopics.join(', ')}`),
      hasState
        ? said('subscribed, and a motion state was repeated', 'abonneret, og en bevægelsestilstand blev gentaget')
        : said('subscribed, no motion state was repeated', 'abonneret, ingen bevægelsestilstand blev gentaget'),
      sawBegin
        ? sawEnd
          ? said('a real motion began and ended', 'en virkelig bevægelse begyndte og sluttede')
          : said(
              'a real motion began; its end was not seen',
              'en virkelig bevægelse begyndte; slutningen blev ikke set',
            )
        : said(`no motion in the ${took.en} listened`, `ingen bevægelse i de ${took.da} der blev lyttet`),
    ];
    if (sawBegin && sawEnd) return { state: 'proven', evidence };
    return { state: motionTopics.length === 0 && !hasState && !sawBegin ? 'not-offered' : 'not-tested', evidence };
  }),
  judged('classes', asked, ({ seen, offered }) => {
    const [real, named] = [classText(seen.filter(isClass)), classText(offered.filter(isClass))];
    if (real.en !== '') return { state: 'proven', evidence: [said(`seen: ${real.en}`, `set: ${real.da}`)] };
    return named.en === ''
      ? {
          state: 'not-offered',
          evidence: [
            said('no topic names persons, vehicles or animals', 'intet emne nævner personer, køretøjer eller dyr'),
          ],
        }
      : {
          state: 'not-tested',
          evidence: [
            said(
              `a topic for ${named.en} is offered; none was seen`,
              `et emne for ${named.da} tilbydes; ingen blev set`,
            ),
          ],
        };
  }),
];

const channelLines = ({ push, metadata }: CameraEvidence): readonly RequirementLine[] => [
  judged('push', push, ({ producers, arrived }, call) => {
    const offer = fact(`${call}: MaxNotificationProducers ${producers}`);
    if (arrived === undefined) return { state: producers > 0 ? 'not-tested' : 'not-offered', evidence: [offer] };
    // Offering is not sending: proven is only a notification that arrived.
    if (arrived > 0) {
      const came = said(
        `${arrived} ${arrived === 1 ? 'notification' : 'notifications'} arrived here`,
        `${arrived} ${arrived === 1 ? 'meddelelse' : 'meddelelser'} nåede frem hertil`,
      );
      return { state: 'proven', evidence: [offer, came] };
    }
    const none = said(
      'subscribed; nothing arrived (a firewall between the camera and here?)',
      'abonneret; intet nåede frem (en firewall mellem kameraet og her?)',
    );
    return { state: 'not-tested', evidence: [offer, none] };
  }),
  judged('metadata', metadata, ({ configurations, documents }, call) => ({
    state: (documents ?? 0) > 0 ? 'proven' : configurations > 0 ? 'not-tested' : 'not-offered',
    evidence: [
      said(`${call}: ${configurations} found`, `${call}: ${configurations} fundet`),
      documents === undefined
        ? said('no profile carries it', 'ingen profil har den med')
        : said(
            `${documents} ${documents === 1 ? 'document' : 'documents'} read from the stream`,
            `${documents} ${documents === 1 ? 'dokument' : 'dokumenter'} læst fra strømmen`,
          ),
    ],
  })),
];

/** What its summary says is its word; what a search of ours found is there. */
const edgeStorageLine = (asked: CameraEvidence['recordings']): RequirementLine =>
  judged('edge-storage', asked, ({ count, from, until, found, hasReplay }, call) => {
    const span = `${from ?? '?'} – ${until ?? '?'}`;
    const summary = said(
      `${call}: ${count ?? 'unknown number of'} recordings, ${span}`,
      `${call}: ${count ?? 'ukendt antal'} optagelser, ${span}`,
    );
    const search = said(`FindRecordings: ${found} found`, `FindRecordings: ${found} fundet`);
    const replay = hasReplay
      ? said('GetReplayUri: an address; nothing was played', 'GetReplayUri: en adresse; intet blev afspillet')
      : said('GetReplayUri: no address to play one from', 'GetReplayUri: ingen adresse at afspille fra');
    if (found > 0) return { state: 'proven', evidence: [summary, search, replay] };
    return { state: count === 0 ? 'not-offered' : 'not-tested', evidence: [summary, search] };
  });

/** What an owner would use a profile for, as far as it was tried here. */
const PROFILES = [
  ['profile-s', 'S', ['two-streams', 'snapshot', 'events']],
  ['profile-t', 'T', ['two-streams', 'events', 'metadata', 'imaging', 'tls']],
  ['profile-g', 'G', ['edge-storage']],
  ['profile-m', 'M', ['events', 'classes', 'metadata']],
] as const satisfies readonly (readonly [RequirementId, string, readonly RequirementId[]])[];

/**
 * A profile is the camera's own claim, and stays one: never more than "not tested". A claim is said to be refused when the
 * camera refused us one of its parts, or has none of them.
 */
const profileLines = (
  asked: CameraEvidence['identity'],
  lines: readonly RequirementLine[],
): readonly RequirementLine[] =>
  PROFILES.map(([id, letter, parts]) =>
    judged(id, asked, ({ scopes }) => {
      if (!claimedProfiles(scopes).includes(letter)) {
        const evidence = [said('GetScopes: not claimed', 'GetScopes: ikke påstået')];
        return { state: 'not-offered', evidence };
      }
      const own = lines.filter((line) => parts.some((part) => part === line.id));
      const titles = (...states: readonly RequirementLine['state'][]): Words => {
        const some = own.filter(({ state }) => states.includes(state)).map((line) => REQUIREMENT_WORDS[line.id].title);
        return said(some.map(({ en }) => en).join(', '), some.map(({ da }) => da).join(', '));
      };
      const [used, open, absent, refused] = [
        titles('proven'),
        titles('not-tested'),
        titles('not-offered'),
        titles('refused'),
      ];
      const isHollow = own.every(({ state }) => state === 'refused' || state === 'not-offered');
      const told = (words: Words, en: string, da: string): readonly Words[] =>
        words.en === '' ? [] : [said(`${en}: ${words.en}`, `${da}: ${words.da}`)];
      return {
        state: isHollow || refused.en !== '' ? 'refused' : 'not-tested',
        evidence: [
          said('GetScopes: claimed, by its own word', 'GetScopes: påstået af kameraet selv'),
          ...told(used, 'used here', 'brugt her'),
          ...told(open, 'not seen here', 'ikke set her'),
          ...told(absent, 'not offered', 'tilbydes ikke'),
          ...told(refused, 'refused', 'afvist'),
        ],
      };
    }),
  );

/** Judges all evidence. One line for each requirement, in the order of `REQUIREMENTS`. */
export const judgeRequirements = (evidence: CameraEvidence): readonly RequirementLine[] => {
  const lines: readonly RequirementLine[] = [
    ...identityLines(evidence.identity),
    ...streamLines(evidence.streams),
    judged('snapshot', evidence.snapshot, (found) => ({ state: 'proven', evidence: snapshotEvidence(found) })),
    judged('snapshot-https', evidence.snapshotTls, (found) => ({ state: 'proven', evidence: snapshotEvidence(found) })),
    ...eventLines(evidence.events),
    ...channelLines(evidence),
    edgeStorageLine(evidence.recordings),
    judged('ptz', evidence.presets, ({ count }, call) => ({
      state: 'proven',
      evidence: [
        said(
          `${call}: ${count} presets listed; nothing was moved`,
          `${call}: ${count} positioner oplistet; intet blev flyttet`,
        ),
      ],
    })),
    judged('imaging', evidence.imaging, (settings, call) => ({
      state: settings.length > 0 ? 'proven' : 'not-offered',
      evidence: [
        settings.length > 0 ? fact(`${call}: ${settings.join(', ')}`) : said(`${call}: nothing`, `${call}: intet`),
      ],
    })),
    judged('clock', evidence.clock, ({ offset, kind, servers }, call) => {
      const off = secondsText(offset);
      return {
        state: Math.abs(offset) < CLOCK_LIMIT ? 'proven' : 'refused',
        evidence: [
          said(
            `${call}: ${off.en} off, set by ${kind ?? 'unknown'}; NTP ${servers.join(', ') || 'none'}`,
            `${call}: ${off.da} forkert, stillet af ${kind ?? 'ukendt'}; NTP ${servers.join(', ') || 'ingen'}`,
          ),
        ],
      };
    }),
    judged('tls', evidence.tls, ({ version, issuer, isSelfSigned, validTo }, call) => ({
      state: 'proven',
      evidence: [
        said(
          `${call}: ${version}, ${isSelfSigned ? 'self-signed' : `signed by ${issuer}`}, valid to ${validTo}`,
          `${call}: ${version}, ${isSelfSigned ? 'selvsigneret' : `signeret af ${issuer}`}, gyldigt til ${validTo}`,
        ),
      ],
    })),
    ...NOT_ASKABLE.map((id): RequirementLine => ({ id, state: 'cannot-be-asked', evidence: [] })),
  ];
  const all = [...lines, ...profileLines(evidence.identity, lines)];
  return REQUIREMENTS.flatMap((id) => all.filter((line) => line.id === id));
};
