import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { offerSeat, withdrawOffer } from "@verbatim/shared/api/offers";
import type { Participant } from "@verbatim/shared/control/protocol";
import { hosts } from "@verbatim/shared/ids";
import { call as callApi } from "../api/call.ts";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { type CallView, useCallView } from "./call-view.ts";

/** Hosts, and who controls the recording by an account; the server decides again. */
export const mayOffer = ({ entry, recording, seatId }: Pick<CallView, "entry" | "recording" | "seatId">): boolean =>
  hosts(entry.role) || (entry.account === true && recording.controllerSeatId === seatId);

/** Offers an observer a seat to speak, or takes the offer back while it is not answered. */
export function OfferSeat({ person }: { person: Participant }) {
  const words = useWords();
  const { entry, live } = useCallView();
  const { interviewId, role } = entry;
  const params = { interviewId, role };
  const open = live?.view.offers?.find((offer) => offer.seatId === person.seatId && offer.answer === "open");
  const change = useMutation({
    mutationFn: async (offerId: string | undefined) => {
      if (offerId === undefined) await callApi(offerSeat, { seatId: person.seatId }, { params });
      else await callApi(withdrawOffer, { offerId }, { params });
    },
  });
  const { offer } = words.call;
  return (
    <>
      {open && <p>{offer.asked}</p>}
      <Button
        size="compact-md"
        variant="subtle"
        aria-label={open ? offer.withdraw(person.name) : offer.ask(person.name)}
        loading={change.isPending}
        onClick={() => change.mutate(open?.offerId)}
      >
        {open ? offer.withdrawShort : offer.askShort}
      </Button>
      {change.isError && <p role="alert">{remedyOf(change.error, words).remedy.what}</p>}
    </>
  );
}
