// The address a camera gives and the one we can reach it by are two things: behind NAT, in a container and after DHCP it
// names itself wrongly. Must not try anything out; it says what to try, in order.

/** Parses an address a camera gave, absolute or relative to `reached`; credentials in it are dropped. */
export const parseGiven = (given: string, reached: URL): URL | undefined => {
  const text = given.trim();
  if (text === '' || !URL.canParse(text, reached.href)) return undefined;
  const url = new URL(text, reached);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
};

const withOrigin = (url: URL, origin: URL): URL => {
  const moved = new URL(url);
  moved.protocol = origin.protocol;
  moved.hostname = origin.hostname;
  moved.port = origin.port;
  return moved;
};

const withHost = (url: URL, host: string): URL => {
  const moved = new URL(url);
  moved.hostname = host;
  return moved;
};

/**
 * Where a web address a camera gave may be reached, best first: always on the host we reached the camera by.
 * The port we reached it by is known to answer; its own is tried next. What we reach by TLS is never asked in the clear.
 * @returns an empty list for an address that is none, or not http(s)
 */
export const reachable = (given: string, reached: URL): readonly URL[] => {
  const url = parseGiven(given, reached);
  if (!url || !/^https?:$/.test(url.protocol)) return [];
  if (reached.protocol === 'https:' && url.protocol === 'http:') return [withOrigin(url, reached)];
  const own = withHost(url, reached.hostname);
  if (own.origin === reached.origin) return [own];
  // A camera that names our host also means its port; one that names another host is behind something that may map ports.
  const ours = withOrigin(url, reached);
  return url.hostname === reached.hostname ? [own, ours] : [ours, own];
};

/** A stream's address on the host we reached the camera by; its port and path stay. */
export const reachableStream = (given: string, reached: URL): URL | undefined => {
  const url = parseGiven(given, reached);
  if (!url || !/^rtsps?:$/.test(url.protocol)) return undefined;
  // `hostname` of a non-special scheme is settable only on a URL that has a host.
  const moved = new URL(url);
  moved.hostname = reached.hostname;
  return moved;
};
