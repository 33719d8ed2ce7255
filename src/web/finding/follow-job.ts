// A job's progress as server-sent events: each carries the whole state, so whoever comes back is told once what it missed.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Job } from './jobs.ts';

/** Told to the browser: how long it waits before it connects again, in milliseconds. */
const RETRY_MS = 2000;
/** Proxies and phone networks drop a connection that is silent for 30 to 60 s. */
const BEAT_MS = 15_000;
/** Followers of all jobs together; each costs a socket. */
const MOST_FOLLOWERS = 64;

let followers = 0;

/** Ends when the job is over. False: too many follow already. */
export const followJob = <State>(
  request: FastifyRequest,
  reply: FastifyReply,
  job: Job<State>,
  show: (state: State) => { readonly event: string; readonly data: unknown },
): boolean => {
  if (followers >= MOST_FOLLOWERS) return false;
  followers += 1;
  const stream = reply.raw;
  const headers = reply.getHeaders();
  reply.hijack();
  request.raw.socket.setTimeout(0);
  stream.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would otherwise hold events back until its buffer is full.
    'x-accel-buffering': 'no',
  });
  let told = Number(request.headers['last-event-id'] ?? 0);
  const tell = (): void => {
    if (job.version > told) {
      const { event, data } = show(job.state);
      told = job.version;
      stream.write(`id: ${told}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    if (!job.isRunning) stream.end('event: end\ndata: {}\n\n');
  };
  stream.write(`retry: ${RETRY_MS}\n\n`);
  const off = job.follow(tell);
  const beat = setInterval(() => stream.write(': beat\n\n'), BEAT_MS);
  stream.on('close', () => {
    followers -= 1;
    clearInterval(beat);
    off();
  });
  stream.on('error', () => stream.destroy());
  tell();
  return true;
};
