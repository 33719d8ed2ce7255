import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { ms } from '../../domain/units.ts';
import { deviceUrl } from './client.ts';
import { deviceSearch, findDevice, readProbeMatches } from './discovery.ts';

const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) await new Promise<void>((resolve) => socket.close(() => resolve()));
});

const match = (address: string, endpoint = 'urn:uuid:1'): string =>
  '<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:d="x"><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch>' +
  `<wsa:EndpointReference><wsa:Address>${endpoint}</wsa:Address></wsa:EndpointReference>` +
  '<d:Scopes> onvif://www.onvif.org/name/Gate\n onvif://www.onvif.org/Profile/Streaming </d:Scopes>' +
  `<d:XAddrs>${address}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`;

/** A device that answers each probe with `answers`; resolves with its port and what it was asked. */
const device = async (answers: readonly string[]): Promise<{ port: number; probes: string[] }> => {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const probes: string[] = [];
  socket.on('message', (bytes, from) => {
    probes.push(bytes.toString());
    for (const answer of answers) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, probes };
};

describe('readProbeMatches', () => {
  it.each([
    ['its own address', 'http://192.168.1.9/onvif/device_service', ['http://192.168.1.9/onvif/device_service']],
    [
      'its port is kept',
      'http://192.168.1.9:2020/onvif/device_service',
      ['http://192.168.1.9:2020/onvif/device_service'],
    ],
    [
      'another address is moved to the host that answered',
      'http://169.254.7.7/onvif/device_service',
      ['http://192.168.1.9/onvif/device_service'],
    ],
    ['several', 'http://169.254.7.7:80/d http://192.168.1.9:80/d', ['http://192.168.1.9/d']],
    ['none', '', []],
    ['no web address', 'urn:uuid:1 javascript:1 file:///etc/passwd ftp://192.168.1.9/d //x null', []],
    ['one among others', 'urn:uuid:1 http://192.168.1.9/d', ['http://192.168.1.9/d']],
  ])('%s', (_, given, addresses) => {
    const [found] = readProbeMatches(Buffer.from(match(given)), '192.168.1.9');
    expect(found).toMatchObject({ host: '192.168.1.9', addresses, endpoint: 'urn:uuid:1' });
    expect(found?.scopes).toHaveLength(2);
  });

  it.each(['', 'hello', '<a>', '<!DOCTYPE a><a/>', '<a/>', `<a>${'<b/>'.repeat(3000)}</a>`])(
    '%# holds no device',
    (text) => {
      expect(readProbeMatches(Buffer.from(text), '10.0.0.1')).toEqual([]);
    },
  );
});

describe('deviceSearch', () => {
  it('finds each device once, among junk', async () => {
    const { port, probes } = await device([
      'junk',
      match('urn:uuid:7', 'urn:uuid:7'),
      match('http://10.1.1.1:2020/d'),
      match('http://10.1.1.1:2020/d'),
      match('http://10.1.1.1/e', 'urn:uuid:2'),
    ]);
    const found = await deviceSearch({ host: '127.0.0.1', port, within: ms(300) }).search(new AbortController().signal);
    expect(found.map(({ addresses }) => addresses[0])).toEqual([
      undefined,
      'http://127.0.0.1:2020/d',
      'http://127.0.0.1/e',
    ]);
    expect(probes[0]).toContain('NetworkVideoTransmitter');
  });

  it('finds nothing where nothing is, and ends when told to', async () => {
    const { port } = await device([]);
    expect(
      await deviceSearch({ host: '127.0.0.1', port, within: ms(50) }).search(new AbortController().signal),
    ).toEqual([]);
    const stop = new AbortController();
    const searching = deviceSearch({ host: '127.0.0.1', port }).search(stop.signal);
    stop.abort(new Error('enough'));
    await expect(searching).rejects.toThrow('enough');
  });
});

describe('findDevice', () => {
  it('takes the first address in order that answers', async () => {
    const urls = [80, 2020, 8000].map((port) => deviceUrl('10.0.0.5', port));
    expect((await findDevice('10.0.0.5', urls, async ({ port }) => port !== '')).port).toBe('2020');
    await expect(findDevice('10.0.0.5', urls, async () => false)).rejects.toThrow(/SW_ONVIF_OFF.*80, 2020, 8000/);
  });
});
