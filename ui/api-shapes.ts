// The shapes that the OpenAPI document names, as the types that their schemas are held to in src/web.

import type { ChangeVerdict } from '../src/domain/still-change.ts';
import type { CameraView, HealthView, StatusView } from '../src/web/wire.ts';
import type {
  CameraIdentityView,
  CameraReportView,
  DayHoursView,
  DayView,
  EpisodeDetail,
  EpisodeResource,
  ErrorRowView,
  LedgerDay,
  LedgerTrigger,
  Page,
  SearchView,
  SelectionView,
  StillDeleted,
  StillResource,
  StorageView,
  SweepPlanView,
  TakenStill,
  TimelineView,
} from '../src/web/wire-api.ts';
import type { CameraClockView } from '../src/web/wire-cameras.ts';
import type { DiscoveryView, TrialView } from '../src/web/wire-finding.ts';
import type { NotificationView, ReceiverView, WebhookSecretView } from '../src/web/wire-notifications.ts';
import type { DoorSetupView, NewKeyView, PushedCamera } from '../src/web/wire-pushed.ts';
import type {
  CameraPatch,
  CameraSettingsView,
  ConfigCheckView,
  ConfigView,
  MergePatch,
  SiteSettingsView,
  SiteWords,
} from '../src/web/wire-settings.ts';

export interface Shapes {
  Camera: CameraView;
  CameraClock: CameraClockView;
  CameraIdentity: CameraIdentityView;
  CameraPatch: CameraPatch;
  CameraReport: CameraReportView;
  CameraSettings: CameraSettingsView;
  Config: ConfigView;
  ConfigCheck: ConfigCheckView;
  Day: DayView;
  DayHours: DayHoursView;
  Discovery: DiscoveryView;
  DoorSetup: DoorSetupView;
  EpisodeDetail: EpisodeDetail;
  EpisodePage: Page<EpisodeResource>;
  ErrorCode: ErrorRowView['code'];
  Health: HealthView;
  LedgerDay: LedgerDay;
  Notification: NotificationView;
  PushedCamera: PushedCamera;
  PushedCameraKey: NewKeyView;
  Receiver: ReceiverView;
  Search: SearchView;
  Selection: SelectionView;
  SitePatch: MergePatch<SiteWords>;
  SiteSettings: SiteSettingsView;
  Status: StatusView;
  Still: StillResource;
  StillDeleted: StillDeleted;
  StillPage: Page<StillResource>;
  Storage: StorageView;
  SweepPlan: SweepPlanView;
  TakenStill: TakenStill;
  Timeline: TimelineView;
  Trial: TrialView;
  TriggerPage: Page<LedgerTrigger>;
  Verdict: ChangeVerdict;
  WebhookSecret: WebhookSecretView;
}
