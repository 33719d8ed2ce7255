// RTSP addresses: the owner's, and those a camera writes into its answers. Whatever host a camera names (cameras behind
// NAT name their inner one, a hostile one names somebody else), we keep the host and port we reached it by.

export interface StreamUrl {
  readonly isTls: boolean;
  /** Host name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query, starting with `/` or `?`, or empty. */
  readonly path: string;
}

const RTSP_PORT = 554;
// RFC 7826 section 4.2.
const RTSPS_PORT = 322;

/** No white space or control character may reach a request line, whoever wrote the path. */
const requestSafe = (path: string): string =>
  path.replace(/[^\x21-\x7e]/gu, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

/** The parts of an owner's address; undefined if it is not `rtsp://` or `rtsps://`, or has a user or password in it. */
export const parseStreamUrl = (text: string): StreamUrl | undefined => {
  const match =
    /^(rtsps?):\/\/(?:\[([0-9a-fA-F:.]+(?:%[^\]\s]+)?)\]|([^\s[\]/:?#@]+))(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/i.exec(
      text.trim(),
    );
  if (!match) return undefined;
  const isTls = match[1]?.toLowerCase() === 'rtsps';
  const port = match[4] === undefined ? (isTls ? RTSPS_PORT : RTSP_PORT) : Number(match[4]);
  if (port < 1 || port > 65_535) return undefined;
  return { isTls, host: match[2] ?? match[3] ?? '', port, path: requestSafe(match[5] ?? '') };
};

/** As it stands in a request line. The port is always written: cameras compare it with the Host they were told. */
export const formatStreamUrl = (url: StreamUrl): string => {
  // An IPv6 zone (`%eth0`) names our interface; it means nothing to the camera (RFC 6874 section 4).
  const host = url.host.includes(':') ? `[${url.host.replace(/%.*$/, '')}]` : url.host;
  return `${url.isTls ? 'rtsps' : 'rtsp'}://${host}:${url.port}${url.path}`;
};

const absolute = /^rtsp[su]?:\/\/([^/?]*)(.*)$/i;

/** A camera's own absolute or relative URL as seen from here: its path at the host and port of `reached`. */
export const onReachedHost = (given: string, reached: StreamUrl): StreamUrl => {
  const match = absolute.exec(given.trim());
  if (match) return { ...reached, path: requestSafe(match[2] ?? '') };
  const relative = given.trim();
  return { ...reached, path: requestSafe(/^[/?]/.test(relative) ? relative : `/${relative}`) };
};

/** The host an absolute URL names, without port and user; undefined for a relative one. */
export const namedHost = (given: string): string | undefined => {
  const authority = absolute.exec(given.trim())?.[1];
  if (authority === undefined) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return (/^\[([^\]]*)\]/.exec(host)?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase();
};

/**
 * The URL of an `a=control` attribute (RFC 2326 C.1.1). A relative one is appended to the base, not resolved as RFC 3986
 * says: cameras put their stream number in the query (`/cam?channel=1/trackID=0`), and every widespread client appends.
 */
export const controlUrl = (base: StreamUrl, control: string | undefined): StreamUrl => {
  const given = control?.trim() ?? '';
  if (given === '' || given === '*') return base;
  if (absolute.test(given)) return onReachedHost(given, base);
  const path = given.startsWith('?') ? given : `/${given.replace(/^\//, '')}`;
  return { ...base, path: `${base.path.replace(/\/$/, '')}${requestSafe(path)}` };
};
