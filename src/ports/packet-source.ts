import type { Packet, StreamAddress, VideoFormat } from '../domain/camera.ts';

/** When packets are read. `eager`: as they arrive. `coalesced`: together with other calm cameras, on a shared tick. */
export type Pace = 'eager' | 'coalesced';

export interface RunCounters {
  readonly packets: number;
  readonly bytes: number;
  /** RTP packets that never came (gaps in the sequence numbers). */
  readonly lost: number;
}

/**
 * One unbroken connection to a stream. Disposing it ends the session at the camera and frees the socket.
 */
export interface PacketRun extends AsyncDisposable {
  readonly format: VideoFormat;
  /** The frame rate the camera claims in its SDP, if it does. */
  readonly claimedFps: number | undefined;
  /**
   * Packets in decoding order, those that were read together in one array. May be iterated once. Ends only by throwing
   * (SW_CAM_LOST, SW_CAM_SILENT, SW_CAM_STREAM_CHANGED, …) or, after the signal aborted or the run was disposed, by returning.
   */
  readonly batches: AsyncIterable<readonly Packet[]>;
  pace(pace: Pace): void;
  counters(): RunCounters;
}

export interface PacketSource {
  /**
   * Resolves when the camera has accepted PLAY. Nothing is half open: if it rejects, the socket is closed.
   * @throws StillwatchError SW_CAM_*
   */
  open(address: StreamAddress, options: { readonly signal: AbortSignal }): Promise<PacketRun>;
}
