import { IconDoorExit } from "@tabler/icons-react";
import { useWords } from "../words/words.ts";
import { Announcer } from "./announcer.tsx";
import { Bars } from "./bars.tsx";
import { CallHeader } from "./call-header.tsx";
import { useCallView } from "./call-view.ts";
import { Control } from "./controls.tsx";
import { LiveTranscript } from "./live-transcript.tsx";
import styles from "./observer-screen.module.css";
import { People } from "./people.tsx";
import { QualityLine } from "./quality-line.tsx";
import { RecordingControls } from "./recording-controls.tsx";
import { RemoteSound } from "./remote-sound.tsx";
import { Suggestions } from "./suggestions.tsx";
import { Tiles } from "./tiles.tsx";
import { useControl } from "./use-control.ts";

/** Who listens: the transcript first, small pictures beside it, and the takeover always at hand. */
export function ObserverScreen() {
  const { call: words } = useWords();
  const { call, entry } = useCallView();
  const control = useControl();
  return (
    <div className={styles["page"]}>
      <CallHeader figures>
        <RecordingControls control={control} below />
      </CallHeader>
      <main className={styles["main"]} aria-label={entry.title}>
        <div className={styles["words"]}>
          <LiveTranscript suggestions={false} />
        </div>
        <Bars asked={undefined} onAnswered={() => {}} fault={control.error} />
        <RemoteSound />
      </main>
      <aside className={styles["side"]} aria-label={words.rail.label}>
        <div className={styles["tiles"]}>
          <Tiles small />
        </div>
        <Suggestions />
        <div className={styles["people"]}>
          <People />
        </div>
        <div className={styles["leave"]}>
          <QualityLine />
          <Control
            name={words.controls.leave}
            short={words.short.leave}
            icon={<IconDoorExit />}
            onPress={() => call.leave()}
          />
        </div>
      </aside>
      <Announcer />
    </div>
  );
}
