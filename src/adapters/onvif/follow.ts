// Finds a camera again that DHCP gave another address. Only what looks like it by its own announcement is asked with the
// password; only what is recognised by MAC or serial number is followed.

import { StillwatchError } from '../../domain/errors.ts';
import { type CameraIdentity, recognise } from '../../domain/identity.ts';
import type { DeviceSearch, FoundDevice } from '../../ports/camera-probe.ts';

export interface KnownCamera {
  readonly identity: CameraIdentity;
  /** `urn:uuid:…` from discovery, when it was seen there. */
  readonly endpoint: string | undefined;
}

/**
 * Devices that may be the camera: the same endpoint; else an endpoint or a scope that holds its MAC, as most makes build
 * their UUID; else, when nothing does, a device that announces the same model.
 */
export const followCandidates = (known: KnownCamera, found: readonly FoundDevice[]): readonly FoundDevice[] => {
  const { identity, endpoint } = known;
  const elsewhere = found.filter(({ addresses, host }) => addresses.length > 0 && host !== identity.host);
  const same = elsewhere.filter((one) => endpoint !== undefined && one.endpoint === endpoint);
  if (same.length > 0) return same;
  const bare = identity.mac?.replaceAll(':', '');
  const holdsMac = elsewhere.filter(
    (one) =>
      bare !== undefined &&
      [one.endpoint, ...one.scopes].some((text) => text.toLowerCase().replace(/[:-]/g, '').includes(bare)),
  );
  if (holdsMac.length > 0) return holdsMac;
  const { model } = identity;
  if (model === undefined) return [];
  const hardware = `/hardware/${encodeURIComponent(model)}`.toLowerCase();
  return elsewhere.filter(({ scopes }) => scopes.some((scope) => scope.toLowerCase().endsWith(hardware)));
};

/** Asking more than this many strangers with one password is not following, it is trying doors. */
const MOST_ASKED = 3;

/**
 * The camera's new device address, or undefined when it was not found for certain.
 * @param identify asks one address with the camera's login
 */
export const followCamera = async (
  known: KnownCamera,
  search: DeviceSearch,
  identify: (device: URL, signal: AbortSignal) => Promise<CameraIdentity>,
  signal: AbortSignal,
): Promise<URL | undefined> => {
  const candidates = followCandidates(known, await search.search(signal));
  for (const { addresses } of candidates.slice(0, MOST_ASKED)) {
    const [address = ''] = addresses;
    const device = new URL(address);
    try {
      if (recognise(known.identity, await identify(device, signal)) === 'same') return device;
    } catch (error) {
      // Another camera refuses our login, or is no camera: the next one may be it.
      if (!(error instanceof StillwatchError)) throw error;
    }
  }
  return undefined;
};
