import { Loader, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { openLink } from "@verbatim/shared/api/call";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/call.ts";
import { browserOf, canCall } from "../entrance/browser.ts";
import { OtherBrowser } from "../entrance/other-browser.tsx";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { Fault, FaultText } from "../parts/fault.tsx";
import { hideFragment, readFragment } from "../parts/fragment.ts";
import { useWords } from "../words/words.ts";

/** Exchanges a link's token for this browser's cookie, then shows the way in. */
export function Component() {
  const { entrance, failures } = useWords();
  const navigate = useNavigate();
  const [token] = useState(readFragment);
  // Before the exchange: the secret stays in the address, to be taken along.
  const [arrival] = useState(() => ({
    href: window.location.href,
    browser: browserOf(navigator, canCall(window)),
  }));
  const begun = useRef(false);
  const open = useMutation({
    mutationFn: (secret: string) => call(openLink, { token: secret }),
    onSuccess: ({ interviewId, role }) => navigate(`/call/${interviewId}/${role}`, { replace: true }),
  });
  const { mutate } = open;
  const elsewhere = arrival.browser.kind === "supported" ? undefined : arrival.browser;

  useEffect(() => {
    if (elsewhere) return;
    hideFragment();
    // Strict mode runs effects twice.
    if (token !== "" && !begun.current) mutate(token);
    begun.current = true;
    // The way in is needed next, whatever the server says.
    void import("./call-page.tsx");
  }, [mutate, token, elsewhere]);

  // A newer link pasted over this one differs in its fragment alone, for which no browser loads a page again.
  useEffect(() => {
    const again = (): void => window.location.reload();
    window.addEventListener("hashchange", again);
    return () => window.removeEventListener("hashchange", again);
  }, []);

  return (
    <DeskFrame narrow>
      {elsewhere ? (
        <OtherBrowser browser={elsewhere} href={arrival.href} />
      ) : token === "" ? (
        <FaultText remedy={failures.codes["link.cut"]} />
      ) : open.isError ? (
        <Fault thrown={open.error} again={() => mutate(token)} />
      ) : (
        <Text>
          <Loader size="xs" mr={8} />
          {entrance.opening}
        </Text>
      )}
    </DeskFrame>
  );
}
