import { useCallback, useState, type ReactNode } from "react";
import { speaks } from "@verbatim/shared/ids";
import { CloseButton } from "@mantine/core";
import { DeviceSelects } from "../parts/device-selects.tsx";
import { useWords } from "../words/words.ts";
import { Announcer } from "./announcer.tsx";
import { Bars } from "./bars.tsx";
import { CallHeader } from "./call-header.tsx";
import styles from "./call-floor.module.css";
import { useCallView } from "./call-view.ts";
import { Captions } from "./captions.tsx";
import { Controls, type Panel } from "./controls.tsx";
import { QualityLine } from "./quality-line.tsx";
import { RemoteSound } from "./remote-sound.tsx";
import { Tiles } from "./tiles.tsx";
import { useKeys } from "./use-keys.ts";

type Props = {
  readonly rail?: { readonly open: boolean; readonly toggle: () => void; readonly content: ReactNode };
  readonly recording?: ReactNode;
  /** Why the last change of the recording was refused. */
  readonly refusal?: ReactNode;
};

/** The page of a person who speaks: header, pictures, captions, controls, and for staff the rail. */
export function CallFloor({ rail, recording, refusal }: Props) {
  const { call: words } = useWords();
  const { call, entry } = useCallView();
  const [captions, setCaptions] = useState(true);
  const [panel, setPanel] = useState<Panel>();
  const [asked, setAsked] = useState<"end">();
  const keys = useKeys({
    local: call.local,
    speaks: speaks(entry.role),
    toggleCaptions: useCallback(() => setCaptions((now) => !now), []),
    toggleShortcuts: useCallback(() => setPanel((now) => (now === "shortcuts" ? undefined : "shortcuts")), []),
    escape: useCallback(() => {
      setPanel(undefined);
      setAsked(undefined);
    }, []),
  });

  return (
    <div className={styles["floor"]} data-rail={rail?.open ?? false}>
      <CallHeader />
      <main className={styles["stage"]} aria-label={entry.title}>
        <div className={styles["pictures"]}>
          <Tiles />
        </div>
        <div className={styles["under"]}>
          <Captions shown={captions} />
          <QualityLine />
        </div>
        <Bars asked={asked} onAnswered={() => setAsked(undefined)} refusal={refusal} />
        <RemoteSound />
        {panel && (
          <section
            className={styles["panel"]}
            aria-label={panel === "devices" ? words.controls.devices : words.shortcuts.title}
          >
            <div className={styles["panelHead"]}>
              <h2>{panel === "devices" ? words.controls.devices : words.shortcuts.title}</h2>
              <CloseButton
                size={44}
                aria-label={panel === "devices" ? words.deviceMenu.close : words.shortcuts.close}
                onClick={() => setPanel(undefined)}
              />
            </div>
            {panel === "devices" ? <DeviceSelects local={call.local} /> : <Shortcuts />}
          </section>
        )}
      </main>
      {rail?.open && (
        <aside className={styles["rail"]} aria-label={words.rail.label}>
          {rail.content}
        </aside>
      )}
      <footer className={styles["footer"]}>
        <Controls
          keys={keys}
          captions={captions}
          rail={rail}
          panel={panel}
          onPanel={setPanel}
          onEnd={() => setAsked("end")}
          recording={recording}
        />
      </footer>
      <Announcer />
    </div>
  );
}

function Shortcuts() {
  const { call: words } = useWords();
  return (
    <dl className={styles["keys"]}>
      {words.shortcuts.list.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
