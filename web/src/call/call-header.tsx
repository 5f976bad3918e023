import { isStaff } from "@verbatim/shared/ids";
import type { ReactNode } from "react";
import { clockOf, dayAndTime, timeOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./call-header.module.css";
import { Lamp } from "./lamp.tsx";
import { positionMs } from "./lamp-view.ts";
import { Listeners } from "./listeners.tsx";
import { isLaterPart, plannedEndMs } from "./planned-end.ts";
import { useNow } from "../clock/use-now.ts";

/** Lamp, title, who controls, what is recorded, time and listeners; the same line on every call page. */
export function CallHeader({ figures = false, children }: { figures?: boolean; children?: ReactNode }) {
  const { entry, title } = useCallView();
  return (
    <header className={styles["header"]}>
      <Lamp figures={figures} />
      <div className={styles["middle"]}>
        <h1 className={styles["title"]} title={`${title}, ${entry.candidateName}`}>
          {title}, {entry.candidateName}
        </h1>
        <ControllerLine />
      </div>
      <div className={styles["right"]}>
        <Timer />
        <Listeners />
      </div>
      {children}
    </header>
  );
}

function ControllerLine() {
  const { call } = useWords();
  const { recording, seatId, entry } = useCallView();
  const { controllerSeatId, controllerName, controllerSinceMs, epoch, startedAtMs, pictures } = recording;
  const since = controllerSinceMs && startedAtMs !== null ? clockOf(controllerSinceMs - startedAtMs) : undefined;
  const mine = controllerSeatId === seatId;
  const who =
    controllerSeatId === null
      ? call.controller.none
      : mine
        ? since
          ? call.controller.youSince(since)
          : call.controller.you
        : since
          ? call.controller.since(controllerName, since)
          : call.controller.other(controllerName);
  const parts = pictures ? [who, call.pictures[pictures]] : [who];
  // On a phone the line's end is cut off: the candidate's begins with what is recorded.
  const text = (isStaff(entry.role) ? parts : parts.toReversed()).join(" · ");
  return (
    <p className={styles["controller"]} data-controller-seat={controllerSeatId ?? ""} data-epoch={epoch} title={text}>
      {text}
    </p>
  );
}

function Timer() {
  const { call } = useWords();
  const view = useCallView();
  const { recording, state, durationMinutes, startsAtMs, entry } = view;
  const now = useNow() + state.clockOffsetMs;
  const position = positionMs(recording, now);
  // On what they agreed to, people go on as long as they like: nothing ends by the clock.
  const endMs = plannedEndMs(view, recording);
  const over = isStaff(entry.role) && now > endMs;
  const until = call.timer.until(timeOf(endMs - state.clockOffsetMs));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const text =
    position === null && now < startsAtMs
      ? call.timer.starts(dayAndTime(entry.startsAt, zone, now))
      : isLaterPart(recording)
        ? clockOf(position ?? 0)
        : call.timer.of(clockOf(position ?? 0), durationMinutes);
  return (
    <span className={styles["timer"]} role="timer" aria-label={call.timer.label} title={until}>
      {over ? call.timer.over(text) : text}
      {isStaff(entry.role) && !over && position !== null && <small>{until}</small>}
    </span>
  );
}
