// The last requirement report of each camera, with its date: what a camera could do then is shown until it is asked again.

import {
  type CameraReport,
  REQUIREMENT_STATES,
  REQUIREMENTS,
  type RequirementLine,
  type Words,
} from '../../domain/requirement.ts';
import { type ByCamera, byCamera, fieldsOf, textOf } from './by-camera.ts';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const readWords = (said: unknown): readonly Words[] => {
  const [en, da] = [textOf(fieldsOf(said)?.['en']), textOf(fieldsOf(said)?.['da'])];
  return en === undefined || da === undefined ? [] : [{ en, da }];
};

/** A line that this version does not ask about is left out: it could not be titled. */
const readLine = (said: unknown): readonly RequirementLine[] => {
  const fields = fieldsOf(said);
  const id = REQUIREMENTS.find((one) => one === fields?.['id']);
  const state = REQUIREMENT_STATES.find((one) => one === fields?.['state']);
  return id && state ? [{ id, state, evidence: listOf(fields?.['evidence']).flatMap(readWords) }] : [];
};

const readReport = (said: unknown): CameraReport | undefined => {
  const fields = fieldsOf(said);
  const [camera, at] = [textOf(fields?.['camera']), textOf(fields?.['at'])];
  const lines = listOf(fields?.['lines']).flatMap(readLine);
  if (camera === undefined || at === undefined || Number.isNaN(Date.parse(at)) || lines.length === 0) return undefined;
  return { camera, at, lines };
};

/** @param file its folder must exist */
export const fsReports = (file: string): ByCamera<CameraReport> => byCamera(file, readReport);
