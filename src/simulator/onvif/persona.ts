// What the simulated cameras are: makes, topics, habits of writing. Models and topics are public; serials are invented.

export interface Prefixes {
  readonly soap: string;
  readonly wsa: string;
  readonly wsnt: string;
  readonly tt: string;
  /** Of the service a reply belongs to: `tds`, `trt`, `tev`, … */
  readonly service: string;
}

export type LoginKind = 'token' | 'digest-md5' | 'digest-two' | 'digest-sha256' | 'token-or-digest';

/** A property the camera reports, or a pulse without an end. */
export interface SceneTopic {
  /** What in the scene drives it. */
  readonly scene: 'motion' | 'person' | 'vehicle' | 'line' | 'tamper';
  readonly topic: string;
  readonly source: Readonly<Record<string, string>>;
  readonly item: string;
  /** Text for true and false; a pulse has the one it sends. */
  readonly values: readonly [on: string, off: string] | readonly [pulse: string];
}

export interface Persona {
  readonly name: PersonaName;
  readonly make: string;
  readonly model: string;
  readonly firmware: string;
  readonly serial: string;
  readonly hardwareId: string;
  readonly mac: string;
  /** Where the make listens by itself; tests use port 0. */
  readonly port: number;
  readonly prefixes: Prefixes;
  readonly login: LoginKind;
  readonly hasMedia2: boolean;
  readonly hasServices: boolean;
  readonly snapshot: 'digest' | 'none' | 'basic';
  readonly main: { readonly width: number; readonly height: number };
  readonly sub: { readonly width: number; readonly height: number };
  readonly topics: readonly SceneTopic[];
  /** `Value` before `Name` in items, as some firmwares write. */
  readonly valueFirst: boolean;
  readonly needsReferenceParameters: boolean;
  readonly canRenew: boolean;
  readonly onlyAbsoluteTimes: boolean;
  readonly hasPush: boolean;
  readonly hasPtz: boolean;
  readonly hasEdgeStorage: boolean;
  /** What its metadata track carries. */
  readonly metadata: 'none' | 'objects' | 'events-and-cells';
  /** UtcTime of states that never fired. */
  readonly neverFired: string;
  readonly profiles: string;
  /** Answers every call but identity with a refusal, whatever it claims. */
  readonly refusesAll: boolean;
}

const gsoap: Prefixes = { soap: 'SOAP-ENV', wsa: 'wsa5', wsnt: 'wsnt', tt: 'tt', service: '' };
const plain: Prefixes = { soap: 's', wsa: 'a', wsnt: 'b2', tt: 'tt', service: '' };
const odd: Prefixes = { soap: 'env', wsa: 'wsadis', wsnt: 'ns7', tt: 'ns2', service: 'ns4' };

const cell = (source: Readonly<Record<string, string>>): SceneTopic => ({
  scene: 'motion',
  topic: 'tns1:RuleEngine/CellMotionDetector/Motion',
  source: { ...source, Rule: 'MyMotionDetectorRule' },
  item: 'IsMotion',
  values: ['true', 'false'],
});
const alarm = (source: string, on = 'true', off = 'false'): SceneTopic => ({
  scene: 'motion',
  topic: 'tns1:VideoSource/MotionAlarm',
  source: { Source: source },
  item: 'State',
  values: [on, off],
});
const line = (source: Readonly<Record<string, string>>): SceneTopic => ({
  scene: 'line',
  topic: 'tns1:RuleEngine/LineDetector/Crossed',
  source: { ...source, Rule: 'MyLineDetectorRule' },
  item: 'ObjectId',
  values: ['0'],
});

const base: Omit<Persona, 'name' | 'make' | 'model' | 'mac' | 'serial'> = {
  firmware: '5.10',
  hardwareId: '1.0',
  port: 80,
  prefixes: plain,
  login: 'token',
  hasMedia2: true,
  hasServices: true,
  snapshot: 'digest',
  main: { width: 2560, height: 1440 },
  sub: { width: 640, height: 360 },
  topics: [cell({ VideoSourceConfigurationToken: 'vsconf' })],
  valueFirst: false,
  needsReferenceParameters: false,
  canRenew: true,
  onlyAbsoluteTimes: false,
  hasPush: false,
  hasPtz: false,
  hasEdgeStorage: false,
  metadata: 'none',
  neverFired: '2026-01-01T00:00:00Z',
  profiles: 'S T',
  refusesAll: false,
};

export const PERSONA_NAMES = ['tapo', 'axis', 'hikvision', 'dahua', 'reolink', 'generic', 'ajax', 'liar'] as const;
export type PersonaName = (typeof PERSONA_NAMES)[number];

const tapoSource = { VideoSourceConfigurationToken: 'vsconf', VideoAnalyticsConfigurationToken: 'VideoAnalyticsToken' };

export const PERSONAS: Readonly<Record<PersonaName, Persona>> = {
  tapo: {
    ...base,
    name: 'tapo',
    make: 'tp-link',
    model: 'Tapo C100',
    firmware: '1.3.13 Build 240115',
    serial: 'c100f3a9',
    hardwareId: '3.0',
    mac: '00-5f-67-0a-11-22',
    port: 2020,
    prefixes: gsoap,
    hasMedia2: false,
    snapshot: 'none',
    main: { width: 1920, height: 1080 },
    topics: [
      cell(tapoSource),
      {
        scene: 'person',
        topic: 'tns1:RuleEngine/PeopleDetector/People',
        source: { ...tapoSource, Rule: 'MyPeopleDetectorRule' },
        item: 'IsPeople',
        values: ['true', 'false'],
      },
      {
        scene: 'vehicle',
        topic: 'tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent',
        source: { ...tapoSource, Rule: 'MyTPSmartEventDetectorRule' },
        item: 'IsVehicle',
        values: ['true', 'false'],
      },
    ],
    canRenew: false,
    profiles: 'S',
  },
  axis: {
    ...base,
    name: 'axis',
    make: 'AXIS',
    model: 'P3245-LVE',
    firmware: '11.11.73',
    serial: 'ACCC8E0A1122',
    hardwareId: '7A1.4',
    mac: 'AC:CC:8E:0A:11:22',
    prefixes: { ...gsoap, soap: 'SOAP-ENV' },
    login: 'digest-sha256',
    main: { width: 2560, height: 1440 },
    topics: [
      {
        scene: 'motion',
        topic: 'tnsaxis:CameraApplicationPlatform/VMD/Camera1ProfileANY',
        source: {},
        item: 'active',
        values: ['1', '0'],
      },
      {
        scene: 'person',
        topic: 'tnsaxis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1',
        source: {},
        item: 'active',
        values: ['1', '0'],
      },
    ],
    needsReferenceParameters: true,
    hasPush: true,
    hasEdgeStorage: true,
    metadata: 'objects',
    profiles: 'S T G M',
  },
  hikvision: {
    ...base,
    name: 'hikvision',
    make: 'HIKVISION',
    model: 'DS-2CD2146G2-ISU',
    firmware: 'V5.7.15 build 230313',
    serial: 'DS-2CD2146G2-ISU20230812AAWRK11223344',
    hardwareId: '88',
    mac: '2c:a5:9c:0a:11:22',
    prefixes: { ...plain, soap: 'env', wsa: 'wsa', wsnt: 'wsnt' },
    login: 'digest-two',
    main: { width: 2688, height: 1520 },
    topics: [alarm('VideoSource_1'), line({ VideoSourceConfigurationToken: 'VideoSourceToken' })],
    neverFired: '0000-00-00T00:00:00Z',
    hasPush: true,
    hasEdgeStorage: true,
    metadata: 'events-and-cells',
    profiles: 'S G T',
  },
  dahua: {
    ...base,
    name: 'dahua',
    make: 'Dahua',
    model: 'IPC-HDBW5442R-ZE',
    firmware: '2.840.0000000.28.R, Build Date 2023-03-30',
    serial: '7K0A1122334455',
    mac: '38:AF:29:0A:11:22',
    prefixes: { ...plain, soap: 's', wsa: 'wsa', wsnt: 'wsnt' },
    login: 'token-or-digest',
    main: { width: 2688, height: 1520 },
    topics: [
      alarm('000', '1', '0'),
      {
        scene: 'person',
        topic: 'tns1:RuleEngine/FieldDetector/ObjectsInside',
        source: { VideoSourceConfigurationToken: '00000', Rule: 'CrossRegion' },
        item: 'IsInside',
        values: ['true', 'false'],
      },
    ],
    valueFirst: true,
    hasPtz: true,
    profiles: 'S G T',
  },
  reolink: {
    ...base,
    name: 'reolink',
    make: 'Reolink',
    model: 'RLC-811A',
    firmware: 'v3.1.0.989_22081902',
    serial: '192168150',
    mac: 'ec:71:db:0a:11:22',
    port: 8000,
    prefixes: gsoap,
    main: { width: 3840, height: 2160 },
    topics: [
      cell({ VideoSourceConfigurationToken: '000' }),
      ...(['PeopleDetect', 'VehicleDetect'] as const).map(
        (name): SceneTopic => ({
          scene: name === 'PeopleDetect' ? 'person' : 'vehicle',
          topic: `tns1:RuleEngine/MyRuleDetector/${name}`,
          source: { Source: '000' },
          item: 'State',
          values: ['true', 'false'],
        }),
      ),
    ],
    neverFired: '1970-01-01T00:00:00Z',
    hasPush: true,
    hasPtz: true,
  },
  generic: {
    ...base,
    name: 'generic',
    make: 'General',
    model: 'IPCAM',
    serial: '20230812345678901234',
    mac: '001a3f0a1122',
    prefixes: odd,
    hasMedia2: false,
    hasServices: false,
    snapshot: 'basic',
    onlyAbsoluteTimes: true,
    topics: [alarm('VideoSourceToken')],
    profiles: 'S',
  },
  ajax: {
    ...base,
    name: 'ajax',
    make: 'Ajax',
    model: 'TurretCam (8 Mp)',
    serial: '30A1B2C3D4',
    mac: '9c:75:6e:0a:11:22',
    main: { width: 3840, height: 2160 },
    topics: [
      {
        scene: 'motion',
        topic: 'tns1:RuleEngine/tnsajax:MotionDetector/Detection',
        source: { VideoSourceToken: 'vsconf', Rule: 'AjaxMotionRule' },
        item: 'Detected',
        values: ['true', 'false'],
      },
      {
        scene: 'person',
        topic: 'tns1:RuleEngine/ObjectDetection/Object',
        source: { VideoSource: 'vsconf' },
        item: 'ClassTypes',
        values: ['Human', ''],
      },
    ],
    profiles: 'S T M',
  },
  liar: {
    ...base,
    name: 'liar',
    make: 'SuperCam',
    model: 'Ultra 8K PRO',
    serial: '000000',
    mac: '-',
    snapshot: 'none',
    profiles: 'S T G M',
    refusesAll: true,
  },
};
