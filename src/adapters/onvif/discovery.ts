// WS-Discovery: who in this network speaks ONVIF (WS-Discovery 2005/04 as ONVIF Core 7 uses it). Answers are claims of
// strangers: no credential is ever sent because of one.

import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { StillwatchError } from '../../domain/errors.ts';
import { type Ms, seconds } from '../../domain/units.ts';
import type { DeviceSearch, FoundDevice } from '../../ports/camera-probe.ts';
import { reachable } from './address.ts';
import { child, descendants, readXml, textAt, XmlRefusal, xmlText } from './xml.ts';

const GROUP = '239.255.255.250';
const PORT = 3702;
/** ONVIF devices answer after a random pause of up to half a second (WS-Discovery APP_MAX_DELAY); a repeat is for lost packets. */
const SEARCH_FOR: Ms = seconds(4);
const REPEAT_AFTER: Ms = seconds(1);
/** One datagram; a larger one is not an answer. */
const LIMITS = { bytes: 65_536, depth: 32, nodes: 2_000 };
/** A network in which more answer than this is not a camera network. */
const MOST_DEVICES = 1_000;

const probe = (): string =>
  '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ' +
  'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" ' +
  'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>' +
  '<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
  `<a:MessageID>uuid:${randomUUID()}</a:MessageID>` +
  '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
  '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>' +
  '<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>';

/** Devices in one answer; an answer that cannot be read holds none. */
export const readProbeMatches = (bytes: Uint8Array, from: string): readonly FoundDevice[] => {
  try {
    const { root } = readXml(xmlText(bytes), LIMITS);
    return descendants(root, 'ProbeMatch').flatMap((match): readonly FoundDevice[] => {
      const given = (textAt(match, 'XAddrs') ?? '').split(/\s+/).filter((address) => address !== '');
      // Several addresses may be given (link-local, IPv6): the one on the host that answered is known to be reachable.
      const addresses = given.flatMap((address) => {
        const own = URL.canParse(address) ? new URL(address) : undefined;
        // `urn:`, `file:` and the like parse too, but their origin is the word "null".
        const base = own && /^https?:$/.test(own.protocol) ? new URL(own.origin) : undefined;
        if (base) base.hostname = from.includes(':') ? `[${from}]` : from;
        return base
          ? reachable(address, base)
              .slice(0, 1)
              .map((url) => url.href)
          : [];
      });
      const endpoint = textAt(match, 'EndpointReference', 'Address') ?? child(match, 'EndpointReference')?.text ?? '';
      const scopes = (textAt(match, 'Scopes') ?? '').split(/\s+/).filter((scope) => scope !== '');
      return [{ host: from, addresses: [...new Set(addresses)], scopes, endpoint }];
    });
  } catch (error) {
    if (error instanceof XmlRefusal) return [];
    throw error;
  }
};

/** Of every network; of a machine without one its loopback, where its own programs may answer. */
const localAddresses = (): readonly string[] => {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const own = all.filter(({ family }) => family === 'IPv4');
  const outside = own.filter(({ internal }) => !internal);
  return (outside.length > 0 ? outside : own).map(({ address }) => address);
};

export interface SearchSettings {
  /** Ask this host only, by unicast; undefined: ask the network. */
  readonly host?: string;
  readonly port?: number;
  readonly within?: Ms;
}

export const deviceSearch = (settings: SearchSettings = {}): DeviceSearch => ({
  async search(signal) {
    signal.throwIfAborted();
    const within = settings.within ?? SEARCH_FOR;
    const target = settings.host ?? GROUP;
    const port = settings.port ?? PORT;
    const found = new Map<string, FoundDevice>();
    // The group is asked out of every interface: the default route alone misses the camera network of a two-homed machine.
    const homes = settings.host === undefined ? localAddresses() : [undefined];
    const sockets = homes.map((home) => ({ home, socket: createSocket({ type: 'udp4', reuseAddr: true }) }));
    const timers: NodeJS.Timeout[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', onAbort, { once: true });
        timers.push(
          setTimeout(() => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          }, within),
        );
        for (const { home, socket } of sockets) {
          // An interface that cannot send (down, no route) is one that finds nothing.
          socket.on('error', () => {});
          socket.on('message', (bytes, { address }) => {
            for (const device of readProbeMatches(bytes, address)) {
              const key = device.endpoint || `${device.host} ${device.addresses.join(' ')}`;
              if (found.size < MOST_DEVICES && !found.has(key)) found.set(key, device);
            }
          });
          socket.bind({ port: 0, ...(home === undefined ? {} : { address: home }) }, () => {
            if (home !== undefined) socket.setMulticastInterface(home);
            const send = (): void => socket.send(probe(), port, target, () => {});
            send();
            if (REPEAT_AFTER < within) timers.push(setTimeout(send, REPEAT_AFTER));
          });
        }
      });
    } finally {
      timers.forEach(clearTimeout);
      for (const { socket } of sockets) socket.close();
    }
    return [...found.values()];
  },
});

/** A host that was typed is asked directly: no multicast, and one round trip that a camera answers within a second or never. */
export const hostSearch = (host: string): DeviceSearch => deviceSearch({ host, within: seconds(1) });

/** Where ONVIF listens, most cameras first: generic, Tapo, Reolink, and what OEM firmwares use. Source: engineering/onvif quirk 4. */
export const DEVICE_PORTS: readonly number[] = [80, 2020, 8000, 8080, 8899, 5000];

/**
 * The device service of a typed host: what discovery says of it, else the first of the candidates at which SOAP answers.
 * @param answers asks one address for its time, without a login
 * @throws StillwatchError SW_ONVIF_OFF
 */
export const findDevice = async (
  host: string,
  candidates: readonly URL[],
  answers: (device: URL) => Promise<boolean>,
): Promise<URL> => {
  // All at once: a closed port is quick to say so, a filtered one takes its whole time.
  const asked = await Promise.all(candidates.map(async (url) => ((await answers(url)) ? [url] : [])));
  const [found] = asked.flat();
  if (found) return found;
  const ports = candidates.map((url) => url.port || '80').join(', ');
  throw new StillwatchError('SW_ONVIF_OFF', { host, port: ports });
};
