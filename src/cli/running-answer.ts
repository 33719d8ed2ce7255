// Asks the program that runs with these settings, on this machine, by the address, port and protocol it serves.

import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { isIPv6 } from 'node:net';
import type { Settings } from '../config/settings.ts';
import type { Ms } from '../domain/units.ts';
import { seconds } from '../domain/units.ts';
import { isEverywhere } from './bind-address.ts';

export interface RunningAnswer {
  readonly status: number;
  readonly body: string;
}

const ANSWER_WITHIN: Ms = seconds(5);

/** Where it can be reached from this machine: what listens everywhere also listens here. */
export const ownAddress = ({ bind, port, tls }: Settings['web']): string => {
  const host = isEverywhere(bind) ? '127.0.0.1' : bind;
  return `${tls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
};

/** @throws Error when nobody answers within five seconds */
export const askRunning = (web: Settings['web'], path: string): Promise<RunningAnswer> =>
  new Promise((resolve, reject) => {
    // The certificate is for the name that browsers use, or of our own making. No secret is sent, and only "it answers" is believed.
    const options = { rejectUnauthorized: false, signal: AbortSignal.timeout(ANSWER_WITHIN) };
    const request = web.tls ? secure : plain;
    const asking = request(`${ownAddress(web)}${path}`, options, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.once('error', reject);
    });
    asking.once('error', reject);
    asking.end();
  });
