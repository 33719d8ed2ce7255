// SDP (RFC 8866) as cameras write it: broken line ends, missing or lower-case attributes, values with spaces. What is not
// understood is left out, never an error; only the choice of a video (media-choice.ts) may fail.

export interface MediaDescription {
  /** `video`, `audio`, `application`; lower case. */
  readonly type: string;
  readonly protocol: string;
  readonly payloadTypes: readonly number[];
  readonly control: string | undefined;
  readonly formats: readonly PayloadFormat[];
  readonly framesPerSecond: number | undefined;
}

export interface PayloadFormat {
  readonly payloadType: number;
  /** As in `a=rtpmap`, upper case; undefined if the camera sent none. */
  readonly encoding: string | undefined;
  readonly clockRate: number | undefined;
  /** Parameters of `a=fmtp`, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface SessionDescription {
  readonly control: string | undefined;
  readonly media: readonly MediaDescription[];
}

const MAX_MEDIA = 32;
const MAX_FORMATS = 32;

interface Section {
  readonly media: readonly string[];
  readonly attributes: [name: string, value: string][];
}

export const parseSessionDescription = (text: string): SessionDescription => {
  const session: Section = { media: [], attributes: [] };
  const sections: Section[] = [];
  let current = session;
  for (const raw of text.split(/[\r\n\0]+/)) {
    // Trimmed first: one expression for all of it would need quadratic time for a line of 64 kB of spaces.
    const line = raw.trim();
    const kind = /^[a-z](?=\s*=)/i.exec(line)?.[0];
    if (kind === undefined) continue;
    const value = line.slice(line.indexOf('=') + 1).trim();
    if (kind === 'm') {
      if (sections.length === MAX_MEDIA) break;
      current = { media: value.split(/\s+/), attributes: [] };
      sections.push(current);
    } else if (kind === 'a') {
      const colon = value.indexOf(':');
      const name = colon < 0 ? value : value.slice(0, colon);
      current.attributes.push([name.trim().toLowerCase(), colon < 0 ? '' : value.slice(colon + 1).trim()]);
    }
  }
  return { control: attribute(session, 'control'), media: sections.map(mediaOf) };
};

const attribute = (section: Section, name: string): string | undefined =>
  section.attributes.find(([key]) => key === name)?.[1];

const mediaOf = (section: Section): MediaDescription => {
  const [type = '', , protocol = '', ...types] = section.media;
  const payloadTypes = types
    .filter((one) => /^\d{1,3}$/.test(one))
    .map(Number)
    .filter((one) => one < 128)
    .slice(0, MAX_FORMATS);
  const rate = Number(attribute(section, 'framerate') ?? attribute(section, 'x-framerate') ?? Number.NaN);
  return {
    type: type.toLowerCase(),
    protocol: protocol.toUpperCase(),
    payloadTypes,
    control: attribute(section, 'control'),
    formats: payloadTypes.map((payloadType) => formatOf(section, payloadType)),
    framesPerSecond: Number.isFinite(rate) && rate > 0 && rate <= 1000 ? rate : undefined,
  };
};

const formatOf = (section: Section, payloadType: number): PayloadFormat => {
  const map = /^([^/\s]+)\s*(?:\/\s*(\d{1,9}))?/.exec(ofPayload(section, 'rtpmap', payloadType) ?? '');
  const clockRate = Number(map?.[2] ?? 0);
  return {
    payloadType,
    encoding: map?.[1]?.toUpperCase(),
    clockRate: clockRate > 0 ? clockRate : undefined,
    parameters: parseParameters(ofPayload(section, 'fmtp', payloadType) ?? ''),
  };
};

/** The value of `a=rtpmap:96 …`; cameras put white space around the number, or a payload type that is in no m= line. */
const ofPayload = (section: Section, name: string, payloadType: number): string | undefined => {
  for (const [key, value] of section.attributes) {
    const match = key === name ? /^(\d{1,3})\s+(.*)$/.exec(value) : undefined;
    if (match && Number(match[1]) === payloadType) return match[2];
  }
  return undefined;
};

const parseParameters = (text: string): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>();
  for (const one of text.split(';')) {
    const equals = one.indexOf('=');
    const name = (equals < 0 ? one : one.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? '' : one.slice(equals + 1).trim();
    if (name !== '' && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
};
