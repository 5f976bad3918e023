import { Button, Loader, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { signIn, signInByLink } from "@verbatim/shared/api/account";
import { useEffect, useRef, useState } from "react";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import { call } from "../api/call.ts";
import { meQuery, setupQuery } from "../api/queries.ts";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { Fault } from "../parts/fault.tsx";
import { formFaults } from "../parts/form-faults.ts";
import { hideFragment, readFragment } from "../parts/fragment.ts";
import { withCommands } from "../parts/with-commands.tsx";
import { useWords } from "../words/words.ts";

/** By password, or by the token in the fragment of a link that the operator made. */
export function Component() {
  const { desk } = useWords();
  const words = desk.signIn;
  const navigate = useNavigate();
  const client = useQueryClient();
  const [search] = useSearchParams();
  const setup = useQuery(setupQuery);
  const [token] = useState(readFragment);
  const begun = useRef(false);

  const enter = useMutation({
    mutationFn: (how: { token: string } | { email: string; password: string }) =>
      "token" in how ? call(signInByLink, how) : call(signIn, how),
    onSuccess: async (me) => {
      client.clear();
      client.setQueryData(meQuery.queryKey, me);
      await navigate(safeNext(search.get("next")), { replace: true });
    },
  });
  const { mutate } = enter;
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: (values) => formFaults(signIn.body, values, words),
  });

  useEffect(() => {
    hideFragment();
    // Strict mode runs effects twice; the token is good for one use.
    if (token !== "" && !begun.current) mutate({ token });
    begun.current = true;
  }, [mutate, token]);

  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return (
    <DeskFrame narrow>
      <form onSubmit={form.onSubmit((values) => enter.mutate(values))} noValidate>
        <Stack>
          <Title order={1}>{words.title}</Title>
          {enter.isPending && token !== "" && (
            <Text>
              <Loader size="xs" mr={8} />
              {words.byLink}
            </Text>
          )}
          <TextInput
            label={words.email}
            type="email"
            autoComplete="username"
            autoFocus
            {...form.getInputProps("email")}
          />
          <PasswordInput
            visibilityToggleButtonProps={{ "aria-label": desk.showTyped }}
            label={words.password}
            autoComplete="current-password"
            {...form.getInputProps("password")}
          />
          {enter.isError && <Fault thrown={enter.error} />}
          <Button type="submit" loading={enter.isPending}>
            {words.submit}
          </Button>
          <Text size="sm" c="dimmed">
            {withCommands(words.lost)}
          </Text>
        </Stack>
      </form>
    </DeskFrame>
  );
}

/** Only a path of this app: a full address here would send people elsewhere after signing in. */
function safeNext(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.includes("\\") ? next : "/";
}
