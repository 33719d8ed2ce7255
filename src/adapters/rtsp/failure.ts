// What went wrong, in the words of the error table: socket errors and status codes to SW_CAM_* (docs/design/rtsp-client.md).

import { type ErrorFacts, StillwatchError, type StillwatchErrorCode } from '../../domain/errors.ts';
import type { RtspResponse } from './message.ts';
import { header } from './message.ts';
import { ProtocolViolation } from './protocol-violation.ts';
import { formatStreamUrl, type StreamUrl } from './stream-url.ts';

export type RtspMethod = 'OPTIONS' | 'DESCRIBE' | 'SETUP' | 'PLAY' | 'GET_PARAMETER' | 'TEARDOWN';

/** An error about `url`, with host, port and path among its facts. */
export const cameraError = (
  code: StillwatchErrorCode,
  url: StreamUrl,
  facts: ErrorFacts = {},
  cause?: unknown,
): StillwatchError =>
  new StillwatchError(
    code,
    { host: url.host, port: url.port, path: url.path.replace(/^\//, '') || '/', ...facts },
    { where: formatStreamUrl(url), ...(cause === undefined ? {} : { cause }) },
  );

const UNREACHABLE: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'ENONET',
]);
const UNKNOWN_HOST: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME', 'EAI_FAIL']);
const CUT: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_DESTROYED']);

/** The system's code of a socket error; several addresses tried at once give the first one's. */
export const systemCode = (thrown: unknown): string | undefined => {
  if (!(thrown instanceof Error)) return undefined;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  if (code !== undefined || !(thrown instanceof AggregateError)) return code;
  return (thrown.errors as readonly unknown[]).map(systemCode).find((one) => one !== undefined);
};

/** A socket's or parser's error. A refused port is PORT_CLOSED here; only the opener can tell RTSP_OFF from it. */
export const socketFailure = (thrown: unknown, url: StreamUrl): StillwatchError => {
  if (thrown instanceof StillwatchError) return thrown;
  if (thrown instanceof ProtocolViolation) return cameraError('SW_CAM_PROTOCOL', url, { detail: thrown.message });
  const code = systemCode(thrown);
  const detail = code ?? (thrown instanceof Error ? thrown.message : String(thrown));
  if (code === 'ECONNREFUSED') return cameraError('SW_CAM_PORT_CLOSED', url, { detail }, thrown);
  if (code !== undefined && UNREACHABLE.has(code)) return cameraError('SW_CAM_UNREACHABLE', url, { detail }, thrown);
  if (code !== undefined && UNKNOWN_HOST.has(code)) return cameraError('SW_CAM_HOST_UNKNOWN', url, { detail }, thrown);
  if (code !== undefined && CUT.has(code)) return cameraError('SW_CAM_LOST', url, { detail }, thrown);
  if (code !== undefined && /^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) {
    return cameraError('SW_CAM_PROTOCOL', url, { detail: `TLS: ${code}` }, thrown);
  }
  return cameraError('SW_CAM_LOST', url, { detail }, thrown);
};

/** A refusal other than 401, which the sign-in judges. */
export const statusFailure = (method: RtspMethod, response: RtspResponse, url: StreamUrl): StillwatchError => {
  const status = `${response.status} ${response.reason}`.trim();
  const code = statusCode(method, response);
  return cameraError(code, url, code === 'SW_CAM_PROTOCOL' ? { status, detail: `${method}: ${status}` } : { status });
};

/** Truth table in failure.test.ts. */
export const statusCode = (method: RtspMethod, response: RtspResponse): StillwatchErrorCode => {
  const { status } = response;
  if (status === 401 || status === 403 || status === 407) return 'SW_CAM_AUTH';
  if (status === 404 || status === 410) return 'SW_CAM_NO_PATH';
  // The session is unknown: before PLAY because the path is (older Dahua, Foscam), later because the camera forgot it.
  if (status === 454) return method === 'DESCRIBE' || method === 'SETUP' ? 'SW_CAM_NO_PATH' : 'SW_CAM_LOST';
  if (status === 453) return 'SW_CAM_STREAM_LIMIT';
  if (status === 503) {
    // "Service unavailable" means "no free stream" once the camera has looked at the stream; before that, or with a date to
    // come back, it is still starting.
    const isStarting = method === 'OPTIONS' || header(response.headers, 'retry-after') !== undefined;
    return isStarting ? 'SW_CAM_BUSY' : 'SW_CAM_STREAM_LIMIT';
  }
  return status >= 500 && status !== 501 && status !== 505 && status !== 551 ? 'SW_CAM_BUSY' : 'SW_CAM_PROTOCOL';
};
