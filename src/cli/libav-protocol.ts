// What passes between the program and a process that runs the library's RTSP client.

import type { Packet, VideoFormat } from '../domain/camera.ts';
import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';

export type LibavCommand =
  /** The address with its credentials: through the pipe, never as an argument. */
  | { readonly type: 'open'; readonly url: string }
  /** So many packets were taken: as many more may come. */
  | { readonly type: 'taken'; readonly packets: number }
  | { readonly type: 'stop' };

export type LibavReport =
  | { readonly type: 'open'; readonly format: VideoFormat }
  | { readonly type: 'packet'; readonly packet: Omit<Packet, 'arrivedAt'> }
  | { readonly type: 'failed'; readonly code: StillwatchErrorCode; readonly facts: ErrorFacts };

/** Packets that may lie between the two processes: two seconds of the fastest stream. */
export const MOST_UNTAKEN = 60;
