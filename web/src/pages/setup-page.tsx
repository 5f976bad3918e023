import { Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { setup } from "@verbatim/shared/api/account";
import { Link, useNavigate } from "react-router";
import { call } from "../api/call.ts";
import { meQuery, setupQuery } from "../api/queries.ts";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { Fault } from "../parts/fault.tsx";
import { formFaults } from "../parts/form-faults.ts";
import { useWords } from "../words/words.ts";

/** The very first visit: makes the organisation and its owner with the terminal's one-time code. */
export function Component() {
  const { desk } = useWords();
  const words = desk.setup;
  const navigate = useNavigate();
  const client = useQueryClient();
  const state = useQuery(setupQuery);
  const make = useMutation({
    mutationFn: (values: typeof form.values) => call(setup, values),
    onSuccess: async (me) => {
      client.setQueryData(meQuery.queryKey, me);
      client.setQueryData(setupQuery.queryKey, { needed: false });
      await navigate("/");
    },
  });
  const form = useForm({
    initialValues: { code: "", organisation: "", name: "", email: "", password: "" },
    validate: (values) => formFaults(setup.body, values, words),
  });

  if (state.data?.needed === false && !make.isSuccess) {
    return (
      <DeskFrame narrow>
        <Stack>
          <Title order={1}>{words.title}</Title>
          <Text>{words.done}</Text>
          <Button component={Link} to="/sign-in">
            {words.toSignIn}
          </Button>
        </Stack>
      </DeskFrame>
    );
  }
  return (
    <DeskFrame narrow>
      <form onSubmit={form.onSubmit((values) => make.mutate(values))} noValidate>
        <Stack>
          <Title order={1}>{words.title}</Title>
          <Text c="dimmed">{words.lead}</Text>
          <TextInput label={words.code} autoComplete="one-time-code" autoFocus {...form.getInputProps("code")} />
          <TextInput label={words.organisation} autoComplete="organization" {...form.getInputProps("organisation")} />
          <TextInput label={words.name} autoComplete="name" {...form.getInputProps("name")} />
          <TextInput label={words.email} type="email" autoComplete="username" {...form.getInputProps("email")} />
          <PasswordInput
            visibilityToggleButtonProps={{ "aria-label": desk.showTyped }}
            label={words.password}
            description={words.passwordHint}
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          {make.isError && <Fault thrown={make.error} />}
          <Button type="submit" loading={make.isPending}>
            {words.submit}
          </Button>
        </Stack>
      </form>
    </DeskFrame>
  );
}
