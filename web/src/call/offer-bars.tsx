import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answerOffer } from "@verbatim/shared/api/offers";
import type { LiveOffer } from "@verbatim/shared/document/live";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call as callApi } from "../api/call.ts";
import { entryQuery } from "../api/queries.ts";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** A seat to speak: asked of the observer to whom it was offered, and what they said, told to who offered it. */
export function OfferBars() {
  const { live, seatId } = useCallView();
  return live?.view.offers?.map((offer) => {
    if (offer.seatId === seatId) return <OwnOffer key={offer.offerId} offer={offer} />;
    return offer.bySeatId === seatId ? <Answered key={`${offer.offerId}/${offer.answer}`} offer={offer} /> : null;
  });
}

function OwnOffer({ offer }: { offer: LiveOffer }) {
  const words = useWords();
  const { call, entry } = useCallView();
  const { interviewId, role } = entry;
  const client = useQueryClient();
  const navigate = useNavigate();
  const answer = useMutation({
    mutationFn: (accepted: boolean) =>
      callApi(answerOffer, { offerId: offer.offerId, accepted }, { params: { interviewId, role } }),
    // Said twice it is the same answer.
    retry: 3,
    onSuccess: async (_, accepted) => {
      if (!accepted) return;
      // What this browser knew of such a seat before is not about this one.
      client.removeQueries({ queryKey: entryQuery(interviewId, "co-interviewer").queryKey });
      await navigate(`/call/${interviewId}/co-interviewer`);
      call.leave();
    },
  });
  const { offer: said } = words.call;
  const accepted = offer.answer === "accepted";
  if (offer.answer === "declined" || (answer.isSuccess && !answer.variables)) return null;
  return (
    <Bar tone="question">
      {answer.isError ? remedyOf(answer.error, words).remedy.what : accepted ? said.accepted : said.asks(offer.byName)}
      <Button loading={answer.isPending && answer.variables} onClick={() => answer.mutate(true)}>
        {accepted ? said.goOn : said.yes}
      </Button>
      {!accepted && (
        <Button
          variant="default"
          loading={answer.isPending && !answer.variables}
          disabled={answer.isPending && answer.variables}
          onClick={() => answer.mutate(false)}
        >
          {said.no}
        </Button>
      )}
    </Bar>
  );
}

function Answered({ offer }: { offer: LiveOffer }) {
  const { call: words } = useWords();
  const [read, setRead] = useState(false);
  if (read || offer.answer === "open") return null;
  return (
    <Bar tone="quiet">
      {offer.answer === "accepted" ? words.offer.isComing(offer.name) : words.offer.declined(offer.name)}
      <Button variant="default" onClick={() => setRead(true)}>
        {words.dismiss}
      </Button>
    </Bar>
  );
}
