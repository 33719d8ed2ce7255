// What cameras of many makes say, one fact a row: topics and items as they were published by whoever saw them. Read by rules
// over words, so that a make that is not here is read as well.

import { describe, expect, it } from 'vitest';
import type { CameraMessage, Items } from '../domain/camera-message.ts';
import { epochMs, monoMs } from '../domain/units.ts';
import { hear, SILENCE } from './onvif-state.ts';
import { type Meaning, meaningOf } from './onvif-topics.ts';

const message = (topic: string, data: Items, more: Partial<CameraMessage> = {}): CameraMessage => ({
  topic,
  operation: 'Changed',
  utcTime: '',
  source: {},
  key: {},
  data,
  ...more,
});

// `person+` is a person who is there, `person-` one who is gone, `line` a line crossed at this moment.
const short = ({ claims }: Meaning): string =>
  claims
    .map(({ kind, active }) => (active === null ? kind : `${kind}${active ? '+' : '-'}`))
    .sort()
    .join(' ');

type Row = readonly [topic: string, data: Items, claims: string, motion: Meaning['motion']];

const makes: Readonly<Record<string, readonly Row[]>> = {
  // documentation.mirasys.com, ONVIF Profile M events: as logged by a video management system.
  'Avigilon (Profile M)': [
    ['tns1:RuleEngine/tnsavg:ObjectCrosses', { ChannelId: '0', ObjectType: '1' }, 'line', 'pulse'],
    ['tns1:RuleEngine/LineDetector/Crossed', { ObjectId: '2166734', ClassTypes: 'Human' }, 'line person', 'pulse'],
    ['tns1:Device/tns1:Trigger/tns1:Relay', { LogicalState: 'active' }, 'other+', null],
  ],
  'Axis (Profile M)': [
    [
      'tnsaxis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1',
      { active: '1', objectId: '', classTypes: '' },
      'motion+',
      true,
    ],
    [
      'tnsaxis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1',
      { active: '0', objectId: '', classTypes: '' },
      'motion-',
      false,
    ],
    ['tns1:RuleEngine/tnsaxis:VideoMotionDetection/motion', { active: '1' }, 'motion+', true],
    ['tns1:RuleEngine/tnsaxis:DigitalAutotracking/tracking', { active: '1' }, 'motion+', true],
    ['tnsaxis:CameraApplicationPlatform/VMD/xinternal_data', { svgframe: '<svg/>' }, 'other', null],
    ['tns1:VideoSource/tnsaxis:LiveStreamAccessed', { accessed: '1' }, 'other+', null],
    ['tns1:Device/tnsaxis:Status/Temperature/Inside', { sensor_level: '1' }, 'other', null],
    ['tns1:LightControl/tnsaxis:LightStatusChanged/Status', { state: 'ON' }, 'other+', null],
    ['tns1:PTZController/tnsaxis:Move/Channel_1', { is_moving: '1' }, 'other+', null],
  ],
  'Bosch (Profile M; home-assistant/core#166418)': [
    ['tns1:RuleEngine/LineDetector/Crossed', {}, 'line', 'pulse'],
    ['tns1:IVA/EnteringField/Eindringen_in_Feld_1', { State: 'true' }, 'zone+', true],
    // The last level is the owner's name for the rule, whatever words it is made of.
    ['tns1:IVA/LeavingField/Person tampers', { State: 'false' }, 'zone-', false],
    ['tns1:IVA/ObjectInField/Object_in_Field_1', { State: 'true' }, 'zone+', true],
    ['tns1:VideoAnalytics/MotionAlarm', { State: 'true' }, 'motion+', true],
  ],
  'Hanwha (Profile M; older Samsung topics)': [
    ['tns1:OpenApp/WiseAI/LineCrossing', { State: 'true', ObjectId: '', Action: '' }, 'line+', true],
    ['tns1:OpenApp/WiseAI/ObjectDetection', { State: 'true', ClassTypes: 'Person' }, 'person+', true],
    ['tns1:OpenApp/WiseAI/ObjectDetection', { State: 'false', ClassTypes: '' }, 'motion-', false],
    ['tns1:VideoAnalytics/tnssamsung:MotionDetection', { Motion: '1' }, 'motion+', true],
    ['tns1:VideoAnalytics/tnssamsung:TamperingDetection', { Tampering: '1' }, 'tamper+', null],
    ['tns1:VideoAnalytics/tns1:Field/tns1:Entered', { State: 'true' }, 'zone+', true],
    ['tns1:VideoAnalytics/tns1:Line/tns1:Crossed', { State: 'true' }, 'line+', true],
    ['tnssamsung:IVA/LoiteringDetection', { State: '1' }, 'zone+', true],
    ['tnssamsung:IVA/Fire', { State: '1' }, 'other+', null],
    ['tns1:Device/tns1:Trigger/tnssamsung:DigitalInput', { Level: 'true' }, 'input+', null],
    ['tns1:AudioSource/tnssamsung:AudioDetection', { Audio: 'true', State: 'true' }, 'other+', null],
    ['tns1:RuleEngine/Radiometry/TemperatureAlarm', { AlarmActive: 'true' }, 'other+', null],
  ],
  'Hikvision and its OEMs (eyetowers/gonvif#1; home-assistant/core#38033)': [
    ['tns1:VideoAnalytics/tnshik:MotionAlarm', { State: 'FALSE' }, 'motion-', false],
    ['tns1:VideoAnalytics/tnshik:MaskAlarm', { State: 'true' }, 'tamper+', null],
    ['tns1:UserAlarm/VideoCover', { State: 'TRUE' }, 'tamper+', null],
    ['tns1:UserAlarm/VideoLost', { State: 'true' }, 'other+', null],
    ['tns1:Device/Trigger/tnshik:AlarmIn', { State: 'true' }, 'input+', null],
    ['tns1:RuleEngine/VehicleDetector/tnshik:Vehicle', { ObjectId: '3' }, 'vehicle', 'pulse'],
    ['tns1:RuleEngine/CountAggregation/Counter', { Count: '0' }, 'other', null],
    ['tns1:Device/tnshik:Network/tnshik:EthernetBroken', { State: 'true' }, 'other+', null],
    ['tns1:VehicleAlarm/IVB/VehicleDetect', { State: 'true' }, 'vehicle+', true],
    ['tns1:UserAlarm/tns1:IVA/HumanShapeDetect', { State: 'true' }, 'person+', true],
  ],
  'Dahua, Amcrest, Imou (home-assistant/core#140575; rroller/dahua#52)': [
    ['tns1:VideoSource/tns1:Device/Trigger/DigitalInput', { LogicalState: 'true' }, 'input+', null],
    ['tns1:RuleEngine/CrossLineDetection', { State: '1' }, 'line+', true],
    ['tns1:RuleEngine/CrossRegionDetection', { State: '1' }, 'zone+', true],
    ['tns1:RuleEngine/SmartMotionHuman', { State: 'true' }, 'person+', true],
    ['tns1:RuleEngine/LeftDetection', { State: 'true' }, 'motion+', true],
  ],
  'Tapo and VIGI (openvideolibs/onvif-parsers; home-assistant/core#124968)': [
    ['tns1:RuleEngine/LineCrossDetector/LineCross', { IsLineCross: 'true' }, 'line+', true],
    ['tns1:RuleEngine/CellMotionDetector/TpSmartEvent', { IsRegionEntrance: 'true' }, 'zone+', true],
    ['tns1:RuleEngine/CellMotionDetector/TpSmartEvent', { IsUnattendedBaggage: 'true' }, 'motion+', true],
    ['tns1:RuleEngine/CellMotionDetector/TpSmartEvent', { IsBabyCry: 'true' }, 'other+', null],
    ['tns1:RuleEngine/CellMotionDetector/ConfigChange', { IsConfigChange: 'true' }, 'other+', null],
    ['tns1:RuleEngine/CellMotionDetector/TpSmartEvent', { IsPackageDeliver: 'true' }, 'package+', true],
  ],
  'Ajax (openvideolibs/onvif-parsers)': [
    ['tns1:RuleEngine/tnsajax:LineDetector/Crossing', { ObjectId: '3' }, 'line', 'pulse'],
    ['tns1:RuleEngine/RingDetector/Detection', { Detected: 'true' }, 'doorbell+', true],
  ],
  // Rule names as their menus have them; no message of theirs was seen.
  'Uniview, Vivotek and further Dahua rules': [
    ['tns1:RuleEngine/EnterArea/Detector', { State: 'true' }, 'zone+', true],
    ['tns1:RuleEngine/LeaveArea/Detector', { State: 'false' }, 'zone-', false],
    ['tns1:RuleEngine/MixedTargetDetection', { State: 'true' }, 'motion+', true],
    ['tns1:RuleEngine/NonMotorDetect', { State: 'true' }, 'vehicle+', true],
    ['tns1:RuleEngine/MoveDetection', { State: '1' }, 'motion+', true],
    ['tns1:RuleEngine/RioterDetection', { State: '1' }, 'person+', true],
    ['tns1:RuleEngine/BirdDetector/Bird', { State: 'true' }, 'animal+', true],
    ['tns1:VideoSource/tnsvivotek:MotionWindow', { State: 'true' }, 'motion+', true],
    ['tns1:RuleEngine/NoMotionDetector/NoMotion', { State: 'true' }, 'other+', null],
    ['tns1:VideoAnalytics/Radiometry/BoxTemperatureReading', {}, 'other', null],
  ],
  'others (Foscam home-assistant/core#132521, Milesight, generic rule engines)': [
    ['tns1:Device/Trigger/MotionDetector', { State: 'true' }, 'motion+', true],
    ['tns1:RuleEngine/FallDetector/Fall', { State: 'true' }, 'person+', true],
    ['tns1:RuleEngine/ObjectDetector/Object', { ObjectType: 'Human', Likelihood: '0.8' }, 'person+', true],
    [
      'tns1:RuleEngine/FieldDetector/ObjectsInside',
      { IsInside: 'true', ObjectType: 'Vehical' },
      'vehicle+ zone+',
      true,
    ],
    ['tns1:RuleEngine/Recognition/LicensePlate', { Likelihood: '0.9' }, 'vehicle', 'pulse'],
    ['tns1:RuleEngine/CountAggregation/OccupancyCounter', { Count: '1' }, 'other', null],
    ['tns1:RuleEngine/AreaPeopleCount/Detector', { Count: '1' }, 'other', null],
    ['tns1:Device/Interface/Link', { State: 'true' }, 'other+', null],
    ['tns1:RuleEngine/Petrol/Level', { State: 'true' }, 'other+', null],
  ],
};

describe.each(Object.entries(makes))('%s', (_, rows) => {
  it.each(rows)('%s %j is %s', (topic, data, claims, motion) => {
    const meaning = meaningOf(message(topic, data));
    expect(short(meaning)).toBe(claims);
    expect(meaning.motion).toBe(motion);
    expect(meaning.trigger).toBe(motion === true || motion === 'pulse');
  });
});

it('a state in words that nobody knows is not guessed at', () => {
  for (const State of ['2', 'maybe', '']) {
    const meaning = meaningOf(message('tns1:VideoSource/MotionAlarm', { State }));
    expect(meaning).toEqual({ claims: [{ kind: 'motion', active: null }], motion: null, trigger: false });
  }
});

it('what several items of one topic say are states of their own', () => {
  const topic = 'tns1:RuleEngine/CellMotionDetector/TpSmartEvent';
  const at = { mono: monoMs(0), wall: epochMs(0) };
  const begun = hear(SILENCE, message(topic, { IsVehicle: 'true' }), at);
  expect(begun.claimed.map(({ type, kinds }) => [type, kinds])).toEqual([['begin', ['vehicle']]]);
  const unmoved = hear(begun.next, message(topic, { IsPeople: 'false' }), at);
  expect(unmoved.claimed).toEqual([]);
  const ended = hear(unmoved.next, message(topic, { IsVehicle: 'false' }), at);
  expect(ended.claimed.map(({ type, kinds }) => [type, kinds])).toEqual([['end', ['vehicle']]]);
});
