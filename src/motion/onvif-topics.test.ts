import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraMessage, Items, PropertyOperation } from '../domain/camera-message.ts';
import { booleanText, type Meaning, meaningOf, topicPath } from './onvif-topics.ts';

const message = (topic: string, data: Items, operation: PropertyOperation = 'Changed'): CameraMessage => ({
  topic,
  operation,
  utcTime: '',
  source: {},
  key: {},
  data,
});

// `person+` is a person who is there, `person-` one who is gone, `line` a line crossed at this moment.
const short = ({ claims }: Meaning): string =>
  claims
    .map(({ kind, active }) => (active === null ? kind : `${kind}${active ? '+' : '-'}`))
    .sort()
    .join(' ');

type Row = readonly [topic: string, data: Items, claims: string, motion: Meaning['motion']];

describe('what topics mean', () => {
  it.each<Row>([
    ['tns1:RuleEngine/CellMotionDetector/Motion', { IsMotion: 'true' }, 'motion+', true],
    ['tns1:RuleEngine/CellMotionDetector/Motion//.', { IsMotion: '1' }, 'motion+', true],
    ['tns1:RuleEngine/CellMotionDetector/Motion', { IsMotion: ' false ' }, 'motion-', false],
    ['tns1:VideoSource/MotionAlarm', { State: '1' }, 'motion+', true],
    ['tns1:RuleEngine/MotionRegionDetector/Motion', { State: 'true' }, 'motion+', true],
    ['tnsaxis:CameraApplicationPlatform/VMD/Camera1ProfileANY', { active: '1' }, 'motion+', true],
    ['tns1:RuleEngine/tnsaxis:VMD3/vmd3_video_1', { areaid: '0', active: '0' }, 'motion-', false],
    [
      'tnsaxis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1',
      { active: '1', classTypes: 'human' },
      'motion+ person+',
      true,
    ],
    ['tnsaxis:CameraApplicationPlatform/FenceGuard/Camera1Profile1', { active: '1' }, 'zone+', true],
    ['tnsaxis:CameraApplicationPlatform/MotionGuard/Camera1ProfileANY', { active: '0' }, 'motion-', false],
    ['tnsaxis:CameraApplicationPlatform/LoiteringGuard/Camera1Profile1', { active: '1' }, 'zone+', true],
    ['tns1:VideoAnalytics/tnsaxis:MotionDetection', { motion: '1' }, 'motion+', true],
    ['tns1:RuleEngine/PeopleDetector/People', { IsPeople: 'true' }, 'person+', true],
    ['tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent', { IsPet: 'true' }, 'animal+', true],
    [
      'tns1:RuleEngine/CellMotionDetector/TpSmartEvent',
      { IsVehicle: 'false', IsPeople: 'true' },
      'person+ vehicle-',
      true,
    ],
    ['tns1:RuleEngine/CellMotionDetector/LineCross', { IsLineCross: 'true' }, 'line+', true],
    ['tns1:RuleEngine/CellMotionDetector/Intrusion', { IsIntrusion: 'true' }, 'zone+', true],
    ['tns1:RuleEngine/CellMotionDetector/Tamper', { IsTamper: 'true' }, 'tamper+', null],
    ['tns1:RuleEngine/MyRuleDetector/PeopleDetect', { State: 'true' }, 'person+', true],
    ['tns1:RuleEngine/MyRuleDetector/VehicleDetect', { State: 'true' }, 'vehicle+', true],
    ['tns1:RuleEngine/MyRuleDetector/DogCatDetect', { State: 'true' }, 'animal+', true],
    ['tns1:RuleEngine/MyRuleDetector/Package', { State: 'true' }, 'package+', true],
    ['tns1:RuleEngine/MyRuleDetector/Visitor', { State: 'true' }, 'doorbell+', true],
    ['tns1:UserAlarm/IVA/HumanShapeDetect', { State: 'true' }, 'person+', true],
    ['tns1:RuleEngine/ObjectDetection/Object', { ClassTypes: 'Human Vehicle' }, 'person+ vehicle+', true],
    ['tns1:RuleEngine/ObjectDetection/Object', { ClassTypes: '' }, 'motion-', false],
    ['tns1:RuleEngine/ObjectDetection/Object', { ClassTypes: 'Drone' }, 'motion+', true],
    ['tns1:RuleEngine/FieldDetector/ObjectsInside', { IsInside: 'true' }, 'zone+', true],
    ['tns1:RuleEngine/LineDetector/Crossed', { ObjectId: '1' }, 'line', 'pulse'],
    ['tns1:RuleEngine/LineDetector/Crossed', { ObjectId: '1', ClassTypes: 'Car' }, 'line vehicle', 'pulse'],
    ['tns1:RuleEngine/TamperDetector/Tamper', { IsTamper: 'true' }, 'tamper+', null],
    ['tns1:VideoSource/GlobalSceneChange/ImagingService', { State: 'true' }, 'tamper+', null],
    ['tns1:VideoSource/ImageTooDark/AnalyticsService', { State: 'true' }, 'tamper+', null],
    ['tns1:VideoSource/tnsaxis:Tampering', { tampering: '1' }, 'tamper+', null],
    ['tns1:Device/Trigger/DigitalInput', { LogicalState: 'true' }, 'input+', null],
    ['tnshik:AlarmIn', { State: 'true' }, 'input+', null],
    ['tns1:Device/tnsaxis:IO/Port', { state: '1' }, 'input+', null],
    ['tns1:Device/tnsaxis:Sensor/PIR', { state: '1' }, 'pir+', true],
    ['tns1:Device/Trigger/Relay', { LogicalState: 'active' }, 'other+', null],
    ['tns1:MediaControl/VideoEncoderConfiguration', { Config: '' }, 'other', null],
    ['tns1:RecordingConfig/JobState', { State: 'Active' }, 'other+', null],
    ['tns1:AudioAnalytics/Audio/DetectedSound', { IsSoundDetected: 'ON' }, 'other+', null],
    ['tns1:RuleEngine/CountAggregation/Counter', { Count: '1' }, 'other', null],
    ['tns1:Monitoring/LastReboot', { Status: '2024-01-01T00:00:00Z' }, 'other', null],
  ])('%s %j is %s', (topic, data, claims, motion) => {
    const meaning = meaningOf(message(topic, data));
    expect(short(meaning)).toBe(claims);
    expect(meaning.motion).toBe(motion);
    expect(meaning.trigger).toBe(motion === true || motion === 'pulse');
  });

  it.each<PropertyOperation>(['Initialized', 'Deleted'])('%s never triggers', (operation) => {
    const meaning = meaningOf(message('tns1:RuleEngine/CellMotionDetector/Motion', { IsMotion: 'true' }, operation));
    expect(meaning.motion).toBe(true);
    expect(meaning.trigger).toBe(false);
  });

  it('reads any text without an exception, and triggers only on what claims motion', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.string(), fc.string()),
        fc.constantFrom<PropertyOperation>('Initialized', 'Changed', 'Deleted'),
        (topic, data, operation) => {
          const meaning = meaningOf(message(topic, data, operation));
          expect(meaning.claims.length).toBeGreaterThan(0);
          if (meaning.trigger) expect(meaning.motion === true || meaning.motion === 'pulse').toBe(true);
          if (operation !== 'Changed') expect(meaning.trigger).toBe(false);
        },
      ),
    );
  });

  it('does not depend on prefixes', () => {
    const topics = ['RuleEngine/CellMotionDetector/People', 'VideoSource/MotionAlarm', 'Device/Sensor/PIR'];
    fc.assert(
      fc.property(
        fc.constantFrom(...topics),
        fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/)),
        (topic, prefixes) => {
          const dressed = topic.split('/').map((level, at) => (prefixes[at] ? `${prefixes[at]}:${level}` : level));
          const data = { State: 'true' };
          expect(meaningOf(message(dressed.join('/'), data))).toEqual(meaningOf(message(topic, data)));
        },
      ),
    );
  });
});

describe('parts', () => {
  it.each([
    ['true', true],
    [' ON ', true],
    ['active', true],
    ['1', true],
    ['False', false],
    ['inactive', false],
    ['0', false],
    ['', undefined],
    ['2', undefined],
    ['truely', undefined],
  ])('booleanText(%j) is %s', (text, value) => {
    expect(booleanText(text)).toBe(value);
  });

  it('topicPath strips prefixes, case and tails', () => {
    expect(topicPath(' tns1:RuleEngine / tnsaxis:VMD3/Motion//.')).toEqual(['ruleengine', 'vmd3', 'motion']);
    expect(topicPath('')).toEqual([]);
  });
});
