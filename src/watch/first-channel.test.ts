import { describe, expect, it } from 'vitest';
import type { EventChannel } from '../domain/camera.ts';
import type { CameraMessage, PropertyOperation } from '../domain/camera-message.ts';
import { StillwatchError, type StillwatchErrorCode } from '../domain/errors.ts';
import type { TriggerSource } from '../ports/trigger-source.ts';
import { firstChannel } from './first-channel.ts';

const said = (operation: PropertyOperation): CameraMessage => ({
  topic: 't',
  operation,
  utcTime: '',
  source: {},
  key: {},
  data: {},
});

/** Opens, or refuses with a code; says what it is told to. */
const scripted = (
  name: EventChannel,
  log: string[],
  how: { refuses?: StillwatchErrorCode; says?: PropertyOperation },
) =>
  ({
    name,
    open: async () => {
      log.push(`open ${name}`);
      if (how.refuses) throw new StillwatchError(how.refuses);
      return {
        next: async () => (how.says ? [said(how.says)] : []),
        refresh: async () => true,
        [Symbol.asyncDispose]: async () => void log.push(`close ${name}`),
      };
    },
  }) satisfies TriggerSource;

const { signal } = new AbortController();

describe('the first channel', () => {
  it('is the owner’s first that opens', async () => {
    const log: string[] = [];
    const source = firstChannel([
      scripted('push', log, { refuses: 'SW_ONVIF_REFUSED' }),
      scripted('pull-point', log, {}),
    ]);
    await source.open(signal);
    expect(log).toEqual(['open push', 'open pull-point']);
  });

  it('throws the first trouble when none opens, and begins with the first again', async () => {
    const log: string[] = [];
    const source = firstChannel([
      scripted('push', log, { refuses: 'SW_ONVIF_REFUSED' }),
      scripted('pull-point', log, { refuses: 'SW_CAM_LOST' }),
    ]);
    await expect(source.open(signal)).rejects.toMatchObject({ code: 'SW_ONVIF_REFUSED' });
    await expect(source.open(signal)).rejects.toMatchObject({ code: 'SW_ONVIF_REFUSED' });
    expect(log).toEqual(['open push', 'open pull-point', 'open push', 'open pull-point']);
  });

  it.each(['SW_CAM_AUTH', 'SW_CAM_LOCKED'] as const)(
    'sends a password that was refused (%s) no second way',
    async (code) => {
      const log: string[] = [];
      const source = firstChannel([scripted('push', log, { refuses: code }), scripted('pull-point', log, {})]);
      await expect(source.open(signal)).rejects.toMatchObject({ code });
      expect(log).toEqual(['open push']);
    },
  );

  it.each<[string, PropertyOperation | undefined, EventChannel]>([
    ['brought nothing', undefined, 'pull-point'],
    ['only repeated states', 'Initialized', 'pull-point'],
    ['brought a change', 'Changed', 'push'],
  ])('a channel that %s: the next one is %s', async (_, says, then) => {
    const log: string[] = [];
    const source = firstChannel([scripted('push', log, says ? { says } : {}), scripted('pull-point', log, {})]);
    const channel = await source.open(signal);
    await channel.next(signal);
    await channel[Symbol.asyncDispose]();
    await source.open(signal);
    expect(log).toEqual(['open push', 'close push', `open ${then}`]);
  });

  it('is the source itself when there is but one', () => {
    const one = scripted('pull-point', [], {});
    expect(firstChannel([one])).toBe(one);
  });
});
