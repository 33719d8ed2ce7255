// WS-Discovery from the device's side (WS-Discovery 2005/04, 5; ONVIF Core 7): answers probes for video transmitters in every
// network of this machine, its own loopback included. Written from the specification; shares nothing with the search.

import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { Persona } from './persona.ts';
import { scopesOf } from './replies.ts';
import { tagText } from './request-text.ts';
import { xmlEscape } from './writer.ts';

const GROUP = '239.255.255.250';
const PORT = 3702;
/** Devices wait a moment, so that not all of a network answer at once; up to 500 ms by the book. */
const LONGEST_PAUSE_MS = 100;

/** A probe without types is for everybody; scopes match by their beginning (5.1, rfc2396). */
const isMeant = (probe: string, scopes: readonly string[]): boolean => {
  const types = tagText(probe, 'Types') ?? '';
  const wanted = (tagText(probe, 'Scopes') ?? '').split(/\s+/).filter(Boolean);
  return (
    (types === '' || /NetworkVideoTransmitter|Device\b/.test(types)) &&
    wanted.every((scope) => scopes.some((own) => own.toLowerCase().startsWith(scope.toLowerCase())))
  );
};

const matches = (persona: Persona, addresses: readonly string[], asked: string): string => {
  // The same camera keeps its name over restarts.
  const id = createHash('sha256').update(persona.serial).digest('hex');
  const uuid = `urn:uuid:${id.slice(0, 8)}-${id.slice(8, 12)}-5${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" ' +
    'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" ' +
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><SOAP-ENV:Header>' +
    `<wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID><wsa:RelatesTo>${xmlEscape(asked)}</wsa:RelatesTo>` +
    '<wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>' +
    '<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action></SOAP-ENV:Header><SOAP-ENV:Body>' +
    `<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>${uuid}</wsa:Address></wsa:EndpointReference>` +
    `<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>${scopesOf(persona).map(xmlEscape).join(' ')}</d:Scopes>` +
    `<d:XAddrs>${addresses.map(xmlEscape).join(' ')}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>` +
    '</d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>'
  );
};

/** Resolves when probes are heard. */
export const answerProbes = async (persona: Persona, addresses: () => readonly string[]): Promise<AsyncDisposable> => {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const pauses = new Set<NodeJS.Timeout>();
  socket.on('message', (bytes, from) => {
    const probe = bytes.toString('utf8');
    if (!/<(?:[\w-]+:)?Probe[\s>]/.test(probe) || !isMeant(probe, scopesOf(persona))) return;
    const answer = Buffer.from(matches(persona, addresses(), tagText(probe, 'MessageID') ?? ''));
    const pause = setTimeout(() => {
      pauses.delete(pause);
      socket.send(answer, from.port, from.address, () => {});
    }, Math.random() * LONGEST_PAUSE_MS);
    pauses.add(pause);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(PORT, resolve);
  });
  for (const { family, address } of Object.values(networkInterfaces()).flatMap((some) => some ?? [])) {
    if (family === 'IPv4') socket.addMembership(GROUP, address);
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const pause of pauses) clearTimeout(pause);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
};
