// What a configuration, from whatever source, comes to.

import type { AccountPolicy } from '../domain/account.ts';
import type { Camera } from '../domain/camera.ts';
import type { TimeZone } from '../domain/civil-time.ts';
import type { Language } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { InboxSettings } from '../domain/inbox.ts';
import type { NotificationSettings } from '../domain/receiver.ts';
import type { KeepRules } from '../domain/retention.ts';

/** Files as their owner renews them, or a certificate made at the first start. */
export type TlsSettings = 'self-signed' | { readonly certificate: string; readonly key: string };

export interface Settings {
  readonly cameras: readonly Camera[];
  /** Cameras that send by themselves, and the doors they deliver to. undefined: none is open. */
  readonly inbox?: InboxSettings;
  /** Who is told of what happens. undefined: nobody. */
  readonly notifications?: NotificationSettings;
  /** The camera whose photos lie at the root of the photo folder; the others have a folder each. */
  readonly rootCamera: CameraId | undefined;
  /** Absolute path of the photo folder. Spool and catalogue lie in `.stillwatch` inside it, on the same file system. */
  readonly snapshotsDir: string;
  readonly zone: TimeZone;
  readonly language: Language;
  readonly keep: KeepRules;
  readonly accounts: AccountPolicy;
  readonly web: {
    readonly port: number;
    /** Address to listen on. */
    readonly bind: string;
    /** True: photos may be seen from anywhere, without login. */
    readonly isPublic: boolean;
    /** True: looking needs a login on this network too. */
    readonly loginToView?: boolean;
    /** Addresses and blocks of the proxies in front of this program. */
    readonly trustProxy?: readonly string[];
    /** undefined: plain HTTP. */
    readonly tls?: TlsSettings;
  };
}
