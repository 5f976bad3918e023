import { Button, Stack, Text, Title } from "@mantine/core";
import { CopyField } from "../parts/copy-field.tsx";
import { useWords } from "../words/words.ts";
import { type Browser, outsideAddress } from "./browser.ts";

/** Said before anything else where a call cannot work: which program this is, and how to go on elsewhere. */
export function OtherBrowser({ browser, href }: { browser: Exclude<Browser, { kind: "supported" }>; href: string }) {
  const words = useWords().entrance.otherBrowser;
  const { system } = browser;
  const target = system === "ios" ? "Safari" : system === "android" ? "Chrome" : words.anyBrowser;
  const outside = outsideAddress(href, system);
  return (
    <Stack gap={16}>
      <Title order={1}>{browser.kind === "in-app" ? words.inAppTitle(browser.app) : words.unsupportedTitle}</Title>
      <Text>{browser.kind === "in-app" ? words.inApp(target) : words.unsupported}</Text>
      {outside && (
        <Button component="a" href={outside} size="lg" h={52}>
          {words.open(target)}
        </Button>
      )}
      <CopyField name={words.link} hint={words.linkHint(target)} value={href} copyName={words.copyLink} />
    </Stack>
  );
}
