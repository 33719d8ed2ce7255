// Looks for cameras: asks the network by WS-Discovery, and knocks at the addresses of a range that the owner named.
// Nothing of what answers is proven, and no credential is ever sent.

import { connect } from 'node:net';
import { deviceSearch, hostSearch } from '../adapters/onvif/discovery.ts';
import { type AddressRange, addressesOf, isPrivateRange, parseRange, rangeSize } from '../domain/address-range.ts';
import { StillwatchError } from '../domain/errors.ts';
import { macText, scopeValue } from '../domain/identity.ts';
import { type Ms, ms } from '../domain/units.ts';
import type { DeviceSearch, FoundDevice } from '../ports/camera-probe.ts';
import type { FinderEvent, FoundCamera } from '../ports/camera-trial.ts';

export interface FinderWish {
  readonly range?: AddressRange;
}

export interface FinderParts {
  readonly multicast: DeviceSearch;
  /** Asks one host directly. */
  readonly ask: (host: string) => DeviceSearch;
  /** True when something listens there. */
  readonly knock: (host: string, port: number, signal: AbortSignal) => Promise<boolean>;
}

/** Where cameras listen: RTSP first, then ONVIF. */
const KNOCK_PORTS: readonly number[] = [554, 2020, 8000, 80];
const KNOCK_WITHIN: Ms = ms(800);
/** Hosts at a time: 40 connections a second at most, which no home router takes for an attack. */
const AT_ONCE = 16;

/** @throws StillwatchError SW_CONFIG_CHOICE for what is no range, or not the owner's own network unless told so */
export const rangeOf = (text: string, isPublicToo: boolean): AddressRange => {
  const range = parseRange(text);
  const example = '192.168.1.0/24';
  if (!range) {
    const choices = '192.168.1.0/24, 192.168.1.10-192.168.1.99, … (≤ 4096 IPv4)';
    throw new StillwatchError('SW_CONFIG_CHOICE', { key: 'range', value: text, choices, example });
  }
  if (!isPublicToo && !isPrivateRange(range)) {
    const choices = '10.x.x.x, 172.16–31.x.x, 192.168.x.x';
    throw new StillwatchError('SW_CONFIG_CHOICE', { key: 'range', value: text, choices, example });
  }
  return range;
};

export const tcpKnock: FinderParts['knock'] = (host, port, signal) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: KNOCK_WITHIN });
    const end = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });

/** Everything real: the network, and TCP. */
export const finderParts: FinderParts = {
  multicast: deviceSearch(),
  ask: hostSearch,
  knock: tcpKnock,
};

const fromDevice = (device: FoundDevice, by: FoundCamera['by'], ports: readonly number[]): FoundCamera => {
  const { scopes } = device;
  const [hardware, name] = [scopeValue(scopes, 'hardware'), scopeValue(scopes, 'name')];
  // "Axis P3245" is make and model in one, and "TP-Link Tapo C100" says where the model begins; most others name no make.
  const isBoth = hardware !== undefined && name !== hardware && name?.endsWith(hardware) === true;
  const said = (isBoth ? name.slice(0, -hardware.length) : (name ?? '').split(/[ -]/)[0])?.trim();
  const services = device.addresses.map((address) => Number(new URL(address).port || 80));
  const mac = scopeValue(scopes, 'mac') ?? /([0-9a-f]{12})$/i.exec(device.endpoint)?.[1];
  return {
    host: device.host,
    name,
    make: scopeValue(scopes, 'manufacturer') ?? (said === '' ? undefined : said),
    model: hardware,
    mac: mac === undefined ? undefined : macText(mac),
    by,
    ports: [...new Set([...ports, ...services])],
  };
};

/** Each camera once; what the multicast found is not knocked at again. */
export async function* findCameras(
  wish: FinderWish,
  parts: FinderParts,
  signal: AbortSignal,
): AsyncGenerator<FinderEvent> {
  const known = new Set<string>();
  for (const device of await parts.multicast.search(signal)) {
    if (known.has(device.host)) continue;
    known.add(device.host);
    yield { type: 'found', camera: fromDevice(device, 'multicast', []) };
  }
  if (!wish.range) return;
  const total = rangeSize(wish.range);
  let asked = 0;

  const look = async (host: string): Promise<FoundCamera | undefined> => {
    const open: number[] = [];
    for (const port of KNOCK_PORTS) if (await parts.knock(host, port, signal)) open.push(port);
    // A web server alone is a printer, a router, a television.
    if (open.length === 0) return undefined;
    const [said] = await parts
      .ask(host)
      .search(signal)
      .catch(() => []);
    if (said) return fromDevice(said, 'sweep', open);
    if (!open.includes(554)) return undefined;
    return { host, name: undefined, make: undefined, model: undefined, mac: undefined, by: 'sweep', ports: open };
  };

  const waiting = [...addressesOf(wish.range)].filter((host) => !known.has(host));
  asked = total - waiting.length;
  while (waiting.length > 0) {
    signal.throwIfAborted();
    const some = waiting.splice(0, AT_ONCE);
    const found = await Promise.all(some.map(look));
    asked += some.length;
    for (const camera of found) if (camera) yield { type: 'found', camera };
    yield { type: 'progress', asked, total };
  }
}
