import type { EventChannel } from '../domain/camera.ts';
import type { CameraMessage } from '../domain/camera-message.ts';

/**
 * One live subscription to what a camera says. Disposing it gives the camera its slot back, within two seconds or not at all.
 */
export interface TriggerChannel extends AsyncDisposable {
  /**
   * Waits for the camera. Resolves with what it said, oldest first; with nothing when it was asked and had nothing to say,
   * which proves that the line lives. Keeps the lease alive meanwhile; never returns at once twice without pausing.
   * @throws StillwatchError when this subscription is dead; open a new one
   */
  next(signal: AbortSignal): Promise<readonly CameraMessage[]>;
  /** Asks the camera to extend the lease and to repeat its states now. False when it cannot. */
  refresh(signal: AbortSignal): Promise<boolean>;
}

export interface TriggerSource {
  readonly name: EventChannel;
  /** @throws StillwatchError SW_CAM_*, SW_ONVIF_* */
  open(signal: AbortSignal): Promise<TriggerChannel>;
}
