import { Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { allowCaptions, markSeveral } from "@verbatim/shared/api/call";
import type { Participant } from "@verbatim/shared/control/protocol";
import { hosts, mayRemove, speaks } from "@verbatim/shared/ids";
import type { ChangeEvent } from "react";
import { call as callApi } from "../api/call.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { AskMicrophone } from "./ask-microphone.tsx";
import { mayOffer, OfferSeat } from "./offer-seat.tsx";
import styles from "./people.module.css";
import { RemovePerson } from "./remove-person.tsx";

/** Everyone in the call, who listens included, with what works and what does not. */
export function People() {
  const { call: words } = useWords();
  const { participants, entry, seatId } = useCallView();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard
    <div className={styles["people"]} tabIndex={0} role="region" aria-label={words.rail.people}>
      <ul className={styles["list"]} aria-label={words.rail.people}>
        {participants
          .filter(({ presence }) => presence !== "knocking")
          .map((person) => (
            <Person key={person.seatId} person={person} self={person.seatId === seatId} />
          ))}
      </ul>
      {hosts(entry.role) && <AllowCaptions />}
    </div>
  );
}

function Person({ person, self }: { person: Participant; self: boolean }) {
  const { call: words } = useWords();
  const view = useCallView();
  const { recording, entry } = view;
  const { role, name, presence, microphone, quality, consented } = person;
  const here = presence === "here";
  const facts = [
    person.paused ? words.tiles.paused : words.presence[presence],
    person.silenced ? words.tiles.silenced : "",
    here && speaks(role) ? words.person.mic[microphone] : "",
    here ? words.person.quality[quality] : "",
    recording.controllerSeatId === person.seatId ? words.person.controls : "",
    speaks(role) && !consented ? words.person.notConsented : "",
  ].filter((fact) => fact !== "");
  return (
    <li className={styles["person"]} data-seat={person.seatId} data-role={role} data-presence={presence}>
      <i className={styles["dot"]} data-presence={presence} data-quality={quality} aria-hidden />
      <div>
        <strong>{self ? `${name} (${words.you.toLowerCase()})` : name}</strong>
        <small>{words.roles[role]}</small>
        <p>{facts.join(" · ")}</p>
        {speaks(role) && presence !== "left" && (self || hosts(entry.role)) && <SeveralSwitch person={person} />}
        {!self && here && hosts(entry.role) && speaks(role) && <AskMicrophone person={person} />}
        {!self && here && role === "observer" && mayOffer(view) && <OfferSeat person={person} />}
        {!self && presence !== "left" && mayRemove(entry.role, role) && <RemovePerson person={person} />}
      </div>
    </li>
  );
}

/** Words from a shared microphone are nobody's alone: everybody reads that, live and in the transcript. */
function SeveralSwitch({ person }: { person: Participant }) {
  const { call: words } = useWords();
  const { entry } = useCallView();
  const { interviewId, role } = entry;
  const several = useAsked(person.several === true, (on) =>
    callApi(markSeveral, { seatId: person.seatId, on }, { params: { interviewId, role } }),
  );
  return <Switch label={words.person.several} {...several} />;
}

function AllowCaptions() {
  const { call: words } = useWords();
  const { entry, live } = useCallView();
  const { interviewId, role } = entry;
  const allowed = useAsked(live?.view.interview?.captionsForCandidate ?? entry.captionsForCandidate, (on) =>
    callApi(allowCaptions, { on }, { params: { interviewId, role } }),
  );
  return <Switch className={styles["allow"] ?? ""} label={words.rail.allowCaptions} {...allowed} />;
}

/** The server's answer comes before its news: a switch that waits for neither would be seen to jump back. */
const NEWS_MS = 3_000;

/** A switch that shows what the server has, whichever host set it, and what is asked for here until news of it must have come. */
function useAsked(stands: boolean, ask: (on: boolean) => Promise<unknown>) {
  const asked = useMutation({
    mutationFn: async (on: boolean) => {
      await ask(on);
      await new Promise((resolve) => setTimeout(resolve, NEWS_MS));
    },
  });
  return {
    checked: asked.isPending ? asked.variables : stands,
    onChange: (event: ChangeEvent<HTMLInputElement>) => asked.mutate(event.currentTarget.checked),
  };
}
