import { IconDoorExit, IconMessage, IconNotes, IconSettings } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { ChatAnnouncer, ChatBar } from "../chat/chat-bar.tsx";
import { ChatPanel } from "../chat/chat-panel.tsx";
import { useChat } from "../chat/use-chat.ts";
import { ShownWords } from "../search/shown-words.tsx";
import { useWords } from "../words/words.ts";
import { CandidateGoneBar } from "./absence-bars.tsx";
import { Announcer } from "./announcer.tsx";
import { type Asked, Bars } from "./bars.tsx";
import { CallHeader } from "./call-header.tsx";
import { useCallView } from "./call-view.ts";
import { Control, FullScreenControl } from "./controls.tsx";
import { leavesControl } from "./leave-bar.tsx";
import { LiveMarks } from "./live-marks.tsx";
import { LiveTranscript } from "./live-transcript.tsx";
import { MarksInCall } from "./marks-in-call.tsx";
import { NotesTab } from "./notes-tab.tsx";
import { NotRecordingBar } from "./not-recording-bar.tsx";
import { PicturesMissingBar } from "./pictures-missing-bar.tsx";
import styles from "./observer-screen.module.css";
import { type OpenPanel, Panels } from "./panels.tsx";
import { People } from "./people.tsx";
import { QualityLine } from "./quality-line.tsx";
import { Rail, type RailTab } from "./rail.tsx";
import { RecordingControls } from "./recording-controls.tsx";
import { RefusalBar } from "./refusal-bar.tsx";
import { ReplayInCall } from "./replay-in-call.tsx";
import { SpeechBar } from "./speech-bar.tsx";
import { Suggestions } from "./suggestions.tsx";
import { Tiles } from "./tiles.tsx";
import { TurnSoundOn } from "./turn-sound-on.tsx";
import { useControl } from "./use-control.ts";
import { useFreshSuggestions } from "./use-fresh-suggestions.ts";
import { useKeys } from "./use-keys.ts";
import { useLarge } from "./use-large.ts";
import { useRoomy, useWide } from "./use-wide.ts";

/** An observer's page has no captions: the words themselves stand there. */
const nothing = (): void => undefined;

/**
 * Who listens: the transcript first, small pictures beside it, and the takeover always at hand. On a phone the same
 * things stand in tabs below the pictures.
 */
export function ObserverScreen() {
  const { call: words, chat: chatWords, notes: notesWords } = useWords();
  const view = useCallView();
  const { call, entry, seatId } = view;
  const [asked, setAsked] = useState<Asked>();
  const unread = useChat(seatId).unread.length;
  const [beside, setBeside] = useState<"chat" | "notes">();
  const chat = beside === "chat";
  const notes = beside === "notes";
  const toggle = (what: "chat" | "notes"): void => setBeside(beside === what ? undefined : what);
  const toggleChat = (): void => toggle("chat");
  const [panel, setPanel] = useState<OpenPanel>();
  const large = useLarge();
  useKeys({
    local: call.local,
    speaks: false,
    toggleCaptions: nothing,
    toggleShortcuts: useCallback(() => setPanel((now) => (now === "shortcuts" ? undefined : "shortcuts")), []),
    toggleChat,
    nextLarge: large.next,
    escape: useCallback(() => setPanel(undefined), []),
  });
  const wide = useWide();
  const roomy = useRoomy();
  const control = useControl();
  const [tab, setTab] = useState<RailTab>("transcript");
  const fresh = useFreshSuggestions(wide ? roomy || beside === undefined : !chat && tab === "suggestions");
  const besides = beside && (
    <div className={styles["chat"]}>{chat ? <ChatPanel onClose={toggleChat} /> : <NotesTab />}</div>
  );
  return (
    <ShownWords>
      <MarksInCall>
        <div className={styles["page"]} data-beside={(roomy && beside !== undefined) || undefined}>
          <CallHeader figures>
            <RecordingControls control={control} below />
          </CallHeader>
          <main className={styles["main"]} aria-label={entry.title}>
            <div className={styles["words"]}>
              {wide ? (
                <LiveTranscript suggestions={false} annotations={false} />
              ) : chat ? (
                <ChatPanel onClose={toggleChat} />
              ) : (
                <Rail suggestions="tab" tab={tab} onTab={setTab} fresh={fresh} />
              )}
            </div>
            <Bars
              above
              asked={asked}
              onAnswered={() => setAsked(undefined)}
              told={
                <>
                  <NotRecordingBar control={control} />
                  <PicturesMissingBar />
                  <SpeechBar transcript={wide || (!chat && tab === "transcript") ? "shown" : "away"} />
                  <CandidateGoneBar control={control} />
                  <RefusalBar control={control} />
                </>
              }
            >
              {!chat && <ChatBar onOpen={toggleChat} />}
            </Bars>
            <div className={styles["replay"]}>
              <ReplayInCall />
            </div>
            <Panels open={panel} onClose={() => setPanel(undefined)} />
            <TurnSoundOn />
          </main>
          <aside className={styles["side"]} aria-label={words.rail.label}>
            <div className={styles["tiles"]}>
              <Tiles small large={large} />
            </div>
            {/* At one place among its neighbours, however wide the window: it is not begun anew when that changes. */}
            {wide && besides}
            {wide && (roomy || !beside) && (
              <div className={styles["rest"]}>
                <div className={styles["beside"]}>
                  <Suggestions />
                  <LiveMarks />
                </div>
                <div className={styles["people"]}>
                  <People />
                </div>
              </div>
            )}
            <div className={styles["leave"]}>
              <QualityLine />
              <div className={styles["controls"]} role="group" aria-label={words.controls.label}>
                <FullScreenControl />
                <Control
                  name={words.controls.devices}
                  short={words.short.devices}
                  icon={<IconSettings />}
                  expanded={panel === "devices"}
                  onPress={() => setPanel(panel === "devices" ? undefined : "devices")}
                />
                {wide && (
                  <Control
                    name={notesWords.title}
                    short={notesWords.title}
                    icon={<IconNotes />}
                    expanded={notes}
                    onPress={() => toggle("notes")}
                  />
                )}
                <Control
                  name={chatWords.open(unread)}
                  short={chatWords.short}
                  icon={<IconMessage />}
                  expanded={chat}
                  badge={unread}
                  onPress={toggleChat}
                />
                <Control
                  name={words.controls.leave}
                  short={words.short.leave}
                  icon={<IconDoorExit />}
                  onPress={() => (leavesControl(view) ? setAsked("leave") : call.leave())}
                />
              </div>
            </div>
          </aside>
          <Announcer />
          {!chat && <ChatAnnouncer />}
        </div>
      </MarksInCall>
    </ShownWords>
  );
}
