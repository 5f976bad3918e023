import { useCallback, useState, type ReactNode } from "react";
import { speaks } from "@verbatim/shared/ids";
import { ChatAnnouncer, ChatBar } from "../chat/chat-bar.tsx";
import { useWords } from "../words/words.ts";
import { Announcer } from "./announcer.tsx";
import { type Asked, Bars } from "./bars.tsx";
import { CallHeader } from "./call-header.tsx";
import styles from "./call-floor.module.css";
import { useCallView } from "./call-view.ts";
import { Captions } from "./captions.tsx";
import { Controls } from "./controls.tsx";
import { leavesControl } from "./leave-bar.tsx";
import { type OpenPanel, Panels } from "./panels.tsx";
import { QualityLine } from "./quality-line.tsx";
import { Tiles } from "./tiles.tsx";
import { TurnSoundOn } from "./turn-sound-on.tsx";
import { useKeys } from "./use-keys.ts";
import { useLarge } from "./use-large.ts";

type Props = {
  /** At the side, or over the lower part on a phone. Without `toggle` no control of its own opens it. */
  readonly rail: {
    readonly open: boolean;
    readonly toggle?: () => void;
    /** What came in it unseen, beside the chat's. */
    readonly fresh?: number;
    readonly content: ReactNode;
  };
  readonly chat: { readonly open: boolean; readonly toggle: () => void };
  readonly recording?: ReactNode;
  /** What the recording has to tell: that there is none, why its last change was refused. */
  readonly told?: ReactNode;
};

/** The page of a person who speaks: header, pictures, captions, controls, and for staff the rail. */
export function CallFloor({ rail, chat, recording, told }: Props) {
  const { call: words } = useWords();
  const view = useCallView();
  const { call, entry } = view;
  const [captions, setCaptions] = useState(true);
  const [panel, setPanel] = useState<OpenPanel>();
  const [asked, setAsked] = useState<Asked>();
  const large = useLarge();
  const keys = useKeys({
    local: call.local,
    speaks: speaks(entry.role),
    toggleCaptions: useCallback(() => setCaptions((now) => !now), []),
    toggleShortcuts: useCallback(() => setPanel((now) => (now === "shortcuts" ? undefined : "shortcuts")), []),
    toggleChat: chat.toggle,
    nextLarge: large.next,
    escape: useCallback(() => {
      setPanel(undefined);
      setAsked(undefined);
    }, []),
  });

  return (
    <div className={styles["floor"]} data-rail={rail.open}>
      <CallHeader />
      <main className={styles["stage"]} aria-label={entry.title}>
        <div className={styles["pictures"]}>
          <Tiles large={large} />
        </div>
        <div className={styles["under"]}>
          <Captions shown={captions} />
          <QualityLine />
        </div>
        <Bars asked={asked} onAnswered={() => setAsked(undefined)} told={told}>
          {!chat.open && <ChatBar onOpen={chat.toggle} />}
        </Bars>
        <TurnSoundOn />
        <Panels open={panel} onClose={() => setPanel(undefined)} />
      </main>
      {rail.open && (
        <aside className={styles["rail"]} aria-label={words.rail.label}>
          {rail.content}
        </aside>
      )}
      <footer className={styles["footer"]}>
        <Controls
          keys={keys}
          captions={captions}
          rail={rail.toggle && { open: rail.open, toggle: rail.toggle, fresh: rail.fresh ?? 0 }}
          chat={chat}
          panel={panel}
          onPanel={setPanel}
          onEnd={() => setAsked("end")}
          onLeave={() => (leavesControl(view) ? setAsked("leave") : call.leave())}
          recording={recording}
        />
      </footer>
      <Announcer />
      {!chat.open && <ChatAnnouncer />}
    </div>
  );
}
