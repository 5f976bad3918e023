import { IconAlertTriangle, IconCircleCheck, IconClock, IconClockQuestion } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { clockOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./lamp.module.css";
import type { LampView } from "./lamp-view.ts";
import { useLamp } from "./use-lamp.ts";

/** The recording's state, the same for everybody, from measurement. `figures` adds both positions. */
export function Lamp({ figures = false }: { figures?: boolean }) {
  const { call } = useWords();
  const { recording } = useCallView();
  const lamp = useLamp();
  return (
    <div
      className={styles["lamp"]}
      role="group"
      aria-label={call.lamp.label}
      data-lamp={recording.lamp}
      data-on-server-ms={recording.onServerMs}
      data-in-store-ms={recording.inStoreMs}
      data-fresh={lamp.mark !== "stale"}
    >
      <LampLine lamp={lamp}>{figures && recording.startedAtMs !== null && <Figures />}</LampLine>
    </div>
  );
}

/** Dot, words and mark. */
export function LampLine({ lamp: { shape, mark, text }, children }: { lamp: LampView; children?: ReactNode }) {
  return (
    <>
      <i className={styles["dot"]} data-shape={shape} aria-hidden />
      <span className={styles["texts"]}>
        <span className={styles["text"]} title={text}>
          {text}
        </span>
        {children}
      </span>
      {mark === "safe" && <IconCircleCheck className={styles["safe"] ?? ""} size={18} aria-hidden />}
      {mark === "behind" && <IconClock className={styles["warn"] ?? ""} size={18} aria-hidden />}
      {mark === "stale" && <IconClockQuestion className={styles["warn"] ?? ""} size={18} aria-hidden />}
      {mark === "risk" && <IconAlertTriangle className={styles["warn"] ?? ""} size={18} aria-hidden />}
    </>
  );
}

function Figures() {
  const { call } = useWords();
  const { recording } = useCallView();
  return (
    <small className={styles["figures"]}>
      {call.lamp.onServer(clockOf(recording.onServerMs))} · {call.lamp.inStore(clockOf(recording.inStoreMs))}
    </small>
  );
}
