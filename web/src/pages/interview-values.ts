import {
  type Interview,
  type InterviewDraft,
  KEPT_MONTHS_BY_DEFAULT,
  PICTURE_BY_DEFAULT,
} from "@verbatim/shared/api/interviews";
import { type Language, languageTags } from "@verbatim/shared/languages";
import { utcToZoned, zonedToUtc } from "../clock/format.ts";
import { planValues, type PlanValues, templateOf } from "./plan-values.ts";

/** What stands in the form: a wall clock with its zone, figures as they are typed. */
export type InterviewValues = {
  readonly title: string;
  readonly candidateName: string;
  /** `2026-11-20T10:00`, as datetime-local gives it. */
  readonly startsAt: string;
  readonly zone: string;
  readonly durationMinutes: number | string;
  readonly language: Language;
  readonly autoStart: boolean;
  readonly recordPicture: boolean;
  readonly contact: string;
  readonly keptMonths: number | string;
  readonly template: PlanValues | null;
  /** What was typed here, per language; empty asks for the standard text, and a language left alone keeps what it has. */
  readonly notices: Readonly<Partial<Record<Language, string>>>;
};

const HALF_HOUR_MS = 1_800_000;

/** A new interview begins at the next half hour. */
export const newValues = (nowMs: number, zone: string, contact: string): InterviewValues => ({
  title: "",
  candidateName: "",
  startsAt: utcToZoned(Math.ceil(nowMs / HALF_HOUR_MS) * HALF_HOUR_MS, zone),
  zone,
  durationMinutes: 45,
  language: "en",
  autoStart: true,
  recordPicture: PICTURE_BY_DEFAULT,
  contact,
  keptMonths: KEPT_MONTHS_BY_DEFAULT,
  template: null,
  notices: {},
});

export const valuesOf = (interview: Interview): InterviewValues => ({
  title: interview.title,
  candidateName: interview.candidateName,
  startsAt: utcToZoned(Date.parse(interview.startsAt), interview.zone),
  zone: interview.zone,
  durationMinutes: interview.durationMinutes,
  language: languageTags.find((tag) => tag === interview.language) ?? "en",
  autoStart: interview.autoStart,
  recordPicture: interview.recordPicture,
  contact: interview.contact,
  keptMonths: interview.keptMonths,
  template: interview.template && planValues(interview.template),
  notices: {},
});

/** What the contract wants. `before` is the interview that is edited. */
export function draftOf(values: InterviewValues, before?: Interview): InterviewDraft {
  const { notices, ...plain } = values;
  const notice = notices[values.language];
  return {
    ...plain,
    startsAt: before && sameClock(values, before) ? before.startsAt : momentOf(values),
    durationMinutes: Number(values.durationMinutes),
    keptMonths: Number(values.keptMonths),
    template: values.template && templateOf(values.template, Number(values.durationMinutes)),
    ...(notice === undefined ? {} : { notice }),
  };
}

/** A clock nobody touched stands for the moment it was read from: it has no seconds, and one hour a year comes twice. */
const sameClock = ({ startsAt, zone }: InterviewValues, before: Interview): boolean =>
  zone === before.zone && startsAt === utcToZoned(Date.parse(before.startsAt), zone);

/** "" where the wall clock or its zone makes no sense: the schema then names the field. */
function momentOf({ startsAt, zone }: InterviewValues): string {
  try {
    return zonedToUtc(startsAt, zone).toISOString();
  } catch {
    // RangeError: an unfinished date, or a zone that does not exist.
    return "";
  }
}
