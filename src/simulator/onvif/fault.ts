// What can be wrong with a simulated ONVIF camera, switchable while it runs.

export const FAULTS = [
  // Login and clock
  'auth-400',
  'auth-401',
  'auth-500',
  'auth-lockout',
  'clock-ahead',
  'clock-behind',
  'clock-1970',
  // Addresses the camera gives
  'nat-address',
  'loopback-address',
  'wrong-port-address',
  // Subscriptions
  'subscription-dies',
  'subscription-silent',
  'slots-full',
  'create-hangs',
  'renew-unsupported',
  'needs-message-id',
  'needs-reference-parameters',
  'unsubscribe-kills-all',
  'pull-at-once',
  // Transport
  'slow',
  'hang',
  'reset',
  'close-keep-alive',
  'html-503',
  'chunked',
  'gzip',
  'multipart',
  // Documents
  'byte-order-mark',
  'junk-tail',
  'truncated',
  'unbound-prefix',
  'empty-body',
  'entity-bomb',
  'huge',
  'deep',
  // Events
  'duplicate-events',
  'reversed-events',
  'true-without-false',
  'initialized-true',
  'utc-1970',
  'utc-zero',
  // Snapshots and media
  'snapshot-rtsp',
  'snapshot-sub-size',
  'snapshot-stale',
  'snapshot-stale-nonce',
  'snapshot-redirect',
  'snapshot-cut',
  'media2-500',
] as const;
export type FaultName = (typeof FAULTS)[number];

export interface FaultRule {
  readonly fault: FaultName;
  /** Only for these operations (`PullMessages`, `snapshot`); undefined: for every one it can befall. */
  readonly on?: RegExp;
  /** Ends by itself after this many times. */
  readonly times?: number;
}

export interface FaultPanel {
  set(rules: readonly FaultRule[]): void;
  /** True when the fault befalls this operation now; counts one of its times. */
  strikes(fault: FaultName, operation: string): boolean;
  readonly active: readonly FaultName[];
}

export const faultPanel = (): FaultPanel => {
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    set(next) {
      rules = next.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
    },
    strikes(fault, operation) {
      const found = rules.find(
        ({ rule, left }) => rule.fault === fault && left > 0 && (rule.on?.test(operation) ?? true),
      );
      if (found) found.left -= 1;
      return found !== undefined;
    },
    get active() {
      return rules.filter(({ left }) => left > 0).map(({ rule }) => rule.fault);
    },
  };
};
