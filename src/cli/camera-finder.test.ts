import { describe, expect, it } from 'vitest';
import { parseRange } from '../domain/address-range.ts';
import type { FoundDevice } from '../ports/camera-probe.ts';
import type { FinderEvent } from '../ports/camera-trial.ts';
import { type FinderParts, findCameras, rangeOf } from './camera-finder.ts';

const device = (host: string, name: string): FoundDevice => ({
  host,
  addresses: [`http://${host}:2020/onvif/device_service`],
  scopes: [`onvif://www.onvif.org/name/${name}`, 'onvif://www.onvif.org/hardware/C100'],
  endpoint: 'urn:uuid:3fa1fe68-b915-4053-a3e1-6032b1112233',
});

/** `open`: host and port that listen; everything knocked at is noted. */
const partsWith = (
  open: readonly string[],
  talking: readonly FoundDevice[] = [],
  multicast: readonly FoundDevice[] = [],
): FinderParts & { readonly knocked: string[] } => {
  const knocked: string[] = [];
  return {
    knocked,
    multicast: { search: async () => multicast },
    ask: (host) => ({ search: async () => talking.filter((one) => one.host === host) }),
    knock: async (host, port) => {
      knocked.push(`${host}:${port}`);
      return open.includes(`${host}:${port}`);
    },
  };
};

const all = async (range: string | undefined, parts: FinderParts): Promise<readonly FinderEvent[]> => {
  const parsed = range === undefined ? undefined : parseRange(range);
  const events: FinderEvent[] = [];
  const { signal } = new AbortController();
  for await (const event of findCameras(parsed ? { range: parsed } : {}, parts, signal)) events.push(event);
  return events;
};

describe('looking for cameras', () => {
  it('takes what answers the multicast, each once, with what it says of itself', async () => {
    const one = device('192.168.1.50', 'Tapo%20C100');
    const parts = partsWith([], [], [one, one]);
    expect(await all(undefined, parts)).toEqual([
      {
        type: 'found',
        camera: {
          host: '192.168.1.50',
          name: 'Tapo C100',
          make: 'Tapo',
          model: 'C100',
          mac: '60:32:b1:11:22:33',
          by: 'multicast',
          ports: [2020],
        },
      },
    ]);
    expect(parts.knocked).toEqual([]);
  });

  it.each([
    ['TP-Link%20Tapo%20C100', 'TP-Link Tapo'],
    ['AXIS%20P3245-LV', 'AXIS'],
    ['IPC-BO', 'IPC'],
    ['C100', 'C100'],
  ])('takes %s for a camera by %s', async (name, make) => {
    const [event] = await all(undefined, partsWith([], [], [device('192.168.1.50', name)]));
    expect(event?.type === 'found' && event.camera.make).toBe(make);
  });

  it('knocks at a range, and leaves out what is found already and what is no camera', async () => {
    const parts = partsWith(
      ['192.168.1.12:554', '192.168.1.13:80', '192.168.1.14:80', '192.168.1.14:8000'],
      [device('192.168.1.14', 'Reolink')],
      [device('192.168.1.11', 'First')],
    );
    const events = await all('192.168.1.10-14', parts);
    const found = events.flatMap((event) => (event.type === 'found' ? [event.camera] : []));
    expect(found.map(({ host, by, ports }) => ({ host, by, ports }))).toEqual([
      { host: '192.168.1.11', by: 'multicast', ports: [2020] },
      { host: '192.168.1.12', by: 'sweep', ports: [554] },
      { host: '192.168.1.14', by: 'sweep', ports: [8000, 80, 2020] },
    ]);
    expect(parts.knocked.some((at) => at.startsWith('192.168.1.11'))).toBe(false);
    expect(events.at(-1)).toEqual({ type: 'progress', asked: 5, total: 5 });
  });

  it('goes outside private networks only when told to', () => {
    expect(rangeOf('192.168.1.0/24', false)).toBeDefined();
    expect(() => rangeOf('8.8.8.0/24', false)).toThrow('SW_CONFIG_CHOICE');
    expect(rangeOf('8.8.8.0/24', true)).toBeDefined();
    expect(() => rangeOf('everything', true)).toThrow('SW_CONFIG_CHOICE');
  });
});
