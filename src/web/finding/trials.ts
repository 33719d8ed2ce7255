// A camera tried out step by step, for an owner who watches the list grow.

import type { Language, StillwatchError } from '../../domain/errors.ts';
import { toStillwatchError } from '../../domain/errors.ts';
import { suggestId } from '../../domain/new-camera.ts';
import type { CameraTrials, Trial, TrialStep, TrialWish } from '../../ports/camera-trial.ts';
import { identityResource } from '../api/resources.ts';
import { stepDetail, stepTitle } from '../settings/trial-text.ts';
import type { TrialStepView, TrialView } from '../wire-finding.ts';
import type { Job } from './jobs.ts';

export interface TrialState {
  readonly wish: TrialWish;
  readonly steps: readonly TrialStep[];
  readonly trial: Trial | undefined;
  readonly trouble: StillwatchError | undefined;
}

export const beginTrial = (wish: TrialWish): TrialState => ({ wish, steps: [], trial: undefined, trouble: undefined });

/** Never rejects for what is wrong with the camera: that is in the state. */
export const runTrial = async (
  trials: CameraTrials,
  wish: TrialWish,
  isOwnMachineAllowed: boolean,
  change: (next: (state: TrialState) => TrialState) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const steps = trials.run(wish, isOwnMachineAllowed, signal);
    for (let step = await steps.next(); ; step = await steps.next()) {
      if (step.done) {
        const trial = step.value;
        change((state) => ({ ...state, trial }));
        return;
      }
      const { value } = step;
      change((state) => ({ ...state, steps: [...state.steps, value] }));
    }
  } catch (thrown) {
    const trouble = toStillwatchError(thrown);
    if (!signal.aborted) change((state) => ({ ...state, trouble }));
  }
};

const stepView = (step: TrialStep, language: Language): TrialStepView => {
  const error = step.verdict === 'failed' || step.verdict === 'warning' ? step.error : undefined;
  return {
    name: step.name,
    verdict: step.verdict,
    title: stepTitle(step, language),
    detail: stepDetail(step, language),
    code: error?.code ?? null,
    text: error?.text(language) ?? null,
  };
};

const stateOf = ({ isRunning, state: { trial, trouble } }: Job<TrialState>): TrialView['state'] => {
  if (trial) return trial.isGood ? 'good' : 'failed';
  if (trouble) return 'failed';
  return isRunning ? 'running' : 'stopped';
};

export const trialView = (job: Job<TrialState>, taken: readonly string[], language: Language): TrialView => {
  const { wish, steps, trial, trouble } = job.state;
  const onvif = steps.find((step) => step.name === 'onvif' && step.verdict === 'ok');
  const identity = onvif && 'facts' in onvif ? onvif.facts.identity : undefined;
  const { camera, shot } = trial ?? {};
  return {
    id: job.id,
    address: wish.address,
    state: stateOf(job),
    steps: steps.map((step) => stepView(step, language)),
    identity: identity ? identityResource(identity) : null,
    photo: shot ? `/api/v1/trials/${job.id}/photo` : null,
    suggestion: camera ? { id: suggestId([identity?.make, identity?.model], taken), name: camera.name } : null,
    trouble: trouble ? { code: trouble.code, text: trouble.text(language) } : null,
  };
};
