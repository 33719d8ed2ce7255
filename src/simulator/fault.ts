// The lies the simulated camera can tell. Each can be switched on and off while clients are connected.

import type { StreamRole } from '../domain/camera.ts';

export type Fault =
  /** Every login is refused, the right one too. */
  | { readonly name: 'wrong-password' }
  /** Too many tries: the right login is refused. Cameras differ in how they say it. */
  | { readonly name: 'locked'; readonly status: 401 | 403 | 423 }
  /** No stream is known by any path. */
  | { readonly name: 'no-such-path' }
  /** All places are taken; `silent`: PLAY is accepted and no packet comes. */
  | { readonly name: 'session-limit'; readonly answer: 453 | 503 | 'silent' }
  /** The description offers a codec nobody asked for. */
  | { readonly name: 'unknown-codec'; readonly codec: 'JPEG' | 'VP9' }
  /** Sound only. */
  | { readonly name: 'no-video' }
  /** Nothing is sent any more; the connection stays open. */
  | { readonly name: 'silent' }
  /** All connections are reset, and the port is closed for so long. Ends by itself. */
  | { readonly name: 'rebooting'; readonly milliseconds: number }
  /** After so many pictures: half of an interleaved frame, then a reset. */
  | { readonly name: 'cut-mid-packet'; readonly afterPictures: number }
  /** Bytes of no protocol between the packets. */
  | { readonly name: 'garbage' }
  /** Another picture size from now on, without a word. */
  | { readonly name: 'resolution-change' }
  /** A session whose client sends no request for so long is dropped. */
  | { readonly name: 'session-timeout'; readonly milliseconds: number }
  /** A network that carries so little. */
  | { readonly name: 'slow'; readonly bytesPerSecond: number }
  /** Every n-th RTP packet is missing. */
  | { readonly name: 'packet-loss'; readonly every: number }
  /** Pictures between key frames only. */
  | { readonly name: 'no-key-frames' }
  /** A nonce is good for one request. */
  | { readonly name: 'stale-nonce' }
  /** TEARDOWN gets no answer, and the pictures go on. */
  | { readonly name: 'teardown-ignored' }
  /** Privacy mode: black pictures, or the same group of pictures again and again. */
  | { readonly name: 'privacy'; readonly picture: 'black' | 'frozen' }
  /** The slices of key frames are cut short. */
  | { readonly name: 'half-key-frame' };

export type FaultName = Fault['name'];

/** A fault, and the one stream that has it; without a stream the whole camera has it. */
export type ActiveFault = Fault & { readonly stream?: StreamRole };

/** The fault of that name if it is on and concerns that stream. */
export const faultOf = <Name extends FaultName>(
  active: ActiveFault | undefined,
  name: Name,
  stream?: StreamRole,
): Extract<Fault, { readonly name: Name }> | undefined =>
  active?.name === name && (!active.stream || !stream || active.stream === stream)
    ? (active as Extract<ActiveFault, { readonly name: Name }>)
    : undefined;
