// A camera's own word by each of the three channels, through everything between the camera and the watcher; and the camera
// found again at another address.

import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { rtspMetadata } from '../adapters/rtsp/metadata-run.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Camera, EventChannel } from '../domain/camera.ts';
import type { CameraMessage } from '../domain/camera-message.ts';
import { cameraId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import { seconds } from '../domain/units.ts';
import type { StillSource } from '../ports/still-source.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { simulatedOnvif } from '../simulator/onvif/camera.ts';
import { simulatedCamera } from '../simulator/rtsp-server.ts';
import { testClip } from '../testing/test-media.ts';
import { NOTIFY_PATH, notifyRoutes } from '../web/notify-routes.ts';
import { atHost, cameraLink } from './camera-link.ts';
import { captureDesk, mainDesk } from './push-desk.ts';

const account = { user: 'admin', password: 'canary-link-7' };
const credentials = { user: account.user, password: new Secret(account.password) };
const clock = systemClock();

const DOCUMENT = (value: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?><tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" ' +
  'xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"><tt:Event><wsnt:NotificationMessage>' +
  '<wsnt:Topic>tns1:VideoSource/MotionAlarm</wsnt:Topic><wsnt:Message>' +
  '<tt:Message UtcTime="2026-11-23T12:00:00Z" PropertyOperation="Changed"><tt:Source><tt:SimpleItem Name="Source" Value="0"/>' +
  `</tt:Source><tt:Data><tt:SimpleItem Name="State" Value="${value}"/></tt:Data></tt:Message></wsnt:Message>` +
  '</wsnt:NotificationMessage></tt:Event></tt:MetadataStream>';

/** Everything that is between a simulated camera and the watcher, in one process. */
const stage = async (channels: readonly EventChannel[]) => {
  const rtsp = await simulatedCamera({
    streams: { main: testClip(), sub: testClip() },
    credentials,
    hasMetadata: true,
  });
  const onvif = await simulatedOnvif({ persona: 'axis', account });
  const desk = mainDesk();
  const web = Fastify();
  notifyRoutes(web, desk);
  await web.listen({ host: '127.0.0.1', port: 0 });
  const address = web.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const capture = captureDesk({
    endpoint: `http://{host}:${port}${NOTIFY_PATH}`,
    clock,
    onOpen: (secret) => desk.open(secret, (from, body) => capture.receive(secret, from, body)),
    onShut: (secret) => desk.shut(secret),
  });
  const facts: WatchFact[] = [];
  const snapshots: StillSource[] = [];
  const camera: Camera = {
    id: cameraId('garden'),
    name: 'Garden',
    streams: { main: { url: rtsp.url('main'), credentials }, sub: { url: rtsp.url('sub'), credentials } },
    rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
    isDemo: false,
    onvif: { device: onvif.deviceUrl, channels },
  };
  const link = cameraLink({
    camera,
    onvif: { device: onvif.deviceUrl, channels },
    known: undefined,
    clock,
    telemetry: { tell: (fact) => void facts.push(fact) },
    desk: capture,
    metadata: rtspMetadata({ clock }),
    onSnapshot: (source) => void snapshots.push(source),
  });
  return {
    rtsp,
    onvif,
    link,
    facts,
    snapshots,
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]();
      await web.close();
      await onvif[Symbol.asyncDispose]();
      await rtsp.close();
    },
  };
};

const { signal } = new AbortController();

/** What the channel brings, up to the first change. */
const firstChange = async (next: () => Promise<readonly CameraMessage[]>): Promise<CameraMessage> => {
  for (;;) {
    const change = (await next()).find(({ operation }) => operation === 'Changed');
    if (change) return change;
  }
};

const OBJECTS = (inside: string): string =>
  '<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema"><tt:VideoAnalytics>' +
  `<tt:Frame UtcTime="2026-11-23T12:00:00Z">${inside}</tt:Frame></tt:VideoAnalytics></tt:MetadataStream>`;
const PERSON =
  '<tt:Object ObjectId="7"><tt:Appearance><tt:Shape><tt:BoundingBox left="-0.1" top="0.2" right="0.1" bottom="-0.2"/></tt:Shape>' +
  '<tt:Class><tt:Type Likelihood="0.8">Human</tt:Type></tt:Class></tt:Appearance></tt:Object>';
// PackBits: eight cells in one byte, the first of them set.
const CELLS = '<tt:Extension><tt:MotionInCells Columns="8" Rows="1" Cells="AIA="/></tt:Extension>';

describe('a camera’s word', () => {
  it.each([
    ['objects', PERSON, { ClassTypes: 'Human' }],
    ['motion cells', CELLS, { IsMotion: 'true' }],
  ])('comes as %s of the metadata’s scene', async (_, inside, data) => {
    await using on = await stage(['metadata']);
    const [source] = on.link.events;
    if (!source) throw new Error('no source');
    const open = await source.open(signal);
    on.rtsp.sendMetadata(OBJECTS(inside));
    expect((await firstChange(() => open.next(signal))).data).toEqual(data);
    await open[Symbol.asyncDispose]();
  });

  it.each<EventChannel>(['pull-point', 'push', 'metadata'])('comes by %s', async (channel) => {
    await using on = await stage([channel]);
    const [source] = on.link.events;
    if (!source) throw new Error('no source');
    const open = await source.open(signal);
    if (channel !== 'metadata') on.onvif.scene('motion', true);
    else {
      on.rtsp.sendMetadata(DOCUMENT('true'));
    }
    const change = await firstChange(() => open.next(signal));
    expect(change.topic).toMatch(/VMD|MotionAlarm/);
    expect(Object.values(change.data)).toEqual([channel === 'metadata' ? 'true' : '1']);
    const kinds = on.onvif.subscriptions.live().map(({ kind }) => kind);
    expect(kinds).toEqual(channel === 'metadata' ? [] : [channel === 'push' ? 'push' : 'pull']);
    await open[Symbol.asyncDispose]();
    expect(on.onvif.subscriptions.live()).toEqual([]);
    expect(on.rtsp.sessions()).toBe(0);
    expect(on.onvif.failedLogins).toBe(0);
  });

  it('falls back to asking where the camera cannot post', async () => {
    await using on = await stage(['push', 'pull-point']);
    on.onvif.faults.set([{ fault: 'slots-full', on: /^Subscribe$/ }]);
    const [source] = on.link.events;
    const open = await source?.open(signal);
    expect(on.onvif.subscriptions.live().map(({ kind }) => kind)).toEqual(['pull']);
    await open?.[Symbol.asyncDispose]();
  });

  it('comes with who the camera is, its clock, and what its snapshot is worth', async () => {
    await using on = await stage(['pull-point']);
    const open = await on.link.events[0]?.open(signal);
    expect(on.facts.map(({ type }) => type)).toEqual(['clock-read', 'identified']);
    expect(on.facts[1]).toMatchObject({ identity: { make: 'AXIS', mac: 'ac:cc:8e:0a:11:22' } });
    expect(Math.abs(on.link.clockOffset() ?? Number.NaN)).toBeLessThan(3000);
    const { width, height } = on.onvif.persona.main;
    expect(on.snapshots.map((source) => source.measured?.()?.pixels)).toEqual([width * height]);
    await open?.[Symbol.asyncDispose]();
  });
});

it('streams follow the camera to its new address, and only the camera’s do', async () => {
  const asked: string[] = [];
  const packets = atHost(
    {
      open: async ({ url }) => {
        asked.push(url);
        throw new Error('asked');
      },
    },
    '192.168.1.50',
    () => '192.168.1.77',
  );
  for (const url of ['rtsp://192.168.1.50:8554/a?b=1', 'rtsp://10.0.0.1/a']) {
    await packets.open({ url }, { signal }).catch(() => undefined);
  }
  expect(asked).toEqual(['rtsp://192.168.1.77:8554/a?b=1', 'rtsp://10.0.0.1/a']);
});
