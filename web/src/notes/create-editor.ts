import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import { Placeholder } from "@tiptap/extensions/placeholder";
import { StarterKit } from "@tiptap/starter-kit";
import { NOTES_ROOT, NotesUser } from "@verbatim/shared/document/notes";
import type { Notes } from "./follow-notes.ts";
import { momentNode, type Moments } from "./moment.ts";

/** The editor of one document. Undo is Yjs' own: it takes back what was done here, never what others did. */
export function createEditor(options: {
  readonly element: HTMLElement;
  readonly notes: Notes;
  readonly moments: () => Moments;
  readonly label: string;
  readonly placeholder: string;
  readonly className: string;
  readonly onTooLong: () => void;
}): Editor {
  return new Editor({
    element: options.element,
    // The page's own style sheet has what it needs.
    injectCSS: false,
    extensions: [
      StarterKit.configure({
        undoRedo: false,
        // Each page would add a paragraph of its own.
        trailingNode: false,
        heading: { levels: [2, 3] },
        // A link in notes is words: nobody is led away from a call by a press.
        link: false,
        code: false,
        codeBlock: false,
        horizontalRule: false,
        underline: false,
      }),
      Placeholder.configure({ placeholder: options.placeholder }),
      Collaboration.configure({ document: options.notes.doc, field: NOTES_ROOT }),
      CollaborationCaret.configure({
        provider: { awareness: options.notes.awareness },
        user: {},
        render: caret,
        selectionRender: selection,
      }),
      momentNode(options.moments),
    ],
    editorProps: {
      attributes: { class: options.className, role: "textbox", "aria-multiline": "true", "aria-label": options.label },
      handlePaste: (_view, _event, slice) => {
        // Written out it is longer than its update will be: 384 lines of 50 letters make 43 kB of the one and 34 of the other.
        const bytes = new TextEncoder().encode(JSON.stringify(slice.content.toJSON())).length;
        if (options.notes.hasRoomFor(bytes)) return false;
        options.onTooLong();
        return true;
      },
    },
  });
}

/** A caret with its person's name, as the server told them; until it has, nothing is drawn. */
function caret(user: unknown): HTMLElement {
  const line = document.createElement("span");
  const { data } = NotesUser.safeParse(user);
  if (!data) return line;
  line.dataset["caret"] = data.name;
  line.style.setProperty("--who", data.color);
  const label = document.createElement("span");
  label.textContent = data.name;
  line.append(label);
  return line;
}

const selection = (user: unknown) => {
  const { data } = NotesUser.safeParse(user);
  return data ? { "data-selection": "", style: `--who: ${data.color}` } : {};
};
