import { Button } from "@mantine/core";
import { calendarPath } from "@verbatim/shared/api/changes";
import type { Role } from "@verbatim/shared/ids";
import { IconCalendarDown } from "@tabler/icons-react";
import { pathOf } from "../api/call.ts";
import { useWords } from "../words/words.ts";

type Props = {
  readonly interviewId: string;
  readonly role: Role;
  readonly whom: string;
  /** Where nothing beside it says whose it is, the button does. */
  readonly named?: boolean;
};

/** Saves the calendar entry for who comes in by this role's link. */
export function CalendarButton({ interviewId, role, whom, named = true }: Props) {
  const words = useWords().planning.links;
  return (
    <Button
      component="a"
      variant="default"
      href={pathOf(calendarPath, { interviewId, role })}
      download
      aria-label={words.calendarName(whom)}
      leftSection={<IconCalendarDown size={18} />}
    >
      {named ? words.calendarFor(whom) : words.calendar}
    </Button>
  );
}
