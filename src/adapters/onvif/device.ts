// Device service: clock, identity, services, network, scopes (ONVIF Device Management, ver10/device/wsdl).

import type { NetworkInterface } from '../../domain/identity.ts';
import { type EpochMs, epochMs, type Ms, ms } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { reachable } from './address.ts';
import { type Call, type Caller, isUselessAnswer, type Reply } from './caller.ts';
import { readCapabilityAddresses } from './document.ts';
import { escapeXml } from './envelope.ts';
import { booleanField, child, children, descendants, numberText, textAt, type XmlElement } from './xml.ts';

const DEVICE_NS = 'http://www.onvif.org/ver10/device/wsdl';

/** Services we use, by what we call them. */
export type ServiceName =
  | 'device'
  | 'media'
  | 'media2'
  | 'events'
  | 'ptz'
  | 'imaging'
  | 'analytics'
  | 'recording'
  | 'search'
  | 'replay';

export const SERVICE_NS: Readonly<Record<ServiceName, string>> = {
  device: DEVICE_NS,
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
  events: 'http://www.onvif.org/ver10/events/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  imaging: 'http://www.onvif.org/ver20/imaging/wsdl',
  analytics: 'http://www.onvif.org/ver20/analytics/wsdl',
  recording: 'http://www.onvif.org/ver10/recording/wsdl',
  search: 'http://www.onvif.org/ver10/search/wsdl',
  replay: 'http://www.onvif.org/ver10/replay/wsdl',
};

export interface ServiceAddress {
  /** As the camera wrote it. */
  readonly given: string;
  readonly urls: readonly URL[];
  readonly version: string | undefined;
}
export type Services = ReadonlyMap<ServiceName, ServiceAddress>;

export interface CameraClock {
  /** The camera's clock minus ours. Whole seconds, so it is right to about one. */
  readonly offset: Ms;
  readonly utc: EpochMs;
  /** `NTP` or `Manual`, as the camera says. */
  readonly kind: string | undefined;
  readonly zone: string | undefined;
}

export interface DeviceInformation {
  readonly make: string | undefined;
  readonly model: string | undefined;
  readonly firmware: string | undefined;
  readonly serial: string | undefined;
  readonly hardwareId: string | undefined;
}

export interface NetworkProtocol {
  readonly protocol: string;
  readonly port: number;
  readonly isEnabled: boolean;
}

export interface DeviceCalls {
  clock(signal: AbortSignal): Promise<CameraClock>;
  services(signal: AbortSignal): Promise<Services>;
  information(signal: AbortSignal): Promise<DeviceInformation>;
  hostname(signal: AbortSignal): Promise<string | undefined>;
  interfaces(signal: AbortSignal): Promise<readonly NetworkInterface[]>;
  scopes(signal: AbortSignal): Promise<readonly string[]>;
  protocols(signal: AbortSignal): Promise<readonly NetworkProtocol[]>;
  ntp(signal: AbortSignal): Promise<readonly string[]>;
  /** Sets the camera's clock to ours. Only ever called because the owner asked for it. */
  setClock(to: EpochMs, zone: string | undefined, signal: AbortSignal): Promise<void>;
  /** Has the camera ask this NTP server, or the one its DHCP server names. Only because the owner asked for it. */
  setNtp(server: string | undefined, signal: AbortSignal): Promise<void>;
}

const readUtc = (content: XmlElement): EpochMs | undefined => {
  const utc =
    child(content, 'SystemDateAndTime', 'UTCDateTime') ?? child(content, 'SystemDateAndTime', 'LocalDateTime');
  const field = (group: string, name: string): number | undefined => numberText(textAt(utc, group, name));
  const [year, month, day] = [field('Date', 'Year'), field('Date', 'Month'), field('Date', 'Day')];
  const [hour, minute, second] = [field('Time', 'Hour'), field('Time', 'Minute'), field('Time', 'Second')];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isFinite(at) ? epochMs(at) : undefined;
};

/** The camera's time from its answer; undefined when it gives none that exists in the calendar (`0000-00-00`). */
export const readClock = (content: XmlElement, sentAt: EpochMs, gotAt: EpochMs): CameraClock | undefined => {
  const utc = readUtc(content);
  if (utc === undefined) return undefined;
  // It was read halfway, and a clock that shows whole seconds is on average half a second further.
  const middle = (sentAt + gotAt) / 2;
  const system = child(content, 'SystemDateAndTime');
  return {
    offset: ms(Math.round(utc + 500 - middle)),
    utc,
    kind: textAt(system, 'DateTimeType'),
    zone: textAt(system, 'TimeZone', 'TZ'),
  };
};

const readServices = (content: XmlElement, reached: URL): Map<ServiceName, ServiceAddress> => {
  const found = new Map<ServiceName, ServiceAddress>();
  for (const service of children(content, 'Service')) {
    const namespace = textAt(service, 'Namespace')?.replace(/\/$/, '');
    const given = textAt(service, 'XAddr');
    const name = (Object.keys(SERVICE_NS) as ServiceName[]).find((known) => SERVICE_NS[known] === namespace);
    if (!name || given === undefined || found.has(name)) continue;
    const version = [textAt(service, 'Version', 'Major'), textAt(service, 'Version', 'Minor')];
    found.set(name, {
      given,
      urls: reachable(given, reached),
      version: version[0] === undefined ? undefined : version.join('.'),
    });
  }
  return found;
};

const CAPABILITY_NAMES: Readonly<Record<string, ServiceName>> = {
  Device: 'device',
  Media: 'media',
  Events: 'events',
  PTZ: 'ptz',
  Imaging: 'imaging',
  Analytics: 'analytics',
  Recording: 'recording',
  Search: 'search',
  Replay: 'replay',
};

const readCapabilities = (content: XmlElement, reached: URL): Map<ServiceName, ServiceAddress> => {
  const found = new Map<ServiceName, ServiceAddress>();
  const extension = child(content, 'Capabilities', 'Extension');
  const extended = (extension?.children ?? []).flatMap((one): readonly (readonly [string, string])[] => {
    const address = textAt(one, 'XAddr');
    return address === undefined ? [] : [[one.local, address]];
  });
  for (const [category, given] of [...Object.entries(readCapabilityAddresses(content)), ...extended]) {
    const name = Object.hasOwn(CAPABILITY_NAMES, category) ? CAPABILITY_NAMES[category] : undefined;
    if (name) found.set(name, { given, urls: reachable(given, reached), version: undefined });
  }
  return found;
};

const readInterfaces = (content: XmlElement): readonly NetworkInterface[] =>
  children(content, 'NetworkInterfaces').map((one) => {
    const config = child(one, 'IPv4', 'Config');
    return {
      name: textAt(one, 'Info', 'Name') ?? one.attributes.get('token') ?? '',
      isEnabled: booleanField(textAt(one, 'Enabled')),
      hardwareAddress: textAt(one, 'Info', 'HwAddress') ?? '',
      ipv4: descendants(config, 'Address').flatMap((address) => (address.text === '' ? [] : [address.text])),
    };
  });

export interface ServiceParts {
  readonly caller: Caller;
  readonly clock: Clock;
  /** The device service's address, as the owner typed it or discovery found it. */
  readonly device: URL;
}

export const deviceCalls = ({ caller, clock, device }: ServiceParts): DeviceCalls => {
  const ask = (name: string, inner: string, signal: AbortSignal, more: Partial<Call> = {}): Promise<Reply> =>
    caller.call({ to: [device], name, body: `<${name} xmlns="${DEVICE_NS}">${inner}</${name}>`, signal, ...more });

  return {
    async clock(signal) {
      const sentAt = clock.now().wall;
      const reply = await ask('GetSystemDateAndTime', '', signal, { isAnonymous: true });
      const read = readClock(reply.content, sentAt, clock.now().wall);
      // A camera without a time cannot check ours either.
      return read ?? { offset: ms(0), utc: sentAt, kind: undefined, zone: undefined };
    },
    async services(signal) {
      const known = new Map<ServiceName, ServiceAddress>([
        ['device', { given: device.href, urls: [device], version: undefined }],
      ]);
      try {
        const reply = await ask('GetServices', '<IncludeCapability>false</IncludeCapability>', signal, {
          isForAll: true,
        });
        for (const [name, address] of readServices(reply.content, device)) known.set(name, address);
        if (known.size > 1) return known;
      } catch (error) {
        // Profile S cameras before 2011 know only GetCapabilities.
        if (!isUselessAnswer(error)) throw error;
      }
      const reply = await ask('GetCapabilities', '<Category>All</Category>', signal, { isForAll: true });
      for (const [name, address] of readCapabilities(reply.content, device)) known.set(name, address);
      return known;
    },
    async information(signal) {
      const { content } = await ask('GetDeviceInformation', '', signal);
      return {
        make: textAt(content, 'Manufacturer'),
        model: textAt(content, 'Model'),
        firmware: textAt(content, 'FirmwareVersion'),
        serial: textAt(content, 'SerialNumber'),
        hardwareId: textAt(content, 'HardwareId'),
      };
    },
    async hostname(signal) {
      const { content } = await ask('GetHostname', '', signal);
      return textAt(content, 'HostnameInformation', 'Name');
    },
    async interfaces(signal) {
      return readInterfaces((await ask('GetNetworkInterfaces', '', signal)).content);
    },
    async scopes(signal) {
      const { content } = await ask('GetScopes', '', signal);
      return children(content, 'Scopes').flatMap((scope) => textAt(scope, 'ScopeItem') ?? []);
    },
    async protocols(signal) {
      const { content } = await ask('GetNetworkProtocols', '', signal);
      return children(content, 'NetworkProtocols').flatMap((one) =>
        children(one, 'Port').flatMap((port): readonly NetworkProtocol[] => {
          const number = numberText(port.text);
          if (number === undefined) return [];
          const protocol = textAt(one, 'Name') ?? '';
          return [{ protocol, port: number, isEnabled: booleanField(textAt(one, 'Enabled')) ?? false }];
        }),
      );
    },
    async ntp(signal) {
      const { content } = await ask('GetNTP', '', signal);
      const hosts = ['NTPManual', 'NTPFromDHCP'].flatMap((kind) => children(child(content, 'NTPInformation'), kind));
      return hosts.flatMap(
        (host) => textAt(host, 'DNSname') ?? textAt(host, 'IPv4Address') ?? textAt(host, 'IPv6Address') ?? [],
      );
    },
    async setClock(to, zone, signal) {
      const at = new Date(to);
      const tt = 'xmlns:tt="http://www.onvif.org/ver10/schema"';
      const time =
        `<tt:Time><tt:Hour>${at.getUTCHours()}</tt:Hour><tt:Minute>${at.getUTCMinutes()}</tt:Minute>` +
        `<tt:Second>${at.getUTCSeconds()}</tt:Second></tt:Time>`;
      const date =
        `<tt:Date><tt:Year>${at.getUTCFullYear()}</tt:Year><tt:Month>${at.getUTCMonth() + 1}</tt:Month>` +
        `<tt:Day>${at.getUTCDate()}</tt:Day></tt:Date>`;
      await ask(
        'SetSystemDateAndTime',
        '<DateTimeType>Manual</DateTimeType><DaylightSavings>false</DaylightSavings>' +
          (zone === undefined ? '' : `<TimeZone ${tt}><tt:TZ>${escapeXml(zone)}</tt:TZ></TimeZone>`) +
          `<UTCDateTime ${tt}>${time}${date}</UTCDateTime>`,
        signal,
      );
    },
    async setNtp(server, signal) {
      const tt = 'xmlns:tt="http://www.onvif.org/ver10/schema"';
      const host =
        server === undefined
          ? ''
          : /^\d+(?:\.\d+){3}$/.test(server)
            ? `<NTPManual ${tt}><tt:Type>IPv4</tt:Type><tt:IPv4Address>${server}</tt:IPv4Address></NTPManual>`
            : `<NTPManual ${tt}><tt:Type>DNS</tt:Type><tt:DNSname>${escapeXml(server)}</tt:DNSname></NTPManual>`;
      await ask('SetNTP', `<FromDHCP>${server === undefined}</FromDHCP>${host}`, signal);
      await ask(
        'SetSystemDateAndTime',
        '<DateTimeType>NTP</DateTimeType><DaylightSavings>false</DaylightSavings>',
        signal,
      );
    },
  };
};
