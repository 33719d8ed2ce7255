// Written from the OpenAPI document by `npx vitest run --project unit src/web/api-calls.test.ts --update`, which also checks it.

import type { Shapes } from './api-shapes.ts';

export interface Calls {
  'DELETE /cameras/{camera}': {
    body: undefined;
    answer: undefined;
  };
  'DELETE /demo': {
    body: undefined;
    answer: { readonly photos: number };
  };
  'DELETE /discoveries/{discovery}': {
    body: undefined;
    answer: undefined;
  };
  'DELETE /episodes/{episode}': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['StillDeleted'])[] };
  };
  'DELETE /inbox/cameras/{camera}': {
    body: undefined;
    answer: undefined;
  };
  'DELETE /notifications/webhooks/{receiver}': {
    body: undefined;
    answer: undefined;
  };
  'DELETE /selections/{selection}/favourite': {
    body: undefined;
    answer: { readonly photos: number };
  };
  'DELETE /selections/{selection}/stills': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['StillDeleted'])[] };
  };
  'DELETE /session': {
    body: undefined;
    answer: { readonly done: true };
  };
  'DELETE /session/second-factor': {
    body: { readonly password: string };
    answer: { readonly done: true };
  };
  'DELETE /sessions/{id}': {
    body: undefined;
    answer: { readonly done: true };
  };
  'DELETE /shares/{id}': {
    body: undefined;
    answer: { readonly done: true };
  };
  'DELETE /stills/{still}': {
    body: undefined;
    answer: Shapes['StillDeleted'];
  };
  'DELETE /stills/{still}/favourite': {
    body: undefined;
    answer: Shapes['Still'];
  };
  'DELETE /tokens/{id}': {
    body: undefined;
    answer: { readonly done: true };
  };
  'DELETE /trials/{trial}': {
    body: undefined;
    answer: undefined;
  };
  'DELETE /users/{id}': {
    body: undefined;
    answer: { readonly done: true };
  };
  'GET /audit': {
    body: undefined;
    answer: { readonly items: readonly ({ readonly number: number; readonly at: string; readonly action: "claimed" | "login" | "login-refused" | "logout" | "password-changed" | "second-factor-on" | "second-factor-off" | "session-ended" | "user-added" | "user-changed" | "user-removed" | "token-made" | "token-removed" | "shared" | "share-removed" | "share-opened" | "viewed" | "exported" | "changed" | "deleted"; readonly who: string; readonly address: string; readonly object: string; readonly count: number; readonly until: string })[]; readonly next: string | null };
  };
  'GET /cameras': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['Camera'])[] };
  };
  'GET /cameras/{camera}': {
    body: undefined;
    answer: Shapes['Camera'];
  };
  'GET /cameras/{camera}/clock': {
    body: undefined;
    answer: Shapes['CameraClock'];
  };
  'GET /cameras/{camera}/identity': {
    body: undefined;
    answer: Shapes['CameraIdentity'];
  };
  'GET /cameras/{camera}/readings': {
    body: undefined;
    answer: { readonly from: string; readonly until: string; readonly columnSeconds: number; readonly pixels: readonly (number | null)[] };
  };
  'GET /cameras/{camera}/report': {
    body: undefined;
    answer: Shapes['CameraReport'];
  };
  'GET /cameras/{camera}/settings': {
    body: undefined;
    answer: Shapes['CameraSettings'];
  };
  'GET /config': {
    body: undefined;
    answer: Shapes['Config'];
  };
  'GET /config/cameras': {
    body: undefined;
    answer: { readonly items: readonly ({ readonly id: string; readonly name: string; readonly isEnabled: boolean; readonly isWatched: boolean; readonly address: string | null })[] };
  };
  'GET /config/effective': {
    body: undefined;
    answer: Readonly<Record<string, unknown>>;
  };
  'GET /config/schema': {
    body: undefined;
    answer: Readonly<Record<string, unknown>>;
  };
  'GET /deleted': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['StillDeleted'])[] };
  };
  'GET /demo': {
    body: undefined;
    answer: { readonly isOn: boolean; readonly photos: number };
  };
  'GET /discoveries/{discovery}': {
    body: undefined;
    answer: Shapes['Discovery'];
  };
  'GET /discoveries/{discovery}/live': {
    body: undefined;
    answer: unknown;
  };
  'GET /episodes': {
    body: undefined;
    answer: Shapes['EpisodePage'];
  };
  'GET /episodes/{episode}': {
    body: undefined;
    answer: Shapes['EpisodeDetail'];
  };
  'GET /errors': {
    body: undefined;
    answer: { readonly items: readonly ({ readonly code: Shapes['ErrorCode']; readonly text: string; readonly remedy: "retry" | "reconfigure" | "give-up" })[] };
  };
  'GET /health': {
    body: undefined;
    answer: Shapes['Health'];
  };
  'GET /inbox/cameras': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['PushedCamera'])[] };
  };
  'GET /inbox/cameras/{camera}/doors': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['DoorSetup'])[] };
  };
  'GET /ledger': {
    body: undefined;
    answer: Shapes['TriggerPage'];
  };
  'GET /ledger/days': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['LedgerDay'])[] };
  };
  'GET /live': {
    body: undefined;
    answer: unknown;
  };
  'GET /notifications': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['Notification'])[]; readonly next: string | null };
  };
  'GET /notifications/receivers': {
    body: undefined;
    answer: { readonly items: readonly (Shapes['Receiver'])[] };
  };
  'GET /photos.zip': {
    body: undefined;
    answer: unknown;
  };
  'GET /search': {
    body: undefined;
    answer: Shapes['Search'];
  };
  'GET /session': {
    body: undefined;
    answer: { readonly kind: "nobody" | "visitor" | "user" | "token"; readonly name: string; readonly permissions: readonly ("self" | "view" | "take" | "favourite" | "correct" | "share" | "export" | "upload" | "delete" | "configure" | "administer")[]; readonly cameras: "all" | readonly (string)[]; readonly hasSecondFactor: boolean; readonly isClaimed: boolean };
  };
  'GET /sessions': {
    body: undefined;
    answer: { readonly items: readonly ({ readonly id: string; readonly createdAt: string; readonly seenAt: string; readonly address: string; readonly agent: string; readonly isThis: boolean })[] };
  };
  'GET /settings': {
    body: undefined;
    answer: Shapes['SiteSettings'];
  };
  'GET /shares': {
    body: undefined;
    answer: { readonly items: readonly ({ readonly id: string; readonly scope: { readonly of: "episode" | "day" | "camera"; readonly camera: string; readonly episode?: string; readonly day?: string }; readonly createdAt: string; readonly expiresAt: string; readonly opened: number; readonly by: string })[] };
  };
  'GET /status': {
    body: undefined;
    answer: Shapes['Status'];
  };
  'GET /stills': {
    body: undefined;
    answer: Shapes['StillPage'];
  };
  'GET /stills/{still}': {
    body: undefined;
    answer: Shapes['Still'];
  };
  'GET /storage': {
    body: undefined;
    answer: Shapes['Storage'];
  };
  'GET /support-report': {
    body: undefined;
    answer: Readonly<Record<string, unknown>>;
  };
  'GET /timeline': {
    body: undefined;
    answer: Shapes['Timeline'];
  };
  'GET /timeline/{day}': {
    body: undefined;
    answer: Shapes['Day'];
  };
  'GET /timeline/{day}/hours': {
    body: undefined;
    answer: Shapes['DayHours'];
  };
  'GET /tokens': {
    body: undefined;
    answer: { readonly items: readonly ({ readonly id: string; readonly name: string; readonly permissions: readonly ("self" | "view" | "take" | "favourite" | "correct" | "share" | "export" | "upload" | "delete" | "configure" | "administer")[]; readonly cameras: "all" | readonly (string)[]; readonly createdAt: string; readonly expiresAt: string | null; readonly usedAt: string | null })[] };
  };
  'GET /trials/{trial}': {
    body: undefined;
    answer: Shapes['Trial'];
  };
  'GET /trials/{trial}/live': {
    body: undefined;
    answer: unknown;
  };
  'GET /trials/{trial}/photo': {
    body: undefined;
    answer: unknown;
  };
  'GET /users': {
    body: undefined;
    answer: { readonly items: readonly ({ readonly id: string; readonly name: string; readonly role: "owner" | "member" | "viewer"; readonly cameras: "all" | readonly (string)[]; readonly hasSecondFactor: boolean; readonly createdAt: string; readonly lastLoginAt: string | null })[] };
  };
  'PATCH /cameras/{camera}/settings': {
    body: Shapes['CameraPatch'];
    answer: Shapes['CameraSettings'];
  };
  'PATCH /settings': {
    body: Shapes['SitePatch'];
    answer: Shapes['SiteSettings'];
  };
  'PATCH /users/{id}': {
    body: { readonly role?: "owner" | "member" | "viewer" | undefined; readonly cameras?: "all" | readonly (string)[] | undefined; readonly password?: string | undefined; readonly resetSecondFactor?: true | undefined };
    answer: { readonly id: string; readonly name: string; readonly role: "owner" | "member" | "viewer"; readonly cameras: "all" | readonly (string)[]; readonly hasSecondFactor: boolean; readonly createdAt: string; readonly lastLoginAt: string | null };
  };
  'POST /cameras': {
    body: { readonly trial: string; readonly id?: string | undefined; readonly name?: string | undefined } | { readonly id: string; readonly name?: string | undefined; readonly settings: Readonly<Record<string, unknown>> };
    answer: Shapes['CameraSettings'];
  };
  'POST /cameras/{camera}/clock': {
    body: { readonly set?: boolean | undefined; readonly zone?: string | undefined; readonly ntp?: string | null | undefined };
    answer: Shapes['CameraClock'];
  };
  'POST /cameras/{camera}/replay': {
    body: { readonly hours?: number | undefined; readonly columns?: number | undefined; readonly setting?: { readonly sensitivity?: "low" | "normal" | "high" | undefined; readonly threshold?: number | undefined; readonly calmPeriodSeconds?: number | undefined; readonly masks?: Readonly<Record<string, { readonly polygon: readonly (readonly [number, number])[]; readonly enabled?: boolean | undefined }>> | undefined; readonly zones?: Readonly<Record<string, { readonly polygon: readonly (readonly [number, number])[]; readonly enabled?: boolean | undefined; readonly sensitivity?: "low" | "normal" | "high" | undefined }>> | undefined } | undefined };
    answer: { readonly from: string; readonly until: string; readonly columnSeconds: number; readonly pixels: readonly (number | null)[]; readonly seenSeconds: number; readonly unknownShare: number; readonly photosNow: number; readonly photosTried: number; readonly lostCount: number; readonly gainedCount: number; readonly lost: readonly ({ readonly startedAt: string; readonly endedAt: string; readonly text: string; readonly still: Shapes['Still'] | null })[]; readonly gained: readonly ({ readonly startedAt: string; readonly endedAt: string; readonly text: string; readonly cells: string | null })[] };
  };
  'POST /cameras/{camera}/report': {
    body: undefined;
    answer: Shapes['CameraReport'];
  };
  'POST /cameras/{camera}/stills': {
    body: undefined;
    answer: Shapes['TakenStill'];
  };
  'POST /config/check': {
    body: { readonly text: string };
    answer: Shapes['ConfigCheck'];
  };
  'POST /config/migrate': {
    body: undefined;
    answer: Shapes['Config'];
  };
  'POST /deleted/restore': {
    body: { readonly stills: readonly (string)[] };
    answer: { readonly restored: number };
  };
  'POST /deleted/{id}/restore': {
    body: undefined;
    answer: Shapes['Still'];
  };
  'POST /demo': {
    body: undefined;
    answer: { readonly camera: string };
  };
  'POST /discoveries': {
    body: { readonly range?: string | undefined; readonly isPublicAllowed?: boolean | undefined };
    answer: Shapes['Discovery'];
  };
  'POST /inbox/cameras': {
    body: { readonly id: string; readonly name?: string | undefined; readonly doors?: readonly ("http" | "ftp" | "mail")[] | undefined; readonly settings?: Readonly<Record<string, unknown>> | undefined };
    answer: Shapes['PushedCameraKey'];
  };
  'POST /inbox/cameras/{camera}/key': {
    body: undefined;
    answer: Shapes['PushedCameraKey'];
  };
  'POST /notifications/receivers/{receiver}/test': {
    body: undefined;
    answer: Shapes['Notification'];
  };
  'POST /notifications/webhooks': {
    body: { readonly name: string; readonly url: string; readonly settings?: Readonly<Record<string, unknown>> | undefined };
    answer: Shapes['WebhookSecret'];
  };
  'POST /notifications/webhooks/{receiver}/secret': {
    body: undefined;
    answer: Shapes['WebhookSecret'];
  };
  'POST /selections': {
    body: { readonly stills?: readonly (string)[] | undefined; readonly paths?: readonly (string)[] | undefined };
    answer: Shapes['Selection'];
  };
  'POST /session': {
    body: { readonly name: string; readonly password: string; readonly code?: string | undefined };
    answer: { readonly done: true };
  };
  'POST /session/second-factor': {
    body: undefined;
    answer: { readonly secret: string; readonly uri: string };
  };
  'POST /setup': {
    body: { readonly key: string; readonly name: string; readonly password: string };
    answer: { readonly done: true };
  };
  'POST /shares': {
    body: { readonly scope: { readonly of: "episode"; readonly episode: string } | { readonly of: "day"; readonly camera: string; readonly day: string } | { readonly of: "camera"; readonly camera: string }; readonly days: number };
    answer: { readonly path: string; readonly id: string; readonly scope: { readonly of: "episode" | "day" | "camera"; readonly camera: string; readonly episode?: string; readonly day?: string }; readonly createdAt: string; readonly expiresAt: string; readonly opened: number; readonly by: string };
  };
  'POST /storage/dry-run': {
    body: { readonly ageDays: number | null; readonly stillsPerCamera: number | null; readonly bytes: number | null; readonly free: number | null } | null;
    answer: Shapes['SweepPlan'];
  };
  'POST /tokens': {
    body: { readonly name: string; readonly permissions: readonly ("self" | "view" | "take" | "favourite" | "correct" | "share" | "export" | "upload" | "delete" | "configure" | "administer")[]; readonly cameras?: "all" | readonly (string)[] | undefined; readonly days: number | null };
    answer: { readonly token: string; readonly id: string; readonly name: string; readonly permissions: readonly ("self" | "view" | "take" | "favourite" | "correct" | "share" | "export" | "upload" | "delete" | "configure" | "administer")[]; readonly cameras: "all" | readonly (string)[]; readonly createdAt: string; readonly expiresAt: string | null; readonly usedAt: string | null };
  };
  'POST /trials': {
    body: { readonly address?: string | undefined; readonly user?: string | undefined; readonly password?: string | undefined; readonly main?: string | undefined; readonly sub?: string | undefined; readonly onvif?: string | undefined; readonly camera?: string | undefined; readonly isOwnMachineAllowed?: boolean | undefined };
    answer: Shapes['Trial'];
  };
  'POST /users': {
    body: { readonly name: string; readonly password: string; readonly role: "owner" | "member" | "viewer"; readonly cameras?: "all" | readonly (string)[] | undefined };
    answer: { readonly id: string; readonly name: string; readonly role: "owner" | "member" | "viewer"; readonly cameras: "all" | readonly (string)[]; readonly hasSecondFactor: boolean; readonly createdAt: string; readonly lastLoginAt: string | null };
  };
  'PUT /config': {
    body: { readonly text: string };
    answer: Shapes['Config'];
  };
  'PUT /selections/{selection}/favourite': {
    body: undefined;
    answer: { readonly photos: number };
  };
  'PUT /session/password': {
    body: { readonly current: string; readonly next: string };
    answer: { readonly done: true };
  };
  'PUT /session/second-factor': {
    body: { readonly password: string; readonly secret: string; readonly code: string };
    answer: { readonly recoveryCodes: readonly (string)[] };
  };
  'PUT /stills/{still}/favourite': {
    body: undefined;
    answer: Shapes['Still'];
  };
  'PUT /stills/{still}/verdict': {
    body: { readonly verdict: Shapes['Verdict'] | null };
    answer: Shapes['Still'];
  };
}
