import { Loader, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { openLink } from "@verbatim/shared/api/call";
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/call.ts";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { Fault, FaultText } from "../parts/fault.tsx";
import { takeFragment } from "../parts/take-fragment.ts";
import { useWords } from "../words/words.ts";

/** Exchanges a link's token for this browser's cookie, then shows the way in. */
export function Component() {
  const { entrance, failures } = useWords();
  const navigate = useNavigate();
  const token = useRef<string | undefined>(undefined);
  const open = useMutation({
    mutationFn: (secret: string) => call(openLink, { token: secret }),
    onSuccess: ({ interviewId, role }) => navigate(`/call/${interviewId}/${role}`, { replace: true }),
  });
  const { mutate } = open;

  useEffect(() => {
    if (token.current === undefined) {
      token.current = takeFragment() ?? "";
      if (token.current !== "") mutate(token.current);
    }
    // The way in is needed next, whatever the server says.
    void import("./call-page.tsx");
  }, [mutate]);

  return (
    <DeskFrame narrow>
      {token.current === "" ? (
        <FaultText remedy={failures.codes["link.invalid"]} />
      ) : open.isError ? (
        <Fault thrown={open.error} again={() => mutate(token.current ?? "")} />
      ) : (
        <Text>
          <Loader size="xs" mr={8} />
          {entrance.opening}
        </Text>
      )}
    </DeskFrame>
  );
}
