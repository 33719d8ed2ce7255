import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraMessage, PropertyOperation } from '../domain/camera-message.ts';
import { epochMs, type Instant, monoMs } from '../domain/units.ts';
import {
  BARE_TRUE,
  believedFor,
  believeUntil,
  type CameraWord,
  claimedNow,
  hear,
  KNOWN_TRUE,
  SILENCE,
} from './onvif-state.ts';

const at = (second: number): Instant => ({
  mono: monoMs(second * 1000),
  wall: epochMs(1_795_000_000_000 + second * 1000),
});
const MOTION = 'tns1:RuleEngine/CellMotionDetector/Motion';
const LINE = 'tns1:RuleEngine/LineDetector/Crossed';
const INSIDE = 'tns1:RuleEngine/FieldDetector/ObjectsInside';

const said = (
  topic: string,
  value: string,
  operation: PropertyOperation = 'Changed',
  object?: string,
): CameraMessage => ({
  topic,
  operation,
  utcTime: '1970-01-01T00:00:00Z',
  source: { VideoSourceConfigurationToken: '1' },
  key: object === undefined ? {} : { ObjectId: object },
  data: { [topic === LINE ? 'ObjectId' : topic === INSIDE ? 'IsInside' : 'State']: value },
});

type Entry = readonly [second: number, message: CameraMessage | 'tick'];

/** `+`: begin, `-`: end, `!`: pulse, `~`: ended by time; with the second. */
const told = (entries: readonly Entry[]): string => {
  let word: CameraWord = SILENCE;
  const out: string[] = [];
  for (const [second, message] of entries) {
    const step = message === 'tick' ? believeUntil(word, at(second)) : hear(word, message, at(second));
    word = step.next;
    for (const { type, by } of step.claimed) {
      out.push(`${type === 'begin' ? '+' : type === 'pulse' ? '!' : by === 'time' ? '~' : '-'}${second}`);
    }
  }
  return out.join(' ');
};

describe('a camera’s word over time', () => {
  it.each<[string, readonly Entry[], string]>([
    [
      'true, then false',
      [
        [0, said(MOTION, 'true')],
        [5, said(MOTION, 'false')],
      ],
      '+0 -5',
    ],
    [
      'a repeated true begins once',
      [
        [0, said(MOTION, 'true')],
        [3, said(MOTION, 'true')],
        [5, said(MOTION, 'false')],
      ],
      '+0 -5',
    ],
    [
      'a replayed true begins nothing',
      [
        [0, said(MOTION, 'true', 'Initialized')],
        [60, 'tick'],
      ],
      '',
    ],
    [
      'a change after a replayed true does',
      [
        [0, said(MOTION, 'true', 'Initialized')],
        [9, said(MOTION, 'true')],
      ],
      '+9',
    ],
    [
      'a replayed true does not prolong',
      [
        [0, said(MOTION, 'true')],
        [20, said(MOTION, 'true', 'Initialized')],
        [30, 'tick'],
      ],
      '+0 ~30',
    ],
    [
      'a replayed false ends',
      [
        [0, said(MOTION, 'true')],
        [7, said(MOTION, 'false', 'Initialized')],
      ],
      '+0 -7',
    ],
    [
      'a false without a true is nothing',
      [
        [0, said(MOTION, 'false')],
        [5, said(MOTION, 'false')],
      ],
      '',
    ],
    [
      'true without false ends by time',
      [
        [0, said(MOTION, 'true')],
        [29, 'tick'],
        [30, 'tick'],
        [31, 'tick'],
      ],
      '+0 ~30',
    ],
    [
      'each true counts anew',
      [
        [0, said(MOTION, 'true')],
        [20, said(MOTION, 'true')],
        [40, 'tick'],
        [50, 'tick'],
      ],
      '+0 ~50',
    ],
    [
      'one that is known to end is believed longer',
      [
        [0, said(MOTION, 'true')],
        [5, said(MOTION, 'false')],
        [100, said(MOTION, 'true')],
        [200, 'tick'],
        [400, 'tick'],
      ],
      '+0 -5 +100 ~400',
    ],
    [
      'and after it stuck, shorter again',
      [
        [0, said(MOTION, 'true')],
        [5, said(MOTION, 'false')],
        [10, said(MOTION, 'true')],
        [310, 'tick'],
        [320, said(MOTION, 'true')],
        [350, 'tick'],
      ],
      '+0 -5 +10 ~310 +320 ~350',
    ],
    [
      'a deleted property ends',
      [
        [0, said(MOTION, 'true')],
        [4, said(MOTION, 'true', 'Deleted')],
      ],
      '+0 -4',
    ],
    [
      'a pulse has no end',
      [
        [0, said(LINE, '7')],
        [40, 'tick'],
      ],
      '!0',
    ],
    ['a replayed pulse is old', [[0, said(LINE, '0', 'Initialized')]], ''],
    [
      'objects in a field are counted one by one',
      [
        [0, said(INSIDE, 'true', 'Changed', '1')],
        [1, said(INSIDE, 'true', 'Changed', '2')],
        [2, said(INSIDE, 'false', 'Changed', '1')],
      ],
      '+0 +1 -2',
    ],
    ['what is no motion is nothing', [[0, said('tns1:VideoSource/ImageTooDark', 'true')]], ''],
  ])('%s', (_, entries, expected) => {
    expect(told(entries)).toBe(expected);
  });

  it('says what is there, and for how long that is believed', () => {
    const first = hear(SILENCE, said(MOTION, 'true'), at(0)).next;
    const both = hear(first, said('tns1:UserAlarm/IVA/HumanShapeDetect', 'true'), at(10)).next;
    expect(claimedNow(SILENCE)).toEqual([]);
    expect(believedFor(SILENCE, at(0))).toBeUndefined();
    expect([...claimedNow(both)].sort()).toEqual(['motion', 'person']);
    expect(believedFor(both, at(10))).toBe(BARE_TRUE - 10_000);
  });

  it('gives the same word back when nothing changed', () => {
    const word = hear(SILENCE, said(MOTION, 'true'), at(0)).next;
    expect(believeUntil(word, at(1)).next).toBe(word);
    expect(hear(word, said('tns1:Monitoring/x', '1'), at(1)).next).toBe(word);
  });

  it('ends everything it began, whatever came, and remembers a bounded number', () => {
    const operation = fc.constantFrom<PropertyOperation>('Initialized', 'Changed', 'Deleted');
    const one = fc.tuple(
      fc.constantFrom(MOTION, INSIDE, LINE),
      fc.constantFrom('true', 'false', '5'),
      operation,
      fc.nat(2000),
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (messages) => {
        let word: CameraWord = SILENCE;
        let open = 0;
        let second = 0;
        for (const [topic, value, how, object] of messages) {
          second += 1;
          const step = hear(word, said(topic, value, how, String(object)), at(second));
          word = step.next;
          for (const { type } of step.claimed) open += type === 'begin' ? 1 : type === 'end' ? -1 : 0;
          expect(open).toBeGreaterThanOrEqual(0);
        }
        const end = believeUntil(word, at(second + KNOWN_TRUE / 1000));
        open -= end.claimed.length;
        expect(open).toBe(0);
        expect(claimedNow(end.next)).toEqual([]);
      }),
    );
    let word: CameraWord = SILENCE;
    for (let object = 0; object < 2000; object++)
      word = hear(word, said(INSIDE, 'true', 'Changed', String(object)), at(0)).next;
    expect(word.properties.size).toBeLessThanOrEqual(500);
  });
});
