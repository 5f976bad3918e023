import { ActionIcon } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconAt,
  IconBold,
  IconHeading,
  IconList,
  IconListNumbers,
} from "@tabler/icons-react";
import type { Editor } from "@tiptap/core";
import { useEffect, useReducer } from "react";
import { useWords } from "../words/words.ts";
import type { Moments } from "./moment.ts";
import styles from "./notes.module.css";

/** What one presses where one does not know the keys. */
export function NotesTools({ editor, moments, disabled }: { editor: Editor; moments: Moments; disabled: boolean }) {
  const { notes: words } = useWords();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    editor.on("transaction", draw);
    return () => {
      editor.off("transaction", draw);
    };
  }, [editor]);
  const moment = moments.now();
  const chain = () => editor.chain().focus();
  const tools = [
    { key: "bold", icon: IconBold, on: editor.isActive("bold"), press: () => chain().toggleBold().run() },
    {
      key: "heading",
      icon: IconHeading,
      on: editor.isActive("heading"),
      press: () => chain().toggleHeading({ level: 2 }).run(),
    },
    {
      key: "bullets",
      icon: IconList,
      on: editor.isActive("bulletList"),
      press: () => chain().toggleBulletList().run(),
    },
    {
      key: "numbers",
      icon: IconListNumbers,
      on: editor.isActive("orderedList"),
      press: () => chain().toggleOrderedList().run(),
    },
    ...(moment
      ? [
          {
            key: "moment",
            icon: IconAt,
            press: () =>
              chain()
                .insertContent([
                  { type: "moment", attrs: { ...moments.now() } },
                  { type: "text", text: " " },
                ])
                .run(),
          } as const,
        ]
      : []),
    { key: "undo", icon: IconArrowBackUp, press: () => chain().undo().run() },
    { key: "redo", icon: IconArrowForwardUp, press: () => chain().redo().run() },
  ] as const;
  return (
    <div className={styles["tools"]} role="toolbar" aria-label={words.tools.label}>
      {tools.map(({ key, icon: Icon, press, ...rest }) => (
        <ActionIcon
          key={key}
          size={44}
          variant="subtle"
          disabled={disabled}
          aria-label={words.tools[key]}
          title={words.tools[key]}
          aria-pressed={"on" in rest ? rest.on : undefined}
          // The text keeps its caret.
          onMouseDown={(event) => event.preventDefault()}
          onClick={press}
        >
          <Icon size={20} />
        </ActionIcon>
      ))}
    </div>
  );
}
