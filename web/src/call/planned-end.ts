import type { RecordingView } from "@verbatim/shared/recording/view";

type Planned = { readonly startsAtMs: number; readonly durationMinutes: number };

/**
 * UTC ms at which the talk is to end: the planned time counts from the planned start, or from when its first part began, if
 * that was later. Servers that do not tell of the first part leave the present one's.
 */
export const plannedEndMs = (
  { startsAtMs, durationMinutes }: Planned,
  { begunAtMs, startedAtMs }: Pick<RecordingView, "begunAtMs" | "startedAtMs">,
): number => Math.max(startsAtMs, begunAtMs ?? startedAtMs ?? 0) + durationMinutes * 60_000;

/** In a later part the recording's clock is not the talk's, and says nothing of the planned minutes. */
export const isLaterPart = ({ begunAtMs, startedAtMs }: Pick<RecordingView, "begunAtMs" | "startedAtMs">): boolean =>
  begunAtMs !== undefined && begunAtMs !== startedAtMs;
