import type { CameraIdentity } from '../domain/identity.ts';

/** Asks a camera who it is. */
export interface CameraProbe {
  /** @throws StillwatchError SW_CAM_*, SW_ONVIF_*; facts it will not tell are undefined instead */
  identify(signal: AbortSignal): Promise<CameraIdentity>;
}

/** What answered to a search of the network; nothing of it is proven. */
export interface FoundDevice {
  /** The address the answer came from. */
  readonly host: string;
  /** Device service addresses, on that host. */
  readonly addresses: readonly string[];
  readonly scopes: readonly string[];
  /** `urn:uuid:…`, the same for the device's life. */
  readonly endpoint: string;
}

export interface DeviceSearch {
  /** Answers within the search's time, each device once. Empty in networks that carry no multicast. */
  search(signal: AbortSignal): Promise<readonly FoundDevice[]>;
}
