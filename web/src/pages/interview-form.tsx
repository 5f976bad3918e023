import { Autocomplete, Button, Group, NativeSelect, NumberInput, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type Interview, InterviewDraft } from "@verbatim/shared/api/interviews";
import { type Language, languages, languageTags, noticeLanguages } from "@verbatim/shared/languages";
import { englishName } from "@verbatim/shared/speech/understands";
import { Fault, FaultText } from "../parts/fault.tsx";
import { formFaults, toldFaults } from "../parts/form-faults.ts";
import { codeOf } from "../api/failure.ts";
import { useWords } from "../words/words.ts";
import { draftOf, type InterviewValues } from "./interview-values.ts";
import styles from "./interview-form.module.css";
import { PlanFields } from "./plan-fields.tsx";
import { NoticeFields } from "./notice-fields.tsx";
import { useNoticePreview } from "./use-notice-preview.ts";

type Props = {
  readonly initial: InterviewValues;
  /** The interview that is edited. */
  readonly before?: Interview;
  /** Only title and names can still be changed. */
  readonly namesOnly?: boolean;
  readonly submitName: string;
  readonly pending: boolean;
  readonly thrown: unknown;
  readonly onDraft: (draft: InterviewDraft) => Promise<unknown>;
  readonly onClose: () => void;
};

/** What is planned for an interview, for a new one and for one that is edited. */
export function InterviewForm(props: Props) {
  const { initial, before, namesOnly = false, submitName, pending, thrown, onDraft, onClose } = props;
  const { desk, plan: planWords, planning } = useWords();
  const words = desk.create;
  const labels = {
    ...words,
    title: words.name,
    candidateName: words.candidate,
    durationMinutes: words.duration,
    notice: planning.notice.label,
    template: planWords.label,
  };
  const form = useForm<InterviewValues>({
    initialValues: initial,
    validate: (values) => formFaults(InterviewDraft, draftOf(values, before), labels),
  });
  const submit = form.onSubmit((values) => {
    onDraft(draftOf(values, before)).catch((refused: unknown) => form.setErrors(toldFaults(refused, labels)));
  });
  const shown = useNoticePreview(form.values, before?.id);
  const { language } = form.values;
  const ownNotice = (form.values.notices[language] ?? shown.preview?.own ?? "") !== "";
  const notices = planning.notice;
  const plan = (field: keyof InterviewValues, type: "input" | "checkbox" = "input") => ({
    ...form.getInputProps(field, { type }),
    disabled: namesOnly,
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={words.name}
          placeholder={words.namePlaceholder}
          data-autofocus
          {...form.getInputProps("title")}
        />
        <TextInput label={words.candidate} autoComplete="off" {...form.getInputProps("candidateName")} />
        <TextInput label={words.startsAt} type="datetime-local" {...plan("startsAt")} />
        <Autocomplete
          label={words.zone}
          size="md"
          data={zones()}
          limit={40}
          maxDropdownHeight={240}
          {...plan("zone")}
        />
        <NumberInput label={words.duration} min={5} max={480} step={5} {...plan("durationMinutes")} />
        <NativeSelect
          label={words.language}
          data={languageTags.map((value) => ({ value, label: languages[value] }))}
          description={
            <>
              {withoutNotice(language) && (ownNotice ? notices.partly : notices.none)(englishName(language))}
              <span role="status" className={styles["unheard"]}>
                {shown.preview?.speech.engine === "none" && shown.preview.speech.reason}
              </span>
            </>
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          {...plan("language")}
        />
        <PlanFields form={form} disabled={namesOnly} />
        <Switch label={words.autoStart} description={words.autoStartHint} {...plan("autoStart", "checkbox")} />
        <Switch
          label={words.recordPicture}
          description={words.recordPictureHint}
          {...plan("recordPicture", "checkbox")}
        />
        <TextInput
          label={words.contact}
          description={words.contactHint}
          autoComplete="off"
          maxLength={200}
          {...plan("contact")}
        />
        <NumberInput
          label={words.keptMonths}
          description={words.keptMonthsHint}
          min={1}
          max={120}
          {...plan("keptMonths")}
        />
        <NoticeFields form={form} shown={shown} disabled={namesOnly} />
        {thrown != null &&
          (codeOf(thrown) === "state.conflict" ? (
            <FaultText remedy={{ ...planning.edit.refused, what: (thrown as Error).message }} />
          ) : (
            <Fault thrown={thrown} />
          ))}
        <Group grow>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={pending}>
            {submitName}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether the candidate reads Verbatim's own part of the notice in English instead. */
const withoutNotice = (language: Language): boolean => !noticeLanguages.some((each) => each === language);

const zones = (): string[] => [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
