// The answers of the services that only list things: device, media, imaging, PTZ, search. Templates, filled per persona.

import { type Persona } from './persona.ts';
import { xmlEscape } from './writer.ts';

export interface ReplyContext {
  readonly persona: Persona;
  /** What the camera believes its own address is: `http://192.168.1.50:80`. */
  readonly origin: string;
  readonly host: string;
  readonly ports: { readonly HTTP: number; readonly HTTPS: number | undefined };
  /** A metadata track goes with the streams. */
  readonly hasMetadata: boolean;
  readonly rtsp: string;
  readonly now: number;
  readonly isSnapshotRtsp: boolean;
  readonly request: string;
}

export interface SimReply {
  readonly service: string;
  readonly content: string;
}

const SERVICES: readonly [namespace: string, path: string, has: (persona: Persona) => boolean][] = [
  ['http://www.onvif.org/ver10/device/wsdl', 'device_service', () => true],
  ['http://www.onvif.org/ver10/media/wsdl', 'media_service', () => true],
  ['http://www.onvif.org/ver20/media/wsdl', 'media2_service', (persona) => persona.hasMedia2],
  ['http://www.onvif.org/ver10/events/wsdl', 'event_service', () => true],
  ['http://www.onvif.org/ver20/imaging/wsdl', 'imaging_service', () => true],
  ['http://www.onvif.org/ver20/ptz/wsdl', 'ptz_service', (persona) => persona.hasPtz],
  ['http://www.onvif.org/ver10/search/wsdl', 'search_service', (persona) => persona.hasEdgeStorage],
  ['http://www.onvif.org/ver10/replay/wsdl', 'replay_service', (persona) => persona.hasEdgeStorage],
];

const dateTime = (at: number): string => {
  const date = new Date(at);
  return (
    `<{tt}:Time><{tt}:Hour>${date.getUTCHours()}</{tt}:Hour><{tt}:Minute>${date.getUTCMinutes()}</{tt}:Minute>` +
    `<{tt}:Second>${date.getUTCSeconds()}</{tt}:Second></{tt}:Time><{tt}:Date><{tt}:Year>${date.getUTCFullYear()}</{tt}:Year>` +
    `<{tt}:Month>${date.getUTCMonth() + 1}</{tt}:Month><{tt}:Day>${date.getUTCDate()}</{tt}:Day></{tt}:Date>`
  );
};

interface ProfileParts {
  readonly width: number;
  readonly height: number;
  readonly hasMetadata: boolean;
}

const METADATA_FIELDS =
  '<{tt}:Name>metadata</{tt}:Name><{tt}:UseCount>2</{tt}:UseCount><{tt}:Analytics>true</{tt}:Analytics>' +
  '<{tt}:SessionTimeout>PT60S</{tt}:SessionTimeout>';

const profile1 = (token: string, { width, height, hasMetadata }: ProfileParts): string =>
  `<{svc}:Profiles token="${token}" fixed="true"><{tt}:Name>${token}</{tt}:Name>` +
  '<{tt}:VideoSourceConfiguration token="vsconf"><{tt}:Name>vs</{tt}:Name><{tt}:UseCount>2</{tt}:UseCount>' +
  '<{tt}:SourceToken>vs0</{tt}:SourceToken><{tt}:Bounds x="0" y="0" width="1" height="1"/></{tt}:VideoSourceConfiguration>' +
  `<{tt}:VideoEncoderConfiguration token="enc_${token}"><{tt}:Name>${token}</{tt}:Name><{tt}:UseCount>1</{tt}:UseCount>` +
  `<{tt}:Encoding>H264</{tt}:Encoding><{tt}:Resolution><{tt}:Width>${width}</{tt}:Width><{tt}:Height>${height}</{tt}:Height>` +
  '</{tt}:Resolution><{tt}:Quality>4</{tt}:Quality><{tt}:RateControl><{tt}:FrameRateLimit>15</{tt}:FrameRateLimit>' +
  '<{tt}:EncodingInterval>1</{tt}:EncodingInterval><{tt}:BitrateLimit>2048</{tt}:BitrateLimit></{tt}:RateControl>' +
  '<{tt}:H264><{tt}:GovLength>30</{tt}:GovLength><{tt}:H264Profile>Main</{tt}:H264Profile></{tt}:H264>' +
  '</{tt}:VideoEncoderConfiguration>' +
  (hasMetadata ? `<{tt}:MetadataConfiguration token="meta0">${METADATA_FIELDS}</{tt}:MetadataConfiguration>` : '') +
  '</{svc}:Profiles>';

const profile2 = (token: string, { width, height, hasMetadata }: ProfileParts): string =>
  `<{svc}:Profiles token="${token}" fixed="true"><{svc}:Name>${token}</{svc}:Name><{svc}:Configurations>` +
  '<{svc}:VideoSource token="vsconf"><{tt}:Name>vs</{tt}:Name><{tt}:SourceToken>vs0</{tt}:SourceToken></{svc}:VideoSource>' +
  `<{svc}:VideoEncoder token="enc_${token}"><{tt}:Name>${token}</{tt}:Name><{tt}:Encoding>H265</{tt}:Encoding>` +
  `<{tt}:Resolution><{tt}:Width>${width}</{tt}:Width><{tt}:Height>${height}</{tt}:Height></{tt}:Resolution></{svc}:VideoEncoder>` +
  (hasMetadata ? `<{svc}:Metadata token="meta0">${METADATA_FIELDS}</{svc}:Metadata>` : '') +
  '</{svc}:Configurations></{svc}:Profiles>';

/** What a camera says of itself to whoever looks for cameras. */
export const scopesOf = ({ profiles, make, model }: Persona): readonly string[] =>
  [
    ...profiles.split(' ').map((letter) => `Profile/${letter === 'S' ? 'Streaming' : letter}`),
    `hardware/${encodeURIComponent(model)}`,
    `name/${encodeURIComponent(`${make} ${model}`)}`,
  ].map((scope) => `onvif://www.onvif.org/${scope}`);

/** The answer to `operation` of the service at `path`, or undefined when this camera has no such thing. */
export const listReply = (path: string, operation: string, context: ReplyContext): SimReply | undefined => {
  const { persona, origin, host, rtsp, hasMetadata } = context;
  const isMedia2 = path.includes('media2');
  const media = isMedia2 ? 'tr2' : 'trt';
  const reply = (service: string, content: string): SimReply => ({
    service,
    content: `<{svc}:${operation}Response>${content}</{svc}:${operation}Response>`,
  });
  const profiles = [
    ['main', { ...persona.main, hasMetadata }],
    ['sub', { ...persona.sub, hasMetadata }],
  ] as const;
  switch (operation) {
    case 'GetSystemDateAndTime':
      return reply(
        'tds',
        '<{svc}:SystemDateAndTime><{tt}:DateTimeType>Manual</{tt}:DateTimeType><{tt}:DaylightSavings>false</{tt}:DaylightSavings>' +
          `<{tt}:TimeZone><{tt}:TZ>CET-1CEST</{tt}:TZ></{tt}:TimeZone><{tt}:UTCDateTime>${dateTime(context.now)}</{tt}:UTCDateTime></{svc}:SystemDateAndTime>`,
      );
    case 'GetServices':
      if (!persona.hasServices) return undefined;
      return reply(
        'tds',
        SERVICES.filter(([, , has]) => has(persona))
          .map(
            ([namespace, name]) =>
              `<{svc}:Service><{svc}:Namespace>${namespace}</{svc}:Namespace><{svc}:XAddr>${origin}/onvif/${name}</{svc}:XAddr>` +
              '<{svc}:Version><{tt}:Major>2</{tt}:Major><{tt}:Minor>60</{tt}:Minor></{svc}:Version></{svc}:Service>',
          )
          .join(''),
      );
    case 'GetCapabilities':
      return reply(
        'tds',
        `<{svc}:Capabilities><{tt}:Device><{tt}:XAddr>${origin}/onvif/device_service</{tt}:XAddr></{tt}:Device>` +
          `<{tt}:Events><{tt}:XAddr>${origin}/onvif/event_service</{tt}:XAddr><{tt}:WSPullPointSupport>true</{tt}:WSPullPointSupport></{tt}:Events>` +
          `<{tt}:Imaging><{tt}:XAddr>${origin}/onvif/imaging_service</{tt}:XAddr></{tt}:Imaging>` +
          `<{tt}:Media><{tt}:XAddr>${origin}/onvif/media_service</{tt}:XAddr></{tt}:Media>` +
          (persona.hasPtz ? `<{tt}:PTZ><{tt}:XAddr>${origin}/onvif/ptz_service</{tt}:XAddr></{tt}:PTZ>` : '') +
          '</{svc}:Capabilities>',
      );
    case 'GetDeviceInformation':
      return reply(
        'tds',
        `<{svc}:Manufacturer>${persona.make}</{svc}:Manufacturer><{svc}:Model>${persona.model}</{svc}:Model>` +
          `<{svc}:FirmwareVersion>${persona.firmware}</{svc}:FirmwareVersion><{svc}:SerialNumber>${persona.serial}</{svc}:SerialNumber>` +
          `<{svc}:HardwareId>${persona.hardwareId}</{svc}:HardwareId>`,
      );
    case 'GetHostname':
      return reply(
        'tds',
        `<{svc}:HostnameInformation><{tt}:FromDHCP>false</{tt}:FromDHCP><{tt}:Name>${persona.name}-cam</{tt}:Name></{svc}:HostnameInformation>`,
      );
    case 'GetScopes':
      return reply(
        'tds',
        scopesOf(persona)
          .map(
            (scope) =>
              `<{svc}:Scopes><{tt}:ScopeDef>Fixed</{tt}:ScopeDef><{tt}:ScopeItem>${scope}</{tt}:ScopeItem></{svc}:Scopes>`,
          )
          .join(''),
      );
    case 'GetNetworkInterfaces':
      return reply(
        'tds',
        '<{svc}:NetworkInterfaces token="lo"><{tt}:Enabled>true</{tt}:Enabled><{tt}:Info><{tt}:HwAddress>00:00:00:00:00:00</{tt}:HwAddress></{tt}:Info></{svc}:NetworkInterfaces>' +
          `<{svc}:NetworkInterfaces token="eth0"><{tt}:Enabled>true</{tt}:Enabled><{tt}:Info><{tt}:Name>eth0</{tt}:Name><{tt}:HwAddress>${persona.mac}</{tt}:HwAddress></{tt}:Info>` +
          `<{tt}:IPv4><{tt}:Enabled>true</{tt}:Enabled><{tt}:Config><{tt}:Manual><{tt}:Address>${host}</{tt}:Address><{tt}:PrefixLength>24</{tt}:PrefixLength></{tt}:Manual>` +
          '<{tt}:DHCP>false</{tt}:DHCP></{tt}:Config></{tt}:IPv4></{svc}:NetworkInterfaces>',
      );
    case 'GetNetworkProtocols':
      return reply(
        'tds',
        [...Object.entries(context.ports), ['RTSP', Number(new URL(rtsp).port || 554)] as const]
          .filter(([, port]) => port !== undefined)
          .map(
            ([name, port]) =>
              `<{svc}:NetworkProtocols><{tt}:Name>${name}</{tt}:Name><{tt}:Enabled>true</{tt}:Enabled><{tt}:Port>${port}</{tt}:Port></{svc}:NetworkProtocols>`,
          )
          .join(''),
      );
    case 'GetNTP':
      return reply(
        'tds',
        '<{svc}:NTPInformation><{tt}:FromDHCP>false</{tt}:FromDHCP><{tt}:NTPManual><{tt}:Type>DNS</{tt}:Type><{tt}:DNSname>pool.ntp.org</{tt}:DNSname></{tt}:NTPManual></{svc}:NTPInformation>',
      );
    case 'SetSystemDateAndTime':
    case 'SetNTP':
      return reply('tds', '');
    case 'GetProfiles':
      return reply(media, profiles.map(([token, size]) => (isMedia2 ? profile2 : profile1)(token, size)).join(''));
    case 'GetProfile': {
      const [, size] = profiles.find(([token]) => context.request.includes(`>${token}<`)) ?? profiles[0];
      return reply(media, profile1('main', size).replaceAll('{svc}:Profiles', '{svc}:Profile'));
    }
    case 'GetVideoSources':
      return reply(
        media,
        '<{svc}:VideoSources token="vs0"><{tt}:Framerate>15</{tt}:Framerate><{tt}:Resolution><{tt}:Width>2560</{tt}:Width><{tt}:Height>1440</{tt}:Height></{tt}:Resolution></{svc}:VideoSources>',
      );
    case 'GetStreamUri':
    case 'GetSnapshotUri': {
      if (operation === 'GetSnapshotUri' && persona.snapshot === 'none') return undefined;
      const uri =
        operation === 'GetStreamUri' || context.isSnapshotRtsp
          ? `${rtsp}/stream${/ProfileToken>\s*sub\s*</.test(context.request) ? 2 : 1}`
          : `${origin}/onvifsnapshot/media_service/snapshot?channel=1&subtype=0`;
      return reply(
        media,
        isMedia2
          ? `<{svc}:Uri>${xmlEscape(uri)}</{svc}:Uri>`
          : `<{svc}:MediaUri><{tt}:Uri>${xmlEscape(uri)}</{tt}:Uri><{tt}:InvalidAfterConnect>false</{tt}:InvalidAfterConnect>` +
              '<{tt}:InvalidAfterReboot>true</{tt}:InvalidAfterReboot><{tt}:Timeout>PT0S</{tt}:Timeout></{svc}:MediaUri>',
      );
    }
    case 'GetMetadataConfigurations':
      return reply(
        media,
        persona.metadata === 'none'
          ? ''
          : `<{svc}:Configurations token="meta0">${METADATA_FIELDS}</{svc}:Configurations>`,
      );
    case 'GetImagingSettings':
      return reply(
        'timg',
        '<{svc}:ImagingSettings><{tt}:Brightness>50</{tt}:Brightness><{tt}:IrCutFilter>AUTO</{tt}:IrCutFilter><{tt}:WideDynamicRange><{tt}:Mode>ON</{tt}:Mode></{tt}:WideDynamicRange></{svc}:ImagingSettings>',
      );
    case 'GetPresets':
      if (!persona.hasPtz) return undefined;
      return reply(
        'tptz',
        '<{svc}:Preset token="1"><{tt}:Name>Gate</{tt}:Name></{svc}:Preset><{svc}:Preset token="2"/>',
      );
    case 'GetRecordingSummary':
      if (!persona.hasEdgeStorage) return undefined;
      return reply(
        'tse',
        '<{svc}:Summary><{tt}:DataFrom>2026-11-01T00:00:00Z</{tt}:DataFrom><{tt}:DataUntil>2026-11-23T00:00:00Z</{tt}:DataUntil><{tt}:NumberRecordings>3</{tt}:NumberRecordings></{svc}:Summary>',
      );
    case 'FindRecordings':
      if (!persona.hasEdgeStorage) return undefined;
      return reply('tse', '<{svc}:SearchToken>search-1</{svc}:SearchToken>');
    case 'GetRecordingSearchResults':
      if (!persona.hasEdgeStorage) return undefined;
      return reply(
        'tse',
        '<{svc}:ResultList><{tt}:SearchState>Completed</{tt}:SearchState><{tt}:RecordingInformation>' +
          '<{tt}:RecordingToken>recording-1</{tt}:RecordingToken><{tt}:Content>card</{tt}:Content>' +
          '<{tt}:RecordingStatus>Recording</{tt}:RecordingStatus></{tt}:RecordingInformation></{svc}:ResultList>',
      );
    case 'EndSearch':
      if (!persona.hasEdgeStorage) return undefined;
      return reply('tse', '<{svc}:Endpoint>2026-11-23T00:00:00Z</{svc}:Endpoint>');
    case 'GetReplayUri':
      if (!persona.hasEdgeStorage) return undefined;
      return reply('trp', `<{svc}:Uri>${xmlEscape(`${rtsp}/replay/recording-1`)}</{svc}:Uri>`);
    default:
      return undefined;
  }
};
