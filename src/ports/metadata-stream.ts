import type { StreamAddress } from '../domain/camera.ts';

export interface MetadataPayload {
  readonly bytes: Uint8Array;
  /** The marker bit: a document ends here. */
  readonly isLast: boolean;
  /** Packets before this one never came. */
  readonly isAfterGap: boolean;
}

/** One connection to the metadata that a camera sends beside its pictures. Disposing it ends the session. */
export interface MetadataRun extends AsyncDisposable {
  /** As the stream's description names it: `vnd.onvif.metadata`, upper or lower case. */
  readonly encoding: string;
  /** What has come since, or comes; empty after half a minute in which nothing did. @throws StillwatchError SW_CAM_* */
  next(signal: AbortSignal): Promise<readonly MetadataPayload[]>;
}

export interface MetadataStream {
  /** @throws StillwatchError SW_CAM_*; SW_ONVIF_REFUSED when the stream has no metadata */
  open(address: StreamAddress, options: { readonly signal: AbortSignal }): Promise<MetadataRun>;
}
