import { IconAlertTriangle, IconCircleCheck, IconClock } from "@tabler/icons-react";
import { useWords } from "../words/words.ts";
import { clockOf } from "../clock/format.ts";
import { useCallView } from "./call-view.ts";
import styles from "./lamp.module.css";
import { lampView } from "./lamp-view.ts";
import { useNow } from "../clock/use-now.ts";

/** The recording's state, the same for everybody, from measurement. `figures` adds both positions. */
export function Lamp({ figures = false }: { figures?: boolean }) {
  const { call } = useWords();
  const { recording, state, fresh } = useCallView();
  const now = useNow() + state.clockOffsetMs;
  const { shape, mark, text } = lampView(recording, now, call.lamp);
  return (
    <div
      className={styles["lamp"]}
      role="group"
      aria-label={call.lamp.label}
      data-lamp={recording.lamp}
      data-on-server-ms={recording.onServerMs}
      data-in-store-ms={recording.inStoreMs}
      data-fresh={fresh}
    >
      <i className={styles["dot"]} data-shape={shape} aria-hidden />
      <span className={styles["texts"]}>
        <span className={styles["text"]} title={text}>
          {text}
        </span>
        {figures && recording.startedAtMs !== null && <Figures />}
      </span>
      {mark === "safe" && <IconCircleCheck className={styles["safe"] ?? ""} size={18} aria-hidden />}
      {mark === "behind" && <IconClock className={styles["warn"] ?? ""} size={18} aria-hidden />}
      {mark === "risk" && <IconAlertTriangle className={styles["warn"] ?? ""} size={18} aria-hidden />}
      {!fresh && <small>{call.lamp.stale}</small>}
    </div>
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
